"""Plots in two layers: a picture of all that stands still, and over it what moves.

For each frame Qt asks every item of a scene where it is and how it looks, and pyqtgraph
answers in Python: with ten plots that costs several times what their curves do. Here a frame
copies the picture, plot by plot, and draws the moving items over it. What stands still is
painted anew where it changes, and only there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

_MARGIN_PX = 2
"""Antialiased lines reach over the borders of their items."""


class MovingItem(pg.GraphicsObject):
    """Something in a plot that is drawn by `LayeredPlots` over what stands still.

    In a scene of another kind, and wherever a scene is drawn into a file, it is an item like
    others.

    Parameters
    ----------
    rect : tuple
        x, y, width, height of all that may ever be drawn.
    """

    def __init__(self, rect: tuple[float, float, float, float]) -> None:
        super().__init__()
        self._rect = QRectF(*rect)
        self.left_out = False
        """While the picture of all else is painted."""
        self.on_change: Callable[[], None] = self.update

    def set_rect(self, rect: tuple[float, float, float, float]) -> None:
        self.prepareGeometryChange()
        self._rect = QRectF(*rect)

    @property
    def shown(self) -> bool:
        """Whether there is something to draw."""
        return True

    def draw(self, painter: QPainter) -> None:
        """Draw it; the painter's transform is that of the item."""
        raise NotImplementedError

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        if self.shown and not self.left_out:
            self.draw(painter)


class LayeredPlots(pg.GraphicsLayoutWidget):
    """A layout of plots for many frames a second, with an opaque background."""

    def __init__(self) -> None:
        # Before Qt resizes and paints it for the first time.
        self._moving: list[tuple[MovingItem, Any]] = []
        self._still = QPixmap()
        self._stale = QRect()
        self._places: dict[Any, tuple[QRect, QTransform]] = {}
        super().__init__()
        # pyqtgraph passes many calls on at run time, which a type checker cannot see.
        self._central: Any = self.ci
        self.scene().changed.connect(self._note_changes)
        # It paints all of itself: what is behind it need not be painted with each frame.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def add_moving(self, item: MovingItem, plot: Any) -> None:
        """Draw an item that is in a plot with each frame, in the order of these calls."""
        self._moving.append((item, plot.getViewBox()))
        item.on_change = lambda: self.viewport().update(_inside(plot.getViewBox()))

    def forget_moving(self) -> None:
        """Before the plots are taken away."""
        self._moving.clear()
        self._places.clear()

    def setBackground(self, background: object) -> None:  # noqa: N802 - pyqtgraph's name
        super().setBackground(background)
        self._still = QPixmap()

    def paintEvent(self, ev: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        # What these can do at run time, a type checker cannot see.
        scene: Any = self.scene()
        region: Any = ev.region()
        scene.prepareForPaint()
        self._renew_still()
        painter = QPainter(self.viewport())
        # A rectangle at a time: within a clip of many, all is several times as slow.
        for rect in region:
            painter.setClipRect(rect)
            painter.drawPixmap(0, 0, self._still)
        for item, box in self._moving:
            if box not in self._places:
                to_viewport = item.sceneTransform() * self.viewportTransform()
                self._places[box] = _inside(box), to_viewport
            inside, to_viewport = self._places[box]
            if item.shown and region.intersects(inside):
                painter.setWorldTransform(QTransform())
                painter.setClipRect(inside)
                painter.setWorldTransform(to_viewport)
                item.draw(painter)
        painter.end()

    def close(self) -> None:
        """pyqtgraph takes the items away, then has the view painted once more."""
        self.forget_moving()
        super().close()

    def _note_changes(self, rects: list[QRectF]) -> None:
        self._places.clear()
        for rect in rects:
            around = self.mapFromScene(rect).boundingRect()
            around.adjust(-_MARGIN_PX, -_MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
            self._stale = self._stale.united(around)
            self.viewport().update(around)

    def _renew_still(self) -> None:
        viewport = self.viewport()
        ratio = viewport.devicePixelRatioF()
        if self._still.deviceIndependentSize().toSize() != viewport.size() or (
            self._still.devicePixelRatio() != ratio
        ):
            self._still = QPixmap(viewport.size() * ratio)
            self._still.setDevicePixelRatio(ratio)
            self._stale = viewport.rect()
            self._places.clear()
        stale, self._stale = _aligned(self._stale).intersected(viewport.rect()), QRect()
        if stale.isEmpty():
            return
        # By way of a picture of its own: axes are records that are played, and mind no clip.
        piece = QPixmap(stale.size() * ratio)
        piece.setDevicePixelRatio(ratio)
        for item, _ in self._moving:
            item.left_out = True
        painter = QPainter(piece)
        self.render(painter, QRectF(QPointF(), stale.size().toSizeF()), stale)
        painter.end()
        for item, _ in self._moving:
            item.left_out = False
        painter = QPainter(self._still)
        painter.drawPixmap(stale.topLeft(), piece)
        painter.end()


def _aligned(rect: QRect) -> QRect:
    """Grown so that its borders are between pixels at all usual scalings of a screen."""
    step = 4
    left, top = step * (rect.left() // step), step * (rect.top() // step)
    right, bottom = (step * -(-(last + 1) // step) for last in (rect.right(), rect.bottom()))
    return QRect(left, top, right - left, bottom - top)


def _inside(box: Any) -> QRect:
    """The pixels within the axes of a plot."""
    return box.sceneBoundingRect().toRect()
