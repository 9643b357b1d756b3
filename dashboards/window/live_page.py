"""The page of a live walk: sensor cards, plots, figure, tiles, findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dashboards.view_models.figure_pose import FigurePose, figure_pose
from dashboards.view_models.live_view import WINDOW_S, LiveView
from dashboards.window import words
from dashboards.window.angle_plots import AnglePlots
from dashboards.window.figure_view import FigureView
from dashboards.window.findings_list import FindingsList
from dashboards.window.raw_plots import RawPlots
from dashboards.window.sensor_card_view import SensorCardView
from dashboards.window.theme import Theme
from dashboards.window.tile_view import TileView
from recordings.placement import Placement

if TYPE_CHECKING:
    from pipeline.results import Results

_RAIL_WIDTH, _RAIL_LEAST = 236, 232
_TILES = 4
_NARROW, _RIGHT_LEAST = 1100, 240
_HEIGHTS = (280, 150, 330)
"""Of figure, tiles and findings."""


class LivePage(QWidget):
    """Draws a `LiveView`: what moves with each frame, and what is read once a moment.

    Parameters
    ----------
    theme : Theme
    actions : QLayout
        The row of buttons at the foot.
    """

    def __init__(self, theme: Theme, actions: QLayout) -> None:
        super().__init__()
        self._theme = theme
        self.plots = AnglePlots(theme, words.SECONDS_BEFORE_NOW)
        self.plots.set_time_range(-WINDOW_S, 0.0)
        self.raw_plots = RawPlots(theme, words.SECONDS_BEFORE_NOW)
        self._traces = QStackedWidget()
        self._traces.addWidget(self.plots)
        self._traces.addWidget(self.raw_plots)
        self.cards: dict[str, SensorCardView] = {}
        self.status = QLabel()
        self._figure = FigureView(theme)
        self._findings = FindingsList(theme)
        self._tiles = [TileView() for _ in range(_TILES)]
        self._hint = QLabel()
        self._heading = QLabel(words.SENSORS)
        self._panels: list[QWidget] = []
        self._worn: Sequence[Placement] = ()
        self._shown_results: Results | None = None
        self._build(actions)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow window the plots keep what room there is."""
        super().resizeEvent(event)
        narrow, was_narrow = (size.width() < _NARROW for size in (event.size(), event.oldSize()))
        if narrow or was_narrow:
            rail, right = (_RAIL_LEAST, _RIGHT_LEAST) if narrow else (_RAIL_WIDTH, 370)
            plots = max(event.size().width() - rail - right, 1)
            self._across.setSizes([rail, plots, right])

    def begin(self, panel: QWidget | None = None) -> None:
        """A new walk: nothing is known of its sensors yet; with its own panel in the rail."""
        self.end()
        self._shown_results = None
        if panel is not None:
            self.add_panel(panel)
            self._panels.append(panel)

    def end(self) -> None:
        """Remove what belongs to one walk alone."""
        for widget in (*self.cards.values(), *self._panels):
            widget.deleteLater()
        self.cards.clear()
        self._panels.clear()

    def add_panel(self, panel: QWidget) -> None:
        """Put something below the sensor cards."""
        self._rail.insertWidget(self._rail.count() - 1, panel)

    def reveal(self, panel: QWidget) -> None:
        """Scroll the rail to a panel in it."""
        self._rail_area.ensureWidgetVisible(panel)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (
            self.plots,
            self.raw_plots,
            self._figure,
            self._findings,
            *self.cards.values(),
        ):
            part.set_theme(theme)

    @property
    def traces(self) -> AnglePlots | RawPlots:
        """The plots that are in sight."""
        return self.raw_plots if self._traces.currentIndex() else self.plots

    def toggle_raw(self) -> None:
        """The signals of the sensors, or the angles."""
        self.raw_plots.show_sensors(self._worn)
        self._traces.setCurrentIndex(1 - self._traces.currentIndex())

    def show_placements(self, placements: Sequence[Placement]) -> None:
        """Make room for what these sensors can tell."""
        self.plots.show_placements(placements)
        self._worn = placements
        if self.traces is self.raw_plots:
            self.raw_plots.show_sensors(placements)

    def draw_fast(self, view: LiveView) -> tuple[FigurePose, str]:
        """Draw what moves; returns the figure's pose and why it may be unknown."""
        if self.traces is self.raw_plots:
            self.raw_plots.show_page(view.raw_window(), (-WINDOW_S, 0.0))
        else:
            self.plots.show_angles(*view.window())
            self.plots.show_stance(view.stance, view.end_s)
        latest = view.latest()
        pose = FigurePose() if latest is None else figure_pose(latest, view.standing())
        known_before = view.angles.end_s is not None
        why_unknown = words.FIGURE_LOST if known_before else words.FIGURE_UNKNOWN
        self._figure.set_pose(pose, why_unknown)
        return pose, why_unknown

    def draw_slow(self, view: LiveView) -> None:
        """Draw what is read."""
        here, worn = view.here()
        self._heading.setText(words.SENSORS_HERE.format(here=here, worn=worn))
        for card in view.cards():
            shown = self.cards.get(card.address)
            if shown is None:
                shown = self.cards[card.address] = SensorCardView(self._theme)
                self._rail.insertWidget(len(self.cards), shown)
            shown.show_card(card)
        if view.results is not self._shown_results and view.results is not None:
            self._shown_results = view.results
            for tile, shown_tile in zip(view.tiles(), self._tiles, strict=True):
                shown_tile.show_tile(tile)
            self._findings.show_rows(view.findings())
            self.plots.show_cycle(view.results, view.last_strides)
        self._hint.setText(_hint(view, raw=self.traces is self.raw_plots))

    def _build(self, actions: QLayout) -> None:
        rail = QWidget()
        self._rail = QVBoxLayout(rail)
        self._rail.setContentsMargins(0, 0, 6, 0)
        self._heading.setObjectName("heading")
        self._rail.addWidget(self._heading)
        self._rail.addStretch()
        self._rail_area = QScrollArea()
        self._rail_area.setWidget(rail)
        self._rail_area.setWidgetResizable(True)
        self._rail_area.setFrameShape(QFrame.Shape.NoFrame)
        self._rail_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rail_area.setMinimumWidth(_RAIL_LEAST)
        numbers = QWidget()
        grid = QGridLayout(numbers)
        grid.setContentsMargins(0, 0, 0, 0)
        for i, tile in enumerate(self._tiles):
            grid.addWidget(tile, i // 2, i % 2)
        right = QSplitter(Qt.Orientation.Vertical)
        for part in (self._figure, numbers, self._findings):
            right.addWidget(part)
        right.setSizes(list(_HEIGHTS))
        across = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((self._rail_area, 0), (self._traces, 5), (right, 2)):
            across.addWidget(part)
            across.setStretchFactor(across.count() - 1, share)
        across.setSizes([_RAIL_WIDTH, 820, 370])
        self._across = across
        self.status.setObjectName("dim")
        self._hint.setObjectName("dim")
        foot = QHBoxLayout()
        foot.addWidget(self._hint)
        foot.addStretch()
        foot.addWidget(self.status)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(across, 1)
        column.addLayout(foot)
        column.addLayout(actions)


def _hint(view: LiveView, *, raw: bool) -> str:
    if view.frozen:
        return f"{words.FROZEN}  {words.EARLIER.format(seconds=view.behind_s)}"
    if view.look is not None and view.look.problem:
        return view.look.problem
    if raw:
        return words.RAW_LEGEND
    return words.LIVE_WAITING if view.angles.end_s is None else words.LEGEND
