"""Pelvis, hip and knee angles in each plane, by speed, with and without soft tissue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from firmware_bridge.virtual_wearer.population import draw_spec
from pipeline.gait import Plane
from recordings.placement import Side
from validation.cases import Laboratory
from validation.numbers import (
    rmse_without_offset,
    rmse_without_stride_means,
    root_mean_square,
)
from validation.page import Drawing, Grid, Section, at_most, number
from validation.svg import Series, line_chart
from validation.walks import WITH_TURNS, Analysed, walk

FIRST_SEED = 2000
SPEEDS = (0.6, 0.8, 1.0, 1.2, 1.4, 1.6)
ANGLES = (
    "pelvis_tilt",
    "hip_flexion",
    "pelvis_obliquity",
    "hip_adduction",
    "pelvis_rotation",
    "hip_rotation",
    "knee_flexion",
)
LIMITS = {
    "sagittal": (("pelvis_tilt", "hip_flexion"), 1.0, 2.0),
    "frontal": (("pelvis_obliquity", "hip_adduction"), 1.5, 2.0),
    "transverse": (("pelvis_rotation", "hip_rotation"), 2.5, 4.0),
    "knee": (("knee_flexion",), 2.0, None),
}
"""Angles, and what is to be reached without and with artefact, degrees RMSE."""


@dataclass(frozen=True, slots=True)
class Case:
    seed: int
    speed_m_s: float
    artefact: bool


def measure(case: Case) -> dict[str, Any]:
    """RMSE (deg) of every angle of one walk, and which planes were refused."""
    spec = draw_spec(case.seed, timeline=WITH_TURNS)
    sensors = spec.sensors
    if not case.artefact:
        sensors = msgspec.structs.replace(sensors, soft_tissue=0.0)
    person = msgspec.structs.replace(spec.person, speed_m_s=case.speed_m_s)
    one = walk(msgspec.structs.replace(spec, sensors=sensors, person=person))
    calibration = one.results.calibrations[0]
    refused = [plane.value for plane in Plane if plane in calibration.refused]
    return {
        "rmse": {name: _rmse(one, name) for name in ANGLES},
        "refused": refused,
        "unfit": bool(calibration.unfit),
    }


def _rmse(one: Analysed, name: str) -> float:
    """Both legs together; offset removed, in the transverse plane each stride's mean."""
    if name.startswith("pelvis"):
        columns = [(name, Side.RIGHT)]
    else:
        columns = [(f"{name}_{side.value}", side) for side in Side]
    values = []
    for column, side in columns:
        error = one.angle_error_deg(column)
        if "rotation" in name:
            values.append(rmse_without_stride_means(error, one.stride_rows(side)))
        else:
            values.append(rmse_without_offset(error))
    return root_mean_square(values)


def section(laboratory: Laboratory, people: int) -> Section:
    count = max(2, people // 80)
    tables: dict[bool, dict[float, dict[str, float]]] = {}
    rows = []
    for artefact in (False, True):
        tables[artefact] = {}
        for speed in SPEEDS:
            cases = [Case(FIRST_SEED + i, speed, artefact) for i in range(count)]
            walks = laboratory.measure(measure, cases)
            found = {name: root_mean_square([w["rmse"][name] for w in walks]) for name in ANGLES}
            tables[artefact][speed] = found
            refused = sum(bool(w["refused"] or w["unfit"]) for w in walks)
            rows.append(
                (
                    "with" if artefact else "without",
                    number(speed),
                    *(number(found[name], 2) for name in ANGLES),
                    f"{refused} of {count}",
                )
            )
    result = Section(
        title="Joint angles",
        meaning=(
            "Root mean square of measured minus true angle while walking, turns included; a "
            "constant offset is removed (it is what the standing zero decides), from rotations "
            f"the mean of each stride. {count} people at each speed, the same ones at all; means "
            "over people are root mean squares. A plane that the calibration refuses gives no "
            "angle and no error: the last column counts the walks with a refused plane, which "
            "are missing from the averages of that plane."
        ),
        seeds=f"{FIRST_SEED}–{FIRST_SEED + count - 1} at every speed",
    )
    heads = (
        "artefact",
        "speed, m/s",
        *(name.replace("_", " ") + ", °" for name in ANGLES),
        "planes refused",
    )
    result.grids.append(Grid("RMSE on the twin", heads, rows))
    for group, (names, without, with_artefact) in LIMITS.items():
        for artefact, limit in ((False, without), (True, with_artefact)):
            if limit is None:
                continue
            worst = max(tables[artefact][s][n] for s in SPEEDS for n in names)
            text = f"{group}, {'with' if artefact else 'no'} artefact, worst angle and speed"
            result.targets.append(at_most(text, worst, limit, "°", 2))
    lines = [
        Series(name.replace("_", " "), SPEEDS, [tables[True][s][name] for s in SPEEDS])
        for name in ANGLES[1:]
    ]
    chart = line_chart(lines[:6], "walking speed, m/s", "RMSE with artefact, °")
    result.drawings.append(Drawing("joint_angles", "Angle errors by speed, with artefact", chart))
    return result
