"""Upright: which way a sensor feels "up" while the body that wears it is upright.

Walking teaches it, and so does a standing calibration. Over whole steps the mean specific force
points up, and a thigh swings about a mean that is a few degrees from where it stands. So a
sensor may sit on its segment any way up. A strap that slips, or that is put on again after lunch,
is a new mounting: the next walk shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.day.epochs import EPOCHS_PER_S
from pipeline.day.presence import BoolArray
from pipeline.gait import FloatArray
from pipeline.grid import true_runs

TEACHING_S = 6.0
"""Shorter walks teach nothing: too few whole steps."""

CONVINCING_S = 10.0
NEW_MOUNTING_DEG = 30.0
"""A walk of this length that feels another up by so much means that the sensor has moved.
Walks of one mounting differ by a few degrees."""


@dataclass(slots=True)
class _Mounting:
    start: int
    taught_until: int
    up: FloatArray
    epochs: int


def upright_direction(
    force: FloatArray, there: BoolArray, walking: BoolArray, poses: Sequence[tuple[int, int]]
) -> FloatArray:
    """Unit vector "up of the upright body" in the sensor frame, for each epoch.

    Parameters
    ----------
    force : ndarray, shape (3, n)
    there, walking : ndarray of bool, shape (n,)
    poses : sequence of (int, int)
        Standing calibrations.

    Returns
    -------
    ndarray, shape (3, n)
        NaN throughout if nothing taught it.
    """
    n = len(there)
    lessons = [(a, b) for a, b in true_runs(walking) if b - a >= TEACHING_S * EPOCHS_PER_S]
    mountings: list[_Mounting] = []
    for first, last in sorted([*lessons, *poses]):
        rows = np.flatnonzero(there[first:last]) + first
        if not len(rows) or not _same_throughout(force[:, rows]):
            continue
        up = _direction(np.median(force[:, rows], axis=1))
        current = mountings[-1] if mountings else None
        if current is None:
            mountings.append(_Mounting(0, last, up, len(rows)))
        elif up @ current.up >= np.cos(np.deg2rad(NEW_MOUNTING_DEG)):
            share = len(rows) / (len(rows) + current.epochs)
            current.up = _direction(current.up + share * (up - current.up))
            current.epochs += len(rows)
            current.taught_until = last
        elif len(rows) >= CONVINCING_S * EPOCHS_PER_S:
            start = _moved_at(there, current.taught_until, first)
            mountings.append(_Mounting(start, last, up, len(rows)))
    out = np.full((3, n), np.nan)
    for mounting in mountings:
        out[:, mounting.start :] = mounting.up[:, np.newaxis]
    return out


def _same_throughout(force: FloatArray) -> bool:
    """Whether a segment points as it did at first: who sat down meanwhile teaches nothing."""
    half = (force.shape[1] + 1) // 2
    first, last = (
        _direction(np.median(part, axis=1)) for part in (force[:, :half], force[:, -half:])
    )
    return bool(first @ last >= np.cos(np.deg2rad(NEW_MOUNTING_DEG)))


def _moved_at(there: BoolArray, taught_until: int, walk: int) -> int:
    """When a sensor came to sit otherwise: after its longest absence, or with the walk."""
    absences = true_runs(~there[taught_until:walk])
    if not absences:
        return walk
    _, last = max(absences, key=lambda run: run[1] - run[0])
    return taught_until + last


def inclination_deg(force: FloatArray, up: FloatArray) -> FloatArray:
    """Angle between where a segment points and where it points when upright, (n,)."""
    size = np.sqrt((force * force).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (force * up).sum(axis=0) / size
        return np.rad2deg(np.arccos(np.clip(cosine, -1.0, 1.0)))


def _direction(v: FloatArray) -> FloatArray:
    return v / np.sqrt(v @ v)
