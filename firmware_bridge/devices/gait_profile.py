"""Our open GATT profile, as the reference firmware speaks it.

The format of its packets is in `firmware_bridge.devices.gait_packet`.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices import gatt
from firmware_bridge.devices.base import (
    Advertisement,
    DecodedSamples,
    DeviceFacts,
    SyncEcho,
    Write,
)
from firmware_bridge.devices.gait_packet import (
    ACC_RANGES_G,
    ACC_SCALES_G,
    COMMAND_IDENTIFY,
    COMMAND_START,
    COMMAND_STOP,
    CONTROL,
    CRC,
    DATA,
    DEFAULT_SAMPLES,
    ECHO,
    GYR_RANGES_DPS,
    GYR_SCALES_DPS,
    HEADER,
    IMU_PACKET,
    INFO,
    MAX_SAMPLES,
    PACKET_SIZES,
    PING,
    SERVICE,
    known_scales,
    parse_echo,
    parse_info,
)
from firmware_bridge.devices.unwrap import Unwrapper, nearest
from firmware_bridge.units import DEG, STANDARD_GRAVITY

_STEPS = tuple(np.arange(n, dtype=np.int64) for n in range(MAX_SAMPLES + 1))
_REMEMBERED_PACKETS = 256
"""Packets within which a duplicate or a late packet is told from a counter gone wrong."""


class GaitProfile:
    """Sensors with the reference firmware: counter, µs clock, CRC, clock echo."""

    key = "gait"
    label = "hipgait sensor (open profile)"
    has_clock = True
    default_rate_hz = 104.0
    sync = None

    def __init__(self, samples_per_packet: int = DEFAULT_SAMPLES) -> None:
        if not 1 <= samples_per_packet <= MAX_SAMPLES:
            raise ValueError(f"samples_per_packet must be 1 … {MAX_SAMPLES}")
        self.samples_per_packet = samples_per_packet

    def recognises(self, advertisement: Advertisement) -> bool:
        return SERVICE in advertisement.service_uuids

    def data_characteristics(self) -> Sequence[str]:
        return (DATA, ECHO)

    def status_characteristics(self) -> Sequence[str]:
        return (INFO, *gatt.STANDARD_STATUS)

    def start(
        self, rate_hz: float | None = None, values: Mapping[str, bytes] | None = None
    ) -> Sequence[Write]:
        return (Write(CONTROL, bytes((COMMAND_START, self.samples_per_packet))),)

    def stop(self) -> Sequence[Write]:
        return (Write(CONTROL, bytes((COMMAND_STOP,))),)

    def identify(self) -> Sequence[Write]:
        return (Write(CONTROL, bytes((COMMAND_IDENTIFY, 5))),)

    def ping(self, token: bytes) -> Sequence[Write]:
        if len(token) != 8:
            raise ValueError("a ping token has 8 bytes")
        return (Write(PING, token, with_response=False),)

    def battery_request(self) -> Sequence[Write]:
        return ()

    def decoder(self) -> GaitDecoder:
        return GaitDecoder()


class GaitDecoder:
    """Decodes one sensor of the open profile."""

    def __init__(self) -> None:
        self.malformed_packets = 0
        self.duplicate_packets = 0
        self.facts = DeviceFacts()
        self._counter = Unwrapper(32)
        self._clock = Unwrapper(32)
        self._period_us = 0
        self._boot: int | None = None
        self._end = 0  # one past the highest sample number seen
        self._recent: OrderedDict[int, int] = OrderedDict()  # first sample → one past the last
        self._scale_codes = -1
        self._scale = np.empty(6)
        self._echoes: list[SyncEcho] = []

    def feed(self, characteristic: str, data: bytes) -> DecodedSamples | None:
        if characteristic == DATA:
            return self._feed_packet(data)
        if characteristic == ECHO:
            self._feed_echo(data)
        elif characteristic == INFO:
            self._feed_info(data)
        elif characteristic not in gatt.STANDARD_STATUS or not gatt.learn(
            self.facts, characteristic, data
        ):
            self.malformed_packets += 1
        return None

    def reconnected(self, away_s: float) -> None:
        """Nothing to do: the counter's 32 bits bridge any pause, and it carries the clock."""

    def take_echoes(self) -> Sequence[SyncEcho]:
        echoes, self._echoes = self._echoes, []
        return echoes

    def _feed_packet(self, data: bytes) -> DecodedSamples | None:
        n = PACKET_SIZES.get(len(data))
        if n is None or data[0] != IMU_PACKET or data[1] != n:
            self.malformed_packets += 1
            return None
        end = len(data) - CRC.size
        if zlib.crc32(memoryview(data)[:end]) != CRC.unpack_from(data, end)[0]:
            self.malformed_packets += 1
            return None
        _, _, _, scale_codes, counter, t_us, period_us, boot = HEADER.unpack_from(data)
        if scale_codes != self._scale_codes and not self._use_scale(scale_codes):
            self.malformed_packets += 1
            return None

        restarted = self._boot is not None and boot != self._boot
        if restarted:
            self._forget()
        self._boot = boot
        first = self._counter.peek(counter)
        if first < self._end:
            if self._is_far_behind(first):
                restarted = True
                self._forget()
                first = counter
            elif self._overlaps(first, first + n):
                self.duplicate_packets += 1
                return None
        time_us = self._unwrap_time(first, t_us)
        if first + n > self._end:
            self._end = first + n
            self._counter.last = first
            self._clock.last = time_us
            self._period_us = period_us or self._period_us
        self._recent[first] = first + n
        if len(self._recent) > _REMEMBERED_PACKETS:
            self._recent.popitem(last=False)

        raw = np.frombuffer(data, "<i2", 6 * n, HEADER.size).reshape(n, 6)
        values = raw * self._scale
        steps = _STEPS[n]
        return DecodedSamples(
            values[:, :3],
            values[:, 3:],
            steps + first,
            steps * period_us + time_us,
            restarted,
            _values_at_limit(data, raw),
        )

    def _unwrap_time(self, first: int, t_us: int) -> int:
        if self._clock.last is None or self._counter.last is None:
            return t_us
        expected = self._clock.last + (first - self._counter.last) * self._nominal_period_us
        return nearest(t_us, expected, 32)

    @property
    def _nominal_period_us(self) -> int:
        if self._period_us:
            return self._period_us
        return round(1e6 / (self.facts.rate_hz or GaitProfile.default_rate_hz))

    def _overlaps(self, first: int, end: int) -> bool:
        return any(f < end and first < e for f, e in self._recent.items())

    def _is_far_behind(self, first: int) -> bool:
        # Older than all that is remembered: not late, but a counter that began anew.
        return len(self._recent) == _REMEMBERED_PACKETS and first < min(self._recent) - MAX_SAMPLES

    def _forget(self) -> None:
        self._counter.reset()
        self._clock.reset()
        self._recent.clear()
        self._end = 0

    def _use_scale(self, codes: int) -> bool:
        if not known_scales(codes):
            return False
        self._scale_codes = codes
        self._scale[:3] = ACC_SCALES_G[codes >> 4] * STANDARD_GRAVITY
        self._scale[3:] = GYR_SCALES_DPS[codes & 15] * DEG
        self.facts.acc_range_g = ACC_RANGES_G[codes >> 4]
        self.facts.gyr_range_dps = GYR_RANGES_DPS[codes & 15]
        return True

    def _feed_echo(self, data: bytes) -> None:
        echo = parse_echo(data)
        if echo is None:
            self.malformed_packets += 1
            return
        token, t_us, boot = echo
        if boot != self._boot or self._clock.last is None:
            return  # before the first sample of this boot there is no scale to put it on
        self._echoes.append(SyncEcho(token, nearest(t_us, self._clock.last, 32)))

    def _feed_info(self, data: bytes) -> None:
        info = parse_info(data)
        if info is None:
            self.malformed_packets += 1
            return
        self.facts.device_id = f"{info.uid:016x}"
        self.facts.rate_hz = info.rate_hz
        self.facts.acc_range_g = ACC_RANGES_G[info.scale_codes >> 4]
        self.facts.gyr_range_dps = GYR_RANGES_DPS[info.scale_codes & 15]


def _values_at_limit(data: bytes, raw: NDArray[np.int16]) -> int:
    # Most packets hold no full-scale value: two byte searches say so without numpy.
    if b"\xff\x7f" not in data and b"\x00\x80" not in data:
        return 0
    return int(np.count_nonzero((raw == 32767) | (raw == -32768)))
