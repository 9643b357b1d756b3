"""Worn sensors: the stretch that a calibration is made from, one object a sensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.stillness import Rest
from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GridRun, SensorGrid
from pipeline.stages.orient import Orienter
from recordings.frames import quaternion_from_axes, quaternion_product
from recordings.placement import Placement

WALKING_THIGH_RAD_S = 0.6
"""Both thighs turn at least this fast (rms over a second) while walking; 0.4 m/s gives 0.7."""

POSE_TOLERANCE_DEG = 30.0
"""How far standing may differ from the mean of walking. Sitting differs by 70–90°."""

MIN_GRAVITY_M_S2 = 0.5
"""A sensor that feels less at rest (0.98 in g) does not know where up is."""


@dataclass(slots=True, eq=False)
class WornSensor:
    """One sensor over the stretch, gaps filled, bias removed."""

    acc: FloatArray
    gyr: FloatArray
    quaternion: FloatArray
    trusted: NDArray[np.bool_]
    restarts: list[int]
    bias: FloatArray
    up: FloatArray
    alignment: FloatArray | None = None
    error_deg: float = np.inf
    share: float = 1.0

    @property
    def segment(self) -> FloatArray:
        assert self.alignment is not None
        return quaternion_product(self.quaternion, self.alignment[:, np.newaxis])

    def align(self, forward: FloatArray) -> None:
        right = np.cross(forward, self.up)
        self.alignment = quaternion_from_axes(forward, self.up, right)

    def turn_round(self) -> None:
        """Let the segment face the other way."""
        assert self.alignment is not None
        half_turn = np.array([0.0, 0.0, 1.0, 0.0])
        self.alignment = quaternion_product(self.alignment, half_turn)


def walking_mask(run: GridRun) -> NDArray[np.bool_]:
    """Samples at which both thighs swing as in walking, whatever the axes."""
    mask = np.ones(run.length, dtype=bool)
    if run.length < GRID_RATE_HZ:
        return ~mask
    for placement in (Placement.THIGH_LEFT, Placement.THIGH_RIGHT):
        sensor = run.sensors[placement]
        energy = np.where(sensor.valid, (np.nan_to_num(sensor.gyr) ** 2).sum(axis=0), 0.0)
        window = np.ones(GRID_RATE_HZ) / GRID_RATE_HZ
        mask &= np.convolve(energy, window, mode="same") > WALKING_THIGH_RAD_S**2
        mask &= sensor.valid
    return mask & run.sensors[Placement.PELVIS].valid


def choose_standing(run: GridRun, walking: NDArray[np.bool_], rests: Sequence[Rest]) -> Rest | None:
    """The rest whose pose is closest to the mean posture of walking, if any is close."""
    best, best_score = None, np.inf
    for rest in rests:
        worst = 0.0
        for placement in (Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT):
            if placement not in rest.sensors:
                worst = np.inf
                break
            up = _direction(run.sensors[placement].acc[:, walking].mean(axis=1))
            cosine = rest.sensors[placement].up @ up
            worst = max(worst, float(np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))))
        if worst > POSE_TOLERANCE_DEG:
            continue
        # Among standing poses the longer one wins: its sway averages out better.
        score = worst / 10.0 - min(rest.duration_s, 6.0)
        if score < best_score:
            best, best_score = rest, score
    return best


def prepare(
    run: GridRun, placement: Placement, rest: Rest | None, walking: NDArray[np.bool_]
) -> WornSensor | None:
    """Orient one sensor over the stretch; None if it is silent, or feels no gravity at rest."""
    grid = run.sensors[placement]
    if grid.valid[walking].mean() < 0.8:
        return None
    if rest is not None:
        if placement not in rest.sensors:
            return None
        if rest.sensors[placement].gravity_m_s2 < MIN_GRAVITY_M_S2:
            return None
        bias, up = rest.sensors[placement].bias_rad_s, rest.sensors[placement].up
    else:
        usable = walking & grid.valid
        bias = np.zeros(3)
        up = _direction(grid.acc[:, usable].mean(axis=1))
    quaternion, trusted, restarts = Orienter(bias).process(grid)
    return WornSensor(
        acc=_filled(grid.acc, grid),
        gyr=_filled(grid.gyr, grid) - bias[:, np.newaxis],
        quaternion=_hold(quaternion, trusted),
        trusted=trusted,
        restarts=restarts,
        bias=bias,
        up=up,
    )


def _direction(force: FloatArray) -> FloatArray:
    """Unit vector of a mean force; any, where a broken sensor feels none."""
    size = float(np.linalg.norm(force))
    return force / size if size > 0 else np.array([0.0, 0.0, 1.0])


def _filled(x: FloatArray, grid: SensorGrid) -> FloatArray:
    """Gaps closed linearly: only for zero-phase filters, whose output there is not used."""
    if grid.valid.all():
        return x
    index = np.arange(x.shape[1])
    known = np.flatnonzero(grid.valid)
    return np.stack([np.interp(index, known, row[known]) for row in x])


def _hold(quaternion: FloatArray, trusted: NDArray[np.bool_]) -> FloatArray:
    finite = np.isfinite(quaternion[0])
    if finite.all():
        return quaternion
    index = np.where(finite, np.arange(len(finite)), -1)
    index = np.maximum.accumulate(index)
    index[index < 0] = int(np.argmax(finite))
    return quaternion[:, index]
