"""``day.json``: everything that is known about a day, for programs.

`day.schema.json` beside this file is the contract; docs/day.md explains it.
"""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

import msgspec

from dashboards.wording import NOT_A_MEDICAL_DEVICE
from dashboards.writers.day_csv import wall_clock
from hipgait._version import __version__
from pipeline.day.results import Day

FORMAT = "hipgait-day"

FORMAT_VERSION = 1
"""Version of the layout; rises when a field goes, moves or changes its type."""

SCHEMA_FILE = "day.schema.json"


def day_json(day: Day, start_time: datetime | None) -> bytes:
    """The document as UTF-8, one line with a line feed at its end.

    A number that is not known (NaN) is null, and so is the open end of a range.
    """
    return msgspec.json.encode(_document(day, start_time)) + b"\n"


def day_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every document fulfils."""
    return msgspec.json.decode(files("dashboards.writers").joinpath(SCHEMA_FILE).read_bytes())


def _document(day: Day, start_time: datetime | None) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "day_version": day.version,
        "written_by": f"hipgait {__version__}",
        "notice": NOT_A_MEDICAL_DEVICE,
        "session": day.session,
        "simulated": day.simulated,
        "provisional": day.provisional,
        "start_s": day.start_s,
        "end_s": day.end_s,
        "start_time": wall_clock(day.start_s, start_time),
        "figures": day.figures,
        "totals_s": day.totals_s,
        "unknown_s": day.unknown_s,
        "longest_sitting": day.longest_sitting,
        "exercises": day.exercises,
        "sensors": day.sensors,
        "remarks": day.remarks,
        "spans": day.spans,
    }
