"""A big number."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from dashboards.view_models.tiles import Tile
from dashboards.window.theme import big_font


class TileView(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 10, 5)
        layout.setSpacing(0)
        self._title, self.value, self._below = QLabel(), QLabel(), QLabel()
        self._title.setObjectName("dim")
        self._below.setObjectName("dim")
        self.value.setFont(big_font(self.value.font()))
        for label in (self._title, self.value, self._below):
            layout.addWidget(label)

    def show_tile(self, tile: Tile) -> None:
        self._title.setText(tile.title)
        self.value.setText(tile.value)
        self._below.setText(tile.below)
        self.setAccessibleName(f"{tile.title}: {tile.value} {tile.below}")
