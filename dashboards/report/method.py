"""How good the recording is, and how it was measured."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dashboards.wording import (
    exclusion_words,
    number,
)
from pipeline.results import Results
from recordings.placement import SHANK_PLACEMENTS, Side


def quality(results: Results) -> Iterator[tuple[str, ...]]:
    for sensor in results.quality:
        yield (
            sensor.placement.label,
            f"{number(sensor.rate_hz, 0)} Hz",
            f"{number(100 * sensor.lost_fraction, 1)} %",
            f"{number(1000 * sensor.longest_gap_s, 0)} ms",
            number(sensor.gravity_m_s2, 2),
        )


def quality_notes(results: Results) -> Iterator[str]:
    walk = results.summary
    used = ", ".join(
        f"{walk.steady_strides.get(s, 0)} of {walk.strides.get(s, 0)} {s}" for s in Side
    )
    yield f"Strides used: {used}."
    if walk.excluded:
        left_out = sorted(walk.excluded.items(), key=lambda item: -item[1])
        yield f"Left out: {', '.join(f'{n} {exclusion_words(why)}' for why, n in left_out)}."
    for calibration in results.calibrations:
        errors = [e for e in calibration.axis_error_deg.values() if math.isfinite(e)]
        if errors:
            yield f"Sensor axes known to ±{number(max(errors), 1)}° or better."
    yield from results.remarks
    for sensor in results.quality:
        yield from sensor.remarks


def method(results: Results) -> Iterator[str]:
    yield (
        "Motion sensors on pelvis and thighs"
        + (" and shanks" if set(SHANK_PLACEMENTS) <= set(results.placements) else "")
        + " measured how the body parts turned. Angles count from how you stood while "
        "calibrating: standing is zero."
    )
    yield (
        "Each value is a mean over even strides, with its 95 % error: spread over strides and "
        "one wearing of the sensors together. A value is marked only where it lies outside the "
        "usual range by more than that error."
    )
    yield (
        "Each leg is drawn over its own cycle, from the landing of its foot to the next; the "
        "dotted line is where the foot leaves the ground. No band is drawn behind the curves: "
        "there is no reference curve measured in this way."
    )
    walk = results.summary
    if math.isfinite(walk.dimensionless_speed):
        yield (
            f"Speed {number(walk.speed_m_s, 2)} ± {number(walk.speed_error_m_s, 2)} m/s, an "
            f"estimate; cadence {number(walk.cadence_spm, 0)} steps a minute; dimensionless "
            f"speed {number(walk.dimensionless_speed, 2)}, at which usual ranges are taken. "
            f"Sources of every range and error: docs/features.md and docs/patterns.md."
        )
