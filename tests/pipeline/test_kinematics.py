"""Kinematics: the sign, the zero and the side of each angle, on motions made for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from pipeline.calibration.body_axes import BodyAxes, SegmentAxes
from pipeline.gait import FloatArray
from pipeline.grid import SensorGrid
from pipeline.stages.kinematics import Channel, Kinematics
from recordings.placement import SHANKS, THIGHS, Placement, Side
from tests.pipeline.streams import STANDING, cut_points, sensor_grid, turned_sensor

N = 500
HELD = slice(400, 500)
"""The motion takes one second from the first on and is held from the second on."""

ANTERIOR, UP, RIGHT = 0, 1, 2
"""Segment axes."""


def _turn(axis: int, degrees: float) -> Rotation:
    """From standing to a turn about one segment axis, smoothly, then held."""
    share = np.clip(np.arange(N) / 100 - 1.0, 0.0, 1.0)
    rotvec = np.zeros((N, 3))
    rotvec[:, axis] = np.deg2rad(degrees) * share**2 * (3 - 2 * share)
    return Rotation.from_rotvec(rotvec)


STILL = _turn(UP, 0.0)


def _axes(
    mountings: Mapping[Placement, Rotation] | None = None,
    placements: tuple[Placement, ...] = tuple(Placement),
    rotation_zero: Mapping[Placement, float] | None = None,
) -> BodyAxes:
    segments = {}
    for placement in placements:
        mounting = (mountings or {}).get(placement, Rotation.identity())
        quaternion = mounting.inv().as_quat()[[3, 0, 1, 2]]
        segments[placement] = SegmentAxes(np.zeros(3), quaternion, 1.0)
    return BodyAxes(
        segments=segments,
        relative_heading_rad={p: 0.0 for p in placements if p is not Placement.PELVIS},
        rotation_zero_rad=rotation_zero or {},
        zero="standing",
        step_rate_hz=1.8,
        straight_walking_s=15.0,
        rest_s=5.0,
        refused={},
    )


def _sensors(**turns: Rotation) -> dict[Placement, SensorGrid]:
    """Segment motions by placement; a segment that is not named stands."""
    return {p: turned_sensor(STANDING * turns.get(p.value, STILL)) for p in Placement}


def _channels(sensors: Mapping[Placement, SensorGrid], axes: BodyAxes | None = None) -> FloatArray:
    return Kinematics(axes or _axes(placements=tuple(sensors))).process(sensors)


def _held_deg(channels: FloatArray, channel: Channel) -> float:
    return float(np.rad2deg(channels[channel, HELD].mean()))


@pytest.mark.parametrize(
    ("channel", "axis", "turn_deg", "expected_deg"),
    [
        (Channel.PELVIS_TILT, RIGHT, -12.0, 12.0),
        (Channel.PELVIS_TILT, RIGHT, 5.0, -5.0),
        (Channel.PELVIS_OBLIQUITY, ANTERIOR, -8.0, 8.0),
        (Channel.PELVIS_HEADING, UP, 20.0, 20.0),
    ],
    ids=["anterior tilt +", "posterior tilt -", "right side up +", "right side forward +"],
)
def test_the_pelvis_has_one_sign(
    channel: Channel, axis: int, turn_deg: float, expected_deg: float
) -> None:
    channels = _channels(_sensors(pelvis=_turn(axis, turn_deg)))
    start = np.rad2deg(channels[channel, 50])
    assert _held_deg(channels, channel) - start == pytest.approx(expected_deg, abs=0.5)


LEG_SIGNS = [
    # Turn of the right thigh; that of the left one is its mirror image.
    (Channel.HIP_FLEXION_LEFT, RIGHT, 30.0, 30.0),
    (Channel.HIP_FLEXION_LEFT, RIGHT, -15.0, -15.0),
    (Channel.HIP_ADDUCTION_LEFT, ANTERIOR, 10.0, 10.0),
    (Channel.HIP_ADDUCTION_LEFT, ANTERIOR, -10.0, -10.0),
    (Channel.HIP_ROTATION_LEFT, UP, 12.0, 12.0),
    (Channel.THIGH_LEAN_LEFT, RIGHT, 30.0, 30.0),
]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("channel", "axis", "turn_deg", "expected_deg"), LEG_SIGNS)
def test_a_hip_angle_means_the_same_for_both_legs(
    side: Side, channel: Channel, axis: int, turn_deg: float, expected_deg: float
) -> None:
    mirror = -1.0 if side is Side.LEFT and axis != RIGHT else 1.0
    turn = _turn(axis, mirror * turn_deg)
    channels = _channels(_sensors(**{THIGHS[side].value: turn, SHANKS[side].value: turn}))
    assert _held_deg(channels, channel.of(side)) == pytest.approx(expected_deg, abs=0.5)
    others = [
        c.of(s)
        for s in Side
        for c in (
            Channel.HIP_FLEXION_LEFT,
            Channel.HIP_ADDUCTION_LEFT,
            Channel.HIP_ROTATION_LEFT,
            Channel.KNEE_FLEXION_LEFT,
        )
        if c.of(s) is not channel.of(side)
    ]
    if channel is Channel.THIGH_LEAN_LEFT:
        others.remove(Channel.HIP_FLEXION_LEFT.of(side))
    assert max(abs(_held_deg(channels, c)) for c in others) < 0.7


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("knee_deg", [60.0, -8.0], ids=["flexion +", "past straight -"])
def test_a_knee_bends_positive_and_goes_past_straight_negative(side: Side, knee_deg: float) -> None:
    channels = _channels(_sensors(**{SHANKS[side].value: _turn(RIGHT, -knee_deg)}))
    assert _held_deg(channels, Channel.KNEE_FLEXION_LEFT.of(side)) == pytest.approx(
        knee_deg, abs=0.5
    )
    assert _held_deg(channels, Channel.SHANK_LEAN_LEFT.of(side)) == pytest.approx(
        -knee_deg, abs=0.5
    )
    assert abs(_held_deg(channels, Channel.KNEE_FLEXION_LEFT.of(side.other))) < 0.3


def test_rates_have_the_sign_of_their_angle() -> None:
    channels = _channels(_sensors(thigh_left=_turn(RIGHT, 30.0), shank_right=_turn(RIGHT, 40.0)))
    moving = slice(100, 200)
    assert channels[Channel.THIGH_RATE_LEFT, moving].sum() / 100 == pytest.approx(
        np.deg2rad(30), rel=0.02
    )
    assert channels[Channel.SHANK_RATE_RIGHT, moving].sum() / 100 == pytest.approx(
        np.deg2rad(40), rel=0.02
    )
    assert np.abs(channels[Channel.THIGH_RATE_RIGHT]).max() < 1e-9


def test_a_push_forward_up_and_to_the_left_is_felt_as_such() -> None:
    sensors = _sensors()
    pelvis = sensors[Placement.PELVIS]
    acc = pelvis.acc.copy()
    # Segment axes of a standing pelvis: anterior, superior, right.
    acc[:, 300:310] += np.array([[1.0], [0.5], [-0.25]])
    channels = _channels({**sensors, Placement.PELVIS: sensor_grid(acc, pelvis.gyr)})
    for channel, expected in (
        (Channel.ACC_FORWARD, 1.0),
        (Channel.ACC_UP, 0.5),
        (Channel.ACC_LEFT, 0.25),
    ):
        assert channels[channel, 305] == pytest.approx(expected, abs=0.05)
        assert channels[channel, 250] == pytest.approx(0.0, abs=0.05)


def test_the_mounting_of_a_sensor_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    mountings = {p: Rotation.from_rotvec(3.0 * rng.uniform(-1, 1, 3)) for p in Placement}
    motion = {"thigh_left": _turn(RIGHT, 25.0), "pelvis": _turn(ANTERIOR, 5.0)}
    plain = _sensors(**motion)
    turned = {
        p: sensor_grid(mountings[p].inv().apply(s.acc.T).T, mountings[p].inv().apply(s.gyr.T).T)
        for p, s in plain.items()
    }
    # Headings of the filters differ with the mounting; lean against gravity does not.
    found = _channels(turned, _axes(mountings))
    expected = _channels(plain)
    for channel in (Channel.PELVIS_OBLIQUITY, Channel.PELVIS_TILT, Channel.THIGH_LEAN_LEFT):
        np.testing.assert_allclose(found[channel], expected[channel], atol=np.deg2rad(0.3))


def test_rotation_counts_from_its_zero() -> None:
    zero = {Placement.THIGH_RIGHT: np.deg2rad(7.0), Placement.THIGH_LEFT: np.deg2rad(7.0)}
    channels = _channels(_sensors(), _axes(rotation_zero=zero))
    # The zero is right-handed: taking it away turns the right leg out and the left leg in.
    assert _held_deg(channels, Channel.HIP_ROTATION_RIGHT) == pytest.approx(-7.0, abs=0.3)
    assert _held_deg(channels, Channel.HIP_ROTATION_LEFT) == pytest.approx(7.0, abs=0.3)


def test_three_sensors_give_hips_and_no_knee() -> None:
    sensors = _sensors(thigh_left=_turn(RIGHT, 20.0))
    three = {p: sensors[p] for p in (Placement.PELVIS, *THIGHS.values())}
    channels = _channels(three)
    assert _held_deg(channels, Channel.HIP_FLEXION_LEFT) == pytest.approx(20.0, abs=0.5)
    assert np.isnan(channels[Channel.KNEE_FLEXION_LEFT]).all()
    assert np.isnan(channels[Channel.SHANK_RATE_RIGHT]).all()


def test_a_gap_in_one_sensor_hides_only_what_needs_it() -> None:
    sensors = _sensors()
    thigh = sensors[Placement.THIGH_LEFT]
    valid = np.ones(N, dtype=bool)
    valid[200:210] = False
    channels = _channels(
        {**sensors, Placement.THIGH_LEFT: sensor_grid(thigh.acc, thigh.gyr, valid)}
    )
    for channel in (
        Channel.HIP_FLEXION_LEFT,
        Channel.KNEE_FLEXION_LEFT,
        Channel.THIGH_RATE_LEFT,
        Channel.THIGH_LEAN_LEFT,
    ):
        assert np.isnan(channels[channel, 200:210]).all()
        assert np.isfinite(channels[channel, 210:]).all()
    for channel in (Channel.HIP_FLEXION_RIGHT, Channel.PELVIS_TILT, Channel.PELVIS_HEADING):
        assert np.isfinite(channels[channel]).all()


def test_the_heading_of_the_pelvis_is_unwrapped_and_held_through_a_gap() -> None:
    turning = Rotation.from_euler("y", np.deg2rad(1.5) * np.arange(N)[:, None])
    sensor = turned_sensor(STANDING * turning)
    valid = np.ones(N, dtype=bool)
    valid[250:265] = False
    sensors = {**_sensors(), Placement.PELVIS: sensor_grid(sensor.acc, sensor.gyr, valid)}
    heading = np.rad2deg(_channels(sensors)[Channel.PELVIS_HEADING])
    assert np.ptp(heading[249:265]) == 0.0
    assert np.abs(np.diff(heading)).max() < 25.0
    assert heading[-1] - heading[0] == pytest.approx(1.5 * (N - 1), abs=3.0)


@settings(max_examples=10, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 120), min_size=1, max_size=4),
    gap=st.tuples(st.integers(0, 480), st.integers(0, 60)),
    placement=st.sampled_from(list(Placement)),
)
def test_channels_do_not_depend_on_how_the_stream_is_cut(
    sizes: list[int], gap: tuple[int, int], placement: Placement
) -> None:
    cycle = 2 * np.pi * 0.9 * np.arange(N) / 100
    swing = Rotation.from_euler("z", 0.4 * np.sin(cycle)[:, None])
    back = Rotation.from_euler("z", -0.4 * np.sin(cycle)[:, None])
    sensors = _sensors(thigh_left=swing, thigh_right=back, shank_left=swing, shank_right=back)
    valid = np.ones(N, dtype=bool)
    valid[gap[0] : sum(gap)] = False
    broken = sensors[placement]
    sensors[placement] = sensor_grid(broken.acc, broken.gyr, valid)
    whole = _channels(sensors)
    kinematics = Kinematics(_axes())
    pieces = [
        kinematics.process({p: s[rows] for p, s in sensors.items()})
        for rows in cut_points(N, sizes)
    ]
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)
