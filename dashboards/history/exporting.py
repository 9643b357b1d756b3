"""A copy of recordings and results to give away: no names, no notes, no dates.

What is left is the movement itself and the facts that norms need. Movement can identify a
person who is already known in another data set: the copy is pseudonymous, not anonymous.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dashboards.history.saved_walk import SavedWalk
from dashboards.people import answers_of, with_facts
from dashboards.report.private_file import write_privately
from dashboards.writers.cells import csv_bytes, flag_cell, number_cell, text_cell
from pipeline.movement_tests.outcome import MovementTask
from recordings.errors import HipgaitError, InputError, OutputError
from recordings.events import EventKind, SessionEvent
from recordings.metadata import SessionMetadata, Wearer

if TYPE_CHECKING:
    from recordings.session import Session

FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Every person's first walk is moved to it; the time between walks stays."""
OLDEST_YEARS = 90.0
"""Higher ages are rare enough to tell who it is."""
WORDS = frozenset(
    {"standing", "seated", "walk", "stand"}
    | {task + of_side for task in MovementTask for of_side in ("", "_left", "_right")}
    | {str(score) for score in range(11)}
    | {"pelvis", "thigh_left", "thigh_right", "shank_left", "shank_right"}
)
"""Labels of events that stay; any other is free text and could be anything."""
README = """\
A copy made by hipgait for giving away.

Taken out: names, notes, dates, times of day, device addresses, free text of markers, raw packets.
Moved: the first walk of each person to 1 January 2000; the time between walks is as it was.
Kept: all samples, height, sex, mass, leg length and age in whole years (90 for 90 and more).

How a person moves can tell who it is to whoever knows that movement already. Treat this copy as
personal data.

person_NN/walk_NN/  a recording (session.json, one CSV a sensor, events.csv)
walks.csv, measures.csv, findings.csv, patterns.csv  what hipgait found, one row each
"""
_WALKS = ("person", "walk", "day", "simulated", "placements", "results_version", "walking_s")
_WALKS += ("steps", "steady_left", "steady_right", "cadence_spm", "speed_m_s", "pain")
_MEASURES = ("person", "walk", "measure", "side", "strides", "mean", "sd", "ci_low", "ci_high")
_MEASURES += ("error", "usual_low", "usual_high", "z")
_FINDINGS = ("person", "walk", "detector", "measure", "side", "verdict", "reason", "value")
_FINDINGS += ("error", "confidence")
_PATTERNS = ("person", "walk", "pattern", "side", "level", "score", "coverage", "confidence")


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it: walks copied, and recordings that could not be, with the reason."""

    walks: int
    without_recording: tuple[tuple[str, str], ...]


def export_pseudonymous(
    walks: Mapping[str, Sequence[SavedWalk]],
    folder: Path,
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Write a copy of people's walks into a new folder, all of it or nothing.

    Parameters
    ----------
    walks : mapping of name to sequence of SavedWalk
        The oldest first.
    folder : Path
        Must not exist yet.

    Raises
    ------
    OutputError
        If the folder exists or cannot be written.
    InputError
        If there is nothing to copy.
    """
    if not any(walks.values()):
        raise InputError(
            "There is nothing to copy.",
            hint="Keep a walk first: hipgait history add SESSION.",
            reason="nothing_to_export",
        )
    if folder.exists():
        raise OutputError(
            f"{folder} exists already; it was left as it is.",
            hint="Choose a new name.",
            reason="output_exists",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".hipgait-", dir=folder.parent) as hidden:
            made = Path(hidden) / "copy"
            made.mkdir(mode=0o700)
            missing = _write(walks, made, progress)
            made.rename(folder)
    except (OSError, OutputError) as error:
        # A writer names the hidden folder, which nobody has seen: say the cause alone.
        cause = error.__cause__ or error
        raise OutputError(
            f"The copy cannot be written to {folder}: {getattr(cause, 'strerror', '') or cause}.",
            hint="Check that you may write there and that the disk has room.",
            reason="output_failed",
        ) from error
    return Exported(sum(map(len, walks.values())), missing)


def pseudonymous(session: Session, name: str, start_time: datetime) -> Session:
    """The session under another name and time, without what tells who it is."""
    wearer = session.metadata.wearer
    age = wearer.age_years
    metadata = SessionMetadata(
        start_time=start_time,
        written_by=session.metadata.written_by,
        simulated=session.metadata.simulated,
        wearer=Wearer(
            height_m=None if wearer.height_m is None else round(wearer.height_m, 2),
            leg_length_m=None if wearer.leg_length_m is None else round(wearer.leg_length_m, 2),
            mass_kg=None if wearer.mass_kg is None else float(round(wearer.mass_kg)),
            age_years=None if age is None else min(float(int(age)), OLDEST_YEARS),
            sex=wearer.sex,
        ),
        sensors={
            placement: msgspec.structs.replace(sensor, device_id="")
            for placement, sensor in session.metadata.sensors.items()
        },
        settings=session.metadata.settings,
    )
    events = tuple(filter(None, map(_without_words, session.events)))
    return replace(session, name=name, metadata=metadata, events=events, remarks=())


def _without_words(event: SessionEvent) -> SessionEvent | None:
    """The event without free text; none of a kind that is a word of somebody's own."""
    if event.kind not in set(EventKind):
        return None
    return event if event.label in WORDS else replace(event, label="")


def _write(
    walks: Mapping[str, Sequence[SavedWalk]], folder: Path, progress: Callable[[str], None] | None
) -> tuple[tuple[str, str], ...]:
    from recordings.csv_session.writer import write_session
    from recordings.reading import read_session

    missing: list[tuple[str, str]] = []
    named: list[tuple[str, str, SavedWalk, datetime]] = []
    # Neither by name nor by date: the number tells nothing.
    people = sorted((p for p in walks if walks[p]), key=lambda p: walks[p][0].fingerprint)
    for i, person in enumerate(people, 1):
        (folder / f"person_{i:02d}").mkdir(mode=0o700)
        for j, walk in enumerate(walks[person], 1):
            who, what = f"person_{i:02d}", f"walk_{j:02d}"
            start = FIRST_DAY + (walk.walked - walks[person][0].walked)
            named.append((who, what, walk, start))
            if progress is not None:
                progress(f"{who}/{what}")
            try:
                session = read_session(walk.path)
                session = with_facts(session, answers_of(session.metadata, person))
                write_session(pseudonymous(session, what, start), folder / who / what)
            except OutputError:
                raise
            except HipgaitError as error:
                missing.append((f"{who}/{what}", str(error)))
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[str]]]] = {
        "walks.csv": (_WALKS, (_walk_row(*item) for item in named)),
        "measures.csv": (_MEASURES, (row for item in named for row in _measure_rows(*item))),
        "findings.csv": (_FINDINGS, (row for item in named for row in _finding_rows(*item))),
        "patterns.csv": (_PATTERNS, (row for item in named for row in _pattern_rows(*item))),
    }
    for name, (header, rows) in tables.items():
        write_privately(folder / name, csv_bytes(header, rows))
    write_privately(folder / "README.txt", README.encode())
    return tuple(missing)


def _walk_row(who: str, what: str, walk: SavedWalk, start: datetime) -> tuple[str, ...]:
    return (
        who,
        what,
        str((start - FIRST_DAY).days),
        flag_cell(walk.simulated),
        " ".join(walk.placements),
        str(walk.results_version),
        number_cell(walk.walking_s),
        str(walk.steps),
        *(str(count) for count in walk.steady_strides.values()),
        number_cell(walk.cadence_spm),
        number_cell(walk.speed_m_s),
        "" if walk.pain is None else str(walk.pain),
    )


def _measure_rows(who: str, what: str, walk: SavedWalk, _: datetime) -> Iterable[tuple[str, ...]]:
    for row in walk.features:
        usual = (None, None) if row.usual is None else (row.usual.low, row.usual.high)
        numbers = (row.mean, row.sd, row.ci_low, row.ci_high, row.error, *usual, row.z)
        cells = ("" if n is None else number_cell(n) for n in numbers)
        yield (who, what, text_cell(row.feature), str(row.side or ""), str(row.n), *cells)


def _finding_rows(who: str, what: str, walk: SavedWalk, _: datetime) -> Iterable[tuple[str, ...]]:
    for f in walk.findings:
        words = (f.detector, f.measure, str(f.side or ""), str(f.verdict), f.reason)
        numbers = map(number_cell, (f.value, f.error, f.confidence))
        yield (who, what, *map(text_cell, words), *numbers)


def _pattern_rows(who: str, what: str, walk: SavedWalk, _: datetime) -> Iterable[tuple[str, ...]]:
    for p in walk.patterns:
        numbers = map(number_cell, (p.score, p.coverage, p.confidence))
        yield (who, what, text_cell(p.pattern), str(p.side), str(p.level), *numbers)
