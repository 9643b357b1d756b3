"""Spans: stretches of a session that its events name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from pipeline.movement_tests.outcome import Obstacle
from recordings.events import EventKind, SessionEvent

WALKING_TASKS = {"walk", "walking", ""}


class TaskSpan(NamedTuple):
    """A task that was announced; `end_s` is infinite while it goes on.

    `broken_off` where the event of its end is labelled so: the wearer stopped.
    """

    start_s: float
    end_s: float
    label: str
    broken_off: bool = False


class Spans:
    """Excluded stretches and tasks, as they are announced.

    A span that has begun and not ended reaches to the end of the recording.
    """

    def __init__(self) -> None:
        self._excluded: list[tuple[float, float]] = []
        self._tasks: list[TaskSpan] = []

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
                label = event.label.strip().lower()
                self._tasks.append(TaskSpan(event.time_s, float("inf"), label))
            elif event.kind == EventKind.TASK_END:
                self._close_task(event.time_s, event.label.strip().lower() == Obstacle.BROKEN_OFF)

    def _close_task(self, time_s: float, broken_off: bool = False) -> None:
        if self._tasks and self._tasks[-1].end_s == float("inf"):
            self._tasks[-1] = self._tasks[-1]._replace(end_s=time_s, broken_off=broken_off)

    @property
    def tasks(self) -> Sequence[TaskSpan]:
        """The tasks so far, in order of time; one that goes on is the last."""
        return self._tasks

    def excluded(self, start_s: float, end_s: float) -> bool:
        """Whether any part of ``[start_s, end_s)`` was excluded."""
        return any(a < end_s and start_s < b for a, b in self._excluded)

    def other_task(self, start_s: float, end_s: float) -> bool:
        """Whether any part belongs to a task that is not walking."""
        return any(
            t.start_s < end_s and start_s < t.end_s and t.label not in WALKING_TASKS
            for t in self._tasks
        )

    def on_the_spot(self, time_s: FloatArray) -> NDArray[np.bool_]:
        """Which instants belong to a task that is not walking, as far as is announced."""
        flags = np.zeros(len(time_s), dtype=bool)
        if len(time_s):
            for a, b, label, _ in self._tasks:
                if label not in WALKING_TASKS and a < time_s[-1] + 1.0 and b > time_s[0]:
                    flags |= (time_s >= a) & (time_s < b)
        return flags
