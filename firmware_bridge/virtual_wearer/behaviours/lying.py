"""Lying down on a bed, lying, and what is done there: bridges and straight-leg raises.

The body sits down on the edge, leans back with the legs following, and comes back the same way.
It lies on its back with the head behind and the feet ahead. In a bridge it turns about the
shoulders, in a straight-leg raise about one hip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firmware_bridge.virtual_wearer.behaviours.moves import (
    Span,
    crouch,
    hip_m,
    knee_for_height,
    let_knees_follow,
    move,
    repeated,
    there_and_back,
)
from firmware_bridge.virtual_wearer.behaviours.restless import Restless
from firmware_bridge.virtual_wearer.body import Body
from firmware_bridge.virtual_wearer.movements import (
    ONTO_THE_BED_S,
    SETTLE_S,
    Bridge,
    Lie,
    StraightLegRaise,
    duration_s,
)
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

_SIT_SHARE = 0.4
"""Share of the way onto the bed after which the body sits on its edge."""
_SEATED_TILT_RAD, _LYING_TILT_RAD = float(np.deg2rad(-15.0)), float(np.deg2rad(-88.0))
_HIP_OVER_BED_M = 0.08
_STRAIGHT_SHARE, _CROOK_SHARE = 0.985, 0.62
"""Hip to ankle, as a share of thigh and shank."""
_SHOULDER_SHARE = 0.29
"""Shoulder to hip, as a share of body height (Winter)."""


@dataclass(frozen=True, slots=True)
class Lying:
    span: Span
    body: Body
    item: Lie | Bridge | StraightLegRaise
    restless: Restless

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        since = time_s[rows] - self.span.start_s
        sit_s = _SIT_SHARE * ONTO_THE_BED_S
        seated = there_and_back(since, duration_s(self.item), sit_s, sit_s)
        back_s = ONTO_THE_BED_S - sit_s
        inner = since - sit_s
        lying = there_and_back(inner, duration_s(self.item) - 2 * sit_s, back_s, back_s)
        lying = np.where(inner > 0.0, lying, 0.0)
        self._sit_down(stance, rows, seated)
        tilt = stance.pelvis_angles["tilt"]
        tilt[rows] += seated * _SEATED_TILT_RAD
        tilt[rows] += lying * (_LYING_TILT_RAD - tilt[rows])
        self._bring_the_legs(stance, rows, lying)
        self.restless.turn_in_bed(time_s, stance, rows)
        work = since - ONTO_THE_BED_S - SETTLE_S
        if isinstance(self.item, Bridge):
            self._lift_the_pelvis(stance, rows, work, self.item)
        elif isinstance(self.item, StraightLegRaise):
            self._raise_the_leg(stance, rows, work, self.item)
        let_knees_follow(stance, rows, self.body, list(Side))

    def _sit_down(self, stance: Stance, rows: slice, share: FloatArray) -> None:
        body = self.body
        height = self.item.bed_m + _HIP_OVER_BED_M - body.ankle_height_m
        seat_knee = float(knee_for_height(body, height, 0.06))
        rest = float(np.mean(list(body.standing_knee_rad.values())))
        way = 4 * share * (1 - share)
        knee = rest + share * (seat_knee - rest)
        forward, up = crouch(body, knee, 0.06 + 0.28 * way)
        forward0, up0 = crouch(body, np.full(1, rest), 0.06)
        move(stance.pelvis_m, stance, rows, forward=forward - forward0, up=up - up0)
        stance.pelvis_angles["tilt"][rows] += np.deg2rad(25.0) * way

    def _bring_the_legs(self, stance: Stance, rows: slice, share: FloatArray) -> None:
        """The feet leave the floor and come to lie ahead of the hips."""
        crook = isinstance(self.item, Bridge)
        cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
        for side in Side:
            hip = hip_m(stance, rows, self.body, side)
            length = self.body.thigh_m[side] + self.body.shank_m[side]
            ahead = (_CROOK_SHARE if crook else _STRAIGHT_SHARE) * length
            below = _HIP_OVER_BED_M - (self.body.ankle_height_m if crook else 0.06)
            # Across the body the feet stay as far apart as they were set down.
            ankle = stance.foot[side].ankle_m
            left = -(ankle[0, rows] - hip[0]) * sin + (ankle[1, rows] - hip[1]) * cos
            goal = hip + np.stack((ahead * cos - left * sin, ahead * sin + left * cos, 0 * cos))
            goal[2] -= below
            ankle[:, rows] += share * (goal - ankle[:, rows])

    def _lift_the_pelvis(
        self, stance: Stance, rows: slice, since: FloatArray, item: Bridge
    ) -> None:
        each = item.each_s
        at = repeated(since, item.repeats, each)
        turn = np.deg2rad(item.lift_deg) * there_and_back(at, each, 0.4 * each, 0.4 * each)
        trunk = _SHOULDER_SHARE * self.body.height_m
        move(
            stance.pelvis_m,
            stance,
            rows,
            forward=trunk * (np.cos(turn) - 1.0),
            up=trunk * np.sin(turn),
        )
        stance.pelvis_angles["tilt"][rows] -= turn

    def _raise_the_leg(
        self, stance: Stance, rows: slice, since: FloatArray, item: StraightLegRaise
    ) -> None:
        each = item.each_s
        at = repeated(since, item.repeats, each)
        turn = np.deg2rad(item.hip_deg) * there_and_back(at, each, 0.4 * each, 0.4 * each)
        hip = hip_m(stance, rows, self.body, item.side)
        cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
        ankle = stance.foot[item.side].ankle_m
        away = ankle[:, rows] - hip
        ahead, up = away[0] * cos + away[1] * sin, away[2]
        forward = ahead * (np.cos(turn) - 1.0) - up * np.sin(turn)
        rise = ahead * np.sin(turn) + up * (np.cos(turn) - 1.0)
        move(ankle, stance, rows, forward=forward, up=rise)
        # The pelvis tips back a little with the leg.
        stance.pelvis_angles["tilt"][rows] -= 0.06 * turn
