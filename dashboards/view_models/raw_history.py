"""The samples of the last minute as they came, for plots that run along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboards.recorded.read_walk import GAP_S, RAW_COLUMNS
from dashboards.view_models.ring_buffer import RingBuffer
from pipeline.gait import FloatArray
from recordings.placement import Placement
from recordings.samples import ImuSamples

_HIGHEST_RATE_HZ = 250.0
"""Of sensors that are faster, less than the whole length is kept."""


class RawHistory:
    """The last samples of each sensor.

    Parameters
    ----------
    kept_s : float
        Length that is kept.
    """

    def __init__(self, kept_s: float) -> None:
        self._rows = round(kept_s * _HIGHEST_RATE_HZ)
        self._kept: dict[Placement, RingBuffer] = {}

    def take(self, samples: Iterable[ImuSamples]) -> None:
        """Add samples, in time order for each sensor."""
        for part in samples:
            if not len(part):
                continue
            buffer = self._kept.get(part.placement)
            if buffer is None:
                buffer = RingBuffer(self._rows, 1 + len(RAW_COLUMNS))
                self._kept[part.placement] = buffer
            rows = np.column_stack((part.time_s, part.acc_m_s2, part.gyr_rad_s))
            before = buffer.view(buffer.end - 1, buffer.end)
            first_s = before[0, 0] if len(before) else rows[0, 0]
            # A row without values where samples are missing: no line is drawn across.
            holes = np.flatnonzero(np.diff(rows[:, 0], prepend=first_s) > GAP_S)
            if len(holes):
                rows = np.insert(rows, holes, np.nan, axis=0)
                places = holes + np.arange(len(holes))
                rows[places, 0] = rows[places + 1, 0]
            buffer.append(rows)

    @property
    def end_s(self) -> float:
        """Time of the newest sample of all; 0 before there is one."""
        newest = (buffer.view(buffer.end - 1, buffer.end) for buffer in self._kept.values())
        return max((float(row[0, 0]) for row in newest), default=0.0)

    def window(self, end_s: float, length_s: float) -> Mapping[Placement, RawWindow]:
        """What plots of ``[end_s - length_s, end_s]`` draw, for each sensor."""
        found = {}
        for placement, buffer in self._kept.items():
            rows = buffer.view(buffer.begin, buffer.end)
            first, last = np.searchsorted(rows[:, 0], (end_s - length_s, end_s))
            found[placement] = RawWindow(rows[first:last, 0] - end_s, rows[first:last, 1:])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class RawWindow:
    """A stretch of samples of one sensor.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Seconds before the right end of the plots, negative.
    values : ndarray, shape (n, 6)
        Columns `RAW_COLUMNS`; NaN where samples are missing.
    """

    time_s: FloatArray
    values: FloatArray

    def drawn(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]:
        """What a plot of ``[start_s, end_s)`` draws."""
        first, last = np.searchsorted(self.time_s, (start_s, end_s))
        return self.time_s[first:last], self.values[first:last]
