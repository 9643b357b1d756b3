"""Time stamps written as a clock or a date: ``10:11:12.345``, ``2026-05-08 10:11:12.345``."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_CLOCK = re.compile(
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[T ]\s*)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:[.,:](?P<fraction>\d{1,9}))?"
    r"\s*(?:Z|[+-]\d{2}:?\d{2})?"
)
DAY_S = 86_400.0


def clock_seconds(text: str) -> float | None:
    """Seconds of a time stamp: since midnight, or since 1970 if it has a date.

    A UTC offset is passed over: within a recording it does not change, and a session
    clock has its own zero. None if the text is no time stamp.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    seconds = int(match["hour"]) * 3600 + int(match["minute"]) * 60 + int(match["second"])
    fraction = float(f"0.{match['fraction']}") if match["fraction"] else 0.0
    if match["year"] is None:
        return seconds + fraction
    try:
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)
    except ValueError:
        return None
    return day.timestamp() + seconds + fraction
