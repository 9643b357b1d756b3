"""An hour of walking through engine and live page, as fast as it goes: does memory stay flat?"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.walk import FIVE_SENSORS, WEARER, walking_session
from dashboards.live_news import Look
from dashboards.window.live_place import LivePlace
from firmware_bridge.recorder import RecorderStatus
from pipeline.angles import AngleBlock
from pipeline.engine import Engine
from pipeline.results import Results
from recordings.metadata import SessionMetadata
from recordings.session import Session

MINUTES = 60
_BEGIN_MINUTES = 10
"""Until then what is kept for looking back, and what libraries keep, has filled up."""
_PIECE_S = 1.0
_SNAPSHOT_S = 60.0
_MB = 2.0**20


def memory(place: LivePlace, turn: Callable[[], object]) -> Iterator[Figure]:
    """Draw an hour that takes a minute or two.

    Parameters
    ----------
    place : LivePlace
        In sight.
    turn : callable
        Lets Qt work.
    """
    if sys.platform != "linux":
        yield Figure("memory over an hour", None, "MB", note="not measured: needs Linux")
        return
    walk = _Hour(walking_session(60.0 * MINUTES + 10.0, FIVE_SENSORS))
    walk.advance()
    place.attach(walk)  # type: ignore[arg-type]
    place._frames.stop()
    began_mb = strides_mb = 0.0
    for number in range(round(60 * MINUTES / _PIECE_S)):
        walk.advance()
        place._frame()
        turn()
        if number * _PIECE_S == 60 * _BEGIN_MINUTES:
            began_mb, strides_mb = _memory_mb(), walk.strides_mb()
    grown_mb, strides_mb = _memory_mb() - began_mb, walk.strides_mb() - strides_mb
    place.detach()
    yield Figure(f"memory after {_BEGIN_MINUTES} minutes", began_mb, "MB")
    name = f"grown from minute {_BEGIN_MINUTES} to {MINUTES}"
    note = f"{strides_mb:.0f} MB of it are strides, of which the results are made"
    yield Figure(name, grown_mb, "MB", note=note)
    yield Figure(f"{name}, without strides", grown_mb - strides_mb, "MB", at_most=10.0)


class _Hour:
    """What the live place needs of a walk, without bridge and clock."""

    listener = None

    def __init__(self, session: Session) -> None:
        self.placements = session.placements
        self.metadata = SessionMetadata(simulated=True, wearer=WEARER)
        self._pieces = session.chunks(_PIECE_S)
        self._early: list[AngleBlock] = []
        self._late: list[AngleBlock] = []
        self._engine = Engine(
            session.placements,
            wearer=WEARER,
            sink=self._late.append,
            early_sink=self._early.append,
        )
        self._results: Results | None = None
        self._snapshot_s = 0.0
        self._look: Look | None = None

    def advance(self) -> None:
        """Push the next piece."""
        piece = next(self._pieces)
        known = self._engine.push(piece)
        now_s = max(float(part.time_s[-1]) for part in piece.values())
        if now_s >= self._snapshot_s:
            self._snapshot_s = now_s + _SNAPSHOT_S
            self._results = self._engine.snapshot("hour", simulated=True)
        self._look = Look(
            time_s=now_s,
            samples=tuple(piece.values()),
            early_angles=tuple(self._early),
            angles=tuple(self._late),
            contacts=tuple(known.events),
            strides=tuple(known.strides),
            events=(),
            sensors={},
            results=self._results,
            recorder=RecorderStatus(False, None, 0, None),
            radio_problem=None,
            problem="",
        )
        self._early.clear()
        self._late.clear()

    def look(self) -> Look:
        assert self._look is not None
        return self._look

    def strides_mb(self) -> float:
        """What the strides take that the walk's results are made of."""
        number = sys.getsizeof(0.0)
        strides = self._engine._strides
        return sum(sys.getsizeof(s.values) + number * len(s.values) for s in strides) / _MB

    def close(self) -> None:
        self._engine.finish()


def _memory_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB
