"""What a sensor on the virtual wearer feels at any instant, and the sensor that feels it."""

from __future__ import annotations

import numpy as np

from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.transport.simulated_sensor import (
    DeviceClock,
    FloatArray,
    Motion,
    SimulatedSensor,
)
from recordings.placement import Placement
from recordings.samples import ImuSamples

FEEL_RATE_HZ = 200.0
"""The wearer's motion is worked out at this rate, and interpolated between."""
_DRIFT_PPM = (12.0, -31.0, 24.0, -8.0, 38.0)
"""Crystals of a usual make are within ±40 ppm; no two are alike."""


def felt_at(samples: ImuSamples, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Specific force and angular rate at any instants of a worked-out motion.

    Parameters
    ----------
    samples : ImuSamples
        The motion.
    time_s : ndarray, shape (n,)
        On the clock of `samples`; before its first and after its last sample those are
        what is felt.

    Returns
    -------
    acc_m_s2, gyr_rad_s : ndarray, shape (n, 3)
    """
    if len(time_s):
        # Only what lies around them: a walk is long, and every packet asks.
        first, last = np.searchsorted(samples.time_s, (time_s.min(), time_s.max()))
        samples = samples[max(0, min(first, len(samples)) - 1) : last + 1]
    acc = [np.interp(time_s, samples.time_s, samples.acc_m_s2[:, axis]) for axis in range(3)]
    gyr = [np.interp(time_s, samples.time_s, samples.gyr_rad_s[:, axis]) for axis in range(3)]
    return np.stack(acc, axis=1), np.stack(gyr, axis=1)


def worn_sensor(number: int, placement: Placement, motion: Motion) -> SimulatedSensor:
    """A sensor of our own profile at 104 Hz, number 0, 1 … of one wearer."""
    return SimulatedSensor(
        f"51:3A:70:00:00:{number + 1:02X}",
        GaitPeripheral(uid=0x51_3A_70 + number, name=f"virtual {placement.label}"),
        motion,
        DeviceClock(_DRIFT_PPM[number % len(_DRIFT_PPM)]),
    )
