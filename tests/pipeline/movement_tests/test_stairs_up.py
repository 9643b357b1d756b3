"""Stairs up (F45): steps counted, thighs beside their truth, uneven climbing seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.spec import Spec, Stairs, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.movement_tests import stairs_up
from pipeline.movement_tests.assess import Person, assess
from pipeline.movement_tests.kind import View, Wearing
from pipeline.movement_tests.outcome import MovementTask, Obstacle
from pipeline.movement_tests.record import Asked, measure
from pipeline.movement_tests.stretch import Stretch, Window
from pipeline.movement_tests.swing_plane import SwingPlane
from pipeline.norms import NormContext
from pipeline.results import Verdict
from pipeline.spans import Spans
from pipeline.stages.kinematics import CHANNELS, Channel
from recordings.metadata import SecondZero
from recordings.placement import Side
from tests.pipeline.movement_tests.conftest import WALK_FIRST, found_in, lived, only


@pytest.mark.parametrize("rise_m", [0.15, 0.19])
def test_each_step_is_counted_and_the_thighs_are_as_high_as_they_were(rise_m: float):
    worn = lived(
        Stairs(direction="up", steps=12, rise_m=rise_m), Stairs(direction="down", rise_m=rise_m)
    )
    (climbed,) = found_in(worn.session)
    assert climbed.task is MovementTask.STAIRS_UP and climbed.scored and climbed.side is None
    assert len(climbed.accepted) == 12
    assert climbed.sentence == "12 steps up."
    sides = [r.side for r in climbed.accepted]
    assert all(a is not b for a, b in pairwise(sides))
    true = [
        r for r in worn.truth.repetitions if r.behaviour == "stairs" and r.end_s < climbed.end_s
    ]
    for side in Side:
        (row,) = [r for r in climbed.features if r.code == "F45" and r.side is side]
        lifts = [r.features["F45"] for r in true if r.side is side]
        assert row.mean == pytest.approx(np.mean(lifts), abs=row.error)
    (step_s,) = [r.mean for r in climbed.features if r.code == "F45s"]
    assert step_s == pytest.approx(0.7, abs=0.03)
    assert [f.verdict for f in climbed.findings] == [Verdict.NOT_SEEN]


def test_level_walking_is_no_climbing():
    timeline = (*WALK_FIRST, Walk(duration_s=12.0), Stand(duration_s=4.0), Stairs(steps=4))
    worn = wear(Spec(seed=5, timeline=timeline))
    walks = [x for x in worn.truth.labels if x.behaviour == "walk"]
    start, end = (e for e in worn.session.events if e.kind.startswith("task"))
    moved = (replace(start, time_s=walks[1].start_s), replace(end, time_s=walks[1].end_s))
    kept = [e for e in worn.session.events if not e.kind.startswith("task")]
    session = replace(worn.session, events=tuple(sorted((*kept, *moved))))
    climbed = only(found_in(session), MovementTask.STAIRS_UP)
    assert climbed.reason == Obstacle.WRONG_TEST and not climbed.features
    assert "does not look like this test" in climbed.sentence


def test_two_steps_are_too_few():
    climbed = only(found_in(lived(Stairs(steps=3)).session), MovementTask.STAIRS_UP)
    assert climbed.reason == Obstacle.TOO_FEW and not climbed.findings


def _climbing(left_deg: float, right_deg: float) -> Stretch:
    """Ten seconds of thighs that rise in turn, 1.4 s each, with a second of standing around."""
    n = 1200
    channels = np.zeros((CHANNELS, n))
    at = np.arange(n) / 100
    moving = (at > 1.0) & (at < 10.8)
    for channel, high, late_s in (
        (Channel.THIGH_LEAN_LEFT, left_deg, 0.0),
        (Channel.THIGH_LEAN_RIGHT, right_deg, 0.7),
    ):
        swing = np.clip(np.sin(2 * np.pi * (at - 1.0 - late_s) / 1.4), 0.0, None)
        channels[channel] = np.deg2rad(high) * swing * (moving & (at >= 1.0 + late_s))
    plane = SwingPlane(0.0, np.nan, 0.0)
    return Stretch(0, channels, Window(0, n), dict.fromkeys(Side, plane))


@pytest.mark.parametrize(
    ("left_deg", "right_deg", "verdict"),
    [
        (58.0, 57.0, Verdict.NOT_SEEN),
        (60.0, 46.0, Verdict.PRESENT),
        (60.0, 51.0, Verdict.NOT_SEEN),
    ],
    ids=["even", "14 degrees apart", "within the error"],
)
def test_thighs_that_climb_unevenly(left_deg: float, right_deg: float, verdict: Verdict):
    stretch = _climbing(left_deg, right_deg)
    asked = Asked(MovementTask.STAIRS_UP, None, 0.0, 12.0, 0)
    record = measure(stairs_up.KIND, stretch, asked, Wearing(), Spans())
    (test,) = assess([record], Person(NormContext(), SecondZero()))
    assert test.scored and len(test.accepted) == 14
    (finding,) = test.findings
    assert finding.verdict is verdict
    assert finding.value == pytest.approx(right_deg - left_deg, abs=1.0)


def test_one_leg_alone_is_not_compared():
    row_of_one_leg = View(
        side=None,
        statistics={},
        context=NormContext(),
        second_zero=SecondZero(),
        other=None,
        repetitions=(),
        start_s=0.0,
        end_s=1.0,
    )
    assert not stairs_up.KIND.more(row_of_one_leg) and not stairs_up.KIND.judge(row_of_one_leg)
