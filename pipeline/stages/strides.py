"""Strides: contacts and kinematics → gait cycles with their curves, bouts, exclusions.

Contract
--------
Input    Smoothed kinematic channels of consecutive grid points (they may lag behind), the
         contacts found so far, spans that the wearer excluded.
Output   `Stride`s in the order of their end, final: nothing about them changes later.
Latency  Two further contacts (about one stride), because a stride before a stop does not
         count as steady; at a stop `BOUT_END_S` and the latency of contacts.
State    Ten seconds of channels, the contacts of the strides that are not final, a few
         medians.
Gap      A contact is never found in a gap; a bout ends there. The wearer walked on, so the
         strides beside the gap do not count as those of a start or a stop.
Finish   Closes the bout; its last strides become final.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from pipeline.gait import Curve, Exclusion, FloatArray, GaitEvent, GaitEventKind, Stride
from pipeline.grid import GRID_RATE_HZ
from pipeline.spans import Spans
from pipeline.stages.cycles import Cycle, cut_around, cut_cycles
from pipeline.stages.history import History
from pipeline.stages.kinematics import CHANNELS
from recordings.placement import Side

BOUT_END_S = 1.6
"""No contact for this long ends a bout: the slowest step that is scored takes 1.2 s."""

EVENT_LATENCY_S = 0.6
"""A contact is told at most this long after it happened: only then is it sure there is none."""

MIN_STRIDE_S, MAX_STRIDE_S = 0.5, 2.8
EDGE_CONTACTS = 2
"""Strides that begin with the first, or end with the last, contacts of a bout are left out."""

TURN_DEG = 20.0
"""Change of heading over a stride that makes it part of a turn."""

RUNNING_STANCE = 0.46
"""Share of the stride on the ground below which it is a running one (walking: 0.56–0.68,
known to ±0.04)."""

IRREGULAR_TIME = 0.25
IRREGULAR_RANGE = 0.35
"""Relative distance from the median of the last strides of the same leg in the bout."""

_RECENT = 9
_HISTORY = 10 * GRID_RATE_HZ


@dataclass(slots=True)
class _Pending:
    """The contacts of a stride that is not final yet."""

    side: Side
    first: GaitEvent
    last: GaitEvent
    opposite_contact: GaitEvent
    opposite_leave: GaitEvent | None
    leave: GaitEvent | None
    first_number: int
    """Position of `first` among the contacts of the bout; `last` is two further on."""
    bout: int
    after_start: bool
    before_stop: bool = False

    @property
    def start_s(self) -> float:
        return self.first.time_s

    @property
    def end_s(self) -> float:
        return self.last.time_s


@dataclass(slots=True)
class _Bout:
    index: int
    from_standing: bool = True
    """False if the bout before it was only interrupted."""
    contacts: int = 0
    last_side: Side | None = None
    last_time_s: float = -np.inf


class StrideBuilder:
    """Cut the walk into strides.

    Parameters
    ----------
    epoch : int
        Calibration epoch that the strides belong to.
    spans : Spans
        Excluded stretches and tasks.
    """

    def __init__(self, epoch: int, spans: Spans) -> None:
        self._epoch = epoch
        self._spans = spans
        self._history = History(CHANNELS, _HISTORY)
        self._started = False
        self._contacts: dict[Side, deque[GaitEvent]] = {s: deque(maxlen=4) for s in Side}
        self._leaves: dict[Side, deque[GaitEvent]] = {s: deque(maxlen=4) for s in Side}
        self._pending: list[_Pending] = []
        self._bout = _Bout(-1)
        self._recent: dict[Side, deque[tuple[float, float]]] = {
            s: deque(maxlen=_RECENT) for s in Side
        }
        self._recent_bout = self._bout.index

    def process(
        self, start: int, channels: FloatArray, events: Sequence[GaitEvent]
    ) -> list[Stride]:
        """Take grid points and the events that became known with them."""
        if not self._started:
            self._history.begin(start)
            self._started = True
        self._history.append(channels)
        closed: list[_Pending] = []
        for event in events:
            assert event.side is not None
            if event.kind is GaitEventKind.FINAL_CONTACT:
                self._leaves[event.side].append(event)
            else:
                closed += self._contact(event, event.side)
        now_s = (start + channels.shape[1]) / GRID_RATE_HZ
        if now_s - self._bout.last_time_s > BOUT_END_S + EVENT_LATENCY_S:
            closed += self._end_bout()
        return self._make(closed)

    def finish(self) -> list[Stride]:
        return self._make(self._end_bout())

    def _contact(self, event: GaitEvent, side: Side) -> list[_Pending]:
        """The strides that are closed by an initial contact."""
        closed: list[_Pending] = []
        bout = self._bout
        broken = (
            event.time_s - bout.last_time_s > BOUT_END_S
            or side is bout.last_side
            or event.time_s <= bout.last_time_s
        )
        if broken:
            walked_on = 0.0 < event.time_s - bout.last_time_s <= BOUT_END_S
            closed += self._end_bout(stopped=not walked_on)
            self._bout = bout = _Bout(bout.index + 1, from_standing=not walked_on)
        bout.contacts += 1
        bout.last_side, bout.last_time_s = side, event.time_s
        number = bout.contacts
        if not broken and self._contacts[side] and number > 2:
            self._open(self._contacts[side][-1], event, side, number - 2)
        self._contacts[side].append(event)
        while self._pending and self._pending[0].first_number + 2 <= number - EDGE_CONTACTS:
            closed.append(self._pending.pop(0))
        return closed

    def _end_bout(self, *, stopped: bool = True) -> list[_Pending]:
        """The strides that are still open; the last of them may lead to a stop."""
        last = self._bout.contacts
        closed = self._pending
        for pending in closed:
            pending.before_stop = stopped and pending.first_number + 2 > last - EDGE_CONTACTS
        self._pending = []
        self._bout = _Bout(self._bout.index, last_side=None, last_time_s=-np.inf)
        return closed

    def _open(self, first: GaitEvent, last: GaitEvent, side: Side, first_number: int) -> None:
        """Keep the contacts of a stride until it is final."""
        start_s, end_s = first.time_s, last.time_s
        opposite_contact = _only(self._contacts[side.other], start_s, end_s)
        if opposite_contact is None or not MIN_STRIDE_S <= end_s - start_s <= MAX_STRIDE_S:
            return
        opposite_leave = _only(self._leaves[side.other], start_s, end_s)
        leave = _only(self._leaves[side], start_s, end_s)
        self._pending.append(
            _Pending(
                side,
                first,
                last,
                opposite_contact,
                opposite_leave,
                leave,
                first_number,
                self._bout.index,
                after_start=self._bout.from_standing and first_number <= EDGE_CONTACTS,
            )
        )

    def _make(self, closed: list[_Pending]) -> list[Stride]:
        """The strides of some contacts, but for those whose samples are not all there.

        All together: the numpy calls of one cost as much as those of a hundred.
        """
        cuts = [cut_around(p.side, p.start_s, p.end_s) for p in closed]
        held = [
            (pending, cut)
            for pending, cut in zip(closed, cuts, strict=True)
            if cut.first >= self._history.oldest and cut.end <= self._history.end
        ]
        if not held:
            return []
        first = min(cut.first for _, cut in held)
        end = max(cut.end for _, cut in held)
        cycles = cut_cycles(
            self._history.get(slice(None), first, end), first, [cut for _, cut in held]
        )
        return [
            self._stride(pending, cycle)
            for (pending, _), cycle in zip(held, cycles, strict=True)
            # Nothing can be said of a leg whose own motion is not known.
            if Curve.THIGH_INCLINATION in cycle.curves
        ]

    def _stride(self, pending: _Pending, cycle: Cycle) -> Stride:
        opposite_leave, leave = pending.opposite_leave, pending.leave
        return Stride(
            side=pending.side,
            start_s=pending.start_s,
            opposite_final_contact_s=opposite_leave.time_s if opposite_leave else np.nan,
            opposite_initial_contact_s=pending.opposite_contact.time_s,
            final_contact_s=leave.time_s if leave else np.nan,
            end_s=pending.end_s,
            bout=pending.bout,
            epoch=self._epoch,
            exclusions=tuple(self._exclusions(pending, cycle)),
            bridged_fraction=cycle.bridged_fraction,
            heading_change_deg=cycle.heading_change_deg,
            curves=cycle.curves,
            posture=cycle.posture,
        )

    def _exclusions(self, pending: _Pending, cycle: Cycle) -> Iterator[Exclusion]:
        start_s, end_s = pending.start_s, pending.end_s
        opposite_leave, leave = pending.opposite_leave, pending.leave
        if pending.after_start:
            yield Exclusion.START
        if pending.before_stop:
            yield Exclusion.STOP
        if abs(cycle.heading_change_deg) > TURN_DEG:
            yield Exclusion.TURN
        contacts = (pending.first, pending.last, pending.opposite_contact)
        in_order = (
            opposite_leave is not None
            and leave is not None
            and opposite_leave.time_s < pending.opposite_contact.time_s < leave.time_s
        )
        if not (in_order and all(contact.certain for contact in contacts)):
            yield Exclusion.UNCERTAIN_CONTACT
        if leave is not None and leave.time_s - start_s < RUNNING_STANCE * (end_s - start_s):
            yield Exclusion.RUNNING
        if self._irregular(pending, cycle.thigh_range_deg):
            yield Exclusion.IRREGULAR
        if self._spans.excluded(start_s, end_s):
            yield Exclusion.EXCLUDED_SPAN
        if self._spans.other_task(start_s, end_s):
            yield Exclusion.NOT_WALKING_TASK

    def _irregular(self, pending: _Pending, thigh_range_deg: float) -> bool:
        if pending.bout != self._recent_bout:
            self._recent_bout = pending.bout
            for recent in self._recent.values():
                recent.clear()
        time_s = pending.end_s - pending.start_s
        recent = self._recent[pending.side]
        irregular = False
        if len(recent) >= 3:
            usual_time, usual_range = (median(x) for x in zip(*recent, strict=True))
            irregular = (
                abs(time_s / usual_time - 1.0) > IRREGULAR_TIME
                or abs(thigh_range_deg / usual_range - 1.0) > IRREGULAR_RANGE
            )
        recent.append((time_s, thigh_range_deg))
        return irregular


def _only(events: deque[GaitEvent], start_s: float, end_s: float) -> GaitEvent | None:
    """The one event inside a stride; None if there is none or more than one."""
    inside = [event for event in events if start_s < event.time_s < end_s]
    return inside[0] if len(inside) == 1 else None
