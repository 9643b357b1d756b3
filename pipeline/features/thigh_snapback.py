"""What a thigh alone can hint at about its knee (F25–F27).

Over 39 walkers hip curves predict the straightest knee in stance no better than the mean,
so these are hints: compared between sides or with an earlier walk, never an angle.
"""

from __future__ import annotations

from pipeline.features.base import Feature, Segment, Worse
from pipeline.features.stride_data import StrideData, lowest
from pipeline.gait import Curve, FloatArray, Plane
from pipeline.norms import THIGH_EXTENSION_VELOCITY, Norm, ZeroConvention

THIGH = (Segment.THIGH,)
SAGITTAL = (Plane.SAGITTAL,)
STANDING = ZeroConvention.STANDING
EXPECTED_SHANK_DEG = -11.0
"""Usual inclination of the shank at 30 % of the cycle (it leans forward over the foot)."""

SNAP_VELOCITY = Feature(
    code="F25",
    name="thigh_extension_velocity_peak_deg_s",
    label="how fast the thigh swings back early in stance",
    definition="Lowest thigh velocity at 3–30 %; negative = extending.",
    unit="°/s",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_VELOCITY,),
    per_stride=lowest(Curve.THIGH_VELOCITY, 3, 30),
    worse=Worse.LOWER,
    norm=Norm(
        -114.0, 25.0, ZeroConvention.NONE, speed=THIGH_EXTENSION_VELOCITY, scales_with_leg=True
    ),
    amber=-165.0,
    error=14.1,
    mdc=20.0,
    source="Schwartz 2008 curves, NONAN GaitPrint (−110…−192°/s); the spread is weakly founded",
    note="Already −140°/s is noteworthy when it comes at 15 % or earlier.",
)


def _snap_phase(strides: StrideData) -> FloatArray:
    return 3.0 + strides.curves[Curve.THIGH_VELOCITY][:, 3:31].argmin(axis=1)


def _thigh_at_30(strides: StrideData) -> FloatArray:
    return strides.curves[Curve.THIGH_INCLINATION][:, 30]


SNAP_PHASE = Feature(
    code="F25a",
    name="thigh_extension_velocity_peak_percent",
    label="when the thigh swings back fastest",
    definition="Point of the cycle at which F25 is reached.",
    unit="%",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_VELOCITY,),
    per_stride=_snap_phase,
    norm=Norm(21.0, 4.0, ZeroConvention.NONE),
    source="Schwartz 2008 curves",
)

THIGH_MIDSTANCE = Feature(
    code="F26",
    name="thigh_inclination_midstance_deg",
    label="lean of the thigh in mid-stance",
    definition="Thigh inclination at 30 %; negative = knee behind the hip.",
    unit="°",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_INCLINATION,),
    per_stride=_thigh_at_30,
    zero=STANDING,
    worse=Worse.LOWER,
    norm=Norm(0.0, 4.0, STANDING),
    amber=-8.0,
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008 curves; the spread is weakly founded",
)

VIRTUAL_KNEE = Feature(
    code="F27",
    name="virtual_knee_midstance_deg",
    label="knee in mid-stance, guessed from the thigh",
    definition="F26 plus 11°, the forward lean that a shank usually has at 30 %.",
    unit="°",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_INCLINATION,),
    per_stride=lambda strides: _thigh_at_30(strides) - EXPECTED_SHANK_DEG,
    zero=STANDING,
    worse=Worse.LOWER,
    norm=Norm(10.0, 6.0, STANDING),
    amber=-6.0,
    error=9.8,
    mdc=13.9,
    source="Schwartz 2008 curves; error SD 4–6°",
    note="A hint, not an angle: never shown as the knee's.",
)

FEATURES = (SNAP_VELOCITY, SNAP_PHASE, THIGH_MIDSTANCE, VIRTUAL_KNEE)
