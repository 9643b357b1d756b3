"""Landing: at which instant a swing ends on the ground.

Three signs of an initial contact, best first:

* *Braking*: the forward acceleration of the pelvis turns from push to brake (after Zijlstra
  and Hof 2003). Against labelled foot contacts in 110 trials: +23 ± 43 ms. The sharpness of
  the turn tells contact from the ripples of mid-swing.
* *Shank*: its swing forward ends 45 ± 15 ms before the foot lands, also in turns and in
  the first and last step, where the pelvis brakes late or not at all. Where a shank sensor
  is worn it says which braking is meant, and stands in for a missing one.
* *Lift*: the pelvis is pushed up hardest about 50 ms after landing (± 60 ms: an estimate,
  marked as uncertain).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

SEARCH_BEFORE_S, SEARCH_AFTER_S = 0.15, 0.45
"""Around peak thigh flexion, which precedes contact by −30…+150 ms, in slow steps 450 ms."""

USUAL_OFFSET_S = 0.05
OFFSET_SCALE_S = 0.2
STRONG_SHARE = 0.6
"""A braking at least this sharp, against the usual one, is taken at once."""

MIN_BRAKING_M_S2 = 0.15
"""Smallest change of forward acceleration over 30 ms that counts as braking."""

SHANK_LEAD_S = 0.045
SHANK_SHARE = 0.5
"""Weight of the shank where it and the pelvis both show the contact."""

SHANK_LEAD_RANGE_S = (0.0, 0.11)
SHANK_AGREEMENT_S = 0.12
MIN_SHANK_SWING_RAD_S = 0.8
LIFT_LAG_S = 0.05
_EARLY_SHANK_S = 0.10


@dataclass(slots=True)
class Swing:
    """A swing that has ended and not landed yet."""

    peak_flexion_s: float
    earliest_s: float


@dataclass(slots=True)
class Landing:
    """Instant of an initial contact."""

    time_s: float
    certain: bool


@dataclass(slots=True)
class LandingJudge:
    """Weighs the signs of one walk; learns what is usual for the wearer.

    Parameters
    ----------
    has_shank : bool
        Whether this leg carries a shank sensor.
    shank_lead : ShankLead
        Shared by both legs.
    """

    has_shank: bool
    shank_lead: ShankLead
    usual_offset_s: float = USUAL_OFFSET_S
    shank_ends: deque[float] = field(default_factory=lambda: deque(maxlen=4))
    """When the shank stopped swinging forward."""

    def judge(
        self, swing: Swing, brakings: Brakings, lift_s: float | None, *, final: bool
    ) -> Landing | None:
        """Decide a landing, or None to wait for more (or, if `final`, if there was none).

        Parameters
        ----------
        lift_s : float or None
            When the pelvis was pushed up hardest in the search window; only if `final`.
        final : bool
            Nothing more will come.
        """
        shank_s = self._shank_landing_s(swing)
        if self.has_shank and shank_s is None and not final:
            return None
        expected_s = shank_s if shank_s is not None else swing.peak_flexion_s + self.usual_offset_s
        best, score = brakings.best(
            max(swing.earliest_s, swing.peak_flexion_s - SEARCH_BEFORE_S),
            swing.peak_flexion_s + SEARCH_AFTER_S,
            expected_s,
            SHANK_AGREEMENT_S if shank_s is not None else np.inf,
        )
        if best is not None and (final or brakings.is_strong(best)):
            brakings.learn(best)
            self._learn(swing, best[0], shank_s)
            if shank_s is None:
                return Landing(best[0], certain=bool(score > -0.5))
            time_s = best[0] + SHANK_SHARE * (shank_s - best[0])
            return Landing(max(time_s, swing.earliest_s), certain=True)
        if not final:
            return None
        if shank_s is not None and shank_s >= swing.earliest_s:
            return Landing(shank_s, certain=True)
        time_s = lift_s - LIFT_LAG_S if lift_s is not None else expected_s
        return Landing(time_s, certain=False) if time_s >= swing.earliest_s else None

    def _shank_landing_s(self, swing: Swing) -> float | None:
        inside = [
            t
            for t in self.shank_ends
            if swing.peak_flexion_s - _EARLY_SHANK_S <= t <= swing.peak_flexion_s + SEARCH_AFTER_S
        ]
        return inside[-1] + self.shank_lead.seconds if inside else None

    def _learn(self, swing: Swing, time_s: float, shank_s: float | None) -> None:
        self.usual_offset_s += 0.2 * (time_s - swing.peak_flexion_s - self.usual_offset_s)
        if shank_s is not None:
            self.shank_lead.learn(time_s - shank_s)


@dataclass(slots=True)
class ShankLead:
    """How long before the pelvis brakes a shank stops swinging forward."""

    seconds: float = SHANK_LEAD_S

    def learn(self, off_s: float) -> None:
        """The pelvis braked `off_s` later than the shank had announced."""
        self.seconds = float(np.clip(self.seconds + 0.05 * off_s, *SHANK_LEAD_RANGE_S))


@dataclass(slots=True)
class Brakings:
    """The latest brakings of the pelvis: ``(time_s, sharpness)``."""

    found: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=12))
    usual: float = 1.0

    def best(
        self, from_s: float, to_s: float, expected_s: float, tolerance_s: float
    ) -> tuple[tuple[float, float] | None, float]:
        """The sharpest braking near where it is expected, and its score."""
        from_s, to_s = max(from_s, expected_s - tolerance_s), min(to_s, expected_s + tolerance_s)
        best, best_score = None, -np.inf
        for braking in self.found:
            time_s, sharpness = braking
            if not from_s <= time_s <= to_s:
                continue
            off_s = abs(time_s - expected_s)
            score = min(sharpness / self.usual, 2.0) - off_s / OFFSET_SCALE_S
            if sharpness >= MIN_BRAKING_M_S2 and score > best_score:
                best, best_score = braking, score
        return best, best_score

    def is_strong(self, braking: tuple[float, float]) -> bool:
        return braking[1] >= STRONG_SHARE * self.usual

    def learn(self, braking: tuple[float, float]) -> None:
        self.usual += 0.1 * (braking[1] - self.usual)
