"""One key for every action, and the list of them all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

_PADDING_PX = 15
_SHORT = 5
"""Letters of a word that would lose its meaning if it were cut."""


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
        button = _KeyButton()
        button.clicked.connect(action.trigger)

        def update() -> None:
            text = short or action.text()
            button.set_texts(f"{text}  ({key_name(action)})", text)
            button.setAccessibleName(action.text())
            button.setToolTip(f"{action.text()}  ({key_name(action)})")
            button.setEnabled(action.isEnabled())

        action.changed.connect(update)
        update()
        return button


class _KeyButton(QPushButton):
    """A button that leaves its key out, then cuts its text, where there is little room."""

    def __init__(self) -> None:
        super().__init__()
        self._texts = ("", "")
        self.setMinimumWidth(44)

    def set_texts(self, full: str, short: str) -> None:
        self._texts = (full, short)
        if len(short) <= _SHORT:
            self.setMinimumWidth(self._width_of(short))
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._width_of(self._texts[0]), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._fit()

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + 2 * _PADDING_PX

    def _fit(self) -> None:
        full, short = self._texts
        if self._width_of(full) <= self.width() or not self.isVisible():
            self.setText(full)
        elif self._width_of(short) <= self.width():
            self.setText(short)
        else:
            room = max(0, self.width() - 2 * _PADDING_PX)
            self.setText(self.fontMetrics().elidedText(short, Qt.TextElideMode.ElideRight, room))


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
