"""The walk as a whole, felt at the pelvis: rhythm, sway, likeness of strides, speed (F33–F36)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from pipeline.features.base import Feature, Sample, Segment, WalkSamples, Worse
from pipeline.features.sides import difference_of_sides
from pipeline.features.stride_data import PELVIS_ACCELERATION, StrideData
from pipeline.gait import CYCLE_POINTS, Curve, FloatArray
from pipeline.norms import Norm, SpeedCurve, ZeroConvention, step_length_m
from recordings.placement import Side

PELVIS = (Segment.PELVIS,)


def _harmonic_ratio(axis: Curve) -> Callable[[StrideData], FloatArray]:
    """In-phase over out-of-phase harmonics; the first ten of each."""
    row = PELVIS_ACCELERATION.index(axis)
    sideways = axis is Curve.PELVIS_ACC_OWN_SIDE

    def compute(strides: StrideData) -> FloatArray:
        odd, even = strides.harmonic_sums[:, row].T
        return _ratio(odd, even) if sideways else _ratio(even, odd)

    return compute


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """NaN where the bottom is 0."""
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)


def _sway_range(strides: StrideData) -> FloatArray:
    sway = strides.lateral_sway_m
    return np.maximum.reduce(sway, axis=1) - np.minimum.reduce(sway, axis=1)


def _sway_shift(strides: StrideData) -> FloatArray:
    return np.maximum.reduce(strides.lateral_sway_m[:, 10:51], axis=1)


def _sway_rms(strides: StrideData) -> FloatArray:
    cycle = strides.curves[Curve.PELVIS_ACC_OWN_SIDE][:, :-1]
    mean = np.add.reduce(cycle, axis=1) / (CYCLE_POINTS - 1)
    power = np.add.reduce(cycle * cycle, axis=1) / (CYCLE_POINTS - 1)
    return np.sqrt(np.maximum(0.0, power - mean * mean))


def _step_likeness(strides: StrideData) -> FloatArray:
    """Autocorrelation of a cyclic signal at half its period, from its harmonics."""
    odd, even = strides.harmonic_powers[:, PELVIS_ACCELERATION.index(Curve.PELVIS_ACC_UP)].T
    return _ratio(even - odd, even + odd)


def correlations(pairs: FloatArray) -> FloatArray:
    """Pearson correlation of pairs of curves, (n, 2, points) → (n,); NaN if one is flat."""
    curves = pairs - np.add.reduce(pairs, axis=2, keepdims=True) / pairs.shape[2]
    both = np.add.reduce(curves[:, 0] * curves[:, 1], axis=1)
    power = np.multiply.reduce(np.add.reduce(curves * curves, axis=2), axis=1)
    return _ratio(both, np.sqrt(power))


def _walking_speed(strides: StrideData) -> FloatArray:
    thigh = strides.curves[Curve.THIGH_INCLINATION]
    thigh_range = np.maximum.reduce(thigh, axis=1) - np.minimum.reduce(thigh, axis=1)
    lengths = [step_length_m(sweep, strides.leg_length_m) for sweep in thigh_range.tolist()]
    return 2.0 * np.array(lengths) / strides.stride_time_s


def _stride_likeness(walk: WalkSamples) -> list[Sample]:
    sample = walk.stride_correlation(Curve.PELVIS_ACC_UP)
    return [] if sample is None else [sample]


def _likeness_ratio(walk: WalkSamples) -> list[Sample]:
    stride = walk.stride_correlation(Curve.PELVIS_ACC_UP)
    steps = [s for side in Side if (s := walk.sample(STEP_REGULARITY.name, side))]
    if stride is None or not steps or not stride.mean > 0:
        return []
    step = sum(s.mean for s in steps) / len(steps)
    ratio = step / stride.mean
    width = math.hypot(steps[0].half_width / stride.mean, ratio * stride.half_width / stride.mean)
    return [Sample(None, stride.n, ratio, float("nan"), ratio, width)]


WALKING_SPEED = Feature(
    code="F33b",
    name="walking_speed_m_s",
    label="walking speed, estimated",
    definition="2·step length / stride time; step length 1.03·2L·sin(thigh range / 2).",
    unit="m/s",
    segments=(Segment.THIGH,),
    curves=(Curve.THIGH_INCLINATION,),
    per_stride=_walking_speed,
    error_of=lambda sample, walk: walk.leg.relative_error * sample.mean,
    source="Schwartz 2008 group means (−5…+6 %); a person ±10–15 %",
    note="An estimate unless a known distance calibrated it; never compared left and right.",
)


def _harmonic_feature(code: str, name: str, label: str, axis: Curve) -> Feature:
    return Feature(
        code=code,
        name=name,
        label=label,
        definition=(
            "Odd over even harmonics of the stride's sideways pelvis acceleration, first 20."
            if axis is Curve.PELVIS_ACC_OWN_SIDE
            else "Even over odd harmonics of the stride's pelvis acceleration, first 20."
        ),
        unit="",
        segments=PELVIS,
        curves=PELVIS_ACCELERATION,
        per_stride=_harmonic_ratio(axis),
        worse=Worse.LOWER,
        source="Lowry 2012, Bellanca 2013",
        note="Depends on algorithm and speed: compare with the own earlier walks (−30 %).",
    )


HARMONIC_RATIO_UP = _harmonic_feature(
    "F34", "harmonic_ratio_vertical", "evenness of steps, up and down", Curve.PELVIS_ACC_UP
)
HARMONIC_RATIO_FORWARD = _harmonic_feature(
    "F34a", "harmonic_ratio_forward", "evenness of steps, forward", Curve.PELVIS_ACC_FORWARD
)
HARMONIC_RATIO_SIDE = _harmonic_feature(
    "F34b", "harmonic_ratio_lateral", "evenness of steps, sideways", Curve.PELVIS_ACC_OWN_SIDE
)

SWAY_RANGE = Feature(
    code="F35",
    name="lateral_sway_m",
    label="sideways sway of the pelvis",
    definition="Peak-to-peak lateral displacement over the cycle, integrated twice.",
    unit="m",
    segments=PELVIS,
    curves=PELVIS_ACCELERATION,
    per_stride=_sway_range,
    source="Usual 0.03–0.06 m, more when slow (weakly founded)",
    note="Compare with the own earlier walks (+30 %).",
)

SWAY_RMS = Feature(
    code="F35a",
    name="lateral_acceleration_rms_m_s2",
    label="sideways acceleration of the pelvis",
    definition="Root mean square of the lateral pelvis acceleration about its mean.",
    unit="m/s²",
    segments=PELVIS,
    curves=PELVIS_ACCELERATION,
    per_stride=_sway_rms,
    source="Real walks 1.1–1.3 m/s²",
)

SWAY_SHIFT = Feature(
    code="F35b",
    name="lateral_shift_stance_m",
    label="shift of the pelvis over the standing leg",
    definition="Furthest lateral displacement at 10–50 %, own side +, cycle mean removed.",
    unit="m",
    segments=PELVIS,
    curves=PELVIS_ACCELERATION,
    per_stride=_sway_shift,
    worse=Worse.HIGHER,
    norm=Norm(0.025, 0.007, ZeroConvention.NONE, speed=SpeedCurve(0.0, -0.052, 0.0473)),
    error=0.005,
    source=(
        "Half of the sideways range of the centre of mass, Orendurff 2004 (6.99±1.34 cm at "
        "0.7 m/s, 3.85±1.41 cm at 1.6 m/s)"
    ),
    note="The mean of the stride is zero: of a shift to one side two fifths stay unseen.",
)

SHIFT_DIFFERENCE = Feature(
    code="F35c",
    name="lateral_shift_stance_difference_m",
    label="left–right difference of the shift over the standing leg",
    definition="F35b right minus left.",
    unit="m",
    segments=PELVIS,
    per_walk=difference_of_sides("lateral_shift_stance_m"),
    worse=Worse.EITHER,
    norm=Norm(0.0, 0.0075, ZeroConvention.NONE),
    amber=0.015,
    error=0.007,
    source="Above 0.015 m is noteworthy (weakly founded)",
)

STEP_REGULARITY = Feature(
    code="F36",
    name="step_regularity",
    label="likeness of one step to the next",
    definition="Autocorrelation of the stride's vertical pelvis acceleration at half a stride.",
    unit="",
    segments=PELVIS,
    curves=PELVIS_ACCELERATION,
    per_stride=_step_likeness,
    worse=Worse.LOWER,
    source="After Moe-Nilssen's autocorrelation; usual 0.8–0.95 (weakly founded)",
    note="Taken on time-normalised strides: it tells shape, not tempo (that is F32).",
)

STRIDE_REGULARITY = Feature(
    code="F36a",
    name="stride_regularity",
    label="likeness of one stride to the next",
    definition="Mean correlation of the vertical pelvis acceleration of successive strides.",
    unit="",
    segments=PELVIS,
    per_walk=_stride_likeness,
    worse=Worse.LOWER,
    source="As F36",
)

REGULARITY_RATIO = Feature(
    code="F36b",
    name="step_to_stride_regularity",
    label="evenness of left and right steps",
    definition="F36 over F36a; 1 = left and right steps as alike as strides.",
    unit="",
    segments=PELVIS,
    per_walk=_likeness_ratio,
    worse=Worse.LOWER,
    amber=0.85,
    source="As F36",
)

FEATURES = (
    WALKING_SPEED,
    HARMONIC_RATIO_UP,
    HARMONIC_RATIO_FORWARD,
    HARMONIC_RATIO_SIDE,
    SWAY_RANGE,
    SWAY_RMS,
    SWAY_SHIFT,
    SHIFT_DIFFERENCE,
    STEP_REGULARITY,
    STRIDE_REGULARITY,
    REGULARITY_RATIO,
)
