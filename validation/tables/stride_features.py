"""Stride features: bias, spread between wearings, and the smallest change that can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.population import draw_spec
from pipeline.features.base import Feature
from pipeline.features.registry import FEATURES
from recordings.placement import Side
from validation.cases import Laboratory
from validation.page import Grid, Section, number
from validation.walks import walk

FIRST_SEED = 4000
TRUE_NAME = {
    "F28a": "F28",
    "F29a": "F29",
    "F30a": "F30",
    "F31a": "F31",
    "F33a": "F33",
}
"""Times of strides: code of the feature → key of the truth; other codes are the same."""
SIDED = (
    *("F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11"),
    *("F13", "F14", "F15", "F16", "F19", "F20", "F21", "F22", "F23", "F24", "F25", "F26"),
    *TRUE_NAME,
)
ASYMMETRIES = {"F28": "F28", "F29": "F29", "F30": "F30", "F31": "F31"}


@dataclass(frozen=True, slots=True)
class Case:
    """One wearing of one person: the body and its way of walking, then the sensors."""

    person: int
    wearing: int


def measure(case: Case) -> dict[str, Any]:
    """Measured and true value, and declared error, of each feature of one wearing."""
    spec = draw_spec(case.person)
    # Another seed is another mounting, another noise and other strides of the same person.
    spec = msgspec.structs.replace(spec, seed=1_000_000 + 1000 * case.person + case.wearing)
    one = walk(spec)
    truth = {side: one.truth.mean_features(side) for side in Side}
    values: dict[str, Any] = {}
    for found in one.results.features:
        if found.code in SIDED and found.side is not None:
            true = truth[found.side].get(TRUE_NAME.get(found.code, found.code))
            key = f"{found.code} {found.side.value}"
        elif found.code in ASYMMETRIES and found.side is None:
            true, key = one.truth.asymmetry(ASYMMETRIES[found.code]), found.code
        else:
            continue
        if true is not None:
            values[key] = [found.mean, true, found.error]
    return values


def section(laboratory: Laboratory, people: int) -> Section:
    count, wearings = max(3, people // 50), 5
    cases = [Case(FIRST_SEED + i, w) for i in range(count) for w in range(wearings)]
    found = laboratory.measure(measure, cases)
    walks = [found[i * wearings : (i + 1) * wearings] for i in range(count)]
    rows, outside = [], []
    for feature in FEATURES.values():
        table = _errors(feature.code, walks)
        if table is None:
            continue
        error, changes, declared = table
        smallest = 1.96 * np.sqrt(2.0) * changes
        covered = float(np.mean(np.abs(error) <= declared)) if declared > 0 else np.nan
        if covered < 0.95:
            outside.append(feature.code)
        digits = _digits(feature)
        rows.append(
            (
                feature.code,
                feature.label,
                feature.unit or "–",
                number(float(np.mean(error)), digits),
                number(float(np.std(error)), digits),
                number(smallest, digits),
                number(feature.mdc, digits) if feature.mdc else "–",
                number(declared, digits),
                "–" if np.isnan(covered) else f"{100 * covered:.0f} %",
            )
        )
    heads = (
        *("code", "feature", "unit", "bias", "SD of error", "smallest change seen"),
        *("declared smallest change", "declared error", "inside declared error"),
    )
    meaning = (
        f"{count} people, each wearing five sensors {wearings} times: new mounting (±20°), new "
        "noise, new strides, the same way of walking, soft tissue included. Bias and SD are over "
        "all wearings, of measured minus true means over steady strides. *Smallest change seen* "
        "is 1.96·√2 times the SD between the wearings of one person: less than this between two "
        "days is not told from wearing the sensors anew. On people it will be larger: nobody "
        "walks the same on two days, and real skin moves in more ways than the twin's. Declared "
        "is what `docs/features.md` says and the detectors reckon with."
    )
    result = Section(
        title="Stride features and the smallest change",
        meaning=meaning,
        seeds=f"people {FIRST_SEED}–{FIRST_SEED + count - 1}, wearings 0–{wearings - 1}",
        grids=[Grid("Features on the twin", heads, rows)],
    )
    if outside:
        result.notes.append(
            "Outside their declared error in more than one wearing of twenty: "
            f"{', '.join(outside)}."
        )
    return result


def _errors(code: str, walks: list[list[dict[str, Any]]]) -> tuple[np.ndarray, float, float] | None:
    """All errors, the SD between the wearings of one person, the declared error."""
    keys = [code] if code in ASYMMETRIES else [f"{code} {side.value}" for side in Side]
    errors, variances, declared = [], [], 0.0
    for person in walks:
        for key in keys:
            rows = np.array([w[key] for w in person if key in w], dtype=float).reshape(-1, 3)
            rows = rows[np.isfinite(rows[:, :2]).all(axis=1)]
            if len(rows) < 2:
                continue
            error = rows[:, 0] - rows[:, 1]
            errors.append(error)
            variances.append(error.var(ddof=1))
            declared = float(rows[0, 2])
    if not errors:
        return None
    return np.concatenate(errors), float(np.sqrt(np.mean(variances))), declared


def _digits(feature: Feature) -> int:
    return {"s": 3, "°/s": 0}.get(feature.unit, 1)
