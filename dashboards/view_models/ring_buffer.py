"""The last rows of something that never ends, always readable in one piece."""

from __future__ import annotations

import numpy as np

from pipeline.gait import FloatArray


class RingBuffer:
    """The last `capacity` rows.

    Every row is kept twice, half a buffer apart: any stretch of rows is then one contiguous
    view, and nothing is copied to be drawn.

    Parameters
    ----------
    capacity, columns : int
    """

    def __init__(self, capacity: int, columns: int) -> None:
        self._capacity = capacity
        self._rows = np.full((2 * capacity, columns), np.nan)
        self._end = 0

    @property
    def end(self) -> int:
        """Rows appended so far."""
        return self._end

    @property
    def begin(self) -> int:
        """Number of the oldest row that is still kept."""
        return max(0, self._end - self._capacity)

    def append(self, rows: FloatArray) -> None:
        """Add rows, shape (n, columns); of more than `capacity` the last ones remain."""
        n = len(rows)
        kept = rows[-self._capacity :]
        place = (self._end + n - len(kept)) % self._capacity
        first = min(len(kept), self._capacity - place)
        for offset in (0, self._capacity):
            self._rows[offset + place : offset + place + first] = kept[:first]
            self._rows[offset : offset + len(kept) - first] = kept[first:]
        self._end += n

    def put(self, number: int, columns: int | slice, values: FloatArray) -> None:
        """Replace columns of rows from `number` on; rows that are not kept are passed over."""
        skip = max(0, self.begin - number)
        values = values[skip : max(skip, self._end - number)]
        if not len(values):
            return
        places = (number + skip + np.arange(len(values))) % self._capacity
        self._rows[places, columns] = values
        self._rows[places + self._capacity, columns] = values

    def view(self, begin: int, end: int) -> FloatArray:
        """Rows ``[begin, end)`` as a view; cut to what is kept."""
        begin, end = max(begin, self.begin), min(end, self._end)
        if end <= begin:
            return self._rows[:0]
        place = begin % self._capacity
        return self._rows[place : place + end - begin]
