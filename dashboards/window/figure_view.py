"""The stick figure, from the side and from behind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from dashboards.view_models.figure_pose import FigurePose, LegPoints, Point
from dashboards.window import words
from dashboards.window.theme import Theme
from recordings.placement import Side

_TITLES = {"side": words.SIDE_VIEW, "behind": words.BEHIND_VIEW}
_SHORT_TITLES = {"side": words.SIDE_VIEW_SHORT, "behind": words.BEHIND_VIEW_SHORT}
_LETTER_SHARE = 0.034
_HEIGHT_M, _WIDTH_M = 1.75, 1.10


class FigureView(QWidget):
    """Shows one pose; left with hollow joints, right with filled ones and a letter each.

    Parameters
    ----------
    theme : Theme
    framed : bool
        Whether it is a card of its own.
    """

    def __init__(self, theme: Theme, *, framed: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self._framed = framed
        self._views = tuple(_TITLES)
        self._pose = FigurePose()
        self._why_unknown = words.FIGURE_UNKNOWN
        self._still = QPixmap()
        self._still_kind: tuple[object, ...] = ()
        # It paints all of itself: what is behind it need not be painted with each frame.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(words.FIGURE_NAME)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(180)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(380, 280)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_views(self, views: tuple[str, ...]) -> None:
        """Which views are shown: ``side``, ``behind`` or both."""
        if views != self._views:
            self._views = views
            self.update()

    def set_pose(self, pose: FigurePose, why_unknown: str = words.FIGURE_LOST) -> None:
        """Show a pose; where it is not known, say why."""
        self._pose, self._why_unknown = pose, why_unknown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still_picture())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._fit_letters(painter)
        if not self._pose.known:
            painter.setPen(QColor(self._theme.dim))
            box = QRectF(self.rect()).adjusted(8, 0, -8, 0)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, wrapped, self._why_unknown)
            return
        for number, view in enumerate(self._views):
            frame = self._frame(number, painter.fontMetrics().height())
            self._view(painter, frame, behind=view == "behind")

    def _still_picture(self) -> QPixmap:
        """What is the same in each frame: card, titles, floor, and what is not measured."""
        ratio = self.devicePixelRatioF()
        noted = self._pose.known and not all(self._pose.knee_known.values())
        kind = (self.size(), ratio, self._theme, self._views, self._pose.known, noted, self.font())
        if kind != self._still_kind:
            self._still_kind = kind
            self._still = QPixmap(self.size() * ratio)
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(QColor(self._theme.ground))
            painter = QPainter(self._still)
            self._draw_still(painter, noted=noted)
            painter.end()
        return self._still

    def _draw_still(self, painter: QPainter, *, noted: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setFont(self.font())
        if self._framed:
            painter.setBrush(QColor(self._theme.card))
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._fit_letters(painter)
        part = self.width() / len(self._views)
        metrics = painter.fontMetrics()
        widest = max(metrics.horizontalAdvance(_TITLES[v]) for v in self._views)
        titles = _TITLES if widest <= part - 16 else _SHORT_TITLES
        for number, view in enumerate(self._views):
            box = QRectF(number * part + 8, 6, part - 16, metrics.height())
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, titles[view])
            if self._pose.known:
                frame = self._frame(number, metrics.height())
                _, at = _placed(frame)
                painter.setPen(QPen(QColor(self._theme.line), 1))
                painter.drawLine(at((-0.5, 0.0)), at((0.5, 0.0)))
        if noted:
            height = metrics.height()
            box = QRectF(8, self.height() - height - 6, self.width() - 16, height)
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words.FIGURE_KNEE_UNKNOWN)

    def _frame(self, number: int, line_height: int) -> QRectF:
        """Where a view has its figure, below the titles and above the note."""
        part = self.width() / len(self._views)
        top = 8 + line_height
        note = not all(self._pose.knee_known.values())
        bottom = self.height() - 10 - (line_height if note else 0)
        return QRectF(number * part, top, part, max(bottom - top, 10))

    def _fit_letters(self, painter: QPainter) -> None:
        """Larger letters where the figure is shown large, to be read from afar."""
        font = QFont(self.font())
        pixels = round(_LETTER_SHARE * self.height())
        if pixels > self.fontInfo().pixelSize():
            font.setPixelSize(pixels)
            painter.setFont(font)

    def _view(self, painter: QPainter, frame: QRectF, *, behind: bool) -> None:
        pose = self._pose
        scale, at = _placed(frame)
        thick = max(3.0, 0.035 * scale)
        legs = pose.behind_view if behind else pose.side_view
        # From the right side the right leg is nearer, and drawn last.
        for side in Side:
            self._leg(painter, at, legs[side], side, thick, scale, behind=behind)
            self._letter(painter, at, legs, side, scale, behind=behind)
        trunk = QPen(QColor(self._theme.text), thick, c=Qt.PenCapStyle.RoundCap)
        painter.setPen(trunk)
        left, right = legs[Side.LEFT].hip, legs[Side.RIGHT].hip
        middle = (0.5 * (left[0] + right[0]), 0.5 * (left[1] + right[1]))
        neck = pose.behind_neck if behind else pose.side_neck
        painter.drawLine(at(left), at(right))
        painter.drawLine(at(middle), at(neck))
        painter.setPen(QPen(QColor(self._theme.text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        head = at((neck[0], neck[1] + 0.14))
        painter.drawEllipse(head, 0.085 * scale, 0.11 * scale)

    def _leg(
        self,
        painter: QPainter,
        at: Callable[[Point], QPointF],
        leg: LegPoints,
        side: Side,
        thick: float,
        scale: float,
        *,
        behind: bool,
    ) -> None:
        color = self._theme.side(side)
        pen = QPen(color, thick, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        hip, knee, ankle = at(leg.hip), at(leg.knee), at(leg.ankle)
        painter.drawLine(hip, knee)
        if not self._pose.knee_known[side]:
            pen.setWidthF(0.5 * thick)
            painter.setPen(pen)
        painter.drawLine(knee, ankle)
        if not behind:
            # The foot only shows which way is forward; it is not measured.
            painter.setPen(QPen(QColor(self._theme.dim), 0.4 * thick, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(ankle, ankle + QPointF(0.13 * scale, 0.02 * scale))
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(color if side is Side.RIGHT else QColor(self._theme.card))
        for joint in (hip, knee, ankle):
            painter.drawEllipse(joint, 0.55 * thick, 0.55 * thick)
        if self._pose.stance.get(side):
            shade = QColor(color)
            shade.setAlpha(150)
            painter.setPen(QPen(shade, 4))
            y = at((0.0, -0.03)).y()
            half = 0.06 * scale if behind else 0.12 * scale
            painter.drawLine(QPointF(ankle.x() - half, y), QPointF(ankle.x() + half, y))

    def _letter(
        self,
        painter: QPainter,
        at: Callable[[Point], QPointF],
        legs: dict[Side, LegPoints],
        side: Side,
        scale: float,
        *,
        behind: bool,
    ) -> None:
        """Which leg it is, beside its knee and away from the other one."""
        letter = side.value[0].upper()
        x, other_x = legs[side].knee[0], legs[side.other].knee[0]
        outward = x > other_x if x != other_x else side is Side.RIGHT
        offset = (0.09 if behind else 0.06) * scale
        if not outward:
            offset = -offset - painter.fontMetrics().horizontalAdvance(letter)
        painter.setPen(self._theme.side(side))
        painter.drawText(at(legs[side].knee) + QPointF(offset, 4), letter)


def _placed(frame: QRectF) -> tuple[float, Callable[[Point], QPointF]]:
    """Pixels a metre within a frame, and where a point of the figure is in it."""
    scale = min(frame.height() / _HEIGHT_M, frame.width() / _WIDTH_M)
    middle, floor = frame.center().x(), frame.bottom() - 0.08 * scale

    def at(point: Point) -> QPointF:
        return QPointF(middle + scale * point[0], floor - scale * point[1])

    return scale, at
