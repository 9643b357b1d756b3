"""Smooth: takes the wobble of soft tissue out of angles and rates.

After a foot lands, muscle and strap ring at 8–15 Hz; a joint does not. Optical laboratories
cut at 6 Hz for the same reason (Winter 2009, Biomechanics and Motor Control, ch. 3).

Contract
--------
Input    Kinematic channels of consecutive grid points.
Output   The same channels, angles and rates smoothed by a symmetric window of 11 points
         (−3 dB at 6.6 Hz, no phase shift), the others as they are.
Latency  `DELAY` points (50 ms).
State    Ten points.
Gap      NaN spreads by `DELAY` points to either side.
Finish   The last points lean on the last value.
"""

from __future__ import annotations

import numpy as np

from pipeline.gait import FloatArray
from pipeline.stages.kinematics import CHANNELS, Channel

DELAY = 5
_HANN = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(1, 2 * DELAY + 2) / (2 * DELAY + 2))
_WEIGHTS = _HANN / _HANN.sum()
_PIECE = 1500
"""Points that are smoothed at once: few enough to stay in the processor's cache."""

_AS_THEY_ARE = (
    Channel.PELVIS_HEADING,
    Channel.YAW_RATE,
    Channel.ACC_FORWARD,
    Channel.ACC_UP,
    Channel.ACC_LEFT,
    Channel.THIGH_HEADING_OFFSET_LEFT,
    Channel.THIGH_HEADING_OFFSET_RIGHT,
    Channel.BRIDGED,
)
_SMOOTHED = np.array([row for row in range(CHANNELS) if row not in _AS_THEY_ARE])


class Smoother:
    """Smooths the kinematics of one calibration epoch."""

    def __init__(self) -> None:
        self._tail: FloatArray | None = None
        self._start = 0

    def process(self, start: int, channels: FloatArray) -> tuple[int, FloatArray]:
        """Take points from `start` on; returns the start of those that are due, and them."""
        if not channels.shape[1]:
            return self._start, channels
        if self._tail is None:
            self._tail = np.repeat(channels[:, :1], DELAY, axis=1)
            self._start = start
        data = np.concatenate((self._tail, channels), axis=1)
        due = data.shape[1] - 2 * DELAY
        if due <= 0:
            self._tail = data
            return self._start, channels[:, :0]
        self._tail = data[:, due:]
        out = data[:, DELAY : DELAY + due].copy()
        for first in range(0, due, _PIECE):
            last = min(first + _PIECE, due)
            out[_SMOOTHED, first:last] = _smoothed(data[_SMOOTHED, first : last + 2 * DELAY])
        begin, self._start = self._start, self._start + due
        return begin, out

    def finish(self) -> tuple[int, FloatArray]:
        """The points that still wait."""
        if self._tail is None:
            return self._start, np.empty((CHANNELS, 0))
        return self.process(self._start, np.repeat(self._tail[:, -1:], DELAY, axis=1))


def _smoothed(rows: FloatArray) -> FloatArray:
    """The window over each row; `DELAY` points less at either end."""
    n = rows.shape[1] - 2 * DELAY
    # Added point by point, from the middle outwards: the same bits in any cut.
    total = _WEIGHTS[DELAY] * rows[:, DELAY : DELAY + n]
    pair = np.empty_like(total)
    for k in range(1, DELAY + 1):
        np.add(rows[:, DELAY - k : DELAY - k + n], rows[:, DELAY + k : DELAY + k + n], out=pair)
        pair *= _WEIGHTS[DELAY + k]
        total += pair
    return total
