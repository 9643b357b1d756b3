"""Two walks beside each other: a difference counts only beyond its error."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.summary import error_of
from dashboards.view_models.comparison import compared_curves, compared_measures, reservations
from pipeline.analysis import analyze
from pipeline.change import ChangeKind
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve
from pipeline.results import FeatureStatistics, Results
from recordings.placement import REQUIRED_PLACEMENTS, Side
from recordings.reading import read_session
from tests.dashboards.opened_walks import SAMPLE


@pytest.fixture(scope="module")
def usual() -> Results:
    return analyze(read_session(SAMPLE))


@pytest.fixture(scope="module")
def collapse() -> Results:
    return analyze(read_session(SAMPLE.with_name("femoral_collapse_right.zip")))


def test_a_walk_does_not_differ_from_itself(usual: Results) -> None:
    rows = compared_measures(usual, usual)
    assert len(rows) > 30
    assert {row.difference for row in rows} == {0.0}
    assert ChangeKind.MARKED not in {row.kind for row in rows}
    assert reservations(usual, usual) == []


def test_the_simulated_deviation_is_the_difference(usual: Results, collapse: Results) -> None:
    rows = {(r.first.feature, r.side): r for r in compared_measures(usual, collapse)}
    right = rows["hip_adduction_peak_deg", Side.RIGHT]
    left = rows["hip_adduction_peak_deg", Side.LEFT]
    assert right.kind is ChangeKind.MARKED
    assert right.difference == pytest.approx(17.0, abs=4.5)
    assert left.kind is ChangeKind.WITHIN
    back = {(r.first.feature, r.side): r for r in compared_measures(collapse, usual)}
    assert back["hip_adduction_peak_deg", Side.RIGHT].difference == -right.difference
    first, second = compared_curves(Curve.HIP_ADDUCTION, Side.RIGHT, usual, collapse)
    assert first is not None
    assert second is not None
    assert (second[0] - first[0])[10:50].mean() > 8.0


def test_what_differs_stands_first(usual: Results, collapse: Results) -> None:
    beyond = [r.kind is ChangeKind.MARKED for r in compared_measures(usual, collapse)]
    assert any(beyond)
    assert beyond == sorted(beyond, reverse=True)


def statistics(mean: float, half_width: float, n: int = 50) -> FeatureStatistics:
    feature = FEATURES["hip_adduction_peak_deg"]
    return FeatureStatistics(
        feature=feature.name,
        code=feature.code,
        side=Side.LEFT,
        n=n,
        mean=mean,
        sd=1.0,
        median=mean,
        ci_low=mean - half_width,
        ci_high=mean + half_width,
        error=feature.error,
    )


@given(
    first=st.floats(-30, 30),
    second=st.floats(-30, 30),
    half=st.floats(0, 10),
    other_half=st.floats(0, 10),
)
def test_no_difference_within_either_error_is_beyond(
    first: float, second: float, half: float, other_half: float
) -> None:
    a, b = statistics(first, half), statistics(second, other_half)
    empty = analyze_nothing(a)
    (row,) = compared_measures(empty, analyze_nothing(b))
    assert row.error >= FEATURES["hip_adduction_peak_deg"].mdc
    assert row.error >= math.hypot(error_of(a), error_of(b)) - 1e-12
    assert (row.kind is ChangeKind.MARKED) == (abs(second - first) > row.error)


def analyze_nothing(row: FeatureStatistics) -> Results:
    """Results that hold one measure."""
    from tests.dashboards.made_results import build_results

    return replace(build_results(), features=(row,))


@pytest.mark.parametrize("strides", [(19, 50), (50, 19), (19, 19)])
def test_few_strides_are_shown_and_not_compared(strides: tuple[int, int]) -> None:
    few, many = statistics(0.0, 0.1, n=strides[0]), statistics(60.0, 0.1, n=strides[1])
    (row,) = compared_measures(analyze_nothing(few), analyze_nothing(many))
    assert row.kind is ChangeKind.TOO_FEW_STRIDES
    assert row.difference == 60.0


def test_other_speed_and_other_sensors_are_said(usual: Results) -> None:
    slower = replace(usual, summary=replace(usual.summary, speed_m_s=0.8 * usual.summary.speed_m_s))
    assert ["speed" in said for said in reservations(usual, slower)] == [True]
    fewer = replace(usual, placements=REQUIRED_PLACEMENTS)
    assert ["sensors" in said for said in reservations(usual, fewer)] == [True]
    person = replace(usual, simulated=False)
    assert ["simulated" in said for said in reservations(usual, person)] == [True]
