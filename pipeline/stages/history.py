"""History: the last seconds of some signals, addressed by grid index."""

from __future__ import annotations

import numpy as np

from pipeline.gait import FloatArray


class History:
    """A bounded look back over ``rows`` signals.

    Parameters
    ----------
    rows : int
    length : int
        Points that are kept at least; what was appended last is always kept whole.
    """

    def __init__(self, rows: int, length: int) -> None:
        self._length = length
        self._data = np.empty((rows, 2 * length))
        self._filled = 0
        self._start = 0

    def begin(self, start: int) -> None:
        """Set the grid index of the first point to come."""
        self._start = start

    @property
    def oldest(self) -> int:
        return self._start

    @property
    def end(self) -> int:
        return self._start + self._filled

    def append(self, block: FloatArray) -> None:
        """Add consecutive points, ``(rows, n)``; the oldest may go."""
        n = block.shape[1]
        if self._filled + n > self._data.shape[1]:
            keep = min(self._filled, self._length)
            room = max(2 * self._length, keep + n)
            kept = self._data[:, self._filled - keep : self._filled]
            if room > self._data.shape[1]:
                grown = np.empty((self._data.shape[0], room))
                grown[:, :keep] = kept
                self._data = grown
            else:
                self._data[:, :keep] = kept.copy()
            self._start += self._filled - keep
            self._filled = keep
        self._data[:, self._filled : self._filled + n] = block
        self._filled += n

    def get(self, row: int | slice, first: int, end: int) -> FloatArray:
        """Signal(s) between two grid indices, a view.

        Raises
        ------
        IndexError
            If the stretch is not (or no longer) held.
        """
        start = self._start
        if first < start or end > start + self._filled:
            raise IndexError(f"[{first}, {end}) is not inside [{start}, {self.end})")
        return self._data[row, first - start : end - start]
