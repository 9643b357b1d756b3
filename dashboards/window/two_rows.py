"""Two groups of buttons: beside each other, or one above the other where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget


class TwoRows(QWidget):
    """Fill `left` and `right`; they part when the widget is narrower than both together."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = QHBoxLayout(), QHBoxLayout()
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(self.left)
        self._both.addStretch()
        self._both.addLayout(self.right)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow enough for one row of buttons above the other."""
        rows = (self.left.minimumSize(), self.right.minimumSize())
        return QSize(max(row.width() for row in rows), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        wanted = self.left.sizeHint().width() + self.right.sizeHint().width()
        beside = self.width() >= wanted + self._both.spacing()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._both.direction() is not direction:
            self._both.setDirection(direction)
            self.updateGeometry()
