"""The shipped specs of movement tests: the deviation they are named for is found, and no other."""

from __future__ import annotations

import pytest

from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.patterns.walk_view import WalkView
from pipeline.results import Verdict
from recordings.placement import Side

SEEN = {
    "test_squat": set(),
    "test_lateral_lunge": set(),
    "test_sit_to_stand": set(),
    "stairs": set(),
    "test_single_leg_stance": set(),
    "test_squat_collapse_right": {("inward_thigh_squat", "right")},
    "test_single_leg_squat_collapse_left": {("inward_thigh_single_leg_squat", "left")},
    "test_lunge_collapse_right": {("inward_thigh_lunge", "right")},
    "test_step_down_collapse_left": {("inward_thigh_step_down", "left")},
    "test_single_leg_drop_right": {("single_leg_stance", "right")},
    "test_knee_lift_low_left": {("knee_lift", "left"), ("knee_lift", "None")},
    "test_knee_lift_leaning_back_right": {("knee_lift_compensation", "right")},
}


@pytest.mark.parametrize("name", SEEN)
def test_what_the_spec_says_is_seen(name: str):
    tests = analyze(wear(read_spec(catalogue()[name])).session).movement_tests
    assert tests and all(t.scored for t in tests)
    present = {
        (f.detector, str(f.side)) for t in tests for f in t.findings if f.verdict is Verdict.PRESENT
    }
    assert present == SEEN[name]


def test_patterns_see_what_a_test_measured():
    results = analyze(wear(read_spec(catalogue()["test_squat_collapse_right"])).session)
    walk = WalkView(results)
    collapsed, usual = walk.deviation("F42", Side.RIGHT), walk.deviation("F42", Side.LEFT)
    assert collapsed is not None and usual is not None
    assert collapsed.z > 2.0 > abs(usual.z)
    assert walk.quality("F42", Side.RIGHT) > 0.5
    assert {"F42", "F42a", "F42t"} <= walk.codes
