"""Setting off: who stood and now walks has gained speed in the direction of walking.

Rhythms tell which way a pelvis faces only as far as a person brakes and pushes like others do.
The speed gained in the first steps, or lost in the last, knows no such habit: the horizontal
acceleration, integrated from standing over two seconds, is 0.5–1.4 m/s ahead, while an axis
that is tilted by 1° makes 0.3 m/s of error. It needs no leg sensor, so that swapped legs
cannot mislead it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.stillness import BLOCK, still_blocks
from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GRID_STEP_S, GridRun, true_runs

_STILL_BLOCKS = GRID_RATE_HZ // BLOCK
"""A second of standing gives the speed 0 and what the accelerometer reads wrongly."""

_BETWEEN = 2 * GRID_RATE_HZ
"""Longest time from standing to walking: from there on the integral drifts."""

_OVERLAP = GRID_RATE_HZ // 2
"""The walking mask looks half a second ahead and back."""

_FROM, _TO = GRID_RATE_HZ, 5 * GRID_RATE_HZ // 2
"""Where the speed is read, counted from the beginning of walking."""

_DOUBTFUL_M_S = 0.3


def speeds_ahead(
    run: GridRun,
    force: FloatArray,
    facing: FloatArray,
    walking: NDArray[np.bool_],
    trusted: NDArray[np.bool_],
) -> float:
    """Whether a walk sets off, and stops, in the direction in which the pelvis faces.

    Parameters
    ----------
    run : GridRun
        The stretch, with its standing.
    force : ndarray, shape (3, n)
        Acceleration of the pelvis without gravity, in an earth frame, m/s².
    facing : ndarray, shape (n,)
        Heading of the pelvis in the same frame, radians, counter-clockwise.
    walking, trusted : ndarray of bool, shape (n,)
        Where the wearer walks, and where `force` and `facing` hold.

    Returns
    -------
    evidence : float
        +1 ahead, −1 backward; near 0 for sideways, for slow starts (and on a treadmill, which
        moves its belt instead), or if no walk began or ended beside a second of standing.
    """
    whole = run.length - run.length % BLOCK
    still = [
        (first * BLOCK, last * BLOCK)
        for first, last in true_runs(still_blocks(run[:whole]))
        if last - first >= _STILL_BLOCKS
    ]
    found = []
    # Read backwards in time, a stop is a start: the same speed, gained from standing.
    for order in (1, -1):
        n = run.length
        pauses = still if order > 0 else [(n - last, n - first) for first, last in still]
        for first, last in _starts(pauses, walking[::order]):
            stretch = slice(first, last + _TO)
            if trusted[::order][stretch].all():
                found.append(
                    _ahead(force[:2, ::order][:, stretch], facing[::order][stretch], order)
                )
    return float(np.mean(found)) if found else 0.0


def _starts(still: list[tuple[int, int]], walking: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where a second of standing begins that walking follows, and where that begins."""
    for first, last in true_runs(walking):
        if last - first < _TO:
            continue
        for _, end in still:
            if first - _BETWEEN <= end <= first + _OVERLAP:
                yield end - GRID_RATE_HZ, first
                break


def _ahead(force: FloatArray, facing: FloatArray, order: int) -> float:
    off = force - force[:, :GRID_RATE_HZ].mean(axis=1)[:, np.newaxis]
    speed = order * GRID_STEP_S * np.cumsum(off[:, GRID_RATE_HZ:], axis=1)
    read = slice(_FROM - _TO, None)
    east, north = speed[:, read]
    cosine, sine = np.cos(facing[read]), np.sin(facing[read])
    ahead = float((cosine * east + sine * north).mean())
    left = float((cosine * north - sine * east).mean())
    return ahead / float(np.sqrt(ahead**2 + left**2 + _DOUBTFUL_M_S**2))
