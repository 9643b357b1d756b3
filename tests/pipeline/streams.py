"""Samples and grid runs that tests make by hand, and the channels of a twin's walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GRID_STEP_S, GridRun, SensorGrid
from pipeline.stages.synchronise import Synchroniser
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples
from recordings.session import Session

GRAVITY_M_S2 = 9.81

STANDING = Rotation.from_matrix([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Segment (x anterior, y superior, z right) → earth of a wearer who stands facing earth x."""


def samples(
    placement: Placement, time_s: FloatArray, acc: FloatArray, gyr: FloatArray
) -> ImuSamples:
    """Samples of one sensor; `acc` and `gyr` of shape (n, 3)."""
    return ImuSamples(placement, time_s, acc, gyr)


def all_samples(session: Session) -> dict[Placement, ImuSamples]:
    return {p: session.samples(p) for p in session.placements}


def grid_run(parts: Mapping[Placement, ImuSamples]) -> GridRun:
    """Samples of all sensors, synchronised in one go."""
    synchroniser = Synchroniser(tuple(parts))
    first, last = synchroniser.push(parts), synchroniser.finish()
    runs = [run for run in (first, last) if run is not None]
    sensors = {
        p: SensorGrid(
            np.concatenate([r.sensors[p].acc for r in runs], axis=1),
            np.concatenate([r.sensors[p].gyr for r in runs], axis=1),
            np.concatenate([r.sensors[p].valid for r in runs]),
            np.concatenate([r.sensors[p].bridged for r in runs]),
        )
        for p in parts
    }
    return GridRun(runs[0].start, sum(r.length for r in runs), sensors)


def sensor_grid(
    acc: FloatArray, gyr: FloatArray, valid: NDArray[np.bool_] | None = None
) -> SensorGrid:
    """One sensor on the grid; `acc` and `gyr` of shape (3, n), NaN where not valid."""
    valid = np.ones(acc.shape[1], dtype=bool) if valid is None else valid
    return SensorGrid(
        np.where(valid, acc, np.nan),
        np.where(valid, gyr, np.nan),
        valid,
        np.zeros(len(valid), dtype=bool),
    )


def turned_sensor(to_earth: Rotation, valid: NDArray[np.bool_] | None = None) -> SensorGrid:
    """What a sensor feels that turns on the spot: gravity and its angular rate.

    Parameters
    ----------
    to_earth : Rotation
        Sensor → earth at each grid point.
    """
    acc = to_earth.inv().apply([0.0, 0.0, GRAVITY_M_S2]).T
    step = (to_earth[:-1].inv() * to_earth[1:]).as_rotvec().T / GRID_STEP_S
    # A filter integrates the rate of a sample up to that sample.
    gyr = np.concatenate((np.zeros((3, 1)), step), axis=1)
    return sensor_grid(acc, gyr, valid)


def without(part: ImuSamples, start_s: float, end_s: float) -> ImuSamples:
    """The samples outside ``[start_s, end_s)``."""
    keep = (part.time_s < start_s) | (part.time_s >= end_s)
    return ImuSamples(part.placement, part.time_s[keep], part.acc_m_s2[keep], part.gyr_rad_s[keep])


def cut_points(length: int, sizes: Sequence[int]) -> list[slice]:
    """Slices that cover ``length`` points with pieces of the sizes, repeated in turn."""
    out, position, turn = [], 0, 0
    while position < length:
        size = sizes[turn % len(sizes)]
        out.append(slice(position, min(position + size, length)))
        position, turn = position + size, turn + 1
    return out


def still_sensors(
    duration_s: float, placements: Sequence[Placement] = REQUIRED_PLACEMENTS
) -> dict[Placement, ImuSamples]:
    """Sensors that hang still, with the noise of real ones."""
    n = round(duration_s * GRID_RATE_HZ)
    parts = {}
    for i, placement in enumerate(placements):
        rng = np.random.default_rng(i)
        acc = np.array([0.0, GRAVITY_M_S2, 0.0]) + 0.02 * rng.standard_normal((n, 3))
        gyr = np.deg2rad(0.1) * rng.standard_normal((n, 3))
        parts[placement] = ImuSamples(placement, np.arange(n) / GRID_RATE_HZ, acc, gyr)
    return parts
