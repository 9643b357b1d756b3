import struct

import numpy as np
import pytest
from device_streams import decode_all, instants, joined, motion
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.devices import dot, dot_sync
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.dot import Dot, DotDecoder, PayloadMode
from firmware_bridge.devices.peripherals.base import WriteRefused
from firmware_bridge.devices.peripherals.dot import DotPeripheral
from firmware_bridge.units import DEG
from recordings.errors import SensorError


def started(peripheral: DotPeripheral, family: Dot | None = None) -> DotPeripheral:
    family = family or Dot()
    values = {uuid: peripheral.on_read(uuid) for uuid in family.status_characteristics()}
    for write in family.start(values=values):
        peripheral.on_write(write.characteristic, write.data, 0)
    return peripheral


def test_golden_rate_quantities() -> None:
    packet = struct.pack("<I6f", 0xFFFFFFFF, 0.5, -1.25, 9.75, 90.0, -180.0, 0.25).ljust(40, b"\0")
    part = DotDecoder().feed(dot.MEDIUM_PAYLOAD, packet)
    assert part is not None and part.device_time_us is not None
    assert part.acc_m_s2.tolist() == [[0.5, -1.25, 9.75]]
    np.testing.assert_allclose(part.gyr_rad_s, [[np.pi / 2, -np.pi, 0.25 * DEG]])
    assert part.device_time_us.tolist() == [0xFFFFFFFF]
    assert part.counter is None


def test_golden_writes() -> None:
    stop, rate, start = Dot().start(60.0)
    assert (stop.characteristic, stop.data.hex()) == (dot.MEASUREMENT_CONTROL, "010015")
    assert (start.characteristic, start.data.hex()) == (dot.MEASUREMENT_CONTROL, "010115")
    assert rate.characteristic == dot.DEVICE_CONTROL
    assert rate.data == bytes([0x10]) + bytes(23) + struct.pack("<H", 60) + bytes(6)


def test_setting_the_rate_keeps_every_other_setting() -> None:
    current = bytes(range(100, 132))
    changed = dot.control_with_rate(current, 30)
    assert changed[0] == dot.VISIT_RATE
    assert changed[1:24] == current[1:24]
    assert struct.unpack_from("<H", changed, 24) == (30,)
    assert changed[26:] == current[26:]


def test_a_rate_it_lacks_is_refused_in_words() -> None:
    with pytest.raises(SensorError, match=r"cannot stream at 120 Hz.*60 Hz") as caught:
        Dot().start(120.0)
    assert caught.value.reason == "rate_not_supported"


@given(
    mode=st.sampled_from(PayloadMode),
    first_us=st.sampled_from((0, 2**32 - 500_000, 2**31)),
    n=st.integers(1, 80),
)
def test_samples_survive_the_air_over_wraps(mode: PayloadMode, first_us: int, n: int) -> None:
    acc, gyr = motion(n)
    peripheral = started(DotPeripheral(first_device_time_us=first_us), Dot(mode))
    times = instants(n, 60.0)
    parts = decode_all(DotDecoder(), peripheral.encode(acc, gyr, times))
    assert (joined(parts, "device_time_us") == times + first_us).all()
    np.testing.assert_allclose(joined(parts, "acc_m_s2"), acc, rtol=1e-6)
    np.testing.assert_allclose(joined(parts, "gyr_rad_s"), gyr, rtol=1e-6)


@given(away_s=st.floats(0, 5 * 3600))
def test_any_pause_is_bridged_by_host_time(away_s: float) -> None:
    peripheral = started(DotPeripheral())
    decoder = DotDecoder()
    decode_all(decoder, peripheral.encode(*motion(5), instants(5, 60.0)))
    decoder.reconnected(away_s * (1 + 40e-6) + 1.0)
    later_us = 83_333 + round(away_s * 1e6)
    (part,) = decode_all(decoder, peripheral.encode(*motion(1), instants(1, 60.0, later_us)))
    assert part.device_time_us is not None
    assert part.device_time_us[0] == later_us
    assert not part.restarted


def test_a_reboot_during_a_pause_starts_a_new_clock() -> None:
    peripheral = started(DotPeripheral(first_device_time_us=500_000_000))
    decoder = DotDecoder()
    decode_all(decoder, peripheral.encode(*motion(5), instants(5, 60.0)))
    decoder.reconnected(20.0)
    peripheral.reboot()
    started(peripheral)
    parts = decode_all(decoder, peripheral.encode(*motion(3), instants(3, 60.0, 4_000_000)))
    assert [part.restarted for part in parts] == [True, False, False]
    assert joined(parts, "device_time_us")[0] == 4_000_000


def test_duplicates_are_dropped_and_late_packets_are_not() -> None:
    times = instants(60, 60.0, 2**32 - 300_000)
    packets = started(DotPeripheral()).encode(*motion(60), times)
    air = [*packets[:10], packets[12], packets[11], packets[10], packets[12], *packets[13:]]
    decoder = DotDecoder()
    parts = decode_all(decoder, air)
    assert decoder.duplicate_packets == 1
    assert sorted(joined(parts, "device_time_us")) == times.tolist()
    assert not any(part.restarted for part in parts)


def test_values_that_no_dot_can_measure_are_malformed() -> None:
    decoder = DotDecoder()
    good = struct.pack("<I6f", 1, 0, 0, 9.8, 0, 0, 0)
    for at, value in ((4, np.nan), (8, np.inf), (12, 250.0), (16, -2600.0), (24, 3e38)):
        bad = bytearray(good)
        struct.pack_into("<f", bad, at, value)
        assert decoder.feed(dot.MEDIUM_PAYLOAD, bytes(bad)) is None
    assert decoder.feed(dot.MEDIUM_PAYLOAD, good[:-1]) is None
    assert decoder.feed(dot.LONG_PAYLOAD, good) is None
    assert decoder.feed(dot.MEDIUM_PAYLOAD, good + bytes(13)) is None
    assert decoder.malformed_packets == 8
    assert decoder.feed(dot.MEDIUM_PAYLOAD, good) is not None


def test_values_at_full_scale_are_counted() -> None:
    peripheral = started(DotPeripheral())
    acc, gyr = np.array([[400.0, 0, -400.0]]), np.array([[0.0, 50.0, 0]])
    (part,) = decode_all(DotDecoder(), peripheral.encode(acc, gyr, instants(1, 60.0)))
    assert part.clipped == 3


def test_facts() -> None:
    peripheral = started(DotPeripheral(0xD42200A1B2C3D4E5, battery_percent=33))
    decoder = DotDecoder()
    for uuid in Dot().status_characteristics():
        assert decoder.feed(uuid, peripheral.on_read(uuid)) is None
    facts = decoder.facts
    assert (facts.device_id, facts.firmware, facts.model) == ("D42200A1B2C3D4E5", "2.4.0", "XS-T01")
    assert (facts.battery_percent, facts.charging, facts.rate_hz) == (33.0, False, 60.0)
    decoder.feed(dot.BATTERY, b"\x65\x00")
    assert decoder.malformed_packets == 1


def test_the_rate_cannot_change_while_measuring() -> None:
    peripheral = started(DotPeripheral())
    with pytest.raises(WriteRefused):
        peripheral.on_write(dot.DEVICE_CONTROL, dot.control_with_rate(None, 30), 0)
    for write in Dot().start(30.0):
        peripheral.on_write(write.characteristic, write.data, 0)
    assert (peripheral.rate_hz, peripheral.streaming) == (30.0, True)
    for write in (*Dot().identify(), *Dot().stop()):
        peripheral.on_write(write.characteristic, write.data, 0)
    assert (peripheral.rate_hz, peripheral.streaming) == (30.0, False)
    assert peripheral.identify_requests == 1
    assert peripheral.encode(*motion(3), instants(3, 60.0)) == []


def test_sync_messages_match_the_examples_of_the_specification() -> None:
    assert dot_sync.start_sync("D4:CA:6E:F1:69:3D").data.hex() == "0207013d69f16ecad453"
    assert dot_sync.stop_sync().data.hex() == "020102fb"
    assert dot_sync.ask_sync_status().data.hex() == "020108f5"
    assert dot_sync.build_message(1, b"\x02").hex() == "010102fc"
    assert dot_sync.sync_result(bytes.fromhex("02020300f9")) is dot_sync.SyncResult.SUCCESS
    with pytest.raises(ValueError, match="address"):
        dot_sync.start_sync("ABCD")


@given(st.binary(max_size=20))
def test_any_bytes_are_a_sync_answer_only_with_the_right_checksum(data: bytes) -> None:
    message = dot_sync.parse_message(data)
    if message is not None:
        rebuilt = dot_sync.build_message(message.identifier, message.payload)
        assert data.startswith(rebuilt)
    dot_sync.sync_result(data)
    dot_sync.is_synchronised(data)


def test_a_synchronisation_from_start_to_stop() -> None:
    peripheral = DotPeripheral()

    def send(write: dot_sync.Write) -> list:
        return peripheral.on_write(write.characteristic, write.data, 0)

    send(dot_sync.start_sync("D4:CA:6E:F1:69:3D"))
    peripheral.on_disconnect()
    assert peripheral.streaming
    answer = peripheral.on_read(dot_sync.ACKNOWLEDGE)
    assert dot_sync.sync_result(answer) is dot_sync.SyncResult.SUCCESS
    assert dot_sync.is_synchronised(send(dot_sync.ask_sync_status())[0].data) is True
    send(dot_sync.stop_sync())
    assert dot_sync.is_synchronised(send(dot_sync.ask_sync_status())[0].data) is False


def test_recognised_by_name_or_service() -> None:
    family = Dot()
    assert family.recognises(DotPeripheral().announcement().from_address("a"))
    assert family.recognises(Advertisement("a", "Xsens DOT"))
    assert family.recognises(Advertisement("a", "", (dot.MEASUREMENT_SERVICE,)))
    assert not family.recognises(Advertisement("a", "Dot", (), {dot.MANUFACTURER_ID: b"\0"}))
