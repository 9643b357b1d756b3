"""The pelvis seen from behind: drop of the swinging side (F09–F12)."""

from __future__ import annotations

from pipeline.features.base import Feature, Segment, Worse
from pipeline.features.sides import difference_of_sides
from pipeline.features.stride_data import average, highest, span
from pipeline.gait import Curve, Plane
from pipeline.norms import PELVIC_DROP_PEAK, Norm, ZeroConvention

PELVIS = (Segment.PELVIS,)
FRONTAL = (Plane.FRONTAL,)
STANDING = ZeroConvention.STANDING
OBLIQUITY = Curve.PELVIS_OBLIQUITY

DROP_PEAK = Feature(
    code="F09",
    name="pelvic_drop_peak_deg",
    label="drop of the pelvis on the other side",
    definition="Highest obliquity at 5–40 %, standing = 0; + = the swinging side is lower.",
    unit="°",
    segments=PELVIS,
    planes=FRONTAL,
    curves=(OBLIQUITY,),
    per_stride=highest(OBLIQUITY, 5, 40),
    leaks_from=Curve.PELVIS_TILT,
    zero=STANDING,
    worse=Worse.HIGHER,
    norm=Norm(4.5, 2.0, STANDING, speed=PELVIC_DROP_PEAK, sex_shift=0.5),
    amber=8.5,
    strong=10.5,
    error=2.5,
    mdc=3.5,
    source="Schwartz 2008 (4.4±1.1°), CGM2.3 (6.6±1.7°), Smith 2002 for the sexes",
)

DROP_SUSTAINED = Feature(
    code="F10",
    name="pelvic_drop_sustained_deg",
    label="sustained drop of the pelvis on the other side",
    definition="Mean obliquity at 20–40 %, standing = 0; + = the swinging side is lower.",
    unit="°",
    segments=PELVIS,
    planes=FRONTAL,
    curves=(OBLIQUITY,),
    per_stride=average(OBLIQUITY, 20, 40),
    leaks_from=Curve.PELVIS_TILT,
    zero=STANDING,
    worse=Worse.HIGHER,
    norm=Norm(2.0, 2.0, STANDING),
    amber=6.0,
    strong=8.0,
    error=2.1,
    mdc=3.0,
    source="Schwartz 2008 (0.8±2.0°), CGM2.3 (3.3±1.8°)",
)

OBLIQUITY_RANGE = Feature(
    code="F11",
    name="pelvis_obliquity_rom_deg",
    label="range of the pelvis, up and down",
    definition="Highest minus lowest obliquity over the cycle.",
    unit="°",
    segments=PELVIS,
    planes=FRONTAL,
    curves=(OBLIQUITY,),
    per_stride=span(OBLIQUITY),
    leaks_from=Curve.PELVIS_TILT,
    worse=Worse.EITHER,
    norm=Norm(8.4, 3.5, ZeroConvention.NONE, sex_shift=1.0),
    amber=16.0,
    error=2.1,
    mdc=3.0,
    source="Smith 2002 (women 9.4±3.5°, men 7.4±3.4°)",
    note="Below 3° is noteworthy too.",
)

DROP_DIFFERENCE = Feature(
    code="F12",
    name="pelvic_drop_difference_deg",
    label="left–right difference of the pelvic drop",
    definition="F09 right minus left; + = more drop while standing on the right leg.",
    unit="°",
    segments=PELVIS,
    planes=FRONTAL,
    per_walk=difference_of_sides("pelvic_drop_peak_deg"),
    worse=Worse.EITHER,
    norm=Norm(0.0, 2.0, ZeroConvention.NONE),
    amber=4.0,
    strong=6.0,
    error=4.0,
    mdc=5.7,
    source="Weakly founded; a leg 2 cm longer shows here",
    note="A roll of the standing zero counts twice: 1–2° of it is 2–4° of difference.",
)

FEATURES = (DROP_PEAK, DROP_SUSTAINED, OBLIQUITY_RANGE, DROP_DIFFERENCE)
