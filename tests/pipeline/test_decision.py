"""The one rule: present only when the whole interval lies beyond the threshold."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.decision import Threshold, decide
from pipeline.features.base import Worse
from pipeline.features.hip_frontal import ADDUCTION_PEAK
from pipeline.features.knee import KNEE_MIN_STANCE, STANDING_KNEE
from pipeline.features.timing import CADENCE, STRIDE_TIME
from pipeline.norms import NormContext, ZeroConvention
from pipeline.results import Interval, Verdict


def judge(value, threshold=10.0, worse=Worse.HIGHER, **changes):
    arguments = {
        "stride_error": 0.6,
        "measurement_error": 0.8,
        "usual": Interval(-2.0, 8.0),
        "strides": 20,
        "strides_needed": 20,
    }
    return decide(value, threshold=threshold, worse=worse, **(arguments | changes))


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        (11.01, Verdict.PRESENT, "beyond_threshold"),
        (11.0, Verdict.NOT_SEEN, "within_error"),
        (10.01, Verdict.NOT_SEEN, "within_error"),
        (10.0, Verdict.NOT_SEEN, "beyond_usual"),
        (8.01, Verdict.NOT_SEEN, "beyond_usual"),
        (8.0, Verdict.NOT_SEEN, "within_usual"),
        (-5.0, Verdict.NOT_SEEN, "within_usual"),
        (math.nan, Verdict.CANNOT_JUDGE, "not_measured"),
    ],
)
def test_table(value, verdict, reason):
    decision = judge(value)
    assert (decision.verdict, decision.reason) == (verdict, reason)
    assert decision.error == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("worse", "value", "present"),
    [
        (Worse.LOWER, -6.5, True),
        (Worse.LOWER, -5.5, False),
        (Worse.LOWER, 20.0, False),
        (Worse.EITHER, -6.5, False),
        (Worse.EITHER, -16.5, True),
        (Worse.EITHER, 16.5, True),
    ],
)
def test_directions(worse, value, present):
    threshold = 15.0 if worse is Worse.EITHER else -5.0
    decision = judge(value, threshold, worse, usual=Interval(-3.0, 3.0))
    assert (decision.verdict is Verdict.PRESENT) == present


def test_an_error_wider_than_the_way_to_the_threshold_cannot_judge():
    decision = judge(9.0, measurement_error=7.5)  # usual centre 3, threshold 10
    assert (decision.verdict, decision.reason) == (Verdict.CANNOT_JUDGE, "error_too_large")
    assert judge(18.0, measurement_error=7.5).verdict is Verdict.PRESENT


def test_too_few_strides_come_first():
    decision = judge(99.0, strides=19)
    assert (decision.verdict, decision.reason) == (Verdict.CANNOT_JUDGE, "too_few_strides")
    assert decision.confidence == 0.0


finite = st.floats(-100, 100)
errors = st.floats(0.01, 30)


@given(finite, errors, errors, finite, st.sampled_from([Worse.HIGHER, Worse.LOWER]))
def test_nothing_inside_its_error_is_present(value, stride_error, error, threshold, worse):
    decision = judge(
        value, threshold, worse, stride_error=stride_error, measurement_error=error, usual=None
    )
    width = math.hypot(stride_error, error)
    beyond = threshold - value if worse is Worse.LOWER else value - threshold
    assert (decision.verdict is Verdict.PRESENT) == (beyond > width)
    assert 0.0 <= decision.confidence <= 1.0
    if decision.verdict is Verdict.PRESENT:
        assert decision.confidence > 0.949


@given(finite, errors, finite)
def test_up_and_down_are_mirror_images(value, error, threshold):
    up = judge(value, threshold, Worse.HIGHER, measurement_error=error, usual=None)
    down = judge(-value, -threshold, Worse.LOWER, measurement_error=error, usual=None)
    assert up == down


@given(finite, errors, st.floats(1.0, 3.0))
def test_more_error_never_makes_something_present(value, error, factor):
    wide = judge(value, measurement_error=error * factor)
    assume(wide.verdict is Verdict.PRESENT)
    assert judge(value, measurement_error=error).verdict is Verdict.PRESENT


def test_thresholds_keep_the_zero_of_their_feature():
    with pytest.raises(ValueError, match="counted from anatomical zero"):
        Threshold(KNEE_MIN_STANCE, -5.0, ZeroConvention.ANATOMICAL, why="")
    assert Threshold(STANDING_KNEE, -5.0, ZeroConvention.ANATOMICAL, why="").worse is Worse.LOWER


def test_thresholds_need_a_direction_and_a_norm_to_move_with():
    with pytest.raises(ValueError, match="no direction"):
        Threshold(CADENCE, 90.0, ZeroConvention.NONE, why="")
    with pytest.raises(ValueError, match="no direction"):
        Threshold(STRIDE_TIME, 1.0, ZeroConvention.NONE, why="")


def test_a_threshold_moves_with_speed_and_sex():
    lean = Threshold(ADDUCTION_PEAK, 15.5, ZeroConvention.STANDING, why="", moves_with_norm=True)
    assert lean.at(NormContext()) == 15.5
    assert lean.at(NormContext(sex="female")) == 16.0
    assert lean.at(NormContext(v_star=0.6)) > 15.5 > lean.at(NormContext(v_star=0.25))
    assert math.isnan(lean.at(NormContext(v_star=0.1)))
    fixed = Threshold(KNEE_MIN_STANCE, -5.0, ZeroConvention.STANDING, why="")
    assert fixed.at(NormContext(v_star=0.6)) == -5.0
