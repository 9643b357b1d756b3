"""The rhythm of the walk so far, from contacts as they come."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from statistics import fmean, median

from pipeline.gait import GaitEvent, GaitEventKind
from recordings.placement import Side

LONGEST_STEP_S = 1.2
"""After a longer pause the rhythm begins anew."""
_KEPT_STEPS = 20
_STRIDES = 3
_ALIKE = 0.12
"""Strides that differ by less are steady walking: not a start, a stop or a stumble."""


class Rhythm:
    """Initial contacts of both feet in their order, forgotten at every pause.

    A contact that repeats its own foot, or that was placed by the rhythm alone
    (`GaitEvent.certain`), also begins a new stretch: no time is measured across it.
    """

    def __init__(self) -> None:
        self._contacts: deque[GaitEvent] = deque(maxlen=_KEPT_STEPS + 1)

    def take(self, event: GaitEvent) -> bool:
        """Take an event; whether it was an initial contact that counts."""
        if event.kind is not GaitEventKind.INITIAL_CONTACT or event.side is None:
            return False
        last = self._contacts[-1] if self._contacts else None
        if last is not None and (
            last.side is event.side
            or not 0 < event.time_s - last.time_s <= LONGEST_STEP_S
            or not event.certain
        ):
            self._contacts.clear()
        if event.certain:
            self._contacts.append(event)
        return event.certain

    @property
    def last_s(self) -> float | None:
        """Time of the last contact of this stretch."""
        return self._contacts[-1].time_s if self._contacts else None

    def step_times_s(self, side: Side, count: int) -> list[float]:
        """The last steps that ended with a contact of this foot, oldest first."""
        steps = [b.time_s - a.time_s for a, b in pairwise(self._contacts) if b.side is side]
        return steps[-count:]

    def step_time_s(self, count: int) -> float | None:
        """Mean of the last steps, as many of each leg; None before there are so many."""
        sides = [self.step_times_s(side, count // 2) for side in Side]
        if min(map(len, sides)) < count // 2:
            return None
        return fmean([step for steps in sides for step in steps])

    def stride_time_s(self, side: Side) -> float | None:
        """Usual time of the last strides of a leg; None unless it walks steadily."""
        own = [contact.time_s for contact in self._contacts if contact.side is side]
        strides = [b - a for a, b in pairwise(own)][-_STRIDES:]
        if len(strides) < _STRIDES:
            return None
        usual = median(strides)
        steady = all(abs(stride - usual) < _ALIKE * usual for stride in strides)
        return usual if steady else None
