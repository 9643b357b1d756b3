"""What moves in a plot beside its curves: the cursor, and the bars of the stance strip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QBrush, QPainter, QPen

from dashboards.window.layered_plots import MovingItem
from dashboards.window.theme import Theme
from recordings.placement import Side

_FAR = 1e4
"""Beyond all axes."""
_BAR_HEIGHT = 0.6
_BAR_Y = {Side.LEFT: 1.2, Side.RIGHT: 0.2}


class Cursor(MovingItem):
    """A line through a plot at one x; not drawn where `set_x` was last given None."""

    def __init__(self) -> None:
        super().__init__((-_FAR, -_FAR, 2 * _FAR, 2 * _FAR))
        self._pen = QPen()
        self._x: float | None = None

    def set_pen(self, pen: QPen) -> None:
        self._pen = pen
        self.on_change()

    def set_x(self, x: float | None) -> None:
        if x != self._x:
            self._x = x
            self.on_change()

    @property
    def shown(self) -> bool:
        return self._x is not None

    def draw(self, painter: QPainter) -> None:
        assert self._x is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._pen)
        painter.drawLine(QLineF(self._x, -_FAR, self._x, _FAR))


class StanceBars(MovingItem):
    """A row of bars for each leg: left above, hollow and dashed; right below and filled."""

    def __init__(self, theme: Theme) -> None:
        super().__init__((-_FAR, 0.0, 2 * _FAR, 2.0))
        self._bars: list[tuple[Side, list[QRectF]]] = []
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._looks: dict[Side, tuple[QPen, QBrush]] = {}
        for side in Side:
            color = theme.side(side)
            color.setAlpha(70 if side is Side.LEFT else 200)
            self._looks[side] = (theme.pen(side), QBrush(color))
        self.on_change()

    def show_spans(self, spans: Sequence[tuple[Side, Sequence[tuple[float, float]]]]) -> None:
        """Draw these stretches of x instead."""
        self._bars = [
            (side, [QRectF(a, _BAR_Y[side], b - a, _BAR_HEIGHT) for a, b in of_side])
            for side, of_side in spans
        ]
        self.on_change()

    def draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for side, bars in self._bars:
            pen, brush = self._looks[side]
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawRects(bars)
