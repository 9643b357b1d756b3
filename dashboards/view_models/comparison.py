"""Two walks beside each other: mean curves, and which measures differ by more than their error."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboards.wording import Measure, number
from pipeline.change import Change, ChangeKind, WalkValue, changes
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, FloatArray
from pipeline.results import FeatureStatistics, Results
from recordings.placement import Side

_OTHER_SPEED = 0.05
"""Share by which speeds differ before it is said that measures change with speed."""


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
        The smallest difference that is more than noise, by the rule of walks over time
        (`pipeline.change`); NaN if it is not known.
    kind : ChangeKind
    """

    measure: Measure
    side: Side | None
    first: FeatureStatistics
    second: FeatureStatistics
    difference: float
    error: float
    kind: ChangeKind


def compared_measures(first: Results, second: Results) -> list[ComparedMeasure]:
    """Measures that both walks have; first those that differ by more than their error."""
    speeds = first.summary.dimensionless_speed, second.summary.dimensionless_speed
    others = {(row.feature, row.side): row for row in second.features}
    rows = [
        _compared(row, other, speeds)
        for row in first.features
        if (other := others.get((row.feature, row.side))) is not None
        and math.isfinite(row.mean)
        and math.isfinite(other.mean)
    ]
    return sorted(rows, key=lambda row: row.kind is not ChangeKind.MARKED)


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


def _compared(
    first: FeatureStatistics, second: FeatureStatistics, speeds: tuple[float, float]
) -> ComparedMeasure:
    difference = second.mean - first.mean
    measure = Measure.of(first.feature)
    feature = FEATURES.get(first.feature)
    if feature is None:
        change = Change(ChangeKind.UNKNOWN)
    else:
        # Two wearings, whether of one day or not.
        walks = (_walk_value("A", first, speeds[0]), _walk_value("B", second, speeds[1]))
        change = changes(feature, walks)[1]
        if not walks[0].usable:
            change = Change(ChangeKind.TOO_FEW_STRIDES)
    return ComparedMeasure(
        measure, first.side, first, second, difference, change.smallest, change.kind
    )


def _walk_value(day: str, row: FeatureStatistics, v_star: float) -> WalkValue:
    half_width = (row.ci_high - row.ci_low) / 2.0
    return WalkValue(day, row.mean, half_width, row.error, row.n, v_star)
