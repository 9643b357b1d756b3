"""Squats on both legs: do the thighs lean or turn inward, and do knees or hips bend more?"""

from __future__ import annotations

from dataclasses import replace

from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import Plane
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.inward import inward_features, inward_kind
from pipeline.movement_tests.kind import keyed
from pipeline.movement_tests.outcome import MovementTask, Repetition
from pipeline.movement_tests.stretch import Stretch, Window
from pipeline.norms import Norm, ZeroConvention
from pipeline.stages.kinematics import Channel
from recordings.placement import Side

LEAST_DEG = 28.0
"""Forward lean of the thighs that makes a squat: a knee bent by some 50°."""

INWARD = inward_features(
    MovementTask.SQUAT,
    "in squats",
    Norm(0.5, 3.25, ZeroConvention.NONE, sex_shift=0.5),
    7.0,
)

KNEE_TO_HIP = Feature(
    code="F42a",
    name="squat_knee_to_hip_ratio",
    label="bend of the knee to that of the hip in squats",
    definition="Knee flexion over hip flexion at the deepest point, both minus standing before.",
    unit="",
    segments=(Segment.PELVIS, Segment.THIGH, Segment.SHANK),
    planes=(Plane.SAGITTAL,),
    worse=Worse.HIGHER,
    task=MovementTask.SQUAT,
    norm=Norm(1.15, 0.175, ZeroConvention.NONE),
    amber=1.5,
    error=0.10,
    source="Pattern rules E (above 1.5); usual value and spread weakly founded",
)


def _knee_to_hip(stretch: Stretch, baseline: Window, one: Repetition) -> Repetition:
    """Add the ratio where shanks are worn."""
    if keyed(INWARD.depth, Side.LEFT) not in one.measures:
        return one
    first = round((one.start_s - stretch.time_s(0)) * GRID_RATE_HZ)
    last = round((one.end_s - stretch.time_s(0)) * GRID_RATE_HZ)
    added = {}
    for side in Side:
        lean = stretch.lean(side)[first:last]
        peak = first + int(lean.argmax())
        window = Window(max(peak - 10, first), min(peak + 11, last))
        knee, hip = (
            stretch.mean(stretch.deg(c, side), window)
            - stretch.mean(stretch.deg(c, side), baseline)
            for c in (Channel.KNEE_FLEXION_LEFT, Channel.HIP_FLEXION_LEFT)
        )
        if hip > 10.0:
            added[keyed(KNEE_TO_HIP, side)] = knee / hip
    return replace(one, measures={**one.measures, **added})


KIND = inward_kind(
    INWARD,
    least_deg=LEAST_DEG,
    two_legged=True,
    words="these squats",
    why=(
        "Two SD above the usual ½° (knees stay over the feet on two legs, SD 3¼°, weakly "
        "founded), so that a collapse of 12° is found although sensors err by 4–5°"
    ),
    question="Do the thighs lean or turn inward while both legs bend?",
    more=(KNEE_TO_HIP,),
    more_measures=_knee_to_hip,
)
