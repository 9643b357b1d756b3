"""Exercises on the floor that the articles name: bridges and straight-leg raises.

Only how far a segment has turned from where it rested is used, so that nothing needs to be known
of how a sensor sits. A repetition goes out and comes back. In a *bridge* the pelvis turns, and
both thighs with it; in a *straight-leg raise* one thigh does while pelvis and other thigh rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.day.epochs import EPOCH_S, EPOCHS_PER_S
from pipeline.day.judge import JudgedDay
from pipeline.day.posture import CODE
from pipeline.day.results import ExerciseSet, Posture
from pipeline.gait import FloatArray
from pipeline.grid import true_runs
from recordings.placement import THIGHS, Placement, Side

BRIDGE, STRAIGHT_LEG_RAISE = "bridge", "straight_leg_raise"

BRIDGE_DEG = 12.0
RAISE_DEG = 20.0
"""Smallest turn of pelvis or thigh that counts as a repetition."""

REST_DEG = 8.0
REST_SHARE = 0.3
"""What of a straight-leg raise pelvis and other thigh may take part in."""

RESTING_DEG = 5.0
FOLLOW_SHARE = 0.1
"""At rest the position counted from follows the body slowly."""

BACK_SHARE = 0.4
"""A repetition is over when less than this share of its range is left."""

SHORTEST_S, LONGEST_S = 1.0, 20.0
"""Out for longer is a new position to rest in."""

PAUSE_S = 20.0
"""Repetitions further apart belong to two sets."""

RANGE_ERROR_DEG = 5.0
"""Half-second means flatten the top, and force tells gravity only at rest. On the twin:
docs/validation.md."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """Out and back over the epochs ``[first, last)``."""

    first: int
    last: int
    range_deg: float


def lying_exercises(judged: JudgedDay) -> tuple[ExerciseSet, ...]:
    """The sets of bridges and straight-leg raises of a day, in time order."""
    sets: list[ExerciseSet] = []
    for first, last in true_runs(judged.code == CODE[Posture.LYING]):
        directions = {p: _unit(force[:, first:last]) for p, force in judged.direction.items()}
        if all(p in directions for p in (Placement.PELVIS, *THIGHS.values())):
            start = judged.start + first
            sets += _bridges(directions, start)
            sets += [s for side in Side for s in _raises(directions, side, start)]
    return tuple(sorted(sets, key=lambda s: (s.start_s, s.exercise)))


def _bridges(directions: Mapping[Placement, FloatArray], start: int) -> list[ExerciseSet]:
    found = [
        r
        for r in repetitions(directions[Placement.PELVIS], BRIDGE_DEG)
        if all(_largest_turn(directions[p], r) >= BRIDGE_DEG for p in THIGHS.values())
    ]
    return _sets(BRIDGE, None, found, start)


def _raises(
    directions: Mapping[Placement, FloatArray], side: Side, start: int
) -> list[ExerciseSet]:
    resting = (directions[Placement.PELVIS], directions[THIGHS[side.other]])
    found = [
        r
        for r in repetitions(directions[THIGHS[side]], RAISE_DEG)
        if all(_largest_turn(d, r) < max(REST_DEG, REST_SHARE * r.range_deg) for d in resting)
    ]
    return _sets(STRAIGHT_LEG_RAISE, side, found, start)


def repetitions(direction: FloatArray, smallest_deg: float) -> list[Repetition]:
    """Each time that a direction leaves where it rested, and comes back.

    Parameters
    ----------
    direction : ndarray, shape (3, n)
        Unit vectors, one an epoch; NaN where not known.
    smallest_deg : float
        Smaller turns are no repetition.
    """
    found: list[Repetition] = []
    rest = np.full(3, np.nan)
    left, furthest = -1, 0.0
    for k, here in enumerate(direction.T):
        if not np.isfinite(here[0]):
            rest, left = here, -1
            continue
        if np.isnan(rest[0]):
            rest = here
        away = _angle_deg(here, rest)
        if left < 0:
            if away > RESTING_DEG:
                left, furthest = k, away
            else:
                rest = _unit(rest + FOLLOW_SHARE * (here - rest))
            continue
        furthest = max(furthest, away)
        if k - left > LONGEST_S * EPOCHS_PER_S:
            rest, left = here, -1
        elif away < max(BACK_SHARE * furthest, RESTING_DEG):
            if furthest >= smallest_deg and k - left >= SHORTEST_S * EPOCHS_PER_S:
                found.append(Repetition(left, k, furthest))
            left = -1
    return found


def _sets(
    exercise: str, side: Side | None, found: list[Repetition], start: int
) -> list[ExerciseSet]:
    groups: list[list[Repetition]] = []
    for repetition in found:
        if groups and repetition.first - groups[-1][-1].last <= PAUSE_S * EPOCHS_PER_S:
            groups[-1].append(repetition)
        else:
            groups.append([repetition])
    return [
        ExerciseSet(
            exercise,
            side,
            (start + group[0].first) * EPOCH_S,
            (start + group[-1].last) * EPOCH_S,
            tuple(round(r.range_deg, 1) for r in group),
            RANGE_ERROR_DEG,
        )
        for group in groups
    ]


def _largest_turn(direction: FloatArray, repetition: Repetition) -> float:
    """How far a segment turned, at most, from where it was when the repetition began."""
    before = direction[:, max(repetition.first - 1, 0)]
    part = direction[:, repetition.first : repetition.last]
    return max((_angle_deg(here, before) for here in part.T), default=0.0)


def _angle_deg(a: FloatArray, b: FloatArray) -> float:
    return float(np.rad2deg(np.arccos(min(1.0, max(-1.0, float(a @ b))))))


def _unit(v: FloatArray) -> FloatArray:
    return v / np.sqrt((v * v).sum(axis=0))
