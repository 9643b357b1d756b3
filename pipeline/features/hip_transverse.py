"""The thigh seen from above: how it turns inward, and the inward-lean index (F15–F19).

Without a magnetometer nobody knows where a thigh points; only how it turns within a stride.
Hence excursions and differences, never an absolute rotation.
"""

from __future__ import annotations

import numpy as np

from pipeline.features.base import Feature, Sample, Segment, WalkSamples, Worse
from pipeline.features.hip_frontal import ADDUCTION_PEAK
from pipeline.features.sides import difference_of_sides
from pipeline.features.stride_data import StrideData, span
from pipeline.gait import CYCLE_POINTS, Curve, FloatArray, Plane
from pipeline.norms import PELVIC_ROTATION_RANGE, Norm, ZeroConvention
from recordings.placement import Side

HIP = (Segment.PELVIS, Segment.THIGH)
TRANSVERSE = (Plane.TRANSVERSE,)
ROTATION = Curve.HIP_ROTATION


def _mean_in_stance(strides: StrideData) -> FloatArray:
    last = np.clip(np.rint(strides.stance_percent), 1, CYCLE_POINTS - 1).astype(np.intp)
    sums = np.add.accumulate(strides.curves[ROTATION], axis=1)
    return sums[np.arange(len(last)), last] / (last + 1)


def _inward_excursion(strides: StrideData) -> FloatArray:
    rotation = strides.curves[ROTATION]
    return np.maximum.reduce(rotation[:, :36], axis=1) - rotation[:, 0]


def _inward_index(walk: WalkSamples) -> list[Sample]:
    samples = []
    difference = next(iter(difference_of_sides(EXCURSION.name)(walk)), None)
    for side in Side:
        adduction = walk.sample(ADDUCTION_PEAK.name, side)
        excursion = walk.sample(EXCURSION.name, side)
        if adduction is None or excursion is None or difference is None:
            continue
        own = difference.mean if side is Side.RIGHT else -difference.mean
        terms = np.array(
            [
                ADDUCTION_PEAK.z(adduction.mean, walk.context),
                EXCURSION.z(excursion.mean, walk.context),
                own / EXCURSION_DIFFERENCE_SD_DEG,
            ]
        )
        widths = np.array(
            [
                adduction.half_width / 3.5,
                excursion.half_width / 4.0,
                difference.half_width / EXCURSION_DIFFERENCE_SD_DEG,
            ]
        )
        value = float(INDEX_WEIGHTS @ np.clip(terms, -4.0, 4.0))
        width = float(np.linalg.norm(INDEX_WEIGHTS * widths))
        n = min(adduction.n, excursion.n, difference.n)
        samples.append(Sample(side, n, value, float("nan"), value, width))
    return samples


INDEX_WEIGHTS = np.array([0.5, 0.25, 0.25])
EXCURSION_DIFFERENCE_SD_DEG = 5.0

ROTATION_MEAN = Feature(
    code="F15",
    name="hip_rotation_mean_stance_deg",
    label="mean turn of the thigh in stance",
    definition="Mean hip rotation from contact to own final contact, standing = 0; inward +.",
    unit="°",
    segments=HIP,
    planes=TRANSVERSE,
    curves=(ROTATION,),
    per_stride=_mean_in_stance,
    leaks_from=Curve.HIP_FLEXION,
    zero=ZeroConvention.STANDING,
    worse=Worse.HIGHER,
    norm=Norm(0.0, 6.0, ZeroConvention.STANDING),
    amber=12.0,
    error=6.4,
    mdc=9.0,
    source="McGrath 2022 (RMSE 6.3°), Fiorentino 2017 (soft tissue 5.8°)",
    note="For information: a constant turn of the foot is calibrated away; weight at most half.",
)

EXCURSION = Feature(
    code="F16",
    name="hip_rotation_excursion_deg",
    label="inward turn of the thigh after contact",
    definition="Highest hip rotation at 0–35 % minus its value at contact; inward +.",
    unit="°",
    segments=HIP,
    planes=TRANSVERSE,
    curves=(ROTATION,),
    per_stride=_inward_excursion,
    leaks_from=Curve.HIP_FLEXION,
    worse=Worse.HIGHER,
    norm=Norm(5.0, 4.0, ZeroConvention.NONE),
    amber=13.0,
    strong=17.0,
    error=4.2,
    mdc=6.0,
    source="Mean curve 3.5° (Schwartz 2008); the spread is weakly founded; Fiorentino 2017",
    note="Skin follows the bone only in part: the range is read too small.",
)

EXCURSION_DIFFERENCE = Feature(
    code="F17",
    name="hip_rotation_difference_deg",
    label="left–right difference of the thigh's inward turn",
    definition="F16 right minus left; + = the right thigh turns further inward.",
    unit="°",
    segments=HIP,
    planes=TRANSVERSE,
    per_walk=difference_of_sides("hip_rotation_excursion_deg"),
    worse=Worse.EITHER,
    norm=Norm(0.0, EXCURSION_DIFFERENCE_SD_DEG, ZeroConvention.NONE),
    amber=10.0,
    error=6.0,
    mdc=6.0,
    source="Weakly founded",
    note="Taken of the turn since contact, since the absolute turn is not known.",
)

INWARD_INDEX = Feature(
    code="F18",
    name="inward_collapse_index",
    label="inward lean and turn of the thigh together",
    definition="0.5·z(F13) + 0.25·z(F16) + 0.25·z(F17 towards the own side), each within ±4.",
    unit="",
    segments=HIP,
    planes=(Plane.FRONTAL, Plane.TRANSVERSE),
    per_walk=_inward_index,
    worse=Worse.HIGHER,
    norm=Norm(0.0, 0.7, ZeroConvention.NONE),
    amber=1.5,
    strong=2.3,
    error=0.6,
    source="Design; error from those of its parts",
)

PELVIC_ROTATION = Feature(
    code="F19",
    name="pelvis_rotation_rom_deg",
    label="range of the pelvis, turning",
    definition="Highest minus lowest pelvic rotation over the cycle.",
    unit="°",
    segments=(Segment.PELVIS,),
    planes=TRANSVERSE,
    curves=(Curve.PELVIS_ROTATION,),
    per_stride=span(Curve.PELVIS_ROTATION),
    worse=Worse.EITHER,
    norm=Norm(12.0, 4.2, ZeroConvention.NONE, speed=PELVIC_ROTATION_RANGE),
    amber=21.0,
    error=2.8,
    mdc=4.0,
    source="Schwartz 2008, CGM2.3 (12.8°); lower with age (Cury 2021)",
    note="Below 4° is noteworthy too.",
)

FEATURES = (
    ROTATION_MEAN,
    EXCURSION,
    EXCURSION_DIFFERENCE,
    INWARD_INDEX,
    PELVIC_ROTATION,
)
