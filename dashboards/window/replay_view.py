"""All that is drawn of a recorded walk: traces, figure, numbers, findings, and the whole strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from dashboards.view_models.figure_pose import figure_pose
from dashboards.view_models.findings_board import findings_board
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.view_models.stance_track import StanceTrack
from dashboards.window import words
from dashboards.window.figure_view import FigureView
from dashboards.window.findings_list import FindingsList
from dashboards.window.markers_list import MarkersList
from dashboards.window.overview_strip import OverviewStrip
from dashboards.window.theme import Theme
from dashboards.window.value_table import ValueTable
from recordings.placement import Side

if TYPE_CHECKING:
    from dashboards.window.angle_plots import AnglePlots
    from dashboards.window.raw_plots import RawPlots

_LONGEST_STANCE_PAGE_S = 120.0
"""On longer pages the stance phases would be thinner than a line."""

_LINES_A_PAGE = 400


class ReplayView(QWidget):
    """Draws a walk at a position; angles where they are known, else the raw traces."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._plots: AnglePlots | None = None
        self._raw_plots: RawPlots | None = None
        self.values = ValueTable(theme)
        self.findings = FindingsList(theme)
        self.markers = MarkersList()
        self.overview = OverviewStrip(theme)
        self._figure = FigureView(theme)
        self._walk: RecordedWalk | None = None
        self._at = (0.0, (0.0, 1.0))
        self._drawn_page: tuple[float, float] | None = None
        self._raw_wanted = False
        self._fitted = False
        self._build()

    @property
    def plots(self) -> AnglePlots:
        """Made when they are first wanted: a window that opens need not wait for them."""
        if self._plots is None:
            from dashboards.window.angle_plots import AnglePlots

            self._plots = AnglePlots(self._theme, words.SECONDS)
            self._traces.addWidget(self._plots)
        return self._plots

    @property
    def raw_plots(self) -> RawPlots:
        """The same."""
        return self._make_raw_plots() if self._raw_plots is None else self._raw_plots

    def get_ready(self) -> None:
        """Make the plots of raw signals, while there is nothing to draw yet."""
        if self._raw_plots is None:
            self._make_raw_plots()

    @property
    def traces(self) -> AnglePlots | RawPlots:
        """The plots that are in sight."""
        shown = self._traces.currentWidget()
        return self.plots if shown is None or shown is self._plots else self.raw_plots

    def show_walk(self, walk: RecordedWalk) -> None:
        """Show a walk, or more of the one that is shown."""
        before, self._walk = self._walk, walk
        if not _alike(before, walk, self._at[1]):
            self._drawn_page = None
        self.overview.show_walk(walk)
        self.markers.show_walk(walk)
        results = walk.results
        if before is not None and before.results is results:
            return
        self.findings.show_rows([] if results is None else findings_board(results))
        if results is not None or self._plots is not None:
            self.plots.show_cycle(results)
        if results is not None:
            self.plots.show_placements(results.placements)

    def draw(self, position_s: float, page: tuple[float, float]) -> None:
        """Show a position; the page is only drawn anew if it is another one."""
        self._at = position_s, page
        walk = self._walk
        if walk is None:
            return
        raw = self._raw_wanted or not len(walk.angles)
        if page != self._drawn_page:
            self._drawn_page = page
            if raw:
                self.raw_plots.show_sensors(walk.raw)
                self.raw_plots.show_page(walk.raw, page)
                self.raw_plots.show_bands(walk.bands, page)
            else:
                self._draw_angles(walk, page)
            self._traces.setCurrentWidget(self.raw_plots if raw else self.plots)
        self.traces.set_cursor(position_s)
        angles = walk.angles.at(position_s)
        stance = {side: walk.stance.stands(side, position_s) for side in Side}
        self._figure.set_pose(figure_pose(angles, stance))
        self.values.show_values(angles)
        self.overview.show_position(position_s, page)

    def toggle_raw(self) -> None:
        """The samples as they were recorded, or the angles."""
        self._raw_wanted = not self._raw_wanted
        self._draw_again()

    def next_cycle(self) -> None:
        """Another angle over the stride."""
        self.plots.next_cycle_quantity()

    def fit(self) -> None:
        """Fit the angle axes to the visible angles; again: their usual ranges."""
        if self._walk is not None:
            self._fitted = not self._fitted
            self.plots.fit(self._walk.angles.drawn(*self._at[1])[1] if self._fitted else None)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        parts = (self._figure, self.values, self.findings, self.overview)
        for part in (*parts, self._plots, self._raw_plots):
            if part is not None:
                part.set_theme(theme)
        self._draw_again()

    def _make_raw_plots(self) -> RawPlots:
        from dashboards.window.raw_plots import RawPlots

        self._raw_plots = RawPlots(self._theme)
        self._traces.addWidget(self._raw_plots)
        return self._raw_plots

    def _draw_again(self) -> None:
        self._drawn_page = None
        self.draw(*self._at)

    def _draw_angles(self, walk: RecordedWalk, page: tuple[float, float]) -> None:
        self.plots.set_time_range(*page)
        self.plots.show_angles(*walk.angles.drawn(*page))
        short = page[1] - page[0] <= _LONGEST_STANCE_PAGE_S
        self.plots.show_stance(walk.stance if short else StanceTrack())
        # A turn that is thinner than a line would only grey the page.
        least_s = (page[1] - page[0]) / _LINES_A_PAGE
        told = ("gap", "excluded")
        self.plots.show_bands(
            b for b in walk.bands if b.kind in told or b.end_s - b.start_s > least_s
        )

    def _build(self) -> None:
        self._traces = QStackedWidget()
        right = QSplitter(Qt.Orientation.Vertical)
        parts = ((self._figure, 4), (self.values, 0), (self.findings, 4), (self.markers, 1))
        for part, share in parts:
            right.addWidget(part)
            right.setStretchFactor(right.count() - 1, share)
        right.setSizes([270, 170, 250, 90])
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self._traces)
        across.addWidget(right)
        across.setStretchFactor(0, 5)
        across.setStretchFactor(1, 2)
        across.setSizes([1000, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(across, 1)
        column.addWidget(self.overview)


def _alike(before: RecordedWalk | None, now: RecordedWalk, page: tuple[float, float]) -> bool:
    """Whether nothing on a page is new: while a walk is read, most of it grows elsewhere."""
    if before is None or before.path != now.path or before.bands != now.bands:
        return False
    if before.results is not now.results or bool(len(before.angles)) != bool(len(now.angles)):
        return False
    grew = [(before.angles, now.angles)]
    grew += [(old, now.raw[p]) for p, old in before.raw.items() if p in now.raw]
    return set(before.raw) == set(now.raw) and all(
        len(old) == len(new) or old.end_s >= page[1] for old, new in grew
    )
