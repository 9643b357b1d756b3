"""From a recording to a walk of the history: read, analysed, with what was said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dashboards.history.about_file import About, read_about, write_about
from dashboards.history.saved_walk import SavedWalk, saved_walk, storable
from dashboards.people import answers_of, person_of, with_facts
from recordings.errors import UsageError
from recordings.events import EventKind, SessionEvent
from recordings.profile import Profile, WalkConditions

if TYPE_CHECKING:
    from dashboards.history.store import HistoryStore
    from pipeline.results import Results
    from recordings.metadata import SessionMetadata

LONGEST_NOTE = 20_000
"""Characters; a longer one is refused, never cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of a walk while it is added; None leaves it as it was."""

    person: str | None = None
    walked: datetime | None = None
    note: str | None = None
    pain: int | None = None


@dataclass(frozen=True, slots=True)
class Analysed:
    """A walk with its results.

    Attributes
    ----------
    results : Results
    metadata : SessionMetadata
    events : tuple of SessionEvent
        Those of the recording and its edits.
    path : Path or None
        Of the recording; None while there is none, as for a live walk.
    """

    results: Results
    metadata: SessionMetadata
    events: tuple[SessionEvent, ...] = ()
    path: Path | None = None


def add_walk(
    store: HistoryStore,
    path: Path,
    said: Said | None = None,
    progress: Callable[[float], None] | None = None,
) -> SavedWalk:
    """Analyse a recording and keep its results; what was said goes into a file beside it.

    Raises
    ------
    HipgaitError
        If it cannot be read or kept, or nobody says when it was walked. Nothing is half kept:
        what was said is written first, and the walk can be added again.
    """
    from dashboards.view_models.side_file import with_edits
    from pipeline.analysis import analyze
    from recordings.reading import read_session

    session = with_edits(read_session(path), path)
    about = about_walk(store, path, session.metadata, said or Said())
    when_walked(session.metadata, about)
    profile = answers_of(session.metadata, about.person)
    session = with_facts(session, profile)
    results = analyze(session, progress=progress)
    walk = walk_of(Analysed(results, session.metadata, session.events, path), about, profile)
    write_about(path, about)
    store.save(walk)
    return walk


def about_walk(
    store: HistoryStore, path: Path | None, metadata: SessionMetadata, said: Said
) -> About:
    """What is known of a walk besides its samples: said now, or before.

    Parameters
    ----------
    store : HistoryStore
    path : Path or None
        None while there is no recording.
    metadata : SessionMetadata
    said : Said

    Raises
    ------
    UsageError
        If a note is endless.
    """
    before = None if path is None else read_about(path) or _as_kept(store, path)
    person = person_of(metadata, said.person or (None if before is None else before.person))
    about = msgspec.structs.replace(before or About(), person=person)
    if said.walked is not None:
        about = msgspec.structs.replace(about, walked=said.walked)
    if said.note is not None:
        about = msgspec.structs.replace(about, note=checked_note(said.note))
    if said.pain is not None:
        about = msgspec.structs.replace(about, pain=said.pain)
    if before is None and _is_newest(store, metadata, about):
        # The answers about "the last walk" are about this one.
        profile = answers_of(metadata, person)
        if profile is not None:
            about = msgspec.structs.replace(about, conditions=profile.conditions)
    return about


def walk_of(walk: Analysed, about: About, profile: Profile | None) -> SavedWalk:
    """An analysed walk as the history keeps it.

    Raises
    ------
    UsageError
        If nobody says when it was walked.
    """
    from pipeline.patterns.assessment import assess
    from recordings.fingerprint import fingerprint

    path = walk.path
    return saved_walk(
        walk.results,
        assess(walk.results, _as_of(profile, about.conditions)),
        person=about.person,
        fingerprint="" if path is None else fingerprint(path),
        path=Path() if path is None else path.resolve(),
        walked=when_walked(walk.metadata, about),
        note=about.note or walk.metadata.notes[:LONGEST_NOTE],
        pain=_pain(walk.events, about),
    )


def when_walked(metadata: SessionMetadata, about: About) -> datetime:
    """The time that was said, or that of the recording.

    Raises
    ------
    UsageError
        If nobody says when it was walked.
    """
    walked = about.walked or metadata.start_time
    if walked is None:
        raise UsageError(
            "This recording does not say when it was walked.",
            hint="Say it: --date 2026-11-20.",
            reason="no_date",
        )
    return walked if walked.tzinfo else walked.astimezone()


def checked_note(note: str) -> str:
    """The note without blanks around it; raises UsageError if it is endless."""
    note = storable(note).strip()
    if len(note) > LONGEST_NOTE:
        raise UsageError(
            f"The note has {len(note)} characters.",
            hint=f"Keep it below {LONGEST_NOTE}.",
            reason="note_too_long",
        )
    return note


def _as_kept(store: HistoryStore, path: Path) -> About | None:
    """What was said of a recording that was moved and left its file behind."""
    from recordings.fingerprint import fingerprint

    known = store.find(fingerprint(path))
    if known is None:
        return None
    return About(person=known.person, walked=known.walked, note=known.note, pain=known.pain)


def _is_newest(store: HistoryStore, metadata: SessionMetadata, about: About) -> bool:
    if about.walked is None and metadata.start_time is None:
        return True
    newest = store.newest(about.person)
    return newest is None or newest <= when_walked(metadata, about)


def _as_of(profile: Profile | None, conditions: WalkConditions) -> Profile | None:
    """The answers as they were about this walk: what holds for today alone is left out."""
    if profile is None:
        return None
    return msgspec.structs.replace(
        profile, conditions=conditions, pain_now=None, pain_worst=None, red_flags=()
    )


def _pain(events: Iterable[SessionEvent], about: About) -> int | None:
    """The strongest that was said for this walk: by hand, while walking, or in the answers."""
    if about.pain is not None:
        return about.pain
    while_walking = [
        int(event.label)
        for event in events
        if event.kind == EventKind.PAIN and event.label.isdecimal() and int(event.label) <= 10
    ]
    asked = (about.conditions.pain_before, about.conditions.pain_after)
    return max((*while_walking, *(p for p in asked if p is not None)), default=None)


def annotate(store: HistoryStore, walk: SavedWalk, note: str, pain: int | None) -> None:
    """Replace note and pain of a walk that is kept.

    Where the recording is at hand, they go into the file beside it first.
    """
    note = checked_note(note)
    if walk.path.exists():
        before = read_about(walk.path) or About(person=walk.person, walked=walk.walked)
        write_about(walk.path, msgspec.structs.replace(before, note=note, pain=pain))
    store.annotate(walk.fingerprint, note=note, pain=pain)
