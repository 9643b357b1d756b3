"""The walks of a person beside pictures of the chosen measures."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from dashboards.view_models.trends_board import TrendsBoard
from dashboards.window import words
from dashboards.window.theme import Theme
from dashboards.window.trend_view import TrendView

_FINGERPRINT = Qt.ItemDataRole.UserRole


class TrendsPage(QSplitter):
    """List of walks on the left; on the right what changed, and a picture a measure.

    `person_chosen` tells whose walks are wanted.
    """

    person_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.views: list[TrendView] = []
        self.columns = 0
        self.people = QComboBox()
        self.people.setAccessibleName(words.TRENDS_WHOSE)
        self.people.textActivated.connect(self.person_chosen)
        self.whose = QWidget()
        self.walks = QListWidget()
        self.summary = QLabel()
        self.pictures = QScrollArea()
        self._grid = QGridLayout()
        self._build()
        self.set_theme(theme)

    @property
    def chosen(self) -> str:
        """Fingerprint of the chosen walk; empty without one."""
        item = self.walks.currentItem()
        return "" if item is None else item.data(_FINGERPRINT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.walks.setStyleSheet(
            f"QListWidget::item {{ padding: 5px; border-bottom: 1px solid {theme.line}; }}"
            f"QListWidget::item:selected {{ background: {theme.accent}; color: {theme.card}; }}"
        )
        for view in self.views:
            view.set_theme(theme)

    def show_board(self, board: TrendsBoard) -> None:
        """Show a person's walks; the walk that was chosen stays chosen."""
        self.people.blockSignals(True)
        self.people.clear()
        self.people.addItems(list(board.people))
        self.people.setCurrentText(board.person or "")
        self.people.blockSignals(False)
        self.whose.setVisible(len(board.people) > 1)
        self.summary.setText(board.summary)
        self._show_rows(board)
        self.show_plots(board)

    def show_plots(self, board: TrendsBoard) -> None:
        """Draw the chosen measures."""
        plots = board.plots
        while len(self.views) > len(plots):
            self.views.pop().deleteLater()
        while len(self.views) < len(plots):
            self.views.append(TrendView(self._theme))
        for view, plot in zip(self.views, plots, strict=True):
            view.show_plot(plot)
        self.columns = 0
        self._arrange()
        self._point_out()

    def _show_rows(self, board: TrendsBoard) -> None:
        chosen = self.chosen
        self.walks.blockSignals(True)
        self.walks.clear()
        for row in board.rows:
            item = QListWidgetItem("\n".join(filter(None, (row.head, row.said))))
            item.setData(_FINGERPRINT, row.fingerprint)
            item.setToolTip(row.words)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, row.words)
            self.walks.addItem(item)
            if chosen == row.fingerprint:
                self.walks.setCurrentItem(item)
        if self.walks.currentRow() < 0:
            self.walks.setCurrentRow(self.walks.count() - 1)
        self.walks.scrollToItem(self.walks.currentItem())
        self.walks.blockSignals(False)

    def _arrange(self) -> None:
        """As many pictures beside each other as there is room for."""
        if not self.views:
            return
        room = self.pictures.viewport().width()
        columns = max(1, room // (self.views[0].minimumSizeHint().width() + 8))
        if columns == self.columns:
            return
        self.columns = columns
        for i, view in enumerate(self.views):
            self._grid.addWidget(view, i // columns, i % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._arrange()

    def _point_out(self) -> None:
        for view in self.views:
            view.point_out(self.walks.currentRow() + 1)

    def _build(self) -> None:
        row = QVBoxLayout(self.whose)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(words.TRENDS_WHOSE))
        row.addWidget(self.people)
        self.walks.setObjectName("card")
        self.walks.setAccessibleName(words.TRENDS_WALKS)
        self.walks.setWordWrap(True)
        self.walks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.walks.currentRowChanged.connect(lambda _: self._point_out())
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.whose)
        heading = QLabel(words.TRENDS_WALKS)
        heading.setObjectName("heading")
        column.addWidget(heading)
        column.addWidget(self.walks, 1)
        self.summary.setWordWrap(True)
        self.summary.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        key = QLabel(words.TRENDS_KEY)
        key.setObjectName("dim")
        key.setWordWrap(True)
        self._grid.setSpacing(8)
        inside = QWidget()
        right = QVBoxLayout(inside)
        right.setContentsMargins(6, 0, 6, 0)
        right.addWidget(self.summary)
        right.addLayout(self._grid)
        right.addWidget(key)
        right.addStretch()
        self.pictures.setWidgetResizable(True)
        self.pictures.setFrameShape(QScrollArea.Shape.NoFrame)
        self.pictures.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pictures.setWidget(inside)
        self.addWidget(left)
        self.addWidget(self.pictures)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setSizes([250, 900])
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(lambda *_: self._arrange())
