import numpy as np
import pytest
from device_streams import decode_all, instants, joined, motion
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.devices import witmotion as wit
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.peripherals.witmotion import WitMotionPeripheral
from firmware_bridge.devices.witmotion import WitMotion, WitMotionDecoder
from firmware_bridge.units import STANDARD_GRAVITY
from recordings.errors import SensorError

SAMPLE = bytes.fromhex("5561F5FF2E000008FEFFFFFFFFFFD9FFB5000000")
BATTERY = bytes.fromhex("557164007E010000339B76FCA3C400000000E803")


def fed(*notifications: bytes) -> tuple[int, WitMotionDecoder]:
    decoder = WitMotionDecoder()
    parts = [decoder.feed(wit.NOTIFY, data) for data in notifications]
    return sum(len(part) for part in parts if part is not None), decoder


def test_golden_sample() -> None:
    part = WitMotionDecoder().feed(wit.NOTIFY, SAMPLE)
    assert part is not None
    np.testing.assert_allclose(
        part.acc_m_s2 / STANDARD_GRAVITY, [[-0.0054, 0.0225, 1.0]], atol=5e-5
    )
    np.testing.assert_allclose(np.degrees(part.gyr_rad_s), [[-0.122, -0.061, -0.061]], atol=5e-4)
    assert part.counter is None and part.device_time_us is None


def test_golden_battery_in_the_middle_of_a_notification() -> None:
    count, decoder = fed(SAMPLE + BATTERY + SAMPLE)
    assert count == 2
    assert decoder.facts.battery_percent == 75  # 3.82 V
    assert decoder.malformed_packets == 0


def test_golden_writes() -> None:
    assert [w.data.hex() for w in WitMotion().start(100.0)] == ["ffaa6988b5", "ffaa030900"]
    assert [w.data.hex() for w in WitMotion().battery_request()] == ["ffaa276400"]
    with pytest.raises(SensorError, match="cannot be set to 200 Hz"):
        WitMotion().start(200.0)


@given(
    n=st.integers(2, 40),
    cuts=st.lists(st.integers(1, 90), min_size=1, max_size=8),
)
def test_frames_survive_being_split_and_merged(n: int, cuts: list[int]) -> None:
    acc, gyr = motion(n)
    peripheral = WitMotionPeripheral(split_bytes=wit.FRAME_BYTES)
    stream = b"".join(p.data for p in peripheral.encode(acc, gyr, instants(n, 100.0)))
    decoder = WitMotionDecoder()
    parts, at, turn = [], 0, 0
    while at < len(stream):
        size = cuts[turn % len(cuts)]
        parts.append(decoder.feed(wit.NOTIFY, stream[at : at + size]))
        at, turn = at + size, turn + 1
    got = [part for part in parts if part is not None]
    # Nothing follows the last frame that would prove it: it may be held back.
    assert n - 1 <= sum(map(len, got)) <= n
    assert decoder.malformed_packets == 0
    whole = joined(got, "acc_m_s2")
    assert np.abs(whole - acc[: len(whole)]).max() <= wit.ACC_SCALE_M_S2


@pytest.mark.parametrize("size", [7, 12, 20, 33, 40, 80])
def test_lost_notifications_of_split_frames_make_no_sample(size: int) -> None:
    n = 3000
    acc, gyr = motion(n)
    peripheral = WitMotionPeripheral(split_bytes=size)
    packets = peripheral.encode(acc, gyr, instants(n, 100.0))
    kept = np.random.default_rng(1).random(len(packets)) > 0.1
    parts = decode_all(WitMotionDecoder(), [p for p, k in zip(packets, kept, strict=True) if k])
    got = joined(parts, "acc_m_s2")
    true = {row.tobytes() for row in np.rint(acc / wit.ACC_SCALE_M_S2).astype(np.int16)}
    raw = np.rint(got / wit.ACC_SCALE_M_S2).astype(np.int16)
    assert sum(row.tobytes() in true for row in raw) == len(raw)
    # A loss takes at most the frames that it cuts and one that it leaves unproven.
    assert len(raw) >= n - (~kept).sum() * (size / wit.FRAME_BYTES + 2)


def test_garbage_between_frames_is_counted_once_and_costs_no_frame() -> None:
    count, decoder = fed(SAMPLE, b"\x00\x55\x12garbage", SAMPLE * 2, SAMPLE)
    assert count == 4
    assert decoder.malformed_packets == 1


def test_a_torn_frame_does_not_reach_over_a_reconnect() -> None:
    decoder = WitMotionDecoder()
    assert decoder.feed(wit.NOTIFY, SAMPLE[:13]) is None
    decoder.reconnected(3.0)
    assert decoder.feed(wit.NOTIFY, SAMPLE[7:] + SAMPLE) is None
    part = decoder.feed(wit.NOTIFY, SAMPLE)
    assert part is not None and len(part) == 2
    assert decoder.malformed_packets == 2


def test_full_scale_is_counted() -> None:
    peripheral = WitMotionPeripheral(split_bytes=20)
    acc, gyr = np.array([[500.0, 0, -500.0]]), np.array([[0.0, 99.0, 0]])
    (part,) = decode_all(WitMotionDecoder(), peripheral.encode(acc, gyr, instants(1, 100.0)))
    assert part.clipped == 3


def test_the_model_packs_by_rate_and_answers_in_the_stream() -> None:
    peripheral = WitMotionPeripheral()
    sizes = {}
    for rate in wit.RATE_CODES:
        for write in WitMotion().start(rate):
            peripheral.on_write(write.characteristic, write.data, 0)
        sizes[rate] = {len(p.data) for p in peripheral.encode(*motion(8), instants(8, rate))}
    assert sizes == {20.0: {20}, 50.0: {40}, 100.0: {80}}
    decoder = WitMotionDecoder()
    (ask,) = WitMotion().battery_request()
    assert decode_all(decoder, peripheral.on_write(ask.characteristic, ask.data, 0)) == []
    assert decoder.facts.battery_percent == 75


def test_recognised_by_the_manufacturers_own_base_or_by_name() -> None:
    family = WitMotion()
    assert family.recognises(WitMotionPeripheral().announcement().from_address("a"))
    assert family.recognises(Advertisement("a", "WT9011DCL-BT50"))
    standard_base = wit.SERVICE.replace("9a34fb", "9b34fb")
    assert not family.recognises(Advertisement("a", "", (standard_base,)))
