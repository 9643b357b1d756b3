"""What real sensors do to the ideal signal: axes, errors, clocks, losses.

Everything about one sensor is drawn once, by seed, into a `SensorCharacter`, so that the
truth can say what it was; noise alone is drawn sample by sample.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.rotations import from_small_angles, multiply
from firmware_bridge.virtual_wearer.spec import SensorFaults, Sensors
from recordings.placement import Placement

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SensorCharacter:
    """Everything that makes one sensor what it is.

    Attributes
    ----------
    mounting : ndarray, shape (4,)
        Sensor → segment before any slip.
    slip : ndarray, shape (4,)
        Rotation of the sensor over the segment, in segment axes, from `slip_s` on.
    gyr_bias_rad_s, gyr_drift_rad_s2, acc_bias_m_s2, gyr_scale, acc_scale : ndarray, shape (3,)
    clock_offset_s, clock_drift_ppm : float
        ``stamped = true · (1 + drift · 1e-6) + offset``.
    first_s, last_s : float
        True times between which the sensor sends.
    """

    placement: Placement
    mounting: FloatArray
    slip: FloatArray
    slip_s: float
    gyr_bias_rad_s: FloatArray
    gyr_drift_rad_s2: FloatArray
    acc_bias_m_s2: FloatArray
    gyr_scale: FloatArray
    acc_scale: FloatArray
    clock_offset_s: float
    clock_drift_ppm: float
    first_s: float
    last_s: float

    def true_time(self, stamped_s: FloatArray) -> FloatArray:
        """True times of stamped times."""
        return (stamped_s - self.clock_offset_s) / (1.0 + self.clock_drift_ppm * 1e-6)

    def mounting_at(self, time_s: FloatArray) -> FloatArray:
        """Sensor → segment at times, (4, 1) or (4, n)."""
        still = self.mounting[:, None]
        if not np.isfinite(self.slip_s) or time_s[-1] < self.slip_s - 0.2:
            return still
        u = np.clip((time_s - self.slip_s + 0.15) / 0.3, 0.0, 1.0)
        share = u**3 * (10 - 15 * u + 6 * u * u)
        angle = 2.0 * np.arccos(np.clip(self.slip[0], -1, 1))
        axis = self.slip[1:] / max(np.linalg.norm(self.slip[1:]), 1e-12)
        return multiply(from_small_angles((axis * angle)[:, None] * share), still)


def draw_character(placement: Placement, sensors: Sensors, seed: int) -> SensorCharacter:
    """Draw one sensor; the same seed and placement give the same sensor."""
    rng = generator(seed, placement, "character")
    own = sensors.faults.get(placement, SensorFaults())
    direction = rng.standard_normal(3)
    direction /= np.linalg.norm(direction)
    rotvec = np.deg2rad(sensors.mounting_deg * rng.uniform() ** (1 / 3)) * direction
    if own.mounting_deg is not None:
        rotvec = np.deg2rad(own.mounting_deg)
    dps = np.deg2rad(1.0)

    def draw(sd: float) -> FloatArray:
        return sd * rng.standard_normal(3)

    gyr_bias, gyr_drift = (
        draw(sensors.gyr_bias_dps * dps),
        draw(sensors.gyr_bias_drift_dps_per_min * dps / 60),
    )
    acc_bias = draw(sensors.acc_bias_m_s2)
    gyr_scale, acc_scale = 1 + draw(sensors.scale_error), 1 + draw(sensors.scale_error)
    offset_s = 1e-3 * sensors.clock_offset_ms * rng.standard_normal()
    drift = sensors.clock_drift_ppm * rng.standard_normal()
    return SensorCharacter(
        placement=placement,
        mounting=from_small_angles(rotvec[:, None])[:, 0],
        slip=from_small_angles(np.deg2rad(own.slip_deg)[:, None])[:, 0],
        slip_s=np.inf if own.slip_s is None else own.slip_s,
        gyr_bias_rad_s=gyr_bias,
        gyr_drift_rad_s2=gyr_drift,
        acc_bias_m_s2=acc_bias,
        gyr_scale=gyr_scale,
        acc_scale=acc_scale,
        clock_offset_s=offset_s if own.clock_offset_ms is None else 1e-3 * own.clock_offset_ms,
        clock_drift_ppm=drift if own.clock_drift_ppm is None else own.clock_drift_ppm,
        first_s=own.joins_s,
        last_s=np.inf if own.battery_dies_s is None else own.battery_dies_s,
    )


def generator(seed: int, placement: Placement, purpose: str) -> np.random.Generator:
    """An independent random generator for one purpose of one sensor."""
    return np.random.default_rng([seed, zlib.crc32(f"{placement}/{purpose}".encode())])


def distort(
    acc: FloatArray,
    gyr: FloatArray,
    true_s: FloatArray,
    character: SensorCharacter,
    sensors: Sensors,
    noise: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Scale, bias, drift, noise and range of samples (3, n); returns new arrays."""
    acc = acc * character.acc_scale[:, None] + character.acc_bias_m_s2[:, None]
    gyr = gyr * character.gyr_scale[:, None] + character.gyr_bias_rad_s[:, None]
    gyr += character.gyr_drift_rad_s2[:, None] * true_s
    acc += sensors.acc_noise_m_s2 * noise.standard_normal(acc.shape)
    gyr += np.deg2rad(sensors.gyr_noise_dps) * noise.standard_normal(gyr.shape)
    acc_limit, gyr_limit = 9.81 * sensors.acc_range_g, np.deg2rad(sensors.gyr_range_dps)
    return np.clip(acc, -acc_limit, acc_limit), np.clip(gyr, -gyr_limit, gyr_limit)


def lost_samples(n: int, sensors: Sensors, seed: int, placement: Placement) -> NDArray[np.bool_]:
    """Which of `n` samples are lost, in bursts of geometric length."""
    lost = np.zeros(n, dtype=bool)
    if sensors.loss_share == 0.0 or n == 0:
        return lost
    rng = generator(seed, placement, "loss")
    burst = max(1.0, sensors.loss_burst_ms * 1e-3 * sensors.rate_hz)
    gap = burst * (1.0 - sensors.loss_share) / sensors.loss_share
    count = int(n / (burst + gap) * 1.5) + 20
    good = rng.exponential(gap, count).round().astype(int)
    bad = rng.geometric(1.0 / burst, count)
    edges = np.cumsum(np.stack((good, bad), axis=1).ravel())
    state = np.searchsorted(edges, np.arange(n), side="right")
    return state % 2 == 1
