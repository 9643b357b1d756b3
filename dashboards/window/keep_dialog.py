"""Asks who walked, when, with how much pain, and for a note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from dashboards.history.adding import Said
from dashboards.window import words

_NOT_SAID = -1


class KeepDialog(QDialog):
    """What is said of a walk.

    Parameters
    ----------
    parent : QWidget
    title : str
    people : sequence of str or None
        To choose from; None where person and time stand fast.
    person : str
    walked : datetime or None
        None asks for it.
    note : str
    pain : int or None
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        people: Sequence[str] | None,
        person: str,
        walked: datetime | None,
        note: str = "",
        pain: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        form = QFormLayout(self)
        self._person = QComboBox()
        self._person.setEditable(True)
        self._person.addItems(list(dict.fromkeys((person, *(people or ())))))
        self._walked = QDateTimeEdit(QDateTime.currentDateTime())
        self._walked.setCalendarPopup(True)
        self._walked.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._asks_when = people is not None and walked is None
        if people is not None:
            form.addRow(words.KEEP_WHO, self._person)
        if self._asks_when:
            form.addRow(QLabel(words.KEEP_NO_DATE))
            form.addRow(words.KEEP_WHEN, self._walked)
        self._pain = QSpinBox()
        self._pain.setRange(_NOT_SAID, 10)
        self._pain.setSpecialValueText(words.NOT_SAID)
        self._pain.setValue(_NOT_SAID if pain is None else pain)
        self._note = QPlainTextEdit(note)
        self._note.setTabChangesFocus(True)
        form.addRow(words.KEEP_PAIN, self._pain)
        form.addRow(words.KEEP_NOTE, self._note)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        (self._note if people is None else self._person).setFocus()

    def said(self) -> Said:
        """What was typed."""
        walked = self._walked.dateTime().toPython()
        assert isinstance(walked, datetime)
        pain = self._pain.value()
        return Said(
            person=self._person.currentText(),
            walked=walked.astimezone() if self._asks_when else None,
            note=self._note.toPlainText(),
            pain=None if pain == _NOT_SAID else pain,
        )
