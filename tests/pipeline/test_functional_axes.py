"""Functional axes: known axes are recovered, and the stated error covers the true one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.calibration.functional_axes import (
    correlation,
    coupling,
    joint_force,
    plane_basis,
    principal_axis,
    stride_rate_hz,
    swing_axis,
)
from pipeline.gait import FloatArray

N = 3000
TIME_S = np.arange(N) / 100
ALL = np.ones(N, dtype=bool)
UP = np.array([0.0, 1.0, 0.0])
unit_vectors = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


def _unit(vector: FloatArray | tuple[float, ...]) -> FloatArray:
    return np.asarray(vector) / np.linalg.norm(vector)


def _angle_deg(a: FloatArray, b: FloatArray) -> float:
    """Between undirected axes."""
    return float(np.rad2deg(np.arccos(np.clip(abs(a @ b), 0, 1))))


def _thigh_rate(axis: FloatArray, up: FloatArray, seed: int, wobble: float = 0.5) -> FloatArray:
    """A thigh that swings about `axis` in strides that vary; soft tissue turns it about `up`."""
    rng = np.random.default_rng(seed)
    cycle = np.cumsum(0.9 * (1 + 0.02 * rng.standard_normal(N)) / 100)
    swing = 2.2 * np.sin(2 * np.pi * cycle) + 0.8 * np.sin(4 * np.pi * cycle + 1)
    across = np.cross(up, axis)
    # In-plane wobble that differs from stride to stride, as a strap's does.
    strides = np.floor(cycle).astype(int)
    lean = 0.15 * rng.standard_normal(strides.max() + 1)[strides] * swing
    twist = wobble * 6.0 * np.sin(2 * np.pi * 7 * TIME_S) + 3.0 * wobble * swing
    rate = np.outer(axis, swing) + np.outer(across, lean) + np.outer(up, twist)
    return np.asarray(rate, dtype=np.float64)


@given(unit_vectors)
def test_the_basis_of_a_plane_is_orthonormal_and_right_handed(up: tuple[float, ...]) -> None:
    up_unit = _unit(up)
    first, second = plane_basis(up_unit)
    matrix = np.column_stack((first, second, up_unit))
    np.testing.assert_allclose(matrix.T @ matrix, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


@settings(max_examples=20, deadline=None)
@given(up=unit_vectors, angle=st.floats(0, np.pi), seed=st.integers(0, 10_000))
def test_the_swing_axis_is_found_however_much_the_tissue_turns(
    up: tuple[float, ...], angle: float, seed: int
) -> None:
    up_unit = _unit(up)
    first, second = plane_basis(up_unit)
    axis = np.cos(angle) * first + np.sin(angle) * second
    found = swing_axis(_thigh_rate(axis, up_unit, seed), up_unit, ALL)
    assert _angle_deg(found.direction, axis) < 6.0
    assert found.direction @ up_unit == pytest.approx(0.0, abs=1e-9)
    assert found.share > 0.9


def test_the_stated_error_covers_the_true_one() -> None:
    axis = _unit((1.0, 0.0, 1.0))
    ratios = []
    for seed in range(40):
        found = swing_axis(_thigh_rate(axis, UP, seed), UP, ALL)
        ratios.append(_angle_deg(found.direction, axis) / found.error_deg)
    # One standard error covers two thirds, two cover nineteen of twenty.
    assert np.mean(np.array(ratios) < 1.0) >= 0.55
    assert np.mean(np.array(ratios) < 2.0) >= 0.90
    assert np.median(ratios) > 0.2


@pytest.mark.parametrize("forward", [1.0, -1.0])
def test_a_thigh_that_leans_in_stance_shows_its_axis_in_the_swing(forward: float) -> None:
    axis = _unit((1.0, 0.0, 1.0))
    rng = np.random.default_rng(5)
    phase = np.cumsum(0.8 * (1 + 0.02 * rng.standard_normal(N)) / 100) % 1.0
    swing, stance = phase >= 0.6, phase < 0.6
    # Forward in 0.4 of the cycle, back in 0.6; in stance it leans in and out three times as fast.
    turn = np.where(
        swing, 3.0 * np.sin(np.pi * (phase - 0.6) / 0.4), -2 * np.sin(np.pi * phase / 0.6)
    )
    lean = np.where(stance, 2.5 * np.sin(2 * np.pi * phase / 0.6 - 0.9), 0.0)
    rate = np.outer(axis, forward * turn) + np.outer(np.cross(UP, axis), lean)
    planar = np.stack(plane_basis(UP)) @ rate
    whole = principal_axis(planar, plane_basis(UP))
    assert whole.share < 0.68
    assert _angle_deg(whole.direction, axis) > 10.0
    found = swing_axis(rate, UP, ALL)
    assert _angle_deg(found.direction, axis) < 3.0
    assert found.share > 0.9
    assert found.error_deg >= 4.0


def test_one_window_knows_no_error_and_few_windows_a_large_one() -> None:
    rate = _thigh_rate(_unit((1.0, 0.0, 1.0)), UP, 3)
    errors = [
        swing_axis(rate, UP, np.arange(N) < 110 * windows).error_deg for windows in (1, 3, 20)
    ]
    assert np.isinf(errors[0])
    assert errors[1] > errors[2]


def test_a_movement_in_no_plane_has_a_share_of_one_half() -> None:
    circle = np.stack((np.cos(TIME_S), np.sin(TIME_S)))
    found = principal_axis(circle, plane_basis(UP))
    assert found.share == pytest.approx(0.5, abs=0.03)
    assert principal_axis(np.zeros((2, N)), plane_basis(UP)).share == 0.5


@pytest.mark.parametrize("rate_hz", [0.45, 0.7, 0.9, 1.2, 1.45])
def test_the_stride_rate_is_found_with_its_harmonics(rate_hz: float) -> None:
    rng = np.random.default_rng(1)
    cycle = np.cumsum(rate_hz * (1 + 0.03 * rng.standard_normal(N)) / 100)
    swing = np.sin(2 * np.pi * cycle) + 0.5 * np.sin(4 * np.pi * cycle)
    found = stride_rate_hz((swing, -swing), ALL)
    assert found == pytest.approx(rate_hz, abs=0.03)


def test_the_stride_rate_is_that_of_the_walking_alone() -> None:
    use = TIME_S < 15.0
    swing = np.where(use, np.sin(2 * np.pi * 0.9 * TIME_S), 4 * np.sin(2 * np.pi * 0.5 * TIME_S))
    assert stride_rate_hz((swing,), use) == pytest.approx(0.9, abs=0.03)


def test_a_shared_force_tells_the_heading_between_two_sensors() -> None:
    rng = np.random.default_rng(2)
    force = np.stack([np.convolve(rng.standard_normal(N), np.ones(60), "same") for _ in range(2)])
    for offset in (-2.5, -0.4, 0.0, 1.0, 3.0):
        turn = np.array([[np.cos(offset), -np.sin(offset)], [np.sin(offset), np.cos(offset)]])
        found, confidence = coupling(turn @ force, force, ALL)
        assert found == pytest.approx(offset, abs=1e-6)
        assert confidence == pytest.approx(1.0)
    unrelated = np.stack([np.convolve(rng.standard_normal(N), np.ones(60), "same")] * 2)
    assert coupling(unrelated, force, ALL)[1] < 0.5


def test_the_force_at_a_joint_follows_from_that_at_the_sensor() -> None:
    """A sensor that swings on a circle about a resting joint."""
    angle = 0.3 * np.sin(2 * np.pi * 0.8 * TIME_S)
    rate, turning = np.gradient(angle, 0.01), np.gradient(np.gradient(angle, 0.01), 0.01)
    radius = 0.2
    # Sensor frame: z is the axis, y points from sensor to joint.
    gravity = 9.81 * np.stack((np.sin(angle), np.cos(angle), np.zeros(N)))
    acc = gravity + np.stack((radius * turning, radius * rate**2, np.zeros(N)))
    gyr = np.stack((np.zeros(N), np.zeros(N), rate))
    force = joint_force(gyr, acc, np.array([0.0, radius, 0.0]))
    inner = slice(200, -200)
    assert np.abs(np.linalg.norm(force[:, inner], axis=0) - 9.81).max() < 0.05
    uncorrected = np.linalg.norm(acc[:, inner], axis=0)
    assert np.abs(uncorrected - 9.81).max() > 0.3


def test_what_does_not_vary_correlates_with_nothing() -> None:
    assert correlation(np.ones(50), np.arange(50.0)) == 0.0
    assert correlation(np.arange(50.0), 3 - 2 * np.arange(50.0)) == pytest.approx(-1.0)
