"""DayWatch: a day as it is lived or replayed.

Contract
--------
Input    Samples of each sensor in time order, in pieces of any size, with the session's events.
Output   `snapshot`: the `Day` so far, at any time.
Same     The result depends on samples and events alone, not on how they are cut or how the
         sensors interleave. No clock is read.
Memory   28 bytes and half a second for each sensor: 10 MB for 16 hours of three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.day.epochs import EPOCHS_PER_S, EpochTable
from pipeline.day.judge import DayEvidence, judge
from pipeline.day.results import Day
from pipeline.day.steps import DaySteps
from pipeline.day.summary import summarise
from pipeline.spans import WALKING_TASKS
from recordings.errors import InputError
from recordings.events import EventKind, SessionEvent
from recordings.placement import THIGHS, Placement
from recordings.samples import ImuSamples
from recordings.session import Session

USED = (Placement.PELVIS, *THIGHS.values())
"""The sensors that a day is judged from. A shank adds nothing to a posture of the thigh."""

LONGEST_H = 7 * 24
CHUNK_S = 600.0


class DayWatch:
    """Watch a day.

    Parameters
    ----------
    placements : iterable of Placement
        The sensors that are worn; at least one of `USED`.

    Raises
    ------
    ValueError
        If none of them is used.
    """

    def __init__(self, placements: Iterable[Placement]) -> None:
        worn = set(placements)
        self._tables = {p: EpochTable() for p in USED if p in worn}
        if not self._tables:
            raise ValueError("a day needs a sensor on the pelvis or on a thigh")
        self._steps = DaySteps()
        self._events: list[SessionEvent] = []
        self._finished = False

    def push(
        self, samples: Mapping[Placement, ImuSamples], events: Iterable[SessionEvent] = ()
    ) -> None:
        """Take what arrived."""
        self._events += events
        for placement, part in samples.items():
            if placement not in self._tables or not len(part):
                continue
            stored = part.quantised()
            self._tables[placement].push(stored)
            if placement is Placement.PELVIS:
                self._steps.push(stored)

    def finish(self) -> None:
        """Close what is open. Nothing may be pushed afterwards."""
        for table in self._tables.values():
            table.finish()
        self._steps.finish()
        self._finished = True

    def snapshot(self, name: str = "", *, simulated: bool = False) -> Day:
        """All that is known so far; provisional until `finish` was called.

        Raises
        ------
        InputError
            If the time stamps span more than a week.
        """
        start, end = self._span(name)
        evidence = DayEvidence(
            start=start,
            epochs={p: table.between(start, end) for p, table in self._tables.items()},
            steps=self._steps.counts(start, end),
            in_a_row=self._steps.in_a_row(start, end),
            standing=_runs(
                self._events, EventKind.CALIBRATION_POSE_START, start, end, _is_standing
            ),
            other_tasks=_runs(self._events, EventKind.TASK_START, start, end, _is_no_walk),
            excluded=_runs(self._events, EventKind.EXCLUSION_START, start, end),
        )
        day = summarise(judge(evidence), name, simulated=simulated)
        return replace(day, provisional=not self._finished)

    def _span(self, name: str) -> tuple[int, int]:
        firsts = [t.first for t in self._tables.values() if t.first is not None]
        ends = [t.end for t in self._tables.values() if t.end is not None]
        if not firsts or not ends:
            return 0, 0
        if max(ends) - min(firsts) > LONGEST_H * 3600 * EPOCHS_PER_S:
            raise InputError(
                f"{name or 'The recording'}: its time stamps span more than a week.",
                hint="Check time_s in the sensor files, or cut the recording into days.",
                reason="too_long",
            )
        return min(firsts), max(ends)


def analyze_day(session: Session, *, progress: Callable[[float], None] | None = None) -> Day:
    """Find out what a recorded day held.

    Parameters
    ----------
    session : Session
    progress : callable, optional
        Called with the session time that has been read, in seconds.

    Raises
    ------
    InputError
        If no sensor on pelvis or thighs was recorded, or the session holds no samples.
    """
    worn = [p for p in USED if p in session.sources]
    if not worn:
        raise InputError(
            f"{session.name}: there is no recording of the pelvis or a thigh.",
            hint="A day needs a sensor on the pelvis and on both thighs.",
            reason="missing_placement",
        )
    watch = DayWatch(worn)
    watch.push({}, sorted(session.events))
    only = replace(session, sources={p: session.sources[p] for p in worn})
    empty = True
    for chunk in only.chunks(CHUNK_S):
        empty = False
        watch.push(chunk)
        if progress is not None:
            progress(max(float(part.time_s[-1]) for part in chunk.values()))
    if empty:
        raise InputError(
            f"{session.name}: there are no samples in it.",
            hint="Record again, and check that the sensors were on.",
            reason="no_samples",
        )
    watch.finish()
    day = watch.snapshot(session.name, simulated=session.metadata.simulated)
    noticed = (remark.text for remark in only.all_remarks())
    return replace(day, remarks=tuple(dict.fromkeys((*day.remarks, *noticed))))


def _runs(
    events: Iterable[SessionEvent],
    opens: EventKind,
    start: int,
    end: int,
    wanted: Callable[[str], bool] = lambda label: True,
) -> list[tuple[int, int]]:
    """Epochs of the spans that an event opens and its ``_end`` (or the recording's) closes."""
    closes = opens.replace("_start", "_end")
    runs: list[tuple[int, int]] = []
    opened: float | None = None
    for event in sorted(events):
        if event.kind not in (opens, closes):
            continue
        if opened is not None:
            runs.append((_epoch(opened) - start, _epoch(event.time_s) - start))
        begins = event.kind == opens and wanted(event.label.strip().lower())
        opened = event.time_s if begins else None
    if opened is not None:
        runs.append((_epoch(opened) - start, end - start))
    cut = ((max(a, 0), min(b, end - start)) for a, b in runs)
    return [(a, b) for a, b in cut if a < b]


def _is_standing(label: str) -> bool:
    return label in ("", "standing")


def _is_no_walk(label: str) -> bool:
    return label not in WALKING_TASKS and not label.startswith("stairs")


def _epoch(time_s: float) -> int:
    return int(time_s * EPOCHS_PER_S)
