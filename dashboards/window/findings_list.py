"""The findings as a list that can be read, walked through with Tab, and pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from dashboards.view_models.findings_board import FindingRow
from dashboards.window import words
from dashboards.window.theme import Theme
from pipeline.results import Finding, Verdict


class FindingsList(QScrollArea):
    """Rows of the findings board; `chosen` tells which finding was pressed."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[_Row] = []
        self.setObjectName("card")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(words.FINDINGS)
        self._inside = QWidget()
        self._inside.setObjectName("inside")
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(6, 6, 6, 6)
        self._layout.setSpacing(2)
        heading = QLabel(words.FINDINGS)
        heading.setObjectName("heading")
        self._none = QLabel(words.FINDINGS_NONE)
        self._none.setObjectName("dim")
        self._layout.addWidget(heading)
        self._layout.addWidget(self._none)
        self._layout.addStretch()
        self.setWidget(self._inside)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._inside.setStyleSheet(
            f"QWidget#inside, QWidget#inside QLabel {{ background: {theme.card}; }}"
        )
        for row in self._rows:
            row.set_theme(theme)

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show the board; a row that is there already keeps its focus."""
        self._none.setVisible(not rows)
        while len(self._rows) > len(rows):
            self._rows.pop().deleteLater()
        while len(self._rows) < len(rows):
            row = _Row(self._theme)
            row.pressed.connect(self.chosen)
            self._layout.insertWidget(self._layout.count() - 1, row)
            self._rows.append(row)
        for widget, row in zip(self._rows, rows, strict=True):
            widget.show_row(row)


class _Row(QFrame):
    pressed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("finding")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(words.FINDING_HELP)
        self._finding: Finding | None = None
        self._row: FindingRow | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 3, 6, 3)
        layout.setSpacing(1)
        self._head, self._state, self._basis = QLabel(), QLabel(), QLabel()
        self._basis.setObjectName("dim")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(6)
        for widget in (self._head, self._state, self._basis, self._progress):
            if isinstance(widget, QLabel):
                widget.setWordWrap(True)
            layout.addWidget(widget)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._row is not None:
            self.show_row(self._row)

    def show_row(self, row: FindingRow) -> None:
        self._row, self._finding = row, row.finding
        seen = row.finding.verdict is Verdict.PRESENT
        color = self._theme.watch if seen else self._theme.text
        self._head.setText(f"<b>{row.symbol} {row.title}</b>")
        self._state.setText(f'<span style="color:{color}">{row.state}</span>')
        self._basis.setText(row.basis)
        self._basis.setVisible(bool(row.basis))
        self._progress.setVisible(row.progress < 1.0)
        self._progress.setValue(round(100 * row.progress))
        self.setAccessibleName(row.spoken)
        self.setAccessibleDescription(row.sentence)
        self.setToolTip(f"{row.sentence}\n{words.FINDING_HELP}")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.setFocus()
        self.pressed.emit(self._finding)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit(self._finding)
        else:
            super().keyPressEvent(event)
