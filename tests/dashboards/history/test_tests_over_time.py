"""What movement tests measured is kept with the walk, listed and compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboards.history.saved_walk import SavedWalk, saved_walk
from dashboards.history.store import HistoryStore
from dashboards.history.trend import measured, trends
from dashboards.history.wording import sentence
from pipeline.change import ChangeKind
from pipeline.movement_tests.outcome import MovementTask, MovementTest
from pipeline.patterns.assessment import assess
from pipeline.results import FeatureStatistics, Interval
from pipeline.wording import forbidden_words
from recordings.placement import Side
from tests.dashboards.made_results import build_results

LEAN = "squat_inward_lean_deg"
FIRST = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def _squats(value: float, start_s: float) -> MovementTest:
    row = FeatureStatistics(
        LEAN, "F42", Side.RIGHT, 5, value, 1.0, value, value - 1, value + 1, 4.0,
        Interval(-5.5, 7.5), 0.0,
    )  # fmt: skip
    return MovementTest(MovementTask.SQUAT, None, start_s, start_s + 20.0, features=(row,))


def _walk(number: int, *values: float) -> SavedWalk:
    tests = tuple(_squats(value, 60.0 + 40.0 * i) for i, value in enumerate(values))
    results = replace(build_results(), movement_tests=tests)
    return saved_walk(
        results,
        assess(results),
        person="Ada",
        fingerprint=f"{number:064d}",
        path=Path(f"/walk{number}"),
        walked=FIRST + timedelta(days=7 * number),
    )


def test_a_test_done_twice_counts_as_it_was_done_last() -> None:
    walk = _walk(0, 14.0, 9.0)
    row = walk.statistics(LEAN, Side.RIGHT)
    assert row is not None and row.mean == 9.0


def test_five_squats_are_enough_to_be_compared(tmp_path: Path) -> None:
    store = HistoryStore(tmp_path / "history.db")
    for number, value in enumerate((16.0, 14.5, 4.0)):
        store.save(_walk(number, value))
    walks = store.walks("Ada")
    assert LEAN in measured(walks)
    (trend,) = [t for t in trends(walks) if t.feature.name == LEAN]
    assert trend.side is Side.RIGHT
    kinds = [point.change.kind for point in trend.points]
    assert kinds == [ChangeKind.FIRST, ChangeKind.WITHIN, ChangeKind.MARKED]
    assert trend.last.change.amount == pytest.approx(-12.0)
    assert "in squats" in sentence(trend) and not forbidden_words(sentence(trend))
