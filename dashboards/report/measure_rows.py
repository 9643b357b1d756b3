"""The table of measures: both legs, their errors, the usual range."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dashboards.report.parts import Cell, MeasureRow
from dashboards.summary import MAIN_MEASURES, error_of
from dashboards.wording import (
    UNKNOWN,
    Measure,
    number,
    span,
)
from pipeline.results import FeatureStatistics, Interval, Results
from recordings.metadata import SessionMetadata
from recordings.placement import Side

_DIFFERENCE_OF = {
    "hip_flexion_rom_deg": "hip_flexion_rom_difference_deg",
    "hip_flexion_min_deg": "hip_flexion_min_difference_deg",
    "pelvic_drop_peak_deg": "pelvic_drop_difference_deg",
    "hip_adduction_peak_deg": "hip_adduction_peak_difference_deg",
    "hip_rotation_excursion_deg": "hip_rotation_difference_deg",
    "knee_flexion_swing_peak_deg": "knee_flexion_swing_difference_deg",
}


def measure_rows(results: Results) -> Iterator[MeasureRow]:
    by_name: dict[str, dict[Side | None, FeatureStatistics]] = {}
    for row in results.features:
        by_name.setdefault(row.feature, {})[row.side] = row
    wanted = MAIN_MEASURES | {"cadence_spm"} | {f.measure for f in results.findings}
    for name, rows in by_name.items():
        sides = [rows.get(side) for side in Side]
        if name not in wanted or not any(sides):
            continue
        measure = Measure.of(name)
        usual = next((r.usual for r in sides if r is not None and r.usual is not None), None)
        difference = by_name.get(_DIFFERENCE_OF.get(name, ""), {}).get(None)
        yield MeasureRow(
            label=measure.label,
            unit=measure.unit,
            left=cell(sides[0], measure),
            right=cell(sides[1], measure),
            usual=UNKNOWN if usual is None else span(usual.low, usual.high, measure.decimals),
            difference=_difference(difference),
        )


def cell(row: FeatureStatistics | None, measure: Measure) -> Cell:
    """A measure with its error, and a word if it lies outside the usual range."""
    if row is None or not math.isfinite(row.mean):
        return Cell(UNKNOWN)
    error = error_of(row)
    text = number(row.mean, measure.decimals)
    if math.isfinite(error):
        text += f" ± {number(error, measure.decimals)}"
    return Cell(text, _outside(row.mean, error, row.usual))


def _outside(value: float, error: float, usual: Interval | None) -> str:
    """``above`` or ``below`` the usual range by more than the error."""
    if usual is None or not math.isfinite(error):
        return ""
    if value - error > usual.high:
        return "above usual"
    return "below usual" if value + error < usual.low else ""


def _difference(row: FeatureStatistics | None) -> str:
    if row is None or not math.isfinite(row.mean):
        return UNKNOWN
    measure = Measure.of(row.feature)
    size = number(abs(row.mean), measure.decimals)
    if float(size) == 0.0:
        return "none"
    return f"{size} higher {'right' if row.mean > 0 else 'left'}"


def usual_for(results: Results, metadata: SessionMetadata) -> str:
    wearer = metadata.wearer
    unknown = [
        word
        for word, value in (
            ("height", wearer.height_m or wearer.leg_length_m),
            ("sex", wearer.sex),
            ("age", wearer.age_years),
        )
        if value is None
    ]
    text = "Usual: mean ± 2 SD of adults who walk at this speed, from published measurements."
    if unknown:
        names = " and ".join(filter(None, (", ".join(unknown[:-1]), unknown[-1])))
        text += (
            f" Your {names} {'is' if len(unknown) == 1 else 'are'} not known, so "
            f"the ranges are those of everybody and fit you less well."
        )
    return text
