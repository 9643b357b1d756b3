"""The samples as they were recorded: a row a sensor, acceleration and angular rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem

from dashboards.view_models.bands import Band
from dashboards.window import words
from dashboards.window.layered_plots import LayeredPlots
from dashboards.window.moving_marks import Cursor
from dashboards.window.plot_frame import PlotFrame
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.shading import band_brush
from dashboards.window.theme import Theme
from pipeline.gait import FloatArray
from recordings.placement import Placement

_KINDS = (("acc", 0, 30.0), ("gyr", 3, 8.0))
"""Quantity, first column, and the usual reach of its axis (m/s² and rad/s)."""

_BARE_AXIS_PX = 6


class Drawable(Protocol):
    """A series of six columns that knows what a plot of a stretch of it draws."""

    def drawn(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]: ...


class RawPlots(LayeredPlots):
    """Two plots a sensor, each with the three axes of the sensor: x solid, y dashed, z dotted.

    Parameters
    ----------
    theme : Theme
    axis : str
        What stands below the time axis.
    """

    def __init__(self, theme: Theme, axis: str = words.RAW_AXIS) -> None:
        # Before Qt resizes it for the first time.
        self._frames: dict[tuple[Placement, str], PlotFrame] = {}
        self._ranges: dict[tuple[Placement, str], tuple[tuple[float, float], float]] = {}
        self._axis = axis
        super().__init__()
        self._theme = theme
        self._curves: dict[tuple[Placement, str], PolyCurve] = {}
        self._cursors: list[Cursor] = []
        self._shades: list[tuple[Any, QGraphicsRectItem]] = []
        self.setBackground(theme.card)
        self.setAccessibleName(words.RAW_NAME)

    def show_sensors(self, placements: Iterable[Placement]) -> None:
        """Make a row for each sensor."""
        wanted = [p for p in Placement if p in set(placements)]
        if [p for p, kind in self._frames if kind == "acc"] == wanted:
            return
        self.forget_moving()
        self._central.clear()
        for kept in (self._frames, self._curves, self._ranges):
            kept.clear()
        self._cursors.clear()
        self._shades.clear()
        for row, placement in enumerate(wanted):
            for column, (kind, _, reach) in enumerate(_KINDS):
                self._add(placement, kind, (row, column), reach, last=row == len(wanted) - 1)
        self.set_theme(self._theme)

    def show_page(self, raw: Mapping[Placement, Drawable], page: tuple[float, float]) -> None:
        """Draw the samples of ``[start_s, end_s)``."""
        start_s, end_s = page
        for placement, series in raw.items():
            if (placement, "acc") not in self._frames:
                continue
            times, values = series.drawn(start_s, end_s)
            for kind, first, usual in _KINDS:
                part = values[:, first : first + 3]
                # In steps, so that plots that run along seldom draw their axes anew.
                steps = np.ceil(2.1 * _reach(part) / usual)
                reach = usual * max(1.0, steps / 2)
                curve = self._curves[placement, kind]
                if self._ranges.get((placement, kind)) != (page, reach):
                    self._ranges[placement, kind] = (page, reach)
                    self._frames[placement, kind].set_range(page, (-reach, reach))
                    curve.set_rect((start_s, -2 * reach, end_s - start_s, 4 * reach))
                curve.set_xy(times, *part.T)

    def show_bands(self, bands: Iterable[Band], page: tuple[float, float]) -> None:
        """Shade what was lost (of its own sensor) and what is left out (of all)."""
        for plot, shade in self._shades:
            plot.removeItem(shade)
        self._shades.clear()
        for band in bands:
            if band.kind not in ("gap", "excluded") or not _touches(band, page):
                continue
            for (placement, _), frame in self._frames.items():
                if band.kind == "gap" and band.label != placement.label:
                    continue
                _, (low, high) = frame.plot.viewRange()
                width_s = max(band.end_s - band.start_s, (page[1] - page[0]) / 500)
                shade = QGraphicsRectItem(band.start_s, low, width_s, high - low)
                shade.setPen(QPen(Qt.PenStyle.NoPen))
                shade.setBrush(band_brush(band.kind, self._theme))
                shade.setZValue(-20)
                frame.add(shade)
                self._shades.append((frame.plot, shade))

    def set_cursor(self, x: float) -> None:
        for cursor in self._cursors:
            cursor.set_x(x)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.card)
        colors = (theme.text, theme.accent, theme.watch)
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
        for (placement, kind), frame in self._frames.items():
            frame.set_theme(theme)
            frame.set_title(words.RAW_TITLES[kind].format(place=placement.label.capitalize()))
            pens = [QPen(QColor(c), 1.0, style) for c, style in zip(colors, styles, strict=True)]
            for pen in pens:
                pen.setCosmetic(True)
            self._curves[placement, kind].set_pens(*pens)
        for cursor in self._cursors:
            cursor.set_pen(QPen(QColor(theme.text), 0))

    def resizeEvent(self, ev: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(ev)
        if not self.closed:
            for frame in self._frames.values():
                frame.fit_title()

    def _add(
        self, placement: Placement, kind: str, cell: tuple[int, int], reach: float, *, last: bool
    ) -> None:
        frame = PlotFrame(self._central.addPlot(*cell), (0.0, 1.0), (-reach, reach))
        if last:
            frame.plot.setLabel("bottom", self._axis)
        else:
            # One time axis is enough: rows are low where there is little room.
            frame.plot.getAxis("bottom").setStyle(showValues=False)
            frame.plot.getAxis("bottom").setHeight(_BARE_AXIS_PX)
        curve = PolyCurve(QPen(), QPen(), QPen(), rect=(0.0, -reach, 1.0, 2 * reach))
        cursor = Cursor()
        for item in (curve, cursor):
            frame.add(item)
            self.add_moving(item, frame.plot)
        self._frames[placement, kind] = frame
        self._curves[placement, kind] = curve
        self._cursors.append(cursor)


def _reach(values: FloatArray) -> float:
    """The largest size of what is known; 0 where nothing is."""
    if not values.size:
        return 0.0
    low, high = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    return float(np.nan_to_num(max(-low, high), posinf=0.0))


def _touches(band: Band, page: tuple[float, float]) -> bool:
    return band.end_s >= page[0] and band.start_s <= page[1]
