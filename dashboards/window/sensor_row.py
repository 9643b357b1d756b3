"""A sensor that was found, as a row of the setup."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from dashboards.window import words
from recordings.placement import Placement


class SensorRow(QWidget):
    """A sensor that was found: name, state, and where it is worn."""

    def __init__(self, placed: Callable[[Placement | None], None]) -> None:
        super().__init__()
        self._placed = placed
        self._name, self._state = QLabel(), QLabel()
        self._state.setWordWrap(True)
        self._state.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._place = QComboBox()
        self._place.addItem(words.NOT_PLACED, None)
        for placement in Placement:
            self._place.addItem(placement.label, placement)
        self._place.activated.connect(self._choose)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._name, 0, 0)
        layout.addWidget(self._place, 0, 1, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._state, 1, 0, 1, 2)

    def _choose(self, index: int) -> None:
        # Qt hands back a plain string.
        place = self._place.itemData(index)
        self._placed(None if place is None else Placement(place))

    def show_sensor(
        self, name: str, state: str, placement: Placement | None, choosing: bool
    ) -> None:
        where = "" if placement is None or choosing else f" – {placement.label}"
        self._name.setText(f"<b>{name}</b>{where}")
        self._state.setText(state)
        self._place.setVisible(choosing)
        self._place.setAccessibleName(f"{words.WORN_AT} {name}")
        if not self._place.view().isVisible():
            self._place.setCurrentIndex(self._place.findData(placement))
