"""The path of one foot through a whole session: planted, rolling, swinging.

In stance the foot is a rigid rocker: with the toes up it turns about the heel, with the heel
up about the ball, and either point stands still on the ground exactly. In swing, ankle
position and foot pitch are polynomials that meet the stance in position, velocity and
acceleration, so that no kink ever reaches a sensor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import Body

FloatArray = NDArray[np.float64]

SWING_SHAPES = 4
"""Free shape coefficients of a swing for each of: along the path, height, foot pitch."""

HEEL_POLYNOMIAL = np.polynomial.Polynomial((1, -1)) ** 3 * np.polynomial.Polynomial((1, 1))
"""Toe-up pitch after contact, from 1 to 0 with vanishing velocity and acceleration."""

_BUMP = np.polynomial.Polynomial((0, 1)) ** 3 * np.polynomial.Polynomial((1, -1)) ** 3 * 64
SWING_BUMPS = [_BUMP * np.polynomial.Polynomial((-1, 2)) ** k for k in range(SWING_SHAPES)]
"""Shapes over the swing (0–1) that vanish to second order at both ends."""

_TERMS = 6 + SWING_SHAPES
_HERMITE = np.linalg.inv(
    np.array(
        [
            [1, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0],
            [0, 0, 2, 0, 0, 0],
            [1, 1, 1, 1, 1, 1],
            [0, 1, 2, 3, 4, 5],
            [0, 0, 2, 6, 12, 20],
        ],
        dtype=float,
    )
)


@dataclass(frozen=True, slots=True)
class FootSteps:
    """The contacts of one foot, in time order, and how it moves between them.

    Row j is one contact with the ground; the movement parameters of row j describe the
    push-off that ends it, the swing after it and the heel rocker of contact j + 1.

    Attributes
    ----------
    contact_s, off_s : ndarray, shape (m,)
        Initial and final contact; the first contact is -inf, the last final contact +inf.
    x_m, y_m, z_m, heading_rad : ndarray, shape (m,)
        Where the ankle's ground projection stands and where the foot points.
    heel_s, heel_pitch_rad : ndarray, shape (m,)
        Duration of the heel rocker and toe-up pitch at contact.
    toe_s, toe_pitch_rad : ndarray, shape (m,)
        Duration of the heel rise before final contact and pitch reached (negative).
    toe_shape : ndarray, shape (m, 2)
        Departures of the heel rise from a cubic.
    swing : ndarray, shape (m, 3, SWING_SHAPES)
        Shape coefficients: along the path (m), height (m), pitch (rad).
    swing_out_m : ndarray, shape (m,)
        Outward arc of the swing.
    late_s : ndarray, shape (m,)
        How much longer than usual the swing lasts, because the step is always late; shorter −.
    braked_s : ndarray, shape (m,)
        How long before landing the foot moves as in a swing that is not late.
    """

    contact_s: FloatArray
    off_s: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    z_m: FloatArray
    heading_rad: FloatArray
    heel_s: FloatArray
    heel_pitch_rad: FloatArray
    toe_s: FloatArray
    toe_pitch_rad: FloatArray
    toe_shape: FloatArray
    swing: FloatArray
    swing_out_m: FloatArray
    late_s: FloatArray
    braked_s: FloatArray


@dataclass(frozen=True, slots=True)
class FootPose:
    """Where one foot is, sample by sample.

    Attributes
    ----------
    ankle_m : ndarray, shape (3, n)
    pitch_rad, heading_rad : ndarray, shape (n,)
        Toes up +; direction of the foot about the vertical.
    swing : ndarray, shape (n,)
        Share of the swing's path that has passed; 0 on the ground.
    """

    ankle_m: FloatArray
    pitch_rad: FloatArray
    heading_rad: FloatArray
    swing: FloatArray


class FootPath:
    """Evaluates `FootSteps` at any times."""

    def __init__(self, steps: FootSteps, body: Body, outward: float) -> None:
        """`outward` is the sign of the foot's lateral direction (left +1, right -1)."""
        self._steps = steps
        self._body = body
        m = steps.contact_s.size
        # Heel rocker of contact j is shaped by the movement before it.
        before = np.maximum(np.arange(m) - 1, 0)
        self._heel_s = steps.heel_s[before]
        self._heel_pitch = np.where(np.arange(m) > 0, steps.heel_pitch_rad[before], 0.0)
        self._swing = self._swing_polynomials(outward)

    def pose(self, time_s: FloatArray) -> FootPose:
        """Where the foot is at times, shape (n,)."""
        steps = self._steps
        j = np.searchsorted(steps.contact_s, time_s, side="right") - 1
        j = np.maximum(j, 0)
        pitch = self._stance_pitch(time_s, j)
        dx, dz = rocker(pitch, self._body)
        heading = steps.heading_rad[j]
        ankle = np.stack(
            (
                steps.x_m[j] + dx * np.cos(heading),
                steps.y_m[j] + dx * np.sin(heading),
                steps.z_m[j] + dz,
            )
        )
        swing = np.zeros_like(time_s)
        swinging = np.flatnonzero(time_s >= steps.off_s[j])
        if swinging.size:
            js = j[swinging]
            u = self._path_share(js, time_s[swinging])
            values = _horner(self._swing, js, u)
            ankle[:, swinging] = values[:3]
            pitch[swinging] = values[3]
            turn = _wrapped(steps.heading_rad[js + 1] - steps.heading_rad[js])
            swing[swinging] = u
            heading[swinging] += turn * u**3 * (10 - 15 * u + 6 * u * u)
        return FootPose(ankle, pitch, heading, swing)

    def _path_share(self, j: NDArray[np.intp], time_s: FloatArray) -> FloatArray:
        """Share of a swing's path that has passed.

        A foot that is late waits in the middle of its swing. It leaves the ground and comes
        down to it at the pace of any other.
        """
        steps = self._steps
        since = time_s - steps.off_s[j]
        lasts = steps.contact_s[j + 1] - steps.off_s[j]
        part = np.clip(since / (lasts - steps.braked_s[j]), 0.0, 1.0)
        waited = steps.late_s[j] * part**3 * (10 - 15 * part + 6 * part * part)
        return (since - waited) / (lasts - steps.late_s[j])

    def _stance_pitch(self, time_s: FloatArray, j: NDArray[np.intp]) -> FloatArray:
        steps = self._steps
        with np.errstate(invalid="ignore"):
            heel = np.clip((time_s - steps.contact_s[j]) / self._heel_s[j], 0.0, 1.0)
            toe = 1.0 - np.clip((steps.off_s[j] - time_s) / steps.toe_s[j], 0.0, 1.0)
        pitch = self._heel_pitch[j] * HEEL_POLYNOMIAL(heel)
        e1, e2 = steps.toe_shape[j].T
        rest = 1.0 - toe
        return pitch + steps.toe_pitch_rad[j] * toe**3 * (1.0 + rest * (e1 + rest * e2))

    def _swing_polynomials(self, outward: float) -> FloatArray:
        """Coefficients (m, 4, _TERMS) of x, y, z, pitch over the swing, lowest power first."""
        steps = self._steps
        m = steps.contact_s.size
        out = np.zeros((m, 4, _TERMS))
        if m < 2:
            return out
        swing_s = steps.contact_s[1:] - steps.off_s[:-1] - steps.late_s[:-1]
        start = self._boundary(
            steps.toe_pitch_rad[:-1],
            steps.toe_pitch_rad[:-1] * (3.0 - steps.toe_shape[:-1, 0]) / steps.toe_s[:-1],
            steps.toe_pitch_rad[:-1]
            * (6.0 - 6.0 * steps.toe_shape[:-1, 0] + 2.0 * steps.toe_shape[:-1, 1])
            / steps.toe_s[:-1] ** 2,
        )
        h0, h1, h2 = (float(HEEL_POLYNOMIAL.deriv(k)(0.0)) if k else 1.0 for k in range(3))
        heel, heel_s = steps.heel_pitch_rad[:-1], steps.heel_s[:-1]
        end = self._boundary(h0 * heel, h1 * heel / heel_s, h2 * heel / heel_s**2)
        bumps = np.zeros((SWING_SHAPES, _TERMS))
        for row, bump in zip(bumps, SWING_BUMPS, strict=True):
            row[: bump.coef.size] = bump.coef
        shapes = steps.swing[:-1] @ bumps  # along, height, pitch
        scale = np.stack((np.ones(m - 1), swing_s, swing_s**2), axis=1)
        heading = steps.heading_rad
        along = np.arctan2(np.diff(steps.y_m), np.diff(steps.x_m))
        moved = np.hypot(np.diff(steps.x_m), np.diff(steps.y_m))
        along = np.where(moved > 0.05, along, heading[:-1])
        for axis in range(4):
            ends = np.empty((m - 1, 6))
            for columns, side, row in (
                (slice(0, 3), start, slice(0, -1)),
                (slice(3, 6), end, slice(1, None)),
            ):
                if axis < 2:
                    direction = np.cos(heading[row]) if axis == 0 else np.sin(heading[row])
                    values = side[:, 0] * direction[:, None]
                    values[:, 0] += (steps.x_m if axis == 0 else steps.y_m)[row]
                elif axis == 2:
                    values = side[:, 1].copy()
                    values[:, 0] += steps.z_m[row]
                else:
                    values = side[:, 2]
                ends[:, columns] = values * scale
            out[:-1, axis, :6] = ends @ _HERMITE.T
        out[:-1, 0] += shapes[:, 0] * np.cos(along)[:, None]
        out[:-1, 1] += shapes[:, 0] * np.sin(along)[:, None]
        arc = (outward * steps.swing_out_m[:-1])[:, None] * bumps[0]
        out[:-1, 0] -= arc * np.sin(along)[:, None]
        out[:-1, 1] += arc * np.cos(along)[:, None]
        out[:-1, 2] += shapes[:, 1]
        out[:-1, 3] += shapes[:, 2]
        return out

    def _boundary(self, pitch: FloatArray, rate: FloatArray, accel: FloatArray) -> FloatArray:
        """Along, height and pitch with two derivatives at a pitch, shape (m, 3, 3)."""
        height = self._body.ankle_height_m
        lever = np.where(pitch > 0, self._body.heel_m, -self._body.ball_m)
        c, s = np.cos(pitch), np.sin(pitch)
        x1, x2 = -lever * s - height * c, -lever * c + height * s
        z1, z2 = lever * c - height * s, -lever * s - height * c
        along = np.stack((lever * (c - 1) - height * s, x1 * rate, x2 * rate**2 + x1 * accel), 1)
        up = np.stack((lever * s + height * c, z1 * rate, z2 * rate**2 + z1 * accel), 1)
        return np.stack((along, up, np.stack((pitch, rate, accel), 1)), axis=1)


def rocker(pitch_rad: FloatArray, body: Body) -> tuple[FloatArray, FloatArray]:
    """Ankle relative to its flat-foot ground projection: forward and up, metres."""
    lever = np.where(pitch_rad > 0, body.heel_m, -body.ball_m)
    c, s = np.cos(pitch_rad), np.sin(pitch_rad)
    return lever * (c - 1.0) - body.ankle_height_m * s, lever * s + body.ankle_height_m * c


def _horner(coefficients: FloatArray, rows: NDArray[np.intp], u: FloatArray) -> FloatArray:
    table = np.ascontiguousarray(coefficients.transpose(2, 1, 0))
    value = table[-1][:, rows]
    for power in table[-2::-1]:
        value *= u
        value += power[:, rows]
    return value


def _wrapped(angle: FloatArray) -> FloatArray:
    return (angle + np.pi) % (2 * np.pi) - np.pi
