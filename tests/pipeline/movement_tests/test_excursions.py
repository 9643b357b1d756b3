"""Repetitions told from a depth signal, whatever its size and pauses."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.movement_tests.excursions import departures, excursions

RATE_HZ = 100


def depth(heights: list[float], each_s: float, pause_s: float) -> np.ndarray:
    """Bumps of given heights with pauses around them."""
    n = round(each_s * RATE_HZ)
    bump = np.sin(np.linspace(0.0, np.pi, n)) ** 2
    pause = np.zeros(round(pause_s * RATE_HZ))
    return np.concatenate([pause, *(part for h in heights for part in (h * bump, pause))])


_sets = st.lists(st.floats(14.0, 90.0), min_size=1, max_size=8)


@given(_sets, st.floats(1.2, 6.0), st.floats(0.1, 3.0))
@settings(max_examples=80, deadline=None)
def test_every_bump_is_one_excursion_at_its_place(heights, each_s, pause_s):
    signal = depth(heights, each_s, pause_s)
    found = excursions(signal, 0, len(signal))
    assert len(found) == len(heights)
    for k, (one, height) in enumerate(zip(found, heights, strict=True)):
        middle_s = pause_s + k * (each_s + pause_s) + 0.5 * each_s
        assert abs(one.peak / RATE_HZ - middle_s) < 0.1
        assert one.first < one.peak < one.last
        assert 0.75 * height < one.height <= height + 1e-9


def test_a_wobble_at_the_bottom_is_no_second_repetition():
    signal = depth([50.0], 4.0, 1.0)
    signal += 3.0 * np.sin(2 * np.pi * 3.0 * np.arange(len(signal)) / RATE_HZ) * (signal > 20)
    assert len(excursions(signal, 0, len(signal))) == 1


def test_a_gap_is_bridged_so_that_the_repetition_is_found():
    signal = depth([50.0, 50.0], 3.0, 1.0)
    signal[220:250] = np.nan
    assert len(excursions(signal, 0, len(signal))) == 2


def test_small_movements_and_nothing_are_no_repetitions():
    assert excursions(depth([6.0, 8.0], 2.0, 1.0), 0, 700) == []
    assert excursions(np.zeros(5), 0, 5) == []
    assert excursions(np.full(500, np.nan), 0, 500) == []
    assert departures(np.full(500, np.nan), 0, 500) == []


def test_a_departure_may_have_more_than_one_peak():
    two_humps = depth([30.0], 2.0, 0.0) + 20.0
    signal = np.concatenate((np.zeros(200), two_humps, two_humps, np.zeros(200)))
    (one,) = departures(signal, 0, len(signal))
    assert (one.first, one.last) == (200, 600)
