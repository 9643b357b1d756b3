"""Movement tests of the virtual wearer, beside what its joints did."""

from __future__ import annotations

import math

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.spec import LateralLunge, Lunge, Person
from firmware_bridge.virtual_wearer.wear import VirtualSession
from pipeline.movement_tests.outcome import MovementTask, MovementTest
from pipeline.results import FeatureStatistics, Finding, Verdict
from recordings.placement import Side
from tests.pipeline.movement_tests.conftest import found_in, lived, only

Tests = tuple[MovementTest, ...]


def row(test: MovementTest, feature: str, side: Side | None = None) -> FeatureStatistics:
    (found,) = [r for r in test.features if r.feature == feature and r.side is side]
    return found


def finding(test: MovementTest, measure: str, side: Side | None = None) -> Finding:
    (found,) = [f for f in test.findings if f.measure == measure and f.side is side]
    return found


def change(worn: VirtualSession, angle: str, at_s: float) -> float:
    """A true angle at a moment, counted from standing."""
    series = worn.truth.angle_deg(angle, standing_zeroed=True)
    return float(np.interp(at_s, worn.truth.time_s, series))


def labels(worn: VirtualSession, behaviour: str) -> list[tuple[float, float]]:
    return [(x.start_s, x.end_s) for x in worn.truth.labels if x.behaviour == behaviour]


def test_each_movement_is_found_counted_and_scored(on_the_spot_tests: Tests):
    counts = {(t.task, t.side): len(t.accepted) for t in on_the_spot_tests}
    assert counts == {
        (MovementTask.SQUAT, None): 5,
        (MovementTask.SIT_TO_STAND, None): 1,
        (MovementTask.SINGLE_LEG_STANCE, Side.LEFT): 1,
        (MovementTask.SINGLE_LEG_STANCE, Side.RIGHT): 1,
        (MovementTask.KNEE_LIFT, Side.LEFT): 1,
        (MovementTask.KNEE_LIFT, Side.RIGHT): 1,
        (MovementTask.LUNGE, Side.LEFT): 4,
        (MovementTask.LUNGE, Side.RIGHT): 4,
    }
    assert all(t.scored and len(t.repetitions) == len(t.accepted) for t in on_the_spot_tests)


def test_they_stand_in_order_of_time_with_their_spans(
    on_the_spot: VirtualSession, on_the_spot_tests: Tests
):
    starts = [t.start_s for t in on_the_spot_tests]
    assert starts == sorted(starts)
    squats = only(on_the_spot_tests, MovementTask.SQUAT)
    (true,) = labels(on_the_spot, "squat")
    assert (squats.start_s, squats.end_s) == pytest.approx(true)
    assert squats.repetitions[0].start_s == pytest.approx(true[0], abs=0.8)
    assert squats.repetitions[-1].end_s == pytest.approx(true[1], abs=0.8)


def test_the_depth_of_squats_and_their_inward_lean_are_true(
    on_the_spot: VirtualSession, on_the_spot_tests: Tests
):
    squats = only(on_the_spot_tests, MovementTask.SQUAT)
    (start_s, _) = labels(on_the_spot, "squat")[0]
    deepest_s = start_s + 0.5 * 3.5
    for side in Side:
        depth = row(squats, "squat_depth_deg", side)
        assert depth.mean == pytest.approx(
            change(on_the_spot, f"thigh_inclination_{side}", deepest_s), abs=depth.error
        )
        lean = row(squats, "squat_inward_lean_deg", side)
        # The pelvis stays level, so that the hip's adduction is the lean of the thigh.
        true = change(on_the_spot, f"hip_adduction_{side}", deepest_s)
        assert lean.mean == pytest.approx(true, abs=lean.error)
        assert lean.code == "F42" and lean.n == 5
        judged = finding(squats, "squat_inward_lean_deg", side)
        assert judged.verdict is Verdict.NOT_SEEN
    ratio = row(squats, "squat_knee_to_hip_ratio", Side.LEFT)
    assert ratio.code == "F42a" and 1.0 < ratio.mean < 1.35


def test_a_rise_is_found_without_an_event(on_the_spot: VirtualSession, on_the_spot_tests: Tests):
    rise = only(on_the_spot_tests, MovementTask.SIT_TO_STAND)
    (_, end_s) = labels(on_the_spot, "sit")[0]
    assert not rise.announced
    (one,) = rise.repetitions
    assert one.start_s == pytest.approx(end_s - 1.5, abs=0.5)
    assert one.end_s == pytest.approx(end_s, abs=0.5)
    assert not rise.findings, "one rise is too few to judge"


def test_a_drop_on_one_leg_is_seen_on_that_leg_only(on_the_spot_tests: Tests):
    left, right = (only(on_the_spot_tests, MovementTask.SINGLE_LEG_STANCE, s) for s in Side)
    assert row(left, "single_leg_pelvic_drop_deg", Side.LEFT).mean == pytest.approx(0, abs=2.1)
    drop = row(right, "single_leg_pelvic_drop_deg", Side.RIGHT)
    assert drop.mean == pytest.approx(10.0, abs=2.1) and drop.code == "F40p"
    assert finding(left, "single_leg_pelvic_drop_deg", Side.LEFT).verdict is Verdict.NOT_SEEN
    seen = finding(right, "single_leg_pelvic_drop_deg", Side.RIGHT)
    assert seen.verdict is Verdict.PRESENT
    assert "dropped on the left side" in seen.sentence
    apart = row(right, "single_leg_hip_adduction_difference_deg")
    assert apart.mean > 6 and apart.code == "F40d"


def test_a_hold_that_the_test_ended_is_not_taken_for_the_longest(on_the_spot_tests: Tests):
    left = only(on_the_spot_tests, MovementTask.SINGLE_LEG_STANCE, Side.LEFT)
    (hold,) = left.repetitions
    assert hold.measures["single_leg_hold_s left"] == pytest.approx(13.0, abs=0.5)
    assert "single_leg_hold_s" not in {r.feature for r in left.features}
    assert any("how long you could" in remark for remark in left.remarks)


def test_the_height_of_a_knee_lift_and_a_low_one(on_the_spot_tests: Tests):
    high, low = (only(on_the_spot_tests, MovementTask.KNEE_LIFT, s) for s in Side)
    assert row(high, "knee_lift_height_deg", Side.LEFT).mean == pytest.approx(100, abs=4)
    assert row(high, "knee_lift_lean_back_deg", Side.LEFT).mean == pytest.approx(6, abs=2)
    assert row(low, "knee_lift_height_deg", Side.RIGHT).mean == pytest.approx(70, abs=4)
    assert finding(high, "knee_lift_height_deg", Side.LEFT).verdict is Verdict.NOT_SEEN
    assert finding(low, "knee_lift_height_deg", Side.RIGHT).verdict is Verdict.PRESENT
    apart = finding(low, "knee_lift_height_difference_percent")
    assert apart.verdict is Verdict.PRESENT and apart.value < -20


def test_a_collapse_in_lunges_is_seen_on_that_leg_only(on_the_spot_tests: Tests):
    left, right = (only(on_the_spot_tests, MovementTask.LUNGE, s) for s in Side)
    assert finding(left, "lunge_inward_lean_deg", Side.LEFT).verdict is Verdict.NOT_SEEN
    seen = finding(right, "lunge_inward_lean_deg", Side.RIGHT)
    assert seen.verdict is Verdict.PRESENT
    assert seen.strides == 4 and seen.strides_needed == 3
    assert math.isfinite(seen.confidence)


def test_a_tall_person_s_narrow_lunge_to_the_side_counts_while_its_foot_is_down():
    worn = lived(
        LateralLunge(side=Side.LEFT, repeats=4, width_m=0.45),
        person=Person(name="tall", sex="male", height_m=1.86),
    )
    lunges = only(found_in(worn.session), MovementTask.LATERAL_LUNGE, Side.LEFT)
    assert len(lunges.accepted) == 4
    deepest = [r.deepest_s for r in worn.truth.repetitions]
    for angle, feature in (("thigh_inclination", "depth"), ("thigh_inward", "inward_lean")):
        true = np.mean([change(worn, f"{angle}_left", at_s) for at_s in deepest])
        found = row(lunges, f"lateral_lunge_{feature}_deg", Side.LEFT)
        assert found.mean == pytest.approx(true, abs=found.error)


def test_lifting_the_foot_for_a_long_lunge_is_no_lunge():
    worn = lived(
        Lunge(side=Side.LEFT, repeats=4, each_s=5.95, length_m=0.75),
        person=Person(name="short", sex="female", height_m=1.62),
    )
    lunges = only(found_in(worn.session), MovementTask.LUNGE, Side.LEFT)
    assert len(lunges.accepted) == len(lunges.repetitions) == 4
    assert row(lunges, "lunge_depth_deg", Side.LEFT).mean > 60
