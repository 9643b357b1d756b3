"""The plots of a walk: angles by segment (rows) and plane (columns), stance, and the stride.

Written for many frames a second on a machine without a graphics card: fixed ranges, one
polyline a curve, a grid that is one picture, axes that are painted once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainterPath, QPen, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsRectItem

from dashboards.view_models.recorded_walk import Band
from dashboards.view_models.stance_track import StanceTrack
from dashboards.window import words
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.theme import Theme
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import CYCLE_POINTS, Curve, FloatArray
from recordings.placement import SHANK_PLACEMENTS, Placement, Side

_PIXMAPS_KB = 131_072
"""Axes are kept as pictures; with Qt's usual 10 MB they would be painted anew all the time."""


@dataclass(frozen=True, slots=True)
class _Quantity:
    key: str
    cell: tuple[int, int]
    low: float
    high: float
    curves: tuple[tuple[Side | None, str], ...]
    cycle: Curve


def _pelvis(name: str, column: int, reach: float, cycle: Curve) -> _Quantity:
    return _Quantity(name, (0, column), -reach, reach, ((None, f"{name}_deg"),), cycle)


def _leg(name: str, cell: tuple[int, int], low: float, high: float, cycle: Curve) -> _Quantity:
    curves = tuple((side, f"{name}_{side}_deg") for side in Side)
    return _Quantity(name, cell, low, high, curves, cycle)


QUANTITIES = (
    _pelvis("pelvis_tilt", 0, 15.0, Curve.PELVIS_TILT),
    _pelvis("pelvis_obliquity", 1, 15.0, Curve.PELVIS_OBLIQUITY),
    _pelvis("pelvis_rotation", 2, 20.0, Curve.PELVIS_ROTATION),
    _leg("hip_flexion", (1, 0), -30.0, 60.0, Curve.HIP_FLEXION),
    _leg("hip_adduction", (1, 1), -20.0, 25.0, Curve.HIP_ADDUCTION),
    _leg("hip_rotation", (1, 2), -30.0, 30.0, Curve.HIP_ROTATION),
    _leg("knee_flexion", (2, 0), -20.0, 85.0, Curve.KNEE_FLEXION),
)
_STANCE_CELL, _CYCLE_CELL = (2, 1), (2, 2)


class AnglePlots(pg.GraphicsLayoutWidget):
    """Seven angle plots, the stance strip and one quantity over the stride.

    Parameters
    ----------
    theme : Theme
    time_label : str
        Below the time axes.
    """

    def __init__(self, theme: Theme, time_label: str) -> None:
        super().__init__()
        QPixmapCache.setCacheLimit(_PIXMAPS_KB)
        self._theme = theme
        self._time_label = time_label
        self._range = (0.0, 10.0)
        self._cycle_quantity = QUANTITIES[3]
        self._means: Mapping[Side, Mapping[Curve, tuple[FloatArray, FloatArray]]] = {}
        # pyqtgraph passes many calls on at run time, which a type checker cannot see.
        self._central: Any = self.ci
        self._plots: dict[str, Any] = {}
        self._grids: dict[str, QGraphicsPathItem] = {}
        self._curves: dict[tuple[str, Side | None], PolyCurve] = {}
        self._cursors: list[pg.InfiniteLine] = []
        self._shades: list[QGraphicsRectItem] = []
        self._bars: list[QGraphicsRectItem] = []
        self._build()
        self.set_theme(theme)

    # -- what is shown ---------------------------------------------------------------------

    def set_time_range(self, start_s: float, end_s: float) -> None:
        """The time that all plots show. Costs a few frames: turn pages, do not scroll."""
        if (start_s, end_s) == self._range:
            return
        self._range = (start_s, end_s)
        for quantity in QUANTITIES:
            self._plots[quantity.key].setXRange(start_s, end_s, padding=0)
            for side, _ in quantity.curves:
                self._curves[quantity.key, side].set_rect(self._rect(quantity))
        self._plots["stance"].setXRange(start_s, end_s, padding=0)
        self._draw_grids()

    def show_angles(self, x: FloatArray, values: FloatArray) -> None:
        """Rows of the angle series at times `x`, shape (n, len(ANGLE_COLUMNS))."""
        for quantity in QUANTITIES:
            for side, column in quantity.curves:
                self._curves[quantity.key, side].set_xy(x, values[:, ANGLE_COLUMNS.index(column)])

    def show_placements(self, placements: Collection[Placement]) -> None:
        """Say where a plot stays empty because its sensors are not worn."""
        self._knee_note.setVisible(not set(SHANK_PLACEMENTS) & set(placements))
        (x0, x1), (y0, y1) = self._plots["knee_flexion"].viewRange()
        self._knee_note.setPos(0.5 * (x0 + x1), 0.5 * (y0 + y1))

    def show_stance(self, stance: StanceTrack, zero_s: float = 0.0) -> None:
        """Stance phases of the visible time; `zero_s` is the session time of x = 0."""
        spans = [
            (side, a - zero_s, b - zero_s)
            for side in Side
            for a, b in stance.spans(side, self._range[0] + zero_s, self._range[1] + zero_s)
        ]
        plot = self._plots["stance"]
        while len(self._bars) < len(spans):
            bar = QGraphicsRectItem()
            plot.addItem(bar, ignoreBounds=True)
            self._bars.append(bar)
        for bar, span in zip(self._bars, [*spans, *[None] * len(self._bars)], strict=False):
            bar.setVisible(span is not None)
            if span is not None:
                side, a, b = span
                y = 1.2 if side is Side.LEFT else 0.2
                bar.setRect(QRectF(a, y, b - a, 0.6))
                bar.setPen(self._theme.pen(side))
                hollow = side is Side.LEFT
                color = self._theme.side(side)
                color.setAlpha(70 if hollow else 200)
                bar.setBrush(color)

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
                self._plots[quantity.key].addItem(shade, ignoreBounds=True)
                self._shades.append(shade)

    def set_cursor(self, x: float | None) -> None:
        """A line through all time plots; None hides it."""
        for cursor in self._cursors:
            cursor.setVisible(x is not None)
            if x is not None:
                cursor.setValue(x)

    def show_means(
        self, means: Mapping[Side, Mapping[Curve, tuple[FloatArray, FloatArray]]]
    ) -> None:
        """Mean and SD of each quantity over the strides of each leg."""
        self._means = means
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
            self._plots[quantity.key].setYRange(low, high, padding=0)
        self._draw_grids()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.card)
        for name, plot in self._plots.items():
            for axis in ("left", "bottom"):
                plot.getAxis(axis).setPen(theme.line)
                plot.getAxis(axis).setTextPen(theme.dim)
            self._name(name)
        for (_, side), curve in self._curves.items():
            curve.set_pen(theme.pen(side))
        self._knee_note.setColor(theme.dim)
        for cursor in self._cursors:
            cursor.setPen(QPen(self._theme.side(None), 0))
        for grid in self._grids.values():
            grid.setPen(QPen(theme.faint(theme.dim, 45), 0))
        self._draw_cycle()

    # -- inside ----------------------------------------------------------------------------

    def _build(self) -> None:
        layout = self._central.layout
        layout.setSpacing(4)
        layout.setContentsMargins(6, 6, 10, 4)
        for quantity in QUANTITIES:
            plot = self._plot(quantity.key, quantity.cell, quantity.low, quantity.high)
            for side, _ in quantity.curves:
                curve = PolyCurve(self._theme.pen(side), self._rect(quantity))
                plot.addItem(curve, ignoreBounds=True)
                self._curves[quantity.key, side] = curve
        self._knee_note = pg.TextItem(words.KNEE_NEEDS_SHANKS, anchor=(0.5, 0.5))
        self._knee_note.setVisible(False)
        self._plots["knee_flexion"].addItem(self._knee_note, ignoreBounds=True)
        stance = self._plot("stance", _STANCE_CELL, 0.0, 2.0)
        stance.getAxis("left").setTicks([[(0.5, "R"), (1.5, "L")]])
        for key in ("knee_flexion", "stance"):
            self._plots[key].setLabel("bottom", self._time_label)
        for plot in self._plots.values():
            cursor = pg.InfiniteLine(0.0, pen=self._theme.text)
            cursor.setVisible(False)
            plot.addItem(cursor, ignoreBounds=True)
            self._cursors.append(cursor)
        cycle = self._plot("cycle", _CYCLE_CELL, -30.0, 60.0)
        cycle.setXRange(0, 100, padding=0)
        cycle.setLabel("bottom", words.CYCLE_AXIS)
        for column in range(3):
            layout.setColumnStretchFactor(column, 1)
            layout.setColumnPreferredWidth(column, 200)
        self._draw_grids()

    def _plot(self, name: str, cell: tuple[int, int], low: float, high: float) -> Any:
        plot = self._central.addPlot(*cell)
        # All alike, whatever their titles and labels ask for: the time axes must line up.
        plot.setMinimumWidth(60)
        plot.setPreferredWidth(200)
        plot.setMouseEnabled(False, False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.disableAutoRange()
        plot.setXRange(*self._range, padding=0)
        plot.setYRange(low, high, padding=0)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setStyle(tickLength=-4, maxTickLevel=0)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        plot.getAxis("left").setWidth(38)
        grid = QGraphicsPathItem()
        grid.setZValue(-30)
        grid.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        plot.addItem(grid, ignoreBounds=True)
        self._plots[name], self._grids[name] = plot, grid
        return plot

    def _rect(self, quantity: _Quantity) -> tuple[float, float, float, float]:
        start_s, end_s = self._range
        # Taller than the axis: a curve that leaves it must not leave marks behind.
        reach = 4 * (quantity.high - quantity.low)
        return start_s, quantity.low - reach, end_s - start_s, 9 * reach

    def _name(self, name: str) -> None:
        plot = self._plots[name]
        plot.setTitle(self._title(name))
        # A long title must not make its column wider.
        plot.titleLabel.setMinimumWidth(0)

    def _title(self, name: str) -> str:
        if name == "stance":
            text = words.STANCE_TITLE
        elif name == "cycle":
            what = words.SHORT_TITLES[self._cycle_quantity.key]
            text = words.CYCLE_TITLE.format(what=what)
        else:
            text = words.ANGLE_TITLES[name]
        return f'<span style="color:{self._theme.text};font-size:9pt">{text}</span>'

    def _draw_grids(self) -> None:
        for name, plot in self._plots.items():
            (x0, x1), (y0, y1) = plot.viewRange()
            path = QPainterPath()
            steps = () if name == "stance" else _ticks(y0, y1)
            for y in steps:
                path.moveTo(x0, y)
                path.lineTo(x1, y)
            for x in _ticks(x0, x1):
                path.moveTo(x, y0)
                path.lineTo(x, y1)
            self._grids[name].setPath(path)

    def _draw_cycle(self) -> None:
        plot = self._plots["cycle"]
        quantity = self._cycle_quantity
        plot.setYRange(quantity.low, quantity.high, padding=0)
        self._name("cycle")
        for item in [i for i in plot.items if i is not self._grids["cycle"]]:
            plot.removeItem(item)
        x = np.linspace(0, 100, CYCLE_POINTS)
        for side in Side:
            mean_sd = self._means.get(side, {}).get(quantity.cycle)
            if mean_sd is None:
                continue
            mean, sd = mean_sd
            path = QPainterPath()
            path.addPolygon(
                pg.functions.arrayToQPolygonF(
                    np.concatenate((x, x[::-1])), np.concatenate((mean + sd, (mean - sd)[::-1]))
                )
            )
            band = QGraphicsPathItem(path)
            band.setPen(QPen(Qt.PenStyle.NoPen))
            color = self._theme.side(side)
            color.setAlpha(45)
            band.setBrush(color)
            plot.addItem(band, ignoreBounds=True)
            curve = PolyCurve(self._theme.pen(side, 1.0), (0, -180, 100, 360))
            curve.set_xy(x, mean)
            plot.addItem(curve, ignoreBounds=True)
            letter = pg.TextItem(side.value[0].upper(), color=self._theme.side(side))
            at = 62 if side is Side.LEFT else 82
            letter.setPos(at, float(mean[at]))
            plot.addItem(letter, ignoreBounds=True)
        self._draw_grids()


def band_brush(kind: str, theme: Theme) -> QBrush:
    """How a stretch of time is shaded."""
    if kind == "gap":
        return QBrush(theme.faint(theme.bad, 150), Qt.BrushStyle.BDiagPattern)
    if kind == "excluded":
        return QBrush(theme.faint(theme.bad, 50))
    if kind == "turn":
        return QBrush(theme.faint(theme.dim, 60))
    return QBrush(theme.faint(theme.good, 60))


def _ticks(low: float, high: float) -> Sequence[float]:
    """Round numbers of a range, four to eight of them."""
    span = high - low
    if not span > 0:
        return ()
    raw = span / 6
    unit = 10.0 ** np.floor(np.log10(raw))
    step = unit * min((m for m in (1, 2, 5, 10) if m * unit >= raw), default=10)
    first = np.ceil(low / step)
    return [float(step * k) for k in np.arange(first, np.floor(high / step) + 1)]
