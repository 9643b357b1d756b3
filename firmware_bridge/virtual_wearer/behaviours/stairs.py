"""A flight of stairs, foot over foot.

The leg that stands on the lower of two treads is nearly straight when the other foot lands:
behind, going up (it pushed); in front, going down (it reached). Between landings the pelvis
goes on and up or down evenly, and the knees follow from where hips and feet are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from firmware_bridge.virtual_wearer.behaviours.moves import (
    Span,
    keep_within_reach,
    let_knees_follow,
    smooth,
)
from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.movements import Stairs
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

_AHEAD = {"up": 0.35, "down": 0.50}
"""Pelvis ahead of the rear foot when the other lands, in treads."""
_BENT_M = 0.030
"""How much lower than on a straight lower leg the hip is then."""
_SWING_SHARE = 0.80
"""Share of a step's time in which a foot is in the air."""
_CLEAR_M = {"up": 0.05, "down": 0.015}


@dataclass(frozen=True, slots=True)
class ClimbingStairs:
    span: Span
    body: Body
    item: Stairs
    heading_rad: float
    """Direction of the flight."""

    def apply(self, time_s: FloatArray, stance: Stance) -> None:
        rows = slice(self.span.rows(time_s).start, time_s.size)
        if rows.start == rows.stop:
            return
        item = self.item
        # In steps: 1 is when the first foot lands, item.steps + 1 when the feet come together.
        at = (time_s[rows] - self.span.start_s) / item.step_s - 0.5
        rise = item.rise_m if item.direction == "up" else -item.rise_m
        for side in Side:
            forward, up, behind = self._foot(at, side, rise)
            self._move(stance.foot[side].ankle_m, rows, forward, up + behind)
        forward, up = self._pelvis(at, rise)
        sway = self._busy(at) * -0.02 * np.cos(np.pi * (at + 0.2)) * SIDE_SIGN[item.first]
        self._move(stance.pelvis_m, rows, forward, up, sway)
        stance.pelvis_angles["tilt"][rows] += np.deg2rad(6.0) * self._busy(at)
        end = slice(rows.start, self.span.rows(time_s).stop)
        if end.start < end.stop:
            at = at[: end.stop - end.start]
            under_way = smooth((at + 0.5) / 0.4) * smooth((item.steps + 1.5 - at) / 0.4)
            for side in Side:
                keep_within_reach(stance, end, self.body, side, under_way)
            let_knees_follow(stance, end, self.body, list(Side))

    def _move(
        self,
        place_m: FloatArray,
        rows: slice,
        forward: FloatArray,
        up: FloatArray,
        left: FloatArray | float = 0.0,
    ) -> None:
        """Along the flight, not along where the person goes later."""
        cos, sin = np.cos(self.heading_rad), np.sin(self.heading_rad)
        place_m[0, rows] += forward * cos - left * sin
        place_m[1, rows] += forward * sin + left * cos
        place_m[2, rows] += up

    def landings(self, side: Side) -> tuple[list[float], list[int]]:
        """When a foot lands (in steps) and on which tread."""
        n = self.item.steps
        own = [k for k in range(1, n + 1) if (k % 2 == 1) == (side is self.item.first)]
        if not own or own[-1] != n:
            return [float(k) for k in own] + [n + 1.0], [*own, n]
        return [float(k) for k in own], own

    def _foot(
        self, at: FloatArray, side: Side, rise: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Forward, up, and the rise of the trailing heel."""
        forward, up, heel = np.zeros_like(at), np.zeros_like(at), np.zeros_like(at)
        before = 0
        for lands, tread in zip(*self.landings(side), strict=True):
            u = np.clip((at - (lands - _SWING_SHARE)) / _SWING_SHARE, 0.0, 1.0)
            climb = (tread - before) * rise
            # Going up the foot is over the edge before it goes on; going down the reverse.
            early, late = smooth(u / 0.8), smooth((u - 0.2) / 0.8)
            on, vertical = (late, early) if rise > 0 else (early, late)
            forward += on * (tread - before) * self.item.tread_m
            up += vertical * climb + _CLEAR_M[self.item.direction] * 64 * (u * (1 - u)) ** 3
            rising = smooth((at - (lands - _SWING_SHARE - 0.35)) / 0.35)
            heel += 0.03 * rising * (1 - smooth(u / 0.5)) * (before > 0)
            before = tread
        return forward, up, heel

    def _pelvis(self, at: FloatArray, rise: float) -> tuple[FloatArray, FloatArray]:
        item = self.item
        n, ahead = item.steps, _AHEAD[item.direction]
        # Tread travelled and levels gained at whole steps; a spline would overshoot at the ends.
        knots = np.r_[0.0, np.arange(1, n + 1), n + 1.0]
        travelled = np.r_[0.0, np.arange(n) + ahead, float(n)]
        lower = np.arange(n) if rise > 0 else np.arange(1, n + 1)
        gained = np.r_[0.0, lower * rise - _BENT_M, n * rise]
        return _eased(at, knots, travelled * item.tread_m), _eased(at, knots, gained)

    def _busy(self, at: FloatArray) -> FloatArray:
        return smooth(at) * smooth(self.item.steps + 1.0 - at)


def _eased(at: FloatArray, knots: FloatArray, values: FloatArray) -> FloatArray:
    """Through the values without overshoot, smooth in velocity, at rest at both ends."""
    fine = np.arange(knots[0] - 1.0, knots[-1] + 1.0, 0.005)
    path = PchipInterpolator(knots, values)(np.clip(fine, knots[0], knots[-1]))
    return np.interp(at, fine, gaussian_filter1d(path, 0.12 / 0.005, mode="nearest"))
