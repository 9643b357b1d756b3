"""Contacts: initial and final contact of each foot, from pelvis and thighs.

A thigh that swings forward while the other does not is a step. Its foot has left the ground
shortly after the thigh's forward acceleration set in, and lands when the pelvis, pushed
forward by the other leg, begins to be braked.

* Final contact: see `leaving`. Where a shank sensor is worn, a swing is one of the whole leg:
  a knee that comes back from past straight swings the thigh while the foot stands.
* Initial contact: see `landing`; where a shank sensor is worn, from the end of its swing. The
  thigh alone scatters by 180 ms and is used only to say where to look.

Contract
--------
Input    Kinematic channels of consecutive grid points.
Output   `GaitEvent`s; per foot in time order.
Latency  Initial contact 40–450 ms, final contact one swing (0.4 s).
State    Four seconds of eleven signals, one step a leg, and what was felt lately: a dozen
         brakings of the last eight seconds, peak rates and delays of the last five swings.
Gap      A swing with a missing sample gives no event. Contacts from two seconds after a gap
         on are those of the undisturbed walk.
Finish   A swing whose search window is still open is decided with what there is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pipeline.filters import StreamFilter, bessel_low_pass, phase_delay_s
from pipeline.gait import FloatArray, GaitEvent, GaitEventKind
from pipeline.grid import GRID_RATE_HZ, GRID_STEP_S
from pipeline.stages.history import History
from pipeline.stages.kinematics import Channel
from pipeline.stages.landing import (
    SEARCH_AFTER_S,
    Brakings,
    LandingJudge,
    Swing,
)
from pipeline.stages.leaving import Leaving
from recordings.placement import Side

MIN_SWING_RATE_RAD_S = 0.8
MIN_SWING_RANGE_RAD = np.deg2rad(9.0)
MIN_SWING_SHARE = 0.35
"""Of the usual peak rate; less is a foot that is put right."""

MIN_SWING_S, MAX_SWING_S = 0.15, 1.3
MAX_IN_PHASE = 0.35
"""The other thigh's mean rate in a swing, as a share of this one's; a squat has about 1."""

SWINGS_REMEMBERED = 5
"""Of these swings of a leg the median peak rate is the usual one."""

MIN_STEP_APART_S = 0.25
"""Between contacts of different feet; a running step takes 0.3 s."""

MIN_LEG_SWING_RAD_S = 1.2
MIN_LEG_SWING_RAD = np.deg2rad(20.0)
"""A swing forward of thigh and shank, their rates added; after landing they only tremble."""

MIN_SHANK_SWING_RAD = np.deg2rad(11.0)
"""Of it the shank's share; where the thigh lifts a bending knee the foot is yet to leave."""

(
    _FINE_LEFT,
    _FINE_RIGHT,
    _KNOWN,
    _PUSH,
    _LIFT,
    _SMOOTH_LEFT,
    _SMOOTH_RIGHT,
    _LEG_LEFT,
    _LEG_RIGHT,
    _SHANK_LEFT,
    _SHANK_RIGHT,
    _LEG_KNOWN_LEFT,
    _LEG_KNOWN_RIGHT,
) = range(13)
"""Signals; the last six only where shanks are worn. Leg: thigh and shank rate added, which is
how fast the foot moves forward of the hip."""
_FINE = {Side.LEFT: _FINE_LEFT, Side.RIGHT: _FINE_RIGHT}
_SMOOTH = {Side.LEFT: _SMOOTH_LEFT, Side.RIGHT: _SMOOTH_RIGHT}
_LEG = {Side.LEFT: _LEG_LEFT, Side.RIGHT: _LEG_RIGHT}
_SHANK = {Side.LEFT: _SHANK_LEFT, Side.RIGHT: _SHANK_RIGHT}
_LEG_KNOWN = {Side.LEFT: _LEG_KNOWN_LEFT, Side.RIGHT: _LEG_KNOWN_RIGHT}
_HISTORY = 4 * GRID_RATE_HZ
_SLOW_SWING = GRID_RATE_HZ // 2
"""How much longer a leg that still swings is waited for."""

_LONGEST_LEG_SWING = 2 * GRID_RATE_HZ
_HESITATION = 15
"""Grid points for which a leg may pause in its swing."""

_SLOW_HZ, _FAST_HZ = 4.5, 9.0
"""Cut-offs of the Bessel low-passes: of the pelvis and of whole swings; of their details."""

_PUSH_HZ, _SWING_HZ = 1.9, 1.2
"""Where the signals have most of their power: the delay of a filter is taken there."""


@dataclass(slots=True)
class _Leg:
    """Where one leg is in its step."""

    judge: LandingJudge
    leaving: Leaving
    swing_start: int | None = None
    leg_start: int | None = None
    leg_began: int = 0
    """As `leg_start`, but the first of a swing that hesitates."""
    leg_ended: int = -GRID_RATE_HZ
    leg_swing: tuple[int, int] | None = None
    """Where the leg, thigh and shank together, last swung forward."""
    peak_rates_rad_s: deque[float] = field(
        default_factory=lambda: deque((2.0,) * SWINGS_REMEMBERED, SWINGS_REMEMBERED)
    )
    swing: Swing | None = None
    deadline: int = 0
    slow_deadline: int = 0
    """The latest deadline, where the leg still swings at the usual one."""
    last_contact_s: float = -np.inf
    last_leave_s: float = -np.inf


class Contacts:
    """Find the contacts of both feet.

    Parameters
    ----------
    shanks : collection of Side
        Legs that carry a shank sensor.
    """

    def __init__(self, shanks: Collection[Side] = ()) -> None:
        slow, fast = bessel_low_pass(_SLOW_HZ), bessel_low_pass(_FAST_HZ)
        self._has_shanks = bool(shanks)
        self._slow_filter = StreamFilter(slow, channels=8 if shanks else 4)
        self._fast_filter = StreamFilter(fast, channels=2)
        self._push_delay_s = phase_delay_s(slow, _PUSH_HZ)
        self._smooth_delay_s = phase_delay_s(slow, _SWING_HZ)
        self._history = History(_LEG_KNOWN_RIGHT + 1 if shanks else _LEG_LEFT, _HISTORY)
        delays_s = phase_delay_s(fast, _SWING_HZ), self._smooth_delay_s
        self._legs = {}
        for side in Side:
            leaving = Leaving(self._history, _FINE[side], _LEG[side], _SHANK[side], *delays_s)
            self._legs[side] = _Leg(LandingJudge(side in shanks), leaving)
        self._brakings = Brakings()
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
            events += self._decide(side, leg, self._history.end - 1, final=True)
        return events

    def _signals(self, channels: FloatArray) -> FloatArray:
        body = channels[[Channel.ACC_FORWARD, Channel.ACC_UP]]
        rates = channels[[Channel.THIGH_RATE_LEFT, Channel.THIGH_RATE_RIGHT]]
        known = np.asarray(np.isfinite(rates).all(axis=0) & np.isfinite(body).all(axis=0))
        if not known.all():
            rates, body = np.where(known, rates, 0.0), np.where(known, body, 0.0)
        if not self._has_shanks:
            slow = self._slow_filter(np.concatenate((body, rates)))
            flags = known[np.newaxis].astype(np.float64)
            return np.concatenate((self._fast_filter(rates), flags, slow))
        shanks = channels[[Channel.SHANK_RATE_LEFT, Channel.SHANK_RATE_RIGHT]]
        legs_known = np.isfinite(shanks) & known
        legs = shanks + rates
        if not legs_known.all():
            shanks, legs = np.where(legs_known, shanks, 0.0), np.where(legs_known, legs, 0.0)
        slow = self._slow_filter(np.concatenate((body, rates, legs, shanks)))
        flags = np.concatenate((known[np.newaxis], legs_known)).astype(np.float64)
        return np.concatenate((self._fast_filter(rates), flags[:1], slow, flags[1:]))

    def _walk_through(self, first: int, end: int) -> list[GaitEvent]:
        """Handle every crossing and deadline in the order of data time."""
        moments: list[tuple[int, int, Side | None]] = []
        rows = slice(_PUSH, _LEG_RIGHT + 1 if self._has_shanks else _LEG_LEFT)
        signals = self._history.get(rows, first, end)
        above, below = signals > 0.0, signals < 0.0
        rises = _positions(below[:, :-1] & ~below[:, 1:], first)
        falls = _positions(above[:, :-1] & ~above[:, 1:], first)
        moments += [(i, 0, None) for i in falls[0]]
        for side in Side:
            moments += [(i, 1, side) for i in rises[_SMOOTH[side] - _PUSH]]
            moments += [(i, 2, side) for i in falls[_SMOOTH[side] - _PUSH]]
            if self._has_shanks:
                moments += [(i, 3, side) for i in rises[_LEG[side] - _PUSH]]
                moments += [(i, 4, side) for i in falls[_LEG[side] - _PUSH]]
        events: list[GaitEvent] = []
        for index, what, side in sorted(moments, key=lambda m: (m[0], m[1], m[2] or "")):
            events += self._expire(index)
            if side is None:
                events += self._braking(index)
            elif what == 1:
                self._legs[side].swing_start = index
            elif what == 2:
                events += self._swing_end(side, index)
            elif what == 3:
                leg = self._legs[side]
                if index - leg.leg_ended > _HESITATION:
                    leg.leg_began = index
                leg.leg_start = index
            else:
                events += self._leg_end(side, index)
        events += self._expire(end - 1)
        return events

    def _expire(self, index: int) -> list[GaitEvent]:
        events = []
        for side, leg in self._legs.items():
            if leg.swing is None or leg.deadline > index:
                continue
            if self._still_swings(leg, leg.deadline):
                leg.deadline = leg.slow_deadline
                if leg.deadline > index:
                    continue
            events += self._decide(side, leg, leg.deadline, final=True)
        return events

    def _still_swings(self, leg: _Leg, index: int) -> bool:
        """Whether the leg still comes forward: a foot in the air, however long that takes."""
        return leg.leg_start is not None and index < leg.slow_deadline

    def _braking(self, index: int) -> list[GaitEvent]:
        push = self._history.get(_PUSH, max(index - 2, self._history.oldest), index + 2)
        before, after = push[-2], push[-1]
        time_s = (index + before / (before - after)) * GRID_STEP_S - self._push_delay_s
        # How sharply push turns into braking tells contact from the ripples of mid-swing.
        self._brakings.add(time_s, float(push[0] - push[-1]))
        events = []
        for side, leg in self._legs.items():
            events += self._decide(side, leg, index, final=False)
        return events

    def _leg_end(self, side: Side, index: int) -> list[GaitEvent]:
        leg = self._legs[side]
        start, leg.leg_start = leg.leg_start, None
        leg.leg_ended = index
        if start is None or start < self._history.oldest + 20:
            return []
        rate = self._history.get(_LEG[side], start, index + 2)
        shank = self._history.get(_SHANK[side], start, index + 1)
        if not (
            np.maximum.reduce(rate) >= MIN_LEG_SWING_RAD_S
            and np.add.reduce(rate) * GRID_STEP_S >= MIN_LEG_SWING_RAD
            and np.add.reduce(shank) * GRID_STEP_S >= MIN_SHANK_SWING_RAD
            and self._leg_is_known(side, start - 20, index + 1)
        ):
            return []
        leg.leg_swing = (leg.leg_began, index)
        before, after = rate[-2], rate[-1]
        time_s = (index + before / (before - after)) * GRID_STEP_S - self._smooth_delay_s
        leg.judge.leg_ends.append(float(time_s))
        return self._decide(side, leg, index, final=leg.deadline == leg.slow_deadline)

    def _swing_end(self, side: Side, index: int) -> list[GaitEvent]:
        leg = self._legs[side]
        start, leg.swing_start = leg.swing_start, None
        if start is None or start < self._history.oldest + 40:
            return []
        own, other = _SMOOTH[side], _SMOOTH[side.other]
        if not MIN_SWING_S <= (index + 1 - start) * GRID_STEP_S <= MAX_SWING_S:
            return []
        rate = self._history.get(own, start, index + 1)
        swept = float(np.add.reduce(rate)) * GRID_STEP_S
        together = float(np.add.reduce(self._history.get(other, start, index + 1))) * GRID_STEP_S
        peak = float(np.maximum.reduce(rate))
        if not (
            peak >= MIN_SWING_RATE_RAD_S
            and swept >= MIN_SWING_RANGE_RAD
            and together < MAX_IN_PHASE * swept
            and np.minimum.reduce(self._history.get(_KNOWN, start - 20, index + 1)) > 0.0
        ):
            return []
        began: int | None = None
        if self._leg_is_known(side, start - 20, index + 1):
            if np.maximum.reduce(self._history.get(_LEG[side], start, index + 1)) <= 0.0:
                # The foot stays behind: a knee comes back from past straight.
                return []
            began = self._leg_began(side, start, index)
        usual = median(leg.peak_rates_rad_s)
        leg.peak_rates_rad_s.append(peak)
        if peak < MIN_SWING_SHARE * usual:
            return []
        if leg.swing is not None and self._still_swings(leg, index):
            # The thigh hesitated, but the foot did not come down: one swing in two parts.
            leg.swing = None
        events = self._decide(side, leg, index, final=True)
        a, b = self._history.get(own, index, index + 2)
        peak_flexion_s = (index + a / (a - b)) * GRID_STEP_S - self._smooth_delay_s
        leg.swing = Swing(peak_flexion_s, leg.last_contact_s + 2 * MIN_STEP_APART_S)
        leg.deadline = int(
            np.ceil((peak_flexion_s + SEARCH_AFTER_S + self._push_delay_s) * GRID_RATE_HZ)
        )
        leg.slow_deadline = leg.deadline + (_SLOW_SWING if leg.judge.has_shank else 0)
        final_contact_s = leg.leaving.final_contact_s(start, index, began)
        # A swing that hesitates rises twice, but a foot leaves the ground only once.
        apart = 2 * MIN_STEP_APART_S
        if final_contact_s is not None and final_contact_s - leg.last_leave_s >= apart:
            leg.last_leave_s = final_contact_s
            events.append(GaitEvent(final_contact_s, GaitEventKind.FINAL_CONTACT, side))
        return events + self._decide(side, leg, index, final=False)

    def _leg_is_known(self, side: Side, first: int, end: int) -> bool:
        if not self._legs[side].judge.has_shank:
            return False
        return bool(np.minimum.reduce(self._history.get(_LEG_KNOWN[side], first, end)) > 0.0)

    def _leg_began(self, side: Side, start: int, end: int) -> int | None:
        """Where the whole leg began its swing in that of its thigh; None if it hardly swings."""
        leg = self._legs[side]
        began = leg.leg_began
        if leg.leg_start is not None and end - began <= _LONGEST_LEG_SWING:
            swept = np.add.reduce(self._history.get(_LEG[side], began, end + 1)) * GRID_STEP_S
            known_from = max(began - 20, self._history.oldest)
            if swept >= MIN_LEG_SWING_RAD and self._leg_is_known(side, known_from, end + 1):
                return began
        if leg.leg_swing is not None:
            began, ended = leg.leg_swing
            if ended > start and end - began <= _LONGEST_LEG_SWING:
                return began
        return None

    def _decide(self, side: Side, leg: _Leg, now: int, *, final: bool) -> list[GaitEvent]:
        """Ask where the open swing of a leg has landed, from what was felt until `now`."""
        swing = leg.swing
        if swing is None:
            return []
        after_other_s = self._legs[side.other].last_contact_s + MIN_STEP_APART_S
        swing.earliest_s = max(swing.earliest_s, after_other_s)
        lift_s = self._lift_s(swing, now) if final else None
        landing = leg.judge.judge(swing, self._brakings, lift_s, final=final)
        if landing is None:
            if final:
                leg.swing = None
            return []
        leg.swing = None
        leg.last_contact_s = landing.time_s
        kind = GaitEventKind.INITIAL_CONTACT
        return [GaitEvent(landing.time_s, kind, side, landing.certain)]

    def _lift_s(self, swing: Swing, now: int) -> float | None:
        """When the pelvis is pushed up hardest around the end of a swing."""
        delay = self._push_delay_s
        first = int((swing.peak_flexion_s - 0.05 + delay) * GRID_RATE_HZ)
        end = int((swing.peak_flexion_s + SEARCH_AFTER_S + delay) * GRID_RATE_HZ)
        # Not to the end of what is held: that depends on how the stream was cut.
        first, end = max(first, self._history.oldest), min(end, now + 1)
        if end - first < 10:
            return None
        lift = self._history.get(_LIFT, first, end)
        return (first + int(np.argmax(lift))) * GRID_STEP_S - delay


def _positions(flags: NDArray[np.bool_], first: int) -> list[list[int]]:
    """Grid indices of the flags that are set, row by row."""
    found: list[list[int]] = [[] for _ in flags]
    for row, i in np.argwhere(flags).tolist():
        found[row].append(first + i)
    return found
