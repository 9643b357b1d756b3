"""The whole walk in one strip: where it was walked, turned, lost and marked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dashboards.view_models.overview import Lane, overview_lane
from dashboards.view_models.playback import clock_text
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.window import words
from dashboards.window.shading import band_brush
from dashboards.window.theme import Theme
from recordings.placement import Side

_MARGIN = 44

_GROWN_MS = 400
"""A walk that is read grows many times a second, and the strip shows all of it: painted as
often, it would take longer than the reading."""


class OverviewStrip(QWidget):
    """Click or drag in it to go to a time; `sought` tells which."""

    sought = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._walk: RecordedWalk | None = None
        self._page = (0.0, 10.0)
        self._position_s = 0.0
        self._picture: QPixmap | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._repaint_all)
        self.setAccessibleName(words.OVERVIEW_NAME)
        self.setToolTip(words.OVERVIEW_HELP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(600, 5 * self.fontMetrics().height() + 12)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._repaint_all()

    def show_walk(self, walk: RecordedWalk | None) -> None:
        before, self._walk = self._walk, walk
        if walk is None or not _only_grew(before, walk):
            self._repaint_all()
        elif not self._later.isActive():
            self._later.start(_GROWN_MS)

    def show_position(self, position_s: float, page: tuple[float, float]) -> None:
        self._position_s, self._page = position_s, page
        self.update()

    def x_of(self, time_s: float) -> float:
        """Where a time is, in pixels."""
        duration_s = self._walk.duration_s if self._walk else 1.0
        return _MARGIN + time_s / duration_s * max(1, self.width() - _MARGIN - 12)

    def time_at(self, x: float) -> float:
        """The time at a pixel."""
        duration_s = self._walk.duration_s if self._walk else 0.0
        share = (x - _MARGIN) / max(1, self.width() - _MARGIN - 12)
        return min(max(share, 0.0), 1.0) * duration_s

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._walk is not None:
            self.sought.emit(self.time_at(event.position().x()))

    mouseMoveEvent = mousePressEvent  # noqa: N815 - Qt's name

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._picture = None

    def _repaint_all(self) -> None:
        self._later.stop()
        self._picture = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._picture is None:
            self._picture = self._painted()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        if self._walk is None:
            return
        top, bottom = 4.0, self.height() - self.fontMetrics().height() - 6.0
        a, b = self.x_of(self._page[0]), self.x_of(min(self._page[1], self._walk.duration_s))
        painter.setPen(QPen(QColor(self._theme.accent), 2))
        painter.setBrush(self._theme.faint(self._theme.accent, 40))
        painter.drawRoundedRect(QRectF(a, top, max(b - a, 3.0), bottom - top), 3, 3)
        x = self.x_of(self._position_s)
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))

    def _painted(self) -> QPixmap:
        """All that does not move."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._theme.ground))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.setBrush(QColor(self._theme.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._walk is not None:
            self._paint_walk(painter, self._walk)
        painter.end()
        return picture

    def _paint_walk(self, painter: QPainter, walk: RecordedWalk) -> None:
        line = self.fontMetrics().height()
        top, bottom = 4.0, self.height() - line - 6.0
        self._paint_bands(painter, walk, top, bottom)
        bins = max(2, (self.width() - _MARGIN - 12) // 2)
        height = (bottom - top - 8) / 2
        for number, side in enumerate(Side):
            lane_top = top + line * 0.2 + number * height
            area = QRectF(0, lane_top, self.width(), height - 3)
            self._paint_lane(painter, overview_lane(walk, side, bins), side, area)
        painter.setPen(QColor(self._theme.dim))
        for time_s in np.linspace(0, walk.duration_s, 7):
            box = QRectF(self.x_of(float(time_s)) - 40, bottom + 3, 80, line)
            box.moveRight(min(box.right(), self.width() - 4.0))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, clock_text(float(time_s)))
        painter.setPen(QColor(self._theme.watch))
        for marker in walk.markers():
            x = self.x_of(marker.time_s)
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            painter.drawText(QPointF(x + 2, top + line * 0.8), f"⚑ {marker.label or marker.kind}")

    def _paint_bands(
        self, painter: QPainter, walk: RecordedWalk, top: float, bottom: float
    ) -> None:
        line = self.fontMetrics().height()
        for band in walk.bands:
            a, b = self.x_of(band.start_s), self.x_of(band.end_s)
            brush = band_brush(band.kind, self._theme)
            if band.kind == "bout":
                painter.fillRect(QRectF(a, bottom - 5, b - a, 5), brush)
                continue
            painter.fillRect(QRectF(a, top, max(b - a, 2.0), bottom - top), brush)
            if b - a > 4 * line and band.kind in words.BANDS:
                painter.setPen(QColor(self._theme.dim))
                box = QRectF(a, top, b - a, line)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words.BANDS[band.kind])

    def _paint_lane(self, painter: QPainter, lane: Lane, side: Side, area: QRectF) -> None:
        color = self._theme.side(side)
        painter.setPen(color)
        name = words.OVERVIEW_RAW if lane.raw else words.OVERVIEW_ANGLE
        painter.drawText(
            QRectF(6, area.top(), _MARGIN - 12, area.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            f"{side.value[0].upper()} {name}",
        )
        painter.setPen(QPen(self._theme.faint(color.name(), 150), 1))
        width = self.width() - _MARGIN - 12
        known = np.flatnonzero(np.isfinite(lane.envelope[:, 0]))
        lefts = _MARGIN + known / len(lane.envelope) * width
        ends = area.bottom() - lane.envelope[known] * area.height()
        painter.drawLines(
            [QLineF(x, a, x, b) for x, (a, b) in zip(lefts, ends.tolist(), strict=True)]
        )


def _only_grew(before: RecordedWalk | None, walk: RecordedWalk) -> bool:
    """Whether a walk that is still read or analysed is the same but for its length."""
    return (
        before is not None
        and before.path == walk.path
        and before.results is None
        and walk.results is None
        and before.edits == walk.edits
    )
