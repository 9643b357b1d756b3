"""What may not be scored: said, with its reason, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_bridge.virtual_wearer.spec import (
    KneeLift,
    LateralLunge,
    Lunge,
    SensorFaults,
    Sensors,
    SingleLegStance,
    Squat,
)
from firmware_bridge.virtual_wearer.wear import VirtualSession
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle
from pipeline.wording import forbidden_words
from recordings.events import EventKind, SessionEvent
from recordings.placement import Placement, Side
from recordings.session import Session
from tests.pipeline.movement_tests.conftest import found_in, lived, only, relabelled


@pytest.fixture(scope="module")
def four() -> VirtualSession:
    return lived(
        Squat(repeats=5),
        Lunge(side=Side.LEFT, repeats=4),
        SingleLegStance(side=Side.LEFT, duration_s=10.0),
        KneeLift(side=Side.LEFT, duration_s=8.0),
    )


def unscored(test: MovementTest, reason: Obstacle) -> None:
    assert test.reason == reason
    assert not test.scored and not test.features and not test.findings
    assert test.sentence and not forbidden_words(test.sentence)


def test_the_other_leg_than_announced(four: VirtualSession):
    session = relabelled(
        four.session, "squat", "lunge_right", "single_leg_stance_right", "knee_lift_right"
    )
    tests = found_in(session)
    for task in (MovementTask.LUNGE, MovementTask.SINGLE_LEG_STANCE, MovementTask.KNEE_LIFT):
        unscored(only(tests, task, Side.RIGHT), Obstacle.OTHER_LEG)
    assert only(tests, MovementTask.SQUAT).scored


def test_a_lunge_to_the_side_is_no_lunge_forward_and_the_other_way_round():
    worn = lived(Lunge(side=Side.LEFT, repeats=4), LateralLunge(side=Side.LEFT, repeats=4))
    tests = found_in(relabelled(worn.session, "lateral_lunge_left", "lunge_left"))
    for task in (MovementTask.LATERAL_LUNGE, MovementTask.LUNGE):
        unscored(only(tests, task, Side.LEFT), Obstacle.WRONG_TEST)


def test_another_movement_than_announced(four: VirtualSession):
    session = relabelled(four.session, "lunge_left", "squat", "squat", "squat")
    tests = found_in(session)
    unscored(only(tests, MovementTask.LUNGE, Side.LEFT), Obstacle.WRONG_TEST)
    squats = [t for t in tests if t.task is MovementTask.SQUAT]
    assert [t.scored for t in squats] == [False, False, False]
    assert squats[0].reason == Obstacle.WRONG_TEST


def test_nothing_done(four: VirtualSession):
    (stand,) = [x for x in four.truth.labels if x.behaviour == "stand"][1:2]
    events = (
        *[e for e in four.session.events if e.kind not in ("task_start", "task_end")],
        SessionEvent(stand.start_s + 0.5, EventKind.TASK_START, "squat"),
        SessionEvent(stand.end_s - 0.5, EventKind.TASK_END, "squat"),
    )
    session = replace(four.session, events=tuple(sorted(events)))
    unscored(only(found_in(session), MovementTask.SQUAT), Obstacle.NOTHING_DONE)


def _ended_early(session: Session, after_s: float, label: str) -> Session:
    start = next(e for e in session.events if e.kind == EventKind.TASK_START)
    kept = [e for e in session.events if not e.kind.startswith("task")]
    events = (
        *kept,
        start,
        SessionEvent(start.time_s + after_s, EventKind.TASK_END, label),
    )
    return replace(session, events=tuple(sorted(events)))


def test_too_few_repetitions(four: VirtualSession):
    squats = only(found_in(_ended_early(four.session, 7.2, "squat")), MovementTask.SQUAT)
    unscored(squats, Obstacle.TOO_FEW)
    assert len(squats.accepted) == 2
    assert "2 squats of the 3 needed" in squats.sentence


def test_a_test_that_the_wearer_stopped_is_not_scored_whatever_was_done(four: VirtualSession):
    squats = only(found_in(_ended_early(four.session, 16.0, "broken_off")), MovementTask.SQUAT)
    unscored(squats, Obstacle.BROKEN_OFF)


def test_a_recording_that_ends_within_a_test(four: VirtualSession):
    start = next(e for e in four.session.events if e.kind == EventKind.TASK_START)
    session = replace(
        four.session,
        sources={
            p: _Cut(four.session.samples(p).between(0.0, start.time_s + 5.0))
            for p in four.session.placements
        },
        events=tuple(e for e in four.session.events if e.time_s <= start.time_s),
    )
    unscored(only(found_in(session), MovementTask.SQUAT), Obstacle.BROKEN_OFF)


class _Cut:
    """A source that holds what is left of another."""

    def __init__(self, samples) -> None:
        from recordings.session import InMemorySource

        self._source = InMemorySource(samples)

    def __getattr__(self, name: str):
        return getattr(self._source, name)


@pytest.mark.parametrize(
    "turn", [(0.0, 12.0, 0.0), (12.0, 0.0, 0.0), (0.0, 0.0, 22.0)], ids=["lean", "tilt", "turn"]
)
def test_a_sensor_that_slips_during_a_test(turn: tuple[float, float, float]):
    slip = SensorFaults(slip_s=46.0, slip_deg=turn)
    worn = lived(Squat(repeats=5), sensors=Sensors(faults={Placement.THIGH_RIGHT: slip}))
    start_s, end_s = next((x.start_s, x.end_s) for x in worn.truth.labels if x.behaviour == "squat")
    assert start_s < 46.0 < end_s
    squats = only(found_in(worn.session), MovementTask.SQUAT)
    unscored(squats, Obstacle.SLIPPED_SENSOR)
    assert "right thigh" in squats.sentence


def test_shallow_squats_are_left_out_and_named(four: VirtualSession):
    worn = lived(Squat(repeats=3), Squat(repeats=4, knee_deg=35.0), seed=8)
    deep, shallow = (t for t in found_in(worn.session) if t.task is MovementTask.SQUAT)
    assert deep.scored and len(deep.accepted) == 3
    unscored(shallow, Obstacle.TOO_FEW)
    assert [r.reason for r in shallow.repetitions] == [Obstacle.TOO_SHALLOW] * 4
    assert all("squat_depth_deg left" in r.measures for r in shallow.repetitions)


def test_a_repetition_with_lost_data_does_not_count(four: VirtualSession):
    start = next(e for e in four.session.events if e.kind == EventKind.TASK_START)
    silent_s = start.time_s + 5.0
    samples = four.session.samples(Placement.THIGH_LEFT)
    keep = (samples.time_s < silent_s) | (samples.time_s > silent_s + 0.5)
    cut = type(samples)(
        samples.placement, samples.time_s[keep], samples.acc_m_s2[keep], samples.gyr_rad_s[keep]
    )
    session = replace(
        four.session, sources={**four.session.sources, Placement.THIGH_LEFT: _Cut(cut)}
    )
    squats = only(found_in(session), MovementTask.SQUAT)
    assert Obstacle.GAP in {r.reason for r in squats.repetitions}
    assert len(squats.repetitions) == 5
    assert squats.scored and any("lost data" in remark for remark in squats.remarks)


def test_a_test_before_the_sensors_know_how_they_sit():
    from firmware_bridge.virtual_wearer.spec import Spec, Stand
    from firmware_bridge.virtual_wearer.wear import wear

    worn = wear(Spec(seed=3, timeline=(Stand(duration_s=6.0), Squat(), Stand(duration_s=3.0))))
    unscored(only(found_in(worn.session), MovementTask.SQUAT), Obstacle.NOT_CALIBRATED)


def test_what_was_left_out_by_hand_does_not_count(four: VirtualSession):
    start = next(e for e in four.session.events if e.kind == EventKind.TASK_START)
    events = (
        *four.session.events,
        SessionEvent(start.time_s + 1.0, EventKind.EXCLUSION_START),
        SessionEvent(start.time_s + 2.0, EventKind.EXCLUSION_END),
    )
    session = replace(four.session, events=tuple(sorted(events)))
    squats = only(found_in(session), MovementTask.SQUAT)
    assert [r.accepted for r in squats.repetitions] == [False, True, True, True, True]
    assert squats.repetitions[0].reason == Obstacle.LEFT_OUT_BY_HAND
