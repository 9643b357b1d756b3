import numpy as np
import pytest
from device_streams import decode_all, instants, joined, motion
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices import gatt
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.gait_profile import GaitDecoder, GaitProfile
from firmware_bridge.devices.peripherals.base import WriteRefused
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.units import DEG, STANDARD_GRAVITY


def started(peripheral: GaitPeripheral, samples_per_packet: int = 4) -> GaitPeripheral:
    for write in GaitProfile(samples_per_packet).start():
        peripheral.on_write(write.characteristic, write.data, 0)
    return peripheral


GOLDEN = bytes.fromhex(
    "1002 00 27 fffeffff 00f0ffff 8f25 3412"  # 2 samples, ±8 g, ST ±2000 dps
    "0010 0000 00f0 6400 9cff 0000"
    "ff7f 0080 0000 0000 0000 e803"
    "05b57eeb"
)


def test_golden_packet() -> None:
    part = GaitDecoder().feed(wire.DATA, GOLDEN)
    assert part is not None
    np.testing.assert_allclose(
        part.acc_m_s2 / STANDARD_GRAVITY,
        [[1.0, 0.0, -1.0], [32767 / 4096, -8.0, 0.0]],
    )
    np.testing.assert_allclose(part.gyr_rad_s / DEG, [[7, -7, 0], [0, 0, 70]], atol=1e-12)
    assert part.counter is not None and part.device_time_us is not None
    assert part.counter.tolist() == [0xFFFFFEFF, 0xFFFFFF00]
    assert part.device_time_us.tolist() == [0xFFFFF000, 0xFFFFF000 + 9615]
    assert part.clipped == 2
    assert not part.restarted


@given(
    n=st.integers(1, 60),
    per_packet=st.integers(1, wire.MAX_SAMPLES),
    counter=st.sampled_from((0, 2**32 - 7, 2**16 - 3)),
    first_us=st.sampled_from((0, 2**32 - 100_000, 2**31)),
    rate_hz=st.sampled_from((50.0, 99.84, 104.0, 119.0, 200.0)),
)
def test_samples_survive_the_air_over_wraps(
    n: int, per_packet: int, counter: int, first_us: int, rate_hz: float
) -> None:
    acc, gyr = motion(n)
    peripheral = started(GaitPeripheral(rate_hz=rate_hz), per_packet)
    peripheral.counter = counter
    times = instants(n, rate_hz, first_us)
    parts = decode_all(GaitDecoder(), peripheral.encode(acc, gyr, times))
    whole = n // per_packet * per_packet
    assert sum(map(len, parts)) == whole
    if not whole:
        return
    assert joined(parts, "counter").tolist() == list(range(counter, counter + whole))
    # A packet tells the first instant and the mean period: the rounding of each may add.
    slack_us = 1 + per_packet / 2
    assert np.abs(joined(parts, "device_time_us") - times[:whole]).max() <= slack_us
    half_lsb = 0.5 / 4096 * STANDARD_GRAVITY + 1e-9
    assert np.abs(joined(parts, "acc_m_s2") - acc[:whole]).max() <= half_lsb
    assert np.abs(joined(parts, "gyr_rad_s") - gyr[:whole]).max() <= 0.035 * DEG + 1e-9


def test_every_loss_shows_in_the_counter_and_every_duplicate_is_dropped() -> None:
    n = 40_000
    acc, gyr = motion(n)
    packets = started(GaitPeripheral()).encode(acc, gyr, instants(n, 104.0, 2**32 - 5_000_000))
    rng = np.random.default_rng(3)
    lost = rng.random(len(packets)) < 0.05
    lost[[0, -1]] = False
    twice = rng.random(len(packets)) < 0.02
    air = [
        p
        for p, gone, dup in zip(packets, lost, twice, strict=True)
        if not gone
        for _ in range(1 + dup)
    ]
    decoder = GaitDecoder()
    parts = decode_all(decoder, air)
    counter = joined(parts, "counter")
    assert counter[-1] + 1 - counter[0] - len(counter) == 4 * lost.sum()
    assert decoder.duplicate_packets == (twice & ~lost).sum()
    assert decoder.malformed_packets == 0
    assert np.all(np.diff(counter) > 0)
    times = instants(n, 104.0, 2**32 - 5_000_000)
    assert np.abs(joined(parts, "device_time_us") - times[counter]).max() <= 2


def test_a_late_packet_comes_with_its_own_counter_and_time() -> None:
    acc, gyr = motion(400)
    packets = started(GaitPeripheral()).encode(acc, gyr, instants(400, 104.0, 2**32 - 1_000_000))
    packets[20], packets[23] = packets[23], packets[20]
    parts = decode_all(GaitDecoder(), packets)
    counter, time_us = joined(parts, "counter"), joined(parts, "device_time_us")
    assert sorted(counter) == list(range(400))
    order = np.argsort(counter)
    assert np.all(np.diff(time_us[order]) > 9000)
    assert not any(part.restarted for part in parts)


def test_a_pause_of_days_is_counted_exactly() -> None:
    acc, gyr = motion(8)
    peripheral = started(GaitPeripheral())
    decoder = GaitDecoder()
    before = decode_all(decoder, peripheral.encode(acc, gyr, instants(8, 104.0)))
    peripheral.on_disconnect()
    decoder.reconnected(0.0)
    away = 20_000_000  # samples: more than two days
    peripheral.counter += away
    later_us = round((8 + away) * 1e6 / 104)
    after = decode_all(decoder, peripheral.encode(acc, gyr, instants(8, 104.0, later_us)))
    assert joined(after, "counter")[0] - joined(before, "counter")[-1] - 1 == away
    assert joined(after, "device_time_us")[0] == later_us


def test_a_reboot_is_told_by_the_boot_number_whatever_was_lost() -> None:
    acc, gyr = motion(400)
    peripheral = started(GaitPeripheral())
    decoder = GaitDecoder()
    decode_all(decoder, peripheral.encode(acc, gyr, instants(400, 104.0)))
    peripheral.reboot()
    assert not peripheral.streaming
    started(peripheral)
    after = peripheral.encode(acc, gyr, instants(400, 104.0, 300_000))
    parts = decode_all(decoder, after[7:])
    assert [part.restarted for part in parts[:3]] == [True, False, False]
    assert parts[0].counter is not None and parts[0].counter[0] == 28


def test_a_counter_that_began_anew_under_the_same_boot_number_does_not_stick() -> None:
    acc, gyr = motion(4000)
    peripheral = started(GaitPeripheral())
    decoder = GaitDecoder()
    decode_all(decoder, peripheral.encode(acc, gyr, instants(4000, 104.0)))
    peripheral.counter = 0
    parts = decode_all(decoder, peripheral.encode(acc, gyr, instants(4000, 104.0)))
    assert parts[0].restarted
    assert sum(map(len, parts)) == 4000


def test_echo_is_on_the_clock_of_the_samples() -> None:
    acc, gyr = motion(400)
    peripheral = started(GaitPeripheral())
    decoder = GaitDecoder()
    times = instants(400, 104.0, 2**32 - 2_000_000)
    (ping,) = GaitProfile().ping(b"12345678")
    too_early = peripheral.on_write(ping.characteristic, ping.data, int(times[0]))
    assert decode_all(decoder, too_early) == []
    assert decoder.take_echoes() == []
    decode_all(decoder, peripheral.encode(acc, gyr, times))
    asked_us = int(times[-1]) + 1234
    decode_all(decoder, peripheral.on_write(ping.characteristic, ping.data, asked_us))
    (echo,) = decoder.take_echoes()
    assert (echo.token, echo.device_time_us) == (b"12345678", asked_us)
    assert decoder.take_echoes() == []
    with pytest.raises(ValueError, match="8 bytes"):
        GaitProfile().ping(b"short")


def test_facts_come_from_info_and_standard_services() -> None:
    peripheral = GaitPeripheral(uid=0xFEDCBA9876543210, rate_hz=119.0, battery_percent=42)
    decoder = GaitDecoder()
    for uuid in GaitProfile().status_characteristics():
        assert decoder.feed(uuid, peripheral.on_read(uuid)) is None
    facts = decoder.facts
    assert facts.device_id == "fedcba9876543210"
    assert (facts.rate_hz, facts.battery_percent) == (119.0, 42.0)
    assert (facts.acc_range_g, facts.gyr_range_dps) == (8.0, 2000.0)
    assert (facts.model, facts.firmware) == ("hipgait reference", "1.0")
    assert decoder.malformed_packets == 0
    decoder.feed(gatt.BATTERY_LEVEL, b"\xff")
    decoder.feed(wire.INFO, b"\x11" * 24)
    decoder.feed("unheard-of", b"")
    assert decoder.malformed_packets == 3
    assert facts.battery_percent == 42.0


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, 0x20), (0, 0x11), (1, 3), (3, 0x57), (3, 0x28)],
    ids=["next version", "another type", "wrong n", "unknown acc scale", "unknown gyr scale"],
)
def test_what_version_1_does_not_promise_is_malformed(at: int, value: int) -> None:
    changed = bytearray(GOLDEN[:-4])
    changed[at] = value
    decoder = GaitDecoder()
    assert decoder.feed(wire.DATA, wire.sealed(bytes(changed))) is None
    assert decoder.malformed_packets == 1


def test_the_sensor_refuses_what_it_does_not_know_and_obeys_the_rest() -> None:
    peripheral = GaitPeripheral()
    for bad in (b"", b"\x09", b"\x01", b"\x02\x01\x01"):
        with pytest.raises(WriteRefused):
            peripheral.on_write(wire.CONTROL, bad, 0)
    assert not started(peripheral, 18).encode(*motion(17), instants(17, 104.0))
    assert len(peripheral.encode(*motion(1), instants(1, 104.0, 10**6))) == 1
    for write in (*GaitProfile().identify(), *GaitProfile().stop()):
        peripheral.on_write(write.characteristic, write.data, 0)
    assert peripheral.identify_requests == 1
    assert peripheral.encode(*motion(50), instants(50, 104.0)) == []
    assert peripheral.counter == 68


def test_recognised_by_service_alone() -> None:
    family = GaitProfile()
    assert family.recognises(Advertisement("a", "", (wire.SERVICE,)))
    assert not family.recognises(Advertisement("a", "hipgait sensor"))
