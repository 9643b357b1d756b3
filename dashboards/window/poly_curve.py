"""Curves that are cheap to move: one polyline each, no bounds to work out, gaps left as gaps."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from pipeline.gait import FloatArray
from pipeline.grid import true_runs

_THIN_FROM = 1.5
"""Screen scaling from which a line of one pixel is hard to see."""


class PolyCurve(pg.GraphicsObject):
    """Draws ``y(x)``, or several of the same x above each other; where y is NaN nothing is drawn.

    pyqtgraph's own curves work out bounds and paths anew for each frame; with 18 of them
    that is what a frame costs. What is left of it is what Qt asks of each item: the curves of
    a plot are one.

    Parameters
    ----------
    pens : QPen
        One for each curve: cosmetic, width 1, as wider antialiased lines cost ten times as
        much.
    rect : tuple
        x, y, width, height of all that may ever be drawn.
    """

    def __init__(self, *pens: QPen, rect: tuple[float, float, float, float]) -> None:
        super().__init__()
        self._pens = pens
        self._rect = QRectF(*rect)
        self._lines: list[list[QPolygonF]] = [[] for _ in pens]

    def set_pens(self, *pens: QPen) -> None:
        self._pens = pens
        self.update()

    def set_rect(self, rect: tuple[float, float, float, float]) -> None:
        self.prepareGeometryChange()
        self._rect = QRectF(*rect)

    def set_xy(self, x: FloatArray, *curves: FloatArray) -> None:
        """Draw these instead: as many as there are pens."""
        self._lines = [
            [
                pg.functions.arrayToQPolygonF(x[a:b], np.ascontiguousarray(y[a:b]))
                for a, b in true_runs(np.isfinite(y))
                if b - a > 1
            ]
            for y in curves
        ]
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        placed = painter.worldTransform()
        offsets = _offsets(painter.device().devicePixelRatio())
        for pen, lines in zip(self._pens, self._lines, strict=True):
            painter.setPen(pen)
            for across, down in offsets:
                if len(offsets) > 1:
                    painter.setWorldTransform(placed * QTransform.fromTranslate(across, down))
                for line in lines:
                    painter.drawPolyline(line)


@cache
def _offsets(ratio: float) -> tuple[tuple[float, float], ...]:
    """Where a line is drawn so that it looks as thick as on a screen without scaling.

    Its pen is one pixel of the screen, which at 200 % is half as thick. Three such lines, a
    pixel apart, still cost a fraction of one that is two pixels wide.
    """
    pixel = 1.0 / ratio
    here = ((0.0, 0.0),)
    return here if ratio < _THIN_FROM else (*here, (pixel, 0.0), (0.0, pixel))
