"""Standing on one leg: how long, how far the pelvis drops and the hip leans out under it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.decision import Threshold
from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import FloatArray, Plane
from pipeline.grid import GRID_RATE_HZ, true_runs
from pipeline.movement_tests.excursions import merge_short_gaps
from pipeline.movement_tests.holds import best_hold, held_to_the_end, shorter_by_percent
from pipeline.movement_tests.inward import NO_QUIET_STANDING
from pipeline.movement_tests.judging import Rule, apply, difference, left_and_right, with_evidence
from pipeline.movement_tests.kind import Measured, MovementKind, View, Wearing, keyed
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch, Window
from pipeline.norms import Norm, ZeroConvention
from pipeline.results import FeatureStatistics, Finding
from pipeline.stages.kinematics import Channel
from recordings.placement import Placement, Side

TASK = MovementTask.SINGLE_LEG_STANCE
LIFTED_DEG = 4.0
"""Lean of the other thigh from which on its foot is taken to be off the ground."""
LIFTED_KNEE_DEG = 15.0
SHORTEST_S = 2.0
LONGEST_S = 30.0
MOST_BEND_DEG = 25.0
"""A standing leg that bends further is squatting."""
SETTLED_S, UNTIL_S = 5.0, 25.0
LEAST_WINDOW_S = 3.0
HOLD_ERROR_S = 1.0

_LEG = (Segment.PELVIS, Segment.THIGH)

LEAN = Feature(
    code="F40",
    name="single_leg_hip_adduction_deg",
    label="inward lean of the hip on one leg",
    definition=(
        "Mean hip adduction of the standing leg 5–25 s after the other foot left the ground, "
        "minus standing on both; holds the drop of the pelvis."
    ),
    unit="°",
    segments=_LEG,
    planes=(Plane.FRONTAL,),
    worse=Worse.HIGHER,
    norm=Norm(7.0, 3.0, ZeroConvention.NONE),
    amber=13.0,
    error=2.8,
    mdc=4.0,
    source="Youdas 2007 (pelvic-on-femoral 83±3°, SEM 2°, smallest change 4°)",
    task=TASK,
)

DROP = Feature(
    code="F40p",
    name="single_leg_pelvic_drop_deg",
    label="drop of the pelvis on one leg",
    definition=(
        "Mean obliquity of the pelvis 5–25 s after the other foot left the ground, minus "
        "standing on both; + = the lifted side is lower."
    ),
    unit="°",
    segments=(Segment.PELVIS,),
    planes=(Plane.FRONTAL,),
    worse=Worse.HIGHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=6.0,
    strong=8.0,
    error=2.1,
    mdc=3.0,
    source="As the sustained drop of walking (F10, above 6°); usual value weakly founded",
    task=TASK,
)

HOLD = Feature(
    code="F41",
    name="single_leg_hold_s",
    label="time on one leg",
    definition=(
        "Longest of up to three tries, from the foot leaving the ground to its return, counted "
        "up to 30 s. Left out where the test ended before the wearer did."
    ),
    unit="s",
    segments=_LEG,
    worse=Worse.LOWER,
    norm=Norm(
        30.0,
        10.0,
        ZeroConvention.NONE,
        by_age=((60.0, 27.0), (70.0, 17.2), (80.0, 8.5)),
    ),
    amber=10.0,
    strong=5.0,
    error=HOLD_ERROR_S,
    source=(
        "Bohannon 2006 (60–69: 27.0 s, 70–79: 17.2 s, 80+: 8.5 s); younger adults 43–45 s, here "
        "counted to 30; spread weakly founded"
    ),
    task=TASK,
)

SWAY = Feature(
    code="F41s",
    name="single_leg_sway_m_s2",
    label="sway on one leg",
    definition="RMS of the pelvis' horizontal acceleration 5–25 s after the foot left the ground.",
    unit="m/s²",
    segments=(Segment.PELVIS,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.HIGHER,
    source="Design: compared with the own baseline only",
    task=TASK,
)

LEAN_DIFFERENCE = Feature(
    code="F40d",
    name="single_leg_hip_adduction_difference_deg",
    label="left–right difference of the hip's inward lean on one leg",
    definition="F40 right minus left.",
    unit="°",
    segments=_LEG,
    planes=(Plane.FRONTAL,),
    worse=Worse.EITHER,
    norm=Norm(0.0, 2.0, ZeroConvention.NONE),
    amber=4.0,
    error=math.sqrt(2.0) * LEAN.error,
    source="Clinical table F40 (L–R above 4°)",
    task=TASK,
)

HOLD_DIFFERENCE = Feature(
    code="F41d",
    name="single_leg_hold_difference_percent",
    label="left–right difference of the time on one leg",
    definition="F41 right minus left, in per cent of the longer.",
    unit="%",
    segments=_LEG,
    worse=Worse.EITHER,
    norm=Norm(0.0, 12.0, ZeroConvention.NONE),
    amber=30.0,
    error=10.0,
    source="Clinical table F41 (L–R above 30 %)",
    task=TASK,
)

_DETECTOR = "single_leg_stance"
_LEANS = Rule(
    detector=_DETECTOR,
    threshold=Threshold(
        LEAN, 13.0, ZeroConvention.NONE, "Clinical table F40: two SD above the usual 7±3°"
    ),
    about="how far your {side} thigh leans inward while you stand on it",
    seen="Standing on your {side} leg, its thigh leaned inward under the pelvis by {value}.",
    not_seen="Standing on your {side} leg, its thigh was not seen to lean inward unusually far.",
)
_DROPS = Rule(
    detector=_DETECTOR,
    threshold=Threshold(
        DROP, 6.0, ZeroConvention.NONE, "As the sustained drop of walking (F10), two SD"
    ),
    about="how level your pelvis stays while you stand on your {side} leg",
    seen="Standing on your {side} leg, your pelvis dropped on the {other} side by {value}.",
    not_seen="Standing on your {side} leg, your pelvis was not seen to drop unusually far.",
)
_HOLDS = Rule(
    detector="single_leg_hold",
    threshold=Threshold(
        HOLD,
        10.0,
        ZeroConvention.NONE,
        "Clinical table F41: below 10 s under 60 years, moving with age",
        moves_with_norm=True,
    ),
    about="how long you can stand on your {side} leg",
    seen="You stood on your {side} leg for {value}, shorter than usual at your age.",
    not_seen="You stood on your {side} leg for {value}.",
)
_HOLDS_APART = Rule(
    detector="single_leg_hold",
    threshold=Threshold(
        HOLD_DIFFERENCE, 30.0, ZeroConvention.NONE, "Clinical table F41 (L–R above 30 %)"
    ),
    about="how the time on one leg differs",
    seen="The time on one leg differed by {value} between left and right.",
    not_seen="The time on one leg was alike on both sides.",
)


def _measure(stretch: Stretch, side: Side | None, wearing: Wearing) -> Measured:
    baseline = stretch.standing_before
    if baseline is None:
        return NO_QUIET_STANDING
    if side is None:
        side = _standing_leg(stretch, baseline)
    found = []
    for stands in (side, side.other):
        for first, last in _lifted(stretch, baseline, stands.other):
            found.append(_hold(stretch, baseline, side, stands, Window(first, last), wearing))
    found.sort(key=lambda r: r.start_s)
    return Measured(found, _errors(stretch, wearing, side))


def _standing_leg(stretch: Stretch, baseline: Window) -> Side:
    """The leg that stands for longer, where nobody said which."""
    lifted = {s: sum(b - a for a, b in _lifted(stretch, baseline, s)) for s in Side}
    return max(Side, key=lambda s: lifted[s]).other


def _lifted(stretch: Stretch, baseline: Window, moving: Side) -> list[tuple[int, int]]:
    """Columns in which a foot is off the ground, as its thigh and knee tell."""
    own, other = (_moved(stretch, baseline, s) for s in (moving, moving.other))
    lifted = own - other > 1.0
    lifted[: stretch.task.first] = False
    lifted[stretch.task.last :] = False
    runs = merge_short_gaps(true_runs(lifted), 0.3)
    return [(a, b) for a, b in runs if b - a >= SHORTEST_S * GRID_RATE_HZ]


def _moved(stretch: Stretch, baseline: Window, side: Side) -> FloatArray:
    """How far thigh or knee are from standing, 1 = as far as a lifted foot needs."""
    lean = stretch.lean(side)
    share = np.abs(lean - stretch.mean(lean, baseline)) / LIFTED_DEG
    knee = stretch.deg(Channel.KNEE_FLEXION_LEFT, side)
    bent = (knee - stretch.mean(knee, baseline)) / LIFTED_KNEE_DEG
    return np.nan_to_num(np.fmax(share, bent))


def _hold(
    stretch: Stretch,
    baseline: Window,
    asked: Side,
    stands: Side,
    held: Window,
    wearing: Wearing,
) -> Repetition:
    bend = stretch.lean(stands)[held.rows] - stretch.mean(stretch.lean(stands), baseline)
    obstacle = None
    if not stretch.known[held.rows].all():
        obstacle = Obstacle.GAP
    elif stands is not asked:
        obstacle = Obstacle.OTHER_LEG
    elif float(np.max(bend)) > MOST_BEND_DEG:
        obstacle = Obstacle.WRONG_TEST
    measures = {keyed(HOLD, stands): (held.last - held.first) / GRID_RATE_HZ}
    window = Window(
        held.first + round(SETTLED_S * GRID_RATE_HZ),
        min(held.last - round(0.5 * GRID_RATE_HZ), held.first + round(UNTIL_S * GRID_RATE_HZ)),
    )
    if obstacle is None and window.last - window.first >= LEAST_WINDOW_S * GRID_RATE_HZ:
        acc = stretch.channels[[Channel.ACC_FORWARD, Channel.ACC_LEFT], window.rows]
        acc = acc - acc.mean(axis=1, keepdims=True)
        measures[keyed(SWAY, stands)] = float(np.sqrt((acc**2).sum(axis=0).mean()))
        if Plane.FRONTAL not in wearing.refused:
            for feature, series in (
                (LEAN, stretch.deg(Channel.HIP_ADDUCTION_LEFT, stands)),
                (DROP, stretch.own_side_up(stands)),
            ):
                change = stretch.mean(series, window) - stretch.mean(series, baseline)
                measures[keyed(feature, stands)] = change
    return Repetition(
        stretch.time_s(held.first),
        stretch.time_s(held.last),
        stands,
        obstacle is None,
        "" if obstacle is None else obstacle.value,
        measures,
    )


def _errors(stretch: Stretch, wearing: Wearing, side: Side) -> dict[str, float]:
    """What a pelvis that tips forward meanwhile makes of a doubtful axis."""
    tilt = stretch.deg(Channel.PELVIS_TILT)[stretch.task.first : stretch.task.last]
    tipped = float(np.nanmax(tilt) - np.nanmin(tilt)) if np.isfinite(tilt).any() else 0.0
    leak = tipped * math.sin(math.radians(wearing.doubt_deg(Placement.PELVIS)))
    return {
        keyed(LEAN, side): math.hypot(LEAN.error, leak),
        keyed(DROP, side): math.hypot(DROP.error, leak),
    }


def _more(view: View) -> Sequence[FeatureStatistics]:
    hold = best_hold(view, HOLD, LONGEST_S, HOLD_ERROR_S)
    more = [] if hold is None else [hold]
    both = left_and_right(view, LEAN)
    if both is not None:
        more.append(difference(LEAN_DIFFERENCE, *both, view.context))
    return (*more, *shorter_by_percent(view, HOLD_DIFFERENCE, hold, HOLD))


def _judge(view: View) -> list[Finding]:
    side = view.side
    assert side is not None
    lean, drop = view.get(LEAN, side), view.get(DROP, side)
    found = []
    apart = view.get(LEAN_DIFFERENCE)
    for rule, row in ((_DROPS, drop), (_LEANS, lean)):
        if row is not None:
            found.append(with_evidence(apply(rule, view, row, 1), (drop, lean, apart)))
    for rule, row in ((_HOLDS, view.get(HOLD, side)), (_HOLDS_APART, view.get(HOLD_DIFFERENCE))):
        if row is not None:
            found.append(apply(rule, view, row, 1))
    return found


KIND = MovementKind(
    task=TASK,
    needed=1,
    features=(LEAN, DROP, LEAN_DIFFERENCE, HOLD, HOLD_DIFFERENCE, SWAY),
    thresholds=tuple(r.threshold for r in (_LEANS, _DROPS, _HOLDS, _HOLDS_APART)),
    detector=_DETECTOR,
    question="On one leg: does the pelvis drop, and for how long can it be held?",
    derived=(HOLD, LEAN_DIFFERENCE, HOLD_DIFFERENCE),
    measure=_measure,
    more=_more,
    judge=_judge,
    notes=lambda view: held_to_the_end(view, HOLD, LONGEST_S, HOLD_ERROR_S),
)
