"""The part of the report that looks back: what changed since the first day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.history import wording
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.trend import FIRST_SHOWN, Trend, trends
from dashboards.history.trend_plot import shown_points, trend_plots
from dashboards.report.parts import Figure
from dashboards.report.trend_figure import trend_figure
from dashboards.wording import UNKNOWN, number
from pipeline.change import ChangeKind

MOST_MEASURES = 6
"""Pictures, so that the report stays a page to take along."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """What is said and shown of earlier walks.

    Attributes
    ----------
    plain : str
        For the first section: without a single technical word.
    words : tuple of str
    figures : tuple of Figure
    """

    plain: str
    words: tuple[str, ...]
    figures: tuple[Figure, ...]


def over_time(walks: Sequence[SavedWalk]) -> OverTime | None:
    """Look back at a person's walks, the one of the report last; None without an earlier one."""
    if len(walks) < 2:
        return None
    every = trends(walks)
    last = [t for t in every if t.last.walk is walks[-1]]
    marked = [t for t in last if t.marked]
    wanted = tuple(dict.fromkeys([t.feature.name for t in marked] + list(FIRST_SHOWN)))
    found = {t.feature.name for t in last if len(t.points) > 1}
    chosen = [name for name in wanted if name in found][:MOST_MEASURES]
    shown = sorted((t for t in last if t.feature.name in chosen), key=lambda t: _rank(t, chosen))
    if not shown:
        return None
    figures = tuple(
        Figure(plot.title, trend_figure(plot), *_table([p.trend for p in plot.panels]))
        for plot in trend_plots(shown)
    )
    words = [wording.sentence(t) for t in marked] or [wording.NOTHING_MARKED]
    return OverTime(_plain(walks, marked), (*words, wording.HOW_TO_READ), figures)


def _rank(trend: Trend, chosen: Sequence[str]) -> tuple[int, str]:
    return chosen.index(trend.feature.name), str(trend.side or "")


def _plain(walks: Sequence[SavedWalk], marked: Sequence[Trend]) -> str:
    since = wording.day_words(walks[0].walked)
    if walks[0].day == walks[-1].day:
        return ""
    if not marked:
        return f"Since your first walk on {since}, nothing changed that can be told from chance."
    what = "one thing" if len(marked) == 1 else f"{len(marked)} things"
    return f"Since your first walk on {since}, {what} changed by more than chance: see “Over time”."


def _table(group: Sequence[Trend]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Value and change a leg, one row a walk."""
    head = ["day"]
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for trend in group:
        side = str(trend.side or "value")
        decimals = wording.decimals(trend)
        head += [side, "change"] if len(group) == 1 else [side, f"change, {side}"]
        for point in shown_points(trend):
            change = point.change
            amount = number(change.amount, decimals)
            text = wording.mark(change)
            if change.kind is not ChangeKind.FIRST:
                text = f"{amount}, {text}" if amount != UNKNOWN else text
            row = cells.setdefault((point.walk.walked.isoformat(), point.walk.day), {})
            row[side] = number(point.measured.value, decimals)
            row[f"change {side}"] = text
    sides = [str(trend.side or "value") for trend in group]
    rows = (
        (day, *(row.get(key, UNKNOWN) for side in sides for key in (side, f"change {side}")))
        for (_, day), row in sorted(cells.items())
    )
    return tuple(head), tuple(rows)
