"""Stillness: stretches in which nothing moves, and what the sensors feel in them.

A stretch counts as still when in each quarter of a second every required sensor turns and
shakes less than a person who tries to stand quietly. Sway of up to 3 °/s is usual at the
thigh, so the bounds are wide; the length of the stretch does the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GridRun, SensorGrid
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


@dataclass(frozen=True, slots=True, eq=False)
class BlockSummary:
    """Per quarter second and sensor: enough to find rest and walking. Shape (blocks,)."""

    start: int
    gyr_mean: Mapping[Placement, FloatArray]
    acc_mean: Mapping[Placement, FloatArray]
    gyr_spread: Mapping[Placement, FloatArray]
    acc_spread: Mapping[Placement, FloatArray]
    """Largest standard deviation of the three axes; NaN in a gap."""

    def still(self) -> np.ndarray:
        """Which blocks are still, all required sensors together."""
        flags = [
            (self.gyr_spread[p] < STILL_GYR_RAD_S) & (self.acc_spread[p] < STILL_ACC_M_S2)
            for p in REQUIRED_PLACEMENTS
            if p in self.gyr_spread
        ]
        return np.logical_and.reduce(flags)


def summarise(run: GridRun) -> BlockSummary:
    """Summarise a run whose length is a whole number of blocks."""
    gyr_mean, acc_mean, gyr_spread, acc_spread = {}, {}, {}, {}
    for placement, sensor in run.sensors.items():
        gyr_mean[placement], gyr_spread[placement] = _mean_and_spread(sensor.gyr)
        acc_mean[placement], acc_spread[placement] = _mean_and_spread(sensor.acc)
    return BlockSummary(run.start, gyr_mean, acc_mean, gyr_spread, acc_spread)


def _mean_and_spread(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    blocks = x.reshape(3, -1, BLOCK)
    mean = blocks.mean(axis=2)
    return mean, np.sqrt(((blocks - mean[:, :, np.newaxis]) ** 2).mean(axis=2)).max(axis=0)


def find_rests(run: GridRun) -> list[Rest]:
    """All still stretches of a run that last long enough, in time order."""
    usable = run[: run.length - run.length % BLOCK]
    if not usable.length:
        return []
    still = summarise(usable).still()
    edges = np.flatnonzero(np.diff(np.concatenate(([False], still, [False])).astype(np.int8)))
    rests = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first < _MIN_BLOCKS:
            continue
        # The first and last quarter second hold the movement into and out of the pose.
        start, end = (int(first) + 1) * BLOCK, (int(last) - 1) * BLOCK
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
