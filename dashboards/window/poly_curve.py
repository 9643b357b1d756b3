"""Curves that are cheap to move: one polyline each, no bounds to work out, gaps left as gaps."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform

from dashboards.window.layered_plots import MovingItem
from pipeline.gait import FloatArray
from pipeline.grid import true_runs

_THIN_FROM = 1.5
"""Screen scaling from which a line of one pixel is hard to see."""


class PolyCurve(MovingItem):
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
        super().__init__(rect)
        self._pens = pens
        self._lines: list[list[_Line]] = [[] for _ in pens]

    def set_pens(self, *pens: QPen) -> None:
        self._pens = pens
        self.on_change()

    def set_xy(self, x: FloatArray, *curves: FloatArray) -> None:
        """Draw these instead: as many as there are pens."""
        for lines, y in zip(self._lines, curves, strict=True):
            # A sum is not finite where a part of it is not.
            whole = np.isfinite(np.add.reduce(y))
            runs = [(0, len(y))] if whole else true_runs(np.isfinite(y))
            runs = [(a, b) for a, b in runs if b - a > 1]
            while len(lines) < len(runs):
                lines.append(_Line())
            del lines[len(runs) :]
            for line, (a, b) in zip(lines, runs, strict=True):
                line.set_xy(x[a:b], y[a:b])
        self.on_change()

    def draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        placed = painter.worldTransform()
        offsets = _offsets(painter.device().devicePixelRatio())
        for pen, lines in zip(self._pens, self._lines, strict=True):
            painter.setPen(pen)
            for across, down in offsets:
                if len(offsets) > 1:
                    painter.setWorldTransform(placed * QTransform.fromTranslate(across, down))
                for line in lines:
                    painter.drawPolyline(line.points)


class _Line:
    """A polyline whose points stay where they are in memory: frames only write new numbers."""

    def __init__(self) -> None:
        self.points = QPolygonF()
        self._numbers = np.empty((0, 2))

    def set_xy(self, x: FloatArray, y: FloatArray) -> None:
        if len(self._numbers) != len(x):
            self.points.resize(len(x))
            self._numbers = pg.functions.ndarray_from_qpolygonf(self.points)
        self._numbers[:, 0] = x
        self._numbers[:, 1] = y


@cache
def _offsets(ratio: float) -> tuple[tuple[float, float], ...]:
    """Where a line is drawn so that it looks as thick as on a screen without scaling.

    Its pen is one pixel of the screen, which at 200 % is half as thick. Three such lines, a
    pixel apart, still cost a fraction of one that is two pixels wide.
    """
    pixel = 1.0 / ratio
    here = ((0.0, 0.0),)
    return here if ratio < _THIN_FROM else (*here, (pixel, 0.0), (0.0, pixel))
