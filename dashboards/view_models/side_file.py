"""Edits of a recorded walk, in a file beside it: the recording itself is never changed.

The file is called like the recording with ``.edits.csv`` after it and has the rows of an
``events.csv``: excluded spans and markers that were added while looking at the walk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dashboards.report.private_file import write_privately
from dashboards.wording import counted
from recordings.csv_session.events_csv import decode_events, encode_events
from recordings.errors import OutputError
from recordings.events import EventKind, SessionEvent
from recordings.session import Remark, Session

MARKER_KINDS = (EventKind.MARKER, EventKind.PAIN)
"""Events that are shown and change no result."""


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
    try:
        write_privately(file, encode_events(sorted(events), header=True))
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written ({error.strerror or error}).",
            hint="Copy the recording to a place where you may write, and open it there.",
            reason="output_failed",
        ) from error
    return file


def with_edits(session: Session, path: Path) -> Session:
    """A session with the edits of its side file, and a remark if they leave something out.

    Whoever shows numbers of a recording goes through here: they are the same everywhere.

    Raises
    ------
    FormatError
        If the side file is damaged.
    """
    edits = read_edits(path)
    if not edits:
        return session
    remarks = session.remarks
    if spans := sum(event.kind == EventKind.EXCLUSION_START for event in edits):
        text = f"Left out by hand: {counted(spans, 'span')}, as {side_file(path).name} says."
        remarks = (*remarks, Remark("left_out_by_hand", text))
    return replace(session, events=tuple(sorted((*session.events, *edits))), remarks=remarks)


def exclusion(start_s: float, end_s: float) -> tuple[SessionEvent, SessionEvent]:
    """The two events that leave a span out."""
    return (
        SessionEvent(round(start_s, 6), EventKind.EXCLUSION_START, "by hand"),
        SessionEvent(round(end_s, 6), EventKind.EXCLUSION_END, "by hand"),
    )
