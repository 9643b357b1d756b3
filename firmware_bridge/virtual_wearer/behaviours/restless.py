"""Nobody holds quite still for long: breathing, and a shift of position now and then."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from firmware_bridge.virtual_wearer.behaviours.moves import Span, move, smooth
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

_BREATHS_HZ = 0.25
_BREATH_RAD = float(np.deg2rad(0.3))
_SHIFT_S = 1.3
_SITTING = {"tilt": 5.0, "obliquity": 2.5}
_LYING = {"tilt": 1.0, "obliquity": 8.0}
"""Spread of the positions, degrees. Lying, obliquity is a roll about the length of the body."""
_FEET_M = 0.04


@dataclass(frozen=True, slots=True)
class Restless:
    """Breathing and shifts of one stretch; nothing at all with none a minute.

    Parameters
    ----------
    span : Span
    shifts_per_min : float
    ends_s : float
        Way in and way out, over which nothing is shifted.
    """

    span: Span
    shifts_per_min: float
    ends_s: float
    _at_s: FloatArray = field(init=False)
    _where: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        # Drawn from the stretch alone: a timeline is the same with and without what follows it.
        rng = np.random.default_rng([round(1000 * self.span.start_s), 31])
        first, last = self.span.start_s + self.ends_s, self.span.end_s - self.ends_s
        count = rng.poisson(max(last - first, 0.0) / 60.0 * self.shifts_per_min)
        at_s = np.sort(rng.uniform(first, max(last - 2 * _SHIFT_S, first), count))
        apart = np.concatenate(([True], np.diff(at_s) > _SHIFT_S))[: len(at_s)]
        at_s = at_s[apart]
        where = np.clip(rng.standard_normal((4, len(at_s))), -2.0, 2.0)
        object.__setattr__(self, "_at_s", np.r_[at_s, max(last - _SHIFT_S, first)])
        object.__setattr__(self, "_where", np.c_[np.zeros(4), where, np.zeros(4)])

    def shift_on_the_seat(self, time_s: FloatArray, stance: Stance, rows: slice) -> None:
        """Lean and shift while sitting; the feet move, too."""
        places = self._turn(time_s, stance, rows, _SITTING)
        if places is not None:
            for side, place in zip(Side, places[2:], strict=True):
                move(stance.foot[side].ankle_m, stance, rows, forward=_FEET_M * place)

    def turn_in_bed(self, time_s: FloatArray, stance: Stance, rows: slice) -> None:
        """Roll a little while lying."""
        self._turn(time_s, stance, rows, _LYING)

    def _turn(
        self, time_s: FloatArray, stance: Stance, rows: slice, spread_deg: dict[str, float]
    ) -> FloatArray | None:
        if self.shifts_per_min == 0.0:
            return None
        t = time_s[rows]
        k = np.searchsorted(self._at_s, t, side="right")
        before, after = self._where[:, np.maximum(k - 1, 0)], self._where[:, k]
        since = t - self._at_s[np.maximum(k - 1, 0)]
        places = before + np.where(k > 0, smooth(since / _SHIFT_S), 0.0) * (after - before)
        for row, (name, spread) in enumerate(spread_deg.items()):
            stance.pelvis_angles[name][rows] += np.deg2rad(spread) * places[row]
        there = smooth((t - self.span.start_s - self.ends_s) / 2.0)
        there = there * smooth((self.span.end_s - self.ends_s - t) / 2.0)
        breath = np.sin(2 * np.pi * _BREATHS_HZ * (t - self.span.start_s))
        stance.pelvis_angles["tilt"][rows] += _BREATH_RAD * there * breath
        return places
