"""Mean curves of two walks over the stride: a plot for each angle and leg."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from dashboards.view_models.comparison import compared_curves
from dashboards.window import words
from dashboards.window.plot_frame import PlotFrame
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.quantities import QUANTITIES
from dashboards.window.theme import Theme
from pipeline.gait import CYCLE_POINTS, FloatArray
from pipeline.results import Results
from recordings.placement import Side

_X = np.linspace(0.0, 100.0, CYCLE_POINTS)
_LETTERS_AT = (30, 55)
"""Per cent of the stride at which A and B stand: apart, so that both can be read."""
_LEAST_RANGE_DEG = 10.0
_PLOT_PX = 130
_BARE_AXIS_PX = 8


class ComparePlots(pg.GraphicsLayoutWidget):
    """Left and right leg beside each other, for each plane; A solid with its SD, B dashed."""

    def __init__(self, theme: Theme) -> None:
        # Before Qt resizes it for the first time.
        self._frames: dict[tuple[str, Side], PlotFrame] = {}
        super().__init__()
        self._theme = theme
        self._central: Any = self.ci
        self._items: list[tuple[PlotFrame, QGraphicsItem]] = []
        self._results: tuple[Results, Results] | None = None
        self.setAccessibleName(words.COMPARE_PLOTS_NAME)
        self.setBackground(theme.card)

    def show_walks(self, first: Results, second: Results) -> None:
        self._results = (first, second)
        if not self._frames:
            # Only now: fourteen plots take a while, and the window opens without them.
            self._build()
            self.set_theme(self._theme)
        else:
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.card)
        for (key, side), frame in self._frames.items():
            frame.set_theme(theme)
            letter = side.value[0].upper()
            what = words.COMPARE_TITLE.format(side=letter, what=words.SHORT_TITLES[key])
            frame.set_title(what if side is Side.LEFT else letter)
        self._draw()

    def resizeEvent(self, ev: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(ev)
        for frame in self._frames.values():
            frame.fit_title()

    def _build(self) -> None:
        self._central.layout.setSpacing(4)
        for quantity in QUANTITIES:
            for number, side in enumerate(Side):
                row, column = quantity.cell
                plot = self._central.addPlot(row, 2 * column + number)
                frame = PlotFrame(plot, (0.0, 100.0), (quantity.low, quantity.high))
                plot.setPreferredWidth(_PLOT_PX)
                plot.getAxis("bottom").setTicks([[(x, f"{x}") for x in (0, 50, 100)]])
                if side is Side.RIGHT:
                    # Both legs have the same range: its numbers stand on the left.
                    plot.getAxis("left").setStyle(showValues=False)
                    plot.getAxis("left").setWidth(_BARE_AXIS_PX)
                self._frames[quantity.key, side] = frame
        for side in Side:
            self._frames["knee_flexion", side].plot.setLabel("bottom", words.COMPARE_AXIS)
        for column in range(6):
            self._central.layout.setColumnStretchFactor(column, 1)
            self._central.layout.setColumnPreferredWidth(column, _PLOT_PX)

    def _draw(self) -> None:
        if self._results is None:
            return
        for frame, item in self._items:
            frame.plot.removeItem(item)
        self._items.clear()
        for quantity in QUANTITIES:
            low, high = np.inf, -np.inf
            for side in Side:
                frame = self._frames[quantity.key, side]
                for number, known in enumerate(
                    compared_curves(quantity.cycle, side, *self._results)
                ):
                    if known is not None:
                        self._draw_mean(frame, side, number, *known)
                        low = min(low, float(np.nanmin(known[0] - known[1])))
                        high = max(high, float(np.nanmax(known[0] + known[1])))
            if low > high:
                low, high = quantity.low, quantity.high
            margin = max(0.05 * (high - low), 0.5 * (_LEAST_RANGE_DEG - (high - low)))
            for side in Side:
                self._frames[quantity.key, side].set_range(y=(low - margin, high + margin))

    def _draw_mean(
        self, frame: PlotFrame, side: Side, number: int, mean: FloatArray, sd: FloatArray
    ) -> None:
        color = self._theme.side(side) if number == 0 else QColor(self._theme.text)
        band = QGraphicsPathItem(_outline(mean, sd))
        band.setPen(QPen(Qt.PenStyle.NoPen))
        band.setBrush(self._theme.faint(color.name(), 55 if number == 0 else 30))
        pen = QPen(color, 1.0)
        pen.setCosmetic(True)
        if number:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5.0, 2.5])
        curve = PolyCurve(pen, rect=(0.0, -180.0, 100.0, 360.0))
        curve.set_xy(_X, mean)
        letter = pg.TextItem("AB"[number], color=color, anchor=(0.5, 0.5 + (-0.6, 0.6)[number]))
        at = _LETTERS_AT[number]
        letter.setPos(at, float(np.nan_to_num(mean[at])))
        for item in (band, curve, letter):
            frame.add(item)
            self._items.append((frame, item))


def _outline(mean: FloatArray, sd: FloatArray) -> QPainterPath:
    path = QPainterPath()
    sd = np.nan_to_num(sd)
    path.addPolygon(
        pg.functions.arrayToQPolygonF(
            np.concatenate((_X, _X[::-1])), np.concatenate((mean + sd, (mean - sd)[::-1]))
        )
    )
    return path
