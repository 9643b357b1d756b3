"""The knee, where shanks carry sensors (F20–F24 and the standing knee F27s)."""

from __future__ import annotations

import numpy as np

from pipeline.features.base import Feature, Sample, Segment, WalkSamples, Worse
from pipeline.features.sides import difference_of_sides
from pipeline.features.stride_data import StrideData, highest, lowest
from pipeline.gait import Curve, FloatArray, Plane
from pipeline.norms import (
    KNEE_EXTENSION_VELOCITY,
    KNEE_LOADING_FLEXION,
    KNEE_SWING_FLEXION,
    Norm,
    ZeroConvention,
)
from recordings.placement import Side

LEG = (Segment.THIGH, Segment.SHANK)
SAGITTAL = (Plane.SAGITTAL,)
STANDING = ZeroConvention.STANDING
FLEXION = Curve.KNEE_FLEXION
STANDING_KNEE_DEG = 0.0
"""Usual knee angle of the standing pose, anatomical; its spread of 5° is what F27s shows."""


def _norm(mean: float, sd: float, **shape) -> Norm:
    """A norm of optical laboratories, counted from the standing pose."""
    return Norm(mean, sd, ZeroConvention.ANATOMICAL, **shape).to_standing(STANDING_KNEE_DEG)


def _excursion(strides: StrideData) -> FloatArray:
    knee = strides.curves[FLEXION]
    return np.maximum.reduce(knee[:, 5:26], axis=1) - np.minimum.reduce(knee[:, 20:56], axis=1)


def _extension_velocity(strides: StrideData) -> FloatArray:
    knee = strides.curves[FLEXION]
    per_point = np.minimum.reduce(knee[:, 11:47] - knee[:, 9:45], axis=1)
    return per_point / (0.02 * strides.stride_time_s)


def _standing_knee(walk: WalkSamples) -> list[Sample]:
    zero = walk.settings.second_zero
    entered = {Side.LEFT: zero.knee_flexion_left_deg, Side.RIGHT: zero.knee_flexion_right_deg}
    return [
        Sample(side, 1, angle, float("nan"), angle, 0.0)
        for side, angle in entered.items()
        if angle is not None
    ]


KNEE_MIN_STANCE = Feature(
    code="F20",
    name="knee_flexion_min_stance_deg",
    label="straightest knee in stance",
    definition="Lowest knee flexion at 20–55 %; negative = past straight.",
    unit="°",
    segments=LEG,
    planes=SAGITTAL,
    curves=(FLEXION,),
    per_stride=lowest(FLEXION, 20, 55),
    zero=STANDING,
    worse=Worse.LOWER,
    norm=_norm(6.0, 5.0),
    amber=-5.0,
    strong=-15.0,
    error=4.0,
    mdc=5.0,
    source="Schwartz 2008, CGM2.3 (6–10±5° on curves); error between 3 and 8° (McGrath 2022)",
    note=(
        "Counted from the standing pose: a knee that is past straight while calibrating "
        "reads as straight, unless a second zero was entered."
    ),
)

KNEE_LOADING = Feature(
    code="F21",
    name="knee_flexion_loading_peak_deg",
    label="bend of the knee after contact",
    definition="Highest knee flexion at 5–25 %.",
    unit="°",
    segments=LEG,
    planes=SAGITTAL,
    curves=(FLEXION,),
    per_stride=highest(FLEXION, 5, 25),
    zero=STANDING,
    worse=Worse.LOWER,
    norm=_norm(19.0, 6.0, speed=KNEE_LOADING_FLEXION),
    amber=7.0,
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008, CGM2.3 (21.7±3.9°)",
)

KNEE_EXCURSION = Feature(
    code="F22",
    name="knee_extension_excursion_deg",
    label="straightening of the knee in stance",
    definition="F21 minus F20.",
    unit="°",
    segments=LEG,
    planes=SAGITTAL,
    curves=(FLEXION,),
    per_stride=_excursion,
    worse=Worse.EITHER,
    norm=Norm(13.0, 6.0, ZeroConvention.NONE),
    amber=25.0,
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008",
    note="Below 2° is noteworthy too.",
)

KNEE_SWING = Feature(
    code="F23",
    name="knee_flexion_swing_peak_deg",
    label="bend of the knee in swing",
    definition="Highest knee flexion at 55–95 %.",
    unit="°",
    segments=LEG,
    planes=SAGITTAL,
    curves=(FLEXION,),
    per_stride=highest(FLEXION, 55, 95),
    zero=STANDING,
    worse=Worse.LOWER,
    norm=_norm(60.5, 4.8, speed=KNEE_SWING_FLEXION),
    amber=50.0,
    strong=45.0,
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008 (60.5±4.8°), CGM2.3 (64.8±4.7°)",
)

KNEE_EXTENSION_SPEED = Feature(
    code="F24",
    name="knee_extension_velocity_peak_deg_s",
    label="how fast the knee straightens in stance",
    definition="Lowest knee flexion velocity at 10–45 %; negative = straightening.",
    unit="°/s",
    segments=LEG,
    planes=SAGITTAL,
    curves=(FLEXION,),
    per_stride=_extension_velocity,
    worse=Worse.LOWER,
    norm=Norm(
        -63.0, 25.0, ZeroConvention.NONE, speed=KNEE_EXTENSION_VELOCITY, scales_with_leg=True
    ),
    amber=-120.0,
    error=17.7,
    mdc=25.0,
    source="Schwartz 2008; the spread is weakly founded",
    note="A thrust where F20 is below 0 as well.",
)

STANDING_KNEE = Feature(
    code="F27s",
    name="standing_knee_flexion_deg",
    label="knee while standing",
    definition="The entered knee angle of the standing pose; negative = past straight.",
    unit="°",
    segments=LEG,
    planes=SAGITTAL,
    per_walk=_standing_knee,
    zero=ZeroConvention.ANATOMICAL,
    worse=Worse.LOWER,
    norm=Norm(0.0, 5.0, ZeroConvention.ANATOMICAL),
    amber=-5.0,
    strong=-15.0,
    error=2.8,
    mdc=4.0,
    source="Weakly founded",
    note="Sensors zeroed in that pose cannot see it; it must come from a second zero.",
)

KNEE_SWING_DIFFERENCE = Feature(
    code="F23a",
    name="knee_flexion_swing_difference_deg",
    label="left–right difference of the knee's bend in swing",
    definition="F23 right minus left.",
    unit="°",
    segments=LEG,
    planes=SAGITTAL,
    per_walk=difference_of_sides("knee_flexion_swing_peak_deg"),
    worse=Worse.EITHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=6.0,
    strong=9.0,
    error=5.0,
    mdc=7.1,
    source="Left–right SD of angles 2.5–3° (design); error: two sides of F23",
)

FEATURES = (
    KNEE_MIN_STANCE,
    KNEE_LOADING,
    KNEE_EXCURSION,
    KNEE_SWING,
    KNEE_SWING_DIFFERENCE,
    KNEE_EXTENSION_SPEED,
    STANDING_KNEE,
)
