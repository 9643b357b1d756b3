"""Shares with intervals, matched events, errors without offset."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.numbers import (
    Share,
    match,
    rmse_without_offset,
    rmse_without_stride_means,
    together,
)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 1000, 0.0, 0.00368), (10, 100, 0.04900, 0.17622), (100, 100, 0.96378, 1.0)],
)
def test_interval_of_a_share_is_the_exact_one(count, of, low, high):
    share = Share(count, of)
    assert share.low == pytest.approx(low, abs=1e-5)
    assert share.high == pytest.approx(high, abs=1e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_share(pair):
    share = Share(*pair)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_no_people_give_no_share():
    assert np.isnan(Share(0, 0).value)
    assert str(Share(0, 0)) == "–"


def test_events_are_paired_once_and_nearest_first():
    matched = match(np.array([1.0, 1.1, 5.0]), np.array([1.08, 3.0]), 0.2)
    assert matched.error_s == pytest.approx([0.02])
    assert (matched.found, matched.true) == (3, 2)
    assert matched.f1 == pytest.approx(2 / 5)
    assert matched.precision == pytest.approx(1 / 3)
    assert matched.recall == pytest.approx(1 / 2)


@given(st.lists(st.floats(0, 60), max_size=20, unique=True))
def test_events_match_themselves(times):
    matched = match(np.array(times), np.array(times), 0.1)
    assert matched.error_s.size == len(times)
    assert not matched.error_s.any()


def test_recordings_add_up():
    one = match(np.array([1.0]), np.array([1.0, 2.0]), 0.1)
    both = together([one, one])
    assert (both.error_s.size, both.found, both.true) == (2, 2, 4)


def test_an_offset_is_no_error_but_a_swing_about_it_is():
    error = 7.0 + np.sin(np.linspace(0, 20 * np.pi, 2000, endpoint=False))
    assert rmse_without_offset(error) == pytest.approx(np.sqrt(0.5), rel=1e-6)
    steps = np.repeat([1.0, 5.0], 100)
    assert rmse_without_offset(steps) == pytest.approx(2.0)
    assert rmse_without_stride_means(steps, [(0, 100), (100, 200)]) == 0.0
