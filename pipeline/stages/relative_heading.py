"""Relative heading: the earth frames of two sensors' filters, brought together.

Without a magnetometer each filter's earth frame has a heading of its own that drifts by a
few degrees a minute. While a person walks straight, a leg segment swings, on the average of
whole strides, in the direction in which the pelvis faces: the mean difference of their
headings is the offset between the frames.

Contract
--------
Input    Heading of the reference minus heading of the segment per grid point, and at which
         points the wearer walks straight ahead.
Output   The offset that turns the segment's earth frame into the reference's.
Latency  None; the offset follows with a time constant of `TAU_S` (about eight strides).
State    One mean.
Gap      Points in a gap are not straight walking. `restart` begins a new mean when a filter
         has a new heading: of all points so far until `TAU_S` is filled.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ

TAU_S = 8.0
_FILL = round(TAU_S * GRID_RATE_HZ)
_GAIN = 1.0 - np.exp(-1.0 / _FILL)


class RelativeHeading:
    """Offset of one segment's earth frame.

    Parameters
    ----------
    offset_rad : float or None
        Offset known from the calibration walk; None if there is none.
    """

    def __init__(self, offset_rad: float | None) -> None:
        self._mean = np.zeros(2) if offset_rad is None else _unit(offset_rad)
        self._sum = np.zeros(2)
        self._count = 0 if offset_rad is None else _FILL

    @property
    def known(self) -> bool:
        return self._count > 0

    def restart(self) -> None:
        """Forget the offset: one of the two filters begins a new heading."""
        self._count = 0
        self._sum = np.zeros(2)

    def process(self, difference_rad: FloatArray, straight: NDArray[np.bool_]) -> FloatArray:
        """Follow the next points; returns the offset at each, shape (n,), radians.

        Before the first straight point after a restart the offset is that of the current
        point itself: the segment is taken to face as the pelvis does.
        """
        used = np.flatnonzero(straight)
        track = np.empty((2, len(used) + 1))
        track[:, 0] = self._mean
        if len(used):
            track[:, 1:] = self._follow(_unit(difference_rad[used]))
            self._mean = track[:, -1].copy()
        position = np.cumsum(straight)
        offset = np.arctan2(track[1], track[0])[position]
        if self._count == len(used):
            # Nothing was known when this piece began.
            unknown = position == 0
            offset[unknown] = np.nan_to_num(difference_rad[unknown])
        return offset

    def _follow(self, unit: FloatArray) -> FloatArray:
        out = np.empty_like(unit)
        filling = max(0, min(_FILL - self._count, unit.shape[1]))
        if filling:
            # Sequential sums: the same bits however the stream is cut.
            sums = np.cumsum(
                np.concatenate((self._sum[:, np.newaxis], unit[:, :filling]), axis=1), axis=1
            )[:, 1:]
            out[:, :filling] = sums / np.arange(self._count + 1, self._count + filling + 1)
            self._sum = sums[:, -1].copy()
        if filling < unit.shape[1]:
            before = out[:, filling - 1] if filling else self._mean
            state = (1.0 - _GAIN) * before[:, np.newaxis]
            out[:, filling:], _ = scipy.signal.lfilter(
                [_GAIN], [1.0, _GAIN - 1.0], unit[:, filling:], axis=1, zi=state
            )
        self._count += unit.shape[1]
        return out


def _unit(angle_rad: float | FloatArray) -> FloatArray:
    return np.array((np.cos(angle_rad), np.sin(angle_rad)))
