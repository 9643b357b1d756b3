"""The last minute of angles of a live walk, on the engine's grid."""

from __future__ import annotations

import numpy as np

from dashboards.view_models.ring_buffer import RingBuffer
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ

LATE_COLUMN = ANGLE_COLUMNS.index("pelvis_rotation_deg")
"""The one angle that comes two seconds after the others."""


class AngleHistory:
    """Angles as they come, with holes where nothing came.

    Parameters
    ----------
    kept_s : float
        How far one can look back.
    """

    def __init__(self, kept_s: float = 75.0) -> None:
        self._rows = RingBuffer(round(kept_s * GRID_RATE_HZ), len(ANGLE_COLUMNS))
        self._first: int | None = None

    @property
    def end_s(self) -> float | None:
        """Time of the newest row; None before there is one."""
        if self._first is None:
            return None
        return (self._first + self._rows.end - 1) / GRID_RATE_HZ

    def take_early(self, block: AngleBlock) -> None:
        """Take rows, new ones or better ones; a jump in time becomes rows of NaN."""
        if not len(block):
            return
        start = round(float(block.time_s[0]) * GRID_RATE_HZ)
        if self._first is None:
            self._first = start
        hole = start - (self._first + self._rows.end)
        if hole > 0:
            self._rows.append(np.full((hole, len(ANGLE_COLUMNS)), np.nan))
        known = max(0, -hole)
        self._rows.put(start - self._first, slice(None), block.values[:known])
        self._rows.append(block.values[known:])

    def take_late(self, block: AngleBlock) -> None:
        """Fill in the rotation of the pelvis, which is known late."""
        if self._first is None or not len(block):
            return
        number = round(float(block.time_s[0]) * GRID_RATE_HZ) - self._first
        values = block.values[:, LATE_COLUMN]
        if number < 0:
            number, values = 0, values[-number:]
        self._rows.put(number, LATE_COLUMN, values)

    def window(self, end_s: float, span_s: float) -> tuple[FloatArray, FloatArray]:
        """The rows of the `span_s` before a time.

        Returns
        -------
        time_s : ndarray, shape (n,)
            Seconds before `end_s`: negative up to 0.
        values : ndarray, shape (n, columns)
        """
        if self._first is None:
            return np.empty(0), np.empty((0, len(ANGLE_COLUMNS)))
        last = int(np.floor(end_s * GRID_RATE_HZ + 1e-6)) - self._first
        begin = max(last - round(span_s * GRID_RATE_HZ), self._rows.begin)
        values = self._rows.view(begin, last + 1)
        number = begin + np.arange(len(values))
        return (number + self._first) / GRID_RATE_HZ - end_s, values
