"""``day.csv``: one row a stretch of one posture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboards.writers.cells import csv_bytes, time_cell
from pipeline.day.results import PostureSpan

COLUMNS = ("start_s", "end_s", "start_time", "duration_s", "posture", "reason", "steps")


def day_csv(spans: Sequence[PostureSpan], start_time: datetime | None) -> bytes:
    """The spans of a day in time order; `start_time` is the wall-clock time of session time 0."""
    return csv_bytes(
        COLUMNS,
        (
            (
                time_cell(span.start_s),
                time_cell(span.end_s),
                wall_clock(span.start_s, start_time) or "",
                time_cell(span.duration_s),
                span.posture.value,
                "" if span.reason is None else span.reason.value,
                "" if span.steps is None else str(span.steps),
            )
            for span in spans
        ),
    )


def wall_clock(time_s: float, start_time: datetime | None) -> str | None:
    """ISO 8601 to the second, with the zone of the session; None where it has no time."""
    if start_time is None:
        return None
    return (start_time + timedelta(seconds=time_s)).isoformat(timespec="seconds")
