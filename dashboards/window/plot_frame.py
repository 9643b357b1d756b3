"""An empty plot as all of them are: fixed axes, a grid that is one path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from dashboards.window.theme import Theme

_LEFT_AXIS_PX = 38


class PlotFrame:
    """One plot of a graphics layout, with its title, axes and grid.

    Parameters
    ----------
    plot : pyqtgraph PlotItem
        It passes many calls on at run time, which a type checker cannot see.
    x, y : tuple of float
        Ranges.
    rows : bool
        Whether the grid has horizontal lines.
    """

    def __init__(
        self, plot: Any, x: tuple[float, float], y: tuple[float, float], *, rows: bool = True
    ) -> None:
        self.plot = plot
        self._rows = rows
        self._titles = ("", "")
        self._color = "#000000"
        # All alike, whatever their titles and labels ask for: the time axes must line up.
        plot.setMinimumWidth(60)
        plot.setPreferredWidth(200)
        # A label asks for the room of its text whenever it is laid out: a long title would push
        # the curves over the plot beside it. `fit_title` shortens it instead.
        plot.titleLabel.updateMin = lambda: None
        plot.titleLabel.setMinimumSize(0, 0)
        plot.setMouseEnabled(False, False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.disableAutoRange()
        plot.setXRange(*x, padding=0)
        plot.setYRange(*y, padding=0)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setStyle(tickLength=-4, maxTickLevel=0)
        plot.getAxis("left").setWidth(_LEFT_AXIS_PX)
        self._grid = QGraphicsPathItem()
        self._grid.setZValue(-30)
        self.add(self._grid)
        self.draw_grid()

    def add(self, item: QGraphicsItem) -> None:
        """Put something into the plot that does not change its ranges."""
        self.plot.addItem(item, ignoreBounds=True)

    def set_range(
        self, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None
    ) -> None:
        if x is not None:
            self.plot.setXRange(*x, padding=0)
        if y is not None:
            self.plot.setYRange(*y, padding=0)
        self.draw_grid()

    def set_title(self, title: str) -> None:
        self._titles = (title, title.partition(",")[0])
        self.fit_title()

    def fit_title(self) -> None:
        """Say less where the whole title has no room."""
        full, short = self._titles
        room = self.plot.size().width()
        label = self.plot.titleLabel
        for text in (full, short):
            self.plot.setTitle(f'<span style="color:{self._color};font-size:9pt">{text}</span>')
            if room <= 0 or label.item.boundingRect().width() <= room:
                break

    def set_theme(self, theme: Theme) -> None:
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(theme.line)
            self.plot.getAxis(side).setTextPen(theme.dim)
        self._color = theme.text
        self._grid.setPen(QPen(theme.faint(theme.dim, 45), 0))
        self.fit_title()

    def draw_grid(self) -> None:
        """Draw the grid for the ranges as they are."""
        (x0, x1), (y0, y1) = self.plot.viewRange()
        path = QPainterPath()
        for y in _ticks(y0, y1) if self._rows else ():
            path.moveTo(x0, y)
            path.lineTo(x1, y)
        for x in _ticks(x0, x1):
            path.moveTo(x, y0)
            path.lineTo(x, y1)
        self._grid.setPath(path)


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
