"""The pelvis seen from the side: forward tilt (F01–F03)."""

from __future__ import annotations

from pipeline.features.base import Feature, Sample, Segment, WalkSamples, Worse
from pipeline.features.stride_data import average, span
from pipeline.gait import Curve, Plane
from pipeline.norms import PELVIC_TILT_MEAN, PELVIC_TILT_RANGE, Norm, ZeroConvention
from recordings.placement import Side

PELVIS = (Segment.PELVIS,)
SAGITTAL = (Plane.SAGITTAL,)


def _absolute_tilt(walk: WalkSamples) -> list[Sample]:
    """Tilt from standing plus the tilt of the standing pose that somebody measured."""
    standing = walk.settings.second_zero.pelvis_tilt_deg
    if standing is None:
        return []
    samples = (walk.sample(TILT_CHANGE.name, side) for side in Side)
    return [s._replace(mean=s.mean + standing, median=s.median + standing) for s in samples if s]


TILT_ABSOLUTE = Feature(
    code="F01",
    name="pelvis_tilt_mean_absolute_deg",
    label="forward tilt of the pelvis",
    definition="F03 plus the entered tilt of the standing pose; mean of the whole cycle.",
    unit="°",
    segments=PELVIS,
    planes=SAGITTAL,
    per_walk=_absolute_tilt,
    zero=ZeroConvention.ANATOMICAL,
    worse=Worse.HIGHER,
    norm=Norm(11.5, 5.0, ZeroConvention.ANATOMICAL, speed=PELVIC_TILT_MEAN),
    amber=21.0,
    strong=26.0,
    error=3.9,
    mdc=5.5,
    source="CGM2.3, Schwartz 2008, Pinzone 2014; change: Wilken 2012",
    note="Only where an inclinometer reading of the standing pelvis was entered.",
)

TILT_RANGE = Feature(
    code="F02",
    name="pelvis_tilt_rom_deg",
    label="range of pelvic tilt",
    definition="Highest minus lowest pelvic tilt over the cycle.",
    unit="°",
    segments=PELVIS,
    planes=SAGITTAL,
    curves=(Curve.PELVIS_TILT,),
    per_stride=span(Curve.PELVIS_TILT),
    worse=Worse.HIGHER,
    norm=Norm(4.6, 1.2, ZeroConvention.NONE, speed=PELVIC_TILT_RANGE),
    amber=7.5,
    strong=9.0,
    error=1.4,
    mdc=2.0,
    source="Schwartz 2008",
)

TILT_CHANGE = Feature(
    code="F03",
    name="pelvis_tilt_mean_deg",
    label="forward tilt of the pelvis, compared with standing",
    definition="Mean pelvic tilt of the cycle, quiet standing = 0; forward +.",
    unit="°",
    segments=PELVIS,
    planes=SAGITTAL,
    curves=(Curve.PELVIS_TILT,),
    per_stride=average(Curve.PELVIS_TILT, 0, 99),
    zero=ZeroConvention.STANDING,
    worse=Worse.HIGHER,
    norm=Norm(1.0, 3.0, ZeroConvention.STANDING, speed=PELVIC_TILT_MEAN),
    amber=7.0,
    strong=10.0,
    error=2.8,
    mdc=4.0,
    source="Weakly founded; direction after Lee 2005; speed: Schwartz 2008",
    note="A tilt that is there while standing is calibrated away.",
)

FEATURES = (TILT_ABSOLUTE, TILT_RANGE, TILT_CHANGE)
