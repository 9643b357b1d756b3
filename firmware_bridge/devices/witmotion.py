"""WitMotion WT901BLECL, BWT901BLE5.0 and WT9011DCL.

Sources: WITMOTION/WitBluetooth_BWT901BLE5_0 (manufacturer's program and manual); two
published hardware write-ups that measured rates and framing.

What the protocol cannot show: its frames have no counter, no clock and no checksum. Loss
is invisible but as a step of the arrival times, and timing quality is low. Framing is the
only proof that 20 bytes are a sample, so the decoder takes a frame only where framing
stands on both sides of it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices.base import (
    Advertisement,
    DecodedSamples,
    DeviceFacts,
    SyncEcho,
    Write,
)
from firmware_bridge.units import DEG, STANDARD_GRAVITY
from recordings.errors import SensorError

# The manufacturer's base ends in 9a34fb, not in the standard 9b34fb.
SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE = "0000ffe9-0000-1000-8000-00805f9a34fb"

FRAME_BYTES = 20
SAMPLE_HEAD = b"\x55\x61"
REGISTER_HEAD = b"\x55\x71"
HEADS = (SAMPLE_HEAD, REGISTER_HEAD)

ACC_RANGE_G = 16.0
GYR_RANGE_DPS = 2000.0
ACC_SCALE_M_S2 = ACC_RANGE_G / 32768 * STANDARD_GRAVITY
GYR_SCALE_RAD_S = GYR_RANGE_DPS / 32768 * DEG

RATE_CODES = {20.0: 0x07, 50.0: 0x08, 100.0: 0x09}
"""Only codes on which all sources agree."""
REGISTER_RATE = 0x03
REGISTER_BATTERY = 0x64
_EMPTY_V, _FULL_V = 3.4, 3.96
"""Cell voltages that the manufacturer's table calls 0 % and 100 %."""

_SCALE = np.repeat((ACC_SCALE_M_S2, GYR_SCALE_RAD_S), 3)


def command(register: int, low: int, high: int = 0) -> bytes:
    """The 5 bytes that write one register."""
    return bytes((0xFF, 0xAA, register, low, high))


UNLOCK = command(0x69, 0x88, 0xB5)


class WitMotion:
    """WitMotion's Bluetooth LE sensors, at up to 100 Hz."""

    key = "witmotion"
    label = "WitMotion WT901 / WT9011"
    has_clock = False
    default_rate_hz = 100.0
    sync = None

    def recognises(self, advertisement: Advertisement) -> bool:
        # Not every advertisement of theirs holds the service.
        return SERVICE in advertisement.service_uuids or advertisement.name.startswith("WT9")

    def data_characteristics(self) -> Sequence[str]:
        return (NOTIFY,)

    def status_characteristics(self) -> Sequence[str]:
        return ()

    def start(
        self, rate_hz: float | None = None, values: Mapping[str, bytes] | None = None
    ) -> Sequence[Write]:
        """Set the rate: these sensors stream whenever somebody listens.

        The rate outlives a power cycle, whoever set it, so that it is set at every start.
        """
        rate = float(rate_hz or self.default_rate_hz)
        if rate not in RATE_CODES:
            raise SensorError(
                f"A WitMotion sensor cannot be set to {rate:g} Hz here.",
                hint=f"It streams at {', '.join(f'{r:g}' for r in RATE_CODES)} Hz.",
                reason="rate_not_supported",
            )
        return (
            Write(WRITE, UNLOCK, with_response=False),
            Write(WRITE, command(REGISTER_RATE, RATE_CODES[rate]), with_response=False),
        )

    def stop(self) -> Sequence[Write]:
        return ()

    def identify(self) -> Sequence[Write]:
        return ()

    def ping(self, token: bytes) -> Sequence[Write]:
        return ()

    def battery_request(self) -> Sequence[Write]:
        return (Write(WRITE, command(0x27, REGISTER_BATTERY), with_response=False),)

    def decoder(self) -> WitMotionDecoder:
        return WitMotionDecoder()


class WitMotionDecoder:
    """Finds the frames of one sensor in whatever pieces they come.

    Notifications that consist of whole frames, as the sensors send them, are decoded at
    once. Of frames that were split, each is given out when the head of the next one
    proves where it ends. Bytes that belong to no frame count as malformed, once for each
    stretch of them.
    """

    def __init__(self) -> None:
        self.malformed_packets = 0
        self.duplicate_packets = 0
        self.facts = DeviceFacts(acc_range_g=ACC_RANGE_G, gyr_range_dps=GYR_RANGE_DPS)
        self._rest = b""

    def feed(self, characteristic: str, data: bytes) -> DecodedSamples | None:
        if characteristic != NOTIFY:
            self.malformed_packets += 1
            return None
        if not self._rest and _is_whole_frames(data):
            frames = bytes(data)
        else:
            frames = self._cut(self._rest + bytes(data), _is_whole_frames(data))
        return self._decode(frames) if frames else None

    def reconnected(self, away_s: float) -> None:
        """What was left of the link before is no beginning of a frame of this one."""
        if self._rest:
            self.malformed_packets += 1
        self._rest = b""

    def take_echoes(self) -> Sequence[SyncEcho]:
        return ()

    def _cut(self, stream: bytes, ends_on_frame: bool) -> bytes:
        """Take the proven frames out of `stream` and keep what may become one."""
        frames: list[bytes] = []
        at, size = 0, len(stream)
        in_garbage = False
        while at < size:
            end = at + FRAME_BYTES
            if not _may_begin(stream, at):
                proven = False
            elif end <= size - 2:
                proven = stream.startswith(HEADS, end)
            elif end == size and ends_on_frame:
                proven = True
            else:
                # Not complete, or nothing behind it to prove it: wait for more.
                break
            if proven:
                frames.append(stream[at:end])
                at, in_garbage = end, False
            else:
                self.malformed_packets += not in_garbage
                in_garbage = True
                at = _next_head(stream, at + 1)
        self._rest = stream[at:]
        return b"".join(frames)

    def _decode(self, frames: bytes) -> DecodedSamples | None:
        table = np.frombuffer(frames, "<i2").reshape(-1, FRAME_BYTES // 2)
        if REGISTER_HEAD in frames:
            is_sample = table[:, 0] == _SAMPLE_WORD
            for row in table[~is_sample]:
                self._learn(row)
            table = table[is_sample]
            if not len(table):
                return None
        raw = table[:, 1:7]
        values = raw * _SCALE
        clipped = 0
        if b"\xff\x7f" in frames or b"\x00\x80" in frames:
            clipped = int(np.count_nonzero((raw == 32767) | (raw == -32768)))
        return DecodedSamples(values[:, :3], values[:, 3:], clipped=clipped)

    def _learn(self, row: NDArray[np.int16]) -> None:
        register, value = int(row[1]), int(row[2])
        if register == REGISTER_BATTERY and 250 <= value <= 450:
            share = (value / 100 - _EMPTY_V) / (_FULL_V - _EMPTY_V)
            self.facts.battery_percent = round(100 * min(max(share, 0.0), 1.0))


(_SAMPLE_WORD,) = struct.unpack("<h", SAMPLE_HEAD)


def _is_whole_frames(data: bytes) -> bool:
    size = len(data)
    return (
        size > 0
        and size % FRAME_BYTES == 0
        and all(data.startswith(HEADS, at) for at in range(0, size, FRAME_BYTES))
    )


def _may_begin(stream: bytes, at: int) -> bool:
    return stream.startswith(HEADS, at) or stream[at:] == SAMPLE_HEAD[:1]


def _next_head(stream: bytes, at: int) -> int:
    while at < len(stream) and not _may_begin(stream, at):
        at += 1
    return at
