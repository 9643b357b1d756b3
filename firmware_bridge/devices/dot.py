"""Movella (formerly Xsens) DOT.

Sources: Xsens DOT BLE Services Specifications (rev. 2021); Xsens DOT User Manual XD0502P;
payload mode 26 as three public programs read it. Only the modes 20, 21 and 26 carry the
acceleration with gravity; this file uses 21 ("rate quantities") and 26 ("custom mode 5").

What the protocol cannot show: there is no packet counter and no checksum in a measurement,
so that loss is seen as a step of the device time, and a damaged packet only where a value
lies outside what the sensor can measure.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np

from firmware_bridge.devices.base import (
    Advertisement,
    DecodedSamples,
    DeviceFacts,
    SyncEcho,
    Write,
)
from firmware_bridge.devices.dot_sync import DotSync
from firmware_bridge.devices.unwrap import Unwrapper
from firmware_bridge.units import DEG, STANDARD_GRAVITY
from recordings.errors import SensorError


def _uuid(number: int) -> str:
    return f"1517{number:04x}-4947-11e9-8646-d663bd873d93"


CONFIGURATION_SERVICE = _uuid(0x1000)
DEVICE_INFO = _uuid(0x1001)
DEVICE_CONTROL = _uuid(0x1002)
MEASUREMENT_SERVICE = _uuid(0x2000)
MEASUREMENT_CONTROL = _uuid(0x2001)
LONG_PAYLOAD = _uuid(0x2002)
MEDIUM_PAYLOAD = _uuid(0x2003)
BATTERY_SERVICE = _uuid(0x3000)
BATTERY = _uuid(0x3001)
MANUFACTURER_ID = 0x0886
NAMES = ("Xsens DOT", "Movella DOT")

RATES_HZ = (1, 4, 10, 12, 15, 20, 30, 60)
"""Output rates while streaming; 120 Hz exists for recording on the sensor only."""
ACC_RANGE_G = 16.0
GYR_RANGE_DPS = 2000.0

CONTROL_BYTES = 32
VISIT_IDENTIFY = 0x01
VISIT_RATE = 0x10
RATE_OFFSET = 24
_IDENTIFY_BLINK = 1

_ACC_FULL = ACC_RANGE_G * STANDARD_GRAVITY
# Calibration can lift a value a little above the converter's range.
_ACC_LIMIT = 1.25 * _ACC_FULL
_GYR_LIMIT_DPS = 1.25 * GYR_RANGE_DPS
_RATE_QUANTITIES = struct.Struct("<I6f")
_CUSTOM_5 = struct.Struct("<I16x6f")
_INFO = struct.Struct("<6x3B11xQ")
_PRODUCT_CODE = slice(28, 34)
"""Sent by newer firmware only."""

_LATE_US = 2_000_000
"""A packet this much older than the newest is late; older still, the clock began anew."""
_LEAP_US = 60_000_000
"""A live link cannot be silent for so long (its supervision timeout is at most 32 s)."""
_REMEMBERED = 256


class PayloadMode(IntEnum):
    """Measurement modes with raw acceleration and angular rate."""

    RATE_QUANTITIES = 21
    CUSTOM_5 = 26


class Dot:
    """Movella / Xsens DOT, streaming at up to 60 Hz."""

    key = "dot"
    label = "Movella DOT"
    has_clock = True
    default_rate_hz = 60.0

    def __init__(self, mode: PayloadMode = PayloadMode.RATE_QUANTITIES) -> None:
        self.mode = mode
        self.sync = DotSync(self._begin_measuring())

    def recognises(self, advertisement: Advertisement) -> bool:
        # The manufacturer also makes other things: its number alone does not do.
        return advertisement.name.startswith(NAMES) or any(
            uuid in advertisement.service_uuids
            for uuid in (CONFIGURATION_SERVICE, MEASUREMENT_SERVICE)
        )

    def data_characteristics(self) -> Sequence[str]:
        return (LONG_PAYLOAD if self.mode is PayloadMode.CUSTOM_5 else MEDIUM_PAYLOAD,)

    def status_characteristics(self) -> Sequence[str]:
        return (DEVICE_INFO, DEVICE_CONTROL, BATTERY)

    def start(
        self, rate_hz: float | None = None, values: Mapping[str, bytes] | None = None
    ) -> Sequence[Write]:
        """Stop, set the rate, start: the rate cannot be changed while measuring."""
        rate = rate_hz or self.default_rate_hz
        if rate not in RATES_HZ:
            raise SensorError(
                f"A Movella DOT cannot stream at {rate:g} Hz.",
                hint=f"It streams at {', '.join(map(str, RATES_HZ))} Hz.",
                reason="rate_not_supported",
            )
        control = control_with_rate((values or {}).get(DEVICE_CONTROL), int(rate))
        return (
            *self.stop(),
            Write(DEVICE_CONTROL, control),
            *self._begin_measuring(),
        )

    def _begin_measuring(self) -> Sequence[Write]:
        return (Write(MEASUREMENT_CONTROL, bytes((1, 1, self.mode))),)

    def stop(self) -> Sequence[Write]:
        return (Write(MEASUREMENT_CONTROL, bytes((1, 0, self.mode))),)

    def identify(self) -> Sequence[Write]:
        control = bytearray(CONTROL_BYTES)
        control[0] = VISIT_IDENTIFY
        control[1] = _IDENTIFY_BLINK
        return (Write(DEVICE_CONTROL, bytes(control)),)

    def ping(self, token: bytes) -> Sequence[Write]:
        return ()

    def battery_request(self) -> Sequence[Write]:
        return ()

    def decoder(self) -> DotDecoder:
        return DotDecoder()


def control_with_rate(current: bytes | None, rate_hz: int) -> bytes:
    """The device control value that changes the output rate and nothing else.

    Parameters
    ----------
    current : bytes or None
        Its value as read from the sensor; the other fields keep it. Without it they are
        0, which the visit mask in byte 0 tells the sensor to disregard.
    """
    control = bytearray(current or CONTROL_BYTES)
    if len(control) != CONTROL_BYTES:
        control = bytearray(CONTROL_BYTES)
    control[0] = VISIT_RATE
    struct.pack_into("<H", control, RATE_OFFSET, rate_hz)
    return bytes(control)


class DotDecoder:
    """Decodes one DOT in the modes 21 and 26."""

    def __init__(self) -> None:
        self.malformed_packets = 0
        self.duplicate_packets = 0
        self.facts = DeviceFacts(acc_range_g=ACC_RANGE_G, gyr_range_dps=GYR_RANGE_DPS)
        self._clock = Unwrapper(32)
        self._recent: dict[int, None] = {}
        self._away_us: int | None = None

    def feed(self, characteristic: str, data: bytes) -> DecodedSamples | None:
        if characteristic == MEDIUM_PAYLOAD:
            return self._feed_payload(_RATE_QUANTITIES, data, 40)
        if characteristic == LONG_PAYLOAD:
            return self._feed_payload(_CUSTOM_5, data, 63)
        if not self._learn(characteristic, data):
            self.malformed_packets += 1
        return None

    def reconnected(self, away_s: float) -> None:
        self._away_us = round(away_s * 1e6)
        self._clock.advance(self._away_us)

    def take_echoes(self) -> Sequence[SyncEcho]:
        return ()

    def _feed_payload(
        self, layout: struct.Struct, data: bytes, longest: int
    ) -> DecodedSamples | None:
        if not layout.size <= len(data) <= longest:
            self.malformed_packets += 1
            return None
        t_us, ax, ay, az, gx, gy, gz = layout.unpack_from(data)
        a, g = _ACC_LIMIT, _GYR_LIMIT_DPS
        # Comparisons with NaN are false, so that NaN fails here too.
        if not (
            -a <= ax <= a
            and -a <= ay <= a
            and -a <= az <= a
            and -g <= gx <= g
            and -g <= gy <= g
            and -g <= gz <= g
        ):
            self.malformed_packets += 1
            return None

        restarted = False
        if self._clock.last is not None:
            time_us = self._clock.peek(t_us)
            if time_us in self._recent:
                self.duplicate_packets += 1
                return None
            if self._is_another_clock(time_us):
                restarted = True
                self._clock.reset()
                self._recent.clear()
                time_us = t_us
        else:
            time_us = t_us
        self._away_us = None
        if self._clock.last is None or time_us > self._clock.last:
            self._clock(t_us)
        self._recent[time_us] = None
        if len(self._recent) > _REMEMBERED:
            del self._recent[next(iter(self._recent))]

        values = np.array(((ax, ay, az, gx, gy, gz),))
        clipped = 0
        if max(ax, ay, az) >= _ACC_FULL or min(ax, ay, az) <= -_ACC_FULL:
            clipped += int(np.count_nonzero(np.abs(values[0, :3]) >= _ACC_FULL))
        if max(gx, gy, gz) >= GYR_RANGE_DPS or min(gx, gy, gz) <= -GYR_RANGE_DPS:
            clipped += int(np.count_nonzero(np.abs(values[0, 3:]) >= GYR_RANGE_DPS))
        return DecodedSamples(
            values[:, :3],
            values[:, 3:] * DEG,
            None,
            np.array((time_us,), np.int64),
            restarted,
            clipped,
        )

    def _is_another_clock(self, time_us: int) -> bool:
        expected = self._clock.expected
        assert expected is not None and self._clock.last is not None
        if self._away_us is not None:
            # After a pause the clock must be where host time says it is: 1 % and 5 s are
            # far beyond its drift and any delay of the link.
            return abs(time_us - expected) > 5_000_000 + self._away_us // 100
        step = time_us - self._clock.last
        return step < -_LATE_US or step > _LEAP_US

    def _learn(self, characteristic: str, data: bytes) -> bool:
        facts = self.facts
        if characteristic == BATTERY and len(data) == 2 and data[0] <= 100:
            facts.battery_percent = float(data[0])
            facts.charging = bool(data[1])
            return True
        if characteristic == DEVICE_CONTROL and len(data) == CONTROL_BYTES:
            facts.rate_hz = float(struct.unpack_from("<H", data, RATE_OFFSET)[0]) or None
            return True
        if characteristic == DEVICE_INFO and len(data) >= _INFO.size:
            *version, serial = _INFO.unpack_from(data)
            facts.firmware = ".".join(map(str, version))
            facts.device_id = f"{serial:016X}"
            facts.model = bytes(data[_PRODUCT_CODE]).rstrip(b"\0").decode("ascii", "replace")
            return True
        return False
