"""A WitMotion sensor: frames of 20 bytes, packed by rate, registers behind them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices import witmotion as wit
from firmware_bridge.devices.peripherals.base import (
    Announcement,
    Characteristic,
    Notification,
    Service,
    WriteRefused,
    converted,
)

_RATES = {code: rate for rate, code in wit.RATE_CODES.items()}
_FRAMES_PER_NOTIFICATION = {20.0: 1, 50.0: 2, 100.0: 4}
"""As measured on hardware."""


class WitMotionPeripheral:
    """Streams from the moment somebody listens.

    Parameters
    ----------
    battery_v : float
    split_bytes : int or None
        Cut the stream into notifications of so many bytes, regardless of its frames;
        None sends whole frames, as the sensors do with a large MTU.
    """

    def __init__(self, *, battery_v: float = 3.82, split_bytes: int | None = None) -> None:
        self.battery_v = battery_v
        self.split_bytes = split_bytes
        self.rate_hz = 100.0
        self.streaming = True
        self._pending = b""

    def announcement(self) -> Announcement:
        return Announcement("WT901BLE67", (wit.SERVICE,))

    def services(self) -> Sequence[Service]:
        return (
            Service(
                wit.SERVICE,
                (
                    Characteristic(wit.NOTIFY, frozenset({"notify"})),
                    Characteristic(wit.WRITE, frozenset({"write", "write-without-response"})),
                ),
            ),
        )

    def on_read(self, characteristic: str) -> bytes:
        raise KeyError(characteristic)

    def on_write(self, characteristic: str, data: bytes, device_time_us: int) -> list[Notification]:
        if characteristic != wit.WRITE:
            raise WriteRefused(f"nothing to write at {characteristic}")
        if len(data) != 5 or data[:2] != b"\xff\xaa":
            return []  # the sensor says nothing to what it does not understand
        register, low = data[2], data[3]
        if register == wit.REGISTER_RATE and low in _RATES:
            self.rate_hz = _RATES[low]
        elif register == 0x27:
            value = round(self.battery_v * 100) if low == wit.REGISTER_BATTERY else 0
            answer = wit.REGISTER_HEAD + struct.pack("<H8H", low, value, *(0,) * 7)
            # The answer travels in the stream, between two frames.
            self._pending += answer
            return self._send(device_time_us, flush=self.split_bytes is None)
        return []

    def encode(
        self,
        acc_m_s2: NDArray[np.float64],
        gyr_rad_s: NDArray[np.float64],
        device_time_us: NDArray[np.int64],
    ) -> list[Notification]:
        n = len(device_time_us)
        table = np.zeros((n, wit.FRAME_BYTES // 2), "<i2")
        table[:, 0] = np.frombuffer(wit.SAMPLE_HEAD, "<i2")
        table[:, 1:4] = converted(acc_m_s2, wit.ACC_SCALE_M_S2)
        table[:, 4:7] = converted(gyr_rad_s, wit.GYR_SCALE_RAD_S)
        sent: list[Notification] = []
        for row, now_us in zip(table, device_time_us, strict=True):
            self._pending += row.tobytes()
            sent += self._send(int(now_us))
        return sent

    def _send(self, now_us: int, *, flush: bool = False) -> list[Notification]:
        frames = _FRAMES_PER_NOTIFICATION[self.rate_hz] * wit.FRAME_BYTES
        size = len(self._pending) if flush else self.split_bytes or frames
        sent: list[Notification] = []
        while self._pending and len(self._pending) >= size:
            sent.append(Notification(wit.NOTIFY, self._pending[:size], now_us))
            self._pending = self._pending[size:]
        return sent

    def on_disconnect(self) -> None:
        self._pending = b""

    def reboot(self) -> None:
        self._pending = b""
