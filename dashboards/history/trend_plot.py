"""A trend as a picture before it is painted: where each point, band and tick lies.

The report draws it as SVG, the window paints it; both show the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboards.history import wording
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.trend import Point, Trend
from pipeline.change import ChangeKind
from recordings.placement import Side

MOST_WALKS = 16
"""Points that a small picture can tell apart; the oldest after the first day are left out."""
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """One walk: `x` from 0 (first walk) to 1 (last), `y` in the measure's unit."""

    x: float
    y: float
    kind: ChangeKind
    number: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A band at one walk."""

    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One leg of a measure, or the walk as a whole.

    Attributes
    ----------
    trend : Trend
    dots : tuple of Dot
    usual : tuple of Edge
        Usual range at each walk's own speed; empty where nobody published one.
    noise : tuple of Edge
        First day ± smallest detectable change: within it, nothing is marked. Empty if that
        is not known.
    """

    trend: Trend
    dots: tuple[Dot, ...]
    usual: tuple[Edge, ...]
    noise: tuple[Edge, ...]

    @property
    def side(self) -> Side | None:
        return self.trend.side


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """One measure, one panel a leg, all on the same scale.

    Attributes
    ----------
    key : str
        Name of the measure.
    title : str
        With the unit.
    panels : tuple of Panel
    ticks : tuple of float
        Round numbers; the first and the last are the edges of the scale.
    days : tuple of (float, str)
        Place and words of the first and the last day.
    said : tuple of (float, str)
        Place and words of pain and notes: a number for pain, ``✎`` for a note.
    description : str
        The same in words, for who cannot see it.
    """

    key: str
    title: str
    panels: tuple[Panel, ...]
    ticks: tuple[float, ...]
    days: tuple[tuple[float, str], ...]
    said: tuple[tuple[float, str], ...]
    description: str

    def share(self, value: float) -> float:
        """Height of a value, from 0 (lowest tick) to 1; outside it is clipped."""
        low, high = self.ticks[0], self.ticks[-1]
        return min(1.0, max(0.0, (value - low) / (high - low)))


def apart(said: Sequence[tuple[float, str]], least: float) -> tuple[tuple[float, str], ...]:
    """Words that do not touch: where two are nearer than `least`, the later one stays."""
    kept: list[tuple[float, str]] = []
    for share, words in reversed(said):
        if not kept or kept[-1][0] - share >= least:
            kept.append((share, words))
    return tuple(reversed(kept))


def trend_plots(trends: Iterable[Trend], most: int = MOST_WALKS) -> tuple[TrendPlot, ...]:
    """One picture a measure, in the order given; trends of a measure stand together.

    Parameters
    ----------
    trends : iterable of Trend
    most : int
        Walks that are drawn: those of the first day and the last ones.
    """
    groups = groupby(trends, lambda t: t.feature.name)
    return tuple(_plot(tuple(group), most) for _, group in groups)


def _plot(trends: Sequence[Trend], most: int) -> TrendPlot:
    feature = trends[0].feature
    walks = {p.walk.fingerprint: p.walk for t in trends for p in shown_points(t, most)}
    ordered = sorted(walks.values(), key=lambda w: w.walked)
    places = _places(ordered)
    panels = tuple(_panel(trend, places, most) for trend in trends)
    return TrendPlot(
        key=feature.name,
        title=f"{_whole_title(trends[0])}{f' [{feature.unit}]' if feature.unit else ''}",
        panels=panels,
        ticks=_ticks(panels),
        days=_days(ordered, places),
        said=tuple(
            (places[w.fingerprint], words)
            for w in ordered
            if (words := " ".join(filter(None, (_pain(w), "✎" if w.note else ""))))
        ),
        description=" ".join(wording.sentence(trend) for trend in trends),
    )


def _whole_title(trend: Trend) -> str:
    title = wording.title(trend)
    return title if trend.side is None else title.removesuffix(f", {trend.side}")


def shown_points(trend: Trend, most: int = MOST_WALKS) -> Sequence[Point]:
    """Those of the first day and of the last walks, as many as a picture can show."""
    points = trend.points
    if len(points) <= most:
        return points
    first = [p for p in points if p.change.kind is ChangeKind.FIRST][: most // 2]
    rest = [p for p in points if p.number not in {f.number for f in first}]
    return (*first, *rest[len(first) - most :])


def _panel(trend: Trend, places: dict[str, float], most: int) -> Panel:
    points = shown_points(trend, most)
    dots = tuple(
        Dot(places[p.walk.fingerprint], p.measured.value, p.change.kind, p.number) for p in points
    )
    usual = tuple(
        Edge(places[p.walk.fingerprint], p.usual.low, p.usual.high)
        for p in points
        if p.usual is not None and math.isfinite(p.usual.low) and math.isfinite(p.usual.high)
    )
    return Panel(trend, dots, usual, tuple(_noise(trend, points, places)))


def _noise(trend: Trend, points: Sequence[Point], places: dict[str, float]) -> Iterable[Edge]:
    known = [p.change.smallest for p in points if math.isfinite(p.change.smallest)]
    first = trend.first
    if first is None or not known:
        return
    for p in points:
        smallest = p.change.smallest if math.isfinite(p.change.smallest) else known[0]
        yield Edge(places[p.walk.fingerprint], first - smallest, first + smallest)


def _places(walks: Sequence[SavedWalk]) -> dict[str, float]:
    """Fingerprint → place in time, from 0 to 1; half way if there is only one moment."""
    start, end = walks[0].walked, walks[-1].walked
    span_s = (end - start).total_seconds()
    if not span_s > 0:
        return {walk.fingerprint: 0.5 for walk in walks}
    return {w.fingerprint: (w.walked - start).total_seconds() / span_s for w in walks}


def _days(walks: Sequence[SavedWalk], places: dict[str, float]) -> tuple[tuple[float, str], ...]:
    ends = walks[:1] if walks[0].day == walks[-1].day else (walks[0], walks[-1])
    return tuple((places[w.fingerprint], f"{w.walked.day} {w.walked:%b %y}") for w in ends)


def _pain(walk: SavedWalk) -> str:
    return "" if walk.pain is None else str(walk.pain)


def _ticks(panels: Sequence[Panel]) -> tuple[float, ...]:
    """Round numbers around all values and all that is noise.

    The usual range is in it as far as it does not dwarf them.
    """
    values = [dot.y for panel in panels for dot in panel.dots]
    values += [y for panel in panels for e in panel.noise for y in (e.low, e.high)]
    low, high = min(values), max(values)
    room = high - low
    for edge in (y for panel in panels for e in panel.usual for y in (e.low, e.high)):
        if low - room <= edge <= high + room or room == 0:
            low, high = min(low, edge), max(high, edge)
    span = max(high - low, 1e-6)
    step = next((s for s in _STEPS if span / s <= 5), 10.0 ** math.ceil(math.log10(span / 5)))
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(round(step * i, 6) for i in range(first, max(last, first + 1) + 1))
