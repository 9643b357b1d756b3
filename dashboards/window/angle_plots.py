"""The plots of a walk: angles by segment (rows) and plane (columns), stance, and the stride.

Written for many frames a second on a machine without a graphics card: fixed ranges, one
polyline a curve, and all else a picture that is painted once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem

from dashboards.view_models.bands import Band
from dashboards.view_models.cycle import Cycle, LastStrides, cycle
from dashboards.view_models.stance_track import StanceTrack
from dashboards.window import words
from dashboards.window.cycle_plot import CyclePlot
from dashboards.window.layered_plots import LayeredPlots, MovingItem
from dashboards.window.moving_marks import Cursor, StanceBars
from dashboards.window.plot_frame import PlotFrame
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.quantities import QUANTITIES, Quantity
from dashboards.window.shading import band_brush
from dashboards.window.theme import Theme
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import FloatArray
from pipeline.results import Results
from recordings.placement import SHANK_PLACEMENTS, Placement, Side

_ROWS_A_PIXEL = 1.7
_STANCE_CELL, _CYCLE_CELL = (2, 1), (2, 2)


class AnglePlots(LayeredPlots):
    """Seven angle plots, the stance strip and one quantity over the stride.

    Parameters
    ----------
    theme : Theme
    time_label : str
        Below the time axes.
    """

    def __init__(self, theme: Theme, time_label: str) -> None:
        super().__init__()
        self._theme = theme
        self._time_label = time_label
        self._range = (0.0, 10.0)
        self._results: Results | None = None
        self._last: LastStrides | None = None
        self._cycle_quantity = QUANTITIES[3]
        self._frames: dict[str, PlotFrame] = {}
        self._curves: dict[str, PolyCurve] = {}
        self._cursors: list[Cursor] = []
        self._shades: list[QGraphicsRectItem] = []
        self._bars = StanceBars(theme)
        self._build()
        self.set_theme(theme)

    # -- what is shown ---------------------------------------------------------------------

    def set_time_range(self, start_s: float, end_s: float) -> None:
        """The time that all plots show. Costs a few frames: turn pages, do not scroll."""
        if (start_s, end_s) == self._range:
            return
        self._range = (start_s, end_s)
        for quantity in QUANTITIES:
            self._frames[quantity.key].set_range(x=self._range)
            self._curves[quantity.key].set_rect(self._rect(quantity))
        self._frames["stance"].set_range(x=self._range)

    def show_angles(self, x: FloatArray, values: FloatArray) -> None:
        """Rows of the angle series at times `x`, shape (n, len(ANGLE_COLUMNS)).

        Where there are many more rows than pixels, every second or third is drawn.
        """
        room = _ROWS_A_PIXEL * max(self._frames["stance"].plot.size().width(), 100.0)
        every = max(1, int(len(x) / room))
        x, values = x[::every], values[::every]
        for quantity in QUANTITIES:
            columns = (values[:, ANGLE_COLUMNS.index(column)] for _, column in quantity.curves)
            self._curves[quantity.key].set_xy(x, *columns)

    def show_placements(self, placements: Collection[Placement]) -> None:
        """Say where a plot stays empty because its sensors are not worn."""
        self._knee_note.setVisible(not set(SHANK_PLACEMENTS) & set(placements))
        (x0, x1), (y0, y1) = self._frames["knee_flexion"].plot.viewRange()
        self._knee_note.setPos(0.5 * (x0 + x1), 0.5 * (y0 + y1))

    def show_stance(self, stance: StanceTrack, zero_s: float = 0.0) -> None:
        """Stance phases of the visible time; `zero_s` is the session time of x = 0."""
        start_s, end_s = (x + zero_s for x in self._range)
        self._bars.show_spans(
            [
                (side, [(a - zero_s, b - zero_s) for a, b in stance.spans(side, start_s, end_s)])
                for side in Side
            ]
        )

    def show_bands(self, bands: Iterable[Band]) -> None:
        """Shade turns, gaps and what is left out, in all time plots."""
        for shade in self._shades:
            self.scene().removeItem(shade)
        self._shades.clear()
        start_s, end_s = self._range
        for band in bands:
            if band.kind == "bout" or band.end_s < start_s or band.start_s > end_s:
                continue
            for quantity in QUANTITIES:
                rect = QRectF(
                    band.start_s,
                    quantity.low,
                    max(band.end_s - band.start_s, 0.02),
                    quantity.high - quantity.low,
                )
                shade = QGraphicsRectItem(rect)
                shade.setPen(QPen(Qt.PenStyle.NoPen))
                shade.setBrush(band_brush(band.kind, self._theme))
                shade.setZValue(-20)
                self._frames[quantity.key].add(shade)
                self._shades.append(shade)

    def set_cursor(self, x: float | None) -> None:
        """A line through all time plots; None hides it."""
        for cursor in self._cursors:
            cursor.set_x(x)

    def show_cycle(self, results: Results | None, last: LastStrides | None = None) -> None:
        """Each quantity over the stride of each leg, of the walk and of its last strides."""
        self._results, self._last = results, last
        self._draw_cycle()

    def next_cycle_quantity(self) -> None:
        """Show the next quantity over the stride."""
        i = QUANTITIES.index(self._cycle_quantity)
        self._cycle_quantity = QUANTITIES[(i + 1) % len(QUANTITIES)]
        self._draw_cycle()

    def fit(self, values: FloatArray | None = None) -> None:
        """Fit the angle axes to what is given, or put them back to their usual ranges."""
        for quantity in QUANTITIES:
            low, high = quantity.low, quantity.high
            if values is not None and len(values):
                columns = [ANGLE_COLUMNS.index(c) for _, c in quantity.curves]
                part = values[:, columns]
                if np.isfinite(part).any():
                    low, high = float(np.nanmin(part)), float(np.nanmax(part))
                    margin = max(2.0, 0.1 * (high - low))
                    low, high = low - margin, high + margin
            self._frames[quantity.key].set_range(y=(low, high))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.card)
        for frame in self._frames.values():
            frame.set_theme(theme)
        self._cycle.set_theme(theme)
        self._bars.set_theme(theme)
        for quantity in QUANTITIES:
            self._curves[quantity.key].set_pens(*self._pens(quantity))
        self._knee_note.setColor(theme.dim)
        for cursor in self._cursors:
            cursor.set_pen(QPen(self._theme.side(None), 0))

    def resizeEvent(self, ev: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(ev)
        # The first one comes from within pyqtgraph's own constructor.
        if hasattr(self, "_cycle") and not self.closed:
            for frame in (*self._frames.values(), self._cycle.frame):
                frame.fit_title()

    # -- inside ----------------------------------------------------------------------------

    def _build(self) -> None:
        layout = self._central.layout
        layout.setSpacing(4)
        layout.setContentsMargins(6, 6, 10, 4)
        for quantity in QUANTITIES:
            y = (quantity.low, quantity.high)
            frame = PlotFrame(self._central.addPlot(*quantity.cell), self._range, y)
            frame.set_title(words.ANGLE_TITLES[quantity.key])
            curve = PolyCurve(*self._pens(quantity), rect=self._rect(quantity))
            self._add_moving(curve, frame)
            self._curves[quantity.key] = curve
            self._frames[quantity.key] = frame
        self._knee_note = pg.TextItem(words.KNEE_NEEDS_SHANKS, anchor=(0.5, 0.5))
        self._knee_note.setVisible(False)
        self._frames["knee_flexion"].add(self._knee_note)
        stance = PlotFrame(
            self._central.addPlot(*_STANCE_CELL), self._range, (0.0, 2.0), rows=False
        )
        stance.plot.getAxis("left").setTicks([[(0.5, "R"), (1.5, "L")]])
        stance.set_title(words.STANCE_TITLE)
        self._frames["stance"] = stance
        self._add_moving(self._bars, stance)
        for key in ("knee_flexion", "stance"):
            self._frames[key].plot.setLabel("bottom", self._time_label)
        for frame in self._frames.values():
            cursor = Cursor()
            self._add_moving(cursor, frame)
            self._cursors.append(cursor)
        self._cycle = CyclePlot(
            self._central.addPlot(*_CYCLE_CELL), self._theme, self._cycle_quantity
        )
        for column in range(3):
            layout.setColumnStretchFactor(column, 1)
            layout.setColumnPreferredWidth(column, 200)

    def _add_moving(self, item: MovingItem, frame: PlotFrame) -> None:
        frame.add(item)
        self.add_moving(item, frame.plot)

    def _pens(self, quantity: Quantity) -> list[QPen]:
        return [self._theme.pen(side) for side, _ in quantity.curves]

    def _rect(self, quantity: Quantity) -> tuple[float, float, float, float]:
        start_s, end_s = self._range
        # Taller than the axis: a curve that leaves it must not leave marks behind.
        reach = 4 * (quantity.high - quantity.low)
        return start_s, quantity.low - reach, end_s - start_s, 9 * reach

    def _draw_cycle(self) -> None:
        quantity = self._cycle_quantity
        known = None if self._results is None else cycle(self._results, quantity.cycle, self._last)
        self._cycle.show(quantity, known or Cycle())
