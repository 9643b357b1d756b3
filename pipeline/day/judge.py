"""Judge: from the epochs of all sensors to a posture for each epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.day.epochs import Epochs
from pipeline.day.posture import (
    CODE,
    REASON,
    CodeArray,
    settled,
    upright_or_not,
    walking_epochs,
    without_short,
)
from pipeline.day.presence import (
    BoolArray,
    Presence,
    flags_of,
    look_at,
    not_worn,
    without_taken_off,
)
from pipeline.day.results import Posture, Unknown
from pipeline.day.upright import TEACHING_S, inclination_deg, upright_direction
from pipeline.gait import FloatArray
from recordings.placement import THIGHS, Placement


@dataclass(frozen=True, slots=True, eq=False)
class DayEvidence:
    """All that was kept of a day, on one table of epochs.

    Attributes
    ----------
    start : int
        Index of the first epoch.
    epochs : mapping of Placement to Epochs
    steps : ndarray of int, shape (n,)
        Contacts in each epoch.
    in_a_row : ndarray of bool, shape (n,)
        Epochs between steps that follow each other.
    standing, other_tasks, excluded : sequence of (int, int)
        Epochs of the standing calibrations, of tasks that are not walking, and of what was left
        out by hand.
    """

    start: int
    epochs: Mapping[Placement, Epochs]
    steps: NDArray[np.int64]
    in_a_row: BoolArray
    standing: Sequence[tuple[int, int]]
    other_tasks: Sequence[tuple[int, int]]
    excluded: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedDay:
    """A posture for each epoch, and what led to it.

    Attributes
    ----------
    start : int
    code, reason : ndarray of int8, shape (n,)
        Into `posture.POSTURES` and `posture.REASONS`.
    steps : ndarray of int, shape (n,)
    sensors : mapping of Placement to Presence
    taken_off : mapping of Placement to list of (int, int)
    inclination_deg : mapping of Placement to ndarray, shape (n,)
        From upright; NaN where not known.
    """

    start: int
    code: CodeArray
    reason: CodeArray
    steps: NDArray[np.int64]
    sensors: Mapping[Placement, Presence]
    taken_off: Mapping[Placement, list[tuple[int, int]]]
    inclination_deg: Mapping[Placement, FloatArray]


def judge(day: DayEvidence) -> JudgedDay:
    """Decide what the body did in each epoch."""
    n = len(day.steps)
    sensors = {p: look_at(epochs) for p, epochs in day.epochs.items()}
    off_body = not_worn(sensors, n)
    may_walk = ~off_body & ~flags_of(day.other_tasks, n)
    walking = _walking(sensors, day.in_a_row) & may_walk
    taken_off: dict[Placement, list[tuple[int, int]]] = {}
    for placement, sensor in sensors.items():
        others = {p: s for p, s in sensors.items() if p is not placement}
        if not others:
            continue
        seen = _walking(others, day.in_a_row)
        sensors[placement], taken_off[placement] = without_taken_off(sensor, seen & may_walk)
    if any(taken_off.values()):
        walking = _walking(sensors, day.in_a_row) & may_walk
    direction = {
        p: np.where(s.there & ~off_body, s.epochs.force, np.nan) for p, s in sensors.items()
    }
    angle = _inclinations(walking, day.standing, direction)
    thigh_deg = _mean([angle[p] for p in THIGHS.values() if p in angle], n)
    pelvis_deg = angle.get(Placement.PELVIS, np.full(n, np.nan))
    code, reason = upright_or_not(thigh_deg, pelvis_deg, walking, day.steps, _swing(sensors, n))
    _explain(code, reason, sensors, thigh_deg, n)
    code[off_body] = CODE[Posture.NOT_WORN]
    left_out = flags_of(day.excluded, n)
    code[left_out], reason[left_out] = CODE[Posture.UNKNOWN], REASON[Unknown.EXCLUDED]
    return JudgedDay(day.start, settled(code), reason, day.steps, sensors, taken_off, angle)


def _walking(sensors: Mapping[Placement, Presence], in_a_row: BoolArray) -> BoolArray:
    pelvis = sensors.get(Placement.PELVIS)
    has_pelvis = np.zeros(len(in_a_row), dtype=bool) if pelvis is None else pelvis.there
    return walking_epochs(in_a_row & has_pelvis, has_pelvis, _swing(sensors, len(in_a_row)))


def _swing(sensors: Mapping[Placement, Presence], n: int) -> FloatArray:
    """Mean turning of the thighs that send, rad/s; NaN where none does."""
    thighs = [sensors[p] for p in THIGHS.values() if p in sensors]
    return _mean([np.where(s.there, s.epochs.turning, np.nan) for s in thighs], n)


def _inclinations(
    walking: BoolArray,
    standing: Sequence[tuple[int, int]],
    direction: Mapping[Placement, FloatArray],
) -> dict[Placement, FloatArray]:
    lessons = without_short(walking, TEACHING_S)
    out = {}
    for placement, force in direction.items():
        there = np.isfinite(force[0])
        up = upright_direction(force, there, lessons, standing)
        out[placement] = inclination_deg(force, up)
    return out


def _explain(
    code: CodeArray,
    reason: CodeArray,
    sensors: Mapping[Placement, Presence],
    thigh_deg: FloatArray,
    n: int,
) -> None:
    """Say more exactly why thighs say nothing: no sensor, or no idea how it sits."""
    no_angle = np.isnan(thigh_deg)
    any_thigh = np.zeros(n, dtype=bool)
    anything = np.zeros(n, dtype=bool)
    for placement, sensor in sensors.items():
        anything |= sensor.there
        if placement is not Placement.PELVIS:
            any_thigh |= sensor.there
    reason[no_angle & any_thigh] = REASON[Unknown.UPRIGHT_NOT_SEEN]
    reason[~anything] = REASON[Unknown.NOTHING_RECORDED]
    code[~anything] = CODE[Posture.UNKNOWN]


def _mean(series: list[FloatArray], n: int) -> FloatArray:
    """Mean of what is known, NaN where nothing is."""
    if not series:
        return np.full(n, np.nan)
    stack = np.stack(series)
    known = np.isfinite(stack)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, stack, 0.0).sum(axis=0) / known.sum(axis=0)
