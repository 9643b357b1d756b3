"""A measure over walks as SVG: a panel a leg, both on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboards.history.trend_plot import Dot, Edge, Panel, TrendPlot, apart
from dashboards.report.figures import (
    INK,
    LINE,
    QUIET,
    SHADE,
    SIDE_COLOUR,
    open_svg,
    svg_text,
)
from pipeline.change import ChangeKind
from recordings.placement import Side

_WIDTH, _HEIGHT = 330.0, 196.0
_LEFT, _TOP, _RIGHT, _BOTTOM = 40.0, 36.0, 320.0, 140.0
_GAP, _MARGIN = 14.0, 9.0
_WORDS_WIDTH = 22.0
Place = Callable[[float], float]


def trend_figure(plot: TrendPlot) -> str:
    """The picture of one measure.

    Shaded is the usual range, between the dotted lines lies what two wearings can differ by;
    a marked change has a ring around it, a walk of too few strides is a cross.
    """
    parts = [open_svg(_WIDTH, _HEIGHT, plot.title, plot.description, f"trend-{plot.key}")]
    parts.append(svg_text(0, 14, plot.title, size=13, weight=600))

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * plot.share(value)

    count = len(plot.panels)
    width = (_RIGHT - _LEFT - _GAP * (count - 1)) / count
    for i, panel in enumerate(plot.panels):
        start = _LEFT + i * (width + _GAP)
        parts += _panel(plot, panel, start, width, y)
    for tick in plot.ticks:
        parts.append(svg_text(_LEFT - 5, y(tick) + 4, f"{tick:g}", anchor="end"))
    return "".join([*parts, "</svg>"])


def _panel(plot: TrendPlot, panel: Panel, start: float, width: float, y: Place) -> Sequence[str]:
    def x(share: float) -> float:
        return start + _MARGIN + (width - 2 * _MARGIN) * share

    side = panel.side
    style = "both" if side is None else str(side)
    colour = INK if side is None else SIDE_COLOUR[side]
    parts = []
    if panel.usual:
        parts.append(f'<path class="shade" fill="{SHADE}" d="{_band(panel.usual, x, y)}"/>')
    grid = "".join(f"M{start:g} {y(tick):.1f}h{width:g}" for tick in plot.ticks)
    parts.append(f'<path class="grid" stroke="{LINE}" d="{grid}"/>')
    if panel.noise:
        low, high = [(e.x, e.low) for e in panel.noise], [(e.x, e.high) for e in panel.noise]
        parts.append(
            f'<path class="noise" stroke="{QUIET}" fill="none" stroke-dasharray="1.5 3" '
            f'd="{_line(low, x, y)}{_line(high, x, y)}"/>'
        )
    dash = ' stroke-dasharray="6 3"' if side is Side.LEFT else ""
    compared = [d for d in panel.dots if d.kind is not ChangeKind.TOO_FEW_STRIDES]
    crosses = [d for d in panel.dots if d.kind is ChangeKind.TOO_FEW_STRIDES]
    rings = [d for d in panel.dots if d.kind is ChangeKind.MARKED]
    pen = f'stroke="{colour}" stroke-width="1.6"'
    if len(compared) > 1:
        line = _line([(d.x, d.y) for d in compared], x, y)
        parts.append(f'<path class="{style}" {pen} fill="none"{dash} d="{line}"/>')
    fill = "#fff" if side is Side.LEFT else colour
    parts.append(f'<g class="{style} dot" {pen} fill="{fill}">{_circles(compared, 3, x, y)}</g>')
    if rings:
        parts.append(f'<g class="{style}" stroke="{colour}" fill="none">')
        parts.append(f"{_circles(rings, 6.5, x, y)}</g>")
    if crosses:
        marks = "".join(f"M{x(d.x):.1f} {y(d.y):.1f}m-3-3l6 6m0-6l-6 6" for d in crosses)
        parts.append(f'<path class="{style}" stroke="{colour}" fill="none" d="{marks}"/>')
    name = "both legs" if side is None else str(side)
    parts.append(svg_text(start, _TOP - 7, name, size=10.5))
    parts += _below(plot, x, start, width)
    return parts


def _below(plot: TrendPlot, x: Place, start: float, width: float) -> list[str]:
    """Days, and what was said of the walks."""
    parts = []
    for share, day in plot.days:
        anchor = "middle" if len(plot.days) == 1 else "end" if share else "start"
        at = x(share) if anchor == "middle" else start + width if share else start
        parts.append(svg_text(at, _BOTTOM + 16, day, anchor, size=10))
    parts += [
        svg_text(x(share), _BOTTOM + 32, words, "middle", size=10)
        for share, words in apart(plot.said, _WORDS_WIDTH / (width - 2 * _MARGIN))
    ]
    return parts


def _circles(dots: Sequence[Dot], radius: float, x: Place, y: Place) -> str:
    return "".join(f'<circle cx="{x(d.x):.1f}" cy="{y(d.y):.1f}" r="{radius:g}"/>' for d in dots)


def _line(points: Sequence[tuple[float, float]], x: Place, y: Place) -> str:
    return "M" + "L".join(f"{x(share):.1f} {y(value):.1f}" for share, value in points)


def _band(edges: Sequence[Edge], x: Place, y: Place) -> str:
    """The area between low and high; of one walk, a strip of the dot's width."""
    if len({edge.x for edge in edges}) == 1:
        edge, at = edges[0], x(edges[0].x)
        return f"M{at - 8:.1f} {y(edge.low):.1f}h16V{y(edge.high):.1f}h-16Z"
    there = [(e.x, e.high) for e in edges]
    back = [(e.x, e.low) for e in reversed(edges)]
    return f"{_line([*there, *back], x, y)}Z"
