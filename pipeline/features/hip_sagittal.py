"""Hip and thigh seen from the side: how far back, how far up, how fast (F04–F08)."""

from __future__ import annotations

from pipeline.features.base import Feature, Segment, Worse
from pipeline.features.sides import difference_of_sides
from pipeline.features.stride_data import highest, lowest, span
from pipeline.gait import Curve, Plane
from pipeline.norms import (
    HIP_FLEXION_MAX_SWING,
    HIP_FLEXION_MIN,
    HIP_FLEXION_RANGE,
    THIGH_FLEXION_VELOCITY,
    THIGH_INCLINATION_MIN,
    THIGH_RANGE,
    Norm,
    ZeroConvention,
)

HIP = (Segment.PELVIS, Segment.THIGH)
THIGH = (Segment.THIGH,)
SAGITTAL = (Plane.SAGITTAL,)
STANDING = ZeroConvention.STANDING

HIP_EXTENSION = Feature(
    code="F04",
    name="hip_flexion_min_deg",
    label="furthest hip extension",
    definition="Lowest hip flexion at 40–65 % of the cycle; negative = extended.",
    unit="°",
    segments=HIP,
    planes=SAGITTAL,
    curves=(Curve.HIP_FLEXION,),
    per_stride=lowest(Curve.HIP_FLEXION, 40, 65),
    zero=STANDING,
    worse=Worse.HIGHER,
    norm=Norm(-18.0, 5.0, STANDING, speed=HIP_FLEXION_MIN, older_mean=-14.0),
    amber=-8.0,
    strong=-3.0,
    error=3.5,
    mdc=5.0,
    source=(
        "Kerrigan 2001 (20.4±4.0° young, 14.3±4.4° older); speed: Schwartz 2008; "
        "error: Teufl 2018 and soft tissue"
    ),
    note="From 60 years on the noteworthy value is −4° and the strong one +1°.",
)

THIGH_EXTENSION = Feature(
    code="F05",
    name="thigh_inclination_min_deg",
    label="furthest backward lean of the thigh",
    definition="Lowest thigh inclination at 40–65 %; negative = knee behind the hip.",
    unit="°",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_INCLINATION,),
    per_stride=lowest(Curve.THIGH_INCLINATION, 40, 65),
    zero=STANDING,
    worse=Worse.HIGHER,
    norm=Norm(-17.0, 5.0, STANDING, speed=THIGH_INCLINATION_MIN),
    amber=-7.0,
    strong=-2.0,
    error=3.2,
    mdc=4.5,
    source="Schwartz 2008 (−17.6°), CGM2.3 (−14.0°)",
    note="The thigh stands within about 2° of vertical, so both zero conventions agree.",
)

HIP_FLEXION_SWING = Feature(
    code="F06",
    name="hip_flexion_max_swing_deg",
    label="highest hip flexion in swing",
    definition="Highest hip flexion at 70–100 %.",
    unit="°",
    segments=HIP,
    planes=SAGITTAL,
    curves=(Curve.HIP_FLEXION,),
    per_stride=highest(Curve.HIP_FLEXION, 70, 100),
    zero=STANDING,
    worse=Worse.LOWER,
    norm=Norm(37.0, 5.0, ZeroConvention.ANATOMICAL, speed=HIP_FLEXION_MAX_SWING).to_standing(12.0),
    amber=15.0,
    strong=10.0,
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008 (37±5.3° anatomical), less a standing hip angle of 12°",
)

HIP_RANGE = Feature(
    code="F07",
    name="hip_flexion_rom_deg",
    label="range of the hip, forward and back",
    definition="Highest minus lowest hip flexion over the cycle.",
    unit="°",
    segments=HIP,
    planes=SAGITTAL,
    curves=(Curve.HIP_FLEXION,),
    per_stride=span(Curve.HIP_FLEXION),
    worse=Worse.LOWER,
    norm=Norm(42.0, 5.5, ZeroConvention.NONE, speed=HIP_FLEXION_RANGE),
    amber=31.0,
    strong=26.0,
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008; error: Teufl 2018 (1.6° and soft tissue 2.9±1.7°)",
)

THIGH_SAGITTAL_RANGE = Feature(
    code="F07a",
    name="thigh_inclination_rom_deg",
    label="range of the thigh, forward and back",
    definition="Highest minus lowest thigh inclination over the cycle.",
    unit="°",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_INCLINATION,),
    per_stride=span(Curve.THIGH_INCLINATION),
    worse=Worse.LOWER,
    norm=Norm(42.0, 5.5, ZeroConvention.NONE, speed=THIGH_RANGE),
    error=3.5,
    mdc=5.0,
    source="Schwartz 2008; spread as for F07",
)

THIGH_SWING_VELOCITY = Feature(
    code="F08",
    name="thigh_flexion_velocity_peak_deg_s",
    label="how fast the thigh swings forward",
    definition="Highest flexing velocity of the thigh at 50–85 %.",
    unit="°/s",
    segments=THIGH,
    planes=SAGITTAL,
    curves=(Curve.THIGH_VELOCITY,),
    per_stride=highest(Curve.THIGH_VELOCITY, 50, 85),
    worse=Worse.LOWER,
    norm=Norm(187.0, 25.0, ZeroConvention.NONE, speed=THIGH_FLEXION_VELOCITY, scales_with_leg=True),
    amber=137.0,
    strong=112.0,
    error=18.0,
    mdc=15.0,
    source="Schwartz 2008, NONAN GaitPrint (3 walkers); the spread is weakly founded; error: skin "
    "takes 9 ± 5 °/s from the virtual wearer's",
)

HIP_RANGE_DIFFERENCE = Feature(
    code="F07b",
    name="hip_flexion_rom_difference_deg",
    label="left–right difference of the hip's range",
    definition="F07 right minus left.",
    unit="°",
    segments=HIP,
    planes=SAGITTAL,
    per_walk=difference_of_sides("hip_flexion_rom_deg"),
    worse=Worse.EITHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=6.0,
    strong=9.0,
    error=5.0,
    mdc=7.1,
    source="Left–right SD of ranges 3° (design); error: two sides of F07",
)

HIP_EXTENSION_DIFFERENCE = Feature(
    code="F04a",
    name="hip_flexion_min_difference_deg",
    label="left–right difference of hip extension",
    definition="F04 right minus left; + = the right hip extends less.",
    unit="°",
    segments=HIP,
    planes=SAGITTAL,
    per_walk=difference_of_sides("hip_flexion_min_deg"),
    worse=Worse.EITHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=6.0,
    strong=9.0,
    error=5.0,
    mdc=7.1,
    source="Left–right SD of angles 2.5–3° (design); error: two sides of F04",
)

FEATURES = (
    HIP_EXTENSION,
    HIP_EXTENSION_DIFFERENCE,
    THIGH_EXTENSION,
    HIP_FLEXION_SWING,
    HIP_RANGE,
    THIGH_SAGITTAL_RANGE,
    HIP_RANGE_DIFFERENCE,
    THIGH_SWING_VELOCITY,
)
