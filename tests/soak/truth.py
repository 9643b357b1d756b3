"""What one sensor took, and which of it was put on the bus."""

from __future__ import annotations

import time

import numpy as np

from firmware_bridge.devices import dot
from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.peripherals.dot import DotPeripheral
from firmware_bridge.devices.peripherals.gait import SCALE_CODES
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.simulated_sensor import FloatArray, Motion
from firmware_bridge.units import DEG, STANDARD_GRAVITY
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import gait_sensor

_ACC_LSB = wire.ACC_SCALES_G[SCALE_CODES >> 4] * STANDARD_GRAVITY
_GYR_LSB = wire.GYR_SCALES_DPS[SCALE_CODES & 15] * DEG
_PPM = (-40.0, 25.0, -10.0, 40.0, 5.0)


class TruthLog:
    """A sensor in reach of the fake service, watched.

    Parameters
    ----------
    family : {"gait", "dot"}
        Of our profile at `rate_hz`, or a Movella DOT, which has 60 Hz.
    """

    def __init__(
        self, number: int, rate_hz: float, interval_s: float, motion: Motion, family: str = "gait"
    ) -> None:
        self._is_dot = family == "dot"
        self._time_s: list[FloatArray] = []
        self._counts: list[FloatArray] = []
        self._sent: list[tuple[float, int, float]] = []
        sensor = gait_sensor(
            number,
            rate_hz=rate_hz,
            ppm=_PPM[number % len(_PPM)],
            start_us=2**32 - 30_000_000 - number * 1_000_000,
            peripheral=DotPeripheral() if self._is_dot else None,
            motion=motion,
            on_samples=self._took,
        )
        self.station = Station(sensor, RadioConditions(interval_s), seed=number)
        self.station.on_delivered = self._delivered

    def _took(self, time_s: FloatArray, acc: FloatArray, gyr: FloatArray) -> None:
        self._time_s.append(time_s)
        counts = in_counts(acc, gyr)
        # A foot that lands may feel more than the sensor can say.
        self._counts.append(counts if self._is_dot else np.clip(counts, -32768, 32767))

    def _delivered(self, taken_s: float, characteristic: str, data: bytes) -> None:
        if characteristic == wire.DATA:
            self._sent.append((taken_s, data[1], time.perf_counter()))
        elif characteristic == dot.MEDIUM_PAYLOAD:
            self._sent.append((taken_s, 1, time.perf_counter()))

    def arrays(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """True times in s, acc and gyr in counts, and when each sample was put on the bus.

        NaN stands for those that never were.
        """
        time_s = np.concatenate(self._time_s)
        put_s = np.full(len(time_s), np.nan)
        for last_s, n, on_bus_s in self._sent:
            last = int(np.searchsorted(time_s, last_s - 1e-4))
            put_s[last - n + 1 : last + 1] = on_bus_s
        return time_s, np.concatenate(self._counts), put_s


def in_counts(acc_m_s2: FloatArray, gyr_rad_s: FloatArray) -> FloatArray:
    """Acc and gyr in units of the sensor's resolution, shape (n, 6)."""
    return np.hstack((acc_m_s2 / _ACC_LSB, gyr_rad_s / _GYR_LSB))
