"""Standing: are the knees past straight? Needs shanks and a zero that is not that standing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.decision import Threshold
from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import Plane
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.judging import Rule, apply
from pipeline.movement_tests.kind import Measured, MovementKind, View, Wearing, keyed
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import UPRIGHT_DEG, Stretch, Window
from pipeline.movement_tests.words import NO_SECOND_ZERO
from pipeline.norms import Norm, ZeroConvention
from pipeline.results import FeatureStatistics, Finding
from pipeline.stages.kinematics import Channel
from recordings.metadata import SecondZero
from recordings.placement import Side

TASK = MovementTask.STANDING
SHORTEST_S = 4.0
_SETTLING_S = 0.5

KNEE_CHANGE = Feature(
    code="F27c",
    name="standing_knee_change_deg",
    label="knee while standing, against the calibration",
    definition="Mean knee flexion of quiet standing, counted from the standing calibration.",
    unit="°",
    segments=(Segment.THIGH, Segment.SHANK),
    planes=(Plane.SAGITTAL,),
    zero=ZeroConvention.STANDING,
    error=2.0,
    source="Design: what a second zero is added to",
    task=TASK,
)

KNEE = Feature(
    code="F27s",
    name="quiet_standing_knee_flexion_deg",
    label="knee while standing",
    definition=(
        "Mean knee flexion of quiet standing plus the knee angle of the standing calibration, as "
        "it was entered or as sitting with the knees at 90° showed it; negative = past straight."
    ),
    unit="°",
    segments=(Segment.THIGH, Segment.SHANK),
    planes=(Plane.SAGITTAL,),
    zero=ZeroConvention.ANATOMICAL,
    worse=Worse.LOWER,
    norm=Norm(0.0, 5.0, ZeroConvention.ANATOMICAL),
    amber=-5.0,
    strong=-15.0,
    error=4.0,
    mdc=5.7,
    source="Clinical table F27s (0±5°, noteworthy below −5°; weakly founded)",
    note="Without a second zero it is not known: the calibration stands as the wearer does.",
    task=TASK,
)

_PAST = Rule(
    detector="standing_knee",
    threshold=Threshold(KNEE, -5.0, ZeroConvention.ANATOMICAL, "Clinical table F27s"),
    about="how straight your {side} knee is while you stand",
    seen="Standing quietly, your {side} knee was past straight ({value}, {error}).",
    not_seen="Standing quietly, your {side} knee was not seen to be past straight ({value}).",
)


def _measure(stretch: Stretch, side: Side | None, wearing: Wearing) -> Measured:
    first = stretch.task.first + round(_SETTLING_S * GRID_RATE_HZ)
    window = Window(min(first, stretch.task.last), stretch.task.last)
    if window.last - window.first < SHORTEST_S * GRID_RATE_HZ:
        return Measured(
            obstacle=Obstacle.BROKEN_OFF,
            sentence="The standing was too short: stand quietly for ten seconds.",
        )
    measures: dict[str, float] = {}
    obstacle = None
    if not stretch.known[window.rows].all():
        obstacle = Obstacle.GAP
    elif stretch.quiet_standing(window.first, window.last) is None or any(
        abs(stretch.mean(stretch.lean(s), window)) > UPRIGHT_DEG for s in Side
    ):
        obstacle = Obstacle.WRONG_TEST
    else:
        for s in Side:
            knee = stretch.mean(stretch.deg(Channel.KNEE_FLEXION_LEFT, s), window)
            measures[keyed(KNEE_CHANGE, s)] = knee
    one = Repetition(
        stretch.time_s(window.first),
        stretch.time_s(window.last),
        None,
        obstacle is None,
        "" if obstacle is None else obstacle.value,
        {name: value for name, value in measures.items() if math.isfinite(value)},
    )
    return Measured((one,))


def _zero_deg(zero: SecondZero, side: Side) -> float | None:
    return zero.knee_flexion_left_deg if side is Side.LEFT else zero.knee_flexion_right_deg


def _more(view: View) -> Sequence[FeatureStatistics]:
    found = []
    for side in Side:
        change, zero = view.get(KNEE_CHANGE, side), _zero_deg(view.second_zero, side)
        if change is None or zero is None:
            continue
        angle = change.mean + zero
        found.append(
            replace(
                change,
                feature=KNEE.name,
                code=KNEE.code,
                mean=angle,
                median=angle,
                ci_low=change.ci_low + zero,
                ci_high=change.ci_high + zero,
                error=KNEE.error,
                usual=None if KNEE.norm is None else KNEE.norm.usual(view.context),
                z=KNEE.z(angle, view.context),
            )
        )
    return found


def _judge(view: View) -> list[Finding]:
    rows = (view.get(KNEE, side) for side in Side)
    return [apply(_PAST, view, row, 1) for row in rows if row is not None]


KIND = MovementKind(
    task=TASK,
    needed=1,
    features=(KNEE_CHANGE, KNEE),
    derived=(KNEE,),
    thresholds=(_PAST.threshold,),
    detector="standing_knee",
    question="Are the knees past straight while standing?",
    measure=_measure,
    more=_more,
    judge=_judge,
    notes=lambda view: () if _judge(view) else (NO_SECOND_ZERO,),
)
