import numpy as np
import pytest
from clock_simulation import Link, errors_s, simulate, worst_pair_ms
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.clock import SensorClock
from firmware_bridge.clock_envelope import drift, needs_pings, phase_gap_s, theil_sen_slope


@pytest.mark.parametrize(
    ("rate_hz", "per_packet", "limit_ms"),
    [(104.0, 4, 1.0), (119.0, 4, 1.0), (100.0, 4, 5.0), (60.0, 1, 5.0)],
)
def test_between_sensor_error_of_five_sensors(
    rate_hz: float, per_packet: int, limit_ms: float
) -> None:
    errors = np.concatenate(
        [worst_pair_ms(rate_hz, per_packet, seed=s, duration_s=120.0) for s in (1, 2)]
    )
    assert np.median(errors) < limit_ms


def test_ten_minutes_over_a_wrap_with_heavy_loss_and_stalls_stays_within_a_millisecond() -> None:
    link = Link(event_loss=0.3, outages_per_min=4.0, outage_s=1.0)
    errors = worst_pair_ms(104.0, 8, seed=5, sensors=3, duration_s=600.0, link=link, from_s=60)
    assert np.median(errors) < 1.0
    assert np.percentile(errors, 95) < 4.0


@pytest.mark.parametrize("ppm", [-150.0, -40.0, 0.0, 40.0, 150.0])
def test_drift_and_offset_are_found_and_published(ppm: float) -> None:
    stream = simulate(200.0, 104.0, 4, np.random.default_rng(2), drift_ppm=ppm)
    clock = SensorClock()
    errors_s(stream, clock)
    report = clock.report()
    assert report.quality == "good"
    # A clock that runs fast by ppm shows more of its own seconds in one of ours.
    assert report.fit.drift_ppm == pytest.approx(-ppm, abs=8)
    assert report.fit.residual_ms is not None and report.fit.residual_ms < 2.0
    unwrapped_s = (stream.reading_us[0] + (stream.true_s[-1] - stream.true_s[0]) * 1e6) * 1e-6
    predicted = unwrapped_s * (1 + report.fit.drift_ppm * 1e-6) + report.fit.offset_s
    # ppm × 200 s of the sensor's own clock are not in `unwrapped_s`.
    assert predicted == pytest.approx(stream.true_s[-1], abs=200e-6 * 200)


def test_a_clock_worse_than_any_crystal_is_clipped_and_called_low() -> None:
    stream = simulate(60.0, 104.0, 4, np.random.default_rng(2), drift_ppm=2000.0)
    clock = SensorClock()
    errors_s(stream, clock)
    assert abs(clock.report().fit.drift_ppm) == pytest.approx(200)
    assert clock.report().quality == "low"


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from(((104.0, 4), (60.0, 1), (100.0, 8))),
    ppm=st.floats(-300, 300),
    stall_s=st.floats(0, 8),
)
def test_stamps_grow_are_final_and_never_step(
    seed: int, rate: tuple[float, int], ppm: float, stall_s: float
) -> None:
    link = Link(outages_per_min=6.0, outage_s=stall_s)
    stream = simulate(40.0, *rate, np.random.default_rng(seed), link, drift_ppm=ppm)
    clock = SensorClock()
    device_us = np.cumsum(np.diff(stream.reading_us, prepend=stream.reading_us[0]) % 2**32)
    stamps = np.empty(len(device_us))
    for i, (arrival, time_us) in enumerate(zip(stream.arrival_s, device_us, strict=True)):
        clock.feed(float(arrival), int(time_us))
        stamps[i] = clock.to_session_s([time_us])[0]
        if i % 50 == 49:  # whatever is asked again gets the same answer
            again = clock.to_session_s(device_us[i - 40 : i + 1])
            np.testing.assert_allclose(again, stamps[i - 40 : i + 1], rtol=0, atol=1e-9)
    slew = np.abs(np.diff(stamps) / (np.diff(device_us) * 1e-6) - 1)
    assert slew.max() < 0.21  # a first packet that waited for seconds
    assert slew[device_us[1:] > 20e6 + stall_s * 5e6].max(initial=0.0) < 0.007


def test_a_first_packet_that_waited_is_made_up_for_within_seconds() -> None:
    stream = simulate(40.0, 104.0, 4, np.random.default_rng(1), Link(outages_per_min=0.0))
    stream.arrival_s[:20] = stream.arrival_s[20]  # three quarters of a second in a queue
    true_s, errors = errors_s(stream, SensorClock())
    assert errors[0] > 0.6
    assert np.abs(errors[true_s > 20.0]).max() < 0.004


def test_a_restart_is_a_new_segment_that_does_not_go_back() -> None:
    clock = SensorClock()
    first = simulate(60.0, 104.0, 4, np.random.default_rng(0), drift_ppm=30.0)
    errors_s(first, clock)
    before = clock.to_session_s([int(first.reading_us[-1]) + 2**32])[0]
    clock.restart()
    with pytest.raises(ValueError, match="no packet"):
        clock.to_session_s([0])
    assert clock.report().quality == "unknown"
    clock.feed(first.arrival_s[-1] - 1.0, 500)
    assert clock.to_session_s([500])[0] > before
    assert clock.report().segments == 2
    # The crystal is the same: the drift is not learned from nothing again.
    assert clock.report().fit.drift_ppm == pytest.approx(-30.0, abs=10)


def test_pings_mend_a_rate_that_is_commensurate_with_the_connection_interval() -> None:
    plain, pinged = (
        np.concatenate([worst_pair_ms(100.0, 4, seed=s, duration_s=120.0, pings=p) for s in (3, 4)])
        for p in (False, True)
    )
    assert np.median(pinged) < 0.6 * np.median(plain)
    assert np.median(pinged) < 2.5


def test_an_answer_before_its_question_is_disregarded() -> None:
    clock = SensorClock()
    clock.feed_ping(1.0, 5, 2.0)  # and so is one before any packet
    stream = simulate(30.0, 104.0, 4, np.random.default_rng(0))
    errors_s(stream, clock)
    expected = clock.report()
    for i in range(20):
        clock.feed_ping(100.0 + i, int(stream.reading_us[-1]), 99.0)
    clock.feed(stream.arrival_s[-1] + 2.0, int(stream.reading_us[-1]) + 2_000_000)
    assert clock.report().fit.offset_s == pytest.approx(expected.fit.offset_s, abs=0.002)


def test_phase_gaps_of_the_rates_we_meet() -> None:
    assert phase_gap_s(100.0, 0.015) == pytest.approx(0.005)
    assert phase_gap_s(100.0, 0.030) == pytest.approx(0.010)
    assert phase_gap_s(60.0, 0.015) == pytest.approx(1 / 600)
    assert phase_gap_s(104.0, 0.015) == pytest.approx(0.005 / 13)
    wanting = [r for r in (50, 60, 99.84, 100, 104, 105.35, 119, 120, 125) if needs_pings(r)]
    assert wanting == [50, 60, 100, 120, 125]


@given(st.floats(-1e-3, 1e-3), st.integers(4, 60), st.integers(0, 99))
def test_theil_sen_is_deaf_to_a_quarter_of_wild_minima(slope: float, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.arange(n) * 2.0
    y = slope * x
    wild = rng.choice(n, n // 8, replace=False)
    y[wild] += rng.uniform(0.01, 1.0, len(wild))
    assert theil_sen_slope(x, y) == pytest.approx(slope, abs=1e-9)


def test_drift_of_a_short_stretch_stays_near_what_is_usual() -> None:
    x = np.arange(3) * 2.0
    noisy = np.array([0.0, 0.004, 0.002])
    assert abs(drift(x, noisy, 200e-6)) < 40e-6
    assert drift(x[:2], noisy[:2], 200e-6, usual=17e-6) == 17e-6
