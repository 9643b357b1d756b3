"""The angles at the cursor as numbers: what the plots show, for those who do not see plots."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from dashboards.window import words
from dashboards.window.quantities import QUANTITIES
from dashboards.window.theme import Theme
from dashboards.wording import UNKNOWN, number
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import FloatArray
from recordings.placement import Side


class ValueTable(QFrame):
    """One row a quantity, left and right beside each other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(words.VALUES_NAME)
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setVerticalSpacing(1)
        self._heads = {Side.LEFT: QLabel(), Side.RIGHT: QLabel()}
        unit = QLabel(words.VALUES_UNIT)
        unit.setObjectName("dim")
        layout.addWidget(unit, 0, 0)
        for column, head in enumerate(self._heads.values(), start=1):
            layout.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        self._cells: dict[str, QLabel] = {}
        for row, quantity in enumerate(QUANTITIES, start=1):
            layout.addWidget(QLabel(words.SHORT_TITLES[quantity.key]), row, 0)
            for column, (side, name) in enumerate(quantity.curves, start=1):
                cell = QLabel(UNKNOWN)
                span = 2 if side is None else 1
                layout.addWidget(cell, row, column, 1, span, Qt.AlignmentFlag.AlignRight)
                self._cells[name] = cell
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        for side, head in self._heads.items():
            name = words.LEFT if side is Side.LEFT else words.RIGHT
            dash = "╌" if side is Side.LEFT else "━"
            head.setText(f'<span style="color:{theme.side(side).name()}">{dash} {name}</span>')

    def show_values(self, angles: FloatArray) -> None:
        """One row of the angle series, shape (len(ANGLE_COLUMNS),)."""
        for name, cell in self._cells.items():
            value = float(angles[ANGLE_COLUMNS.index(name)])
            text = number(value, 1) if isfinite(value) else UNKNOWN
            if cell.text() != text:
                cell.setText(text)
