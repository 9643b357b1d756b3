"""Filters: the stated delay and cut-off, and exact state across pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.filters import (
    StreamFilter,
    bessel_low_pass,
    butter_band_pass,
    butter_low_pass,
    phase_delay_s,
)
from tests.pipeline.streams import cut_points

TIME_S = np.arange(2000) / 100


def _wave(frequency_hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * TIME_S)


@pytest.mark.parametrize(("cutoff_hz", "frequency_hz"), [(4.5, 1.9), (9.0, 1.5), (4.0, 1.0)])
def test_a_wave_comes_out_later_by_the_stated_delay(cutoff_hz: float, frequency_hz: float) -> None:
    sos = bessel_low_pass(cutoff_hz)
    delay_s = phase_delay_s(sos, frequency_hz)
    out = StreamFilter(sos)(_wave(frequency_hz))
    settled = slice(500, None)
    expected = np.sin(2 * np.pi * frequency_hz * (TIME_S - delay_s))
    gain = np.abs(out[settled]).max()
    np.testing.assert_allclose(out[settled], gain * expected[settled], atol=0.01)
    assert 0.01 < delay_s < 0.1


def test_the_delay_of_a_bessel_filter_hardly_depends_on_frequency() -> None:
    sos = bessel_low_pass(9.0)
    delays = [phase_delay_s(sos, f) for f in (0.5, 1.5, 3.0)]
    assert max(delays) - min(delays) < 0.001


@pytest.mark.parametrize("sos", [butter_low_pass(4.0), butter_band_pass(1.3, 4.5)])
def test_what_lies_beyond_the_cut_off_is_taken_away(sos: np.ndarray) -> None:
    inside, outside = (StreamFilter(sos)(_wave(f))[500:] for f in (2.5, 20.0))
    assert np.abs(inside).max() > 0.9
    assert np.abs(outside).max() < 0.1


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=4).filter(lambda s: sum(s) > 0))
def test_pieces_give_the_bits_of_the_whole(sizes: list[int]) -> None:
    x = np.random.default_rng(0).standard_normal((2, 700))
    sos = bessel_low_pass(4.5)
    whole = StreamFilter(sos, channels=2)(x)
    stream = StreamFilter(sos, channels=2)
    pieces = [stream(x[:, rows]) for rows in cut_points(700, sizes)]
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)
