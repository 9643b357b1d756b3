"""Two walks beside each other: mean curves, and which measures differ by more than their error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from dashboards.summary import error_of
from dashboards.wording import Measure, number
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, FloatArray
from pipeline.results import FeatureStatistics, Results
from recordings.placement import Side

STRIDES_NEEDED = 20
"""Steady strides below which a measure is shown and not compared."""
_OTHER_SPEED = 0.05
"""Share by which speeds differ before it is said that measures change with speed."""


class Difference(StrEnum):
    """What the difference of a measure between two walks amounts to."""

    BEYOND_ERROR = "beyond_error"
    WITHIN_ERROR = "within_error"
    ERROR_UNKNOWN = "error_unknown"
    TOO_FEW_STRIDES = "too_few_strides"


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """One measure of one leg in both walks.

    Attributes
    ----------
    measure : Measure
        Its words.
    side : Side or None
    first, second : FeatureStatistics
    difference : float
        Second minus first.
    error : float
        95 % half-width of the difference: the larger of what is published for two wearings
        and of the errors of both walks as squares. NaN if neither is known.
    kind : Difference
    """

    measure: Measure
    side: Side | None
    first: FeatureStatistics
    second: FeatureStatistics
    difference: float
    error: float
    kind: Difference


def compared_measures(first: Results, second: Results) -> list[ComparedMeasure]:
    """Measures that both walks have; first those that differ by more than their error."""
    others = {(row.feature, row.side): row for row in second.features}
    rows = [
        _compared(row, other)
        for row in first.features
        if (other := others.get((row.feature, row.side))) is not None
        and math.isfinite(row.mean)
        and math.isfinite(other.mean)
    ]
    return sorted(rows, key=lambda row: row.kind is not Difference.BEYOND_ERROR)


def compared_curves(
    curve: Curve, side: Side, first: Results, second: Results
) -> tuple[tuple[FloatArray, FloatArray] | None, tuple[FloatArray, FloatArray] | None]:
    """Mean and SD of a curve in each walk; None where it was not measured."""
    a, b = (results.mean_curves.get(side, {}).get(curve) for results in (first, second))
    return a, b


def reservations(first: Results, second: Results) -> list[str]:
    """What to keep in mind when these two walks are compared, as sentences."""
    said = []
    speeds = [results.summary.speed_m_s for results in (first, second)]
    if all(map(math.isfinite, speeds)) and abs(speeds[0] - speeds[1]) > _OTHER_SPEED * max(speeds):
        a, b = (number(speed, 2) for speed in speeds)
        said.append(f"A was walked at {a} m/s, B at {b} m/s: many measures change with speed.")
    if set(first.placements) != set(second.placements):
        said.append("Different sensors were worn: only what both walks have is compared.")
    if first.simulated != second.simulated:
        said.append("One of the walks is simulated.")
    return said


def _compared(first: FeatureStatistics, second: FeatureStatistics) -> ComparedMeasure:
    difference = second.mean - first.mean
    error = _error(first, second)
    if min(first.n, second.n) < STRIDES_NEEDED:
        kind = Difference.TOO_FEW_STRIDES
    elif not math.isfinite(error):
        kind = Difference.ERROR_UNKNOWN
    elif abs(difference) > error:
        kind = Difference.BEYOND_ERROR
    else:
        kind = Difference.WITHIN_ERROR
    measure = Measure.of(first.feature)
    return ComparedMeasure(measure, first.side, first, second, difference, error, kind)


def _error(first: FeatureStatistics, second: FeatureStatistics) -> float:
    feature = FEATURES.get(first.feature)
    published = math.nan if feature is None else feature.mdc
    together = math.hypot(error_of(first), error_of(second))
    if math.isfinite(published) and not math.isfinite(together):
        # What is published for two wearings says nothing of how steady these two walks were.
        spreads = [(row.ci_high - row.ci_low) / 2.0 for row in (first, second)]
        return math.hypot(published, *spreads)
    return max(published, together) if math.isfinite(published) else together
