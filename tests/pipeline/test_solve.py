"""Calibration on walks of the virtual wearer: the axes within their stated errors, or a refusal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from firmware_bridge.virtual_wearer.spec import (
    Deviation,
    Person,
    Sensors,
    Sit,
    Spec,
    Squat,
    Stand,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.calibration.body_axes import BodyAxes, CalibrationRefusal
from pipeline.calibration.calibrator import Calibrator
from pipeline.calibration.solve import SHANKS_CROSSED
from pipeline.gait import FloatArray, Plane
from recordings.placement import REQUIRED_PLACEMENTS, SHANKS, THIGHS, Placement, Side
from recordings.samples import ImuSamples
from tests.pipeline.streams import all_samples, grid_run, still_sensors, without

LEGS = {
    Placement.THIGH_LEFT: Placement.THIGH_RIGHT,
    Placement.SHANK_LEFT: Placement.SHANK_RIGHT,
}


def _calibrate(parts: dict[Placement, ImuSamples]) -> BodyAxes | CalibrationRefusal:
    run = grid_run(parts)
    calibrator = Calibrator()
    ready = calibrator.push(run) or calibrator.finish()
    return calibrator.refusal if ready is None else ready.axes


def _axes(parts: dict[Placement, ImuSamples]) -> BodyAxes:
    axes = _calibrate(parts)
    assert isinstance(axes, BodyAxes), axes
    return axes


def _forward_up(axes: BodyAxes, placement: Placement) -> tuple[FloatArray, FloatArray]:
    """Segment's forward and long axis in the sensor frame, as calibrated."""
    to_sensor = Rotation.from_quat(axes.segments[placement].alignment[[1, 2, 3, 0]])
    return to_sensor.apply([1.0, 0.0, 0.0]), to_sensor.apply([0.0, 1.0, 0.0])


def _off_deg(walk: VirtualSession, axes: BodyAxes, placement: Placement) -> float:
    """How far the calibrated forward direction is off about the long axis, signed to ±180."""
    forward, up = _forward_up(axes, placement)
    mounting = walk.truth.sensors[placement].mounting
    to_sensor = Rotation.from_quat(mounting[[1, 2, 3, 0]]).inv()
    true = to_sensor.apply([1.0, 0.0, 0.0])
    right = np.cross(forward, up)
    return float(np.rad2deg(np.arctan2(true @ right, true @ forward)))


def _turned(part: ImuSamples, rotation: Rotation) -> ImuSamples:
    return ImuSamples(
        part.placement,
        part.time_s,
        rotation.apply(part.acc_m_s2),
        rotation.apply(part.gyr_rad_s),
    )


@pytest.fixture(scope="module")
def short_walk() -> VirtualSession:
    return wear(
        Spec(
            seed=4,
            timeline=(Stand(duration_s=6.0), Walk(duration_s=26.0), Stand(duration_s=1.0)),
        )
    )


@pytest.fixture(scope="module")
def busy_walk() -> VirtualSession:
    """Sits first, stands, squats, then walks."""
    return wear(
        Spec(
            seed=5,
            timeline=(
                Sit(duration_s=14.0),
                Stand(duration_s=5.0),
                Squat(repeats=5),
                Stand(duration_s=1.0),
                Walk(duration_s=26.0),
            ),
            sensors=Sensors(placements=REQUIRED_PLACEMENTS),
        )
    )


@pytest.mark.parametrize("seed", range(4))
def test_any_mounting_is_found_within_the_stated_error(
    short_walk: VirtualSession, seed: int
) -> None:
    """Each sensor turned by anything up to 180° as if it had been strapped on like that."""
    rng = np.random.default_rng(seed)
    parts = all_samples(short_walk.session)
    extra = {p: Rotation.from_quat(rng.standard_normal(4)) for p in parts}
    axes = _axes({p: _turned(part, extra[p]) for p, part in parts.items()})
    assert axes.refused == {} and axes.unfit == ""
    assert axes.zero == "standing"
    assert set(axes.segments) == set(Placement)
    for placement in Placement:
        forward, up = _forward_up(axes, placement)
        mounting = walk_mounting(short_walk, placement)
        true = (extra[placement] * mounting.inv()).apply([1.0, 0.0, 0.0])
        off = np.rad2deg(np.arctan2(true @ np.cross(forward, up), true @ forward))
        error = axes.segments[placement].error_deg
        assert error < 6.0
        assert abs(off) < 3.0 * error


def walk_mounting(walk: VirtualSession, placement: Placement) -> Rotation:
    """Sensor → segment of the twin."""
    return Rotation.from_quat(walk.truth.sensors[placement].mounting[[1, 2, 3, 0]])


def test_the_mounting_changes_nothing_but_the_alignment(short_walk: VirtualSession) -> None:
    parts = all_samples(short_walk.session)
    turn = Rotation.from_rotvec([0.4, -2.0, 1.5])
    plain = _axes(parts)
    turned = _axes({p: _turned(part, turn) for p, part in parts.items()})
    for placement in Placement:
        for before, after in zip(
            _forward_up(plain, placement), _forward_up(turned, placement), strict=True
        ):
            np.testing.assert_allclose(turn.apply(before), after, atol=np.deg2rad(0.5))


def test_three_sensors_are_enough(short_walk: VirtualSession) -> None:
    parts = all_samples(short_walk.session)
    axes = _axes({p: parts[p] for p in REQUIRED_PLACEMENTS})
    assert axes.refused == {}
    assert axes.step_rate_hz == pytest.approx(1.88, abs=0.15)
    for placement in REQUIRED_PLACEMENTS:
        assert abs(_off_deg(short_walk, axes, placement)) < 8.0


def test_a_large_bias_is_taken_from_the_standing_pose(short_walk: VirtualSession) -> None:
    parts = all_samples(short_walk.session)
    bias = np.deg2rad([5.0, -8.0, 6.0])
    thigh = parts[Placement.THIGH_LEFT]
    parts[Placement.THIGH_LEFT] = ImuSamples(
        thigh.placement, thigh.time_s, thigh.acc_m_s2, thigh.gyr_rad_s + bias
    )
    axes = _axes(parts)
    own = walk_bias(short_walk, Placement.THIGH_LEFT)
    found = axes.segments[Placement.THIGH_LEFT].bias_rad_s
    np.testing.assert_allclose(found, bias + own, atol=np.deg2rad(0.15))
    assert abs(_off_deg(short_walk, axes, Placement.THIGH_LEFT)) < 8.0


def walk_bias(walk: VirtualSession, placement: Placement) -> FloatArray:
    return walk.truth.sensors[placement].gyr_bias_rad_s


@pytest.mark.parametrize("with_shanks", [True, False])
def test_swapped_legs_are_named(short_walk: VirtualSession, with_shanks: bool) -> None:
    parts = all_samples(short_walk.session)
    if not with_shanks:
        parts = {p: parts[p] for p in REQUIRED_PLACEMENTS}
    swapped = dict(parts)
    for left, right in LEGS.items():
        if left in parts:
            swapped[left] = _as(parts[right], left)
            swapped[right] = _as(parts[left], right)
    assert "swapped" in _axes(swapped).unfit
    assert "left and the right thigh" in _axes(swapped).unfit
    assert _axes(parts).unfit == ""


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (Placement.PELVIS, Placement.SHANK_RIGHT, "sensor at the pelvis swings like one on a leg"),
        (Placement.PELVIS, Placement.THIGH_LEFT, "sensor at the pelvis swings like one on a leg"),
        (Placement.THIGH_LEFT, Placement.SHANK_LEFT, "left thigh sensor swings faster than"),
    ],
)
def test_sensors_in_each_others_places_are_named(
    short_walk: VirtualSession, one: Placement, other: Placement, why: str
) -> None:
    parts = all_samples(short_walk.session)
    parts[one], parts[other] = _as(parts[other], one), _as(parts[one], other)
    assert why in _axes(parts).unfit


def _as(part: ImuSamples, placement: Placement) -> ImuSamples:
    return ImuSamples(placement, part.time_s, part.acc_m_s2, part.gyr_rad_s)


def test_who_never_stood_still_gets_no_zero(short_walk: VirtualSession) -> None:
    parts = {p: s.between(8.0, 30.0) for p, s in all_samples(short_walk.session).items()}
    axes = _axes(parts)
    assert axes.zero == "walking_mean"
    assert axes.rest_s == 0.0
    assert set(axes.refused) == set(Plane)
    assert "stand" in axes.refused[Plane.SAGITTAL]


def test_sitting_is_not_taken_for_standing(busy_walk: VirtualSession) -> None:
    parts = all_samples(busy_walk.session)
    labels = {label.behaviour: label for label in busy_walk.truth.labels}
    seated = labels["sit"]
    axes = _axes(parts)
    assert axes.zero == "standing"
    # Without the standing pose, sitting must not take its place.
    standing = [label for label in busy_walk.truth.labels if label.behaviour == "stand"]
    for label in standing:
        parts = {p: without(s, label.start_s, label.end_s) for p, s in parts.items()}
    assert seated.end_s - seated.start_s > 5.0
    axes = _axes(parts)
    assert axes.zero == "walking_mean"


def test_squats_before_the_walk_do_not_pull_the_axes(busy_walk: VirtualSession) -> None:
    axes = _axes(all_samples(busy_walk.session))
    assert axes.refused == {} and axes.unfit == ""
    for placement in REQUIRED_PLACEMENTS:
        error = axes.segments[placement].error_deg
        assert error < 6.0
        assert abs(_off_deg(busy_walk, axes, placement)) < 3.0 * error


def test_a_few_steps_are_refused_with_what_to_do(short_walk: VirtualSession) -> None:
    parts = {p: s.between(0.0, 7.6) for p, s in all_samples(short_walk.session).items()}
    refusal = _calibrate(parts)
    assert isinstance(refusal, CalibrationRefusal)
    assert refusal.reason in ("no_walking", "no_straight_walking")
    assert "ten strides" in refusal.text


def test_standing_alone_is_refused() -> None:
    refusal = _calibrate(still_sensors(20.0))
    assert isinstance(refusal, CalibrationRefusal)
    assert refusal.reason == "no_walking"


def test_a_silent_shank_costs_its_knee_and_no_more(short_walk: VirtualSession) -> None:
    parts = all_samples(short_walk.session)
    parts[Placement.SHANK_LEFT] = parts[Placement.SHANK_LEFT].between(0.0, 9.0)
    axes = _axes(parts)
    assert set(axes.segments) == set(Placement) - {Placement.SHANK_LEFT}
    assert axes.refused == {}


@pytest.mark.parametrize("gyr_too", [True, False])
def test_a_shank_without_gravity_costs_its_knee_and_no_more(
    short_walk: VirtualSession, gyr_too: bool
) -> None:
    parts = all_samples(short_walk.session)
    shank = parts[Placement.SHANK_RIGHT]
    parts[Placement.SHANK_RIGHT] = ImuSamples(
        shank.placement,
        shank.time_s,
        0.0 * shank.acc_m_s2,
        (0.0 if gyr_too else 1.0) * shank.gyr_rad_s,
    )
    axes = _axes(parts)
    assert set(axes.segments) == set(Placement) - {Placement.SHANK_RIGHT}
    assert axes.refused == {} and axes.zero == "standing"


@pytest.mark.parametrize("worn_as", ["of the other leg", "on the thigh"])
def test_what_does_not_move_as_a_shank_costs_its_knee_and_no_more(
    short_walk: VirtualSession, worn_as: str
) -> None:
    parts = all_samples(short_walk.session)
    for thigh, shank in zip(THIGHS.values(), SHANKS.values(), strict=True):
        other = next(p for p in SHANKS.values() if p is not shank)
        elsewhere = thigh if worn_as == "on the thigh" else other
        parts[shank] = _as(short_walk.session.samples(elsewhere), shank)
    axes = _axes(parts)
    assert set(axes.segments) == set(REQUIRED_PLACEMENTS)
    if worn_as == "of the other leg":
        assert axes.remarks == (SHANKS_CROSSED,)
    else:
        assert len([r for r in axes.remarks if "does not move as a shank" in r]) == 2
    assert axes.unfit == ""


def test_a_knee_that_goes_far_past_straight_keeps_its_shank() -> None:
    """In stance it bends nearly as far back as a knee bends forward in swing."""
    walk = wear(
        Spec(
            seed=7,
            person=Person(speed_m_s=1.7),
            deviations=(Deviation(kind="knee_hyperextension", side=Side.RIGHT, amount=26.0),),
            timeline=(Stand(duration_s=6.0), Walk(duration_s=25.0), Stand(duration_s=2.0)),
        )
    )
    axes = _axes(all_samples(walk.session))
    assert set(axes.segments) == set(Placement)
    assert abs(_off_deg(walk, axes, Placement.SHANK_RIGHT)) < 90.0


def test_a_thigh_that_falls_silent_is_no_swap(short_walk: VirtualSession) -> None:
    """Two seconds of the first steps cannot tell which leg is which, and do not claim to."""
    parts = all_samples(short_walk.session)
    thigh = parts[Placement.THIGH_RIGHT]
    parts[Placement.THIGH_RIGHT] = thigh.between(0.0, 8.0)
    axes = _axes(parts)
    assert axes.unfit == ""
    assert {Plane.FRONTAL, Plane.TRANSVERSE} <= set(axes.refused)
    parts[Placement.THIGH_RIGHT] = thigh.between(0.0, 7.0)
    refusal = _calibrate(parts)
    assert isinstance(refusal, CalibrationRefusal)


def test_the_calibration_walk_is_handed_on_from_its_first_sample(
    short_walk: VirtualSession,
) -> None:
    run = grid_run(all_samples(short_walk.session))
    calibrator = Calibrator()
    ready = calibrator.push(run)
    assert ready is not None
    assert (ready.run.start, ready.run.end) == (run.start, run.end)


def test_the_buffer_is_bounded_and_a_pose_that_has_left_it_is_remembered(
    short_walk: VirtualSession,
) -> None:
    """Six minutes of standing, then a walk."""
    parts = all_samples(short_walk.session)
    stand = {p: s.between(1.0, 5.0) for p, s in parts.items()}
    calibrator = Calibrator()
    long = {}
    for p, s in stand.items():
        repeats = 90
        time_s = np.concatenate([s.time_s - 1.0 + 4.0 * i for i in range(repeats)])
        acc, gyr = np.tile(s.acc_m_s2, (repeats, 1)), np.tile(s.gyr_rad_s, (repeats, 1))
        walk = parts[p].between(6.0, 33.0)
        shift = 4.0 * repeats - 6.0
        long[p] = ImuSamples(
            p,
            np.concatenate((time_s, walk.time_s + shift)),
            np.concatenate((acc, walk.acc_m_s2)),
            np.concatenate((gyr, walk.gyr_rad_s)),
        )
    ready = calibrator.push(grid_run(long))
    assert ready is not None
    assert ready.axes.zero == "standing"
    assert ready.run.length <= 152 * 100
