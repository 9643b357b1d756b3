"""Results in which every measure is as usual, but for what a test changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pipeline.features.registry import FEATURES
from pipeline.gait import CalibrationQuality, Curve
from pipeline.norms import NormContext
from pipeline.results import (
    FeatureStatistics,
    Finding,
    Interval,
    Results,
    Verdict,
    WalkSummary,
)
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side
from tests.pipeline.gait_curves import STANDING, mean_curves

Where = tuple[str, Side | None]
CONTEXT = NormContext()
TESTS = {
    "F40": ("single_leg_drop_deg", 7.0, 3.0),
    "F41": ("single_leg_hold_s", 40.0, 6.0),
    "F42": ("squat_inward_deg", 5.0, 4.0),
    "F42a": ("squat_knee_to_hip", 1.0, 0.25),
    "F43": ("step_down_rotation_deg", 1.2, 3.8),
    "F46": ("hip_hold_flexion_deg", 100.0, 8.0),
}
"""Movement tests that are not part of the feature registry: name, usual mean and SD."""

_DIFFERENCES = {f.code for f in FEATURES.values() if "difference" in f.name or "asym" in f.name}
_CODES = {f.code: f for f in FEATURES.values()}
TIMING = Finding(
    detector="gait_asymmetry",
    measure="step_time_asymmetry_percent",
    side=None,
    verdict=Verdict.NOT_SEEN,
    reason="within_usual",
    value=1.0,
    error=9.0,
    usual=None,
    threshold=10.0,
    confidence=0.9,
    strides=60,
    strides_needed=30,
    sentence="",
)


def row(
    code: str, side: Side | None, z: float, *, n: int = 60, error: float | None = None
) -> FeatureStatistics:
    """A measure that lies z of its SD above its usual mean."""
    if code in TESTS:
        name, mean, sd = TESTS[code]
        usual_error = 3.0
    else:
        feature = _CODES[code]
        name, usual_error = feature.name, feature.error
        if feature.norm is None:
            mean, sd = 1.0, 0.1
        else:
            mean, sd = feature.norm.centre(CONTEXT), feature.norm.spread(CONTEXT)
        if not math.isfinite(usual_error):
            usual_error = 4.7
    value = mean + z * sd
    norm = _CODES[code].norm if code in _CODES else None
    usual = None if norm is None and code not in TESTS else _usual(mean, sd)
    return FeatureStatistics(
        feature=name,
        code=code,
        side=side,
        n=n,
        mean=value,
        sd=1.0,
        median=value,
        ci_low=value - 0.002,
        ci_high=value + 0.002,
        error=usual_error if error is None else error,
        usual=usual,
        z=math.nan if norm is None else _CODES[code].z(value, CONTEXT),
    )


def _usual(mean: float, sd: float) -> Interval:
    return Interval(mean - 2 * sd, mean + 2 * sd)


def walk(
    changed: Mapping[Where, float] | None = None,
    *,
    tests: tuple[str, ...] = (),
    shanks: bool = True,
    n: int = 60,
    v_star: float = 0.429,
    calibration: CalibrationQuality = STANDING,
    errors: Mapping[str, float] | None = None,
    **fields: Any,
) -> Results:
    """A walk; `changed` gives z by (code, side), + = larger than usual."""
    changed, errors = changed or {}, errors or {}
    rows = []
    for code, feature in _CODES.items():
        if not shanks and "shank" in {str(s) for s in feature.segments}:
            continue
        rows += [
            row(code, side, changed.get((code, side), 0.0), n=n, error=errors.get(code))
            for side in ((None,) if code in _DIFFERENCES else tuple(Side))
        ]
    rows += [row(c, side, changed.get((c, side), 0.0), n=3) for c in tests for side in Side]
    curves = {c: (v, np.ones_like(v)) for c, v in mean_curves(shanks=shanks).items()}
    # Equal pelvis curves: no offset of the pelvis.
    results = Results(
        session="made",
        simulated=True,
        placements=tuple(Placement) if shanks else REQUIRED_PLACEMENTS,
        summary=WalkSummary(
            duration_s=130.0,
            walking_s=120.0,
            bouts=2,
            turns=1,
            steps=240,
            strides=dict.fromkeys(Side, n),
            steady_strides=dict.fromkeys(Side, n),
            excluded={},
            cadence_spm=111.0,
            stride_time_s=1.08,
            speed_m_s=1.27,
            speed_error_m_s=0.15,
            dimensionless_speed=v_star,
        ),
        quality=(),
        calibrations=(calibration,),
        events=(),
        strides=(),
        features=tuple(rows),
        findings=(TIMING,),
        mean_curves={side: dict(curves) for side in Side},
    )
    return replace(results, **fields)


def right(*signs: tuple[str, float]) -> dict[Where, float]:
    """Deviations of the right leg; a left–right difference counts from it."""
    return {(c, None if c in _DIFFERENCES else Side.RIGHT): z for c, z in signs}


def shift_pelvis(results: Results, degrees: float) -> Results:
    """The pelvis carried higher on the right throughout."""
    curves = {side: dict(c) for side, c in results.mean_curves.items()}
    for side, sign in ((Side.LEFT, -1), (Side.RIGHT, 1)):
        mean, sd = curves[side][Curve.PELVIS_OBLIQUITY]
        curves[side][Curve.PELVIS_OBLIQUITY] = (mean + sign * degrees, sd)
    return replace(results, mean_curves=curves)


MARKED = {
    "limited_hip_extension": right(("F04", 3.0), ("F04a", 2.5), ("F07", -2.0))
    | {(c, s): 2.5 for c in ("F03", "F02") for s in Side},
    "pelvic_drop": right(("F09", 3.0), ("F10", 2.5), ("F13", 1.7), ("F12", 3.0)),
    "inward_thigh": right(("F13", 3.0), ("F13a", 3.0), ("F16", 3.0), ("F17", 2.0)),
    "knee_past_straight": right(("F20", -3.2), ("F24", -3.0), ("F25", -2.0), ("F26", -2.0)),
    "little_knee_bend": right(("F23", -3.5), ("F21", -2.2), ("F23a", -4.0)),
    "reduced_hip_range": right(
        ("F07", -3.0), ("F04", 1.6), ("F06", -2.2), ("F07b", -3.0), ("F19", 1.0), ("F11", -1.0)
    ),
    "side_lean": right(("F35b", 3.2), ("F35c", 2.5), ("F11", -1.6), ("F09", -2.0)),
    "less_leg_lift": right(("F06", -3.2), ("F08", -3.0), ("F07", -1.6)),
    "quiet_hip": right(("F21", -3.0), ("F29", -9.0), ("F23", -1.6)),
}
"""A marked case of each pattern on the right leg, in SD."""
