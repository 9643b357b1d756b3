"""Analyse a whole session: the engine, fed in big pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.engine import Engine
from pipeline.results import Results
from pipeline.tracker import AngleSink
from recordings.errors import InputError
from recordings.placement import missing_placements
from recordings.session import Session

CHUNK_S = 60.0


def analyze(
    session: Session,
    *,
    angle_sink: AngleSink | None = None,
    progress: Callable[[float], None] | None = None,
) -> Results:
    """Find out what a recorded walk shows.

    Parameters
    ----------
    session : Session
    angle_sink : callable, optional
        Receives `pipeline.angles.AngleBlock`s in time order.
    progress : callable, optional
        Called with the session time that has been analysed, in seconds.

    Returns
    -------
    Results

    Raises
    ------
    InputError
        If a required sensor is missing, or the session holds no samples.
    """
    if missing := missing_placements(session.placements):
        names = ", ".join(p.label for p in missing)
        raise InputError(
            f"{session.name}: there is no recording of the {names}.",
            hint="A walk needs sensors on the pelvis and on both thighs.",
            reason="missing_placement",
        )
    engine = Engine(
        session.placements,
        wearer=session.metadata.wearer,
        settings=session.metadata.settings,
        sensors=session.metadata.sensors,
        sink=angle_sink,
    )
    events = sorted(session.events)
    empty = True
    for chunk in session.chunks(CHUNK_S):
        empty = False
        end_s = max(float(part.time_s[-1]) for part in chunk.values())
        due = sum(1 for event in events if event.time_s <= end_s)
        engine.push(chunk, events[:due])
        events = events[due:]
        if progress is not None:
            progress(end_s)
    if empty:
        raise InputError(
            f"{session.name}: there are no samples in it.",
            hint="Record again, and check that the sensors were on.",
            reason="no_samples",
        )
    engine.push({}, events)
    engine.finish()
    results = engine.snapshot(session.name, simulated=session.metadata.simulated)
    noticed = (remark.text for remark in session.all_remarks())
    return replace(results, remarks=tuple(dict.fromkeys((*results.remarks, *noticed))))
