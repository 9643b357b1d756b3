"""A sensor that exists in software only: a motion, a family's bytes, a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices.peripherals.base import Notification, Peripheral

FloatArray = NDArray[np.float64]


class Motion(Protocol):
    """What a sensor feels, at any instants."""

    def __call__(self, time_s: FloatArray, /) -> tuple[FloatArray, FloatArray]:
        """Specific force in m/s² and angular rate in rad/s, each of shape (n, 3).

        `time_s` increases from call to call.
        """
        ...


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """How a sensor's crystal runs.

    Attributes
    ----------
    ppm : float
        How much too fast.
    start_us : int
        Reading at the moment the sensor was switched on for the first time; near 2³² it
        wraps soon.
    """

    ppm: float = 0.0
    start_us: int = 0


class SimulatedSensor:
    """Takes samples by its own clock and packs them as its family does.

    Parameters
    ----------
    address : str
    peripheral : Peripheral
        The family's model; it turns samples into packets.
    motion : Motion
        Asked at true time.
    clock : DeviceClock
    on_samples : callable, optional
        Told the true times, acc and gyr of all samples taken while streaming: the truth
        against which a recording can be judged.
    """

    def __init__(
        self,
        address: str,
        peripheral: Peripheral,
        motion: Motion,
        clock: DeviceClock | None = None,
        on_samples: Callable[[FloatArray, FloatArray, FloatArray], None] | None = None,
    ) -> None:
        self.address = address
        self.peripheral = peripheral
        self._motion = motion
        self._clock = clock or DeviceClock()
        self._on_samples = on_samples
        self._powered_on_s: float | None = None
        self._start_us = self._clock.start_us
        self._next_us = float(self._start_us)

    def switch_on(self, time_s: float) -> None:
        """The sensor's clock begins to run; nothing happens if it runs already."""
        if self._powered_on_s is None:
            self._powered_on_s = time_s

    def reboot(self, time_s: float) -> None:
        """Flat battery, watchdog: counter and clock begin anew."""
        self.peripheral.reboot()
        self._powered_on_s = time_s
        self._start_us = 0
        self._next_us = 0.0

    def device_time_us(self, time_s: float) -> int:
        """The sensor's own clock (not wrapped) at a true time."""
        assert self._powered_on_s is not None, "the sensor is not switched on"
        return self._start_us + round((time_s - self._powered_on_s) * 1e6 * self._pace)

    def true_time_s(self, device_time_us: float) -> float:
        """The true time at a reading of the sensor's clock."""
        assert self._powered_on_s is not None, "the sensor is not switched on"
        return self._powered_on_s + (device_time_us - self._start_us) / (1e6 * self._pace)

    def advance(self, until_s: float) -> list[tuple[float, Notification]]:
        """Take all samples that are due before `until_s`.

        Returns
        -------
        list of (float, Notification)
            True time and content of each packet that became complete.
        """
        now_us = self.device_time_us(until_s)
        period_us = 1e6 / self.peripheral.rate_hz
        n = int((now_us - self._next_us) // period_us) + 1 if now_us >= self._next_us else 0
        if n <= 0:
            return []
        exact_us = self._next_us + period_us * np.arange(n)
        self._next_us += period_us * n
        taken_us = np.rint(exact_us).astype(np.int64)
        true_s = self.true_time_s(0) + taken_us / (1e6 * self._pace)
        acc, gyr = self._motion(true_s)
        if self._on_samples is not None and self.peripheral.streaming:
            self._on_samples(true_s, acc, gyr)
        packets = self.peripheral.encode(acc, gyr, taken_us)
        return [(self.true_time_s(p.device_time_us), p) for p in packets]

    def write(self, characteristic: str, data: bytes, time_s: float) -> list[Notification]:
        """Take a write at a true time; see `Peripheral.on_write`."""
        return self.peripheral.on_write(characteristic, data, self.device_time_us(time_s))

    @property
    def _pace(self) -> float:
        return 1.0 + self._clock.ppm * 1e-6
