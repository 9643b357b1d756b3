"""Markers and spans to leave out, edited while one looks at the walk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dashboards.view_models.playback import clock_text
from dashboards.view_models.walk_edits import WalkEdits
from dashboards.window import words
from dashboards.window.keys import Keys
from recordings.errors import HipgaitError
from recordings.events import SessionEvent


class Editing(QObject):
    """The edits of the walk that is shown; `changed` tells the events before and after.

    Parameters
    ----------
    keys : Keys
        Those of the place; the actions are added to it.
    position_s : callable
        Where in the walk one is.
    parent : QObject
    """

    changed = Signal(tuple, tuple)
    told = Signal(str)

    def __init__(self, keys: Keys, position_s: Callable[[], float], parent: QObject) -> None:
        super().__init__(parent)
        self._position_s = position_s
        self.edits: WalkEdits | None = None
        self.mark_action = keys.add("M", words.MARK, self.mark)
        self.exclude_action = keys.add("X", "Leave out a span (begin, end)", self.exclude)
        keys.add("Esc", "Forget the begun span", self.forget_exclusion)
        keys.add("Ctrl+Z", "Take the last edit back", self.undo)

    def begin(self, path: Path) -> None:
        """Edit another walk; one whose side file is damaged cannot be edited."""
        self.edits = None
        try:
            self.edits = WalkEdits(path)
        except HipgaitError as error:
            self.told.emit(str(error))

    def mark(self) -> None:
        """Put a marker at the position."""
        now_s = self._position_s()
        if self._changed(lambda edits: edits.mark(now_s)):
            self.told.emit(words.MARKED.format(time=clock_text(now_s)))

    def name(self, marker: SessionEvent, label: str) -> None:
        self._changed(lambda edits: edits.rename(marker, label))

    def remove(self, event: SessionEvent) -> None:
        """Take a marker, or a span that was left out by hand, away."""
        if self._changed(lambda edits: edits.remove(event)):
            self.told.emit(words.EDIT_REMOVED)

    def exclude(self) -> None:
        """Begin to leave out a span; the second time, end it."""
        if self.edits is None:
            return
        now_s = self._position_s()
        begin_s = self.edits.begun_s
        if self._changed(lambda edits: edits.exclude(now_s)) and begin_s is not None:
            start, end = (clock_text(time_s) for time_s in sorted((begin_s, now_s)))
            self.told.emit(words.EXCLUDE_ASK.format(start=start, end=end))
        elif self.edits.begun_s is not None:
            self.told.emit(words.EXCLUDE_BEGIN.format(start=clock_text(now_s)))

    def forget_exclusion(self) -> None:
        if self.edits is not None and self.edits.begun_s is not None:
            self.edits.begun_s = None
            self.told.emit(words.EXCLUDE_FORGOTTEN)

    def undo(self) -> None:
        if self.edits is not None:
            undone = self._changed(lambda edits: edits.undo())
            self.told.emit(words.EXCLUDE_UNDONE if undone else words.NOTHING_TO_UNDO)

    def _changed(self, change: Callable[[WalkEdits], object]) -> bool:
        """Change the side file; whether anything is different now."""
        if self.edits is None:
            return False
        before = self.edits.events
        try:
            change(self.edits)
        except HipgaitError as error:
            self.told.emit(str(error))
            return False
        if self.edits.events == before:
            return False
        self.changed.emit(before, self.edits.events)
        return True
