"""How well one sensor's orientation is known: inclination and heading, on the twin."""

from __future__ import annotations

from collections import defaultdict
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
STANDS_S = 7.0
"""Nobody moves before this."""
UP = np.array([[0.0], [0.0], [1.0]])


SITUATIONS: tuple[tuple[float, float, float], ...] = (
    (0.0, 0.02, 7.0),
    (2.0, 0.02, 7.0),
    (2.0, 0.02, 1.0),
    (0.4, 0.02, 0.0),
    (2.0, 0.02, 0.0),
    (0.4, 0.3, 7.0),
    (0.4, 1.0, 7.0),
)
"""Bias of the gyroscope (SD, °/s), its drift (SD, °/s a minute), rest before walking (s)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One walk, oriented once for each length of rest."""

    seed: int
    gyr_bias_dps: float
    drift_dps_per_min: float
    rests_s: tuple[float, ...]


def measure(case: Case) -> dict[str, Any]:
    """Inclination RMSE (deg) and heading drift (deg/min) of each sensor, by seconds of rest."""
    spec = draw_spec(case.seed, timeline=WITH_TURNS)
    sensors = msgspec.structs.replace(
        spec.sensors,
        soft_tissue=0.0,
        gyr_bias_dps=case.gyr_bias_dps,
        gyr_bias_drift_dps_per_min=case.drift_dps_per_min,
        clock_offset_ms=0.0,
    )
    worn = wear(msgspec.structs.replace(spec, sensors=sensors))
    truth = worn.truth
    out: dict[str, Any] = {f"{rest_s:g}": {} for rest_s in case.rests_s}
    for placement in Placement:
        samples = worn.session.samples(placement)
        known = np.ones(len(samples), dtype=bool)
        grid = SensorGrid(
            np.ascontiguousarray(samples.acc_m_s2.T),
            np.ascontiguousarray(samples.gyr_rad_s.T),
            known,
            ~known,
        )
        true = multiply(
            truth.orientation[placement].T, truth.sensors[placement].mounting[:, np.newaxis]
        )
        for rest_s in case.rests_s:
            still = (samples.time_s >= STANDS_S - rest_s) & (samples.time_s < STANDS_S)
            bias = samples.gyr_rad_s[still].mean(axis=0) if rest_s else np.zeros(3)
            found, _, _ = Orienter(bias).process(grid)
            n = min(found.shape[1], len(truth.time_s))
            errors = _errors(found[:, :n], true[:, :n], truth.time_s[:n] > STANDS_S + 1.0)
            out[f"{rest_s:g}"][placement.value] = list(errors)
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
    count = max(3, people // 80)
    rests = defaultdict(list)
    for bias, drift, rest_s in SITUATIONS:
        rests[bias, drift].append(rest_s)
    walks = laboratory.measure_groups(
        measure,
        {
            (bias, drift): [
                Case(FIRST_SEED + i, bias, drift, tuple(all_rests)) for i in range(count)
            ]
            for (bias, drift), all_rests in rests.items()
        },
    )
    rows = []
    for bias, drift, rest_s in SITUATIONS:
        sensors = [walk[f"{rest_s:g}"] for walk in walks[bias, drift]]
        for kind in ("pelvis", "thigh", "shank"):
            values = [v for walk in sensors for name, v in walk.items() if name.startswith(kind)]
            rows.append(
                (
                    number(bias),
                    number(drift, 2),
                    f"{rest_s:g}" if rest_s else "none",
                    kind,
                    number(root_mean_square([v[0] for v in values]), 2),
                    number(max(v[0] for v in values), 2),
                    number(float(np.median(np.abs([v[1] for v in values]))), 2),
                    number(max(abs(v[1]) for v in values), 2),
                )
            )
    heads = (
        "gyroscope bias SD, °/s",
        "its drift SD, °/s per min",
        "rest, s",
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
            "an absolute direction of a thigh. A bias that stays the same is the mean of a rest "
            "and is taken away with it, so that after one its size does not matter at all; without "
            "any rest the filter has to find it while the wearer walks, and a drift of the bias "
            "comes after the rest."
        ),
        seeds=f"{FIRST_SEED}–{FIRST_SEED + count - 1}",
        grids=[Grid("Orientation error on the twin", heads, rows)],
    )
