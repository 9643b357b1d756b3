"""The bar at the top of the window: the five places, the badge, and what holds everywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from dashboards.window import words
from dashboards.window.keys import Keys, key_name


class TopBar(QHBoxLayout):
    """Buttons of the places, each with its number, and a badge.

    Parameters
    ----------
    keys : Keys
        Those of the window.
    go : callable
        Shows the place with a number, from 0.
    """

    def __init__(self, keys: Keys, go: Callable[[int], None]) -> None:
        super().__init__()
        self._keys = keys
        self.places: list[QPushButton] = []
        for number, name in enumerate(words.PLACES):
            action = keys.add(
                f"Ctrl+{number + 1}", words.GO_TO.format(place=name), lambda n=number: go(n)
            )
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            button = QPushButton(f"{number + 1}  {name}")
            button.setObjectName("place")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setAccessibleName(name)
            button.setToolTip(key_name(action))
            button.clicked.connect(action.trigger)
            self.addWidget(button)
            self.places.append(button)
        self.addStretch()
        self.badge = QLabel()
        self.badge.setObjectName("badge")
        self.badge.hide()
        self.addWidget(self.badge)

    def add(self, key: str, text: str, slot: Callable[[], object], short: str = "") -> None:
        """An action of the whole window; with a button if it has a short name."""
        action = self._keys.add(key, text, slot)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if short:
            self.addWidget(self._keys.button(action, short))
