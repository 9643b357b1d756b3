"""A recorded walk for replay: its angles, its results, and what happened along the way.

Reading and analysing run on a thread of their own; whoever shows the walk looks at it as it
grows. The analysis is `pipeline.analysis.analyze`, the same as that of the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite, nan
from pathlib import Path
from threading import Event, Lock, Thread

import numpy as np

from dashboards.view_models.side_file import read_edits
from dashboards.view_models.stance_track import StanceTrack
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.features.base import Worse
from pipeline.features.registry import FEATURES
from pipeline.gait import Exclusion, FloatArray, Stride
from pipeline.grid import GRID_RATE_HZ
from pipeline.results import Finding, Results
from recordings.errors import HipgaitError
from recordings.events import EventKind, SessionEvent
from recordings.placement import Placement
from recordings.samples import ImuSamples
from recordings.session import Remark, SampleSource, Session

GAP_S = 0.060
"""Longest distance between two samples that is not a gap."""


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """A stretch of the walk that is worth marking: ``[start_s, end_s)``."""

    start_s: float
    end_s: float
    kind: str
    """``bout``, ``turn``, ``gap`` or ``excluded``."""
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedWalk:
    """A whole walk, analysed.

    Attributes
    ----------
    path : Path
    session : Session
    results : Results
    values : ndarray, shape (n, len(ANGLE_COLUMNS))
        Angles on the engine's grid; row i is that of `start_s` + i/100.
    start_s : float
    bands : tuple of Band
    events : tuple of SessionEvent
        Those of the session and of its side file.
    stance : StanceTrack
    """

    path: Path
    session: Session
    results: Results
    values: FloatArray
    start_s: float
    bands: tuple[Band, ...]
    events: tuple[SessionEvent, ...]
    stance: StanceTrack

    @property
    def end_s(self) -> float:
        return self.start_s + len(self.values) / GRID_RATE_HZ

    @property
    def duration_s(self) -> float:
        return max(self.end_s, self.results.summary.duration_s)

    @property
    def simulated(self) -> bool:
        return self.session.metadata.simulated

    def rows(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]:
        """Times and angles of ``[start_s, end_s)``."""
        first = max(0, int(np.ceil((start_s - self.start_s) * GRID_RATE_HZ)))
        last = max(first, int(np.ceil((end_s - self.start_s) * GRID_RATE_HZ)))
        values = self.values[first:last]
        return self.start_s + (first + np.arange(len(values))) / GRID_RATE_HZ, values

    def at(self, time_s: float) -> FloatArray:
        """The angles at a time; NaN outside of the walk."""
        row = round((time_s - self.start_s) * GRID_RATE_HZ)
        if not 0 <= row < len(self.values):
            return np.full(len(ANGLE_COLUMNS), nan)
        return self.values[row]

    def stride_starts(self) -> list[float]:
        """Where stepping from stride to stride goes: each stride of either leg."""
        return sorted({stride.start_s for stride in self.results.strides})

    def markers(self) -> list[SessionEvent]:
        return [e for e in self.events if e.kind in (EventKind.MARKER, EventKind.PAIN)]

    def strides_of(self, finding: Finding) -> list[Stride]:
        """Steady strides on which a finding rests, the clearest first.

        Clearest is what is furthest towards the side that counts as worse; where a measure
        is one of the whole walk, the order is that of time.
        """
        strides = [
            stride
            for stride in self.results.strides
            if stride.steady and finding.side in (None, stride.side)
        ]
        valued = [s for s in strides if isfinite(s.values.get(finding.measure, nan))]
        if not valued:
            return strides
        feature = FEATURES[finding.measure]
        sign = -1.0 if feature.worse is Worse.LOWER else 1.0
        return sorted(valued, key=lambda s: -sign * s.values[finding.measure])

    def envelope(self, column: str, start_s: float, end_s: float, bins: int) -> FloatArray:
        """Lowest and highest of an angle in equal stretches of time, shape (bins, 2)."""
        _, values = self.rows(start_s, end_s)
        one = values[:, ANGLE_COLUMNS.index(column)]
        out = np.full((bins, 2), nan)
        edges = np.linspace(0, len(one), bins + 1).astype(int)
        for i, (a, b) in enumerate(pairwise(edges)):
            part = one[a:b][np.isfinite(one[a:b])]
            if part.size:
                out[i] = part.min(), part.max()
        return out


class WalkLoader:
    """Reads and analyses one walk in the background.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.walk: RecordedWalk | None = None
        self.problem = ""
        self.done = Event()
        self.analysed_s = 0.0
        self._lock = Lock()
        self._cancelled = False
        self._thread = Thread(target=self._run, name="hipgait-replay", daemon=True)

    def start(self) -> WalkLoader:
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Nobody wants it any more; the thread ends at its next look."""
        self._cancelled = True

    def wait(self, timeout_s: float | None = None) -> bool:
        return self.done.wait(timeout_s)

    def _run(self) -> None:
        try:
            self.walk = load_walk(self.path, self._progress)
        except _CancelledError:
            pass
        except HipgaitError as error:
            self.problem = str(error)
        except Exception as error:
            self.problem = (
                f"{self.path.name} could not be shown ({type(error).__name__}). "
                "Nothing in it was changed."
            )
        finally:
            self.done.set()

    def _progress(self, done_s: float) -> None:
        if self._cancelled:
            raise _CancelledError
        self.analysed_s = done_s


class _CancelledError(Exception):
    pass


def load_walk(path: Path, progress: Callable[[float], None] | None = None) -> RecordedWalk:
    """Read and analyse a walk, with the edits of its side file.

    Raises
    ------
    InputError
        If it cannot be read or holds no walk; the sentence says what to do.
    """
    # Only now what takes long to import: a window that opens must not wait for it.
    from pipeline.analysis import analyze
    from recordings.reading import read_session

    session = read_session(path)
    edits = read_edits(path)
    events = tuple(sorted((*session.events, *edits)))
    gaps: list[Band] = []
    watched = replace(
        session,
        events=events,
        sources={p: _WatchedSource(s, gaps) for p, s in session.sources.items()},
    )
    blocks: list[AngleBlock] = []
    results = analyze(watched, angle_sink=blocks.append, progress=progress)
    values, start_s = _joined(blocks)
    stance = StanceTrack()
    stance.take(results.events)
    bands = (*_bouts(results), *_turns(results), *gaps, *_excluded(events, results))
    return RecordedWalk(
        path, session, results, values, start_s, tuple(sorted(bands)), events, stance
    )


class _WatchedSource:
    """A sample source that notes its gaps while it is read."""

    def __init__(self, source: SampleSource, gaps: list[Band]) -> None:
        self._source = source
        self._gaps = gaps

    @property
    def placement(self) -> Placement:
        return self._source.placement

    @property
    def read_remarks(self) -> tuple[Remark, ...]:
        return self._source.read_remarks

    def read(self) -> Iterator[ImuSamples]:
        last_s = None
        for part in self._source.read():
            if len(part):
                times = part.time_s if last_s is None else np.concatenate(([last_s], part.time_s))
                for i in np.flatnonzero(np.diff(times) > GAP_S):
                    begin_s, end_s = float(times[i]), float(times[i + 1])
                    self._gaps.append(Band(begin_s, end_s, "gap", self.placement.label))
                last_s = float(part.time_s[-1])
            yield part


def _joined(blocks: list[AngleBlock]) -> tuple[FloatArray, float]:
    """All blocks on one grid; a jump in time becomes rows of NaN."""
    if not blocks:
        return np.empty((0, len(ANGLE_COLUMNS))), 0.0
    first = round(float(blocks[0].time_s[0]) * GRID_RATE_HZ)
    last = round(float(blocks[-1].time_s[-1]) * GRID_RATE_HZ)
    values = np.full((last - first + 1, len(ANGLE_COLUMNS)), np.nan)
    for block in blocks:
        begin = round(float(block.time_s[0]) * GRID_RATE_HZ) - first
        values[begin : begin + len(block)] = block.values
    return values, first / GRID_RATE_HZ


def _bouts(results: Results) -> Iterator[Band]:
    spans: dict[tuple[int, int], list[float]] = {}
    for stride in results.strides:
        span = spans.setdefault((stride.epoch, stride.bout), [stride.start_s, stride.end_s])
        span[:] = min(span[0], stride.start_s), max(span[1], stride.end_s)
    for number, (start_s, end_s) in enumerate(sorted(spans.values()), start=1):
        yield Band(start_s, end_s, "bout", f"{number}")


def _turns(results: Results) -> Iterator[Band]:
    yield from _merged(
        ((s.start_s, s.end_s) for s in results.strides if Exclusion.TURN in s.exclusions), "turn"
    )


def _excluded(events: Iterable[SessionEvent], results: Results) -> Iterator[Band]:
    begin_s: float | None = None
    spans: list[tuple[float, float]] = []
    for event in events:
        if event.kind == EventKind.EXCLUSION_START:
            begin_s = event.time_s
        elif event.kind == EventKind.EXCLUSION_END and begin_s is not None:
            spans.append((begin_s, event.time_s))
            begin_s = None
    if begin_s is not None:
        spans.append((begin_s, results.summary.duration_s))
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
