"""Excursions: how often a signal leaves a posture and comes back.

A repetition is a peak that stands out from what lies around it, from where it left its
posture to where it is back. Nothing is asked of its size here but that it is no wobble: what
is too small is found, and named, by the test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, true_runs

STANDS_OUT_DEG = 10.0
LEFT_AT = 0.15
"""Share of a peak's height at which the posture counts as left, or reached again."""
AWAY_AT = 0.25
"""Share of the highest peak of all at which the posture counts as left, where a movement has
more than one."""
_SMOOTH = 31
"""Points of the moving mean that peaks are looked for in: a third of a second."""


@dataclass(frozen=True, slots=True)
class Excursion:
    """Columns of one excursion: it begins, is furthest, has ended; and how far it went."""

    first: int
    peak: int
    last: int
    height: float


def excursions(depth: FloatArray, first: int, last: int) -> list[Excursion]:
    """Excursions of a signal that is 0 in the posture, between two columns, in order.

    Parameters
    ----------
    depth : ndarray, shape (n,)
        Degrees. NaN (a gap) is bridged: whoever measures must look for it.
    """
    part = depth[first:last]
    known = np.isfinite(part)
    if len(part) < _SMOOTH or not known.any():
        return []
    part = np.interp(np.arange(len(part)), np.flatnonzero(known), part[known])
    half = _SMOOTH // 2
    padded = np.concatenate((np.full(half, part[0]), part, np.full(half, part[-1])))
    smooth = np.convolve(padded, np.full(_SMOOTH, 1.0 / _SMOOTH), mode="valid")
    # A posture to come from and go to on either side, also where the stretch ends.
    framed = np.concatenate(([0.0], smooth, [0.0]))
    peaks, facts = scipy.signal.find_peaks(framed, prominence=STANDS_OUT_DEG)
    found = []
    for i, peak in enumerate(peaks):
        low = int(facts["left_bases"][i]) if i == 0 else _lowest(framed, peaks[i - 1], peak)
        high = (
            int(facts["right_bases"][i])
            if i == len(peaks) - 1
            else _lowest(framed, peak, peaks[i + 1])
        )
        height = float(framed[peak])
        if height < STANDS_OUT_DEG:
            continue
        limit = LEFT_AT * height
        begin = _last_below(framed, low, int(peak), limit)
        end = _first_below(framed, int(peak), high, limit)
        found.append(
            Excursion(first + max(begin - 1, 0), first + int(peak) - 1, first + end - 1, height)
        )
    return found


def departures(depth: FloatArray, first: int, last: int) -> list[Excursion]:
    """Stretches in which a signal is away from 0, whatever it does there; arguments as above.

    For movements that have more than one peak, and come back to the posture each time.
    """
    part = np.nan_to_num(depth[first:last], nan=0.0)
    if not len(part) or part.max() < STANDS_OUT_DEG:
        return []
    away = part > max(AWAY_AT * float(part.max()), 0.5 * STANDS_OUT_DEG)
    found = []
    for a, b in merge_short_gaps(true_runs(away), 0.3):
        peak = a + int(np.argmax(part[a:b]))
        if part[peak] >= STANDS_OUT_DEG:
            found.append(Excursion(first + a, first + peak, first + b, float(part[peak])))
    return found


def merge_short_gaps(runs: list[tuple[int, int]], gap_s: float) -> list[tuple[int, int]]:
    """Runs that follow each other within a gap, as one."""
    merged: list[tuple[int, int]] = []
    for a, b in runs:
        if merged and a - merged[-1][1] <= gap_s * GRID_RATE_HZ:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return merged


def _lowest(x: FloatArray, a: int, b: int) -> int:
    return int(a) + int(np.argmin(x[a : b + 1]))


def _last_below(x: FloatArray, a: int, b: int, limit: float) -> int:
    below = np.flatnonzero(x[a : b + 1] <= limit)
    return a + int(below[-1]) if len(below) else a


def _first_below(x: FloatArray, a: int, b: int, limit: float) -> int:
    below = np.flatnonzero(x[a : b + 1] <= limit)
    return a + int(below[0]) if len(below) else b
