"""A page that says in a sentence why there is nothing to see, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class Message(QWidget):
    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._label = QLabel(text)
        self._label.setObjectName("message")
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._label.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.addWidget(self._label)

    def say(self, text: str) -> None:
        self._label.setText(text)

    def text(self) -> str:
        return self._label.text()
