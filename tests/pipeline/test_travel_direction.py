"""Travel direction: the rotation of the pelvis without the way the wearer goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gait import FloatArray
from pipeline.stages.travel_direction import REACH, TravelDirection
from tests.pipeline.streams import cut_points

TIME_S = np.arange(2000) / 100


def _rotation(heading: FloatArray) -> FloatArray:
    direction = TravelDirection()
    return np.concatenate((direction.process(heading), direction.finish()))


@pytest.mark.parametrize("stride_hz", [0.8, 0.95, 1.1, 1.2])
def test_the_rotation_within_strides_is_kept(stride_hz: float) -> None:
    swing = np.deg2rad(6) * np.sin(2 * np.pi * stride_hz * TIME_S)
    found = _rotation(1.3 + swing)
    inner = slice(250, -250)
    assert len(found) == len(TIME_S)
    np.testing.assert_allclose(found[inner], swing[inner], atol=0.03 * np.deg2rad(6))


def test_a_steady_turn_is_travel_not_rotation() -> None:
    found = _rotation(np.deg2rad(30) * TIME_S)
    assert np.abs(np.rad2deg(found[250:-250])).max() < 0.1


def test_a_corner_leaves_no_lag_behind() -> None:
    corner = np.deg2rad(90) / (1 + np.exp(-(TIME_S - 10) / 0.25))
    found = np.rad2deg(_rotation(corner))
    before, after = slice(0, 800), slice(1200, None)
    assert np.abs(found[before]).max() < 0.5
    assert np.abs(found[after]).max() < 0.5
    # Symmetric about the corner: what leads before it follows after it.
    np.testing.assert_allclose(found[900:1000][::-1], -found[1001:1101], atol=0.5)


def test_points_leave_after_the_stated_latency() -> None:
    direction = TravelDirection()
    assert len(direction.process(TIME_S[:REACH])) == 0
    assert len(direction.process(TIME_S[REACH : REACH + 1])) == 1
    assert len(direction.finish()) == REACH


def test_a_short_stretch_comes_out_whole() -> None:
    for length in (0, 1, 50, 300):
        assert len(_rotation(TIME_S[:length])) == length


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(1, 400), min_size=1, max_size=4), length=st.integers(0, 1500))
def test_rotation_does_not_depend_on_how_the_stream_is_cut(sizes: list[int], length: int) -> None:
    heading = np.cumsum(np.random.default_rng(1).normal(0, 0.01, length))
    direction = TravelDirection()
    pieces = [direction.process(heading[rows]) for rows in cut_points(length, sizes)]
    joined = np.concatenate([*pieces, direction.finish()])
    np.testing.assert_array_equal(joined, _rotation(heading))
