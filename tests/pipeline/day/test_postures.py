"""Postures of made-up days, of the virtual wearer and of a person who sat down."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import loadmat
from scipy.spatial.transform import Rotation

from firmware_bridge.virtual_wearer.spec import (
    SensorFaults,
    Sensors,
    Sit,
    Spec,
    Squat,
    Stand,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.day.results import Day, Posture, PostureSpan, Unknown
from pipeline.day.summary import STEPS_ERROR_SHARE
from pipeline.day.watch import DayWatch, analyze_day
from recordings.errors import InputError
from recordings.events import EventKind, SessionEvent
from recordings.placement import Placement, Side
from recordings.reading import read_session
from recordings.samples import ImuSamples
from recordings.session import InMemorySource, Session
from tests.pipeline.day.made_days import lived, without

REAL = Path(__file__).parents[4] / "shared" / "data" / "03_qmt_fullbody"
THIGH_L, THIGH_R, PELVIS = Placement.THIGH_LEFT, Placement.THIGH_RIGHT, Placement.PELVIS

SHORT_DAY = (("sit", 300), ("stand", 60), ("walk", 120), ("sit", 600), ("walk", 60), ("lie", 240))


def look(samples: Mapping[Placement, ImuSamples], events: tuple[SessionEvent, ...] = ()) -> Day:
    watch = DayWatch(samples)
    watch.push(samples, events)
    watch.finish()
    return watch.snapshot("day")


def told(day: Day) -> list[tuple[Posture, float]]:
    """Postures in turn, without the moment in which one becomes the other."""
    return [(span.posture, span.duration_s) for span in day.spans if span.duration_s >= 2.0]


def at(day: Day, time_s: float) -> PostureSpan:
    return next(s for s in day.spans if s.start_s <= time_s < s.end_s)


def agrees(day: Day, expected: tuple[tuple[Posture, float], ...]) -> None:
    assert [p for p, _ in told(day)] == [p for p, _ in expected]
    for (_, found_s), (_, true_s) in zip(told(day), expected, strict=True):
        assert found_s == pytest.approx(true_s, abs=2.0)


def test_a_day_is_told_as_it_was_lived() -> None:
    day = look(lived(*SHORT_DAY))
    agrees(
        day,
        (
            (Posture.SITTING, 300),
            (Posture.STANDING, 60),
            (Posture.WALKING, 120),
            (Posture.SITTING, 600),
            (Posture.WALKING, 60),
            (Posture.LYING, 240),
        ),
    )
    assert day.figure("steps").value == pytest.approx(1.8 * 180, rel=0.03)
    assert day.longest_sitting is not None
    assert day.longest_sitting.duration_s == pytest.approx(600, abs=2)
    assert day.figure("breaks_per_sitting_h").value == pytest.approx(2 / 0.25, rel=0.02)
    assert sum(day.totals_s.values()) == pytest.approx(day.end_s - day.start_s)


@settings(max_examples=8, deadline=None)
@given(
    turns=st.tuples(*[st.tuples(*[st.floats(-180, 180)] * 3)] * 3),
)
def test_walking_teaches_how_any_sensor_sits(turns: tuple[tuple[float, ...], ...]) -> None:
    mounting = {
        p: Rotation.from_euler("xyz", turn, degrees=True)
        for p, turn in zip((PELVIS, THIGH_L, THIGH_R), turns, strict=True)
    }
    straight, askew = look(lived(*SHORT_DAY)), look(lived(*SHORT_DAY, mounting=mounting))
    assert [p for p, _ in told(askew)] == [p for p, _ in told(straight)]


def test_a_standing_calibration_teaches_it_without_a_walk() -> None:
    samples = lived(("stand", 60), ("sit", 300))
    events = (
        SessionEvent(5.0, EventKind.CALIBRATION_POSE_START, "standing"),
        SessionEvent(15.0, EventKind.CALIBRATION_POSE_END, "standing"),
    )
    agrees(look(samples, events), ((Posture.STANDING, 60), (Posture.SITTING, 300)))
    untaught = look(samples)
    assert {s.reason for s in untaught.spans} == {Unknown.UPRIGHT_NOT_SEEN}
    assert any("how they sit" in remark for remark in untaught.remarks)


def test_bent_forward_is_no_lying() -> None:
    day = look(lived(("walk", 60), ("bend", 60), ("stand", 20)))
    assert Posture.LYING not in {p for p, _ in told(day)}


def test_a_sensor_that_is_put_on_again_the_other_way_round_is_learnt_anew() -> None:
    morning = lived(("walk", 60), ("sit", 600))
    upside_down = Rotation.from_euler("x", 180, degrees=True)
    noon = lived(("sit", 300), ("walk", 60), ("sit", 300), mounting={THIGH_L: upside_down})
    shifted = {
        p: ImuSamples(p, part.time_s + 960.0, part.acc_m_s2, part.gyr_rad_s)
        for p, part in noon.items()
    }
    watch = DayWatch(morning)
    watch.push(morning)
    watch.push(shifted)
    watch.finish()
    day = watch.snapshot()
    assert at(day, 1100).posture is Posture.SITTING
    assert at(day, 1300).posture is Posture.WALKING
    assert at(day, 1500).posture is Posture.SITTING
    assert day.unknown_s == {Unknown.NOTHING_RECORDED: pytest.approx(300, abs=2)}


def test_a_strap_that_slips_is_learnt_anew_by_the_next_walk() -> None:
    timeline = (
        Walk(duration_s=30),
        Sit(duration_s=60),
        Walk(duration_s=30),
        Sit(duration_s=60),
        Stand(duration_s=10),
    )
    faults = {THIGH_L: SensorFaults(slip_s=95.0, slip_deg=(0.0, 80.0, 0.0))}
    worn = wear(Spec(seed=3, timeline=timeline, sensors=Sensors(faults=faults)))
    day = analyze_day(worn.session)
    sits = [label for label in worn.truth.labels if label.behaviour == "sit"]
    for label in sits:
        assert at(day, 0.5 * (label.start_s + label.end_s)).posture is Posture.SITTING


# --- Sensors that fail ------------------------------------------------------------------------


def test_a_flat_thigh_sensor_leaves_the_other_to_tell() -> None:
    samples = lived(*SHORT_DAY)
    samples[THIGH_L] = without(samples[THIGH_L], 400.0)
    day = look(samples)
    assert [p for p, _ in told(day)] == [p for p, _ in told(look(lived(*SHORT_DAY)))]
    sensor = next(s for s in day.sensors if s.placement is THIGH_L)
    assert sensor.ended_early_s == pytest.approx(400.0)
    assert any("battery went flat" in remark for remark in day.remarks)


def test_without_the_pelvis_sitting_and_lying_are_not_told_apart() -> None:
    samples = lived(*SHORT_DAY)
    samples[PELVIS] = without(samples[PELVIS], 500.0)
    day = look(samples)
    assert at(day, 100).posture is Posture.SITTING
    assert (at(day, 700).posture, at(day, 700).reason) == (Posture.UNKNOWN, Unknown.PELVIS_SILENT)
    walk = at(day, 1110)
    assert (walk.posture, walk.steps) == (Posture.WALKING, None)
    assert any(remark.startswith("Steps were not counted") for remark in day.remarks)


def test_without_thighs_sitting_and_standing_are_not_told_apart() -> None:
    samples = {PELVIS: lived(*SHORT_DAY)[PELVIS]}
    day = look(samples)
    assert at(day, 100).reason is Unknown.THIGHS_SILENT
    assert at(day, 420).posture is Posture.WALKING
    assert "There is no recording of the left thigh." in day.remarks


def test_short_silences_are_bridged_and_long_ones_said() -> None:
    samples = lived(("walk", 60), ("sit", 600))
    holed = {p: without(without(part, 200, 201.5), 300, 330) for p, part in samples.items()}
    day = look(holed)
    assert at(day, 200.7).posture is Posture.SITTING
    assert at(day, 315).reason is Unknown.NOTHING_RECORDED
    # The sitting goes on across half a minute of not knowing.
    assert day.longest_sitting is not None
    assert day.longest_sitting.duration_s == pytest.approx(600, abs=2)
    assert day.totals_s[Posture.SITTING] == pytest.approx(570, abs=3)


def test_a_stuck_sensor_is_left_out_and_named() -> None:
    samples = lived(*SHORT_DAY)
    part = samples[THIGH_R]
    acc, gyr = part.acc_m_s2.copy(), part.gyr_rad_s.copy()
    acc[part.time_s >= 500], gyr[part.time_s >= 500] = acc[0], gyr[0]
    samples[THIGH_R] = ImuSamples(THIGH_R, part.time_s, acc, gyr)
    day = look(samples)
    assert [p for p, _ in told(day)] == [p for p, _ in told(look(lived(*SHORT_DAY)))]
    assert any("same values over and over" in remark for remark in day.remarks)


def test_sensors_on_a_table_are_not_worn() -> None:
    day = look(lived(("stand", 30), ("walk", 60), ("sit", 600), ("table", 2400), ("walk", 60)))
    agrees(
        day,
        (
            (Posture.STANDING, 30),
            (Posture.WALKING, 60),
            (Posture.SITTING, 600),
            (Posture.NOT_WORN, 2400),
            (Posture.WALKING, 60),
        ),
    )


def test_half_an_hour_of_sitting_is_worn() -> None:
    day = look(lived(("stand", 30), ("walk", 60), ("sit", 2700)))
    agrees(day, ((Posture.STANDING, 30), (Posture.WALKING, 60), (Posture.SITTING, 2700)))
    assert day.figure("sittings_over_30_min").value == 1
    assert day.figure("sittings_over_60_min").value == 0


def test_one_sensor_left_on_the_table_does_not_mislead() -> None:
    samples = lived(("stand", 30), ("walk", 60), ("sit", 400), ("walk", 60), ("sit", 370))
    left = lived(("stand", 30), ("walk", 60), ("table", 830))
    samples[THIGH_L] = left[THIGH_L]
    day = look(samples)
    assert [p for p, _ in told(day)] == [
        Posture.STANDING,
        Posture.WALKING,
        Posture.SITTING,
        Posture.WALKING,
        Posture.SITTING,
    ]
    sensor = next(s for s in day.sensors if s.placement is THIGH_L)
    assert sum(s.duration_s for s in sensor.taken_off) == pytest.approx(830, abs=3)


def test_what_is_left_out_by_hand_is_not_judged() -> None:
    events = (
        SessionEvent(100.0, EventKind.EXCLUSION_START),
        SessionEvent(200.0, EventKind.EXCLUSION_END),
    )
    day = look(lived(*SHORT_DAY), events)
    assert day.unknown_s == {Unknown.EXCLUDED: pytest.approx(100.0)}


def test_time_stamps_that_span_a_month_are_refused() -> None:
    samples = lived(("stand", 10))
    part = samples[PELVIS]
    time_s = part.time_s.copy()
    time_s[-1] = 30 * 86400.0
    samples[PELVIS] = ImuSamples(PELVIS, time_s, part.acc_m_s2, part.gyr_rad_s)
    with pytest.raises(InputError, match="more than a week"):
        look(samples)


def test_a_session_without_samples_or_without_sensors_is_refused() -> None:
    with pytest.raises(InputError, match="no recording of the pelvis or a thigh"):
        analyze_day(Session("shank", {}))
    nothing = lived(("stand", 10))[PELVIS][:0]
    with pytest.raises(InputError, match="no samples"):
        analyze_day(Session("empty", {PELVIS: InMemorySource(nothing)}))


# --- The same however it comes ----------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(
    lengths_s=st.lists(st.sampled_from([0.04, 0.5, 1.3, 7.0, 61.0]), min_size=1, max_size=4).filter(
        lambda x: sum(x) / len(x) > 1.0
    ),
    lag_s=st.floats(0.0, 5.0),
)
def test_a_day_is_the_same_however_the_stream_is_cut(lengths_s: list[float], lag_s: float) -> None:
    samples = {p: without(s, 150, 150.3) for p, s in lived(*SHORT_DAY).items()}
    samples[PELVIS] = without(samples[PELVIS], 420, 440)
    watch = DayWatch(samples)
    start_s, turn, end_s = 0.0, 0, max(float(p.time_s[-1]) for p in samples.values())
    while start_s <= end_s + lag_s:
        stop_s = start_s + lengths_s[turn % len(lengths_s)]
        for k, (placement, part) in enumerate(samples.items()):
            late = lag_s * (k == turn % 3 == 1)
            watch.push({placement: part.between(start_s - late, stop_s - late)})
            if late:
                watch.push({placement: part.between(stop_s - late, stop_s)})
        if turn % 50 == 0:
            assert watch.snapshot("day").provisional
        start_s, turn = stop_s, turn + 1
    watch.finish()
    assert watch.snapshot("day") == look(samples)


# --- The virtual wearer and a real person -----------------------------------------------------


def test_movements_on_the_spot_are_neither_sitting_nor_walking() -> None:
    timeline = (
        Walk(duration_s=30),
        Stand(duration_s=5),
        Squat(repeats=8),
        Stand(duration_s=5),
        Sit(duration_s=30),
        Stand(duration_s=5),
    )
    worn = wear(Spec(seed=1, timeline=timeline))
    silent = Session(worn.session.name, worn.session.sources)  # without the events that tell it
    for session in (worn.session, silent):
        day = analyze_day(session)
        squat = next(label for label in worn.truth.labels if label.behaviour == "squat")
        span = at(day, squat.start_s + 1.0)
        assert span.posture is Posture.STANDING
        assert span.end_s > squat.end_s


def _true_change_s(inclination_deg: np.ndarray, time_s: np.ndarray, after_s: float) -> float:
    """First time after `after_s` at which a thigh crosses 45°."""
    level = inclination_deg > 45.0
    later = time_s >= after_s
    first = np.flatnonzero(later & (level != level[later][0]))[0]
    return float(time_s[first])


@pytest.mark.skipif(not REAL.exists(), reason="shared recording 03 is not here")
def test_a_person_who_stands_sits_and_walks_is_told_within_a_second() -> None:
    """The reference is the recording's own orientation filter, not ours."""
    day = analyze_day(read_session(next(REAL.glob("*.mat"))))
    data = loadmat(next(REAL.glob("*.mat")), simplify_cells=True)
    time_s = np.asarray(data["t"], float).ravel()
    inclination = []
    for side in Side:
        q = np.asarray(data[f"upper_leg_{side.value}"]["quat"], float)
        up = Rotation.from_quat(q[:, [1, 2, 3, 0]]).inv().apply([0.0, 0.0, 1.0])
        standing = up[(time_s >= 41) & (time_s < 44)].mean(axis=0)
        cosine = up @ (standing / np.linalg.norm(standing))
        inclination.append(np.rad2deg(np.arccos(np.clip(cosine, -1, 1))))
    thighs = np.mean(inclination, axis=0)
    down_s = _true_change_s(thighs, time_s, 44.0)
    up_s = _true_change_s(thighs, time_s, down_s + 5.0)
    assert 44 < down_s < 52 and 79 <= up_s < 83  # as its authors say: seated from 52 to 79 s
    sitting = [span for span in day.spans if span.posture is Posture.SITTING]
    assert len(sitting) == 1
    assert sitting[0].start_s == pytest.approx(down_s, abs=1.0)
    assert sitting[0].end_s == pytest.approx(up_s, abs=1.0)
    assert at(day, 42.0).posture is Posture.STANDING
    walk = at(day, 105.0)
    assert walk.posture is Posture.WALKING
    assert walk.start_s == pytest.approx(95.0, abs=1.0)  # as its authors say
    assert walk.end_s > 138.5
    # At the stride time of its straight parts; the two turns take a few steps less.
    straight = (walk.end_s - walk.start_s) * 2 / 0.915
    assert walk.steps == pytest.approx(straight, rel=STEPS_ERROR_SHARE)
