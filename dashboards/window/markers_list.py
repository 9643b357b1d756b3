"""Markers and spans that are left out, as a list to go to, name and take away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QInputDialog, QListWidget, QListWidgetItem

from dashboards.view_models.playback import clock_text
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.window import words
from recordings.events import EventKind, SessionEvent

_EVENT = Qt.ItemDataRole.UserRole


class MarkersList(QListWidget):
    """Enter or a click goes there; F2 names a marker, Delete takes away what was added by hand."""

    chosen = Signal(float)
    """A time to go to."""
    named = Signal(object, str)
    """A marker of the side file, and its new text."""
    removed = Signal(object)
    """A marker of the side file, or the beginning of a span."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(words.MARKERS_NAME)
        self.setToolTip(words.MARKERS_HELP)
        self._own: set[SessionEvent] = set()
        self.itemActivated.connect(self._go)
        self.itemClicked.connect(self._go)

    def show_walk(self, walk: RecordedWalk) -> None:
        """List the markers and spans of a walk in time order."""
        self._own = set(walk.edits)
        events = [*walk.markers()]
        events += [e for e in (*walk.events, *walk.edits) if e.kind == EventKind.EXCLUSION_START]
        ends = {b.start_s: b.end_s for b in walk.bands if b.kind == "excluded"}
        row = self.currentRow()
        self.clear()
        for event in sorted(events):
            item = QListWidgetItem(_text(event, ends.get(event.time_s)), self)
            item.setData(_EVENT, event)
        self.setCurrentRow(min(row, self.count() - 1))
        self.setVisible(self.count() > 0)

    def name_current(self) -> None:
        """Ask for the text of the chosen marker."""
        event = self._current()
        if event is None or event not in self._own or event.kind == EventKind.EXCLUSION_START:
            return
        text, given = QInputDialog.getText(
            self, words.MARKER_NAME_TITLE, clock_text(event.time_s), text=event.label
        )
        if given:
            self.named.emit(event, text.strip())

    def remove_current(self) -> None:
        """Take the chosen one away, if it was added by hand."""
        event = self._current()
        if event is not None and event in self._own:
            self.removed.emit(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_F2:
            self.name_current()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_current()
        else:
            super().keyPressEvent(event)

    def _current(self) -> SessionEvent | None:
        item = self.currentItem()
        return None if item is None else item.data(_EVENT)

    def _go(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_EVENT).time_s)


def _text(event: SessionEvent, end_s: float | None) -> str:
    time = clock_text(event.time_s)
    if event.kind == EventKind.EXCLUSION_START:
        until = "" if end_s is None else f" – {clock_text(end_s)}"
        return f"{time}{until}  {words.BANDS['excluded']}"
    return f"{time}  ⚑ {event.label or event.kind}"
