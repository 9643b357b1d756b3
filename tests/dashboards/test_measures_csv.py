"""All numbers of a session in one table."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from dashboards.writers.measures_csv import HEADER, measures_csv
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle
from pipeline.results import FeatureStatistics, Interval
from recordings.placement import Side
from tests.dashboards.made_day import build_day
from tests.dashboards.made_results import build_results

LEAN = FeatureStatistics(
    feature="squat_inward_lean_deg",
    code="F42",
    side=Side.RIGHT,
    n=5,
    mean=14.2,
    sd=1.1,
    median=14.0,
    ci_low=13.2,
    ci_high=15.2,
    error=4.8,
    usual=Interval(-6.0, 7.0),
    z=4.2,
)
SQUATS = MovementTest(MovementTask.SQUAT, None, 60.0, 80.0, features=(LEAN,))
OTHER_LEG = MovementTest(MovementTask.LUNGE, Side.LEFT, 90.0, 99.0, reason=Obstacle.OTHER_LEG.value)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_each_part_of_a_session_has_its_rows() -> None:
    results = replace(build_results(), movement_tests=(SQUATS, OTHER_LEG))
    rows = _rows(measures_csv(results, build_day()))
    assert all(tuple(row) == HEADER and None not in row.values() for row in rows)
    walk = [r for r in rows if r["part"] == "walk"]
    assert [r["measure"] for r in walk] == [f.feature for f in results.features]

    squat, lunge = (r for r in rows if r["part"] == "test")
    assert (squat["test"], squat["start_s"], squat["side"]) == ("squat", "60.0000", "right")
    assert (squat["measure"], squat["unit"], squat["count"]) == ("squat_inward_lean_deg", "°", "5")
    assert (squat["mean"], squat["usual_high"], squat["z"]) == ("14.2", "7", "4.2")
    assert 4.8 <= float(squat["error"]) < 5.0
    assert (lunge["side"], lunge["count"], lunge["reason"]) == ("left", "0", "other_leg")
    assert lunge["measure"] == lunge["mean"] == ""

    day = {r["measure"]: r for r in rows if r["part"] == "day"}
    assert (day["sitting_h"]["mean"], day["sitting_h"]["unit"]) == ("1.5", "h")
    assert (day["sitting_h"]["usual_low"], day["sitting_h"]["usual_high"]) == ("", "8")
    assert day["longest_sitting_min"]["unit"] == "min"
    assert day["sittings_over_60_min"]["unit"] == day["steps"]["mean"] == ""
    assert day["breaks_per_sitting_h"]["unit"] == "1/h"
    raised = day["straight_leg_raise"]
    assert (raised["side"], raised["count"], raised["unit"]) == ("left", "2", "°")
    assert float(raised["mean"]) == 54.95


def test_without_a_day_there_are_no_rows_of_one() -> None:
    assert {r["part"] for r in _rows(measures_csv(build_results()))} == {"walk"}
