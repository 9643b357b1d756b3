"""Epochs: the same numbers however the stream is cut, and nothing made up."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.day.epochs import EPOCHS_PER_S, EpochTable
from recordings.placement import Placement
from recordings.samples import ImuSamples


def _samples(rate_hz: float = 60.0, duration_s: float = 20.0, seed: int = 0) -> ImuSamples:
    rng = np.random.default_rng(seed)
    time_s = np.round(np.arange(0.0, duration_s, 1.0 / rate_hz) + 3.1, 6)
    acc = np.array([0.0, 9.81, 0.0]) + rng.standard_normal((len(time_s), 3))
    return ImuSamples(Placement.PELVIS, time_s, acc, rng.standard_normal((len(time_s), 3)))


def _table(*parts: ImuSamples) -> EpochTable:
    table = EpochTable()
    for part in parts:
        table.push(part)
    table.finish()
    return table


def test_an_epoch_holds_the_mean_and_the_spread_of_its_half_second() -> None:
    samples = _samples()
    epochs = _table(samples).between(0, 46)
    inside = samples.between(10.0, 10.5)
    k = int(10.0 * EPOCHS_PER_S)
    assert epochs.count[k] == len(inside) == 30
    np.testing.assert_allclose(epochs.force[:, k], inside.acc_m_s2.mean(axis=0), rtol=1e-6)
    for values, got in ((inside.acc_m_s2, epochs.shake), (inside.gyr_rad_s, epochs.turning)):
        spread = np.sqrt(((values - values.mean(axis=0)) ** 2).sum(axis=1).mean())
        assert got[k] == pytest.approx(spread, rel=1e-6)


def test_a_constant_bias_of_the_gyroscope_is_no_turning() -> None:
    samples = _samples()
    still = ImuSamples(
        samples.placement, samples.time_s, samples.acc_m_s2, np.full((len(samples), 3), 0.05)
    )
    assert np.nanmax(_table(still).between(6, 46).turning) < 1e-6


def test_time_without_samples_stays_empty() -> None:
    samples = _samples()
    epochs = _table(samples.between(0.0, 8.0), samples.between(12.0, 99.0)).between(0, 50)
    assert (epochs.count[16:24] == 0).all()
    assert np.isnan(epochs.force[:, 16:24]).all()
    assert (epochs.count[:6] == 0).all() and (epochs.count[47:] == 0).all()


def test_samples_out_of_order_and_without_value_are_passed_over() -> None:
    samples = _samples()
    acc = samples.acc_m_s2.copy()
    acc[100] = np.nan
    holed = ImuSamples(samples.placement, samples.time_s, acc, samples.gyr_rad_s)
    twice = _table(holed, holed).between(0, 47)
    once = _table(holed).between(0, 47)
    np.testing.assert_array_equal(twice.count, once.count)
    assert once.count.sum() == len(samples) - 1


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 1200), max_size=12),
    rate_hz=st.sampled_from([23.7, 60.0, 100.0]),
)
def test_the_cut_of_the_stream_changes_no_bit(cuts: list[int], rate_hz: float) -> None:
    samples = _samples(rate_hz)
    edges = [0, *sorted(c for c in cuts if c < len(samples)), len(samples)]
    parts = [samples[a:b] for a, b in pairwise(edges)]
    whole, pieces = _table(samples).between(0, 60), _table(*parts).between(0, 60)
    for name in ("count", "force", "shake", "turning"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name))
