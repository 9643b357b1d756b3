"""Spans: stretches of a session that its events name."""

from __future__ import annotations

from collections.abc import Iterable

from recordings.events import EventKind, SessionEvent

WALKING_TASKS = {"walk", "walking", ""}


class Spans:
    """Excluded stretches and tasks, as they are announced.

    A span that has begun and not ended reaches to the end of the recording.
    """

    def __init__(self) -> None:
        self._excluded: list[tuple[float, float]] = []
        self._tasks: list[tuple[float, float, str]] = []

    def add(self, events: Iterable[SessionEvent]) -> None:
        """Take further events, in time order."""
        for event in events:
            if event.kind == EventKind.EXCLUSION_START:
                self._excluded.append((event.time_s, float("inf")))
            elif event.kind == EventKind.EXCLUSION_END:
                if self._excluded and self._excluded[-1][1] == float("inf"):
                    self._excluded[-1] = (self._excluded[-1][0], event.time_s)
            elif event.kind == EventKind.TASK_START:
                self._close_task(event.time_s)
                self._tasks.append((event.time_s, float("inf"), event.label.strip().lower()))
            elif event.kind == EventKind.TASK_END:
                self._close_task(event.time_s)

    def _close_task(self, time_s: float) -> None:
        if self._tasks and self._tasks[-1][1] == float("inf"):
            start_s, _, label = self._tasks[-1]
            self._tasks[-1] = (start_s, time_s, label)

    def excluded(self, start_s: float, end_s: float) -> bool:
        """Whether any part of ``[start_s, end_s)`` was excluded."""
        return any(a < end_s and start_s < b for a, b in self._excluded)

    def other_task(self, start_s: float, end_s: float) -> bool:
        """Whether any part belongs to a task that is not walking."""
        return any(
            a < end_s and start_s < b and label not in WALKING_TASKS for a, b, label in self._tasks
        )
