"""Movements on one leg: standing, lifting a knee, squatting, reaching down from a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firmware_bridge.virtual_wearer.behaviours.collapse import Collapse
from firmware_bridge.virtual_wearer.behaviours.moves import (
    Span,
    crouch,
    keep_within_reach,
    let_knees_follow,
    move,
    repeated,
    ride_on,
    smooth,
    there_and_back,
)
from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.movements import (
    ONTO_ONE_LEG_S,
    KneeLift,
    SingleLegSquat,
    SingleLegStance,
    StepDown,
)
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

_SHIFT_S, _LIFT_S = 0.8, 0.9
_BEHIND_RAD, _TUCKED_RAD = float(np.deg2rad(8.0)), float(np.deg2rad(65.0))
"""Thigh and knee of the leg whose foot is held behind."""
_SHANK_SHARE = 0.42
"""Share of the bending knee by which the shank leans forward."""
_REACH_M = 0.17
"""How far in front of the step the other heel touches down."""
_TOUCHING_KNEE_RAD = float(np.deg2rad(10.0))


@dataclass(frozen=True, slots=True)
class OneLeg:
    """Everything that is done on one leg; the item says what the rest of the body does."""

    span: Span
    body: Body
    collapse: Collapse
    item: SingleLegStance | KneeLift | SingleLegSquat | StepDown

    @property
    def stands(self) -> Side:
        return self.item.side.other if isinstance(self.item, KneeLift) else self.item.side

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        item, stands = self.item, self.stands
        since, duration = time_s[rows] - self.span.start_s, self.span.end_s - self.span.start_s
        shift = there_and_back(since, duration, _SHIFT_S, _SHIFT_S)
        lift = there_and_back(since - 0.5, duration - 1.0, _LIFT_S, _LIFT_S) * (since > 0.5)
        depth = self._depth(since)
        self._shift(stance, rows, since, shift, lift, depth)
        sign = SIDE_SIGN[stands]
        # Asked for in the item: while the foot is up; by a knob: as in stance, with the load.
        drop = lift * np.deg2rad(item.drop_deg) + lift * self.collapse.drop_rad(
            stands, time_s[rows]
        )
        stance.pelvis_angles["obliquity"][rows] += sign * drop
        if isinstance(item, KneeLift):
            stance.pelvis_angles["tilt"][rows] -= np.deg2rad(item.lean_back_deg) * lift
        self._bend(stance, rows, depth)
        inward = item.inward_deg if isinstance(item, SingleLegSquat | StepDown) else 0.0
        loaded = depth if isinstance(item, SingleLegSquat | StepDown) else lift
        self.collapse.turn_in(time_s, stance, rows, stands, loaded, inward)

        standing = stance.pelvis_m[2, rows].copy()

        def settle() -> None:
            stance.pelvis_m[2, rows] = standing
            alone = ride_on(stance, rows, self.body, stands)
            stance.pelvis_m[2, rows] = standing + shift * (alone - standing)

        settle()
        self.collapse.lean_in(time_s, stance, rows, stands, loaded, settle)
        self._other_foot(time_s, stance, rows, lift, depth)
        stance.foot[stands.other].swing[rows] = 0.5 * lift
        let_knees_follow(stance, rows, self.body, [stands.other])

    def _depth(self, since: FloatArray) -> FloatArray:
        item = self.item
        if not isinstance(item, SingleLegSquat | StepDown):
            return np.zeros_like(since)
        each = item.each_s
        within = repeated(since - ONTO_ONE_LEG_S, item.repeats, each)
        return there_and_back(within, each, 0.42 * each, 0.42 * each)

    def _shift(
        self,
        stance: Stance,
        rows: slice,
        since: FloatArray,
        shift: FloatArray,
        lift: FloatArray,
        depth: FloatArray,
    ) -> None:
        """Bring the pelvis over the foot that stands; balance is never quite at rest."""
        wobble = 0.004 * (
            np.sin(2 * np.pi * 0.37 * since) + 0.7 * np.sin(2 * np.pi * 0.83 * since + 1)
        )
        over = (0.8 - 0.3 * depth) * self.body.hip_half_width_m * shift
        move(stance.pelvis_m, stance, rows, left=-SIDE_SIGN[self.stands] * over + lift * wobble)

    def _bend(self, stance: Stance, rows: slice, depth: FloatArray) -> None:
        """Bend the leg that stands: knee, and the hip back over the foot."""
        if not depth.any():
            return
        body, stands, item = self.body, self.stands, self.item
        rest = body.standing_knee_rad[stands]
        if isinstance(item, StepDown):
            # Low enough for the nearly straight other leg to reach the floor.
            deepest = _knee_to_touch(body, stands, item.height_m)
        else:
            assert isinstance(item, SingleLegSquat)
            deepest = float(np.deg2rad(item.knee_deg))
        knee = rest + depth * (deepest - rest)
        forward, _ = crouch(body, knee, _SHANK_SHARE)
        forward0, _ = crouch(body, np.full(1, rest), _SHANK_SHARE)
        move(stance.pelvis_m, stance, rows, forward=forward - forward0)
        stance.knee[stands][rows] += knee - rest
        stance.pelvis_angles["tilt"][rows] += depth * np.deg2rad(12.0)

    def _other_foot(
        self,
        time_s: FloatArray,
        stance: Stance,
        rows: slice,
        lift: FloatArray,
        depth: FloatArray,
    ) -> None:
        item, side, body = self.item, self.stands.other, self.body
        foot = stance.foot[side].ankle_m
        if isinstance(item, StepDown):
            # Out over the edge first, then down.
            out = 0.5 * lift + 0.5 * smooth(2 * depth)
            up = 0.03 * lift * (1 - depth) - item.height_m * depth
            move(foot, stance, rows, forward=_REACH_M * out, up=up)
            keep_within_reach(stance, rows, body, side, lift)
            return
        lifted = isinstance(item, KneeLift)
        less = self.collapse.amount("reduced_hip_flexion", side, time_s[rows])
        thigh = lift * (np.deg2rad(item.hip_deg - less) if lifted else _BEHIND_RAD)
        knee = lift * (np.deg2rad(90.0) if lifted else _TUCKED_RAD)
        rest = body.standing_knee_rad[side]
        a, b = body.thigh_m[side], body.shank_m[side]

        def below(thigh: FloatArray, knee: FloatArray) -> tuple[FloatArray, FloatArray]:
            shank = thigh - knee
            return a * np.sin(thigh) + b * np.sin(shank), -a * np.cos(thigh) - b * np.cos(shank)

        x, z = below(thigh + 0.5 * rest, knee + rest)
        x0, z0 = below(np.full(1, 0.5 * rest), np.full(1, rest))
        move(foot, stance, rows, forward=x - x0, up=z - z0)
        if isinstance(item, SingleLegSquat):
            self._carry_along(stance, rows, depth)

    def _carry_along(self, stance: Stance, rows: slice, depth: FloatArray) -> None:
        """The foot held behind goes down with the pelvis."""
        body, stands = self.body, self.stands
        rest = body.standing_knee_rad[stands]
        knee = rest + depth * (np.deg2rad(self.item.knee_deg) - rest)  # type: ignore[union-attr]
        forward, up = crouch(body, knee, _SHANK_SHARE)
        forward0, up0 = crouch(body, np.full(1, rest), _SHANK_SHARE)
        foot = stance.foot[stands.other].ankle_m
        move(foot, stance, rows, forward=forward - forward0, up=up - up0)


def _knee_to_touch(body: Body, stands: Side, height_m: float) -> float:
    """How far the leg on the step has to bend for the other heel to reach the floor."""
    a, b = body.thigh_m[stands.other], body.shank_m[stands.other]
    reach2 = a * a + b * b + 2 * a * b * np.cos(_TOUCHING_KNEE_RAD)
    knees = np.deg2rad(np.arange(1.0, 120.0, 0.25))
    forward, up = crouch(body, knees, _SHANK_SHARE)
    over = np.sqrt(np.maximum(reach2 - (_REACH_M - forward) ** 2, 0.01))
    return float(knees[int(np.argmin(np.abs(over - height_m - up)))])
