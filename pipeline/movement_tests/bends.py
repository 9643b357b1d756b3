"""Bends: repetitions in which one leg or both bend under the body, and what their thighs do.

Squats, lunges and steps down are told by how far a thigh leans forward from standing; which
leg did it, and whether it was such a movement at all, by how far the other one went with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from pipeline.features.base import Feature
from pipeline.gait import FloatArray, Plane
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.excursions import Excursion, departures, excursions
from pipeline.movement_tests.kind import Wearing, keyed
from pipeline.movement_tests.outcome import Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch, Window
from pipeline.stages.kinematics import Channel
from recordings.placement import Side

TOGETHER = 0.7
"""Share of the deeper leg's lean from which on both legs are taken to bend together."""
SHORTEST_S, LONGEST_S = 0.8, 12.0
EVEN_BETWEEN = (0.4, 2.5)
"""How much shorter or longer than the usual one of the set a repetition may last."""
PLANTED_SHARE = 0.8
"""Share of the widest apart from which on the foot of a step to the side is taken to be down:
lifting it leans the thigh forward by 20° as well."""
PARTED_DEG = 15.0
"""Thighs that part by more did not step forward: 2° at most in a lunge, 29° and more in one to
the side (virtual people)."""
STEP_SHARE, STEP_DEPTH, STEP_WITHIN_S = 0.6, 0.8, 1.0
"""A lift of the foot is shorter than its lunge, less deep, and right beside it."""
JOLT_M_S2 = 5.0
"""Sideways push of the pelvis that no controlled movement on the spot has (below 2 in slow
squats and lunges): a stumble, a step to catch the balance."""
TURN_LIMIT_DEG = 30.0
_AROUND_PEAK = round(0.1 * GRID_RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """What a bending test looks like.

    Attributes
    ----------
    least_deg : float
        Lean of the thigh from which on a repetition counts.
    lean, turn, depth : Feature
        Inward lean, inward turn and forward lean of a thigh at its deepest.
    two_legged : bool
    steps : bool
        Whether a step belongs to it: lifting the foot on the way out and back bends the thigh
        as well, and is no shallow repetition.
    aside : bool
        Whether the step goes sideways: then the thighs part for as long as it lasts.
    """

    least_deg: float
    lean: Feature
    turn: Feature
    depth: Feature
    two_legged: bool = False
    steps: bool = False
    aside: bool = False


def find_bends(
    stretch: Stretch, baseline: Window, bend: Bend, side: Side | None, wearing: Wearing
) -> list[Repetition]:
    """All repetitions of a stretch, those that do not count with their reason."""
    leans = {s: stretch.lean(s) - stretch.mean(stretch.lean(s), baseline) for s in Side}
    apart = _apart(stretch, baseline)
    if bend.aside:
        depth = apart
    elif bend.two_legged:
        depth = 0.5 * (leans[Side.LEFT] + leans[Side.RIGHT])
    else:
        depth = np.maximum(leans[Side.LEFT], leans[Side.RIGHT])
    tell = departures if bend.aside else excursions
    found = [
        _repetition(stretch, baseline, bend, side, wearing, _loaded(bend, leans, depth, one), one)
        for one in tell(depth, stretch.task.first, stretch.task.last)
    ]
    if bend.aside and not found:
        found = _not_aside(stretch, bend, np.maximum(*leans.values()))
    if bend.steps:
        found = _without_steps([_not_forward(stretch, apart, r) for r in found], bend.depth)
    return _leave_out_uneven(found)


def _not_aside(stretch: Stretch, bend: Bend, lean: FloatArray) -> list[Repetition]:
    """Bends of a thigh without a step to the side, where one was asked for."""
    return [
        Repetition(
            stretch.time_s(one.first),
            stretch.time_s(one.last),
            None,
            False,
            Obstacle.WRONG_TEST.value,
        )
        for one in excursions(lean, stretch.task.first, stretch.task.last)
        if one.height >= bend.least_deg
    ]


def _not_forward(stretch: Stretch, apart: FloatArray, one: Repetition) -> Repetition:
    """The repetition, refused if its step went to the side and not forward."""
    first, last = (round((t - stretch.time_s(0)) * GRID_RATE_HZ) for t in (one.start_s, one.end_s))
    parted = np.nan_to_num(apart[first:last]).max(initial=0.0) > PARTED_DEG
    if not parted or not (one.accepted or one.reason == Obstacle.TOO_SHALLOW):
        return one
    return replace(one, accepted=False, reason=Obstacle.WRONG_TEST.value, measures={})


def _apart(stretch: Stretch, baseline: Window) -> FloatArray:
    """How far the thighs are parted sideways, from standing."""
    inward = [stretch.inward(side) for side in Side]
    return -sum((x - stretch.mean(x, baseline) for x in inward), start=np.zeros(stretch.length))


def _loaded(
    bend: Bend, leans: Mapping[Side, FloatArray], depth: FloatArray, one: Excursion
) -> dict[Side, FloatArray]:
    """The leans of an excursion, where the foot is down if it steps to the side; −inf elsewhere."""
    rows = slice(one.first, one.last)
    own = {side: lean[rows] for side, lean in leans.items()}
    if not bend.aside or not np.isfinite(depth[rows]).any():
        return own
    planted = depth[rows] >= PLANTED_SHARE * np.nanmax(depth[rows])
    return {side: np.where(planted, lean, -np.inf) for side, lean in own.items()}


def _repetition(
    stretch: Stretch,
    baseline: Window,
    bend: Bend,
    asked: Side | None,
    wearing: Wearing,
    loaded: Mapping[Side, FloatArray],
    one: Excursion,
) -> Repetition:
    rows = slice(one.first, one.last)
    own = asked or max(Side, key=lambda s: float(np.nanmax(loaded[s])))
    deeper = np.maximum(*(loaded[s] for s in Side))
    peak = int(np.nanargmax(deeper)) if np.isfinite(deeper).any() else one.peak - one.first
    at = {s: float(loaded[s][peak]) for s in Side}
    done_by, obstacle = _who(at, own, bend.two_legged)
    sides = tuple(Side) if bend.two_legged else (own,)
    if not stretch.known[rows].all():
        obstacle = Obstacle.GAP
    elif obstacle is None:
        obstacle = _poor(stretch, bend, one, max(at[s] for s in sides), rows)
    measures: dict[str, float] = {}
    if obstacle in (None, Obstacle.TOO_SHALLOW):
        for s in sides:
            measures |= _measures(stretch, baseline, bend, s, wearing, loaded[s], rows)
    return Repetition(
        stretch.time_s(one.first),
        stretch.time_s(one.last),
        None if bend.two_legged and done_by is None else (done_by or own),
        obstacle is None,
        "" if obstacle is None else obstacle.value,
        measures,
    )


def _who(
    at: Mapping[Side, float], own: Side, two_legged: bool
) -> tuple[Side | None, Obstacle | None]:
    """The leg that bent (None for both together), and whether that was another than asked."""
    deeper = max(Side, key=lambda s: at[s])
    together = at[deeper.other] > TOGETHER * at[deeper]
    if two_legged:
        return (None, None) if together else (deeper, Obstacle.WRONG_TEST)
    if together:
        return None, Obstacle.WRONG_TEST
    return deeper, None if deeper is own else Obstacle.OTHER_LEG


def _poor(
    stretch: Stretch, bend: Bend, one: Excursion, deepest_deg: float, rows: slice
) -> Obstacle | None:
    """Why a repetition of the right kind does not count."""
    sideways = np.abs(stretch.channels[Channel.ACC_LEFT, rows])
    heading = stretch.deg(Channel.PELVIS_HEADING)[rows]
    if float(sideways.max()) > JOLT_M_S2 or float(np.ptp(heading)) > TURN_LIMIT_DEG:
        return Obstacle.STUMBLED
    if deepest_deg < bend.least_deg:
        return Obstacle.TOO_SHALLOW
    duration_s = (one.last - one.first) / GRID_RATE_HZ
    return None if SHORTEST_S <= duration_s <= LONGEST_S else Obstacle.IRREGULAR


def _measures(
    stretch: Stretch,
    baseline: Window,
    bend: Bend,
    side: Side,
    wearing: Wearing,
    loaded: FloatArray,
    rows: slice,
) -> dict[str, float]:
    peak = rows.start + int(np.argmax(loaded))
    window = Window(max(peak - _AROUND_PEAK, rows.start), min(peak + _AROUND_PEAK + 1, rows.stop))
    measures = {keyed(bend.depth, side): change(stretch, stretch.lean(side), baseline, window)}
    if Plane.FRONTAL not in wearing.refused:
        measures[keyed(bend.lean, side)] = change(stretch, stretch.inward(side), baseline, window)
    if Plane.TRANSVERSE not in wearing.refused:
        turn = stretch.deg(Channel.HIP_ROTATION_LEFT, side)
        measures[keyed(bend.turn, side)] = change(stretch, turn, baseline, window)
    return measures


def change(stretch: Stretch, series: FloatArray, baseline: Window, window: Window) -> float:
    """Mean of a series in a window minus that in the posture before."""
    return stretch.mean(series, window) - stretch.mean(series, baseline)


def _without_steps(found: Sequence[Repetition], depth: Feature) -> list[Repetition]:
    """Without the short lifts of the foot right before and after what counts.

    A short person who steps far lifts the thigh as high for it as a lunge asks for, but never as
    high as in the lunge itself.
    """

    def deep(r: Repetition) -> float:
        return max(r.measures.get(keyed(depth, side), 0.0) for side in Side)

    lifts = (Obstacle.TOO_SHALLOW, Obstacle.OTHER_LEG, Obstacle.WRONG_TEST)
    counting = [r for r in found if r.accepted]
    return [
        r
        for r in found
        if not (r.accepted or r.reason in lifts)
        or not any(
            r.duration_s < STEP_SHARE * c.duration_s
            and max(c.start_s - r.end_s, r.start_s - c.end_s) < STEP_WITHIN_S
            and (not r.accepted or deep(r) < STEP_DEPTH * deep(c))
            for c in counting
        )
    ]


def _leave_out_uneven(found: Sequence[Repetition]) -> list[Repetition]:
    """Set aside what lasts far shorter or longer than the others that count."""
    lasting = [r.duration_s for r in found if r.accepted]
    if len(lasting) < 3:
        return list(found)
    usual = median(lasting)
    low, high = (share * usual for share in EVEN_BETWEEN)
    return [
        r
        if not r.accepted or low <= r.duration_s <= high
        else replace(r, accepted=False, reason=Obstacle.IRREGULAR.value)
        for r in found
    ]
