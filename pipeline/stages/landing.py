"""Landing: at which instant a swing ends on the ground.

Three signs of an initial contact, best first:

* *Leg*, where a shank is worn: the foot stops to come forward of the hip (the rates of thigh
  and shank add up to nothing) shortly before it lands, whatever the pelvis does, also in turns
  and in the first and last step. Milliseconds from there to contact: 36 ± 7 (three people,
  marked contacts), 50 ± 9 (one, force plates), 22 ± 8 and 26 ± 30 (two, shock of the foot).
  It is the same to 4–8 ms where a swing lasts 100 ms longer than others of the leg (200 swings,
  four people, shock of the foot). The shank alone gives the same with more spread. Its shock
  is as sharp in brisk walking (SD 5 ms, one person) and useless in slow (26–34 ms, another).
  The time comes from the leg alone; braking tells which end is meant where a swing hesitates.
* *Braking*: the forward acceleration of the pelvis turns from push to brake (after Zijlstra
  and Hof 2003). Against labelled foot contacts in 110 trials: +23 ± 43 ms, and every person
  has an own lag. The sharpness of the turn tells contact from the ripples of mid-swing.
* *Lift*: the pelvis is pushed up hardest about 50 ms after landing (± 60 ms: an estimate,
  marked as uncertain).

What is usual for the wearer is taken from the last few steps only. How sharply the pelvis is
braked: from the last brakings, whatever was decided about them. How long after peak flexion:
from the last five landings of the leg. So two streams that felt the same for a few steps decide
alike, whatever went before.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import median

SEARCH_BEFORE_S, SEARCH_AFTER_S = 0.15, 0.45
"""Around peak thigh flexion, which precedes contact by −30…+150 ms, in slow steps 450 ms."""

USUAL_OFFSET_S = 0.05
"""From peak thigh flexion to braking, until a leg has landed once."""

OFFSET_SCALE_S = 0.2
STRONG_SHARE = 0.6
"""A braking at least this sharp, against the usual one, is taken at once."""

MIN_BRAKING_M_S2 = 0.15
"""Smallest change of forward acceleration over 30 ms that counts as braking."""

LEG_LEAD_S = 0.035
LEG_AGREEMENT_S = 0.12
LIFT_LAG_S = 0.05
_EARLIEST_LEG_S, _LATEST_LEG_S = 0.15, 0.95
"""Around peak thigh flexion; a slow step may hang in the air."""

_SWINGS_REMEMBERED = 5
_REMEMBERED, _REMEMBERED_S = 12, 8.0
_USUAL_SHARPNESS = 1.0
_USUAL_AFTER, _USUAL_RANK = 5, 4
"""With so many brakings the usual sharpness is no longer assumed but taken from them."""


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
    """Weighs the signs of a leg's landings.

    Parameters
    ----------
    has_shank : bool
        Whether this leg carries a shank sensor.
    """

    has_shank: bool
    leg_ends: deque[float] = field(default_factory=lambda: deque(maxlen=4))
    """When the leg, thigh and shank together, stopped swinging forward."""
    offsets_s: deque[float] = field(default_factory=lambda: deque(maxlen=_SWINGS_REMEMBERED))
    """From peak flexion to braking, in the last swings."""

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
        leg_s = self._leg_landing_s(swing)
        if self.has_shank and leg_s is None and not final:
            return None
        offset_s = median(self.offsets_s) if self.offsets_s else USUAL_OFFSET_S
        expected_s = leg_s if leg_s is not None else swing.peak_flexion_s + offset_s
        best, score = brakings.best(
            max(swing.earliest_s, swing.peak_flexion_s - SEARCH_BEFORE_S),
            swing.peak_flexion_s + SEARCH_AFTER_S,
            expected_s,
            LEG_AGREEMENT_S if leg_s is not None else float("inf"),
        )
        if best is not None and (final or brakings.is_strong(best)):
            self.offsets_s.append(best[0] - swing.peak_flexion_s)
            if leg_s is None:
                return Landing(best[0], certain=score > -0.5)
            return Landing(max(leg_s, swing.earliest_s), certain=True)
        if not final:
            return None
        if leg_s is not None and leg_s >= swing.earliest_s:
            return Landing(leg_s, certain=True)
        time_s = lift_s - LIFT_LAG_S if lift_s is not None else expected_s
        return Landing(time_s, certain=False) if time_s >= swing.earliest_s else None

    def _leg_landing_s(self, swing: Swing) -> float | None:
        inside = [
            t
            for t in self.leg_ends
            if swing.peak_flexion_s - _EARLIEST_LEG_S <= t <= swing.peak_flexion_s + _LATEST_LEG_S
        ]
        return inside[-1] + LEG_LEAD_S if inside else None


class Brakings:
    """The latest brakings of the pelvis, ``(time_s, sharpness)``, and how sharp is usual."""

    def __init__(self) -> None:
        self._found: deque[tuple[float, float]] = deque(maxlen=_REMEMBERED)
        self._usual = _USUAL_SHARPNESS

    def add(self, time_s: float, sharpness: float) -> None:
        self._found.append((time_s, sharpness))
        while self._found[0][0] < time_s - _REMEMBERED_S:
            self._found.popleft()
        # One to three brakings a step: of a dozen, the fourth sharpest is that of a contact.
        latest = [x for _, x in self._found if x >= MIN_BRAKING_M_S2]
        latest += [_USUAL_SHARPNESS] * (_USUAL_AFTER + _USUAL_RANK - 1 - len(latest))
        self._usual = sorted(latest)[-_USUAL_RANK]

    def best(
        self, from_s: float, to_s: float, expected_s: float, tolerance_s: float
    ) -> tuple[tuple[float, float] | None, float]:
        """The sharpest braking near where it is expected, and its score."""
        from_s, to_s = max(from_s, expected_s - tolerance_s), min(to_s, expected_s + tolerance_s)
        best, best_score = None, float("-inf")
        for braking in self._found:
            time_s, sharpness = braking
            if not from_s <= time_s <= to_s:
                continue
            off_s = abs(time_s - expected_s)
            score = min(sharpness / self._usual, 2.0) - off_s / OFFSET_SCALE_S
            if sharpness >= MIN_BRAKING_M_S2 and score > best_score:
                best, best_score = braking, score
        return best, best_score

    def is_strong(self, braking: tuple[float, float]) -> bool:
        return braking[1] >= STRONG_SHARE * self._usual
