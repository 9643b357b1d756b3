"""Edits of a recorded walk, in a file beside it: the recording itself is never changed.

The file is called like the recording with ``.edits.csv`` after it and has the rows of an
``events.csv``: excluded spans and markers that were added while looking at the walk.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from recordings.csv_session.events_csv import decode_events, encode_events
from recordings.errors import OutputError
from recordings.events import EventKind, SessionEvent


def side_file(path: Path) -> Path:
    """Where the edits of a recording are."""
    path = path.resolve()
    return path.with_name(f"{path.name}.edits.csv")


def read_edits(path: Path) -> tuple[SessionEvent, ...]:
    """The edits of a recording, in time order; none is a valid number of them.

    Raises
    ------
    FormatError
        If the file is damaged.
    """
    file = side_file(path)
    if not file.is_file():
        return ()
    events, _ = decode_events(file.read_bytes(), file.name)
    return tuple(sorted(events))


def write_edits(path: Path, events: Iterable[SessionEvent]) -> Path:
    """Replace the edits of a recording, all at once.

    Raises
    ------
    OutputError
        If the file cannot be written; the edits before stay as they were.
    """
    file = side_file(path)
    fresh = file.with_name(file.name + ".new")
    try:
        fresh.write_bytes(encode_events(sorted(events), header=True))
        fresh.replace(file)
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written ({error.strerror or error}).",
            hint="Copy the recording to a place where you may write, and open it there.",
            reason="output_failed",
        ) from error
    return file


def exclusion(start_s: float, end_s: float) -> tuple[SessionEvent, SessionEvent]:
    """The two events that leave a span out."""
    return (
        SessionEvent(round(start_s, 6), EventKind.EXCLUSION_START, "by hand"),
        SessionEvent(round(end_s, 6), EventKind.EXCLUSION_END, "by hand"),
    )
