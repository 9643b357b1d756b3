"""A long time series that is looked at in pages, each at the detail that a screen can show."""

from __future__ import annotations

from math import nan

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray

BLOCK_ROWS = 100
"""Rows of which the lowest and highest value are known without looking at them again."""

MOST_ROWS = 3000
"""A page of more rows shows the lowest and highest of stretches instead: two points a stretch."""


class TimedSeries:
    """Rows at increasing times; never changes, so that threads can share it.

    Parameters
    ----------
    columns : int
    longest_step_s : float
        Rows further apart than this are not joined by a line.
    """

    def __init__(self, columns: int, longest_step_s: float) -> None:
        self._step_s = longest_step_s
        self._times: FloatArray = np.empty(0)
        self._values: NDArray[np.floating] = np.empty((0, columns))
        self._low = np.empty((0, columns))
        self._high = np.empty((0, columns))

    def __len__(self) -> int:
        return len(self._times)

    def grown(self, time_s: FloatArray, values: NDArray[np.floating]) -> TimedSeries:
        """The series that also holds what was added since; arrays are kept, not copied."""
        series = TimedSeries(values.shape[1], self._step_s)
        series._times, series._values = time_s, values
        begin, end = len(self._low), len(time_s) // BLOCK_ROWS
        fresh = np.asarray(values[begin * BLOCK_ROWS : end * BLOCK_ROWS])
        blocks = fresh.reshape(end - begin, BLOCK_ROWS, values.shape[1])
        series._low = np.concatenate((self._low, _extreme(np.fmin, blocks)))
        series._high = np.concatenate((self._high, _extreme(np.fmax, blocks)))
        return series

    @property
    def start_s(self) -> float:
        """Time of the first row; NaN if there is none."""
        return float(self._times[0]) if len(self._times) else nan

    @property
    def end_s(self) -> float:
        """Time of the last row; NaN if there is none."""
        return float(self._times[-1]) if len(self._times) else nan

    def rows(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]:
        """Times and values of ``[start_s, end_s)``, every row of them."""
        first, last = np.searchsorted(self._times, (start_s, end_s))
        values = np.asarray(self._values[first:last], dtype=np.float64)
        return np.asarray(self._times[first:last]), values

    def at(self, time_s: float) -> FloatArray:
        """The row nearest to a time; NaN where there is none near."""
        i = int(np.searchsorted(self._times, time_s))
        near = [k for k in (i - 1, i) if 0 <= k < len(self._times)]
        best = min(near, key=lambda k: abs(self._times[k] - time_s), default=None)
        if best is None or abs(self._times[best] - time_s) > self._step_s:
            return np.full(self._values.shape[1], nan)
        return np.asarray(self._values[best], dtype=np.float64)

    def drawn(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]:
        """What a plot of ``[start_s, end_s)`` draws: points to join, NaN where not to.

        Every row where there are few; of many, the lowest and highest of each stretch, so
        that no peak is lost.
        """
        first, last = (int(i) for i in np.searchsorted(self._times, (start_s, end_s)))
        if last - first <= MOST_ROWS:
            return _broken(*self.rows(start_s, end_s), self._step_s)
        if last - first <= BLOCK_ROWS * MOST_ROWS // 2:
            times, values = self.rows(start_s, end_s)
            return _outline(times, values, values)
        blocks = slice(first // BLOCK_ROWS, min(-(-last // BLOCK_ROWS), len(self._low)))
        times = self._times[blocks.start * BLOCK_ROWS : blocks.stop * BLOCK_ROWS : BLOCK_ROWS]
        return _outline(np.asarray(times), self._low[blocks], self._high[blocks])

    def envelope(self, column: int, start_s: float, end_s: float, bins: int) -> FloatArray:
        """Lowest and highest of a column in equal stretches of time, shape (bins, 2).

        Good to `BLOCK_ROWS` at the borders of the stretches.
        """
        out = np.full((bins, 2), nan)
        if len(self._times) <= bins * BLOCK_ROWS:
            times, values = self.rows(start_s, end_s)
            low = high = values[:, column]
        else:
            times = np.asarray(self._times[: len(self._low) * BLOCK_ROWS : BLOCK_ROWS])
            low, high = self._low[:, column], self._high[:, column]
        if not len(times):
            return out
        edges = np.linspace(start_s, end_s, bins + 1)
        first = np.searchsorted(times, edges)
        filled = np.flatnonzero(first[1:] > first[:-1])
        if len(filled):
            end = first[-1]
            out[filled, 0] = np.fmin.reduceat(low[:end], first[filled])
            out[filled, 1] = np.fmax.reduceat(high[:end], first[filled])
        return out


def _extreme(pick: np.ufunc, blocks: NDArray[np.floating]) -> NDArray[np.floating]:
    """`pick.reduce` over the rows of each block, a half of them at a time.

    Rows are short: one after the other they take eight times as long.
    """
    while (rows := blocks.shape[1]) > 1:
        half = rows // 2
        picked = pick(blocks[:, :half], blocks[:, half : 2 * half])
        if rows % 2:
            pick(picked[:, 0], blocks[:, -1], out=picked[:, 0])
        blocks = picked
    return blocks[:, 0]


def _outline(times: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest of as many rows at a time as it takes, as a line up and down."""
    together = -(-2 * len(times) // MOST_ROWS)
    count = len(times) // together
    used, shape = count * together, (count, together, low.shape[1])
    lows = np.fmin.reduce(low[:used].reshape(shape), axis=1)
    highs = np.fmax.reduce(high[:used].reshape(shape), axis=1)
    starts = times[:used:together]
    points = np.stack((lows, highs), axis=1).reshape(2 * count, -1)
    usual_s = float(np.median(np.diff(starts))) if count > 1 else 0.0
    return _broken(np.repeat(starts, 2), points, 2 * usual_s)


def _broken(
    times: FloatArray, values: FloatArray, longest_step_s: float
) -> tuple[FloatArray, FloatArray]:
    """With a row of NaN wherever rows are further apart than a step."""
    holes = np.flatnonzero(np.diff(times) > longest_step_s) + 1
    if not len(holes):
        return times, values
    return np.insert(times, holes, times[holes]), np.insert(values, holes, nan, axis=0)
