"""Contacts: initial and final contact of each foot, from pelvis and thighs.

A thigh that swings forward while the other does not is a step. Its foot has left the ground
shortly after the thigh's forward acceleration set in, and lands when the pelvis, pushed
forward by the other leg, begins to be braked.

* Final contact: 50 % of the rise of the thigh's flexion velocity, plus `FINAL_CONTACT_LAG_S`
  (measured on 24 legs of three studies against markers and force plates: −58 ± 6 ms,
  −65 ± 7 ms, −62 ± 12 ms; maximum of the velocity and peak extension scatter more).
* Initial contact: the zero crossing of the pelvis' forward acceleration from + to −
  (after Zijlstra and Hof 2003, Gait Posture 18:1), searched around the end of the swing.
  Against labelled foot contacts in 110 trials: +23 ± 43 ms. The thigh alone scatters by
  180 ms and is used only to say where to look.

Contract
--------
Input    Kinematic channels of consecutive grid points.
Output   `GaitEvent`s; per foot in time order.
Latency  Initial contact 40–250 ms, final contact one swing (0.4 s).
State    Four seconds of five signals, and one step a leg.
Gap      A swing with a missing sample gives no event.
Finish   A swing whose search window is still open is decided with what there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.filters import StreamFilter, bessel_low_pass, phase_delay_s
from pipeline.gait import FloatArray, GaitEvent, GaitEventKind
from pipeline.grid import GRID_RATE_HZ, GRID_STEP_S
from pipeline.stages.history import History
from pipeline.stages.kinematics import Channel
from recordings.placement import Side

FINAL_CONTACT_LAG_S = 0.060
MIN_SWING_RATE_RAD_S = 0.8
MIN_SWING_RANGE_RAD = np.deg2rad(9.0)
MIN_SWING_S, MAX_SWING_S = 0.15, 1.3
MAX_IN_PHASE = 0.35
"""The other thigh's mean rate in a swing, as a share of this one's; a squat has about 1."""

SEARCH_BEFORE_S, SEARCH_AFTER_S = 0.15, 0.28
"""Around peak thigh flexion: it precedes contact by −30…+150 ms between people."""

USUAL_OFFSET_S = 0.05
STRONG_SHARE = 0.6
"""A braking at least this sharp, against the usual one, is taken at once."""

MIN_BRAKING_M_S2 = 0.15
"""Smallest change of forward acceleration over 30 ms that counts as braking."""

MIN_STEP_APART_S = 0.25
"""Between contacts of different feet; a running step takes 0.3 s."""

_SIGNALS = 6
_PUSH, _FINE_LEFT, _FINE_RIGHT, _SMOOTH_LEFT, _SMOOTH_RIGHT, _KNOWN = range(_SIGNALS)
_HISTORY = 4 * GRID_RATE_HZ
_PUSH_FILTER = (4.5, 1.9)
_FINE_FILTER = (9.0, 1.5)
_SMOOTH_FILTER = (4.0, 1.0)
"""Cut-off of the Bessel low-pass and the frequency its delay is taken at, Hz."""


@dataclass(slots=True)
class _Leg:
    """Where one leg is in its step."""

    swing_start: int | None = None
    usual_rate_rad_s: float = 2.0
    usual_offset_s: float = USUAL_OFFSET_S
    search_from_s: float = np.nan
    peak_flexion_s: float = np.nan
    deadline: int | None = None
    last_contact_s: float = -np.inf


class Contacts:
    """Find the contacts of both feet."""

    def __init__(self) -> None:
        self._push_filter = StreamFilter(bessel_low_pass(_PUSH_FILTER[0]))
        self._fine_filter = StreamFilter(bessel_low_pass(_FINE_FILTER[0]), channels=2)
        self._smooth_filter = StreamFilter(bessel_low_pass(_SMOOTH_FILTER[0]), channels=2)
        self._push_delay_s = phase_delay_s(bessel_low_pass(_PUSH_FILTER[0]), _PUSH_FILTER[1])
        self._fine_delay_s = phase_delay_s(bessel_low_pass(_FINE_FILTER[0]), _FINE_FILTER[1])
        self._smooth_delay_s = phase_delay_s(bessel_low_pass(_SMOOTH_FILTER[0]), _SMOOTH_FILTER[1])
        self._history = History(_SIGNALS, _HISTORY)
        self._legs = {side: _Leg() for side in Side}
        self._brakings: list[tuple[float, float]] = []
        self._usual_braking = 1.0
        self._start: int | None = None

    def process(self, start: int, channels: FloatArray) -> list[GaitEvent]:
        """Events that became known with the grid points ``start, start + 1, …``."""
        if self._start is None:
            self._start = start
            self._history.begin(start)
        self._history.append(self._signals(channels))
        first = start - 1 if start > self._start else start
        return self._walk_through(first, start + channels.shape[1])

    def finish(self) -> list[GaitEvent]:
        """Decide the searches that are still open."""
        events = []
        for side, leg in self._legs.items():
            if leg.deadline is not None:
                events += self._decide(side, leg, final=True)
        return events

    def _signals(self, channels: FloatArray) -> FloatArray:
        out = np.empty((_SIGNALS, channels.shape[1]))
        rates = channels[[Channel.THIGH_RATE_LEFT, Channel.THIGH_RATE_RIGHT]]
        forward = channels[Channel.ACC_FORWARD]
        known = np.isfinite(rates).all(axis=0) & np.isfinite(forward)
        rates, forward = np.where(known, rates, 0.0), np.where(known, forward, 0.0)
        out[_PUSH] = self._push_filter(forward)
        out[_FINE_LEFT : _FINE_RIGHT + 1] = self._fine_filter(rates)
        out[_SMOOTH_LEFT : _SMOOTH_RIGHT + 1] = self._smooth_filter(rates)
        out[_KNOWN] = known
        return out

    def _walk_through(self, first: int, end: int) -> list[GaitEvent]:
        """Handle every crossing and deadline in the order of data time."""
        moments: list[tuple[int, int, Side | None]] = []
        push = self._history.get(_PUSH, first, end)
        moments += [(first + i, 0, None) for i in _downward(push)]
        for side, row in ((Side.LEFT, _SMOOTH_LEFT), (Side.RIGHT, _SMOOTH_RIGHT)):
            rate = self._history.get(row, first, end)
            moments += [(first + i, 1, side) for i in _downward(-rate)]
            moments += [(first + i, 2, side) for i in _downward(rate)]
        events: list[GaitEvent] = []
        for index, what, side in sorted(moments, key=lambda m: (m[0], m[1], m[2] or "")):
            events += self._expire(index)
            if what == 0:
                events += self._braking(index)
            elif what == 1:
                assert side is not None
                self._legs[side].swing_start = index
            else:
                assert side is not None
                events += self._swing_end(side, index)
        events += self._expire(end - 1)
        return events

    def _expire(self, index: int) -> list[GaitEvent]:
        events = []
        for side, leg in self._legs.items():
            if leg.deadline is not None and leg.deadline <= index:
                events += self._decide(side, leg, final=True)
        return events

    def _braking(self, index: int) -> list[GaitEvent]:
        push = self._history.get(_PUSH, max(index - 2, self._history.oldest), index + 2)
        before, after = push[-2], push[-1]
        time_s = (index + before / (before - after)) * GRID_STEP_S - self._push_delay_s
        # How sharply push turns into braking tells contact from the ripples of mid-swing.
        self._brakings.append((time_s, float(push[0] - push[-1])))
        del self._brakings[:-12]
        events = []
        for side, leg in self._legs.items():
            if leg.deadline is not None:
                events += self._decide(side, leg, final=False)
        return events

    def _swing_end(self, side: Side, index: int) -> list[GaitEvent]:
        leg = self._legs[side]
        start, leg.swing_start = leg.swing_start, None
        if start is None or start < self._history.oldest + 40:
            return []
        own, other = (
            (_SMOOTH_LEFT, _SMOOTH_RIGHT) if side is Side.LEFT else (_SMOOTH_RIGHT, _SMOOTH_LEFT)
        )
        rate = self._history.get(own, start, index + 1)
        duration_s = len(rate) * GRID_STEP_S
        swept = float(rate.sum()) * GRID_STEP_S
        together = float(self._history.get(other, start, index + 1).sum()) * GRID_STEP_S
        peak = float(rate.max())
        if not (
            MIN_SWING_S <= duration_s <= MAX_SWING_S
            and peak >= max(MIN_SWING_RATE_RAD_S, 0.35 * leg.usual_rate_rad_s)
            and swept >= MIN_SWING_RANGE_RAD
            and together < MAX_IN_PHASE * swept
            and self._history.get(_KNOWN, start - 20, index + 1).all()
        ):
            return []
        events = []
        if leg.deadline is not None:
            events += self._decide(side, leg, final=True)
        leg.usual_rate_rad_s += 0.2 * (peak - leg.usual_rate_rad_s)
        a, b = self._history.get(own, index, index + 2)
        leg.peak_flexion_s = (index + a / (a - b)) * GRID_STEP_S - self._smooth_delay_s
        leg.search_from_s = leg.peak_flexion_s - SEARCH_BEFORE_S
        leg.deadline = int(
            np.ceil((leg.peak_flexion_s + SEARCH_AFTER_S + self._push_delay_s) * GRID_RATE_HZ)
        )
        final_contact_s = self._final_contact_s(side, start, index)
        if final_contact_s is not None:
            events.append(GaitEvent(final_contact_s, GaitEventKind.FINAL_CONTACT, side))
        return events + self._decide(side, leg, final=False)

    def _final_contact_s(self, side: Side, start: int, end: int) -> float | None:
        row = _FINE_LEFT if side is Side.LEFT else _FINE_RIGHT
        first = max(start - 15, self._history.oldest)
        rate = self._history.get(row, first, end + 1)
        peak = int(np.argmax(rate))
        below = np.flatnonzero(rate[:peak] < 0.5 * rate[peak])
        if not len(below):
            return None
        i = int(below[-1])
        part = (0.5 * rate[peak] - rate[i]) / (rate[i + 1] - rate[i])
        return (first + i + part) * GRID_STEP_S - self._fine_delay_s + FINAL_CONTACT_LAG_S

    def _decide(self, side: Side, leg: _Leg, *, final: bool) -> list[GaitEvent]:
        """Take the best braking seen so far, if it is strong or time is up."""
        expected_s = leg.peak_flexion_s + leg.usual_offset_s
        earliest_s = max(
            leg.search_from_s,
            leg.last_contact_s + 2 * MIN_STEP_APART_S,
            self._legs[side.other].last_contact_s + MIN_STEP_APART_S,
        )
        best, best_score = None, -np.inf
        for time_s, sharpness in self._brakings:
            if not earliest_s <= time_s <= leg.peak_flexion_s + SEARCH_AFTER_S:
                continue
            score = sharpness / self._usual_braking - abs(time_s - expected_s) / 0.2
            if sharpness >= MIN_BRAKING_M_S2 and score > best_score:
                best, best_score = (time_s, sharpness), score
        if best is not None and (final or best[1] >= STRONG_SHARE * self._usual_braking):
            time_s, sharpness = best
            self._usual_braking += 0.1 * (sharpness - self._usual_braking)
            offset_s = time_s - leg.peak_flexion_s
            leg.usual_offset_s += 0.2 * (offset_s - leg.usual_offset_s)
            return self._contact(side, leg, time_s, certain=True)
        if not final:
            return []
        if expected_s < earliest_s:
            leg.deadline = None
            return []
        return self._contact(side, leg, expected_s, certain=False)

    @staticmethod
    def _contact(side: Side, leg: _Leg, time_s: float, *, certain: bool) -> list[GaitEvent]:
        leg.deadline = None
        leg.last_contact_s = time_s
        return [GaitEvent(time_s, GaitEventKind.INITIAL_CONTACT, side, certain)]


def _downward(x: FloatArray) -> list[int]:
    """Positions i with ``x[i] > 0 >= x[i + 1]``."""
    return np.flatnonzero((x[:-1] > 0) & (x[1:] <= 0)).tolist()
