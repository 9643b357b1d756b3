"""One key for every action, and the list of them all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget


class Keys:
    """The actions of one place.

    They work while that place (or something in it) is shown and active, so that the same
    key can do the fitting thing in each place.
    """

    def __init__(self, place: QWidget) -> None:
        self._place = place
        self.actions: list[QAction] = []

    def add(self, key: str, text: str, slot: Callable[[], object]) -> QAction:
        """An action with its key; shown as ``text (key)``."""
        action = QAction(text, self._place)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: _button_or(slot) if key == "Space" else slot())
        self._place.addAction(action)
        self.actions.append(action)
        return action

    def button(self, action: QAction, short: str = "") -> QPushButton:
        """A button for an action; it shows the key as well."""
        button = QPushButton()
        button.clicked.connect(action.trigger)
        # On a narrow screen texts are cut rather than buttons lost; the tip has all of it.
        button.setMinimumWidth(44)

        def update() -> None:
            text = short or action.text()
            button.setText(f"{text}  ({key_name(action)})")
            button.setAccessibleName(action.text())
            button.setToolTip(f"{action.text()}  ({key_name(action)})")
            button.setEnabled(action.isEnabled())

        action.changed.connect(update)
        update()
        return button


def key_name(action: QAction) -> str:
    """How the key is called on this system."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _button_or(slot: Callable[[], object]) -> None:
    """Space presses the button that has the focus, as everywhere else; else it does `slot`."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton) and focused.isEnabled():
        focused.click()
    else:
        slot()
