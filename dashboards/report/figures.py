"""Pictures of the report as SVG: curves over the gait cycle, bars of left–right difference.

Written by hand: a plotting library would make files ten times as large that know no dark mode.
Colours are given as attributes and again as classes, so that a page's style sheet can change
them. Left is dashed and hollow, right is solid and filled: colour never stands alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from pipeline.gait import CYCLE_POINTS, FloatArray
from recordings.placement import Side

LEFT, RIGHT, INK, QUIET, LINE, SHADE = (
    "#C2410C",
    "#0369A1",
    "#1F2937",
    "#4B5563",
    "#D1D5DB",
    "#E5E7EB",
)
SIDE_COLOUR = {Side.LEFT: LEFT, Side.RIGHT: RIGHT}
_WIDTH, _HEIGHT = 330.0, 222.0
_PLOT = (40.0, 36.0, 280.0, 140.0)
"""Left, top, width and height of the plotting area."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One left–right difference.

    Attributes
    ----------
    label : str
    value, error : float
        Right minus left, and its half-width.
    usual : float
        Half-width of the usual range about zero; NaN if there is none.
    text : str
        The value in words.
    """

    label: str
    value: float
    error: float
    usual: float
    text: str


def cycle_figure(
    title: str,
    description: str,
    directions: tuple[str, str],
    curves: Mapping[Side, FloatArray],
    final_contact_percent: Mapping[Side, float],
    key: str,
) -> str:
    """Curves of both legs, each over its own gait cycle.

    Parameters
    ----------
    title : str
        With the unit.
    description : str
        The same in words, for who cannot see it.
    directions : tuple of str
        What down and up mean.
    curves : mapping of Side to ndarray, shape (101,)
        NaN leaves a gap.
    final_contact_percent : mapping of Side to float
        Where each foot leaves the ground; a line each.
    key : str
        Makes the ids unique in the page.
    """
    low, high, step = _ticks(curves.values())
    left, top, width, height = _PLOT

    def x(percent: float) -> float:
        return left + width * percent / (CYCLE_POINTS - 1)

    def y(value: float) -> float:
        return top + height * (high - value) / (high - low)

    parts = [open_svg(_WIDTH, _HEIGHT, title, description, key)]
    parts.append(svg_text(0, 14, title, size=13, weight=600))
    for value in np.arange(low, high + step / 2, step):
        zero = " zero" if abs(value) < step / 1e6 else ""
        parts.append(
            f'<path class="grid{zero}" stroke="{QUIET if zero else LINE}" '
            f'd="M{left:g} {y(value):.1f}H{left + width:g}"/>'
        )
        parts.append(svg_text(left - 5, y(value) + 4, f"{value:g}", anchor="end"))
    parts += [
        svg_text(x(percent), top + height + 16, f"{percent}", anchor="middle")
        for percent in range(0, 101, 20)
    ]
    parts.append(
        svg_text(
            left + width / 2, top + height + 32, "% of a step cycle, foot lands at 0", "middle"
        )
    )
    parts.append(svg_text(left, top - 6, f"▲ {directions[1]}   ▼ {directions[0]}", size=10.5))
    for side in Side:
        contact = final_contact_percent.get(side, math.nan)
        if side in curves and math.isfinite(contact):
            parts.append(
                f'<path class="{side} off" stroke="{SIDE_COLOUR[side]}" fill="none" '
                f'stroke-width="1.2" stroke-dasharray="1.5 3" '
                f'd="M{x(contact):.1f} {top:g}V{top + height:g}"/>'
            )
    for side in Side:
        if side in curves:
            dash = ' stroke-dasharray="6 3"' if side is Side.LEFT else ""
            parts.append(
                f'<path class="{side}" stroke="{SIDE_COLOUR[side]}" fill="none" '
                f'stroke-width="2.2" stroke-linejoin="round"{dash} '
                f'd="{_line(curves[side], x, y)}"/>'
            )
    return "".join([*parts, "</svg>"])


def bar_figure(title: str, bars: Sequence[Bar], key: str) -> str:
    """Differences about a zero line: to the right where the value of the right leg is higher."""
    reach = max(
        (abs(b.value) + (b.error if math.isfinite(b.error) else 0.0) for b in bars), default=1.0
    )
    reach = 1.05 * max([reach, 1.0, *(b.usual for b in bars if math.isfinite(b.usual))])
    row, top, middle, half = 44.0, 26.0, 180.0, 150.0
    height = top + row * len(bars) + 22.0
    described = "; ".join(f"{b.label}: {b.text}" for b in bars)
    parts = [
        open_svg(360.0, height, title, described, key),
        svg_text(0, 14, title, size=13, weight=600),
    ]
    scale = half / reach
    for i, bar in enumerate(bars):
        y = top + row * i
        parts.append(svg_text(0, y + 12, bar.label, size=11.5))
        parts.append(svg_text(360, y + 12, bar.text, "end", size=11.5, weight=600))
        if math.isfinite(bar.usual):
            parts.append(
                f'<rect class="shade" fill="{SHADE}" x="{middle - scale * bar.usual:.1f}" '
                f'y="{y + 17:g}" width="{2 * scale * bar.usual:.1f}" height="18"/>'
            )
        side = Side.RIGHT if bar.value > 0 else Side.LEFT
        start = middle if bar.value > 0 else middle + scale * bar.value
        fill = SIDE_COLOUR[side] if side is Side.RIGHT else "none"
        parts.append(
            f'<rect class="{side} bar" stroke="{SIDE_COLOUR[side]}" fill="{fill}" '
            f'stroke-width="1.5" x="{start:.1f}" y="{y + 21:g}" '
            f'width="{max(0.5, abs(scale * bar.value)):.1f}" height="10"/>'
        )
        if math.isfinite(bar.error):
            at, err = middle + scale * bar.value, scale * bar.error
            parts.append(
                f'<path class="whisker" stroke="{INK}" fill="none" stroke-width="1.2" '
                f'd="M{at - err:.1f} {y + 26:g}H{at + err:.1f}M{at - err:.1f} {y + 22:g}v8'
                f'M{at + err:.1f} {y + 22:g}v8"/>'
            )
    bottom = top + row * len(bars)
    parts.append(
        f'<path class="grid zero" stroke="{QUIET}" d="M{middle:g} {top:g}V{bottom - 6:g}"/>'
    )
    parts.append(svg_text(0, bottom + 12, "◀ higher on the left"))
    parts.append(svg_text(360, bottom + 12, "higher on the right ▶", "end"))
    return "".join([*parts, "</svg>"])


def _ticks(curves: Iterable[FloatArray]) -> tuple[float, float, float]:
    """Lowest and highest tick and the step between, for round numbers of degrees."""
    values = np.concatenate([np.asarray(c, dtype=float) for c in curves] or [np.zeros(1)])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    low, high = max(low, -1e6), min(high, 1e6)
    low, high = min(low, 0.0), max(high, 0.0)
    span = max(high - low, 5.0)
    steps = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
    step = next((s for s in steps if span / s <= 6), 10.0 ** math.ceil(math.log10(span / 6)))
    first = math.floor(low / step)
    return step * first, step * max(math.ceil(high / step), first + 1), step


def _line(curve: FloatArray, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    parts, pen = [], "M"
    for percent, value in enumerate(np.clip(curve, -1e6, 1e6)):
        if math.isfinite(value):
            parts.append(f"{pen}{x(percent):.1f} {y(value):.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(parts)


def open_svg(width: float, height: float, title: str, description: str, key: str) -> str:
    """The opening tag, with title and words for who cannot see the picture; ends with ``</svg>``.

    `key` makes the ids unique in the page.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{escape(key)}-t {escape(key)}-d">'
        f'<title id="{escape(key)}-t">{escape(title)}</title>'
        f'<desc id="{escape(key)}-d">{escape(description)}</desc>'
    )


def svg_text(
    x: float, y: float, text: str, anchor: str = "start", *, size: float = 11, weight: int = 400
) -> str:
    """Words at a place; the text is escaped."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text class="label" fill="{QUIET if weight == 400 else INK}" x="{x:.1f}" y="{y:.1f}" '
        f'font-size="{size:g}"{place}{bold}>{escape(text)}</text>'
    )
