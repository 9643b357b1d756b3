"""Travel direction: where the wearer walks to, without the pelvis' own rotation.

Contract
--------
Input    Heading of the pelvis per grid point, unwrapped.
Output   Rotation of the pelvis against the direction of travel, per grid point.
Latency  `HALF_WINDOW` points (1.1 s): the direction of travel is a mean around each point, so
         that it neither lags in a turn nor follows the rotation within a stride.
State    Two seconds of heading.
Gap      The heading is held through a gap.
Finish   The last second leans on the heading at the end of the walk.

The mean is that of two windows in a row, 0.95 and 1.20 s long: together they take away 98 %
of an oscillation between 0.8 and 1.2 Hz, the strides of usual walking.
"""

from __future__ import annotations

import numpy as np

from pipeline.gait import FloatArray

_WINDOWS = (95, 121)
HALF_WINDOW = (_WINDOWS[0] - 1) // 2 + (_WINDOWS[1] - 1) // 2


class TravelDirection:
    """Pelvis rotation against a centred mean of its heading."""

    def __init__(self) -> None:
        self._means = [_RunningMean(length) for length in _WINDOWS]
        self._waiting = np.empty(0)

    def process(self, heading: FloatArray) -> FloatArray:
        """Rotation of the oldest points that are due, shape (m,); m is 0 at first."""
        self._waiting = np.concatenate((self._waiting, heading))
        mean = heading
        for running in self._means:
            mean = running.process(mean)
        due, self._waiting = np.split(self._waiting, [len(mean)])
        return due - mean

    def finish(self) -> FloatArray:
        """Rotation of the points that still wait."""
        if not len(self._waiting):
            return np.empty(0)
        waiting = len(self._waiting)
        return self.process(np.full(HALF_WINDOW, self._waiting[-1]))[:waiting]


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
