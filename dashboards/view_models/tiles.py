"""The few big numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboards.wording import UNKNOWN, number, span
from pipeline.results import FeatureStatistics, Results
from recordings.placement import Side


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name, and what stands below it."""

    title: str
    value: str
    below: str


def tiles(results: Results | None) -> list[Tile]:
    """Always the same tiles in the same places; a dash where nothing is known yet."""
    cadence = speed = math.nan
    speed_error = math.nan
    steps = 0
    if results is not None:
        cadence, steps = results.summary.cadence_spm, results.summary.steps
        speed, speed_error = results.summary.speed_m_s, results.summary.speed_error_m_s
    return [
        Tile("Cadence", number(cadence, 0), f"steps/min · {steps} steps"),
        Tile("Speed", number(speed, 2), f"m/s · {_plus_minus(speed_error)}estimate"),
        _asymmetry(results),
        _stance(results),
    ]


def _plus_minus(error: float) -> str:
    return f"± {number(error, 2)} · " if math.isfinite(error) else ""


def _asymmetry(results: Results | None) -> Tile:
    row = _find(results, "step_time_asymmetry_percent", None)
    if row is None or not math.isfinite(row.mean):
        return Tile("Step time R − L", UNKNOWN, "percent")
    usual = "" if row.usual is None else f"% · usual {span(row.usual.low, row.usual.high, 1)}"
    return Tile("Step time R − L", number(row.mean, 1, "+"), usual or "%")


def _stance(results: Results | None) -> Tile:
    shares = [_find(results, "stance_percent", side) for side in Side]
    text = " / ".join(UNKNOWN if row is None else number(row.mean, 0) for row in shares)
    return Tile("Stance L / R", text, "% of the stride")


def _find(results: Results | None, feature: str, side: Side | None) -> FeatureStatistics | None:
    rows = () if results is None else results.features
    return next((r for r in rows if r.feature == feature and r.side is side), None)
