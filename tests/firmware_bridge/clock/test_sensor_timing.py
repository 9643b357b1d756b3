import numpy as np
import pytest
from clock_simulation import Link, simulate

from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.base import DecodedSamples, SyncEcho
from firmware_bridge.devices.gait_profile import GaitProfile
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.devices.witmotion import WitMotion
from firmware_bridge.sensor_timing import SensorTiming


def samples(
    n: int, counter: int | None = None, first_us: int | None = None, period_us: int = 0
) -> DecodedSamples:
    return DecodedSamples(
        np.zeros((n, 3)),
        np.zeros((n, 3)),
        None if counter is None else counter + np.arange(n),
        None if first_us is None else first_us + period_us * np.arange(n),
    )


def test_a_sensor_from_bytes_to_session_time() -> None:
    rng = np.random.default_rng(4)
    stream = simulate(120.0, 104.0, 4, rng, drift_ppm=25.0)
    peripheral = GaitPeripheral()
    peripheral.on_write(wire.CONTROL, bytes((wire.COMMAND_START, 4)), 0)
    n = 4 * len(stream.true_s)
    sample_us = np.rint(np.arange(1, n + 1) * 1e6 / 104).astype(np.int64) + 2**32 - 30_000_000
    packets = peripheral.encode(np.zeros((n, 3)), np.zeros((n, 3)), sample_us)
    family = GaitProfile()
    decoder, timing = family.decoder(), SensorTiming(family, 104.0)
    lost = rng.random(len(packets)) < 0.05
    lost[[0, -1]] = False
    stamps, truth = [], []
    for packet, gone, arrival, true_s in zip(
        packets, lost, stream.arrival_s, stream.true_s, strict=True
    ):
        if not gone:
            part = decoder.feed(packet.characteristic, packet.data)
            assert part is not None
            stamps.append(timing.stamp(float(arrival), part)[-1])
            truth.append(true_s)
    errors = np.array(stamps) - truth
    settled = errors[len(errors) // 4 :]
    assert np.ptp(settled) < 0.002
    assert 0.0 < np.median(settled) < 0.003
    assert timing.report().quality == "good"


@pytest.mark.parametrize(
    ("period_us", "per_packet", "wanted"), [(9615, 4, False), (10_000, 4, True), (10_000, 1, True)]
)
def test_pings_are_heeded_only_where_they_say_more_than_arrivals(
    period_us: int, per_packet: int, wanted: bool
) -> None:
    timing = SensorTiming(GaitProfile())
    assert not timing.wants_pings
    late_s = 0.0
    for k in range(0, 4000, per_packet):
        newest_us = (k + per_packet - 1) * period_us
        arrival = newest_us * 1e-6 + 0.010
        stamps = timing.stamp(arrival, samples(per_packet, k, k * period_us, period_us))
        late_s = stamps[-1] - newest_us * 1e-6
        # Ping and arrival leave 6 ms between them, of which least delays explain 2.
        timing.take_echo(arrival - 0.006, SyncEcho(b"8 bytes!", newest_us), arrival)
    assert timing.wants_pings is wanted
    assert late_s == pytest.approx(0.006 if wanted else 0.010, abs=1e-4)


def test_a_late_packet_is_stamped_where_it_belongs() -> None:
    timing = SensorTiming(GaitProfile())
    stamps: dict[int, np.ndarray] = {}
    for k in (0, 1, 3, 2, 4):
        part = samples(4, counter=4 * k, first_us=38_460 * k, period_us=9615)
        stamps[k] = timing.stamp(0.04 * k + 0.05, part)
    assert np.all(np.diff(np.concatenate([stamps[k] for k in range(5)])) > 0)


def test_a_reboot_loses_no_monotony() -> None:
    timing = SensorTiming(GaitProfile())
    before = timing.stamp(10.0, samples(4, counter=4000, first_us=40_000_000, period_us=9615))
    part = samples(4, counter=0, first_us=100, period_us=9615)
    part = DecodedSamples(
        part.acc_m_s2, part.gyr_rad_s, part.counter, part.device_time_us, restarted=True
    )
    after = timing.stamp(12.0, part)
    assert after[0] > before[-1]
    assert timing.report().segments == 2


def witmotion_run(
    duration_s: float, true_rate_hz: float, lost: slice, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, SensorTiming]:
    rng = np.random.default_rng(seed)
    stream = simulate(duration_s, true_rate_hz, 4, rng, Link(0.030), drift_ppm=0.0)
    kept = np.ones(len(stream.true_s), bool)
    kept[lost] = False
    timing = SensorTiming(WitMotion(), 100.0)
    stamps = [timing.stamp(float(arrival), samples(4))[-1] for arrival in stream.arrival_s[kept]]
    return np.array(stamps), stream.true_s[kept], timing


def test_a_sensor_without_a_clock_finds_its_rate_and_is_flagged() -> None:
    stamps, true_s, timing = witmotion_run(180.0, 99.3, slice(0, 0))
    errors = stamps - true_s
    assert np.abs(errors[len(errors) // 3 :]).max() < 0.02
    report = timing.report()
    assert report.quality == "low"
    assert report.fit.drift_ppm == pytest.approx((100 / 99.3 - 1) * 1e6, abs=200)
    assert (timing.estimated_lost, timing.estimated_gaps) == (0, 0)
    assert np.all(np.diff(stamps) > 0)


@pytest.mark.parametrize("packets_lost", [1, 5, 60])
def test_loss_without_a_counter_is_met_by_a_step_within_seconds(packets_lost: int) -> None:
    stamps, true_s, timing = witmotion_run(
        180.0, 100.0, slice(1500, 1500 + packets_lost), seed=packets_lost
    )
    errors = stamps - true_s
    assert timing.estimated_gaps == 1
    assert timing.estimated_lost == pytest.approx(4 * packets_lost, abs=2)
    assert np.abs(errors[1700:]).max() < 0.03
    assert np.all(np.diff(stamps) > 0)


def test_a_sensor_without_a_clock_is_anchored_anew_after_a_reconnect() -> None:
    timing = SensorTiming(WitMotion(), 100.0)
    for k in range(1000):
        timing.stamp(0.05 + 0.04 * k, samples(4))
    timing.reconnected()
    stamps = timing.stamp(60.0, samples(4))
    np.testing.assert_allclose(stamps, 60.0 - 0.01 * np.array([3, 2, 1, 0]), atol=1e-3)


def test_a_reboot_whose_first_packets_come_late_is_timed_right_at_once() -> None:
    """Packets of a new clock that wait together begin where the least delayed one says."""
    timing = SensorTiming(GaitProfile(), 100.0)
    timing.stamp(10.0, samples(4, 0, 1_000_000, 10_000))
    reboot_s, delay_s = 20.0, 0.002
    packets = []
    for k in range(12):
        part = samples(4, 4 * k, 40_000 * k, 10_000)
        if k == 0:
            part = DecodedSamples(
                part.acc_m_s2, part.gyr_rad_s, part.counter, part.device_time_us, restarted=True
            )
        taken_s = reboot_s + 0.04 * k + 0.03
        # The first five waited for the link and came together, 0.2 s late at the most.
        arrival_s = max(taken_s, reboot_s + 0.25) + delay_s
        packets.append((arrival_s, part))
    stamped = np.concatenate(timing.stamp_new_clock(packets))
    truth = reboot_s + 0.01 * np.arange(48) + delay_s
    assert np.abs(stamped - truth).max() < 0.001
