"""Presence: which epochs of a sensor tell something of the body.

A sensor may be silent (battery, link), stuck (the same values over and over), or lie on a table
while the others walk. All sensors that lie still for half an hour are worn by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.day.epochs import EPOCHS_PER_S, Epochs
from pipeline.gait import FloatArray
from pipeline.grid import true_runs
from recordings.placement import Placement

BoolArray = NDArray[np.bool_]

SILENT_S = 2.0
"""Shorter silences are bridged: nobody changes posture and back in that time."""

STUCK_S = 10.0
STUCK_M_S2, STUCK_RAD_S = 1e-4, 1e-5
"""No living sensor repeats its values to the last digit, not even on a table."""

STILL_M_S2 = 0.13
STILL_RANGE_M_S2 = 0.5
NOT_WORN_S = 1800.0
"""Not worn: for 30 min the force has an SD below 13 mg and a range below 50 mg (van Hees et al.
2011, PLoS One 6:e22922). Sleep can be as quiet; awake, nobody is."""

STILL_RAD_S = 0.05
"""What soft tissue adds on a sitting body is more."""

TAKEN_OFF_S = 300.0
OTHERS_WALK_S = 10.0
"""A sensor that lies still for 5 min in which the others walk for 10 s is not on that body."""


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """The epochs of one sensor, and which of them count.

    Attributes
    ----------
    epochs : Epochs
        Short silences bridged.
    there : ndarray of bool, shape (n,)
        Samples came, and they were not stuck.
    still : ndarray of bool, shape (n,)
        Part of a stretch of at least `TAKEN_OFF_S` without any movement.
    silent, stuck : list of (int, int)
        Half-open runs of epochs.
    """

    epochs: Epochs
    there: BoolArray
    still: BoolArray
    silent: list[tuple[int, int]]
    stuck: list[tuple[int, int]]


def look_at(epochs: Epochs) -> Presence:
    """Judge the stream of one sensor."""
    came = epochs.count > 0
    silent = [(a, b) for a, b in true_runs(~came) if _lasts(a, b, SILENT_S)]
    stuck = [
        (a, b)
        for a, b in true_runs((epochs.shake < STUCK_M_S2) & (epochs.turning < STUCK_RAD_S))
        if _lasts(a, b, STUCK_S)
    ]
    there = ~flags_of(silent, len(came)) & ~flags_of(stuck, len(came))
    if not came.any():
        there[:] = False
    return Presence(_bridged(epochs, came), there, _still(epochs, there), silent, stuck)


def not_worn(sensors: Mapping[Placement, Presence], n: int) -> BoolArray:
    """Epochs in which every sensor that sends lies still, for `NOT_WORN_S` at least."""
    if not sensors:
        return np.zeros(n, dtype=bool)
    moving = np.any([s.there & ~s.still for s in sensors.values()], axis=0)
    sending = np.any([s.there for s in sensors.values()], axis=0)
    runs = true_runs(sending & ~moving)
    return flags_of([(a, b) for a, b in runs if _lasts(a, b, NOT_WORN_S)], n)


def without_taken_off(
    presence: Presence, walking: BoolArray
) -> tuple[Presence, list[tuple[int, int]]]:
    """The same without the stretches in which this sensor lay still while somebody walked."""
    off = [
        (a, b)
        for a, b in true_runs(presence.still)
        if np.count_nonzero(walking[a:b]) >= OTHERS_WALK_S * EPOCHS_PER_S
    ]
    return replace(presence, there=presence.there & ~flags_of(off, len(walking))), off


def flags_of(runs: Sequence[tuple[int, int]], n: int) -> BoolArray:
    """True inside half-open runs."""
    flags = np.zeros(n, dtype=bool)
    for first, last in runs:
        flags[max(first, 0) : max(last, 0)] = True
    return flags


def _lasts(first: int, last: int, seconds: float) -> bool:
    return last - first >= seconds * EPOCHS_PER_S


def _bridged(epochs: Epochs, came: BoolArray) -> Epochs:
    """Each empty epoch takes the numbers of the last one before it that has some."""
    if came.all() or not came.any():
        return epochs
    source = np.maximum.accumulate(np.where(came, np.arange(len(came)), np.argmax(came)))
    return Epochs(
        epochs.count, epochs.force[:, source], epochs.shake[source], epochs.turning[source]
    )


def _still(epochs: Epochs, there: BoolArray) -> BoolArray:
    quiet = there & (epochs.shake < STILL_M_S2) & (epochs.turning < STILL_RAD_S)
    # A turn between two epochs ends a stretch, or two would be seen as one that ranges wide.
    step = np.abs(np.diff(epochs.force, axis=1, prepend=epochs.force[:, :1])).max(axis=0)
    runs = true_runs(quiet & ~(step > STILL_RANGE_M_S2))
    held = [
        (a, b)
        for a, b in runs
        if _lasts(a, b, TAKEN_OFF_S) and _range(epochs.force[:, a:b]) < STILL_RANGE_M_S2
    ]
    return flags_of(held, len(there))


def _range(force: FloatArray) -> float:
    return float((np.nanmax(force, axis=1) - np.nanmin(force, axis=1)).max())
