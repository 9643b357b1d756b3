"""Lunges: a step out, down, and back to where one stood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firmware_bridge.virtual_wearer.behaviours.collapse import Collapse
from firmware_bridge.virtual_wearer.behaviours.moves import (
    Span,
    let_knees_follow,
    move,
    ride_on,
    smooth,
    there_and_back,
)
from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.movements import LateralLunge, Lunge
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

_STRAIGHT_RAD = float(np.deg2rad(5.0))
"""Knee of the leg that stays behind in a lateral lunge."""


def _step_and_down(since: FloatArray, each: float) -> tuple[FloatArray, FloatArray]:
    """The foot goes out first, then the body goes down; both 0 → 1 → 0."""
    step = there_and_back(since, each, 0.22 * each, 0.22 * each)
    down = there_and_back(since - 0.18 * each, 0.64 * each, 0.25 * each, 0.25 * each)
    return step, down * (since > 0.18 * each)


@dataclass(frozen=True, slots=True)
class Lunging:
    span: Span
    body: Body
    collapse: Collapse
    item: Lunge

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        item, body = self.item, self.body
        step, down = _step_and_down((time_s[rows] - self.span.start_s) % item.each_s, item.each_s)
        front, back = (stance.foot[s].ankle_m for s in (item.side, item.side.other))
        move(front, stance, rows, forward=item.length_m * step, up=0.10 * 4 * step * (1 - step))
        move(back, stance, rows, forward=0.05 * step, up=0.11 * step + 0.03 * down)
        stance.foot[item.side].swing[rows] = step % 1.0
        lower = -0.09 * step - 0.24 * body.leg_length_m * down
        move(stance.pelvis_m, stance, rows, forward=0.55 * item.length_m * step, up=lower)
        self.collapse.turn_in(time_s, stance, rows, item.side, down, item.inward_deg)
        let_knees_follow(stance, rows, body, list(Side))
        self.collapse.lean_in(time_s, stance, rows, item.side, down)


@dataclass(frozen=True, slots=True)
class LateralLunging:
    span: Span
    body: Body
    collapse: Collapse
    item: LateralLunge

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = self.span.rows(time_s)
        if rows.start == rows.stop:
            return
        item, body = self.item, self.body
        step, down = _step_and_down((time_s[rows] - self.span.start_s) % item.each_s, item.each_s)
        outward = -SIDE_SIGN[item.side]
        foot = stance.foot[item.side].ankle_m
        away = item.width_m * outward
        move(foot, stance, rows, left=away * step, up=0.06 * 4 * step * (1 - step))
        stance.foot[item.side].swing[rows] = step % 1.0
        # Half way while the foot is in the air, so that both legs reach the ground; then over it.
        move(
            stance.pelvis_m,
            stance,
            rows,
            forward=-0.07 * body.leg_length_m * down,
            left=away * (0.5 * step + 0.32 * down),
        )
        stance.pelvis_angles["tilt"][rows] += down * np.deg2rad(20.0)
        behind = item.side.other
        rest = stance.knee[behind][rows].copy()
        stance.knee[behind][rows] = rest + step * (_STRAIGHT_RAD - rest)
        standing = stance.pelvis_m[2, rows]
        low = ride_on(stance, rows, body, behind)
        stance.pelvis_m[2, rows] = standing + smooth(4 * step) * (low - standing)
        self.collapse.turn_in(time_s, stance, rows, item.side, down, item.inward_deg)
        let_knees_follow(stance, rows, body, list(Side))
        self.collapse.lean_in(time_s, stance, rows, item.side, down)
