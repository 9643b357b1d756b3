"""A big number."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from dashboards.view_models.tiles import Tile
from dashboards.window.theme import big_font

_MARGIN_PX = 10


class TileView(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._tile: Tile | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, 5, _MARGIN_PX, 5)
        layout.setSpacing(0)
        self._title, self.value, self._below = QLabel(), QLabel(), QLabel()
        self._title.setObjectName("dim")
        self._below.setObjectName("dim")
        self.value.setFont(big_font(self.value.font()))
        for label in (self._title, self.value, self._below):
            # Four tiles must not ask for more room than the column has.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(label)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Cut what stands below where there is no room; the tool tip holds all of it."""
        below = "" if self._tile is None else self._tile.below
        room = self.width() - 2 * _MARGIN_PX
        elided = self._below.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, room)
        self._below.setText(elided)
        self.setToolTip(below)

    def show_tile(self, tile: Tile) -> None:
        self._title.setText(tile.title)
        self.value.setText(tile.value)
        self._tile = tile
        self._fit()
        self.setAccessibleName(f"{tile.title}: {tile.value} {tile.below}")
