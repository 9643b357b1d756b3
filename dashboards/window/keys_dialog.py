"""The list of all keys that work now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from dashboards.window import words


def keys_dialog(parent: QWidget, rows: Sequence[tuple[str, str]]) -> QDialog:
    """A dialog that shows each key with what it does, in two columns."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(words.KEYS_TITLE)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layout = QGridLayout(dialog)
    layout.setContentsMargins(20, 16, 20, 16)
    layout.setHorizontalSpacing(18)
    half = (len(rows) + 1) // 2
    for i, (key, text) in enumerate(rows):
        column = 2 * (i // half)
        layout.addWidget(QLabel(f"<b>{key}</b>"), i % half, column)
        layout.addWidget(QLabel(text), i % half, column + 1)
    return dialog
