"""``events.csv``: one row an event, in any order on disk, in time order once read."""

from __future__ import annotations

import csv
import io
import math

from recordings.csv_session.layout import EVENT_COLUMNS
from recordings.errors import FormatError
from recordings.events import SessionEvent
from recordings.samples import STORED_DECIMALS
from recordings.session import Remark

MAX_BYTES = 64 * 2**20


def encode_events(events: list[SessionEvent], *, header: bool) -> bytes:
    """The rows of some events, with the header line before them if asked for."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(EVENT_COLUMNS)
    decimals = STORED_DECIMALS["time_s"]
    for event in events:
        # One event is one line: then a file that is cut off loses one event at most.
        label = " ".join(event.label.replace("\x00", "").split())
        writer.writerow((f"{event.time_s:.{decimals}f}", event.kind, label))
    return text.getvalue().encode()


def decode_events(data: bytes, where: str) -> tuple[tuple[SessionEvent, ...], tuple[Remark, ...]]:
    """The events of a file, and what was odd about it.

    A last line without its line end was cut off, perhaps within its label, and is left out.

    Parameters
    ----------
    data : bytes
    where : str
        The name of the file, for messages.

    Raises
    ------
    FormatError
        If the header or a row is not what it must be; the message names the line.
    """
    text = data.decode("utf-8-sig", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    body, cut_off = _whole_lines(text.rstrip("\x00"))
    if "\x00" in body:
        raise FormatError(
            f"{where} is damaged: zero bytes in the middle of the file.",
            hint="Restore it, or move it out of the folder.",
            reason="file_damaged",
        )
    first_line = body.partition("\n")[0]
    delimiter = ";" if ";" in first_line else "\t" if "\t" in first_line else ","
    lines = csv.reader(io.StringIO(body), delimiter=delimiter)
    events: list[SessionEvent] = []
    try:
        names = [cell.strip().lower() for cell in next(lines, [])]
        if names and not {"time_s", "kind"} <= set(names):
            raise FormatError(
                f"{where} lacks the columns time_s and kind.",
                hint="It begins with the line " + ",".join(EVENT_COLUMNS) + ".",
                reason="columns_missing",
            )
        for cells in lines:
            if any(cell.strip() for cell in cells):
                row = dict(zip(names, cells, strict=False))
                events.append(_event(row, f"{where}, line {lines.line_num}", delimiter))
    except csv.Error as error:
        raise FormatError(
            f"{where}, line {lines.line_num}: {error}.",
            hint="Repair or remove that line.",
            reason="event_invalid",
        ) from None
    remarks = ()
    if cut_off:
        shown = cut_off.strip()[:60]
        remarks = (
            Remark(
                "last_event_cut_off",
                f"{where}: the last line ({shown!r}) has no line end and may be cut off;"
                " it was left out.",
            ),
        )
    return tuple(sorted(events, key=lambda event: event.time_s)), remarks


def _whole_lines(text: str) -> tuple[str, str]:
    end = text.rfind("\n") + 1
    return text[:end], text[end:] if text[end:].strip() else ""


def _event(row: dict[str, str], where: str, delimiter: str) -> SessionEvent:
    cell = row["time_s"].strip() if "time_s" in row else ""
    try:
        time_s = float(cell.replace(",", ".") if delimiter != "," else cell)
    except ValueError:
        time_s = math.nan
    kind = row.get("kind", "").strip()
    if not math.isfinite(time_s) or not kind:
        raise FormatError(
            f"{where}: an event needs a time in seconds and a kind.",
            hint="Repair or remove that line.",
            reason="event_invalid",
        )
    return SessionEvent(time_s, kind, row.get("label", "").strip())
