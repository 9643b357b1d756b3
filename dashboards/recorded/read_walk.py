"""Reads a walk twice: quickly for its raw traces, then for its angles and findings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from dashboards.recorded.messages import (
    Analysed,
    Finished,
    Gap,
    Message,
    Opened,
    RawRead,
    SeriesInfo,
    WalkDocument,
    encode_document,
)
from dashboards.recorded.read_ahead import read_ahead
from dashboards.recorded.series_file import SeriesWriter
from dashboards.report.private_file import write_privately
from dashboards.view_models.side_file import with_edits
from recordings.placement import Placement
from recordings.samples import ImuSamples
from recordings.session import Session

DOCUMENT = "walk.msgpack"
"""Written last: a folder without it is not complete."""

GAP_S = 0.060
"""Longest distance between two samples that is not a gap."""

_TELL_S = 0.1
"""The window looks no more often; each time that it is told costs it more than the reading."""

RAW_COLUMNS = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")
"""m/s² and rad/s, as they were recorded."""


def read_walk(path: Path, folder: Path, tell: Callable[[Message], None]) -> None:
    """Read and analyse a recording with the edits beside it, into the files of a folder.

    Parameters
    ----------
    path : Path
        The recording.
    folder : Path
        An empty folder, for the files of `recorded.series_file` and, last, `DOCUMENT`.
    tell : callable
        Hears what can be looked at by now.

    Raises
    ------
    HipgaitError
        If it cannot be read, or holds no walk; the sentence says what to do.
    OSError
        If the folder cannot be written to.
    """
    from recordings.reading import read_session

    session = read_session(path)
    tell(Opened(session.name, session.metadata, session.events))
    raw, gaps = _read_raw(read_ahead(session), folder, tell)

    # Only now what takes long to import: the raw traces are in sight by then.
    from pipeline.analysis import analyze
    from pipeline.angles import ANGLE_COLUMNS, AngleBlock

    with SeriesWriter(folder, "angles", len(ANGLE_COLUMNS), "<f8") as angles:

        def take(block: AngleBlock) -> None:
            angles.append(block.time_s, block.values)

        results = analyze(
            with_edits(session, path),
            angle_sink=take,
            progress=lambda until_s: tell(Analysed(angles.info(), until_s)),
        )
        document = WalkDocument(
            name=session.name,
            metadata=session.metadata,
            events=session.events,
            gaps=gaps,
            raw=dict(raw),
            angles=angles.info(),
            results=results,
        )
    write_privately(folder / DOCUMENT, encode_document(document))
    tell(Finished())


def _read_raw(
    session: Session, folder: Path, tell: Callable[[Message], None]
) -> tuple[Mapping[Placement, SeriesInfo], tuple[Gap, ...]]:
    last_s: dict[Placement, float] = {}
    gaps: list[Gap] = []
    told, due_s = 0, 0.0
    with ExitStack() as stack:
        writers = {
            p: stack.enter_context(SeriesWriter(folder, f"raw_{p}", len(RAW_COLUMNS), "<f4"))
            for p in session.placements
        }

        def infos() -> dict[Placement, SeriesInfo]:
            return {p: writer.info() for p, writer in writers.items()}

        for chunk in session.chunks():
            for placement, part in chunk.items():
                gaps.extend(_gaps(placement, part, last_s.get(placement)))
                last_s[placement] = float(part.time_s[-1])
                writers[placement].append(part.time_s, np.hstack((part.acc_m_s2, part.gyr_rad_s)))
            if time.monotonic() >= due_s:
                tell(RawRead(infos(), tuple(gaps[told:]), complete=False))
                told, due_s = len(gaps), time.monotonic() + _TELL_S
        tell(RawRead(infos(), tuple(gaps[told:]), complete=True))
        return infos(), tuple(sorted(gaps, key=lambda gap: (gap.start_s, gap.placement)))


def _gaps(placement: Placement, part: ImuSamples, last_s: float | None) -> list[Gap]:
    times = part.time_s if last_s is None else np.concatenate(([last_s], part.time_s))
    return [
        Gap(float(times[i]), float(times[i + 1]), placement)
        for i in np.flatnonzero(np.diff(times) > GAP_S)
    ]
