"""The wire format of our open GATT profile, version 1.

The same format in C is ``firmware_bridge/firmware/gait_packet.h``. All numbers are
little-endian.

DATA (notify), one packet of `n` consecutive samples::

    0   u8   version << 4 | type    version 1, type 0: accelerometer and gyroscope
    1   u8   n                      1 … 18
    2   u8   flags                  bit 0: the sensor lost samples before this packet
    3   u8   acc scale << 4 | gyr scale      codes of the tables below
    4   u32  counter                sample number since boot of the first sample
    8   u32  t_us                   device clock at data-ready of the first sample
    12  u16  period_us              mean sample period in this packet, 0 where n is 1
    14  u16  boot                   drawn anew at each boot
    16  n × 6 × i16                 acc x y z, gyr x y z
    …   u32  CRC-32                 of all bytes before it (IEEE 802.3, as in zlib)

The link layer of Bluetooth LE protects each packet by a CRC of its own. Ours covers what
happens on either side of the radio: a buffer overwritten while it is sent, a notification
cut at a small MTU, a damaged file of raw packets. The counter counts samples and not
packets, because packets vary in size; it has 32 bits and the boot number beside it, so
that a loss of any length and a reboot are told apart without doubt.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SERVICE = "7c1d0001-3b5f-4f2c-9a46-1b1f6d3c0a10"
DATA = "7c1d0002-3b5f-4f2c-9a46-1b1f6d3c0a10"
CONTROL = "7c1d0003-3b5f-4f2c-9a46-1b1f6d3c0a10"
INFO = "7c1d0004-3b5f-4f2c-9a46-1b1f6d3c0a10"
PING = "7c1d0005-3b5f-4f2c-9a46-1b1f6d3c0a10"
ECHO = "7c1d0006-3b5f-4f2c-9a46-1b1f6d3c0a10"
"""Apart from PING because ArduinoBLE notifies whatever is written to a characteristic that
can notify: a ping would come back before its answer."""

VERSION = 1
IMU_PACKET = VERSION << 4 | 0
INFO_RECORD = VERSION << 4 | 1
SYNC_ECHO = VERSION << 4 | 2

MAX_SAMPLES = 18
"""Fits the ATT MTU of 247 that a Bluetooth 4.2 link layer packet holds: 236 of 244 bytes."""
DEFAULT_SAMPLES = 4
FLAG_OVERRUN = 1

COMMAND_STOP = 0
COMMAND_START = 1
"""Followed by one byte, the number of samples a packet."""
COMMAND_IDENTIFY = 2
"""Followed by one byte, seconds to blink."""

ACC_SCALES_G = (1 / 16384, 1 / 8192, 1 / 4096, 1 / 2048, 0.732e-3)
"""g per least significant bit, by code. The last is the LSM9DS1 at ±16 g."""
ACC_RANGES_G = (2.0, 4.0, 8.0, 16.0, 16.0)
GYR_SCALES_DPS = (1 / 262.4, 1 / 131.2, 1 / 65.6, 1 / 32.8, 1 / 16.4, 0.0175, 0.035, 0.07)
"""deg/s per least significant bit, by code: Bosch and InvenSense 125 … 2000, ST 500 … 2000."""
GYR_RANGES_DPS = (125.0, 250.0, 500.0, 1000.0, 2000.0, 500.0, 1000.0, 2000.0)

HEADER = struct.Struct("<BBBBIIHH")
SAMPLE_BYTES = 12
CRC = struct.Struct("<I")
PACKET_SIZES = {HEADER.size + n * SAMPLE_BYTES + CRC.size: n for n in range(1, MAX_SAMPLES + 1)}
"""Length in bytes → number of samples: no other length is a packet."""


@dataclass(frozen=True, slots=True)
class InfoRecord:
    """What the INFO characteristic says: ``<BBHIQBBH`` and a CRC-32, 24 bytes.

    Attributes
    ----------
    scale_codes : int
        As byte 3 of a data packet.
    boot : int
    rate_hz : float
        The board's native rate.
    uid : int
        64 bits that are the sensor's own for life.
    samples_per_packet : int
    streaming : bool
    """

    scale_codes: int
    boot: int
    rate_hz: float
    uid: int
    samples_per_packet: int
    streaming: bool


_INFO = struct.Struct("<BBHIQBBH")
_ECHO = struct.Struct("<B8sIHB")


def sealed(body: bytes) -> bytes:
    """`body` followed by its CRC-32."""
    return body + CRC.pack(zlib.crc32(body))


def is_sealed(data: bytes) -> bool:
    """Whether `data` ends with the CRC-32 of what comes before."""
    end = len(data) - CRC.size
    return end >= 0 and zlib.crc32(memoryview(data)[:end]) == CRC.unpack_from(data, end)[0]


def build_packet(
    raw: NDArray[np.int16],
    *,
    counter: int,
    t_us: int,
    period_us: int,
    boot: int,
    scale_codes: int,
    flags: int = 0,
) -> bytes:
    """One data packet; `counter` and `t_us` are wrapped to their 32 bits.

    Parameters
    ----------
    raw : ndarray of int16, shape (n, 6)
        acc x y z, gyr x y z in the units that `scale_codes` names.
    """
    n = raw.shape[0]
    if not 1 <= n <= MAX_SAMPLES:
        raise ValueError(f"a packet holds 1 to {MAX_SAMPLES} samples, not {n}")
    header = HEADER.pack(
        IMU_PACKET,
        n,
        flags,
        scale_codes,
        counter & 0xFFFFFFFF,
        t_us & 0xFFFFFFFF,
        period_us if n > 1 else 0,
        boot,
    )
    return sealed(header + raw.astype("<i2").tobytes())


def build_info(info: InfoRecord) -> bytes:
    """The value of the INFO characteristic."""
    return sealed(
        _INFO.pack(
            INFO_RECORD,
            info.scale_codes,
            info.boot,
            round(info.rate_hz * 1000),
            info.uid,
            info.samples_per_packet,
            info.streaming,
            0,
        )
    )


def parse_info(data: bytes) -> InfoRecord | None:
    """Read the INFO characteristic; None if it is not one of version 1."""
    if len(data) != _INFO.size + CRC.size or data[0] != INFO_RECORD or not is_sealed(data):
        return None
    _, codes, boot, rate_mhz, uid, per_packet, streaming, _ = _INFO.unpack_from(data)
    if not known_scales(codes) or not rate_mhz:
        return None
    return InfoRecord(codes, boot, rate_mhz / 1000, uid, per_packet, bool(streaming))


def build_echo(token: bytes, t_us: int, boot: int) -> bytes:
    """The answer to a ping: type, token of 8 bytes, clock, boot, a zero, CRC-32: 20 bytes."""
    return sealed(_ECHO.pack(SYNC_ECHO, token, t_us & 0xFFFFFFFF, boot, 0))


def parse_echo(data: bytes) -> tuple[bytes, int, int] | None:
    """Token, clock in µs (32 bits) and boot number of an echo; None if it is none."""
    if len(data) != _ECHO.size + CRC.size or data[0] != SYNC_ECHO or not is_sealed(data):
        return None
    _, token, t_us, boot, _ = _ECHO.unpack_from(data)
    return token, t_us, boot


def known_scales(codes: int) -> bool:
    """Whether byte 3 of a packet names scales of this version."""
    return codes >> 4 < len(ACC_SCALES_G) and codes & 15 < len(GYR_SCALES_DPS)
