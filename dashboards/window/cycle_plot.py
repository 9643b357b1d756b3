"""One quantity over the stride: mean and spread, the last strides, and usual peaks."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsRectItem

from dashboards.view_models.cycle import LAST_STRIDES, Cycle
from dashboards.window import words
from dashboards.window.plot_frame import PlotFrame
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.quantities import Quantity
from dashboards.window.theme import Theme
from pipeline.gait import CYCLE_POINTS, FloatArray
from recordings.placement import Side

_X = np.linspace(0, 100, CYCLE_POINTS)
_RECT = (0.0, -180.0, 100.0, 360.0)
_LETTER_AT = {Side.LEFT: 62, Side.RIGHT: 82}
_MARK_PERCENT = 3.0


class CyclePlot:
    """Everything in it is made once and moved: it changes with every stride.

    Parameters
    ----------
    plot : pyqtgraph PlotItem
    theme : Theme
    quantity : Quantity
    """

    def __init__(self, plot: Any, theme: Theme, quantity: Quantity) -> None:
        self.frame = PlotFrame(plot, (0.0, 100.0), (quantity.low, quantity.high))
        plot.setLabel("bottom", words.CYCLE_AXIS)
        self._legs = {side: _Leg(self.frame, side, theme) for side in Side}
        self._marks: list[QGraphicsRectItem] = []
        self._theme = theme
        self._cycle = Cycle()
        self.show(quantity, self._cycle)

    def show(self, quantity: Quantity, cycle: Cycle) -> None:
        self._cycle = cycle
        self.frame.set_range(y=(quantity.low, quantity.high))
        title = words.CYCLE_LAST if any(cycle.strides.values()) else words.CYCLE_TITLE
        what = words.SHORT_TITLES[quantity.key]
        self.frame.set_title(title.format(what=what, count=LAST_STRIDES))
        for leg in self._legs.values():
            leg.show(cycle)
        while len(self._marks) < len(cycle.usual):
            mark = QGraphicsRectItem()
            mark.setZValue(-10)
            self.frame.add(mark)
            self._marks.append(mark)
        for mark, usual in zip_longest(self._marks, cycle.usual):
            mark.setVisible(usual is not None)
            if usual is not None:
                left = usual.percent - 0.5 * _MARK_PERCENT
                low, high = max(usual.low, -180.0), min(usual.high, 180.0)
                mark.setRect(QRectF(left, low, _MARK_PERCENT, high - low))
        self._color_marks()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.frame.set_theme(theme)
        for leg in self._legs.values():
            leg.set_theme(theme)
        self._color_marks()

    def _color_marks(self) -> None:
        for mark in self._marks:
            mark.setPen(QPen(Qt.PenStyle.NoPen))
            mark.setBrush(self._theme.faint(self._theme.dim, 110))


class _Leg:
    """The curves of one leg."""

    def __init__(self, frame: PlotFrame, side: Side, theme: Theme) -> None:
        self._side = side
        self._band = QGraphicsPathItem()
        self._band.setZValue(-20)
        self._mean = PolyCurve(theme.pen(side), rect=_RECT)
        self._strides = [PolyCurve(theme.pen(side), rect=_RECT) for _ in range(LAST_STRIDES)]
        self._letter = pg.TextItem(side.value[0].upper())
        self._leaves = pg.InfiniteLine(60.0)
        self._leaves.setZValue(-15)
        for item in (self._band, *self._strides, self._mean, self._letter, self._leaves):
            frame.add(item)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        color = theme.side(self._side)
        self._letter.setColor(color)
        self._mean.set_pens(theme.pen(self._side))
        self._leaves.setPen(QPen(color, 0, Qt.PenStyle.DotLine))
        faint = theme.side(self._side)
        faint.setAlpha(45)
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._band.setBrush(faint)
        for curve in self._strides:
            pen = theme.pen(self._side)
            faint.setAlpha(120)
            pen.setColor(faint)
            curve.set_pens(pen)

    def show(self, cycle: Cycle) -> None:
        known = cycle.means.get(self._side)
        strides = cycle.strides.get(self._side, ())
        leaves = cycle.leaves.get(self._side)
        for item in (self._band, self._mean, self._letter):
            item.setVisible(known is not None)
        self._leaves.setVisible(known is not None and leaves is not None)
        for curve, values in zip_longest(self._strides, strides):
            curve.setVisible(values is not None)
            if values is not None:
                curve.set_xy(_X, values)
        if known is None:
            return
        mean, sd = known
        self._mean.set_xy(_X, mean)
        self._band.setPath(_band(mean, np.nan_to_num(sd)))
        at = _LETTER_AT[self._side]
        self._letter.setPos(at, float(mean[at]))
        if leaves is not None:
            self._leaves.setValue(leaves)


def _band(mean: FloatArray, sd: FloatArray) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(
        pg.functions.arrayToQPolygonF(
            np.concatenate((_X, _X[::-1])), np.concatenate((mean + sd, (mean - sd)[::-1]))
        )
    )
    return path
