"""Travel direction: where the wearer walks to, without the pelvis' own rotation.

Contract
--------
Input    Heading of the pelvis per grid point, unwrapped.
Output   Rotation of the pelvis against the direction of travel, per grid point.
Latency  `REACH` points (2.2 s): the direction of travel is taken around each point, so that
         it neither lags in a turn nor follows the rotation within a stride.
State    Four seconds of heading.
Gap      The heading is held through a gap.
Finish   The last two seconds lean on the heading at the end of the walk.

A mean of two windows in a row takes away an oscillation between 0.8 and 1.2 Hz, the strides of
usual walking. In a turn, whose direction bends, it cuts the corner. What it misses is smooth,
too, so a mean of the miss is given back: a U-turn then reads as half the false rotation. The
four windows are those of this length that together take away the most of a stride (98 %).
"""

from __future__ import annotations

import numpy as np

from pipeline.gait import FloatArray

_WINDOWS = ((93, 99), (93, 165))
REACH = sum((length - 1) // 2 for pair in _WINDOWS for length in pair)


class TravelDirection:
    """Pelvis rotation against a centred, smoothed heading of its own."""

    def __init__(self) -> None:
        self._first, self._second = (_Rest(pair) for pair in _WINDOWS)
        self._last: float | None = None
        self._due = 0

    def process(self, heading: FloatArray) -> FloatArray:
        """Rotation of the oldest points that are due, shape (m,); m is 0 at first."""
        if len(heading):
            self._last = float(heading[-1])
            self._due += len(heading)
        rotation = self._second.process(self._first.process(heading))
        self._due -= len(rotation)
        return rotation

    def finish(self) -> FloatArray:
        """Rotation of the points that still wait."""
        if self._last is None:
            return np.empty(0)
        waiting = self._due
        return self.process(np.full(REACH, self._last))[:waiting]


class _Rest:
    """What a centred mean over two windows in a row leaves of a series."""

    def __init__(self, lengths: tuple[int, int]) -> None:
        self._means = [_RunningMean(length) for length in lengths]
        self._waiting = np.empty(0)

    def process(self, x: FloatArray) -> FloatArray:
        """The rest of the oldest points that are due, shape (m,); m is 0 at first."""
        self._waiting = np.concatenate((self._waiting, x))
        mean = x
        for running in self._means:
            mean = running.process(mean)
        due, self._waiting = np.split(self._waiting, [len(mean)])
        return due - mean


class _RunningMean:
    """Centred mean over an odd number of points; starts as if the first had always been."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._tail: FloatArray | None = None

    def process(self, x: FloatArray) -> FloatArray:
        if not len(x):
            return x
        if self._tail is None:
            self._tail = np.full((self._length - 1) // 2, x[0])
        x = np.concatenate((self._tail, x))
        if len(x) < self._length:
            self._tail = x
            return np.empty(0)
        # Summing each window by itself, not a running sum, keeps every point independent
        # of where the stream was cut.
        windows = np.lib.stride_tricks.sliding_window_view(x, self._length)
        self._tail = x[len(x) - self._length + 1 :]
        return np.add.reduce(windows, axis=1) / self._length
