"""The actions of the live place: their keys, their buttons, and what they are called now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QPushButton

from dashboards.window import words
from dashboards.window.flow_layout import FlowLayout
from dashboards.window.keys import Keys

if TYPE_CHECKING:
    from dashboards.window.live_place import LivePlace

_LOOK_BACK_S = 5.0


class LiveActions(FlowLayout):
    """The buttons at the foot of the live place.

    Parameters
    ----------
    place : LivePlace
        Does what the buttons say.
    keys : Keys
    """

    def __init__(self, place: LivePlace, keys: Keys) -> None:
        super().__init__()
        self.kind = QComboBox()
        self.kind.setAccessibleName(words.MARKER_KIND)
        self._record = keys.add("R", words.RECORD, place.toggle_record)
        mark = keys.add("M", words.MARK, place.mark)
        self._freeze = keys.add("Space", words.FREEZE, place.toggle_freeze)
        keys.add("Left", words.LOOK_BACK, lambda: place.look_back(_LOOK_BACK_S))
        keys.add("Right", words.LOOK_ON, lambda: place.look_back(-_LOOK_BACK_S))
        keys.add("C", words.NEXT_CYCLE, place.next_cycle)
        raw = keys.add("A", words.RAW, place.toggle_raw)
        self._feedback = keys.add("B", words.BIOFEEDBACK, place.toggle_biofeedback)
        wearer = keys.add("W", words.WEARER, place.toggle_wearer)
        guided = keys.add("G", words.GUIDED, place.guided.toggle_window)
        snapshot = keys.add("S", words.SNAPSHOT, place.snapshot)
        self._lose = keys.add("L", words.DEMO_LOSE, place.lose_or_find)
        self._report = keys.add("P", words.LIVE_REPORT, place.report_wanted.emit)
        self._stumble = keys.add("T", words.DEMO_STUMBLE, place.stumble)
        for number, kind in enumerate(words.MARKER_KINDS, start=1):
            text = words.MARK_AS.format(kind=kind)
            keys.add(str(number), text, lambda kind=kind: place.mark(kind))
            self.kind.addItem(kind)
        self._record_button = keys.button(self._record)
        self._report_button = keys.button(self._report)
        self._report_button.setObjectName("main")
        self._demo_buttons = [keys.button(action) for action in (self._lose, self._stumble)]
        for widget in (
            self._record_button,
            keys.button(mark),
            self.kind,
            keys.button(self._freeze),
            keys.button(raw, words.RAW_SHORT),
            keys.button(self._feedback),
            keys.button(wearer, words.WEARER_SHORT),
            keys.button(guided, words.GUIDED_SHORT),
            keys.button(snapshot),
            *self._demo_buttons,
            self._report_button,
        ):
            self.addWidget(widget)

    def name(
        self,
        *,
        recording: bool,
        frozen: bool,
        biofeedback: bool,
        demo: bool,
        one_is_lost: bool,
        reportable: bool,
    ) -> None:
        """Call each action what it would do now."""
        self._record.setText(words.STOP_RECORDING if recording else words.RECORD)
        _restyle(self._record_button, "recording" if recording else "")
        self._freeze.setText(words.UNFREEZE if frozen else words.FREEZE)
        self._feedback.setText(words.BIOFEEDBACK_OFF if biofeedback else words.BIOFEEDBACK)
        self._lose.setText(words.DEMO_FIND if one_is_lost else words.DEMO_LOSE)
        for action in (self._lose, self._stumble):
            action.setEnabled(demo)
        self._report.setEnabled(reportable)
        self._report_button.setVisible(reportable)
        for button in self._demo_buttons:
            button.setVisible(demo)


def _restyle(button: QPushButton, name: str) -> None:
    button.setObjectName(name)
    button.style().unpolish(button)
    button.style().polish(button)
