"""Stretches of a walk that are worth marking: where it was walked, turned, lost, left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.gait import Exclusion
from pipeline.results import Results
from recordings.events import EventKind, SessionEvent


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """``[start_s, end_s)``."""

    start_s: float
    end_s: float
    kind: str
    """``bout``, ``turn``, ``gap`` or ``excluded``."""
    label: str = ""


def bouts(results: Results) -> Iterator[Band]:
    """Stretches of uninterrupted walking, numbered from 1."""
    spans: dict[tuple[int, int], list[float]] = {}
    for stride in results.strides:
        span = spans.setdefault((stride.epoch, stride.bout), [stride.start_s, stride.end_s])
        span[:] = min(span[0], stride.start_s), max(span[1], stride.end_s)
    for number, (start_s, end_s) in enumerate(sorted(spans.values()), start=1):
        yield Band(start_s, end_s, "bout", f"{number}")


def turns(results: Results) -> Iterator[Band]:
    yield from _merged(
        ((s.start_s, s.end_s) for s in results.strides if Exclusion.TURN in s.exclusions), "turn"
    )


def excluded(events: Iterable[SessionEvent], duration_s: float) -> Iterator[Band]:
    """What was left out by hand; a span without an end reaches to that of the walk."""
    begin_s: float | None = None
    spans: list[tuple[float, float]] = []
    for event in sorted(events):
        if event.kind == EventKind.EXCLUSION_START:
            begin_s = event.time_s
        elif event.kind == EventKind.EXCLUSION_END and begin_s is not None:
            spans.append((begin_s, event.time_s))
            begin_s = None
    if begin_s is not None:
        spans.append((begin_s, duration_s))
    yield from _merged(spans, "excluded")


def _merged(spans: Iterable[tuple[float, float]], kind: str) -> Iterator[Band]:
    current: list[float] = []
    for start_s, end_s in sorted(spans):
        if current and start_s <= current[1]:
            current[1] = max(current[1], end_s)
            continue
        if current:
            yield Band(current[0], current[1], kind)
        current = [start_s, end_s]
    if current:
        yield Band(current[0], current[1], kind)
