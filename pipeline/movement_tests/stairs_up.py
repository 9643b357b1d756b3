"""Stairs up, foot over foot: how high does each thigh go, and do both go alike (F45)?

Each step is told by its thigh: on a stair it leans far more than in any walk on level ground.
How high a thigh has to go depends on the stair and on how long the leg is, so only the
difference between the legs is judged; both climb the same stair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.decision import Threshold
from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import Plane
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.excursions import Excursion, excursions
from pipeline.movement_tests.judging import Rule, apply, difference, left_and_right, with_evidence
from pipeline.movement_tests.kind import Measured, MovementKind, View, Wearing, keyed
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch
from pipeline.norms import Norm, ZeroConvention
from pipeline.results import FeatureStatistics, Finding
from recordings.placement import Side

TASK = MovementTask.STAIRS_UP
STEPS_NEEDED = 6
LEAST_EACH = 2
"""Steps of either leg without which the two are not compared."""

CLIMBS_DEG, LEVEL_DEG = 42.0, 33.0
"""Highest thigh of a step: above, it climbed; below, it was a step on level ground, where thighs
reach 25±5°. The usual range on stairs begins at 50°."""
LONGEST_S = 3.0
DIFFERENCE_FROM_DEG = 8.0

LIFT = Feature(
    code="F45",
    name="stairs_up_thigh_lift_deg",
    label="highest thigh on stairs up",
    definition="Largest sagittal lean of the thigh in a step, from standing; mean over steps.",
    unit="°",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.NONE,
    norm=Norm(57.5, 3.75, ZeroConvention.NONE),
    error=3.0,
    mdc=5.0,
    source="Clinical table F45 (50–65° up; general knowledge)",
    note="A low stair or a long leg lowers it. It is no verdict; only the difference is judged.",
    task=TASK,
)

LIFT_DIFFERENCE = Feature(
    code="F45d",
    name="stairs_up_thigh_lift_difference_deg",
    label="left–right difference of the highest thigh on stairs up",
    definition="F45 right minus left.",
    unit="°",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.EITHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=DIFFERENCE_FROM_DEG,
    error=math.sqrt(2.0) * 3.0,
    source="Clinical table F45 (L–R above 8°); SD of differences 3° (design)",
    task=TASK,
)

STEP_TIME = Feature(
    code="F45s",
    name="stairs_up_step_time_s",
    label="time of a step on stairs up",
    definition="From one thigh's highest point to the other's; mean over steps.",
    unit="s",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.NONE,
    error=0.05,
    source="Design: compared with the own baseline only",
    task=TASK,
)

_DETECTOR = "uneven_stairs"
_APART = Rule(
    detector=_DETECTOR,
    threshold=Threshold(
        LIFT_DIFFERENCE, DIFFERENCE_FROM_DEG, ZeroConvention.NONE, "Clinical table F45"
    ),
    about="how evenly your thighs climb",
    seen="On the stairs one thigh was lifted {value} higher than the other.",
    not_seen="On the stairs both thighs were lifted about alike.",
)


def _measure(stretch: Stretch, side: Side | None, wearing: Wearing) -> Measured:
    """Both legs climb in turn; which leg was asked for says nothing here."""
    steps = sorted(
        (
            (one, leg)
            for leg in Side
            for one in excursions(stretch.lean(leg), stretch.task.first, stretch.task.last)
        ),
        key=lambda step: step[0].peak,
    )
    found, before = [], None
    for one, leg in steps:
        found.append(_step(stretch, one, leg, before))
        before = one.peak if found[-1].accepted else None
    return Measured(_without_ends(found))


def _step(stretch: Stretch, one: Excursion, leg: Side, before: int | None) -> Repetition:
    rows = slice(one.first, one.last)
    height = float(np.nan_to_num(stretch.lean(leg)[rows]).max())
    obstacle = None
    if not stretch.known[rows].all():
        obstacle = Obstacle.GAP
    elif height < CLIMBS_DEG:
        obstacle = Obstacle.WRONG_TEST if height < LEVEL_DEG else Obstacle.TOO_SHALLOW
    elif one.last - one.first > LONGEST_S * GRID_RATE_HZ:
        obstacle = Obstacle.IRREGULAR
    measures: dict[str, float] = {}
    if obstacle in (None, Obstacle.TOO_SHALLOW):
        measures[keyed(LIFT, leg)] = height
    if obstacle is None and before is not None:
        measures[STEP_TIME.name] = (one.peak - before) / GRID_RATE_HZ
    return Repetition(
        stretch.time_s(one.first),
        stretch.time_s(one.last),
        leg,
        obstacle is None,
        "" if obstacle is None else obstacle.value,
        measures,
    )


def _without_ends(found: Sequence[Repetition]) -> list[Repetition]:
    """Without what leads up to the stair and brings the feet together after it."""
    climbs = [i for i, r in enumerate(found) if r.accepted]
    if not climbs:
        return list(found)
    first, last = climbs[0], climbs[-1]
    return [
        r
        for i, r in enumerate(found)
        if first <= i <= last or r.reason not in (Obstacle.WRONG_TEST, Obstacle.TOO_SHALLOW)
    ]


def _more(view: View) -> Sequence[FeatureStatistics]:
    both = left_and_right(view, LIFT)
    if both is None or min(row.n for row in both) < LEAST_EACH:
        return ()
    return (difference(LIFT_DIFFERENCE, *both, view.context),)


def _judge(view: View) -> list[Finding]:
    apart = view.get(LIFT_DIFFERENCE)
    if apart is None:
        return []
    rows = (apart, *(view.get(LIFT, side) for side in Side))
    return [with_evidence(apply(_APART, view, apart, LEAST_EACH), rows)]


KIND = MovementKind(
    task=TASK,
    needed=STEPS_NEEDED,
    features=(LIFT, LIFT_DIFFERENCE, STEP_TIME),
    derived=(LIFT_DIFFERENCE,),
    thresholds=(_APART.threshold,),
    detector=_DETECTOR,
    question="Walking up stairs: are both thighs lifted alike?",
    measure=_measure,
    more=_more,
    judge=_judge,
)
