"""Functional axes: the direction in which a segment swings, from straight walking.

Pure functions over one recorded stretch. Vectors are in the sensor frame; `up` is the
sensor's own image of earth's up while the wearer stood still, taken as the segment's long
axis.

A principal component of the raw angular rate picks the wrong axis on a real thigh, because
soft tissue turns about the long axis faster than the leg swings (algorithm study on two
recordings: errors up to 55°, against 3° when the part along `up` is removed first).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfiltfilt

from pipeline.filters import butter_band_pass, butter_low_pass
from pipeline.gait import FloatArray
from pipeline.grid import GRID_STEP_S

WINDOW = 110
"""Samples of a window (about one stride) in which the axis is estimated by itself."""

SWING_CUTOFF_HZ = 4.0
ONE_PLANE_SHARE = 0.70
"""A thigh with less of its swing in one plane leans in and out in stance about as fast as it
swings; its axis is then taken from the swing alone."""

SWING_SHARE_OF_PEAK = 0.5
SWING_ONLY_ERROR_DEG = 4.0
"""Of an axis from the swing alone: 4.3° (root mean square, 21 virtual people whose thigh leans
inward by 14–20° more; from all of the walk 10.3°). Where a thigh swings in one plane it is
the other way round: 3.3° against 1.8°."""

COUPLING_BAND_HZ = (0.5, 2.0)


@dataclass(frozen=True, slots=True, eq=False)
class PlanarAxis:
    """An undirected axis perpendicular to `up`.

    Attributes
    ----------
    direction : ndarray, shape (3,)
        Unit vector; its sign is not known yet.
    error_deg : float
        Standard error of its direction about `up`, from the scatter between windows.
    share : float
        Part of the planar variance that lies along it, 0.5–1.
    """

    direction: FloatArray
    error_deg: float
    share: float


def plane_basis(up: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors that span the plane perpendicular to `up`."""
    least = np.eye(3)[int(np.argmin(np.abs(up)))]
    across = np.cross(up, least)
    first = np.asarray(across / float(np.linalg.norm(across)), dtype=np.float64)
    return first, np.asarray(np.cross(up, first), dtype=np.float64)


def principal_axis(planar: FloatArray, basis: tuple[FloatArray, FloatArray]) -> PlanarAxis:
    """Main direction of planar samples ``(2, n)``, with its standard error.

    Windows of about one stride are independent looks at the same axis; with few of them
    their scatter is known badly, and the error grows by Student's factor.
    """
    angle, share = _main_angle(planar)
    windows = planar.shape[1] // WINDOW
    if windows >= 2:
        each = np.array(
            [_main_angle(planar[:, i * WINDOW : (i + 1) * WINDOW])[0] for i in range(windows)]
        )
        off = (each - angle + np.pi / 2) % np.pi - np.pi / 2
        spread = float(np.sqrt((off**2).sum() / (windows - 1)))
        error = np.rad2deg(spread / np.sqrt(windows)) * (1.0 + 2.0 / (windows - 1))
    else:
        error = np.inf
    direction = np.cos(angle) * basis[0] + np.sin(angle) * basis[1]
    return PlanarAxis(direction, float(error), share)


def _main_angle(planar: FloatArray) -> tuple[float, float]:
    xx, yy = float((planar[0] ** 2).sum()), float((planar[1] ** 2).sum())
    xy = float((planar[0] * planar[1]).sum())
    angle = 0.5 * np.arctan2(2.0 * xy, xx - yy)
    spread = np.hypot(xx - yy, 2.0 * xy)
    total = xx + yy
    return float(angle), float(0.5 * (1.0 + spread / total)) if total > 0 else 0.5


def swing_axis(gyr: FloatArray, up: FloatArray, use: NDArray[np.bool_]) -> PlanarAxis:
    """Medio-lateral axis of a leg segment: about which it swings.

    Its share is that of all walking where that lies in one plane, else that of the swings.

    Parameters
    ----------
    gyr : ndarray, shape (3, n)
        Angular rate without bias, rad/s, no gaps.
    use : ndarray of bool, shape (n,)
        Straight walking.
    """
    basis = plane_basis(up)
    planar = _across(gyr, basis)[:, use]
    whole = principal_axis(planar, basis)
    if whole.share >= ONE_PLANE_SHARE:
        return whole
    found = whole
    for _ in range(2):
        found = principal_axis(planar * _swinging_forward(planar, basis, found.direction), basis)
    return replace(found, error_deg=float(np.hypot(found.error_deg, SWING_ONLY_ERROR_DEG)))


def swing_rate_rad_s(gyr: FloatArray, up: FloatArray, use: NDArray[np.bool_]) -> float:
    """How fast a segment turns across its long axis, root mean square; arguments as above."""
    planar = _across(gyr, plane_basis(up))[:, use]
    return float(np.sqrt((planar**2).sum(axis=0).mean()))


def _across(gyr: FloatArray, basis: tuple[FloatArray, FloatArray]) -> FloatArray:
    """The two components of a smoothed rate perpendicular to the long axis."""
    smooth = sosfiltfilt(butter_low_pass(SWING_CUTOFF_HZ), gyr, axis=1)
    return np.stack((basis[0] @ smooth, basis[1] @ smooth))


def _swinging_forward(
    planar: FloatArray, basis: tuple[FloatArray, FloatArray], direction: FloatArray
) -> NDArray[np.bool_]:
    """Where a segment turns fast the way it turns fastest: a thigh swings, in the air."""
    rate = np.array((basis[0] @ direction, basis[1] @ direction)) @ planar
    back, forth = np.percentile(rate, (2, 98))
    if -back > forth:
        rate, forth = -rate, -back
    return rate >= SWING_SHARE_OF_PEAK * forth


def stride_rate_hz(swings: Sequence[FloatArray], use: NDArray[np.bool_]) -> float:
    """Dominant frequency at which the thighs swing, whatever their sign.

    The vertical acceleration of the pelvis has the step rate, but in slow walking its
    harmonics are stronger; a thigh swings almost like a pendulum at any speed.
    """
    total, frequency = np.zeros(1), np.zeros(1)
    for swing in swings:
        signal = np.where(use, swing - swing[use].mean(), 0.0)
        size = 1 << int(np.ceil(np.log2(max(len(signal), 4096))))
        total = total + np.abs(np.fft.rfft(signal, size)) ** 2
        frequency = np.fft.rfftfreq(size, GRID_STEP_S)
    # Broad smoothing: stride times vary, the peak of the raw spectrum is a lottery.
    width = max(1, round(0.05 / frequency[1]))
    power = np.convolve(total, np.hanning(2 * width + 3), mode="same")
    walking = (frequency > 0.35) & (frequency < 1.6)
    return float(frequency[walking][int(np.argmax(power[walking]))])


def band_correlation(
    a: FloatArray, b: FloatArray, centre_hz: float, use: NDArray[np.bool_], width: float = 0.3
) -> float:
    """Correlation of two signals around one frequency."""
    band = butter_band_pass((1 - width) * centre_hz, (1 + width) * centre_hz)
    return correlation(sosfiltfilt(band, a)[use], sosfiltfilt(band, b)[use])


def correlation(a: FloatArray, b: FloatArray) -> float:
    """Pearson's r; 0 where one of the two does not vary."""
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


def joint_force(gyr: FloatArray, acc: FloatArray, lever_m: FloatArray) -> FloatArray:
    """Specific force at a point that moves with the sensor, ``(3, n)``, sensor frame.

    Parameters
    ----------
    lever_m : ndarray, shape (3,)
        From sensor to point, sensor frame.
    """
    smooth_gyr = sosfiltfilt(butter_low_pass(5.0), gyr, axis=1)
    smooth_acc = sosfiltfilt(butter_low_pass(5.0), acc, axis=1)
    turning = np.gradient(smooth_gyr, GRID_STEP_S, axis=1)
    lever = np.broadcast_to(lever_m[:, np.newaxis], gyr.shape)
    return (
        smooth_acc
        + np.cross(turning, lever, axis=0)
        + np.cross(smooth_gyr, np.cross(smooth_gyr, lever, axis=0), axis=0)
    )


def coupling(
    proximal: FloatArray, distal: FloatArray, use: NDArray[np.bool_]
) -> tuple[float, float]:
    """Heading offset that makes two segments feel the same force at their joint.

    Parameters
    ----------
    proximal, distal : ndarray, shape (2, n)
        Horizontal earth components of the joint's specific force, each in the earth frame
        of its own sensor.

    Returns
    -------
    offset_rad : float
        Turns the distal earth frame into the proximal one.
    confidence : float
        0–1: share of the force that the two agree on. Trust it from 0.75.
    """
    band = butter_band_pass(*COUPLING_BAND_HZ)
    a = sosfiltfilt(band, proximal, axis=1)[:, use]
    b = sosfiltfilt(band, distal, axis=1)[:, use]
    sine = float((b[0] * a[1] - b[1] * a[0]).sum())
    cosine = float((a * b).sum())
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float(np.arctan2(sine, cosine)), float(np.hypot(sine, cosine) / max(scale, 1e-12))
