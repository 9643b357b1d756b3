"""Relative heading: one offset between the earth frames of two sensors, followed slowly."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gait import FloatArray
from pipeline.stages.relative_heading import TAU_S, RelativeHeading
from tests.pipeline.streams import cut_points


def _swinging(offset_rad: FloatArray | float, n: int = 6000, sweep_deg: float = 8.0) -> FloatArray:
    """Heading difference of pelvis and thigh: an offset and the rotation of each stride."""
    time_s = np.arange(n) / 100
    return offset_rad + np.deg2rad(sweep_deg) * np.sin(2 * np.pi * 0.9 * time_s)


def _always(n: int) -> np.ndarray:
    return np.ones(n, dtype=bool)


def _off_deg(offset: FloatArray, truth: FloatArray | float) -> FloatArray:
    return np.rad2deg(np.abs(np.angle(np.exp(1j * (offset - truth)))))


def test_a_known_offset_stays() -> None:
    offset = RelativeHeading(2.9).process(_swinging(2.9), _always(6000))
    assert _off_deg(offset, 2.9).max() < 0.5


def test_an_unknown_offset_is_found_within_two_strides_wherever_it_lies() -> None:
    for truth in (-3.1, -1.0, 0.0, 3.14):
        heading = RelativeHeading(None)
        assert not heading.known
        offset = heading.process(_swinging(truth), _always(6000))
        assert heading.known
        assert _off_deg(offset[220:], truth).max() < 1.5
        assert _off_deg(offset[2000:], truth).max() < 0.5


def test_a_slow_drift_is_followed() -> None:
    truth = np.deg2rad(5.0 / 60) * np.arange(12000) / 100
    offset = RelativeHeading(0.0).process(_swinging(truth, 12000), _always(12000))
    # A first-order mean lags by its time constant.
    assert _off_deg(offset, truth).max() < 5.0 / 60 * TAU_S + 0.5


def test_only_straight_walking_moves_the_offset() -> None:
    straight = _always(3000)
    straight[1000:2000] = False
    difference = _swinging(0.3, 3000)
    difference[1000:2000] += 1.0
    offset = RelativeHeading(0.3).process(difference, straight)
    assert np.ptp(offset[1000:2000]) == 0.0
    assert _off_deg(offset, 0.3).max() < 0.5


def test_a_restart_finds_the_new_offset_and_forgets_the_old() -> None:
    heading = RelativeHeading(0.0)
    heading.process(_swinging(0.0, 3000), _always(3000))
    heading.restart()
    assert not heading.known
    offset = heading.process(_swinging(2.0, 3000), _always(3000))
    assert _off_deg(offset[220:], 2.0).max() < 1.5


def test_until_the_first_straight_point_a_segment_faces_as_the_reference() -> None:
    heading = RelativeHeading(None)
    straight = np.arange(400) >= 300
    difference = _swinging(1.2, 400)
    offset = heading.process(difference, straight)
    np.testing.assert_array_equal(offset[:300], difference[:300])
    missing = heading.process(np.full(5, np.nan), np.zeros(5, dtype=bool))
    assert np.isfinite(missing).all()


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 700), min_size=1, max_size=4),
    turns=st.lists(st.tuples(st.integers(0, 2500), st.integers(1, 600)), max_size=3),
    known=st.booleans(),
)
def test_the_offset_does_not_depend_on_how_the_stream_is_cut(
    sizes: list[int], turns: list[tuple[int, int]], known: bool
) -> None:
    difference = _swinging(0.7, 2500)
    straight = _always(2500)
    for start, length in turns:
        straight[start : start + length] = False
    start = 0.6 if known else None
    whole = RelativeHeading(start).process(difference, straight)
    heading = RelativeHeading(start)
    pieces = [heading.process(difference[r], straight[r]) for r in cut_points(2500, sizes)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
