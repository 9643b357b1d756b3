"""Rising from a chair: do both thighs rise alike, and does the pelvis stay level?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.decision import Threshold
from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import FloatArray, Plane
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.judging import Rule, apply, with_evidence
from pipeline.movement_tests.kind import Measured, MovementKind, View, Wearing
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch, Window
from pipeline.norms import Norm, ZeroConvention
from pipeline.results import FeatureStatistics, Finding
from pipeline.stages.kinematics import Channel
from recordings.placement import Placement, Side

TASK = MovementTask.SIT_TO_STAND
RISES_NEEDED = 3
SEATED_DEG, UPRIGHT_DEG = 55.0, 25.0
"""Lean of both thighs against standing, above and below."""
LONGEST_S = 6.0
SETS_OFF_DEG = 2.5
"""Change of the pelvis' tilt that is no sway of sitting any more."""
_AROUND_S = 0.6
_AVERAGED = 20
_LEG = (Segment.PELVIS, Segment.THIGH)

ROLL = Feature(
    code="F44",
    name="sit_to_stand_roll_deg",
    label="sideways roll of the pelvis while rising",
    definition=(
        "Furthest obliquity on the way up, off the line from sitting to standing; right side up +."
    ),
    unit="°",
    segments=(Segment.PELVIS,),
    planes=(Plane.FRONTAL,),
    worse=Worse.EITHER,
    norm=Norm(0.0, 3.0, ZeroConvention.NONE),
    amber=6.0,
    error=1.5,
    source="Clinical table F44 (0±3°; weakly founded)",
    note="To the error comes how far the pelvis tips forward, times the doubt about its axis.",
    task=TASK,
)

SPEED_DIFFERENCE = Feature(
    code="F44v",
    name="sit_to_stand_speed_asymmetry_percent",
    label="left–right difference of the thighs' speed while rising",
    definition="Fastest extension of the thighs on the way up (mean of 0.2 s): 100·(R − L) / mean.",
    unit="%",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.EITHER,
    norm=Norm(0.0, 5.0, ZeroConvention.NONE),
    amber=15.0,
    error=5.0,
    source="Clinical table F44 (usual below 10 %, noteworthy above 15 %; weakly founded)",
    note="Says how the thighs move; how the body's weight is shared is not measured.",
    task=TASK,
)

DURATION = Feature(
    code="F44s",
    name="sit_to_stand_time_s",
    label="time to rise",
    definition="From the pelvis beginning to tip to the thighs being upright.",
    unit="s",
    segments=(Segment.THIGH,),
    planes=(Plane.SAGITTAL,),
    worse=Worse.NONE,
    error=0.3,
    source="Design: compared with the own baseline only",
    task=TASK,
)

_DETECTOR = "uneven_rise"
_SPEEDS = Rule(
    detector=_DETECTOR,
    threshold=Threshold(
        SPEED_DIFFERENCE, 15.0, ZeroConvention.NONE, "Clinical table F44: three usual SD"
    ),
    about="how evenly your thighs rise",
    seen="Rising from the chair, one thigh was {value} faster than the other.",
    not_seen="Rising from the chair, both thighs rose alike.",
)
_ROLLS = Rule(
    detector=_DETECTOR,
    threshold=Threshold(ROLL, 6.0, ZeroConvention.NONE, "Clinical table F44: two usual SD"),
    about="how level your pelvis stays while you rise",
    seen="Rising from the chair, your pelvis rolled to one side by {value}.",
    not_seen="Rising from the chair, your pelvis stayed about level.",
)


def _measure(stretch: Stretch, side: Side | None, wearing: Wearing) -> Measured:
    lean = 0.5 * (stretch.lean(Side.LEFT) + stretch.lean(Side.RIGHT))
    found, tips = [], []
    for low, high in rises(lean, stretch.task.first, stretch.task.last):
        one = _rise(stretch, lean, low, high, wearing)
        found.append(one)
        tilt = stretch.deg(Channel.PELVIS_TILT)[low:high]
        tips.append(float(np.nan_to_num(np.ptp(tilt))))
    # It hardly matters in walking, where a pelvis tips by 5°; on the way up it tips by 30–40°.
    doubt = math.sin(math.radians(wearing.doubt_deg(Placement.PELVIS)))
    leak = doubt * (sum(tips) / len(tips)) if tips else 0.0
    return Measured(found, {ROLL.name: math.hypot(ROLL.error, leak)})


def rises(lean: FloatArray, first: int, last: int) -> list[tuple[int, int]]:
    """Columns from the last one seated to the first one upright, of each way up in a stretch."""
    # A gap keeps the state: what is not known is neither seated nor upright.
    state = np.zeros(last - first, dtype=np.int8)
    part = lean[first:last]
    state[part >= SEATED_DEG] = 1
    state[part <= UPRIGHT_DEG] = -1
    clear = np.flatnonzero(state)
    changes = np.flatnonzero((state[clear[:-1]] == 1) & (state[clear[1:]] == -1))
    return [(first + int(clear[i]), first + int(clear[i + 1]) + 1) for i in changes]


def _rise(stretch: Stretch, lean: FloatArray, low: int, high: int, wearing: Wearing) -> Repetition:
    """One way up, from where the thighs leave the level of sitting to that of standing."""
    n = round(_AROUND_S * GRID_RATE_HZ)
    before, after = max(low - 4 * n, 0), min(high + 4 * n, stretch.length)
    seated = float(np.nanmax(lean[before:low])) if low > before else float(lean[low])
    standing = float(np.nanmin(lean[high - 1 : after]))
    depth = (lean - standing) / (seated - standing)
    still_seated = np.flatnonzero(depth[before : low + 1] >= 0.93)
    begin = before + int(still_seated[-1]) if len(still_seated) else low
    begin = _pelvis_sets_off(stretch, begin)
    there = np.flatnonzero(depth[high - 1 : after] <= 0.07)
    end = high + int(there[0]) if len(there) else high
    rows = slice(begin, end)
    obstacle = None
    if not stretch.known[rows].all():
        obstacle = Obstacle.GAP
    elif end - begin > LONGEST_S * GRID_RATE_HZ:
        obstacle = Obstacle.IRREGULAR
    measures: dict[str, float] = {}
    if obstacle is None:
        speeds = {s: _fastest(stretch.deg(Channel.THIGH_RATE_LEFT, s)[rows]) for s in Side}
        mean = 0.5 * sum(speeds.values())
        measures[DURATION.name] = (end - begin) / GRID_RATE_HZ
        measures[SPEED_DIFFERENCE.name] = 100.0 * (speeds[Side.RIGHT] - speeds[Side.LEFT]) / mean
        if Plane.FRONTAL not in wearing.refused:
            measures[ROLL.name] = _roll(stretch, Window(begin, end), n)
    return Repetition(
        stretch.time_s(begin),
        stretch.time_s(end),
        None,
        obstacle is None,
        "" if obstacle is None else obstacle.value,
        measures,
    )


def _pelvis_sets_off(stretch: Stretch, thighs_leave: int) -> int:
    """When the pelvis began to tip for a rise; the thighs leave the seat later."""
    first = max(0, thighs_leave - round(2.5 * GRID_RATE_HZ))
    tilt = stretch.deg(Channel.PELVIS_TILT)[first : thighs_leave + 1]
    known = tilt[np.isfinite(tilt)]
    if len(known) < GRID_RATE_HZ:
        return thighs_leave
    at_rest = np.abs(tilt - np.median(known[:GRID_RATE_HZ])) <= SETS_OFF_DEG
    still = np.flatnonzero(at_rest)
    return first + int(still[-1]) if len(still) else thighs_leave


def _fastest(rate_deg_s: FloatArray) -> float:
    """Fastest extension, averaged over a fifth of a second."""
    n = min(_AVERAGED, len(rate_deg_s))
    return float(-np.convolve(rate_deg_s, np.full(n, 1.0 / n), mode="valid").min())


def _roll(stretch: Stretch, way: Window, n: int) -> float:
    """Furthest obliquity off the line from sitting to standing."""
    up = stretch.deg(Channel.PELVIS_OBLIQUITY)
    sitting = float(np.nanmean(up[max(way.first - n, 0) : way.first + 1]))
    standing = float(np.nanmean(up[way.last - 1 : way.last + n]))
    off = up[way.rows] - np.linspace(sitting, standing, way.last - way.first)
    return float(off[np.argmax(np.abs(off))])


def _more(view: View) -> Sequence[FeatureStatistics]:
    return ()


def _judge(view: View) -> list[Finding]:
    speed, roll = view.get(SPEED_DIFFERENCE), view.get(ROLL)
    return [
        with_evidence(apply(rule, view, row, RISES_NEEDED), (speed, roll))
        for rule, row in ((_SPEEDS, speed), (_ROLLS, roll))
        if row is not None
    ]


KIND = MovementKind(
    task=TASK,
    needed=RISES_NEEDED,
    features=(ROLL, SPEED_DIFFERENCE, DURATION),
    derived=(),
    thresholds=(_SPEEDS.threshold, _ROLLS.threshold),
    detector=_DETECTOR,
    question="Rising from a chair: do both thighs move alike, and does the pelvis stay level?",
    measure=_measure,
    more=_more,
    judge=_judge,
)
