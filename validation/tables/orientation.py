"""How well one sensor's orientation is known: inclination and heading, on the twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.rotations import conjugate, multiply, rotate
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.grid import SensorGrid
from pipeline.stages.orient import Orienter
from recordings.placement import Placement
from validation.cases import Laboratory
from validation.numbers import FloatArray, rmse, root_mean_square
from validation.page import Grid, Section, number
from validation.walks import WITH_TURNS

FIRST_SEED = 1000
UP = np.array([[0.0], [0.0], [1.0]])


@dataclass(frozen=True, slots=True)
class Case:
    seed: int
    gyr_bias_dps: float


def measure(case: Case) -> dict[str, Any]:
    """Inclination RMSE (deg) and heading drift (deg/min) of each sensor of one walk."""
    spec = draw_spec(case.seed, timeline=WITH_TURNS)
    sensors = msgspec.structs.replace(
        spec.sensors, soft_tissue=0.0, gyr_bias_dps=case.gyr_bias_dps, clock_offset_ms=0.0
    )
    worn = wear(msgspec.structs.replace(spec, sensors=sensors))
    out: dict[str, Any] = {}
    for placement in Placement:
        samples = worn.session.samples(placement)
        still = samples.time_s < 7.0
        known = np.ones(len(samples), dtype=bool)
        grid = SensorGrid(
            np.ascontiguousarray(samples.acc_m_s2.T),
            np.ascontiguousarray(samples.gyr_rad_s.T),
            known,
            ~known,
        )
        found, _, _ = Orienter(samples.gyr_rad_s[still].mean(axis=0)).process(grid)
        truth = worn.truth
        mounting = truth.sensors[placement].mounting[:, None]
        n = min(found.shape[1], len(truth.time_s))
        true = multiply(truth.orientation[placement].T[:, :n], mounting)
        tilt, drift = _errors(found[:, :n], true, truth.time_s[:n] > 8.0)
        out[placement.value] = [tilt, drift]
    return out


def _errors(found: FloatArray, true: FloatArray, walking: NDArray[np.bool_]) -> tuple[float, float]:
    """Inclination RMSE (deg) and drift of heading (deg/min) while walking."""
    down = rotate(conjugate(found), UP)
    true_down = rotate(conjugate(true), UP)
    cross = np.linalg.norm(np.cross(down.T, true_down.T), axis=1)
    tilt = np.rad2deg(np.arctan2(cross, np.sum(down * true_down, axis=0)))
    turn = multiply(found, conjugate(true))
    heading = np.unwrap(2 * np.arctan2(turn[3], turn[0]))[walking]
    minutes = np.arange(heading.size) / 6000.0
    slope = np.polyfit(minutes, np.rad2deg(heading), 1)[0]
    return rmse(tilt[walking]), float(slope)


def section(laboratory: Laboratory, people: int) -> Section:
    count = max(3, people // 25)
    rows = []
    for bias in (0.0, 0.4, 1.0, 2.0):
        cases = [Case(FIRST_SEED + i, bias) for i in range(count)]
        walks = laboratory.measure(measure, cases)
        for kind in ("pelvis", "thigh", "shank"):
            values = [v for walk in walks for name, v in walk.items() if name.startswith(kind)]
            rows.append(
                (
                    number(bias),
                    kind,
                    number(root_mean_square([v[0] for v in values]), 2),
                    number(max(v[0] for v in values), 2),
                    number(float(np.median(np.abs([v[1] for v in values]))), 2),
                    number(max(abs(v[1]) for v in values), 2),
                )
            )
    heads = (
        "gyroscope bias SD, °/s",
        "sensor",
        "inclination RMSE, °",
        "worst walk, °",
        "heading drift, median °/min",
        "worst °/min",
    )
    return Section(
        title="Orientation of one sensor",
        meaning=(
            "Each sensor's orientation against the true one, sensors fixed to the bone, "
            f"{count} people, two and a half minutes with two U-turns and two corners. Inclination "
            "is what gravity corrects and all joint angles rest on. Heading has no reference "
            "without a magnetometer: it drifts, and this is why nothing here is ever told about "
            "an absolute direction of a thigh. The bias is what remains after a first rest."
        ),
        seeds=f"{FIRST_SEED}–{FIRST_SEED + count - 1}",
        grids=[Grid("Orientation error on the twin", heads, rows)],
    )
