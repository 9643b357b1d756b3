"""The six-week series, analysed once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboards.history.saved_walk import SavedWalk
from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from tests.dashboards.history.made_walks import START, kept


@pytest.fixture(scope="session")
def six_weeks() -> tuple[SavedWalk, ...]:
    specs = [read_spec(catalogue()[f"six_weeks_{week}"]) for week in range(1, 7)]
    return tuple(
        kept(
            analyze(wear(spec).session),
            day=week,
            person="six weeks",
            walked=START + timedelta(weeks=week),
            pain=6 - week,
            note=f"Week {week + 1}",
        )
        for week, spec in enumerate(specs)
    )
