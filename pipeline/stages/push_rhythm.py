"""Push rhythm: steps and walking bouts from the upward acceleration of the pelvis.

At every landing the body is caught: the pelvis is pushed up hardest shortly after the foot
touches the ground. How the upward acceleration is found is not the matter of this stage.

Contract
--------
Input    Grid points of the upward acceleration without gravity, and which can be trusted.
Output   Times of initial contacts without a side, in order; `bouts` beside them.
Latency  About half a step; the first contacts of a bout wait until `StepRule.min_steps`.
State    One band-pass, the steps of a bout that is not sure yet.
Gap      A point that cannot be trusted ends the bout.
Finish   Closes the open bout; a push whose fall was not seen gives no contact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.filters import StreamFilter, butter_band_pass, phase_delay_s
from pipeline.gait import FloatArray
from pipeline.grid import GRID_STEP_S

STEP_HZ = 1.8
"""Steps a second in usual walking: where the delay of the filter is taken."""
_SLOWEST_HZ = 0.4


@dataclass(frozen=True, slots=True)
class StepRule:
    """What counts as a step.

    Attributes
    ----------
    cutoff_hz : float
        Upper end of the band of the upward acceleration that holds the steps.
    order : int
        How steeply the band ends.
    min_push_m_s2 : float
        How far the push must rise above the lows on both its sides.
    lift_lag_s : float
        From contact to the hardest push.
    max_step_s : float
        Two pushes further apart do not belong to one bout.
    min_steps : int
        Fewer in a row are no walking.
    """

    cutoff_hz: float = 2.5
    order: int = 2
    min_push_m_s2: float = 0.8
    lift_lag_s: float = 0.06
    max_step_s: float = 2.0
    min_steps: int = 3


@dataclass(frozen=True, slots=True)
class WalkingBout:
    """Uninterrupted steps: first and last contact."""

    start_s: float
    end_s: float
    steps: int


class PushRhythm:
    """Find steps and bouts.

    Parameters
    ----------
    rule : StepRule, optional
    delayed_s : float
        By how much what filtered the acceleration before has delayed it.
    """

    def __init__(self, rule: StepRule | None = None, delayed_s: float = 0.0) -> None:
        self.bouts: list[WalkingBout] = []
        self._rule = rule or StepRule()
        band = butter_band_pass(_SLOWEST_HZ, self._rule.cutoff_hz, self._rule.order)
        self._band = StreamFilter(band)
        self._lag_s = phase_delay_s(band, STEP_HZ) + self._rule.lift_lag_s + delayed_s
        self._tail = np.empty(0)
        self._turns = _Turns(self._rule.min_push_m_s2)
        self._waiting: list[float] = []
        self._steps = 0
        self._first_s = self._last_s = -np.inf
        self._missing = -2

    def process(self, start: int, up: FloatArray, trusted: NDArray[np.bool_]) -> list[float]:
        """Contacts that became known with the grid points ``start, start + 1, …``."""
        push = self._band(np.where(trusted, up, 0.0))
        contacts: list[float] = []
        missing = (start + np.flatnonzero(~trusted)).tolist()
        for index, time_s, value, peak in self._extremes(start, push):
            while missing and missing[0] <= index:
                self._break(missing.pop(0))
            for peak_s in self._turns.see(time_s, value, peak=peak):
                contacts += self._step(peak_s - self._lag_s)
        for index in missing:
            self._break(index)
        return contacts

    def finish(self) -> None:
        """Close the open bout; its contacts have been told already."""
        self._close()

    def _break(self, index: int) -> None:
        """A point is missing: what came before is not joined to what follows."""
        if index != self._missing + 1:
            self._turns = _Turns(self._rule.min_push_m_s2)
            self._close()
        self._missing = index

    def _extremes(self, start: int, push: FloatArray) -> list[tuple[int, float, float, bool]]:
        """Local extremes: (grid index, time between points, value, whether a maximum)."""
        x = np.concatenate((self._tail, push))
        first = start - len(self._tail)
        self._tail = x[-2:]
        if len(x) < 3:
            return []
        slope = np.diff(x)
        at = np.flatnonzero((slope[:-1] > 0) != (slope[1:] > 0)) + 1
        # The vertex of the parabola through three points, at most half a point away.
        bend = x[at - 1] - 2 * x[at] + x[at + 1]
        part = np.where(bend != 0, 0.5 * (x[at - 1] - x[at + 1]) / np.where(bend, bend, 1), 0)
        peak = slope[at - 1] > 0
        time_s = (first + at + part) * GRID_STEP_S
        columns = (first + at, time_s, x[at], peak)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _step(self, time_s: float) -> list[float]:
        if time_s - self._last_s > self._rule.max_step_s:
            self._close()
            self._first_s = time_s
        self._last_s = time_s
        self._steps += 1
        self._waiting.append(time_s)
        if self._steps < self._rule.min_steps:
            return []
        known, self._waiting = self._waiting, []
        return known

    def _close(self) -> None:
        if self._steps >= self._rule.min_steps:
            self.bouts.append(WalkingBout(self._first_s, self._last_s, self._steps))
        self._waiting, self._steps, self._last_s = [], 0, -np.inf


class _Turns:
    """Peaks that rise by at least `size` over the lows before and after them."""

    def __init__(self, size: float) -> None:
        self._size = size
        self._rising = False
        self._low = np.inf
        self._high = -np.inf
        self._high_s = 0.0

    def see(self, time_s: float, value: float, *, peak: bool) -> list[float]:
        """Take the next extreme; return the peak that it confirms, if any."""
        if not self._rising:
            if not peak:
                self._low = min(self._low, value)
            elif value - self._low >= self._size:
                self._rising, self._high, self._high_s = True, value, time_s
            return []
        if peak and value > self._high:
            self._high, self._high_s = value, time_s
        elif not peak and self._high - value >= self._size:
            self._rising, self._low = False, value
            return [self._high_s]
        return []
