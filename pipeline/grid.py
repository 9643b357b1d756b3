"""The common time grid, and a run of all sensors' samples on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from recordings.placement import Placement

GRID_RATE_HZ = 100
GRID_STEP_S = 1.0 / GRID_RATE_HZ


def grid_time_s(index: int | NDArray[np.int64]) -> float | FloatArray:
    """Session time of a grid index. Division, not multiplication: exact decimals."""
    return index / GRID_RATE_HZ


@dataclass(frozen=True, slots=True, eq=False)
class SensorGrid:
    """One sensor on a run of grid points, components first.

    Attributes
    ----------
    acc, gyr : ndarray, shape (3, n)
        m/s² and rad/s in the sensor frame; NaN where `valid` is False.
    valid : ndarray of bool, shape (n,)
        False inside a gap that is too long to bridge.
    bridged : ndarray of bool, shape (n,)
        True where the value was interpolated over a lost sample.
    """

    acc: FloatArray
    gyr: FloatArray
    valid: NDArray[np.bool_]
    bridged: NDArray[np.bool_]

    def __getitem__(self, rows: slice) -> SensorGrid:
        return SensorGrid(
            self.acc[:, rows], self.gyr[:, rows], self.valid[rows], self.bridged[rows]
        )


@dataclass(frozen=True, slots=True, eq=False)
class GridRun:
    """All sensors on consecutive grid points ``start, start + 1, …``."""

    start: int
    length: int
    sensors: Mapping[Placement, SensorGrid]

    @property
    def end(self) -> int:
        return self.start + self.length

    def __getitem__(self, rows: slice) -> GridRun:
        """The run cut to ``rows`` (relative to its start, non-negative, step 1)."""
        first, last, _ = rows.indices(self.length)
        return GridRun(
            self.start + first,
            last - first,
            {p: sensor[first:last] for p, sensor in self.sensors.items()},
        )


def join_runs(runs: list[GridRun]) -> GridRun:
    """Consecutive runs as one."""
    if len(runs) == 1:
        return runs[0]
    return GridRun(
        runs[0].start,
        sum(run.length for run in runs),
        {
            p: SensorGrid(
                np.concatenate([run.sensors[p].acc for run in runs], axis=1),
                np.concatenate([run.sensors[p].gyr for run in runs], axis=1),
                np.concatenate([run.sensors[p].valid for run in runs]),
                np.concatenate([run.sensors[p].bridged for run in runs]),
            )
            for p in runs[0].sensors
        },
    )


def true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open stretches in which `flags` is True."""
    if flags.all():
        return [(0, len(flags))] if len(flags) else []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
