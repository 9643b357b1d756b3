"""The samples as they were recorded: a row a sensor, acceleration and angular rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from dashboards.view_models.bands import Band
from dashboards.view_models.timed_series import TimedSeries
from dashboards.window import words
from dashboards.window.angle_plots import band_brush
from dashboards.window.poly_curve import PolyCurve
from dashboards.window.theme import Theme
from recordings.placement import Placement

_KINDS = (("acc", 0, 30.0), ("gyr", 3, 8.0))
"""Quantity, first column, and the usual reach of its axis (m/s² and rad/s)."""


class RawPlots(pg.GraphicsLayoutWidget):
    """Two plots a sensor, each with the three axes of the sensor: x solid, y dashed, z dotted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._central: Any = self.ci
        self._plots: dict[tuple[Placement, str], Any] = {}
        self._curves: dict[tuple[Placement, str], list[PolyCurve]] = {}
        self._cursors: list[pg.InfiniteLine] = []
        self._shades: list[tuple[Any, QGraphicsRectItem]] = []
        self.setBackground(theme.card)
        self.setAccessibleName(words.RAW_NAME)

    def show_sensors(self, placements: Iterable[Placement]) -> None:
        """Make a row for each sensor."""
        wanted = [p for p in Placement if p in set(placements)]
        if [p for p, kind in self._plots if kind == "acc"] == wanted:
            return
        self._central.clear()
        for kept in (self._plots, self._curves):
            kept.clear()
        self._cursors.clear()
        self._shades.clear()
        for row, placement in enumerate(wanted):
            for column, (kind, _, reach) in enumerate(_KINDS):
                self._add(placement, kind, (row, column), reach, last=row == len(wanted) - 1)
        self.set_theme(self._theme)

    def show_page(self, raw: Mapping[Placement, TimedSeries], page: tuple[float, float]) -> None:
        """Draw the samples of ``[start_s, end_s)``."""
        start_s, end_s = page
        for placement, series in raw.items():
            times, values = series.drawn(start_s, end_s)
            for kind, first, usual in _KINDS:
                part = values[:, first : first + 3]
                known = part[np.isfinite(part)]
                reach = max(usual, 1.1 * float(np.abs(known).max(initial=0.0)))
                plot = self._plots[placement, kind]
                plot.setXRange(start_s, end_s, padding=0)
                plot.setYRange(-reach, reach, padding=0)
                for axis, curve in enumerate(self._curves[placement, kind]):
                    curve.set_rect((start_s, -2 * reach, end_s - start_s, 4 * reach))
                    curve.set_xy(times, np.ascontiguousarray(part[:, axis]))

    def show_bands(self, bands: Iterable[Band], page: tuple[float, float]) -> None:
        """Shade what was lost (of its own sensor) and what is left out (of all)."""
        for plot, shade in self._shades:
            plot.removeItem(shade)
        self._shades.clear()
        for band in bands:
            if band.kind not in ("gap", "excluded") or not _touches(band, page):
                continue
            for (placement, _), plot in self._plots.items():
                if band.kind == "gap" and band.label != placement.label:
                    continue
                _, (low, high) = plot.viewRange()
                width_s = max(band.end_s - band.start_s, (page[1] - page[0]) / 500)
                shade = QGraphicsRectItem(band.start_s, low, width_s, high - low)
                shade.setPen(QPen(Qt.PenStyle.NoPen))
                shade.setBrush(band_brush(band.kind, self._theme))
                shade.setZValue(-20)
                plot.addItem(shade, ignoreBounds=True)
                self._shades.append((plot, shade))

    def set_cursor(self, x: float) -> None:
        for cursor in self._cursors:
            cursor.setValue(x)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.card)
        colors = (theme.text, theme.accent, theme.watch)
        styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
        for (placement, kind), plot in self._plots.items():
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.line)
                plot.getAxis(side).setTextPen(theme.dim)
            title = words.RAW_TITLES[kind].format(place=placement.label.capitalize())
            plot.setTitle(f'<span style="color:{theme.text};font-size:9pt">{title}</span>')
            plot.titleLabel.setMinimumWidth(0)
            for curve, color, style in zip(
                self._curves[placement, kind], colors, styles, strict=True
            ):
                pen = QPen(QColor(color), 1.0, style)
                pen.setCosmetic(True)
                curve.set_pen(pen)
        for cursor in self._cursors:
            cursor.setPen(QPen(QColor(theme.text), 0))

    def _add(
        self, placement: Placement, kind: str, cell: tuple[int, int], reach: float, *, last: bool
    ) -> None:
        plot: Any = self._central.addPlot(*cell)
        plot.setMinimumWidth(60)
        plot.setPreferredWidth(200)
        plot.setMouseEnabled(False, False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.disableAutoRange()
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setStyle(tickLength=-4, maxTickLevel=0)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        plot.getAxis("left").setWidth(38)
        if last:
            plot.setLabel("bottom", words.RAW_AXIS)
        curves = [PolyCurve(QPen(), (0.0, -reach, 1.0, 2 * reach)) for _ in range(3)]
        for curve in curves:
            plot.addItem(curve, ignoreBounds=True)
        cursor = pg.InfiniteLine(0.0)
        plot.addItem(cursor, ignoreBounds=True)
        self._plots[placement, kind] = plot
        self._curves[placement, kind] = curves
        self._cursors.append(cursor)


def _touches(band: Band, page: tuple[float, float]) -> bool:
    return band.end_s >= page[0] and band.start_s <= page[1]
