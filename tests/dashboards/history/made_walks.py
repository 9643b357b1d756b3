"""Walks of the history made by hand, and those of the six-week series of the virtual wearer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dashboards.history.saved_walk import SavedWalk, saved_walk
from pipeline.patterns.assessment import assess
from pipeline.results import Results
from tests.dashboards.made_results import build_results

START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def kept(results: Results | None = None, day: int = 0, **changed: Any) -> SavedWalk:
    """A walk as the history keeps it; each day has a fingerprint of its own."""
    results = results or build_results()
    given = {
        "person": "me",
        "fingerprint": f"{day:064x}",
        "path": Path(f"/recordings/walk_{day}"),
        "walked": START + timedelta(days=day),
    }
    fields = {k: changed.pop(k) for k in list(changed) if k in {*given, "note", "pain"}}
    walk = saved_walk(results, assess(results), **{**given, **fields})
    return replace(walk, **changed)
