"""Mean curves of two walks over the stride: a plot for each angle and leg."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from dashboards.view_models.comparison import compared_curves
from dashboards.window import words
from dashboards.window.angle_plots import QUANTITIES
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.theme import Theme
from pipeline.gait import CYCLE_POINTS, FloatArray
from pipeline.results import Results
from recordings.placement import Side

_X = np.linspace(0.0, 100.0, CYCLE_POINTS)
_LETTERS_AT = (30, 55)
"""Per cent of the stride at which A and B stand: apart, so that both can be read."""
_LEAST_RANGE_DEG = 10.0


class ComparePlots(pg.GraphicsLayoutWidget):
    """Left and right leg beside each other, for each plane; A solid with its SD, B dashed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._central: Any = self.ci
        self._plots: dict[tuple[str, Side], Any] = {}
        self._results: tuple[Results, Results] | None = None
        self.setAccessibleName(words.COMPARE_PLOTS_NAME)
        self._build()
        self.set_theme(theme)

    def show_walks(self, first: Results, second: Results) -> None:
        self._results = (first, second)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.card)
        for (key, side), plot in self._plots.items():
            for axis in ("left", "bottom"):
                plot.getAxis(axis).setPen(theme.line)
                plot.getAxis(axis).setTextPen(theme.dim)
            title = words.COMPARE_TITLE.format(what=words.SHORT_TITLES[key], side=side.value)
            plot.setTitle(
                f'<span style="color:{theme.side(side).name()};font-size:9pt">{title}</span>'
            )
            plot.titleLabel.setMinimumWidth(0)
        self._draw()

    def _build(self) -> None:
        self._central.layout.setSpacing(4)
        for quantity in QUANTITIES:
            for number, side in enumerate(Side):
                row, column = quantity.cell
                plot: Any = self._central.addPlot(row, 2 * column + number)
                plot.setMinimumWidth(40)
                plot.setPreferredWidth(130)
                plot.setMouseEnabled(False, False)
                plot.setMenuEnabled(False)
                plot.hideButtons()
                plot.disableAutoRange()
                plot.setXRange(0, 100, padding=0)
                for name in ("left", "bottom"):
                    axis = plot.getAxis(name)
                    axis.setStyle(tickLength=-4, maxTickLevel=0)
                    axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
                plot.getAxis("left").setWidth(32)
                self._plots[quantity.key, side] = plot
        self._plots["knee_flexion", Side.LEFT].setLabel("bottom", words.COMPARE_AXIS)
        for column in range(6):
            self._central.layout.setColumnStretchFactor(column, 1)
            self._central.layout.setColumnPreferredWidth(column, 130)

    def _draw(self) -> None:
        if self._results is None:
            return
        for quantity in QUANTITIES:
            low, high = np.inf, -np.inf
            for side in Side:
                plot = self._plots[quantity.key, side]
                for item in list(plot.items):
                    plot.removeItem(item)
                for number, known in enumerate(
                    compared_curves(quantity.cycle, side, *self._results)
                ):
                    if known is not None:
                        self._draw_mean(plot, side, number, *known)
                        low = min(low, float(np.nanmin(known[0] - known[1])))
                        high = max(high, float(np.nanmax(known[0] + known[1])))
            if low > high:
                low, high = quantity.low, quantity.high
            margin = max(0.05 * (high - low), 0.5 * (_LEAST_RANGE_DEG - (high - low)))
            for side in Side:
                self._plots[quantity.key, side].setYRange(low - margin, high + margin, padding=0)

    def _draw_mean(
        self, plot: Any, side: Side, number: int, mean: FloatArray, sd: FloatArray
    ) -> None:
        color = self._theme.side(side) if number == 0 else QColor(self._theme.text)
        band = QGraphicsPathItem(_outline(mean, sd))
        band.setPen(QPen(Qt.PenStyle.NoPen))
        band.setBrush(self._theme.faint(color.name(), 55 if number == 0 else 30))
        plot.addItem(band, ignoreBounds=True)
        pen = QPen(color, 1.0)
        pen.setCosmetic(True)
        if number:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5.0, 2.5])
        curve = PolyCurve(pen, (0.0, -180.0, 100.0, 360.0))
        curve.set_xy(_X, mean)
        plot.addItem(curve, ignoreBounds=True)
        letter = pg.TextItem("AB"[number], color=color, anchor=(0.5, 0.5 + (-0.6, 0.6)[number]))
        at = _LETTERS_AT[number]
        letter.setPos(at, float(np.nan_to_num(mean[at])))
        plot.addItem(letter, ignoreBounds=True)


def _outline(mean: FloatArray, sd: FloatArray) -> QPainterPath:
    path = QPainterPath()
    sd = np.nan_to_num(sd)
    path.addPolygon(
        pg.functions.arrayToQPolygonF(
            np.concatenate((_X, _X[::-1])), np.concatenate((mean + sd, (mean - sd)[::-1]))
        )
    )
    return path
