"""The sitting reminder in the live place: a card to choose it, and the reminder itself."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QLabel, QVBoxLayout

from dashboards.window import words

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.view_models.live_view import LiveView
    from dashboards.view_models.sitting_reminder import SittingReminder
    from recordings.events import SessionEvent
    from recordings.samples import ImuSamples

AFTER_MIN = (30, 45, 60)
"""What the articles ask for."""
_PASS_ON_EVERY_S = 1.0


class ReminderPanel(QFrame):
    """The choice, and what was said last."""

    chosen = Signal(int)
    """Minutes; 0 for no reminder."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.after = QComboBox()
        self.after.setAccessibleName(words.REMINDER)
        self.after.addItem(words.REMINDER_OFF, 0)
        for minutes in AFTER_MIN:
            self.after.addItem(words.REMINDER_AFTER.format(minutes=minutes), minutes)
        heading = QLabel(words.REMINDER)
        heading.setObjectName("heading")
        self.said = QLabel()
        self.said.setObjectName("dim")
        self.said.setWordWrap(True)
        self.said.hide()
        whole = QVBoxLayout(self)
        for part in (heading, self.after, self.said):
            whole.addWidget(part)
        self.after.currentIndexChanged.connect(lambda: self.chosen.emit(self.after.currentData()))

    def say(self, text: str) -> None:
        """Show a sentence; an empty one shows nothing."""
        self.said.setText(text)
        self.said.setVisible(bool(text))


class LiveReminder(QObject):
    """Feeds the reminder with what the walk brings; off in every new walk.

    The day is summed up on a thread of its own: of a whole day that takes longer than a frame.
    """

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.panel = ReminderPanel()
        self.panel.chosen.connect(self._choose)
        self._walk: LiveWalk | None = None
        self._reminder: SittingReminder | None = None
        self._samples: list[ImuSamples] = []
        self._events: list[SessionEvent] = []
        self._passed_on_s = 0.0
        self._worker: ThreadPoolExecutor | None = None
        self._working: Future[list[str]] | None = None

    def attach(self, walk: LiveWalk) -> None:
        self._walk = walk
        self.panel.after.setCurrentIndex(0)

    def detach(self) -> None:
        """The walk ends, and its reminder with it."""
        self._walk = None
        self._choose(0)

    def look(self, view: LiveView) -> None:
        """Take what the walk brought since the last frame."""
        look = view.look
        if self._reminder is None or look is None:
            return
        self._samples += look.samples
        self._events += look.events
        if self._working is not None:
            if not self._working.done():
                return
            said, self._working = self._working.result(), None
            for text in said:
                self.panel.say(text)
                self.told.emit(text)
                QApplication.beep()
        if look.time_s - self._passed_on_s >= _PASS_ON_EVERY_S and self._worker is not None:
            self._passed_on_s = look.time_s
            samples, self._samples = self._samples, []
            events, self._events = self._events, []
            self._working = self._worker.submit(_push, self._reminder, samples, events)

    def _choose(self, minutes: int) -> None:
        self.panel.say("")
        self._samples, self._events, self._working = [], [], None
        self._passed_on_s = 0.0
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)
        self._reminder = self._worker = None
        if minutes and self._walk is not None:
            # Only now what takes long to import: a window that opens must not wait for it.
            from dashboards.view_models.sitting_reminder import SittingReminder

            self._reminder = SittingReminder(self._walk.placements, minutes)
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="hipgait-reminder")


def _push(
    reminder: SittingReminder, samples: Sequence[ImuSamples], events: Sequence[SessionEvent]
) -> list[str]:
    said = reminder.push({}, events)
    for one in samples:
        said += reminder.push({one.placement: one})
    return said
