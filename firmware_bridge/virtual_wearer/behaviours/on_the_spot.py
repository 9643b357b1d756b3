"""Movements on the spot: squat, sit, single-leg stance, knee lift, lunge.

Each begins and ends in quiet standing on the feet as they were set down, and only adds to
the standing pose: pelvis path, pelvis angles, one foot. The legs are solved like any others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.rotations import FloatArray, rotate
from firmware_bridge.virtual_wearer.spec import KneeLift, Lunge, SingleLegStance, Sit, Squat
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

if TYPE_CHECKING:
    from firmware_bridge.virtual_wearer.step_plan import Label


class OnTheSpot(Protocol):
    """A movement that changes a stretch of stance in place."""

    def apply(self, time_s: FloatArray, stance: Stance) -> None: ...


def on_the_spot(labels: Sequence[Label], body: Body) -> list[OnTheSpot]:
    """The movements on the spot of a plan."""
    made: list[OnTheSpot] = []
    for label in labels:
        span = _Span(label.start_s, label.end_s)
        match label.item:
            case Squat():
                made.append(_Squatting(span, body, label.item))
            case Sit():
                made.append(_Sitting(span, body, label.item))
            case SingleLegStance():
                made.append(_OneLeg(span, body, label.item.side, np.deg2rad(label.item.drop_deg)))
            case KneeLift():
                lift = float(np.deg2rad(label.item.hip_deg))
                made.append(_OneLeg(span, body, label.item.side, 0.0, lift))
            case Lunge():
                made.append(_Lunging(span, body, label.item))
    return made


@dataclass(frozen=True, slots=True)
class _Span:
    start_s: float
    end_s: float

    def rows(self, time_s: FloatArray) -> slice:
        first, last = np.searchsorted(time_s, (self.start_s, self.end_s))
        return slice(int(first), int(last))


def _smooth(u: FloatArray) -> FloatArray:
    u = np.clip(u, 0.0, 1.0)
    return u**3 * (10 - 15 * u + 6 * u * u)


def _there_and_back(
    since_s: FloatArray, duration_s: float, down_s: float, up_s: float
) -> FloatArray:
    """0 → 1 over `down_s`, held, 1 → 0 over the last `up_s`."""
    return _smooth(since_s / down_s) * _smooth((duration_s - since_s) / up_s)


def _move_pelvis(stance: Stance, rows: slice, forward: FloatArray, up: FloatArray) -> None:
    cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
    stance.pelvis_m[0, rows] += forward * cos
    stance.pelvis_m[1, rows] += forward * sin
    stance.pelvis_m[2, rows] += up


def _let_knees_follow(stance: Stance, rows: slice, body: Body, sides: Sequence[Side]) -> None:
    """Intend the knees that the distances from hips to ankles ask for."""
    q = stance.pelvis_q[:, rows]
    for side in sides:
        hip = stance.pelvis_m[:, rows] + rotate(q, body.hip_offset_m(side))
        distance = np.sqrt(((stance.foot[side].ankle_m[:, rows] - hip) ** 2).sum(axis=0))
        a, b = body.thigh_m[side], body.shank_m[side]
        cosine = (distance**2 - a * a - b * b) / (2 * a * b * np.cos(stance.valgus[side][rows]))
        follow = np.arccos(np.clip(cosine, -1.0, 1.0))
        # Near straight the distance says little: fade into what standing intends.
        share = _smooth((follow - 0.10) / 0.15)
        own = stance.knee[side][rows]
        stance.knee[side][rows] = own + share * (follow - own)


def _crouch(
    body: Body, knee: FloatArray, shank_share: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """Hip over ankle, forward and up, for a knee angle of which the shank leans a share."""
    thigh, shank = (float(np.mean([d[s] for s in Side])) for d in (body.thigh_m, body.shank_m))
    lean = shank_share * knee
    forward = shank * np.sin(lean) - thigh * np.sin(knee - lean)
    return forward, shank * np.cos(lean) + thigh * np.cos(knee - lean)


@dataclass(frozen=True, slots=True)
class _Squatting:
    span: _Span
    body: Body
    item: Squat

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        since = (time_s[rows] - self.span.start_s) % self.item.each_s
        share = _there_and_back(
            since, self.item.each_s, 0.42 * self.item.each_s, 0.42 * self.item.each_s
        )
        rest = float(np.mean(list(self.body.standing_knee_rad.values())))
        knee = rest + share * (np.deg2rad(self.item.knee_deg) - rest)
        forward, up = _crouch(self.body, knee, 0.38)
        forward0, up0 = _crouch(self.body, np.full(1, rest), 0.38)
        _move_pelvis(stance, rows, forward - forward0, up - up0)
        stance.pelvis_angles["tilt"][rows] += share * np.deg2rad(18.0)
        for side, inward in (
            (Side.LEFT, self.item.inward_left_deg),
            (Side.RIGHT, self.item.inward_right_deg),
        ):
            turn = share * np.deg2rad(inward)
            stance.hip_rotation[side][rows] += turn
            stance.valgus[side][rows] += 0.4 * turn
        _let_knees_follow(stance, rows, self.body, list(Side))


@dataclass(frozen=True, slots=True)
class _Sitting:
    span: _Span
    body: Body
    item: Sit

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        since = time_s[rows] - self.span.start_s
        share = _there_and_back(since, self.item.duration_s, 1.7, 1.5)
        # The hip joints come to rest about 8 cm over the seat.
        height = self.item.seat_m + 0.08 - self.body.ankle_height_m
        seated = _knee_for_height(self.body, height, 0.06)
        rest = float(np.mean(list(self.body.standing_knee_rad.values())))
        knee = rest + share * (seated - rest)
        # On the way the shanks lean forward to keep the weight over the feet.
        lean = 0.06 + 0.28 * 4 * share * (1 - share)
        forward, up = _crouch(self.body, knee, lean)
        forward0, up0 = _crouch(self.body, np.full(1, rest), 0.06)
        _move_pelvis(stance, rows, forward - forward0, up - up0)
        way = 4 * share * (1 - share)
        stance.pelvis_angles["tilt"][rows] += np.deg2rad(25.0) * way - np.deg2rad(18.0) * share
        _let_knees_follow(stance, rows, self.body, list(Side))


def _knee_for_height(body: Body, hip_over_ankle_m: float, shank_share: float) -> float:
    knees = np.deg2rad(np.arange(5.0, 130.0, 0.25))
    _, up = _crouch(body, knees, shank_share)
    return float(np.interp(-hip_over_ankle_m, -up, knees))


@dataclass(frozen=True, slots=True)
class _OneLeg:
    """Stand on one leg. `lift_rad` raises the other thigh; without it the foot goes back."""

    span: _Span
    body: Body
    side: Side
    drop_rad: float
    lift_rad: float | None = None

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        since, duration = time_s[rows] - self.span.start_s, self.span.end_s - self.span.start_s
        stand = self.side if self.lift_rad is None else self.side.other
        moving = stand.other
        body, sign = self.body, SIDE_SIGN[stand]
        shift = _there_and_back(since, duration, 0.8, 0.8)
        lift = _there_and_back(since - 0.5, duration - 1.0, 0.9, 0.9) * (since > 0.5)
        cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
        wobble = 0.004 * (
            np.sin(2 * np.pi * 0.37 * since) + 0.7 * np.sin(2 * np.pi * 0.83 * since + 1)
        )
        over = -sign * (0.8 * body.hip_half_width_m * shift) + lift * wobble
        stance.pelvis_m[0, rows] -= over * sin
        stance.pelvis_m[1, rows] += over * cos
        stance.pelvis_angles["obliquity"][rows] += sign * self.drop_rad * lift
        if self.lift_rad is not None:
            stance.pelvis_angles["tilt"][rows] -= np.deg2rad(6.0) * lift
        q = stance.pelvis_q[:, rows]
        offset = rotate(q, body.hip_offset_m(stand))
        ankle = stance.foot[stand].ankle_m[:, rows]
        flat = np.hypot(*(ankle[:2] - stance.pelvis_m[:2, rows] - offset[:2]))
        a, b = body.thigh_m[stand], body.shank_m[stand]
        reach2 = a * a + b * b + 2 * a * b * np.cos(stance.knee[stand][rows])
        alone = ankle[2] + np.sqrt(reach2 - flat**2) - offset[2]
        stance.pelvis_m[2, rows] += shift * (alone - stance.pelvis_m[2, rows])
        self._raise_foot(stance, rows, moving, lift)
        _let_knees_follow(stance, rows, body, [moving])

    def _raise_foot(self, stance: Stance, rows: slice, side: Side, lift: FloatArray) -> None:
        body = self.body
        thigh = lift * (np.deg2rad(8.0) if self.lift_rad is None else self.lift_rad)
        knee = lift * np.deg2rad(65.0 if self.lift_rad is None else 90.0)
        rest = body.standing_knee_rad[side]
        a, b = body.thigh_m[side], body.shank_m[side]

        def below(thigh: FloatArray, knee: FloatArray) -> tuple[FloatArray, FloatArray]:
            shank = thigh - knee
            return a * np.sin(thigh) + b * np.sin(shank), -a * np.cos(thigh) - b * np.cos(shank)

        x, z = below(thigh + 0.5 * rest, knee + rest)
        x0, z0 = below(np.full(1, 0.5 * rest), np.full(1, rest))
        cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
        foot = stance.foot[side].ankle_m
        foot[0, rows] += (x - x0) * cos
        foot[1, rows] += (x - x0) * sin
        foot[2, rows] += z - z0


@dataclass(frozen=True, slots=True)
class _Lunging:
    span: _Span
    body: Body
    item: Lunge

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        item, body = self.item, self.body
        since = (time_s[rows] - self.span.start_s) % item.each_s
        step = _there_and_back(since, item.each_s, 0.22 * item.each_s, 0.22 * item.each_s)
        down = _there_and_back(
            since - 0.18 * item.each_s, 0.64 * item.each_s, 0.25 * item.each_s, 0.25 * item.each_s
        ) * (since > 0.18 * item.each_s)
        cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
        front = stance.foot[item.side].ankle_m
        front[0, rows] += item.length_m * step * cos
        front[1, rows] += item.length_m * step * sin
        front[2, rows] += 0.10 * 4 * step * (1 - step)
        back = stance.foot[item.side.other].ankle_m
        back[2, rows] += 0.11 * step + 0.03 * down
        back[0, rows] += 0.05 * step * cos
        back[1, rows] += 0.05 * step * sin
        lower = -0.09 * step - 0.24 * body.leg_length_m * down
        _move_pelvis(stance, rows, 0.55 * item.length_m * step, lower)
        turn = down * np.deg2rad(item.inward_deg)
        stance.hip_rotation[item.side][rows] += turn
        stance.valgus[item.side][rows] += 0.4 * turn
        _let_knees_follow(stance, rows, body, list(Side))
