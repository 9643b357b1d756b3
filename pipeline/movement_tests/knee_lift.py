"""Knee lift and hold: how high, for how long, and what the pelvis does meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.decision import Threshold
from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import FloatArray, Plane
from pipeline.grid import GRID_RATE_HZ, true_runs
from pipeline.movement_tests.excursions import excursions, merge_short_gaps
from pipeline.movement_tests.holds import best_hold, held_to_the_end, shorter_by_percent
from pipeline.movement_tests.inward import NO_QUIET_STANDING
from pipeline.movement_tests.judging import Rule, apply
from pipeline.movement_tests.kind import Measured, MovementKind, View, Wearing, keyed
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch, Window
from pipeline.norms import Norm, ZeroConvention
from pipeline.results import FeatureStatistics, Finding
from pipeline.stages.kinematics import Channel
from recordings.placement import Side

TASK = MovementTask.KNEE_LIFT
LEAST_DEG = 40.0
SHORTEST_S = 2.0
LONGEST_S = 15.0
HELD_SHARE = 0.9
"""A height counts as held while it is at least this share of the highest."""
HOLD_ERROR_S = 0.7
HEIGHT_ERROR_DEG = 4.0
_LEG = (Segment.PELVIS, Segment.THIGH)

HEIGHT = Feature(
    code="F46",
    name="knee_lift_height_deg",
    label="height of the knee lift",
    definition=(
        "Highest lean of the lifted thigh (mean of 0.3 s) minus standing before; 90° is level."
    ),
    unit="°",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.LOWER,
    norm=Norm(105.0, 7.5, ZeroConvention.NONE),
    amber=90.0,
    error=HEIGHT_ERROR_DEG,
    mdc=5.0,
    source="Clinical table F46 (usual above 100°, noteworthy below 90°; weakly founded)",
    task=TASK,
)

HOLD = Feature(
    code="F46h",
    name="knee_lift_hold_s",
    label="time that the knee is held up",
    definition=(
        "Longest time at nine tenths of the own height or above, counted up to 15 s. Left out "
        "where the test ended before the wearer did."
    ),
    unit="s",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.LOWER,
    norm=Norm(15.0, 2.5, ZeroConvention.NONE),
    amber=10.0,
    error=HOLD_ERROR_S,
    source="Clinical table F46 (15 s, noteworthy below 10 s)",
    task=TASK,
)

LEAN_BACK = Feature(
    code="F46t",
    name="knee_lift_lean_back_deg",
    label="leaning back while the knee is up",
    definition="Mean backward tilt of the pelvis during the hold minus standing before.",
    unit="°",
    segments=(Segment.PELVIS,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.HIGHER,
    norm=Norm(5.0, 2.5, ZeroConvention.NONE),
    amber=10.0,
    error=2.0,
    source="Clinical table F46 (drift below 5° usual, above 10° noteworthy)",
    note="A pelvis tilts back a little with any high knee.",
    task=TASK,
)

SIDEWAYS = Feature(
    code="F46o",
    name="knee_lift_side_tilt_deg",
    label="sideways tilt of the pelvis while the knee is up",
    definition="Mean obliquity during the hold minus standing before; + = the lifted side is up.",
    unit="°",
    segments=(Segment.PELVIS,),
    planes=(Plane.FRONTAL,),
    worse=Worse.EITHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=10.0,
    error=2.1,
    source="Clinical table F46 (drift below 5° usual, above 10° noteworthy)",
    task=TASK,
)

HEIGHT_DIFFERENCE = Feature(
    code="F46d",
    name="knee_lift_height_difference_percent",
    label="left–right difference of the knee lift",
    definition="F46 right minus left, in per cent of the higher.",
    unit="%",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.EITHER,
    norm=Norm(0.0, 5.0, ZeroConvention.NONE),
    amber=15.0,
    error=6.0,
    source="Clinical table F46 (L–R above 15 %)",
    task=TASK,
)

_DETECTOR = "knee_lift"
_HIGH = Rule(
    detector=_DETECTOR,
    threshold=Threshold(HEIGHT, 90.0, ZeroConvention.NONE, "Clinical table F46: below level"),
    about="how high you lift your {side} knee",
    seen="You lifted your {side} knee to {value}, which is below the hip.",
    not_seen="You lifted your {side} knee to {value}.",
)
_LONG = Rule(
    detector=_DETECTOR,
    threshold=Threshold(HOLD, 10.0, ZeroConvention.NONE, "Clinical table F46: 10–15 s"),
    about="how long you hold your {side} knee up",
    seen="You held your {side} knee up for {value}, shorter than the usual 15 s.",
    not_seen="You held your {side} knee up for {value}.",
)
_BACK = Rule(
    detector="knee_lift_compensation",
    threshold=Threshold(
        LEAN_BACK, 10.0, ZeroConvention.NONE, "Clinical table F46: drift above 10°"
    ),
    about="how your pelvis moves while your {side} knee is up",
    seen="While your {side} knee was up, you leaned back by {value}.",
    not_seen="While your {side} knee was up, you were not seen to lean back unusually far.",
)
_ASIDE = Rule(
    detector="knee_lift_compensation",
    threshold=Threshold(SIDEWAYS, 10.0, ZeroConvention.NONE, "Clinical table F46: drift above 10°"),
    about="how level your pelvis stays while your {side} knee is up",
    seen="While your {side} knee was up, your pelvis tilted sideways by {value}.",
    not_seen="While your {side} knee was up, your pelvis stayed about level.",
)
_APART = Rule(
    detector=_DETECTOR,
    threshold=Threshold(
        HEIGHT_DIFFERENCE, 15.0, ZeroConvention.NONE, "Clinical table F46 (L–R above 15 %)"
    ),
    about="how your knee lifts differ",
    seen="One knee was lifted {value} less high than the other.",
    not_seen="Both knees were lifted alike.",
)


def _measure(stretch: Stretch, side: Side | None, wearing: Wearing) -> Measured:
    baseline = stretch.standing_before
    if baseline is None:
        return NO_QUIET_STANDING
    leans = {s: stretch.lean(s) - stretch.mean(stretch.lean(s), baseline) for s in Side}
    if side is None:
        side = max(Side, key=lambda s: float(np.nanmax(leans[s])))
    found = []
    for lifted in (side, side.other):
        alone = leans[lifted] - np.maximum(leans[lifted.other], 0.0)
        for one in excursions(alone, stretch.task.first, stretch.task.last):
            rows = slice(one.first, one.last)
            found.append(_lift(stretch, baseline, side, lifted, leans[lifted], rows, wearing))
    found = [r for r in found if r is not None]
    return Measured(sorted(found, key=lambda r: r.start_s))


def _lift(
    stretch: Stretch,
    baseline: Window,
    asked: Side,
    lifted: Side,
    lean: FloatArray,
    rows: slice,
    wearing: Wearing,
) -> Repetition | None:
    part = lean[rows]
    known = stretch.known[rows].all()
    smooth = np.convolve(np.nan_to_num(part), np.full(31, 1.0 / 31.0), mode="same")
    height = float(smooth.max())
    if lifted is not asked and height < LEAST_DEG:
        return None
    runs = merge_short_gaps(true_runs(smooth >= HELD_SHARE * height), 0.3)
    first, last = max(runs, key=lambda run: run[1] - run[0])
    held = Window(rows.start + first, rows.start + last)
    hold_s = (last - first) / GRID_RATE_HZ
    obstacle = None
    if not known:
        obstacle = Obstacle.GAP
    elif lifted is not asked:
        obstacle = Obstacle.OTHER_LEG
    elif height < LEAST_DEG:
        obstacle = Obstacle.TOO_SHALLOW
    elif hold_s < SHORTEST_S:
        obstacle = Obstacle.IRREGULAR
    measures = {keyed(HEIGHT, lifted): height, keyed(HOLD, lifted): hold_s}
    if obstacle is None:
        tilt = stretch.deg(Channel.PELVIS_TILT)
        measures[keyed(LEAN_BACK, lifted)] = stretch.mean(tilt, baseline) - stretch.mean(tilt, held)
        if Plane.FRONTAL not in wearing.refused:
            up = stretch.own_side_up(lifted)
            measures[keyed(SIDEWAYS, lifted)] = stretch.mean(up, held) - stretch.mean(up, baseline)
    return Repetition(
        stretch.time_s(rows.start),
        stretch.time_s(rows.stop),
        lifted,
        obstacle is None,
        "" if obstacle is None else obstacle.value,
        measures,
    )


def _more(view: View) -> Sequence[FeatureStatistics]:
    hold = best_hold(view, HOLD, LONGEST_S, HOLD_ERROR_S)
    assert view.side is not None
    height = view.get(HEIGHT, view.side)
    apart = shorter_by_percent(view, HEIGHT_DIFFERENCE, height, HEIGHT)
    return apart if hold is None else (hold, *apart)


def _judge(view: View) -> list[Finding]:
    rows = (
        (_HIGH, view.get(HEIGHT, view.side)),
        (_LONG, view.get(HOLD, view.side)),
        (_BACK, view.get(LEAN_BACK, view.side)),
        (_ASIDE, view.get(SIDEWAYS, view.side)),
        (_APART, view.get(HEIGHT_DIFFERENCE)),
    )
    return [apply(rule, view, row, 1) for rule, row in rows if row is not None]


KIND = MovementKind(
    task=TASK,
    needed=1,
    features=(HEIGHT, HOLD, LEAN_BACK, SIDEWAYS, HEIGHT_DIFFERENCE),
    thresholds=tuple(r.threshold for r in (_HIGH, _LONG, _BACK, _ASIDE, _APART)),
    detector=_DETECTOR,
    question="How high and how long is the knee held, and does the pelvis lean back or sideways?",
    derived=(HOLD, HEIGHT_DIFFERENCE),
    measure=_measure,
    more=_more,
    judge=_judge,
    notes=lambda view: held_to_the_end(view, HOLD, LONGEST_S, HOLD_ERROR_S),
)
