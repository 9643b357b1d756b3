"""A curve that is cheap to move: one polyline, no bounds to work out, gaps left as gaps."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from pipeline.gait import FloatArray
from pipeline.grid import true_runs


class PolyCurve(pg.GraphicsObject):
    """Draws ``y(x)``; where y is NaN nothing is drawn.

    pyqtgraph's own curves work out bounds and paths anew for each frame; with 18 of them
    that is what a frame costs.

    Parameters
    ----------
    pen : QPen
        Cosmetic, width 1: wider antialiased lines cost ten times as much.
    rect : tuple
        x, y, width, height of all that may ever be drawn.
    """

    def __init__(self, pen: QPen, rect: tuple[float, float, float, float]) -> None:
        super().__init__()
        self._pen = pen
        self._rect = QRectF(*rect)
        self._lines: list[QPolygonF] = []

    def set_pen(self, pen: QPen) -> None:
        self._pen = pen
        self.update()

    def set_rect(self, rect: tuple[float, float, float, float]) -> None:
        self.prepareGeometryChange()
        self._rect = QRectF(*rect)

    def set_xy(self, x: FloatArray, y: FloatArray) -> None:
        self._lines = [
            pg.functions.arrayToQPolygonF(x[a:b], np.ascontiguousarray(y[a:b]))
            for a, b in true_runs(np.isfinite(y))
            if b - a > 1
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
        painter.setPen(self._pen)
        for line in self._lines:
            painter.drawPolyline(line)
