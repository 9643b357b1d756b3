"""Pictures of the report: curves over the cycle, bars of left–right differences."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from dashboards.report.figures import Bar, bar_figure, cycle_figure
from dashboards.report.parts import Figure
from dashboards.summary import error_of
from dashboards.wording import (
    UNKNOWN,
    number,
)
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, FloatArray
from pipeline.results import FeatureStatistics, Results
from recordings.placement import Side

CURVES = (
    (Curve.PELVIS_TILT, "Pelvis: tilt", ("back", "forward")),
    (Curve.PELVIS_OBLIQUITY, "Pelvis: side to side", ("own side down", "own side up")),
    (Curve.PELVIS_ROTATION, "Pelvis: turn", ("own side back", "own side forward")),
    (Curve.HIP_FLEXION, "Hip: forward and back", ("leg back", "leg forward")),
    (Curve.HIP_ADDUCTION, "Hip: lean of the thigh", ("outward", "inward")),
    (Curve.HIP_ROTATION, "Hip: turn of the thigh", ("outward", "inward")),
    (Curve.KNEE_FLEXION, "Knee: bend", ("straight", "bent")),
)
"""What is drawn: curve, title, what down and up mean."""

_SHARES = (
    "step_time_asymmetry_percent",
    "stance_time_asymmetry_percent",
    "swing_time_asymmetry_percent",
)
_DEGREES = (
    "hip_flexion_rom_difference_deg",
    "hip_flexion_min_difference_deg",
    "pelvic_drop_difference_deg",
    "hip_adduction_peak_difference_deg",
    "knee_flexion_swing_difference_deg",
)


def curve_figures(results: Results) -> Iterator[Figure]:
    contacts = {
        row.side: row.mean
        for row in results.features
        if row.feature == "stance_percent" and row.side is not None
    }
    for curve, title, directions in CURVES:
        means: dict[Side, FloatArray] = {
            side: curves[curve][0]
            for side, curves in results.mean_curves.items()
            if curve in curves and np.isfinite(curves[curve][0]).any()
        }
        if not means:
            continue
        words = "; ".join(
            f"{side}: {np.nanmin(mean):.0f}° at {int(np.nanargmin(mean))} % to "
            f"{np.nanmax(mean):.0f}° at {int(np.nanargmax(mean))} %"
            for side, mean in means.items()
        )
        rows = tuple(
            (f"{p} %", *(number(float(means[s][p]), 1) for s in Side if s in means))
            for p in range(0, 101, 10)
        )
        head = ("of the cycle", *(f"{side} [°]" for side in Side if side in means))
        svg = cycle_figure(f"{title} [°]", words, directions, means, contacts, curve.value)
        yield Figure(title, svg, head, rows)


def bar_figures(results: Results) -> Iterator[Figure]:
    rows = {row.feature: row for row in results.features if row.side is None}
    for title, unit, names in (
        ("Time, right minus left [%]", "%", _SHARES),
        ("Movement, right minus left [°]", "°", _DEGREES),
    ):
        chosen = [rows[n] for n in names if n in rows and math.isfinite(rows[n].mean)]
        if not chosen:
            continue
        bars = [_bar(row) for row in chosen]
        table = tuple(
            (b.label, b.text, UNKNOWN if math.isnan(b.usual) else f"within ±{number(b.usual, 1)}")
            for b in bars
        )
        key = "time" if unit == "%" else "movement"
        yield Figure(title, bar_figure(title, bars, f"bars-{key}"), ("", "value", "usual"), table)


def _bar(row: FeatureStatistics) -> Bar:
    label = FEATURES[row.feature].label.removeprefix("left–right difference of ")
    usual = math.nan if row.usual is None else row.usual.high
    text = f"{number(row.mean, 1)} ± {number(error_of(row), 1)}"
    return Bar(label[0].upper() + label[1:], row.mean, error_of(row), usual, text)
