"""Exercises of a day that the articles name and these sensors can count.

A repetition goes up and comes back: its segment turns further from upright than where it
rested. In a *bridge* the pelvis does, and both thighs turn with it; in a *straight-leg raise* one
thigh does while pelvis and other thigh rest (a leg raised with a bent knee looks the same); in
*squats* both thighs do, standing (so they do in rising from a chair over and over); in a *knee
lift* one does while the other stands. Three in a row are an exercise, fewer are life.

A guided test (`pipeline.movement_tests`) looks at each repetition far more closely.
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
SQUAT, KNEE_LIFT = "squat", "knee_lift"

BRIDGE_DEG = 12.0
RAISE_DEG = 20.0
"""Smallest turn of pelvis or thigh that counts as a repetition."""

SQUAT_DEG = 25.0
ALIKE_DEG = 10.0
"""In a squat both thighs turn by nearly as much; in a lunge they do not."""

KNEE_LIFT_DEG = 60.0
STANDING_THIGH_DEG = 15.0
"""The other thigh of a knee lift stays within this of upright; in a lunge it does not."""

LYING_DEG = 70.0
"""The pelvis rests at least so far from upright: lying down and getting up are no bridge."""

REST_DEG = 8.0
REST_SHARE = 0.3
"""What of a straight-leg raise pelvis and other thigh may take part in."""

RESTING_DEG = 5.0
BACK_SHARE = 0.6
"""A repetition begins this far from rest, and is over when so much of its range is gone."""

CALM_DEG, CALM_S = 2.0, 1.5
"""Somebody has lain down once nothing turns more from epoch to epoch for so long."""

LONGEST_S = 20.0
"""Out for longer is a new position to rest in."""

FEWEST = 3
PAUSE_S = 20.0
"""Repetitions further apart belong to two sets."""

RANGE_ERROR_DEG = 5.0
"""Half-second means flatten the top, and force tells gravity only at rest. On virtual people:
docs/validation.md."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """Out and back over the epochs ``[first, last)``."""

    first: int
    last: int
    range_deg: float


def exercises(judged: JudgedDay) -> tuple[ExerciseSet, ...]:
    """The sets of all exercises of a day, in time order."""
    if any(p not in judged.inclination_deg for p in (Placement.PELVIS, *THIGHS.values())):
        return ()
    sets: list[ExerciseSet] = []
    for first, last in true_runs(judged.code == CODE[Posture.LYING]):
        angle = _between(judged, first, last)
        settled = _settled(angle)
        angle = {p: series[settled:] for p, series in angle.items()}
        start = judged.start + first + settled
        sets += _sets(BRIDGE, None, _bridges(angle), start)
        for side in Side:
            sets += _sets(STRAIGHT_LEG_RAISE, side, _raises(angle, side), start)
    for first, last in true_runs(judged.code == CODE[Posture.STANDING]):
        angle = _between(judged, first, last)
        start = judged.start + first
        sets += _sets(SQUAT, None, _squats(angle), start)
        for side in Side:
            sets += _sets(KNEE_LIFT, side, _knee_lifts(angle, side), start)
    return tuple(sorted(sets, key=lambda s: (s.start_s, s.exercise)))


def _between(judged: JudgedDay, first: int, last: int) -> dict[Placement, FloatArray]:
    return {p: series[first:last] for p, series in judged.inclination_deg.items()}


def _settled(angle: Mapping[Placement, FloatArray]) -> int:
    """Epochs that lying down takes: until pelvis and thighs have been calm for a moment."""
    moving = np.max([np.abs(np.diff(a, append=a[-1:])) for a in angle.values()], axis=0)
    calm = [(a, b) for a, b in true_runs(moving < CALM_DEG) if b - a >= CALM_S * EPOCHS_PER_S]
    return calm[0][0] if calm else len(moving)


def _bridges(angle: Mapping[Placement, FloatArray]) -> list[Repetition]:
    pelvis = angle[Placement.PELVIS]
    return [
        r
        for r in repetitions(pelvis, BRIDGE_DEG)
        if pelvis[r.first] >= LYING_DEG
        and all(_range(angle[p], r) >= BRIDGE_DEG for p in THIGHS.values())
    ]


def _raises(angle: Mapping[Placement, FloatArray], side: Side) -> list[Repetition]:
    resting = (angle[Placement.PELVIS], angle[THIGHS[side.other]])
    return [
        r
        for r in repetitions(angle[THIGHS[side]], RAISE_DEG)
        if all(_range(other, r) < max(REST_DEG, REST_SHARE * r.range_deg) for other in resting)
    ]


def _squats(angle: Mapping[Placement, FloatArray]) -> list[Repetition]:
    thighs = [angle[p] for p in THIGHS.values()]
    return [
        r
        for r in repetitions(np.minimum(*thighs), SQUAT_DEG)
        if abs(_range(thighs[0], r) - _range(thighs[1], r)) < ALIKE_DEG
    ]


def _knee_lifts(angle: Mapping[Placement, FloatArray], side: Side) -> list[Repetition]:
    other = angle[THIGHS[side.other]]
    return [
        r
        for r in repetitions(angle[THIGHS[side]], KNEE_LIFT_DEG)
        if other[r.first : r.last].max() < STANDING_THIGH_DEG
    ]


def repetitions(angle_deg: FloatArray, smallest_deg: float) -> list[Repetition]:
    """Each time that an angle rises from where it rested, and comes back.

    Parameters
    ----------
    angle_deg : ndarray, shape (n,)
        One an epoch; NaN where not known.
    smallest_deg : float
        Smaller rises are no repetition.
    """
    found: list[Repetition] = []
    low = high = np.nan
    left = 0
    for k, here in enumerate(angle_deg.tolist()):
        high = max(high, here)
        if np.isnan(low) or np.isnan(here) or k - left > LONGEST_S * EPOCHS_PER_S:
            low = high = here
            left = k
        elif high - low >= smallest_deg:
            if here <= high - BACK_SHARE * (high - low):
                found.append(Repetition(left, k + 1, high - low))
                low = high = here
                left = k
        elif here <= low + RESTING_DEG:
            low, high, left = min(low, here), here, k
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
        if len(group) >= FEWEST
    ]


def _range(angle_deg: FloatArray, repetition: Repetition) -> float:
    """How far another segment turned meanwhile."""
    part = angle_deg[repetition.first : repetition.last]
    return float(part.max() - part.min())
