"""Line charts as SVG text: plain, the same bytes for the same numbers, readable in any viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 62, 178, 16, 48
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's palette, which most colour-blind readers can tell apart."""

MOST_DOTS = 40
"""A line of more points is drawn without a dot at each."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, with the interval of each point where there is one."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        rough = (self.high - self.low) / 5
        power = 10.0 ** np.floor(np.log10(rough))
        step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
        first = np.ceil(self.low / step - 1e-9) * step
        return [float(t) for t in np.arange(first, self.high + 1e-9 * step, step)]


def line_chart(
    series: Sequence[Series],
    x_label: str,
    y_label: str,
    *,
    y_range: tuple[float, float] | None = None,
    limit: float | None = None,
) -> str:
    """Draw lines with error bars.

    Parameters
    ----------
    y_range : (low, high), optional
        Otherwise from the numbers, with zero.
    limit : float, optional
        A target, drawn as a dashed line.
    """
    all_x = [x for s in series for x in s.x]
    all_y = [v for s in series for v in (*s.y, *s.low, *s.high) if np.isfinite(v)]
    all_y += [0.0] if limit is None else [0.0, limit]
    low, high = y_range or (min(all_y), max(all_y) * 1.05)
    across = _Axis(min(all_x), max(all_x), LEFT, WIDTH - RIGHT)
    up = _Axis(low, high, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_frame(across, up, x_label, y_label),
    ]
    if limit is not None:
        parts.append(_line(LEFT, up(limit), WIDTH - RIGHT, up(limit), "#555", "5 4"))
    for number, (one, colour) in enumerate(zip(series, _colours(len(series)), strict=True)):
        parts += _draw(one, across, up, colour)
        y = TOP + 10 + 18 * number
        parts.append(_line(WIDTH - RIGHT + 12, y, WIDTH - RIGHT + 30, y, colour))
        parts.append(_text(WIDTH - RIGHT + 36, y + 4, one.label))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _colours(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def _frame(across: _Axis, up: _Axis, x_label: str, y_label: str) -> list[str]:
    parts = []
    for tick in up.ticks():
        parts.append(_line(LEFT, up(tick), WIDTH - RIGHT, up(tick), "#ddd"))
        parts.append(_text(LEFT - 6, up(tick) + 4, f"{tick + 0.0:g}", "end"))
    parts += [
        _text(across(tick), HEIGHT - BOTTOM + 18, f"{tick + 0.0:g}", "middle")
        for tick in across.ticks()
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_text(middle, HEIGHT - 10, x_label, "middle"))
    height = (TOP + HEIGHT - BOTTOM) / 2
    turned = f'transform="rotate(-90 16 {height:g})"'
    parts.append(
        f'<text x="16" y="{height:g}" text-anchor="middle" {turned}>{escape(y_label)}</text>'
    )
    return parts


def _draw(one: Series, across: _Axis, up: _Axis, colour: str) -> list[str]:
    known = [(x, y) for x, y in zip(one.x, one.y, strict=True) if np.isfinite(y)]
    points = " ".join(f"{across(x)},{up(y)}" for x, y in known)
    parts = [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>']
    parts += [
        _line(across(x), up(a), across(x), up(b), colour)
        for x, a, b in zip(one.x, one.low, one.high, strict=False)
        if np.isfinite(a) and np.isfinite(b)
    ]
    if len(known) <= MOST_DOTS:
        dots = [f'<circle cx="{across(x)}" cy="{up(y)}" r="3" fill="{colour}"/>' for x, y in known]
        parts += dots
    return parts


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}"{dashed}/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'
