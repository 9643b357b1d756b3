"""``gait_events.csv``: one row a contact of a foot with the ground."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.writers.cells import csv_bytes, flag_cell, text_cell, time_cell
from pipeline.gait import GaitEvent

COLUMNS = ("time_s", "kind", "side", "certain")


def gait_events_csv(events: Sequence[GaitEvent]) -> bytes:
    """The contacts of a walk; the side is empty where it is not known."""
    return csv_bytes(
        COLUMNS,
        (
            (
                time_cell(event.time_s),
                text_cell(str(event.kind)),
                "" if event.side is None else str(event.side),
                flag_cell(event.certain),
            )
            for event in events
        ),
    )
