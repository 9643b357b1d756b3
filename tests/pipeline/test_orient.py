"""Orient: orientation against gravity; what a gap does to heading and trust."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from pipeline.gait import FloatArray
from pipeline.grid import SensorGrid
from pipeline.stages.orient import CARRY_S, SETTLE_S, Orienter
from recordings.frames import heading, quaternion_product
from tests.pipeline.streams import STANDING, cut_points, sensor_grid, turned_sensor

NO_BIAS = np.zeros(3)


def _swing(n: int = 3000, turn_rate_rad_s: float = 0.4) -> Rotation:
    """A segment that swings like a thigh while its wearer turns steadily to the left."""
    time_s = np.arange(n) / 100
    angles = np.column_stack(
        (turn_rate_rad_s * time_s, np.deg2rad(25) * np.sin(2 * np.pi * 0.9 * time_s))
    )
    turn = Rotation.from_euler("z", angles[:, :1])
    return turn * STANDING * Rotation.from_euler("z", angles[:, 1:])


def _with_gap(sensor: SensorGrid, start: int, length: int) -> SensorGrid:
    valid = np.ones(len(sensor.valid), dtype=bool)
    valid[start : start + length] = False
    return sensor_grid(sensor.acc, sensor.gyr, valid)


def _run(
    sensor: SensorGrid, bias: FloatArray = NO_BIAS
) -> tuple[FloatArray, NDArray[np.bool_], list[int]]:
    return Orienter(bias).process(sensor)


def _as_rotation(quaternion: FloatArray) -> Rotation:
    return Rotation.from_quat(quaternion[[1, 2, 3, 0]].T)


def _inclination_error_deg(quaternion: FloatArray, truth: Rotation) -> FloatArray:
    up = _as_rotation(quaternion).inv().apply([0, 0, 1])
    true_up = truth.inv().apply([0, 0, 1])
    return np.rad2deg(np.arccos(np.clip((up * true_up).sum(axis=1), -1, 1)))


def _heading_error_deg(quaternion: FloatArray, truth: Rotation) -> FloatArray:
    """Against the heading at the start, which is free."""
    true = np.moveaxis(truth.as_quat()[:, [3, 0, 1, 2]], 1, 0)
    off = np.unwrap(heading(quaternion) - heading(true))
    return np.rad2deg(off - off[0])


def test_orientation_follows_a_swinging_segment() -> None:
    truth = _swing()
    quaternion, trusted, restarts = _run(turned_sensor(truth))
    assert trusted.all()
    assert restarts == []
    assert _inclination_error_deg(quaternion, truth).max() < 1.0
    assert np.abs(_heading_error_deg(quaternion, truth)).max() < 1.5


@pytest.mark.parametrize("length", [1, 7, 20])
def test_a_gap_of_up_to_200_ms_carries_the_heading(length: int) -> None:
    assert length <= CARRY_S * 100
    truth = _swing()
    sensor = turned_sensor(truth)
    quaternion, trusted, restarts = _run(_with_gap(sensor, 1500, length))
    assert restarts == []
    assert np.isnan(quaternion[:, 1500 : 1500 + length]).all()
    np.testing.assert_array_equal(np.flatnonzero(~trusted), np.arange(1500, 1500 + length))
    after = slice(1500 + length, None)
    assert np.isfinite(quaternion[:, after]).all()
    whole = _run(sensor)[0]
    off = np.rad2deg(np.unwrap(heading(quaternion[:, after]) - heading(whole[:, after])))
    assert np.abs(off).max() < 2.5
    # At the worst instant: 200 ms around the fastest part of the swing.
    assert _inclination_error_deg(quaternion[:, after], truth[after]).max() < 3.5


def test_a_longer_gap_starts_again_and_is_not_trusted_until_settled() -> None:
    truth = _swing()
    quaternion, trusted, restarts = _run(_with_gap(turned_sensor(truth), 1500, 21))
    settled = 1521 + round(SETTLE_S * 100)
    assert restarts == [1521]
    assert trusted[:1500].all() and not trusted[1500:settled].any() and trusted[settled:].all()
    assert _inclination_error_deg(quaternion[:, settled:], truth[settled:]).max() < 3.0


def test_the_bias_that_was_learned_outlives_a_restart() -> None:
    bias = np.deg2rad([0.8, -0.6, 0.7])[:, np.newaxis]
    still = STANDING * Rotation.identity(4000)
    sensor = turned_sensor(still)
    biased = sensor_grid(sensor.acc, sensor.gyr + bias)
    quaternion, _, restarts = _run(_with_gap(biased, 2500, 100))
    assert restarts == [2600]
    turned = np.rad2deg(np.unwrap(heading(quaternion[:, 2600:])))
    # Unlearned, 14 s of it would turn the heading by 10°.
    assert abs(turned[-1] - turned[0]) < 1.0


def test_a_missing_sample_never_reaches_the_filter() -> None:
    truth = _swing(2000)
    sensor = turned_sensor(truth)
    valid = np.ones(2000, dtype=bool)
    valid[::3] = False
    valid[700:900] = False
    orienter = Orienter(NO_BIAS)
    quaternion, trusted, _ = orienter.process(sensor_grid(sensor.acc, sensor.gyr, valid))
    np.testing.assert_array_equal(np.isfinite(quaternion[0]), valid)
    assert not trusted[~valid].any()
    later = turned_sensor(_swing(4000)[2000:])
    assert np.isfinite(orienter.process(later)[0]).all()


@pytest.mark.parametrize("bias_dps", [0.5, 3.0, 8.0])
def test_a_bias_known_from_rest_costs_nothing_however_large(bias_dps: float) -> None:
    bias = np.deg2rad(bias_dps) * np.array([1.0, -1.0, 1.0])
    truth = _swing()
    sensor = turned_sensor(truth)
    quaternion, _, _ = _run(sensor_grid(sensor.acc, sensor.gyr + bias[:, np.newaxis]), bias)
    assert _inclination_error_deg(quaternion, truth).max() < 1.0
    assert np.abs(_heading_error_deg(quaternion, truth)).max() < 1.5


def test_a_sensor_that_begins_a_moment_late_is_not_a_restart() -> None:
    sensor = turned_sensor(_swing(1000))
    quaternion, trusted, restarts = _run(_with_gap(sensor, 0, 3))
    assert restarts == []
    assert trusted[3:].all() and np.isfinite(quaternion[:, 3:]).all()
    assert _run(_with_gap(sensor, 0, 500))[2] == [500]


def test_a_silent_sensor_is_never_trusted() -> None:
    sensor = _with_gap(turned_sensor(_swing(300)), 0, 300)
    quaternion, trusted, restarts = _run(sensor)
    assert np.isnan(quaternion).all()
    assert not trusted.any()
    assert restarts == []


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 90), min_size=1, max_size=4),
    gaps=st.lists(st.tuples(st.integers(0, 700), st.integers(1, 60)), max_size=4),
)
def test_orientation_does_not_depend_on_how_the_stream_is_cut(
    sizes: list[int], gaps: list[tuple[int, int]]
) -> None:
    sensor = turned_sensor(_swing(800))
    valid = np.ones(800, dtype=bool)
    for start, length in gaps:
        valid[start : start + length] = False
    sensor = sensor_grid(sensor.acc, sensor.gyr, valid)
    quaternion, trusted, restarts = _run(sensor)
    orienter = Orienter(NO_BIAS)
    pieces, places = [], []
    for rows in cut_points(800, sizes):
        piece = orienter.process(sensor[rows])
        pieces.append(piece)
        places += [rows.start + position for position in piece[2]]
    np.testing.assert_array_equal(np.concatenate([p[0] for p in pieces], axis=1), quaternion)
    np.testing.assert_array_equal(np.concatenate([p[1] for p in pieces]), trusted)
    assert places == restarts


def test_a_mounting_turns_with_its_sensor() -> None:
    """Sensor → earth of a sensor that sits askew is the segment's, turned by the mounting."""
    mounting = Rotation.from_rotvec([1.0, -0.7, 2.0])
    truth = _swing(1500)
    quaternion, _, _ = _run(turned_sensor(truth * mounting))
    back = mounting.inv().as_quat()[[3, 0, 1, 2]][:, np.newaxis]
    segment = quaternion_product(quaternion, back)
    assert _inclination_error_deg(segment, truth).max() < 1.0
