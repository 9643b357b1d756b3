"""The thigh seen from the front: how far it leans inward (F13, F14)."""

from __future__ import annotations

from pipeline.features.base import Feature, Segment, Worse
from pipeline.features.sides import difference_of_sides
from pipeline.features.stride_data import average, highest
from pipeline.gait import Curve, Plane
from pipeline.norms import HIP_ADDUCTION_PEAK, Norm, ZeroConvention

HIP = (Segment.PELVIS, Segment.THIGH)
FRONTAL = (Plane.FRONTAL,)
STANDING = ZeroConvention.STANDING

ADDUCTION_PEAK = Feature(
    code="F13",
    name="hip_adduction_peak_deg",
    label="inward lean of the thigh",
    definition="Highest hip adduction at 5–45 %, standing = 0; + = inward.",
    unit="°",
    segments=HIP,
    planes=FRONTAL,
    curves=(Curve.HIP_ADDUCTION,),
    per_stride=highest(Curve.HIP_ADDUCTION, 5, 45),
    leaks_from=Curve.HIP_FLEXION,
    zero=STANDING,
    worse=Worse.HIGHER,
    norm=Norm(7.0, 3.5, STANDING, speed=HIP_ADDUCTION_PEAK, sex_shift=0.5),
    amber=14.0,
    strong=17.5,
    error=3.2,
    mdc=4.5,
    source=(
        "Schwartz 2008 (5.2±3.4°), CGM2.3 (8.6±2.5°), Youdas 2007 (7±3° on one leg); "
        "error: McGrath 2022, Fiorentino 2017"
    ),
    note="The shift between the sexes is that of the pelvic drop it contains (Smith 2002).",
)

ADDUCTION_MEAN = Feature(
    code="F14",
    name="hip_adduction_mean_deg",
    label="mean inward lean of the thigh in stance",
    definition="Mean hip adduction at 10–50 %, standing = 0; + = inward.",
    unit="°",
    segments=HIP,
    planes=FRONTAL,
    curves=(Curve.HIP_ADDUCTION,),
    per_stride=average(Curve.HIP_ADDUCTION, 10, 50),
    leaks_from=Curve.HIP_FLEXION,
    zero=STANDING,
    worse=Worse.HIGHER,
    norm=Norm(5.0, 3.2, STANDING, speed=HIP_ADDUCTION_PEAK, sex_shift=0.5),
    amber=11.5,
    error=2.8,
    mdc=4.0,
    source="Schwartz 2008; shift with speed and sex as for F13",
)

ADDUCTION_DIFFERENCE = Feature(
    code="F13a",
    name="hip_adduction_peak_difference_deg",
    label="left–right difference of the thigh's inward lean",
    definition="F13 right minus left; + = the right thigh leans further inward.",
    unit="°",
    segments=HIP,
    planes=FRONTAL,
    per_walk=difference_of_sides("hip_adduction_peak_deg"),
    worse=Worse.EITHER,
    norm=Norm(0.0, 2.75, ZeroConvention.NONE),
    amber=5.5,
    strong=8.3,
    error=4.5,
    mdc=6.4,
    source="Left–right SD of angles 2.5–3° (design); error: two sides of F13",
)

FEATURES = (ADDUCTION_PEAK, ADDUCTION_MEAN, ADDUCTION_DIFFERENCE)
