"""Sensors for tests: what each feels tells whose sample it is and which."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from firmware_bridge.devices.peripherals.base import Peripheral
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.transport.simulated_sensor import (
    DeviceClock,
    FloatArray,
    Motion,
    SimulatedSensor,
)


def swinging(phase: float = 0.0) -> Callable[[FloatArray], tuple[FloatArray, FloatArray]]:
    """A leg that swings once a second; no two samples are alike."""

    def motion(time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        angle = 2 * np.pi * time_s + phase
        drift = 0.3 * np.sin(0.731 * time_s + phase)
        acc = np.stack((2 * np.sin(angle), 9.81 + np.cos(1.7 * angle), drift), axis=1)
        gyr = np.stack((drift, 0.2 * np.cos(3.1 * angle), 3 * np.cos(angle)), axis=1)
        return acc, gyr

    return motion


def address(number: int) -> str:
    return f"C0:FF:EE:00:00:{number:02X}"


def gait_sensor(
    number: int = 1,
    *,
    rate_hz: float = 104.0,
    ppm: float = 0.0,
    start_us: int = 0,
    peripheral: Peripheral | None = None,
    motion: Motion | None = None,
    on_samples: Callable[[FloatArray, FloatArray, FloatArray], None] | None = None,
) -> SimulatedSensor:
    """A sensor of our own profile."""
    return SimulatedSensor(
        address(number),
        peripheral or GaitPeripheral(uid=number, rate_hz=rate_hz, boot=0x1000 + number),
        motion or swinging(float(number)),
        DeviceClock(ppm, start_us),
        on_samples,
    )
