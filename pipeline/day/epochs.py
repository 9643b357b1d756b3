"""Epochs: half a second of one sensor in six numbers.

Contract
--------
Input    Samples of one sensor in time order, in pieces of any size.
Output   Rows of `EpochTable`: an epoch leaves when a later one begins.
State    The samples of the epoch that is not full yet; the table itself, 28 bytes an epoch
         (3 MB for 16 hours of one sensor).
Gap      An epoch without samples has no row: nothing is made up.
Finish   The last epoch is taken as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from recordings.samples import ImuSamples

EPOCHS_PER_S = 2
EPOCH_S = 1.0 / EPOCHS_PER_S

_FIRST_ROOM = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Epochs:
    """Epochs of one sensor, side by side with those of others.

    Attributes
    ----------
    count : ndarray of int, shape (n,)
        Samples in each epoch; 0 where nothing came.
    force : ndarray, shape (3, n)
        Mean specific force in the sensor frame, m/s²; NaN where nothing came.
    shake : ndarray, shape (n,)
        RMS departure of the force from that mean, m/s².
    turning : ndarray, shape (n,)
        RMS departure of the angular rate from its own mean, rad/s: free of gyroscope bias.
    """

    count: NDArray[np.int64]
    force: FloatArray
    shake: FloatArray
    turning: FloatArray


class EpochTable:
    """The epochs of one sensor, as they stream by."""

    def __init__(self) -> None:
        self._index = np.empty(_FIRST_ROOM, dtype=np.int64)
        self._rows = np.empty((_FIRST_ROOM, 6), dtype=np.float32)
        self._used = 0
        self._open_index = -1
        self._open: list[FloatArray] = []
        self._last_s = -np.inf

    @property
    def first(self) -> int | None:
        """Index of the first epoch with samples, the open one included."""
        if self._used:
            return int(self._index[0])
        return self._open_index if self._open else None

    @property
    def end(self) -> int | None:
        """One past the index of the last epoch with samples, the open one included."""
        if self._open:
            return self._open_index + 1
        return int(self._index[self._used - 1]) + 1 if self._used else None

    def push(self, samples: ImuSamples) -> None:
        """Take further samples; what does not lie after all before it is passed over."""
        time_s = samples.time_s
        data = np.concatenate((samples.acc_m_s2, samples.gyr_rad_s), axis=1)
        good = np.isfinite(time_s) & np.isfinite(data).all(axis=1)
        newest = np.maximum.accumulate(
            np.concatenate(([self._last_s], np.where(good, time_s, -np.inf)))
        )
        good &= time_s > newest[:-1]
        self._last_s = float(newest[-1])
        if not good.all():
            time_s, data = time_s[good], data[good]
        if not len(time_s):
            return
        index = np.floor(time_s * EPOCHS_PER_S).astype(np.int64)
        starts = np.flatnonzero(np.diff(index, prepend=index[0] - 1))
        if self._open and index[0] != self._open_index:
            self._close()
        last = int(starts[-1])
        if last and self._open:
            # The open epoch goes on at the beginning of this piece.
            self._open.append(data[: starts[1]])
            self._close()
            starts = starts[1:]
        if len(starts) > 1:
            begin = int(starts[0])
            self._append(index[starts[:-1]], _sums(data[begin:last], starts[:-1] - begin))
        self._open.append(data[last:])
        self._open_index = int(index[-1])

    def finish(self) -> None:
        """Close the last epoch."""
        if self._open:
            self._close()

    def between(self, start: int, end: int) -> Epochs:
        """All closed epochs of ``[start, end)``, on a table without holes."""
        index, rows = self._index[: self._used], self._rows[: self._used]
        low, high = np.searchsorted(index, (start, end))
        at = index[low:high] - start
        count = np.zeros(end - start, dtype=np.int64)
        values = np.full((5, end - start), np.nan)
        count[at] = rows[low:high, 0]
        values[:, at] = rows[low:high, 1:].T
        return Epochs(count, values[:3], values[3], values[4])

    def _close(self) -> None:
        data = np.concatenate(self._open) if len(self._open) > 1 else self._open[0]
        self._append(np.array([self._open_index]), _sums(data, np.array([0])))
        self._open = []

    def _append(self, index: NDArray[np.int64], rows: FloatArray) -> None:
        end = self._used + len(index)
        if end > len(self._index):
            room = max(end, 2 * len(self._index)) - self._used
            self._index = np.concatenate((self._index[: self._used], np.empty(room, np.int64)))
            self._rows = np.concatenate((self._rows[: self._used], np.empty((room, 6), "f4")))
        self._index[self._used : end] = index
        self._rows[self._used : end] = rows
        self._used = end


def _sums(data: FloatArray, starts: NDArray[np.int64]) -> FloatArray:
    """The numbers of the epochs that begin at `starts`, shape (epochs, 6)."""
    # Column by column: the order of the additions then depends on the epoch alone.
    columns = np.ascontiguousarray(data.T)
    count = np.diff(starts, append=len(data))
    mean = np.stack([np.add.reduceat(c, starts) for c in columns]) / count
    square = np.stack([np.add.reduceat(c * c, starts) for c in columns]) / count
    variance = np.maximum(square - mean * mean, 0.0)
    return np.column_stack(
        (
            count,
            mean[0],
            mean[1],
            mean[2],
            np.sqrt(variance[0] + variance[1] + variance[2]),
            np.sqrt(variance[3] + variance[4] + variance[5]),
        )
    )
