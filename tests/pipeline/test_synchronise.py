"""Synchronise: own instants of each sensor → one grid; nothing lost, shifted or invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gait import FloatArray
from pipeline.grid import GridRun
from pipeline.stages.synchronise import BRIDGE_S, LATENESS_S, StreamCounts, Synchroniser
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples, no_samples
from tests.pipeline.streams import cut_points, grid_run, samples, without

PELVIS, LEFT, RIGHT = REQUIRED_PLACEMENTS


def _random(placement: Placement, time_s: FloatArray) -> ImuSamples:
    rng = np.random.default_rng(len(time_s))
    n = len(time_s)
    return samples(placement, time_s, rng.normal(size=(n, 3)), rng.normal(size=(n, 3)))


def _ramp(placement: Placement, time_s: FloatArray) -> ImuSamples:
    """Values that are linear in time, so that interpolation has an exact answer."""
    acc = np.column_stack((time_s, 2 * time_s + 1, -time_s))
    return samples(placement, time_s, acc, 10 * acc)


def _counts(*parts: ImuSamples) -> StreamCounts:
    """Of the sensor of the first part, pushed one after the other."""
    placement = parts[0].placement
    synchroniser = Synchroniser((placement,))
    for part in parts:
        synchroniser.push({placement: part})
    synchroniser.finish()
    return synchroniser.counts[placement]


def test_samples_on_the_grid_pass_exactly() -> None:
    time_s = np.arange(1234, 1700) / 100
    part = _random(PELVIS, time_s)
    run = grid_run({PELVIS: part})
    sensor = run.sensors[PELVIS]
    assert (run.start, run.length) == (1234, 466)
    np.testing.assert_array_equal(sensor.acc, part.acc_m_s2.T)
    np.testing.assert_array_equal(sensor.gyr, part.gyr_rad_s.T)
    assert sensor.valid.all()
    assert not sensor.bridged.any()


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 104.0, 120.0, 128.0, 400.0])
def test_other_rates_are_interpolated_where_the_grid_asks(rate_hz: float) -> None:
    time_s = 3.0037 + np.arange(round(4 * rate_hz)) / rate_hz
    run = grid_run({PELVIS: _ramp(PELVIS, time_s)})
    grid_s = np.arange(run.start, run.end) / 100
    sensor = run.sensors[PELVIS]
    assert grid_s[0] == 3.01
    assert grid_s[-1] <= time_s[-1] < grid_s[-1] + 0.01
    np.testing.assert_allclose(sensor.acc[0], grid_s, atol=1e-12)
    np.testing.assert_allclose(sensor.gyr[1], 10 * (2 * grid_s + 1), atol=1e-10)
    assert sensor.valid.all()
    assert not sensor.bridged.any()
    assert _counts(_ramp(PELVIS, time_s)).rate_hz == pytest.approx(rate_hz, rel=1e-9)


@pytest.mark.parametrize("rate_hz", [60.0, 104.0, 128.0])
def test_interpolation_costs_little_in_the_band_of_gait(rate_hz: float) -> None:
    time_s = np.arange(round(4 * rate_hz)) / rate_hz
    wave = np.sin(2 * np.pi * 3.0 * time_s)
    part = samples(PELVIS, time_s, np.column_stack([wave] * 3), np.column_stack([wave] * 3))
    run = grid_run({PELVIS: part})
    expected = np.sin(2 * np.pi * 3.0 * np.arange(run.start, run.end) / 100)
    # Linear interpolation errs by at most (ω·step)²/8 of the amplitude.
    bound = (2 * np.pi * 3.0 / rate_hz) ** 2 / 8
    assert np.abs(run.sensors[PELVIS].acc[0] - expected).max() <= bound


@pytest.mark.parametrize(("lost", "bridged"), [(1, True), (5, True), (6, False), (40, False)])
def test_a_gap_of_60_ms_is_bridged_and_a_longer_one_is_not(lost: int, bridged: bool) -> None:
    whole = _ramp(PELVIS, np.arange(200) / 100)
    part = without(whole, 0.995, 0.995 + lost / 100)
    sensor = grid_run({PELVIS: part}).sensors[PELVIS]
    gap = slice(100, 100 + lost)
    outside = np.ones(200, dtype=bool)
    outside[gap] = False
    assert (lost + 1) / 100 <= BRIDGE_S + 1e-9 or not bridged
    if bridged:
        np.testing.assert_allclose(sensor.acc, whole.acc_m_s2.T, atol=1e-12)
        assert sensor.valid.all() and sensor.bridged[gap].all()
    else:
        assert np.isnan(sensor.acc[:, gap]).all() and np.isnan(sensor.gyr[:, gap]).all()
        assert not sensor.valid[gap].any() and not sensor.bridged[gap].any()
    np.testing.assert_array_equal(sensor.acc[:, outside], whole.acc_m_s2.T[:, outside])
    assert sensor.valid[outside].all() and not sensor.bridged[outside].any()
    counts = _counts(part)
    assert (counts.samples, counts.lost) == (200 - lost, lost)
    assert counts.lost_fraction == pytest.approx(lost / 200)
    assert counts.gaps == (0 if bridged else 1)
    assert counts.longest_gap_s == pytest.approx((lost + 1) / 100)


def test_losses_of_a_fifth_are_counted_exactly() -> None:
    rng = np.random.default_rng(5)
    whole = _ramp(PELVIS, np.arange(3000) / 100)
    keep = rng.random(3000) > 0.2
    keep[:40] = keep[-1] = True
    part = samples(PELVIS, whole.time_s[keep], whole.acc_m_s2[keep], whole.gyr_rad_s[keep])
    counts = _counts(part)
    assert counts.samples == keep.sum()
    assert counts.lost == (~keep).sum()
    assert counts.rate_hz == pytest.approx(100.0)


@pytest.mark.parametrize("first_lost", [1, 5, 20])
def test_losses_before_the_usual_step_is_known_count_too(first_lost: int) -> None:
    whole = _ramp(PELVIS, np.arange(300) / 100)
    assert _counts(without(whole, 0.095, 0.095 + first_lost / 100)).lost == first_lost


def test_a_recording_too_short_to_learn_its_step_still_tells_its_gap() -> None:
    counts = _counts(without(_ramp(PELVIS, np.arange(20) / 100), 0.095, 0.175))
    assert (counts.samples, counts.lost, counts.gaps) == (12, 8, 1)
    assert counts.longest_gap_s == pytest.approx(0.09)


def test_rows_without_a_number_are_lost_samples() -> None:
    part = _ramp(PELVIS, np.arange(300) / 100)
    part.acc_m_s2[100, 1] = np.nan
    part.gyr_rad_s[150:153] = np.inf
    sensor = grid_run({PELVIS: part}).sensors[PELVIS]
    counts = _counts(part)
    assert (counts.not_finite, counts.lost, counts.samples) == (4, 4, 296)
    assert np.isfinite(sensor.acc).all() and np.isfinite(sensor.gyr).all()
    np.testing.assert_allclose(sensor.acc[0], np.arange(300) / 100, atol=1e-12)


def test_duplicate_and_backward_stamps_are_counted_and_not_used() -> None:
    time_s = np.arange(300) / 100
    time_s[100] = time_s[99]
    time_s[200:203] = [0.5, 0.51, 0.52]
    part = _ramp(PELVIS, time_s)
    counts = _counts(part)
    assert counts.out_of_order == 4
    run = grid_run({PELVIS: part})
    np.testing.assert_allclose(run.sensors[PELVIS].acc[0], np.arange(300) / 100, atol=1e-12)


def test_a_repeated_packet_is_counted_once_and_changes_nothing() -> None:
    part = _ramp(PELVIS, np.arange(300) / 100)
    counts = _counts(part[:150], part[100:150], part[150:])
    assert (counts.samples, counts.out_of_order, counts.lost) == (300, 50, 0)


def test_samples_behind_the_grid_are_late_and_counted() -> None:
    time_s = np.arange(500) / 100
    synchroniser = Synchroniser((PELVIS, LEFT))
    run = synchroniser.push({PELVIS: _ramp(PELVIS, time_s)})
    assert run is not None
    assert run.end == 499 - 100 * LATENESS_S + 1
    synchroniser.push({LEFT: _ramp(LEFT, time_s)})
    synchroniser.finish()
    # The sample on the last point that left may still be leant on by the next.
    assert synchroniser.counts[LEFT].late == run.end - 1
    assert synchroniser.counts[PELVIS].late == 0


def test_a_sensor_that_joins_late_is_missing_before_and_exact_after() -> None:
    time_s = np.arange(500) / 100
    parts = {PELVIS: _ramp(PELVIS, time_s), LEFT: _ramp(LEFT, time_s[230:])}
    run = grid_run(parts)
    left = run.sensors[LEFT]
    assert run.start == 0 and run.length == 500
    assert not left.valid[:230].any() and left.valid[230:].all()
    np.testing.assert_array_equal(left.acc[:, 230:], parts[LEFT].acc_m_s2.T)
    assert run.sensors[PELVIS].valid.all()


def test_the_grid_does_not_wait_for_a_sensor_that_never_speaks() -> None:
    synchroniser = Synchroniser((PELVIS, LEFT))
    run = synchroniser.push({PELVIS: _ramp(PELVIS, np.arange(500) / 100)})
    assert run is not None and run.length == 400
    assert not run.sensors[LEFT].valid.any()
    assert synchroniser.counts[LEFT].samples == 0
    assert synchroniser.counts[LEFT].lost_fraction == 0.0


def test_sensors_that_overlap_only_partly_leave_nothing_out() -> None:
    parts = {
        PELVIS: _ramp(PELVIS, np.arange(0, 300) / 100),
        LEFT: _ramp(LEFT, np.arange(200, 600) / 100),
        RIGHT: _ramp(RIGHT, np.arange(100, 500) / 100),
    }
    run = grid_run(parts)
    assert (run.start, run.end) == (0, 600)
    for placement, first, last in ((PELVIS, 0, 300), (LEFT, 200, 600), (RIGHT, 100, 500)):
        expected = (np.arange(600) >= first) & (np.arange(600) < last)
        np.testing.assert_array_equal(run.sensors[placement].valid, expected)


def test_nothing_pushed_is_nothing_known() -> None:
    synchroniser = Synchroniser((PELVIS,))
    assert synchroniser.push({}) is None
    assert synchroniser.push({PELVIS: no_samples(PELVIS)}) is None
    assert synchroniser.finish() is None


def test_a_sensor_that_was_not_announced_is_refused() -> None:
    with pytest.raises(KeyError):
        Synchroniser((PELVIS,)).push({LEFT: _ramp(LEFT, np.arange(3) / 100)})


@settings(max_examples=25, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=4),
    rate_hz=st.sampled_from([60.0, 100.0, 128.0]),
    seed=st.integers(0, 1000),
)
def test_the_grid_does_not_depend_on_how_the_stream_is_cut(
    lengths: list[int], rate_hz: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    parts = {}
    for placement in (PELVIS, LEFT):
        time_s = 0.001 * rng.integers(0, 10) + np.arange(round(5 * rate_hz)) / rate_hz
        keep = rng.random(len(time_s)) > 0.1
        start = int(rng.integers(0, 300))
        keep[start : start + int(rng.integers(0, 50))] = False
        parts[placement] = _random(placement, np.round(time_s, 6)[keep])
    whole = grid_run(parts)
    pieces: list[GridRun] = []
    synchroniser = Synchroniser(tuple(parts))
    for stretch in cut_points(600, lengths):
        for part in parts.values():
            piece = part.between(stretch.start / 100, stretch.stop / 100)
            if (run := synchroniser.push({part.placement: piece})) is not None:
                pieces.append(run)
    if (run := synchroniser.finish()) is not None:
        pieces.append(run)
    assert [run.start for run in pieces[1:]] == [run.end for run in pieces[:-1]]
    for placement in parts:
        sensors = [run.sensors[placement] for run in pieces]
        joined = np.concatenate([np.vstack((s.acc, s.gyr)) for s in sensors], axis=1)
        expected = whole.sensors[placement]
        np.testing.assert_array_equal(joined, np.vstack((expected.acc, expected.gyr)))
        np.testing.assert_array_equal(
            np.concatenate([s.bridged for s in sensors]), expected.bridged
        )
    one_go = Synchroniser(tuple(parts))
    one_go.push(parts)
    one_go.finish()
    assert synchroniser.counts == one_go.counts
