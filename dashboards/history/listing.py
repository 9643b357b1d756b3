"""The history as text for the terminal: the walks, what changed, one measure over time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from dashboards.history import wording
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.trend import DICTIONARY, FIRST_SHOWN, Trend, measured, outdated, trends
from dashboards.terminal import Terminal
from dashboards.wording import NOT_A_MEDICAL_DEVICE, UNKNOWN, duration, number, span
from pipeline.change import ChangeKind
from pipeline.patterns.registry import PATTERNS
from pipeline.patterns.terms import Level
from recordings.errors import UsageError


def overview(person: str, walks: Sequence[SavedWalk], terminal: Terminal, advice: str = "") -> str:
    """All walks of a person, and what changed since the first day.

    Parameters
    ----------
    person : str
    walks : sequence of SavedWalk
        The oldest first.
    terminal : Terminal
    advice : str
        What a red flag asks for: then nothing is said of patterns and changes.
    """
    lines = [*terminal.wrap(advice), ""] if advice else []
    lines += [terminal.emphasise(terminal.spell(f"Walks of {wording.short_name(person)}"))]
    if any(walk.simulated for walk in walks):
        lines += terminal.wrap("SIMULATED: no person walked here.")
    for number_, walk in enumerate(walks, 1):
        lines += _walk(number_, walk, terminal, flagged=bool(advice))
    lines += ["", *(terminal.wrap(wording.FLAGGED) if advice else _changes(walks, terminal))]
    if old := outdated(walks):
        lines += ["", *terminal.wrap(wording.OUTDATED.format(count=len(old)))]
    return "\n".join([*lines, "", *terminal.wrap(NOT_A_MEDICAL_DEVICE)]) + "\n"


def measure_over_time(walks: Sequence[SavedWalk], word: str, terminal: Terminal) -> str:
    """One measure in all walks, with each change beside the smallest one that is no noise.

    Raises
    ------
    UsageError
        If no walk has such a measure.
    """
    name = find_measure(walks, word)
    lines: list[str] = []
    for trend in trends(walks, {name}):
        lines += [terminal.emphasise(terminal.spell(wording.title(trend)))]
        lines += _columns([wording.COLUMNS, *_rows(trend)], terminal)
        lines += [*terminal.wrap(wording.sentence(trend)), ""]
    return "\n".join([*lines, *terminal.wrap(wording.HOW_TO_READ)]) + "\n"


def find_measure(walks: Sequence[SavedWalk], word: str) -> str:
    """The name of a measure from its name or its code.

    Raises
    ------
    UsageError
        If no walk has it; the hint names those that there are.
    """
    known = measured(walks)
    for name in known:
        if word.lower() in (name, DICTIONARY[name].code.lower()):
            return name
    raise UsageError(
        f"No walk has a measure {wording.short_name(word)}.",
        hint=f"Measured are: {', '.join(known)}.",
        reason="unknown_measure",
    )


def _walk(number_: int, walk: SavedWalk, terminal: Terminal, *, flagged: bool) -> Iterator[str]:
    facts = [
        walk.walked.date().isoformat(),
        wording.short_name(walk.name, 40),
        f"{duration(walk.walking_s)} of walking",
        f"{number(walk.speed_m_s, 2)} m/s",
    ]
    if walk.pain is not None:
        facts.append(f"pain {walk.pain} of 10")
    yield from terminal.wrap(f"{number_:>3}  {' · '.join(facts)}", hanging=5)
    if walk.note:
        yield from terminal.wrap(wording.short_name(walk.note, 300), 5)
    if flagged:
        return
    seen = [p for p in walk.patterns if p.level >= Level.POSSIBLE and p.pattern in PATTERNS]
    for pattern in seen:
        words = f"{Level(pattern.level).words}: {PATTERNS[pattern.pattern].title} ({pattern.side})"
        yield from terminal.wrap(words, 5, 7)


def _changes(walks: Sequence[SavedWalk], terminal: Terminal) -> Iterator[str]:
    if len({walk.day for walk in walks}) < 2:
        yield from terminal.wrap(wording.ONE_WALK if walks else wording.NO_WALKS)
        return
    since = wording.day_words(walks[0].walked)
    yield terminal.emphasise(terminal.spell(f"Since {since}"))
    found = trends(walks, {*FIRST_SHOWN, *_marked_measures(walks)})
    marked = [trend for trend in found if trend.marked]
    others = [t for t in found if not t.marked and t.last.change.kind is not ChangeKind.FIRST]
    if not marked:
        yield from terminal.wrap(wording.NOTHING_MARKED, 2)
    for trend in marked:
        yield from terminal.wrap(f"● {wording.sentence(trend)}", 2, 4)
    if others:
        yield from ("", *terminal.wrap(wording.NOT_MARKED, 2))
        rows = [wording.UNMARKED_COLUMNS, *map(_unmarked, others)]
        yield from _columns(rows, terminal)
        yield ""
    yield from terminal.wrap(wording.HOW_TO_READ, 2)


def _marked_measures(walks: Sequence[SavedWalk]) -> set[str]:
    return {trend.feature.name for trend in trends(walks) if trend.marked}


def _rows(trend: Trend) -> Iterator[tuple[str, ...]]:
    decimals = wording.decimals(trend)
    for point in trend.points:
        change = point.change
        yield (
            str(point.number),
            point.walk.walked.date().isoformat(),
            number(point.measured.value, decimals),
            f"{number(change.amount, decimals)} {wording.mark(change)}"
            if change.kind is not ChangeKind.FIRST
            else wording.mark(change),
            number(change.smallest, decimals),
            UNKNOWN if point.usual is None else span(point.usual.low, point.usual.high, decimals),
        )


def _unmarked(trend: Trend) -> tuple[str, ...]:
    decimals = wording.decimals(trend)
    last, first = trend.last, trend.first
    unit = f" [{trend.feature.unit}]" if trend.feature.unit else ""
    return (
        f"{wording.title(trend)}{unit}",
        UNKNOWN if first is None else number(first, decimals),
        number(last.measured.value, decimals),
        number(last.change.amount, decimals),
        number(last.change.smallest, decimals),
    )


def _columns(rows: Sequence[tuple[str, ...]], terminal: Terminal) -> Iterator[str]:
    spelt = [tuple(map(terminal.spell, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*spelt, strict=True)]
    room = terminal.width - sum(widths[1:]) - 2 * len(widths)
    for first, *row in spelt:
        head, *more = textwrap.wrap(first, max(room, 12), subsequent_indent="  ") or [""]
        cells = (cell.rjust(width) for cell, width in zip(row, widths[1:], strict=True))
        yield "  ".join(("", head.ljust(min(widths[0], max(room, 12))), *cells)).rstrip()
        yield from (f"  {line}" for line in more)
