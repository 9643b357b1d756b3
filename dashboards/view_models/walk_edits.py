"""Editing a recorded walk: markers and spans to leave out, in its side file, with a way back."""

from __future__ import annotations

from pathlib import Path

from dashboards.view_models.side_file import MARKER_KINDS, exclusion, read_edits, write_edits
from recordings.events import EventKind, SessionEvent

_SHORTEST_SPAN_S = 0.01


class WalkEdits:
    """The edits of one recording; each change is on the disk when its call returns.

    Every change raises OutputError if the side file cannot be written; the edits are then
    what they were before.

    Parameters
    ----------
    path : Path
        The recording.

    Raises
    ------
    FormatError
        If its side file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before: list[tuple[SessionEvent, ...]] = []
        self.events = read_edits(path)
        self.begun_s: float | None = None
        """Where a span to leave out begins whose end is not given yet."""

    def mark(self, time_s: float, label: str = "") -> SessionEvent:
        """Put a marker."""
        marker = SessionEvent(round(time_s, 6), EventKind.MARKER, label)
        self._change((*self.events, marker))
        return marker

    def rename(self, marker: SessionEvent, label: str) -> None:
        """Give a marker another text."""
        others = _without(self.events, marker)
        self._change((*others, SessionEvent(marker.time_s, marker.kind, label)))

    def exclude(self, time_s: float) -> tuple[float, float] | None:
        """Begin a span to leave out; the second time, end it and return it."""
        begin_s = self.begun_s
        if begin_s is None or abs(begin_s - time_s) < _SHORTEST_SPAN_S:
            self.begun_s = time_s
            return None
        self.begun_s = None
        span = min(begin_s, time_s), max(begin_s, time_s)
        self._change((*self.events, *exclusion(*span)))
        return span

    def remove(self, event: SessionEvent) -> None:
        """Take a marker or, by its beginning, a span away."""
        gone = [event]
        if event.kind == EventKind.EXCLUSION_START:
            ends = (e for e in self.events if e.kind == EventKind.EXCLUSION_END)
            gone += [e for e in ends if e.time_s >= event.time_s][:1]
        rest = self.events
        for each in gone:
            rest = _without(rest, each)
        self._change(rest)

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        if not self._before:
            return False
        events = self._before.pop()
        write_edits(self._path, events)
        self.events = events
        return True

    def _change(self, events: tuple[SessionEvent, ...]) -> None:
        events = tuple(sorted(events))
        write_edits(self._path, events)
        self._before.append(self.events)
        self.events = events


def effective(events: tuple[SessionEvent, ...]) -> tuple[SessionEvent, ...]:
    """Those edits that change a result."""
    return tuple(event for event in events if event.kind not in MARKER_KINDS)


def _without(events: tuple[SessionEvent, ...], one: SessionEvent) -> tuple[SessionEvent, ...]:
    found = events.index(one)
    return (*events[:found], *events[found + 1 :])
