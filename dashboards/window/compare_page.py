"""Two recorded walks beside each other."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dashboards.window import words
from dashboards.window.theme import Theme
from dashboards.wording import UNKNOWN, number, with_error

if TYPE_CHECKING:
    from dashboards.view_models.comparison import ComparedMeasure
    from dashboards.view_models.recorded_walk import RecordedWalk
    from dashboards.window.compare_plots import ComparePlots
    from pipeline.results import Results


class ComparePage(QWidget):
    """Curves on the left, differences with their error on the right; A is the open walk."""

    closed = Signal()
    another = Signal()
    """Another walk is wanted to compare with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[RecordedWalk, RecordedWalk] | None = None
        self._plots: ComparePlots | None = None
        self.table = QTableWidget(0, len(words.COMPARE_COLUMNS))
        self.heading = QLabel()
        self.notes = QLabel()
        self._build()

    @property
    def plots(self) -> ComparePlots:
        """Made when they are first wanted: a window that opens need not wait for them."""
        if self._plots is None:
            from dashboards.window.compare_plots import ComparePlots

            self._plots = ComparePlots(self._theme)
            self._across.insertWidget(0, self._plots)
            self._across.setSizes([860, 540])
        return self._plots

    def show_walks(self, first: RecordedWalk, second: RecordedWalk) -> None:
        """Compare two walks that have their results."""
        assert first.results is not None
        assert second.results is not None
        self._shown = (first, second)
        strides = [sum(r.summary.steady_strides.values()) for r in (first.results, second.results)]
        self.heading.setText(
            words.COMPARE_HEADING.format(
                first=first.name, second=second.name, n_first=strides[0], n_second=strides[1]
            )
        )
        self.plots.show_walks(first.results, second.results)
        self._fill(first.results, second.results)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._plots is not None:
            self._plots.set_theme(theme)
        if self._shown is not None:
            self.show_walks(*self._shown)

    def _fill(self, first: Results, second: Results) -> None:
        # Only now, as they stand for much of the pipeline: a window must not wait for it.
        from dashboards.view_models.comparison import compared_measures, reservations
        from pipeline.change import ChangeKind

        notes = reservations(first, second)
        self.notes.setText(" ".join(notes))
        self.notes.setVisible(bool(notes))
        rows = compared_measures(first, second)
        self.table.setRowCount(len(rows))
        for i, row in enumerate(rows):
            for column, text in enumerate(_cells(row)):
                item = QTableWidgetItem(text)
                item.setToolTip(words.COMPARE_KINDS[row.kind.value])
                if column > 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                if row.kind is ChangeKind.MARKED:
                    item.setForeground(QColor(self._theme.watch))
                self.table.setItem(i, column, item)

    def _build(self) -> None:
        self.heading.setObjectName("heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.notes.setObjectName("dim")
        self.notes.setWordWrap(True)
        self.table.setObjectName("card")
        self.table.setHorizontalHeaderLabels(words.COMPARE_COLUMNS)
        self.table.setAccessibleName(words.COMPARE_TABLE_NAME)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setWordWrap(True)
        self.table.setShowGrid(False)
        rows = self.table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        rows.hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        back, other = QPushButton(words.COMPARE_BACK), QPushButton(words.COMPARE_ANOTHER)
        back.clicked.connect(self.closed)
        other.clicked.connect(self.another)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(other)
        top.addWidget(back)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._across.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.notes)
        column.addWidget(self._across, 1)


def _cells(row: ComparedMeasure) -> tuple[str, ...]:
    measure, decimals = row.measure, row.measure.decimals
    sign = "+" if row.difference > 0 and isfinite(row.difference) else ""
    difference = sign + with_error(row.difference, row.error, decimals)
    return (
        measure.heading,
        UNKNOWN if row.side is None else row.side.value,
        number(row.first.mean, decimals),
        number(row.second.mean, decimals),
        f"{words.COMPARE_SYMBOLS.get(row.kind.value, '')} {difference}".strip(),
    )
