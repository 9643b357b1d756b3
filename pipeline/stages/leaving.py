"""Leaving: at which instant a foot leaves the ground for its swing.

Three signs of a final contact, best first:

* *Leg*, where a shank is worn: the foot begins to come forward of the hip (the rates of thigh
  and shank add up to nothing), whatever the knee does. Milliseconds from there to final contact:
  25 ± 9 (24 steps of one person, force plates), −12 ± 11 (15 steps of three, marked contacts).
  It alone tells a swing from a knee that comes back from past straight, which swings the thigh
  forward while the foot stands.
* *Shank*: it turns fastest backwards; 57 ± 7 and 22 ± 10 in the same steps. A knee that goes
  past straight or bends little gives it further dips.
* *Thigh*: 50 % of the rise of its flexion velocity; on 24 legs of three studies against markers
  and force plates 58 ± 6, 65 ± 7 and 62 ± 12 (maximum of the velocity and peak extension scatter
  more). The only one without a shank. A slow swing rises in two stages, and 50 % may lie on
  either; a stiff knee lets the thigh set off late.

Where all are known the leg says when; each of the others moves it by a third of how far it is
off, counted up to `MOST_S`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GRID_STEP_S
from pipeline.stages.history import History

LEG_LAG_S, SHANK_LAG_S, THIGH_LAG_S = 0.018, 0.048, 0.060
"""From each sign to final contact."""

MOST_S = 0.03
"""Real legs show their three signs within 20 ms of each other, once the lags are added."""

MIN_SHANK_DIP_RAD_S = 0.5
_THIGH_BEFORE_SWING_S = 0.15
"""Before the thigh's swing, from when on its velocity may rise."""

_THIGH_BEFORE_LEG_S = 0.20
_DIP_BEFORE_S, _DIP_AFTER_S = 0.12, 0.05
"""Around the beginning of the leg's swing, where thigh and shank may show it as well."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Tells the final contacts of one leg.

    Attributes
    ----------
    history : History
        Smoothed rates of the leg.
    fine, leg, shank : int
        Rows of it: of the thigh, of thigh and shank added, of the shank.
    fine_delay_s, smooth_delay_s : float
        Delays of the first and of the other two.
    """

    history: History
    fine: int
    leg: int
    shank: int
    fine_delay_s: float
    smooth_delay_s: float

    def final_contact_s(self, start: int, end: int, began: int | None) -> float | None:
        """When the foot leaves the ground for a swing; None if nothing shows it.

        Parameters
        ----------
        start, end : int
            Grid indices of the thigh's swing.
        began : int or None
            Where the rate of the whole leg turns positive, if that is known.
        """
        first = max(start - _points(_THIGH_BEFORE_SWING_S), self.history.oldest)
        if began is not None:
            first = max(first, began - _points(_THIGH_BEFORE_LEG_S))
        rise = _half_rise(self.history.get(self.fine, first, end + 1))
        thigh_s = None
        if rise is not None:
            thigh_s = (first + rise) * GRID_STEP_S - self.fine_delay_s + THIGH_LAG_S
        if began is None:
            return thigh_s
        before, after = self.history.get(self.leg, began, began + 2).tolist()
        leg_s = (began + before / (before - after)) * GRID_STEP_S - self.smooth_delay_s + LEG_LAG_S
        first = max(began - _points(_DIP_BEFORE_S), self.history.oldest)
        last = min(began + _points(_DIP_AFTER_S), end)
        dip = _dip(self.history.get(self.shank, first, last + 1))
        shank_s = None
        if dip is not None:
            shank_s = (first + dip) * GRID_STEP_S - self.smooth_delay_s + SHANK_LAG_S
        moves = [max(-MOST_S, min(s - leg_s, MOST_S)) for s in (thigh_s, shank_s) if s is not None]
        return leg_s + sum(moves) / 3


def _points(duration_s: float) -> int:
    return round(duration_s * GRID_RATE_HZ)


def _half_rise(rate: FloatArray) -> float | None:
    """Position at which a thigh's flexion velocity has risen half way to its maximum.

    Of the first rise: a slow swing hesitates, and rises a second time after the foot left.
    """
    half = 0.5 * float(rate.max())
    above = rate >= half
    low = int(above.argmin())
    high = low + int(above[low:].argmax())
    if not above[high] or high == low:
        return None
    i = high - 1
    return i + float((half - rate[i]) / (rate[high] - rate[i]))


def _dip(rate: FloatArray) -> float | None:
    """Position at which a shank turns fastest backwards; None if it does not inside."""
    i = int(rate.argmin())
    if not 0 < i < len(rate) - 1 or rate[i] > -MIN_SHANK_DIP_RAD_S:
        return None
    a, b, c = rate[i - 1 : i + 2]
    return i + float(0.5 * (a - c) / (a - 2 * b + c))
