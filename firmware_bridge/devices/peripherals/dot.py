"""A Movella DOT: control point, device control, battery, payload modes 21 and 26."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices import dot, dot_sync
from firmware_bridge.devices.peripherals.base import (
    Announcement,
    Characteristic,
    Notification,
    Service,
    WriteRefused,
)
from firmware_bridge.units import DEG, STANDARD_GRAVITY

_LONG_BYTES = 63
_MEDIUM_BYTES = 40


class DotPeripheral:
    """Streams one sample a packet; its clock wraps every 71.6 minutes.

    Parameters
    ----------
    serial : int
    first_device_time_us : int
        Added to the caller's time: where the sensor's clock stands at its time 0.
    sync_result : SyncResult
        How a synchronisation ends.

    Notes
    -----
    Sensors that are synchronised all show the caller's own time: a caller that gives all the
    same time has made them agree.
    """

    def __init__(
        self,
        serial: int = 0xD42200A1B2C3D4E5,
        *,
        first_device_time_us: int = 0,
        battery_percent: int = 91,
        sync_result: dot_sync.SyncResult = dot_sync.SyncResult.SUCCESS,
    ) -> None:
        self.serial = serial
        self.battery_percent = battery_percent
        self.charging = False
        self.streaming = False
        self.mode = dot.PayloadMode.RATE_QUANTITIES
        self.identify_requests = 0
        self.synchronised = False
        self.sync_result = sync_result
        self._sync_begun = False
        self._offset_us = first_device_time_us
        self._control = bytearray(dot.CONTROL_BYTES)
        self._acknowledgement = b""
        self.rate_hz = 60.0

    @property
    def rate_hz(self) -> float:
        return float(struct.unpack_from("<H", self._control, dot.RATE_OFFSET)[0])

    @rate_hz.setter
    def rate_hz(self, value: float) -> None:
        struct.pack_into("<H", self._control, dot.RATE_OFFSET, int(value))

    def announcement(self) -> Announcement:
        return Announcement("Movella DOT", (), {dot.MANUFACTURER_ID: b"\x00\x00"})

    def services(self) -> Sequence[Service]:
        read, write = frozenset({"read"}), frozenset({"read", "write"})
        notify = frozenset({"notify"})
        return (
            Service(
                dot.CONFIGURATION_SERVICE,
                (
                    Characteristic(dot.DEVICE_INFO, read),
                    Characteristic(dot.DEVICE_CONTROL, write),
                ),
            ),
            Service(
                dot.MEASUREMENT_SERVICE,
                (
                    Characteristic(dot.MEASUREMENT_CONTROL, write),
                    Characteristic(dot.LONG_PAYLOAD, notify),
                    Characteristic(dot.MEDIUM_PAYLOAD, notify),
                ),
            ),
            Service(
                dot.BATTERY_SERVICE,
                (Characteristic(dot.BATTERY, frozenset({"read", "notify"})),),
            ),
            Service(
                dot_sync.MESSAGE_SERVICE,
                (
                    Characteristic(dot_sync.CONTROL, frozenset({"write"})),
                    Characteristic(dot_sync.ACKNOWLEDGE, read),
                    Characteristic(dot_sync.NOTIFICATION, notify),
                ),
            ),
        )

    def on_read(self, characteristic: str) -> bytes:
        return {
            dot.DEVICE_INFO: self._info(),
            dot.DEVICE_CONTROL: bytes(self._control),
            dot.MEASUREMENT_CONTROL: bytes((1, self.streaming, self.mode)),
            dot.BATTERY: bytes((self.battery_percent, self.charging)),
            dot_sync.ACKNOWLEDGE: self._acknowledgement,
        }[characteristic]

    def on_write(self, characteristic: str, data: bytes, device_time_us: int) -> list[Notification]:
        if characteristic == dot.MEASUREMENT_CONTROL:
            self._measure(data)
        elif characteristic == dot.DEVICE_CONTROL:
            self._configure(data)
        elif characteristic == dot_sync.CONTROL:
            return self._message(data, device_time_us)
        else:
            raise WriteRefused(f"nothing to write at {characteristic}")
        return []

    def _measure(self, data: bytes) -> None:
        if len(data) != 3 or data[0] != 1 or data[1] > 1:
            raise WriteRefused("not a measurement command")
        if data[1]:
            try:
                self.mode = dot.PayloadMode(data[2])
            except ValueError:
                raise WriteRefused(f"payload mode {data[2]} is not modelled") from None
        self.streaming = bool(data[1])

    def _configure(self, data: bytes) -> None:
        if len(data) != dot.CONTROL_BYTES:
            raise WriteRefused("device control has 32 bytes")
        if data[0] & dot.VISIT_IDENTIFY:
            self.identify_requests += 1
        if data[0] & dot.VISIT_RATE:
            (rate,) = struct.unpack_from("<H", data, dot.RATE_OFFSET)
            # The rate is fixed from the start of a measurement to its end.
            if self.streaming or rate not in dot.RATES_HZ:
                raise WriteRefused(f"rate {rate} refused")
            self.rate_hz = rate

    def _message(self, data: bytes, device_time_us: int) -> list[Notification]:
        message = dot_sync.parse_message(data)
        if message is None or message.identifier != dot_sync.SYNC_MESSAGE or not message.payload:
            raise WriteRefused("message with a wrong checksum")
        match message.payload[0], len(message.payload):
            case 1, 7:
                if self.synchronised:
                    raise WriteRefused("a synchronised sensor must be released first")
                self._sync_begun = True
                self._acknowledge(dot_sync.SyncResult.NOT_STARTED)
            case 2, 1:
                self.synchronised = self.streaming = self._sync_begun = False
            case 8, 1:
                status = bytes((0x51, 0x04 if self.synchronised else 0x09))
                answer = dot_sync.build_message(dot_sync.SYNC_MESSAGE, status)
                return [Notification(dot_sync.NOTIFICATION, answer, device_time_us)]
            case _:
                raise WriteRefused("unknown message")
        return []

    def encode(
        self,
        acc_m_s2: NDArray[np.float64],
        gyr_rad_s: NDArray[np.float64],
        device_time_us: NDArray[np.int64],
    ) -> list[Notification]:
        if not self.streaming:
            return []
        acc_limit = dot.ACC_RANGE_G * STANDARD_GRAVITY
        acc = np.clip(acc_m_s2, -acc_limit, acc_limit)
        gyr = np.clip(gyr_rad_s / DEG, -dot.GYR_RANGE_DPS, dot.GYR_RANGE_DPS)
        values = np.hstack((acc, gyr)).astype("<f4")
        clock = ((device_time_us + self._offset_us) & 0xFFFFFFFF).astype("<u4")
        if self.mode is dot.PayloadMode.CUSTOM_5:
            # No orientation filter is modelled: the quaternion says "not rotated".
            middle, size, at = struct.pack("<4f", 1, 0, 0, 0), _LONG_BYTES, dot.LONG_PAYLOAD
        else:
            middle, size, at = b"", _MEDIUM_BYTES, dot.MEDIUM_PAYLOAD
        return [
            Notification(
                at,
                (clock[i].tobytes() + middle + values[i].tobytes()).ljust(size, b"\0"),
                int(device_time_us[i]),
            )
            for i in range(len(device_time_us))
        ]

    def on_disconnect(self) -> None:
        """A DOT stops measuring when its link goes, unless it is synchronised.

        Once it was told to synchronise it begins when its link has gone.
        """
        if self._sync_begun:
            self._sync_begun = False
            self.synchronised = self.sync_result is dot_sync.SyncResult.SUCCESS
            self._offset_us = 0 if self.synchronised else self._offset_us
            self._acknowledge(self.sync_result)
        self.streaming = self.synchronised

    def _acknowledge(self, result: dot_sync.SyncResult) -> None:
        self._acknowledgement = dot_sync.build_message(dot_sync.SYNC_MESSAGE, bytes((3, result)))

    def reboot(self) -> None:
        self.streaming = self.synchronised = self._sync_begun = False
        self._offset_us = 0

    def _info(self) -> bytes:
        address = self.serial.to_bytes(8, "little")[:6]
        build = struct.pack("<H5B", 2023, 5, 11, 12, 0, 0)
        tail = struct.pack("<IQ6s", 0x1234, self.serial, b"XS-T01")
        return address + bytes((2, 4, 0)) + build + tail
