"""The table of days: what it measures is right, and what it asks is reached."""

from __future__ import annotations

import pytest

from validation.tables.day import CONDITIONS, Case, measure, right_percent


@pytest.mark.parametrize("condition", [CONDITIONS[0], "5 % of samples lost"])
def test_a_virtual_day_is_told_rightly(condition: str) -> None:
    found = measure(Case(8001, condition))
    assert right_percent([found]) >= 97.0
    assert found["bridges"][0] == 8 and found["raises"][0] == 7
    assert abs(found["steps_percent"]) < 8.0
    assert sum(found["seconds"].values()) > 1000.0


def test_a_posture_that_is_told_wrongly_costs() -> None:
    seconds = {"sitting>sitting": 90.0, "sitting>lying": 10.0}
    full = {f"{t}>{f}": 0.0 for t in _POSTURES for f in (*_POSTURES, "unknown")} | seconds
    assert right_percent([{"seconds": full}]) == pytest.approx(90.0)


_POSTURES = ("sitting", "standing", "walking", "lying")
