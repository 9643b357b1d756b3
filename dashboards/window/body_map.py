"""Where the sensors are worn, as in a mirror: the wearer's left is on the left."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dashboards.window import words
from dashboards.window.theme import Theme
from recordings.placement import Placement

_SPOTS = {
    Placement.PELVIS: (0.50, 0.45),
    Placement.THIGH_LEFT: (0.41, 0.60),
    Placement.THIGH_RIGHT: (0.59, 0.60),
    Placement.SHANK_LEFT: (0.39, 0.79),
    Placement.SHANK_RIGHT: (0.61, 0.79),
}
_BONES = (
    ((0.50, 0.20), (0.50, 0.46)),
    ((0.42, 0.24), (0.58, 0.24)),
    ((0.42, 0.24), (0.34, 0.38), (0.33, 0.50)),
    ((0.58, 0.24), (0.66, 0.38), (0.67, 0.50)),
    ((0.43, 0.47), (0.57, 0.47)),
    ((0.43, 0.47), (0.40, 0.69), (0.39, 0.91)),
    ((0.57, 0.47), (0.60, 0.69), (0.61, 0.91)),
)


class BodyMap(QWidget):
    """Shows what is placed and what is asked for; `chosen` tells which place was clicked."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._names: Mapping[Placement, str] = {}
        self._asked: Placement | None = None
        self._shown: tuple[Placement, ...] = tuple(Placement)
        self.setAccessibleName(words.BODY_MAP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(420, 480)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_places(
        self,
        shown: tuple[Placement, ...],
        names: Mapping[Placement, str],
        asked: Placement | None,
    ) -> None:
        """The places that are worn, who is there, and which one is asked for."""
        self._shown, self._names, self._asked = shown, names, asked
        placed = ", ".join(f"{p.label}: {names.get(p, words.FREE)}" for p in shown)
        self.setAccessibleDescription(placed)
        self.update()

    def spot(self, placement: Placement) -> QPointF:
        """Where a place is, in pixels."""
        x, y = _SPOTS[placement]
        size = min(self.width(), 0.9 * self.height())
        left = 0.5 * (self.width() - size)
        return QPointF(left + x * size, 10 + y * (self.height() - 20))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        for placement in self._shown:
            away = self.spot(placement) - event.position()
            if away.manhattanLength() < 36:
                self.chosen.emit(placement)
                return

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(QColor(self._theme.card))
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._body(painter)
        line = self.fontMetrics().height()
        painter.setPen(QColor(self._theme.left))
        box = QRectF(12, 4, self.width() - 24, 1.4 * line)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, words.YOUR_LEFT)
        painter.setPen(QColor(self._theme.right))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, words.YOUR_RIGHT)
        for placement in self._shown:
            self._place(painter, placement, line)

    def _body(self, painter: QPainter) -> None:
        size = min(self.width(), 0.9 * self.height())
        left = 0.5 * (self.width() - size)

        def at(x: float, y: float) -> QPointF:
            return QPointF(left + x * size, 10 + y * (self.height() - 20))

        pen = QPen(QColor(self._theme.line), max(10.0, 0.045 * size))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for bone in _BONES:
            painter.drawPolyline([at(*point) for point in bone])
        painter.setBrush(QColor(self._theme.line))
        painter.drawEllipse(at(0.5, 0.11), 0.035 * size, 0.042 * size)

    def _place(self, painter: QPainter, placement: Placement, line: int) -> None:
        spot = self.spot(placement)
        name = self._names.get(placement)
        asked = placement is self._asked
        color = QColor(
            self._theme.good if name else self._theme.accent if asked else self._theme.dim
        )
        style = Qt.PenStyle.SolidLine if name or asked else Qt.PenStyle.DashLine
        painter.setPen(QPen(color, 3 if asked else 2, style))
        painter.setBrush(QColor(self._theme.card))
        box = QRectF(spot.x() - 14, spot.y() - 11, 28, 22)
        painter.drawRoundedRect(box, 5, 5)
        sign = "✓" if name else "?" if asked else "+"
        painter.setPen(color)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)
        painter.setPen(QColor(self._theme.text))
        text = f"{placement.label}\n{name or ''}".strip()
        on_left = placement in (Placement.THIGH_LEFT, Placement.SHANK_LEFT)
        width = 130
        x = box.left() - width - 8 if on_left else box.right() + 8
        align = Qt.AlignmentFlag.AlignRight if on_left else Qt.AlignmentFlag.AlignLeft
        room = QRectF(x, spot.y() - line, width, 2 * line + 4)
        if name and placement is Placement.PELVIS:
            # The thigh's label is below it: in a low map the two would touch.
            room.translate(0, -0.6 * line)
        painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, text)
