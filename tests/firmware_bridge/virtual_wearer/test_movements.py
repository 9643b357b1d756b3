"""Movements that are no walk: what the knobs do to them, and what the truth says of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.imu import feel, sensor_pose
from firmware_bridge.virtual_wearer.motion import solve_motion
from firmware_bridge.virtual_wearer.movement_features import TrueRepetition
from firmware_bridge.virtual_wearer.movements import Movement
from firmware_bridge.virtual_wearer.person import embody
from firmware_bridge.virtual_wearer.spec import (
    Bridge,
    Deviation,
    KneeLift,
    LateralLunge,
    Lie,
    Lunge,
    Person,
    Sensors,
    SingleLegSquat,
    SingleLegStance,
    Sit,
    Spec,
    Squat,
    Stairs,
    Stand,
    StepDown,
    StraightLegRaise,
    Stumble,
    TimelineItem,
    UTurn,
    Walk,
)
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import wear
from recordings.events import EventKind
from recordings.placement import Placement, Side

RIGHT, LEFT = Side.RIGHT, Side.LEFT
BENT: tuple[TimelineItem, ...] = (
    Squat(repeats=2),
    SingleLegSquat(repeats=2),
    StepDown(repeats=2),
    Lunge(repeats=2),
    LateralLunge(repeats=2),
)
OTHERS: tuple[TimelineItem, ...] = (
    SingleLegStance(),
    KneeLift(),
    Sit(),
    Stairs(steps=6),
    Stairs(steps=6, direction="down"),
    Lie(duration_s=40.0, shifts_per_min=3.0),
    Bridge(repeats=2),
    StraightLegRaise(repeats=2),
)


@cache
def lived(
    *deviations: Deviation, items: tuple[TimelineItem, ...] = BENT + OTHERS, **person: float
) -> Truth:
    timeline: list[TimelineItem] = [Stand(duration_s=3.0)]
    for item in items:
        timeline += [item, Stand(duration_s=1.0)]
    return wear(
        Spec(
            timeline=tuple(timeline),
            deviations=deviations,
            person=Person(**person),  # type: ignore[arg-type]
            sensors=Sensors(placements=()),
        )
    ).truth


def repetitions(truth: Truth, behaviour: str, side: Side = RIGHT) -> list[TrueRepetition]:
    return [r for r in truth.repetitions if r.behaviour == behaviour and r.side is side]


def mean(truth: Truth, behaviour: str, feature: str, side: Side = RIGHT) -> float:
    return float(np.mean([r.features[feature] for r in repetitions(truth, behaviour, side)]))


@pytest.mark.parametrize("item", BENT + OTHERS, ids=lambda i: str(i.__struct_config__.tag))
def test_nothing_jerks_and_feet_stay_where_they_are_put(item: Movement) -> None:
    person = embody(Spec(timeline=(Stand(duration_s=2.0), item, Stand(duration_s=2.0))))
    time_s = np.arange(0.0, person.duration_s, 0.005)
    motion = solve_motion(person.body, time_s, person.stance(time_s))
    highest = 60.0 if isinstance(item, Stairs) else 20.0
    still = np.array([[1.0], [0.0], [0.0], [0.0]])
    for placement in Placement:
        acc, _ = feel(sensor_pose(motion, placement, person.body, still), 0.005)
        assert np.linalg.norm(acc, axis=0).max() < highest
    for side in Side:
        miss = motion.ankle_m[side] - motion.stance.foot[side].ankle_m
        planted = motion.stance.foot[side].swing == 0
        assert np.linalg.norm(miss, axis=0)[planted].max() < 0.003


def test_every_repetition_is_there_with_its_side() -> None:
    truth = lived()
    for behaviour, count in (
        ("squat", 2),
        ("single_leg_squat", 2),
        ("step_down", 2),
        ("lunge", 2),
        ("lateral_lunge", 2),
        ("single_leg_stance", 1),
        ("knee_lift", 1),
        ("sit", 2),
        ("stairs", 6),
        ("bridge", 2),
        ("straight_leg_raise", 2),
        ("lie", 0),
    ):
        own = repetitions(truth, behaviour)
        both = behaviour in ("squat", "sit", "stairs", "bridge")
        assert len(own) == count
        assert len(repetitions(truth, behaviour, LEFT)) == (count if both else 0)
        assert all(r.start_s <= r.deepest_s <= r.end_s for r in own)


def test_usual_movements_are_usual() -> None:
    truth = lived()
    assert mean(truth, "squat", "knee") == pytest.approx(75.0, abs=1.0)
    assert mean(truth, "single_leg_squat", "knee") == pytest.approx(50.0, abs=1.0)
    for behaviour in ("squat", "single_leg_squat", "step_down", "lunge"):
        # Usual adduction from standing to the deepest point: 5 ± 4° on one leg.
        assert -1.0 < mean(truth, behaviour, "F42_adduction") < 9.0
        assert abs(mean(truth, behaviour, "F42_rotation")) < 0.5
    assert mean(truth, "lateral_lunge", "abduction") > 15.0
    assert mean(truth, "single_leg_stance", "F40_adduction") == pytest.approx(5.0, abs=2.0)
    assert mean(truth, "single_leg_stance", "F41") == pytest.approx(10.0, abs=1.0)
    assert mean(truth, "knee_lift", "F46") == pytest.approx(101.0, abs=2.0)
    up = [r.features["F45"] for r in repetitions(truth, "stairs")[:3]]
    assert 45.0 < np.mean(up) < 65.0


def test_on_a_bed_the_body_lies_and_does_what_was_asked() -> None:
    truth = lived(items=(Lie(), Bridge(lift_deg=22.0), StraightLegRaise(hip_deg=47.0)))
    assert mean(truth, "bridge", "bridge") == pytest.approx(22.0, abs=0.3)
    assert mean(truth, "straight_leg_raise", "raise") == pytest.approx(47.0, abs=1.0)
    for label in truth.labels:
        middle = int(np.searchsorted(truth.time_s, 0.5 * (label.start_s + label.end_s)))
        lying = label.behaviour in ("lie", "bridge", "straight_leg_raise")
        assert (truth.angles_deg["pelvis_tilt"][middle] < -80.0) == lying
        if label.behaviour == "lie":
            for side in Side:
                thigh = truth.angles_deg[f"thigh_inclination_{side.value}"][middle]
                assert thigh == pytest.approx(95.0, abs=6.0)
            assert truth.pelvis_m[middle, 2] == pytest.approx(0.45 + 0.08, abs=0.01)


def test_a_long_sitting_is_not_quite_still() -> None:
    still, restless = (
        lived(items=(Sit(duration_s=180.0, shifts_per_min=n),)).angles_deg["pelvis_tilt"]
        for n in (0.0, 4.0)
    )
    seated = slice(10 * 100, 170 * 100)
    assert np.ptp(still[seated]) < 0.1
    assert 3.0 < np.ptp(restless[seated]) < 30.0
    # Before and after, the same person stands as quietly as ever.
    np.testing.assert_allclose(restless[:200], still[:200])
    np.testing.assert_allclose(restless[-80:], still[-80:], atol=1e-6)


@pytest.mark.parametrize("behaviour", ["squat", "single_leg_squat", "step_down", "lunge"])
@pytest.mark.parametrize(
    ("kind", "feature"),
    [("hip_adduction", "F42_adduction"), ("hip_internal_rotation", "F42_rotation")],
)
def test_a_collapse_shows_at_the_deepest_point_by_its_amount(
    behaviour: str, kind: str, feature: str
) -> None:
    changed = lived(Deviation(kind=kind, side=RIGHT, amount=12.0))
    difference = mean(changed, behaviour, feature) - mean(lived(), behaviour, feature)
    assert difference == pytest.approx(12.0, abs=0.3)
    if behaviour == "squat":
        other = mean(changed, behaviour, feature, LEFT) - mean(lived(), behaviour, feature, LEFT)
        assert abs(other) < 0.5


@pytest.mark.parametrize("behaviour", ["single_leg_stance", "single_leg_squat", "step_down"])
def test_pelvic_drop_shows_on_one_leg_by_its_amount(behaviour: str) -> None:
    changed = lived(Deviation(kind="pelvic_drop", side=RIGHT, amount=6.0))
    difference = mean(changed, behaviour, "F40_drop") - mean(lived(), behaviour, "F40_drop")
    assert difference == pytest.approx(6.0, abs=0.2)


def test_reduced_hip_flexion_lowers_the_knee_lift() -> None:
    changed = lived(Deviation(kind="reduced_hip_flexion", side=RIGHT, amount=20.0))
    difference = mean(changed, "knee_lift", "F46") - mean(lived(), "knee_lift", "F46")
    assert difference == pytest.approx(-20.0, abs=1.0)


def test_a_knob_acts_from_its_onset() -> None:
    late = Deviation(kind="hip_adduction", side=RIGHT, amount=12.0, from_s=10.0, over_s=1.0)
    items = (Squat(repeats=4, each_s=3.5),)
    squats = repetitions(lived(late, items=items), "squat")
    plain = repetitions(lived(items=items), "squat")
    change = [
        a.features["F42_adduction"] - b.features["F42_adduction"]
        for a, b in zip(squats, plain, strict=True)
    ]
    assert change[0] == pytest.approx(0.0, abs=0.1)
    assert change[-1] == pytest.approx(12.0, abs=0.3)


def test_compensations_of_a_knee_lift_and_an_uneven_rise() -> None:
    items = (KneeLift(lean_back_deg=15.0, drop_deg=-8.0), Sit(towards_right_m=0.06))
    truth = lived(items=items)
    assert mean(truth, "knee_lift", "F46_tilt") == pytest.approx(-15.0, abs=0.5)
    assert mean(truth, "knee_lift", "F46_obliquity") == pytest.approx(8.0, abs=0.5)
    assert mean(truth, "sit", "F44_shift") == pytest.approx(0.06, abs=0.002)
    assert mean(truth, "sit", "F44_roll") < -3.0


def test_stairs_lead_somewhere_and_the_walk_goes_on_from_there() -> None:
    items = (Stairs(steps=6), Walk(duration_s=6.0), UTurn(), Walk(duration_s=6.0))
    pelvis = lived(items=items).pelvis_m
    assert pelvis[-1, 2] - pelvis[0, 2] == pytest.approx(6 * 0.17, abs=0.002)
    step = np.linalg.norm(np.diff(pelvis, axis=0), axis=1)
    assert step.max() < 0.025  # 2.5 m/s at 100 Hz: nobody is carried anywhere


def test_thighs_may_stand_turned_and_then_a_toe_in_is_no_change() -> None:
    toe_in = Deviation(kind="thigh_turned_in", side=RIGHT, amount=12.0)
    walk = (Walk(duration_s=14.0),)
    straight = lived(toe_in, items=walk)
    turned = lived(toe_in, items=walk, standing_turn_right_deg=12.0)
    usual = lived(items=walk)
    assert turned.standing_deg["hip_rotation_right"] == pytest.approx(12.0, abs=0.01)
    rotation = {
        name: truth.mean_features(RIGHT)["F15"]
        for name, truth in (("straight", straight), ("turned", turned), ("usual", usual))
    }
    assert rotation["straight"] - rotation["usual"] == pytest.approx(12.0, abs=0.3)
    assert rotation["turned"] - rotation["usual"] == pytest.approx(0.0, abs=0.3)


def test_tasks_are_in_the_events() -> None:
    spec = Spec(
        timeline=(Stand(duration_s=2.0), StepDown(side=LEFT, repeats=1), Stairs(steps=2)),
        sensors=Sensors(placements=(Placement.PELVIS,)),
    )
    events = wear(spec).session.events
    started = [e.label for e in events if e.kind == EventKind.TASK_START]
    assert started == ["step_down_left", "stairs_up"]


@pytest.mark.parametrize("before", [Sit(duration_s=6.0), Squat(repeats=1), Stand(duration_s=1.0)])
def test_one_who_did_not_walk_stumbles_over_the_first_step(before: TimelineItem) -> None:
    stumble = Stumble(severity=0.8)
    timeline = (Stand(duration_s=2.0), before, stumble, Walk(duration_s=4.0), Stand(duration_s=2.0))
    truth = wear(Spec(name="trips", seed=3, timeline=timeline)).truth
    label = next(one for one in truth.labels if one.behaviour == "stumble")
    landed = [c.initial_s for c in truth.contacts if label.start_s <= c.initial_s < label.end_s]
    assert len(landed) >= 2
    assert np.isfinite(truth.pelvis_m).all()
    went = truth.pelvis_m[np.searchsorted(truth.time_s, (label.start_s, label.end_s)), 0]
    assert went[1] - went[0] > 0.4
