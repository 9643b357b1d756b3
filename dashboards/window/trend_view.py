"""Paints one trend: a panel a leg, usual range, noise, dots, and what was said below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dashboards.history.trend_plot import Panel, TrendPlot, apart
from dashboards.window import words
from dashboards.window.theme import Theme
from pipeline.change import ChangeKind
from recordings.placement import Side

Place = Callable[[float, float], QPointF]
_LINES_HIGH = 13
"""Height of a picture in lines of text, so that it grows with the font."""


class TrendView(QWidget):
    """The picture of one measure over walks."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._plot: TrendPlot | None = None
        self._walk = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        line = self.fontMetrics().height()
        return QSize(18 * line, _LINES_HIGH * line)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_plot(self, plot: TrendPlot) -> None:
        self._plot = plot
        self.setAccessibleName(plot.title)
        self.setAccessibleDescription(plot.description)
        self.setToolTip(plot.description.replace(". ", ".\n"))
        self.update()

    def point_out(self, number: int) -> None:
        """Draw a line at the walk of this number; 0 for none."""
        self._walk = number
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._plot is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme, line = self._theme, self.fontMetrics().height()
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        bold = self.font()
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        title = painter.fontMetrics().elidedText(
            self._plot.title, Qt.TextElideMode.ElideRight, self.width() - line
        )
        painter.drawText(QRectF(line / 2, 0.4 * line, self.width() - line, line), title)
        painter.setFont(self.font())
        labels = [f"{tick:g}" for tick in self._plot.ticks]
        left = max(self.fontMetrics().horizontalAdvance(text) for text in labels) + 1.0 * line
        area = QRectF(left, 2.9 * line, self.width() - left - line / 2, (_LINES_HIGH - 6.2) * line)
        painter.setPen(QColor(theme.dim))
        for tick, text in zip(self._plot.ticks, labels, strict=True):
            y = area.bottom() - area.height() * self._plot.share(tick)
            box = QRectF(0, y - line / 2, left - 0.35 * line, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        count = len(self._plot.panels)
        width = (area.width() - line * (count - 1)) / count
        for i, panel in enumerate(self._plot.panels):
            box = QRectF(area.left() + i * (width + line), area.top(), width, area.height())
            self._paint_panel(painter, self._plot, panel, box)
        painter.end()

    def _paint_panel(self, painter: QPainter, plot: TrendPlot, panel: Panel, box: QRectF) -> None:
        theme, line = self._theme, self.fontMetrics().height()
        color = theme.side(panel.side)

        def at(share: float, value: float) -> QPointF:
            margin = 0.7 * line
            x = box.left() + margin + (box.width() - 2 * margin) * share
            return QPointF(x, box.bottom() - box.height() * plot.share(value))

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.faint(theme.dim, 46))
        if panel.usual:
            edges = [at(e.x, e.high) for e in panel.usual]
            edges += [at(e.x, e.low) for e in reversed(panel.usual)]
            if len({e.x for e in panel.usual}) == 1:
                painter.drawRect(QRectF(edges[0], edges[-1]).adjusted(-line, 0, line, 0))
            else:
                painter.drawPolygon(QPolygonF(edges))
        painter.setPen(QPen(QColor(theme.line), 1))
        for tick in plot.ticks:
            y = at(0, tick).y()
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setPen(QPen(QColor(theme.dim), 1.2, Qt.PenStyle.DotLine))
        painter.drawPolyline(QPolygonF([at(e.x, e.low) for e in panel.noise]))
        painter.drawPolyline(QPolygonF([at(e.x, e.high) for e in panel.noise]))
        for dot in panel.dots:
            if dot.number == self._walk:
                painter.setPen(QPen(QColor(theme.accent), 1.5))
                x = at(dot.x, dot.y).x()
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        compared = [d for d in panel.dots if d.kind is not ChangeKind.TOO_FEW_STRIDES]
        painter.setPen(theme.pen(panel.side, 1.6))
        painter.drawPolyline(QPolygonF([at(d.x, d.y) for d in compared]))
        radius = 0.24 * line
        for dot in panel.dots:
            point = at(dot.x, dot.y)
            painter.setPen(QPen(color, 1.6))
            if dot.kind is ChangeKind.TOO_FEW_STRIDES:
                slant = QPointF(radius, radius)
                painter.drawLine(point - slant, point + slant)
                slant = QPointF(radius, -radius)
                painter.drawLine(point - slant, point + slant)
                continue
            painter.setBrush(QColor(theme.card) if panel.side is Side.LEFT else color)
            painter.drawEllipse(point, radius, radius)
            if dot.kind is ChangeKind.MARKED:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(point, 2.1 * radius, 2.1 * radius)
        self._paint_words(painter, plot, panel, box, at)

    def _paint_words(
        self, painter: QPainter, plot: TrendPlot, panel: Panel, box: QRectF, at: Place
    ) -> None:
        line = self.fontMetrics().height()
        painter.setPen(self._theme.side(panel.side))
        painter.drawText(
            QPointF(box.left(), box.top() - 0.35 * line),
            words.BOTH_LEGS if panel.side is None else words.SIDE_MARKS[panel.side],
        )
        painter.setPen(QColor(self._theme.dim))
        for share, day in plot.days:
            place = QRectF(box.left(), box.bottom() + 0.3 * line, box.width(), line)
            flag = Qt.AlignmentFlag.AlignRight if share == 1.0 else Qt.AlignmentFlag.AlignLeft
            if len(plot.days) == 1:
                flag = Qt.AlignmentFlag.AlignHCenter
            painter.drawText(place, flag, day)
        for share, text in apart(plot.said, 2.2 * line / max(box.width() - 1.4 * line, 1.0)):
            x = at(share, plot.ticks[0]).x()
            place = QRectF(x - 2 * line, box.bottom() + 1.5 * line, 4 * line, line)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, text)
