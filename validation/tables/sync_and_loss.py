"""What a sensor that is out of step costs, and what lost packets cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.spec import SensorFaults
from pipeline.gait import GaitEventKind
from recordings.placement import Placement, Side
from validation.cases import Laboratory
from validation.numbers import match, mean, rmse_without_offset, root_mean_square, together
from validation.page import Drawing, Grid, Section, number
from validation.svg import Series, line_chart
from validation.walks import WITH_TURNS, found_events_s, true_events_s, walk

FIRST_SEED = 6000
OFFSETS_MS = (0.0, 10.0, 20.0, 50.0)
LOSSES = (0.0, 0.01, 0.05, 0.10, 0.20)
TOLERANCE_S = 0.15


@dataclass(frozen=True, slots=True)
class Case:
    seed: int
    offset_ms: float = 0.0
    loss_share: float = 0.0


def measure(case: Case) -> dict[str, Any]:
    """Angle errors of the right leg (deg), events, and strides that remain."""
    spec = draw_spec(case.seed, timeline=WITH_TURNS)
    faults = {p: SensorFaults(clock_offset_ms=0.0) for p in Placement}
    faults[Placement.THIGH_RIGHT] = SensorFaults(clock_offset_ms=case.offset_ms)
    sensors = msgspec.structs.replace(
        spec.sensors, faults=faults, loss_share=case.loss_share, soft_tissue=0.0
    )
    one = walk(msgspec.structs.replace(spec, sensors=sensors))
    kind = GaitEventKind.INITIAL_CONTACT
    sides = [
        match(found_events_s(one.results, kind, s), true_events_s(one.truth, kind, s), TOLERANCE_S)
        for s in Side
    ]
    right = sides[list(Side).index(Side.RIGHT)].error_s
    steady = one.results.summary.steady_strides
    asymmetry = [f.mean for f in one.results.features if f.feature == "step_time_asymmetry_percent"]
    return {
        "hip": rmse_without_offset(one.angle_error_deg("hip_flexion_right")),
        "adduction": rmse_without_offset(one.angle_error_deg("hip_adduction_right")),
        "knee": rmse_without_offset(one.angle_error_deg("knee_flexion_right")),
        "f1": together(sides).f1,
        "spread_ms": 1000 * float(right.std()) if right.size else np.nan,
        "steady": sum(steady.values()) / max(1, len(one.truth.strides)),
        "asymmetry": abs(asymmetry[0] - one.truth.asymmetry("F28")) if asymmetry else np.nan,
    }


def section(laboratory: Laboratory, people: int) -> Section:
    count = max(2, people // 100)
    seeds = range(FIRST_SEED, FIRST_SEED + count)
    result = Section(
        title="Sensors out of step, and lost packets",
        meaning=(
            f"{count} people, no artefact. *Out of step*: the stamps of the right thigh are late "
            "by a constant; the others are exact. *Lost*: bursts of 50 ms on average, from every "
            "sensor on its own. A gap of up to 60 ms is bridged; a longer one ends the walking "
            "bout, so that strides go missing before they go wrong. *Steady strides kept* is the "
            "share of all strides, turns and ends of bouts included in the whole."
        ),
        seeds=f"{FIRST_SEED}–{FIRST_SEED + count - 1}",
    )
    offsets = {
        o: laboratory.measure(measure, [Case(s, offset_ms=o) for s in seeds]) for o in OFFSETS_MS
    }
    losses = {
        x: laboratory.measure(measure, [Case(s, loss_share=x) for s in seeds]) for x in LOSSES
    }
    result.grids.append(_grid("Right thigh out of step", "late by, ms", offsets, 1))
    result.grids.append(_grid("Lost samples", "lost, %", losses, 100))
    chart = line_chart(
        [
            Series(
                label, OFFSETS_MS, [root_mean_square([w[key] for w in v]) for v in offsets.values()]
            )
            for key, label in (("hip", "hip flexion"), ("knee", "knee flexion"))
        ],
        "right thigh late by, ms",
        "RMSE, °",
    )
    result.drawings.append(Drawing("out_of_step", "Angle error of a thigh out of step", chart))
    return result


def _grid(caption: str, head: str, groups: dict[float, list[dict[str, Any]]], scale: float) -> Grid:
    rows = [
        (
            f"{scale * key:g}",
            *(
                number(root_mean_square([w[name] for w in walks]), 2)
                for name in ("hip", "adduction", "knee")
            ),
            number(mean(w["f1"] for w in walks), 3),
            number(root_mean_square([w["spread_ms"] for w in walks]), 0),
            f"{100 * mean(w['steady'] for w in walks):.0f} %",
            number(mean(w["asymmetry"] for w in walks)),
        )
        for key, walks in groups.items()
    ]
    heads = (
        *(head, "hip flexion, RMSE °", "hip adduction, RMSE °", "knee flexion, RMSE °"),
        *("initial contact F1", "SD, ms", "steady strides kept", "step-time asymmetry off by, %"),
    )
    return Grid(caption, heads, rows)
