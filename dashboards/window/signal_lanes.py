"""How strongly each sensor is moved, as lines below each other: asleep, steady, or loose."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dashboards.view_models.raw_history import RawWindow
from dashboards.window import words
from dashboards.window.theme import Theme
from pipeline.grid import true_runs
from recordings.frames import GRAVITY_M_S2
from recordings.placement import Placement

LANES_S = 5.0
_LANE_PX = 34
_REACH_M_S2 = 6.0
"""What a lane shows above and below gravity; more is cut off."""


class SignalLanes(QWidget):
    """Size of the acceleration of each sensor in the last seconds, around gravity."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lanes: list[tuple[str, QColor, list[QPolygonF]]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words.SETUP_LANES)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_signals(self, signals: Mapping[Placement, RawWindow]) -> None:
        """Draw what came; places in the order of the body."""
        before = len(self._lanes)
        self._lanes = [
            (p.label, self._theme.side(p.side), _lines(signals[p]))
            for p in Placement
            if p in signals
        ]
        if len(self._lanes) != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(300, _LANE_PX * len(self._lanes))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.card))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        left = 14 + max((metrics.horizontalAdvance(name) for name, *_ in self._lanes), default=0)
        for number, (name, color, lines) in enumerate(self._lanes):
            top = number * _LANE_PX
            painter.setPen(QColor(self._theme.dim))
            at = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(0, top, left, _LANE_PX), at, name)
            painter.setPen(QPen(QColor(self._theme.line), 0))
            middle = top + 0.5 * _LANE_PX
            painter.drawLine(QPointF(left, middle), QPointF(self.width(), middle))
            painter.save()
            painter.translate(self.width(), middle)
            painter.scale((self.width() - left) / LANES_S, -0.45 * _LANE_PX / _REACH_M_S2)
            pen = QPen(color, 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            for line in lines:
                painter.drawPolyline(line)
            painter.restore()
        painter.end()


def _lines(window: RawWindow) -> list[QPolygonF]:
    size = np.linalg.norm(window.values[:, :3], axis=1) - GRAVITY_M_S2
    size = np.clip(size, -_REACH_M_S2, _REACH_M_S2)
    return [
        QPolygonF([QPointF(x, y) for x, y in zip(window.time_s[a:b], size[a:b], strict=True)])
        for a, b in true_runs(np.isfinite(size))
    ]
