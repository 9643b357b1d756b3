"""The C encoder against the Python decoder and encoder, and the stamping of samples."""

import ctypes
import zlib
from collections import deque
from pathlib import Path

import numpy as np
import pytest
from host_build import build_library
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.gait_profile import GaitDecoder

C = ctypes
PERIOD_US = 9615


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> C.CDLL:
    library = C.CDLL(str(build_library(Path(tmp_path_factory.mktemp("abi")) / "firmware.so")))
    library.abi_encoder_size.restype = C.c_size_t
    library.abi_ready_size.restype = C.c_size_t
    library.abi_encode.restype = C.c_size_t
    library.abi_crc32.restype = C.c_uint32
    for name in ("abi_ready_take", "abi_ready_empty", "abi_ready_overrun"):
        getattr(library, name).restype = C.c_bool
    return library


def c_packets(
    lib: C.CDLL, raw: np.ndarray, counters: np.ndarray, times: np.ndarray, per_packet: int
) -> list[bytes]:
    encoder = C.create_string_buffer(lib.abi_encoder_size())
    lib.abi_encoder_init(encoder, C.c_uint16(0xBEEF), C.c_uint8(0x27), C.c_uint8(per_packet))
    out = C.create_string_buffer(len(raw) * 40 + 300)
    used = lib.abi_encode(
        encoder,
        np.ascontiguousarray(raw, np.int16).ctypes,
        np.ascontiguousarray(counters & 0xFFFFFFFF, np.uint32).ctypes,
        np.ascontiguousarray(times & 0xFFFFFFFF, np.uint32).ctypes,
        C.c_size_t(len(raw)),
        out,
    )
    stream, at, packets = out.raw[:used], 0, []
    while at < len(stream):
        size = stream[at]
        packets.append(stream[at + 1 : at + 1 + size])
        at += 1 + size
    return packets


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    n=st.integers(1, 120),
    per_packet=st.integers(0, 25),
    start=st.tuples(
        st.integers(2**32 - 130, 2**32 + 10), st.integers(2**32 - 1_200_000, 2**32 + 10)
    ),
    gaps=st.lists(st.tuples(st.integers(1, 119), st.integers(1, 5000)), max_size=4),
    seed=st.integers(0, 1000),
)
def test_c_packets_decode_to_what_was_sampled_over_wraps_and_gaps(
    lib: C.CDLL,
    *,
    n: int,
    per_packet: int,
    start: tuple[int, int],
    gaps: list[tuple[int, int]],
    seed: int,
) -> None:
    counter, first_us = start
    raw = np.random.default_rng(seed).integers(-32768, 32768, (n, 6)).astype(np.int16)
    numbers = np.arange(n)
    for at, lost in gaps:
        numbers[at:] += lost
    counters = counter + numbers
    times = first_us + PERIOD_US * numbers
    packets = c_packets(lib, raw, counters, times, per_packet)
    decoder = GaitDecoder()
    parts = [decoder.feed(wire.DATA, p) for p in packets]
    assert decoder.malformed_packets == decoder.duplicate_packets == 0
    got = [part for part in parts if part is not None]
    assert len(got) == len(packets)
    if not got:
        return
    decoded = np.concatenate([part.counter for part in got if part.counter is not None])
    stamped = np.concatenate([p.device_time_us for p in got if p.device_time_us is not None])
    k = len(decoded)
    assert n - k < min(max(per_packet, 1), wire.MAX_SAMPLES)
    base = counter - (counter & 0xFFFFFFFF)
    assert (decoded == counters[:k] - base).all()
    assert (stamped == times[:k] - (first_us - (first_us & 0xFFFFFFFF))).all()
    scale = np.repeat((wire.ACC_SCALES_G[2] * 9.80665, np.radians(0.07)), 3)
    values = np.hstack(
        [np.vstack([p.acc_m_s2 for p in got]), np.vstack([p.gyr_rad_s for p in got])]
    )
    assert (np.rint(values / scale) == raw[:k]).all()


def test_c_and_python_encode_the_same_bytes(lib: C.CDLL) -> None:
    raw = np.random.default_rng(0).integers(-32768, 32768, (72, 6)).astype(np.int16)
    for n in range(1, wire.MAX_SAMPLES + 1):
        times = 4_294_900_000 + PERIOD_US * np.arange(n)
        (from_c,) = c_packets(lib, raw[:n], 2**32 - 3 + np.arange(n), times, n)
        from_python = wire.build_packet(
            raw[:n], counter=2**32 - 3, t_us=int(times[0]), period_us=PERIOD_US, boot=0xBEEF,
            scale_codes=0x27,
        )  # fmt: skip
        assert from_c == from_python


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_crc_is_that_of_zlib(lib: C.CDLL, data: bytes) -> None:
    assert lib.abi_crc32(data, C.c_size_t(len(data))) == zlib.crc32(data)


def test_info_and_echo_are_read_by_the_host(lib: C.CDLL) -> None:
    out = C.create_string_buffer(24)
    uid = 0x0123456789ABCDEF
    lib.abi_info(
        out, C.c_uint8(0x27), C.c_uint16(7), C.c_uint32(104_000), uid.to_bytes(8, "little"),
        C.c_uint8(4), C.c_bool(True),
    )  # fmt: skip
    expected = wire.InfoRecord(0x27, 7, 104.0, uid, 4, True)
    assert wire.parse_info(out.raw) == expected
    assert wire.build_info(expected) == out.raw
    lib.abi_echo(out, b"ABCDEFGH", C.c_uint32(2**32 - 1), C.c_uint16(7))
    assert wire.parse_echo(out.raw[:20]) == (b"ABCDEFGH", 2**32 - 1, 7)


class Sensor:
    """Samples that become ready, wait in a FIFO and are read by a loop that may stall."""

    def __init__(self, lib: C.CDLL, capacity: int = 100_000, *, wired: bool = True) -> None:
        self.lib, self.capacity, self.wired = lib, capacity, wired
        self.ready = C.create_string_buffer(lib.abi_ready_size())
        self.start_us = 2**32 - 3_000_000
        self.now_us = self.start_us
        lib.abi_ready_init(self.ready, C.c_uint32(PERIOD_US), self.u32(self.now_us), C.c_uint32(0))
        self.fifo: deque[int] = deque()
        self.next = 0
        self.overrun = False
        self.read: list[tuple[int, int, int]] = []  # sample, counter, instant
        self.missed: set[int] = set()

    @staticmethod
    def u32(value: int) -> C.c_uint32:
        return C.c_uint32(value & 0xFFFFFFFF)

    def true_us(self, sample: int) -> int:
        return self.start_us + 5000 + round(sample * PERIOD_US * 1.003)

    def wait(self, us: int) -> None:
        self.now_us += us
        while self.true_us(self.next) <= self.now_us:
            self.fifo.append(self.next)
            if self.wired and self.next not in self.missed:
                self.lib.abi_ready_edge(self.ready, self.u32(self.true_us(self.next)))
            self.next += 1
        while len(self.fifo) > self.capacity:
            self.fifo.popleft()
            self.overrun = True

    def loop(self) -> None:
        level, now = len(self.fifo), self.u32(self.now_us)
        if not self.wired:
            self.lib.abi_ready_polled(self.ready, now, C.c_uint32(level))
        if self.overrun:
            self.lib.abi_ready_overrun(self.ready, C.c_uint32(level))
            self.overrun = False
        if level == 0:
            self.lib.abi_ready_empty(self.ready, now)
        counter, instant = C.c_uint32(), C.c_uint32()
        for unread in range(level, 0, -1):
            if not self.lib.abi_ready_take(
                self.ready, now, C.c_uint32(unread), C.byref(counter), C.byref(instant)
            ):
                break
            self.read.append((self.fifo.popleft(), counter.value, instant.value))

    def errors_us(self) -> np.ndarray:
        """Stamp minus truth, on the wrapped clock."""
        diff = np.array([t - self.true_us(s) for s, _, t in self.read])
        return (diff + 2**31) % 2**32 - 2**31

    def offsets(self) -> np.ndarray:
        """Counter minus sample number: constant where every loss is counted."""
        return np.array([c - s for s, c, _ in self.read])


def test_stamps_are_the_data_ready_instants_whatever_the_loop_does(lib: C.CDLL) -> None:
    sensor = Sensor(lib)
    rng = np.random.default_rng(0)
    for _ in range(4000):
        sensor.wait(int(rng.choice((300, 2000, 60_000), p=(0.8, 0.19, 0.01))))
        sensor.loop()
    assert len(sensor.read) > 500
    assert (sensor.errors_us() == 0).all()
    assert (sensor.offsets() == 0).all()


def test_a_fifo_that_overflows_leaves_a_gap_in_the_counter(lib: C.CDLL) -> None:
    sensor = Sensor(lib, capacity=32)
    for stall_us in (300, 300_000, 300, 1_500_000, 300):
        sensor.wait(stall_us)
        for _ in range(400):
            sensor.wait(500)
            sensor.loop()
    samples = [s for s, _, _ in sensor.read]
    assert len(samples) < sensor.next - 100
    assert (sensor.errors_us() == 0).all()
    assert (sensor.offsets() == 0).all()


def test_a_stall_longer_than_the_memory_of_instants_keeps_numbers_and_nearly_times(
    lib: C.CDLL,
) -> None:
    sensor = Sensor(lib, capacity=341)
    sensor.wait(100_000)
    sensor.loop()
    sensor.wait(3_000_000)
    for _ in range(200):
        sensor.wait(300)
        sensor.loop()
    assert (sensor.offsets() == 0).all()
    assert np.abs(sensor.errors_us()).max() < 70 * 0.003 * PERIOD_US + 100


def test_missed_interrupts_are_made_up_for(lib: C.CDLL) -> None:
    sensor = Sensor(lib)
    sensor.missed = {100, 101, 102, 400}
    for _ in range(20_000):
        sensor.wait(300)
        sensor.loop()
    assert len(sensor.read) == sensor.next
    assert (sensor.offsets() == 0).all()
    errors = sensor.errors_us()
    # Of four samples the instant is a guess by the period, of which it takes 0.3 %.
    assert (errors != 0).sum() <= 4
    assert np.abs(errors).max() < 1000


def test_without_a_data_ready_line_stamps_stay_within_the_poll(lib: C.CDLL) -> None:
    sensor = Sensor(lib, wired=False)
    rng = np.random.default_rng(1)
    for _ in range(20_000):
        sensor.wait(int(rng.choice((400, 900, 25_000), p=(0.7, 0.298, 0.002))))
        sensor.loop()
    errors = sensor.errors_us()[10:]
    assert (sensor.offsets() == 0).all()
    assert np.percentile(np.abs(errors), 95) < 900
    assert np.abs(errors).max() < PERIOD_US
