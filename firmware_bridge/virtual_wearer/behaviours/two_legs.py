"""Movements on both legs: squat, sitting down and standing up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firmware_bridge.virtual_wearer.behaviours.collapse import Collapse
from firmware_bridge.virtual_wearer.behaviours.moves import (
    Span,
    crouch,
    knee_for_height,
    let_knees_follow,
    move,
    there_and_back,
)
from firmware_bridge.virtual_wearer.behaviours.restless import Restless
from firmware_bridge.virtual_wearer.body import Body
from firmware_bridge.virtual_wearer.movements import SIT_DOWN_S, STAND_UP_S, Sit, Squat
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side


@dataclass(frozen=True, slots=True)
class Squatting:
    span: Span
    body: Body
    collapse: Collapse
    item: Squat

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        each = self.item.each_s
        since = (time_s[rows] - self.span.start_s) % each
        share = there_and_back(since, each, 0.42 * each, 0.42 * each)
        rest = float(np.mean(list(self.body.standing_knee_rad.values())))
        knee = rest + share * (np.deg2rad(self.item.knee_deg) - rest)
        forward, up = crouch(self.body, knee, 0.38)
        forward0, up0 = crouch(self.body, np.full(1, rest), 0.38)
        move(stance.pelvis_m, stance, rows, forward=forward - forward0, up=up - up0)
        stance.pelvis_angles["tilt"][rows] += share * np.deg2rad(18.0)
        inward = {Side.LEFT: self.item.inward_left_deg, Side.RIGHT: self.item.inward_right_deg}
        for side in Side:
            self.collapse.turn_in(time_s, stance, rows, side, share, inward[side])
        let_knees_follow(stance, rows, self.body, list(Side))
        for side in Side:
            self.collapse.lean_in(time_s, stance, rows, side, share)


@dataclass(frozen=True, slots=True)
class Sitting:
    span: Span
    body: Body
    item: Sit
    restless: Restless

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        since = time_s[rows] - self.span.start_s
        share = there_and_back(since, self.item.duration_s, SIT_DOWN_S, STAND_UP_S)
        # The hip joints come to rest about 8 cm over the seat.
        height = self.item.seat_m + 0.08 - self.body.ankle_height_m
        seated = float(knee_for_height(self.body, height, 0.06))
        rest = float(np.mean(list(self.body.standing_knee_rad.values())))
        knee = rest + share * (seated - rest)
        # On the way the shanks lean forward to keep the weight over the feet.
        way = 4 * share * (1 - share)
        forward, up = crouch(self.body, knee, 0.06 + 0.28 * way)
        forward0, up0 = crouch(self.body, np.full(1, rest), 0.06)
        left = -self.item.towards_right_m * way
        move(stance.pelvis_m, stance, rows, forward=forward - forward0, left=left, up=up - up0)
        # The pelvis sinks where the weight goes.
        tip = self.item.towards_right_m * way / self.body.leg_length_m
        stance.pelvis_angles["obliquity"][rows] -= tip
        stance.pelvis_angles["tilt"][rows] += np.deg2rad(25.0) * way - np.deg2rad(18.0) * share
        self.restless.shift_on_the_seat(time_s, stance, rows)
        let_knees_follow(stance, rows, self.body, list(Side))
