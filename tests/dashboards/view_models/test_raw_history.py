"""Raw signals that run along: the last of them, and holes where nothing came."""

from __future__ import annotations

import numpy as np

from dashboards.view_models.raw_history import RawHistory
from recordings.placement import Placement
from recordings.samples import ImuSamples

PELVIS, THIGH = Placement.PELVIS, Placement.THIGH_LEFT


def samples(first: int, count: int, placement: Placement = PELVIS) -> ImuSamples:
    times = np.arange(first, first + count) / 100
    values = np.column_stack((times, 2 * times, 3 * times))
    return ImuSamples(placement, times, values, -values)


def test_a_window_holds_the_samples_before_its_end() -> None:
    history = RawHistory(20.0)
    history.take([samples(0, 700), samples(0, 650, THIGH), samples(700, 500)])
    window = history.window(11.0, 10.0)
    pelvis, thigh = window[PELVIS], window[THIGH]
    np.testing.assert_allclose(pelvis.time_s, np.arange(-1000, 0) / 100, atol=1e-9)
    np.testing.assert_allclose(pelvis.values[:, 1], 2 * np.arange(100, 1100) / 100)
    np.testing.assert_allclose(pelvis.values[:, 5], -3 * np.arange(100, 1100) / 100)
    assert thigh.time_s[-1] == np.float64(6.49) - 11.0
    times, values = pelvis.drawn(-2.0, -1.0)
    assert len(times) == len(values) == 100


def test_a_hole_is_a_row_of_nothing_also_between_two_takes() -> None:
    history = RawHistory(20.0)
    history.take([samples(0, 100)])
    history.take([samples(150, 50)])
    history.take([samples(203, 10), samples(240, 10)])
    window = history.window(2.6, 10.0)[PELVIS]
    holes = np.flatnonzero(np.isnan(window.values).all(axis=1))
    np.testing.assert_allclose(window.time_s[holes] + 2.6, [1.50, 2.40])
    assert np.isfinite(np.delete(window.values, holes, axis=0)).all()
    assert len(window.time_s) == 100 + 50 + 10 + 10 + 2
    assert (np.diff(window.time_s) >= 0).all()


def test_what_is_older_than_the_length_is_forgotten() -> None:
    history = RawHistory(2.0)
    for number in range(20):
        history.take([samples(100 * number, 100)])
    assert len(history.window(20.0, 100.0)[PELVIS].time_s) == 500
    assert len(history.window(20.0, 1.0)[PELVIS].time_s) == 100
