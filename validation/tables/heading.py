"""What a drifting gyroscope does to rotations over ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.spec import Stand, TimelineItem, UTurn, Walk
from recordings.placement import Side
from validation.cases import Laboratory
from validation.numbers import rmse_without_stride_means, root_mean_square
from validation.page import Grid, Section, number
from validation.walks import walk

FIRST_SEED = 5000
DRIFTS = (0.0, 0.1, 0.3, 1.0)
TEN_MINUTES: tuple[TimelineItem, ...] = (
    Stand(duration_s=8.0, calibration=True),
    *(item for _ in range(10) for item in (Walk(duration_s=56.0), UTurn())),
    Walk(duration_s=10.0),
    Stand(duration_s=3.0),
)


@dataclass(frozen=True, slots=True)
class Case:
    seed: int
    drift_dps_per_min: float


def measure(case: Case) -> dict[str, Any]:
    """RMSE within strides (deg), and how far the mean of hip rotation wanders (deg)."""
    spec = draw_spec(case.seed, timeline=TEN_MINUTES)
    sensors = msgspec.structs.replace(
        spec.sensors, gyr_bias_drift_dps_per_min=case.drift_dps_per_min, soft_tissue=0.0
    )
    one = walk(msgspec.structs.replace(spec, sensors=sensors))
    within, wander = [], []
    for side in Side:
        error = one.angle_error_deg(f"hip_rotation_{side.value}")
        rows = one.stride_rows(side)
        within.append(rmse_without_stride_means(error, rows))
        means = np.array([np.nanmean(error[a:b]) for a, b in rows if np.isfinite(error[a:b]).any()])
        if means.size >= 40:
            wander.append(float(np.mean(means[-20:]) - np.mean(means[:20])))
    pelvis = rmse_without_stride_means(
        one.angle_error_deg("pelvis_rotation"), one.stride_rows(Side.RIGHT)
    )
    flexion = [float(np.nanstd(one.angle_error_deg(f"hip_flexion_{s.value}"))) for s in Side]
    return {
        "hip": root_mean_square(within),
        "pelvis": pelvis,
        "flexion": root_mean_square(flexion),
        "wander": wander,
    }


def section(laboratory: Laboratory, people: int) -> Section:
    count = max(2, people // 125)
    rows = []
    for drift in DRIFTS:
        cases = [Case(FIRST_SEED + i, drift) for i in range(count)]
        walks = laboratory.measure(measure, cases)
        wander = np.abs([v for w in walks for v in w["wander"]])
        rows.append(
            (
                number(drift),
                number(root_mean_square([w["hip"] for w in walks]), 2),
                number(root_mean_square([w["pelvis"] for w in walks]), 2),
                number(root_mean_square([w["flexion"] for w in walks]), 2),
                number(float(wander.mean()) if wander.size else np.nan),
                number(float(wander.max()) if wander.size else np.nan),
            )
        )
    heads = (
        "drift of bias, °/s per min (SD)",
        "hip rotation within strides, RMSE °",
        "pelvis rotation within strides, RMSE °",
        "hip flexion, RMSE °",
        "wander of mean hip rotation over ten minutes, °",
        "worst, °",
    )
    return Section(
        title="Heading under drift",
        meaning=(
            "Ten minutes with a U-turn every minute, gyroscope biases that drift at a constant "
            f"rate drawn per sensor and axis; {count} people, no artefact. What is told about "
            "rotation is told within strides (first columns). The last columns say how far the "
            "error of the mean of hip rotation wanders from the first to the last twenty "
            "strides, and with it why no finding rests on that mean."
        ),
        seeds=f"{FIRST_SEED}–{FIRST_SEED + count - 1}",
        grids=[Grid("Rotations under drift", heads, rows)],
    )
