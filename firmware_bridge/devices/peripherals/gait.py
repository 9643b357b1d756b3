"""A sensor with our reference firmware."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices import gatt
from firmware_bridge.devices.peripherals.base import (
    Announcement,
    Characteristic,
    Notification,
    Service,
    WriteRefused,
    converted,
)
from firmware_bridge.units import DEG, STANDARD_GRAVITY

SCALE_CODES = 2 << 4 | 7
"""±8 g and ±2000 dps of an ST sensor, as on the XIAO nRF52840 Sense."""


class GaitPeripheral:
    """Behaves as ``firmware_bridge/firmware`` does, byte for byte.

    Parameters
    ----------
    uid : int
        64 bits that identify the sensor for life.
    rate_hz : float
    boot : int
        16 bits drawn at boot; `reboot` takes another.
    scale_codes : int
        See `firmware_bridge.devices.gait_packet`.
    """

    def __init__(
        self,
        uid: int = 1,
        *,
        rate_hz: float = 104.0,
        boot: int = 0x1234,
        scale_codes: int = SCALE_CODES,
        battery_percent: int = 87,
        name: str = "hipgait sensor",
    ) -> None:
        self.uid = uid
        self.rate_hz = rate_hz
        self.boot = boot
        self.scale_codes = scale_codes
        self.battery_percent = battery_percent
        self.name = name
        self.streaming = False
        self.samples_per_packet = wire.DEFAULT_SAMPLES
        self.identify_requests = 0
        self.counter = 0
        """Number of the next sample since boot (not wrapped)."""
        self._raw = np.empty((0, 6), np.int16)
        self._times = np.empty(0, np.int64)

    def announcement(self) -> Announcement:
        return Announcement(self.name, (wire.SERVICE,))

    def services(self) -> Sequence[Service]:
        read = frozenset({"read"})
        return (
            Service(
                wire.SERVICE,
                (
                    Characteristic(wire.DATA, frozenset({"notify"})),
                    Characteristic(wire.CONTROL, frozenset({"write"})),
                    Characteristic(wire.INFO, read),
                    Characteristic(wire.PING, frozenset({"write-without-response"})),
                    Characteristic(wire.ECHO, frozenset({"notify"})),
                ),
            ),
            Service(
                gatt.BATTERY_SERVICE,
                (Characteristic(gatt.BATTERY_LEVEL, frozenset({"read", "notify"})),),
            ),
            Service(
                gatt.DEVICE_INFORMATION_SERVICE,
                tuple(Characteristic(uuid, read) for uuid in self._texts()),
            ),
        )

    def on_read(self, characteristic: str) -> bytes:
        if characteristic == wire.INFO:
            return wire.build_info(
                wire.InfoRecord(
                    self.scale_codes,
                    self.boot,
                    self.rate_hz,
                    self.uid,
                    self.samples_per_packet,
                    self.streaming,
                )
            )
        if characteristic == gatt.BATTERY_LEVEL:
            return bytes((self.battery_percent,))
        return self._texts()[characteristic]

    def on_write(self, characteristic: str, data: bytes, device_time_us: int) -> list[Notification]:
        if characteristic == wire.PING:
            if len(data) != 8:
                return []
            echo = wire.build_echo(bytes(data), device_time_us, self.boot)
            return [Notification(wire.ECHO, echo, device_time_us)]
        if characteristic != wire.CONTROL or not data:
            raise WriteRefused(f"nothing to write at {characteristic}")
        self._command(data[0], bytes(data[1:]))
        return []

    def _command(self, command: int, arguments: bytes) -> None:
        if command == wire.COMMAND_START and len(arguments) == 1:
            self.samples_per_packet = min(max(arguments[0], 1), wire.MAX_SAMPLES)
            if not self.streaming:
                self._drop_pending()
            self.streaming = True
        elif command == wire.COMMAND_STOP and not arguments:
            self.streaming = False
            self._drop_pending()
        elif command == wire.COMMAND_IDENTIFY and len(arguments) == 1:
            self.identify_requests += 1
        else:
            raise WriteRefused(f"unknown command {command}")

    def encode(
        self,
        acc_m_s2: NDArray[np.float64],
        gyr_rad_s: NDArray[np.float64],
        device_time_us: NDArray[np.int64],
    ) -> list[Notification]:
        self.counter += len(device_time_us)
        if not self.streaming:
            return []
        acc = converted(acc_m_s2, wire.ACC_SCALES_G[self.scale_codes >> 4] * STANDARD_GRAVITY)
        gyr = converted(gyr_rad_s, wire.GYR_SCALES_DPS[self.scale_codes & 15] * DEG)
        self._raw = np.concatenate((self._raw, np.hstack((acc, gyr))))
        self._times = np.concatenate((self._times, device_time_us))
        sent: list[Notification] = []
        n = self.samples_per_packet
        while len(self._times) >= n:
            sent.append(self._packet(n))
            self._raw, self._times = self._raw[n:], self._times[n:]
        return sent

    def _packet(self, n: int) -> Notification:
        first_us, last_us = int(self._times[0]), int(self._times[n - 1])
        period_us = (last_us - first_us + (n - 1) // 2) // (n - 1) if n > 1 else 0
        data = wire.build_packet(
            self._raw[:n],
            counter=self.counter - len(self._times),
            t_us=first_us,
            period_us=period_us,
            boot=self.boot,
            scale_codes=self.scale_codes,
        )
        return Notification(wire.DATA, data, last_us)

    def on_disconnect(self) -> None:
        """Sampling and counting go on, so that the host learns exactly what it missed."""
        self._drop_pending()

    def reboot(self) -> None:
        self.boot = (self.boot * 40503 + 12345) & 0xFFFF
        self.counter = 0
        self.streaming = False
        self._drop_pending()

    def _drop_pending(self) -> None:
        self._raw, self._times = self._raw[:0], self._times[:0]

    def _texts(self) -> dict[str, bytes]:
        return {
            gatt.MANUFACTURER_NAME: b"hipgait",
            gatt.MODEL_NUMBER: b"hipgait reference",
            gatt.SERIAL_NUMBER: f"{self.uid:016x}".encode(),
            gatt.FIRMWARE_REVISION: b"1.0",
        }
