"""When sensors fall silent and come back, as events of the session."""

from __future__ import annotations

from collections.abc import Iterable

from recordings.events import EventKind, SessionEvent
from recordings.placement import Placement
from recordings.samples import ImuSamples

_AFTER_S = 0.5
"""A sensor silent for so long has dropped out, whether or not its link holds."""


class Dropouts:
    """Who is silent."""

    def __init__(self) -> None:
        self._latest_s: dict[Placement, float] = {}
        self._silent: set[Placement] = set()

    def events(self, now_s: float, samples: Iterable[ImuSamples]) -> tuple[SessionEvent, ...]:
        """What began and ended, after `samples` came.

        Parameters
        ----------
        now_s : float
            On the session clock, like the samples.
        """
        events: list[SessionEvent] = []
        for part in samples:
            placement = part.placement
            self._latest_s[placement] = float(part.time_s[-1])
            if placement in self._silent:
                self._silent.discard(placement)
                begin_s = float(part.time_s[0])
                events.append(SessionEvent(begin_s, EventKind.DROPOUT_END, placement.value))
        for placement, latest_s in self._latest_s.items():
            if placement not in self._silent and now_s - latest_s > _AFTER_S:
                self._silent.add(placement)
                events.append(SessionEvent(latest_s, EventKind.DROPOUT_START, placement.value))
        return tuple(events)
