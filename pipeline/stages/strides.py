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
from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, ceil, degrees, floor, isfinite
from statistics import median

import numpy as np

from pipeline.gait import (
    CYCLE_POINTS,
    Curve,
    Exclusion,
    FloatArray,
    GaitEvent,
    GaitEventKind,
    Posture,
    Stride,
)
from pipeline.grid import GRID_RATE_HZ
from pipeline.spans import Spans
from pipeline.stages.history import History
from pipeline.stages.kinematics import CHANNELS, Channel
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
    after_start: bool


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

    def process(
        self, start: int, channels: FloatArray, events: Sequence[GaitEvent]
    ) -> list[Stride]:
        """Take grid points and the events that became known with them."""
        if not self._started:
            self._history.begin(start)
            self._started = True
        self._history.append(channels)
        final: list[Stride] = []
        for event in events:
            assert event.side is not None
            if event.kind is GaitEventKind.FINAL_CONTACT:
                self._leaves[event.side].append(event)
            else:
                final += self._contact(event, event.side)
        now_s = (start + channels.shape[1]) / GRID_RATE_HZ
        if now_s - self._bout.last_time_s > BOUT_END_S + EVENT_LATENCY_S:
            final += self._end_bout()
        return final

    def finish(self) -> list[Stride]:
        return self._end_bout()

    def _contact(self, event: GaitEvent, side: Side) -> list[Stride]:
        final: list[Stride] = []
        bout = self._bout
        broken = (
            event.time_s - bout.last_time_s > BOUT_END_S
            or side is bout.last_side
            or event.time_s <= bout.last_time_s
        )
        if broken:
            walked_on = 0.0 < event.time_s - bout.last_time_s <= BOUT_END_S
            final += self._end_bout(stopped=not walked_on)
            self._bout = bout = _Bout(bout.index + 1, from_standing=not walked_on)
            for recent in self._recent.values():
                recent.clear()
        bout.contacts += 1
        bout.last_side, bout.last_time_s = side, event.time_s
        number = bout.contacts
        if not broken and self._contacts[side] and number > 2:
            self._open(self._contacts[side][-1], event, side, number - 2)
        self._contacts[side].append(event)
        while self._pending and self._pending[0].first_number + 2 <= number - EDGE_CONTACTS:
            final += self._close(self._pending.pop(0), before_stop=False)
        return final

    def _end_bout(self, *, stopped: bool = True) -> list[Stride]:
        """Make the strides that are pending; the last of them may lead to a stop."""
        last = self._bout.contacts
        final: list[Stride] = []
        for pending in self._pending:
            before_stop = stopped and pending.first_number + 2 > last - EDGE_CONTACTS
            final += self._close(pending, before_stop=before_stop)
        self._pending.clear()
        self._bout = _Bout(self._bout.index, last_side=None, last_time_s=-np.inf)
        return final

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
                after_start=self._bout.from_standing and first_number <= EDGE_CONTACTS,
            )
        )

    def _close(self, pending: _Pending, *, before_stop: bool) -> list[Stride]:
        """Make the stride of some contacts; none if its samples are not all there."""
        side, first, last = pending.side, pending.first, pending.last
        opposite_contact, opposite_leave = pending.opposite_contact, pending.opposite_leave
        leave = pending.leave
        start_s, end_s = first.time_s, last.time_s
        curves = self._curves(start_s, end_s, side)
        if curves is None:
            return []
        exclusions: list[Exclusion] = []
        if pending.after_start:
            exclusions.append(Exclusion.START)
        if before_stop:
            exclusions.append(Exclusion.STOP)
        turned = self._turned_deg(start_s, end_s)
        if abs(turned) > TURN_DEG:
            exclusions.append(Exclusion.TURN)
        in_order = (
            opposite_leave is not None
            and leave is not None
            and opposite_leave.time_s < opposite_contact.time_s < leave.time_s
        )
        if not (first.certain and last.certain and opposite_contact.certain and in_order):
            exclusions.append(Exclusion.UNCERTAIN_CONTACT)
        if leave is not None and leave.time_s - start_s < RUNNING_STANCE * (end_s - start_s):
            exclusions.append(Exclusion.RUNNING)
        if self._irregular(side, end_s - start_s, curves):
            exclusions.append(Exclusion.IRREGULAR)
        if self._spans.excluded(start_s, end_s):
            exclusions.append(Exclusion.EXCLUDED_SPAN)
        if self._spans.other_task(start_s, end_s):
            exclusions.append(Exclusion.NOT_WALKING_TASK)
        bridged = self._history.get(Channel.BRIDGED, *_indices(start_s, end_s))
        stride = Stride(
            side=side,
            start_s=start_s,
            opposite_final_contact_s=opposite_leave.time_s if opposite_leave else np.nan,
            opposite_initial_contact_s=opposite_contact.time_s,
            final_contact_s=leave.time_s if leave else np.nan,
            end_s=end_s,
            bout=self._bout.index,
            epoch=self._epoch,
            exclusions=tuple(exclusions),
            bridged_fraction=float(bridged.sum()) / len(bridged),
            heading_change_deg=turned,
            curves=curves,
            posture=self._posture(start_s, end_s, side),
        )
        return [stride]

    def _posture(self, start_s: float, end_s: float, side: Side) -> dict[Posture, float]:
        data = self._history.get(slice(None), *_indices(start_s, end_s))
        rate = data[Channel.THIGH_RATE_LEFT.of(side)]
        cross = data[Channel.THIGH_CROSS_RATE_LEFT.of(side)]
        axis = 0.5 * atan2(2.0 * float(rate @ cross), float(rate @ rate - cross @ cross))
        means = np.add.reduce(data[_POSTURE_ROWS[side]], axis=1) / data.shape[1]
        found: dict[Posture, float] = dict(zip(_POSTURES, np.rad2deg(means).tolist(), strict=True))
        found[Posture.THIGH_AXIS] = degrees(axis)
        return {name: x for name, x in found.items() if isfinite(x)}

    def _irregular(self, side: Side, time_s: float, curves: dict[Curve, FloatArray]) -> bool:
        thigh = curves[Curve.THIGH_INCLINATION]
        sweep = float(thigh.max() - thigh.min())
        recent = self._recent[side]
        irregular = False
        if len(recent) >= 3:
            usual_time, usual_sweep = (median(x) for x in zip(*recent, strict=True))
            irregular = (
                abs(time_s / usual_time - 1.0) > IRREGULAR_TIME
                or abs(sweep / usual_sweep - 1.0) > IRREGULAR_RANGE
            )
        recent.append((time_s, sweep))
        return irregular

    def _turned_deg(self, start_s: float, end_s: float) -> float:
        first, last = _indices(start_s, end_s)
        heading = self._history.get(Channel.PELVIS_HEADING, first, last)
        return float(np.rad2deg(heading[-1] - heading[0]))

    def _curves(self, start_s: float, end_s: float, side: Side) -> dict[Curve, FloatArray] | None:
        first, last = _indices(start_s, end_s)
        if first < self._history.oldest or last > self._history.end:
            return None
        position = (start_s * GRID_RATE_HZ - first) + _CYCLE * ((end_s - start_s) * GRID_RATE_HZ)
        left = np.minimum(position.astype(np.intp), last - first - 2)
        weight = position - left
        data = self._history.get(slice(None), first, last)[_CURVE_ROWS[side]]
        before = data.take(left, axis=1)
        cycle = before + weight * (data.take(left + 1, axis=1) - before)
        cycle *= _CURVE_SCALES[side]
        # Pelvis rotation is seen within the stride: without its drift and its mean.
        turning = cycle[_ROTATION_ROW]
        turning -= _CYCLE * (turning[-1] - turning[0])
        turning -= turning[:-1].sum() / (CYCLE_POINTS - 1)
        known = np.asarray(np.isfinite(cycle).all(axis=1))
        curves = {name: row for name, row, ok in zip(_CURVES, cycle, known, strict=True) if ok}
        return curves if Curve.THIGH_INCLINATION in curves else None


_CYCLE = np.linspace(0.0, 1.0, CYCLE_POINTS)
_DEG = 180.0 / np.pi
_CURVE_SOURCES: tuple[tuple[Curve, Channel, bool, float], ...] = (
    (Curve.PELVIS_TILT, Channel.PELVIS_TILT, False, _DEG),
    (Curve.PELVIS_OBLIQUITY, Channel.PELVIS_OBLIQUITY, True, _DEG),
    (Curve.PELVIS_ROTATION, Channel.PELVIS_HEADING, True, _DEG),
    (Curve.HIP_FLEXION, Channel.HIP_FLEXION_LEFT, False, _DEG),
    (Curve.HIP_ADDUCTION, Channel.HIP_ADDUCTION_LEFT, False, _DEG),
    (Curve.HIP_ROTATION, Channel.HIP_ROTATION_LEFT, False, _DEG),
    (Curve.KNEE_FLEXION, Channel.KNEE_FLEXION_LEFT, False, _DEG),
    (Curve.THIGH_INCLINATION, Channel.THIGH_LEAN_LEFT, False, _DEG),
    (Curve.THIGH_VELOCITY, Channel.THIGH_RATE_LEFT, False, _DEG),
    (Curve.SHANK_INCLINATION, Channel.SHANK_LEAN_LEFT, False, _DEG),
    (Curve.PELVIS_ACC_FORWARD, Channel.ACC_FORWARD, False, 1.0),
    (Curve.PELVIS_ACC_UP, Channel.ACC_UP, False, 1.0),
    (Curve.PELVIS_ACC_OWN_SIDE, Channel.ACC_LEFT, True, -1.0),
)
"""Curve, its channel (of the left leg), whether the pelvis is mirrored for a left stride, and
the factor to its unit. ACC_LEFT points to the left: towards the own side it is −1 for a right
stride."""

_CURVES = tuple(curve for curve, *_ in _CURVE_SOURCES)
_ROTATION_ROW = _CURVES.index(Curve.PELVIS_ROTATION)
_CURVE_ROWS = {
    side: np.array([int(channel.of(side)) for _, channel, *_ in _CURVE_SOURCES]) for side in Side
}
_CURVE_SCALES = {
    side: np.array(
        [
            [factor * (-1.0 if mirrored and side is Side.LEFT else 1.0)]
            for *_, mirrored, factor in _CURVE_SOURCES
        ]
    )
    for side in Side
}
_POSTURES: tuple[Posture, ...] = (
    Posture.THIGH_LEAN,
    Posture.THIGH_TILT,
    Posture.PELVIS_TILT,
    Posture.PELVIS_OBLIQUITY,
)
_POSTURE_ROWS = {
    side: np.array(
        [
            Channel.THIGH_LEAN_LEFT.of(side),
            Channel.THIGH_TILT_LEFT.of(side),
            Channel.PELVIS_TILT,
            Channel.PELVIS_OBLIQUITY,
        ]
    )
    for side in Side
}


def _indices(start_s: float, end_s: float) -> tuple[int, int]:
    """Grid points that enclose a stretch, half-open."""
    return floor(start_s * GRID_RATE_HZ), ceil(end_s * GRID_RATE_HZ) + 1


def _only(events: deque[GaitEvent], start_s: float, end_s: float) -> GaitEvent | None:
    """The one event inside a stride; None if there is none or more than one."""
    inside = [event for event in events if start_s < event.time_s < end_s]
    return inside[0] if len(inside) == 1 else None
