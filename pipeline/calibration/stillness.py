"""Stillness: stretches in which nothing moves, and what the sensors feel in them.

A stretch counts as still when in each quarter of a second every required sensor turns and
shakes less than a person who tries to stand quietly. Sway of up to 3 °/s is usual at the
thigh, so the bounds are wide; the length of the stretch does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GridRun, SensorGrid, true_runs
from recordings.placement import REQUIRED_PLACEMENTS, Placement

BLOCK = GRID_RATE_HZ // 4
STILL_GYR_RAD_S = np.deg2rad(10.0)
STILL_ACC_M_S2 = 0.5
MIN_REST_S = 2.0
USED_REST_S = 8.0
"""A longer rest is cut to its quietest part of this length."""
_MIN_BLOCKS = round(MIN_REST_S * GRID_RATE_HZ / BLOCK)
_USED_BLOCKS = round(USED_REST_S * GRID_RATE_HZ / BLOCK)


@dataclass(frozen=True, slots=True, eq=False)
class SensorAtRest:
    """Means of one sensor over a still stretch, in the sensor frame."""

    bias_rad_s: FloatArray
    """Mean angular rate: the gyroscope's bias, shape (3,)."""
    up: FloatArray
    """Unit vector of the mean specific force: earth's up, shape (3,)."""
    gravity_m_s2: float
    sway_rad_s: float
    """Root mean square of the angular rate about its mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """A still stretch ``[start, end)`` in grid indices."""

    start: int
    end: int
    sensors: Mapping[Placement, SensorAtRest]

    @property
    def duration_s(self) -> float:
        return (self.end - self.start) / GRID_RATE_HZ


def still_blocks(run: GridRun) -> NDArray[np.bool_]:
    """Which quarter seconds are still, all required sensors together; none in a gap."""
    still = np.ones(run.length // BLOCK, dtype=bool)
    for placement in REQUIRED_PLACEMENTS:
        if placement in run.sensors:
            sensor = run.sensors[placement]
            still &= _spread(sensor.gyr) < STILL_GYR_RAD_S
            still &= _spread(sensor.acc) < STILL_ACC_M_S2
    return still


def _spread(x: FloatArray) -> FloatArray:
    """Largest standard deviation of the three axes in each block, shape (blocks,)."""
    blocks = x.reshape(3, -1, BLOCK)
    off = blocks - blocks.mean(axis=2)[:, :, np.newaxis]
    return np.sqrt((off**2).mean(axis=2)).max(axis=0)


def find_rests(run: GridRun) -> list[Rest]:
    """All still stretches of a run that last long enough, in time order."""
    usable = run[: run.length - run.length % BLOCK]
    if not usable.length:
        return []
    rests = []
    for first, last in true_runs(still_blocks(usable)):
        if last - first < _MIN_BLOCKS:
            continue
        # The first and last quarter second hold the movement into and out of the pose.
        start, end = (first + 1) * BLOCK, (last - 1) * BLOCK
        start, end = _quietest(usable, start, end)
        rests.append(rest_between(usable, usable.start + start, usable.start + end))
    return rests


def rest_between(run: GridRun, start: int, end: int) -> Rest:
    """What the sensors feel in ``[start, end)`` (grid indices inside the run)."""
    part = run[start - run.start : end - run.start]
    sensors = {
        placement: _at_rest(sensor)
        for placement, sensor in part.sensors.items()
        if sensor.valid.mean() > 0.8
    }
    return Rest(start, end, sensors)


def _at_rest(sensor: SensorGrid) -> SensorAtRest:
    gyr, acc = sensor.gyr[:, sensor.valid], sensor.acc[:, sensor.valid]
    bias, force = gyr.mean(axis=1), acc.mean(axis=1)
    gravity = float(np.linalg.norm(force))
    sway = float(np.sqrt(((gyr - bias[:, np.newaxis]) ** 2).sum(axis=0).mean()))
    return SensorAtRest(bias, force / max(gravity, 1e-9), gravity, sway)


def _quietest(run: GridRun, start: int, end: int) -> tuple[int, int]:
    """The quietest window of at most `USED_REST_S` inside ``[start, end)``."""
    length = _USED_BLOCKS * BLOCK
    if end - start <= length:
        return start, end
    motion = np.zeros(end - start)
    for placement in REQUIRED_PLACEMENTS:
        gyr = run.sensors[placement].gyr[:, start:end]
        motion += np.nan_to_num(((gyr - np.nanmean(gyr, axis=1, keepdims=True)) ** 2).sum(axis=0))
    total = np.concatenate(([0.0], np.cumsum(motion)))
    begin = int(np.argmin(total[length:] - total[:-length])) + start
    return begin, begin + length
