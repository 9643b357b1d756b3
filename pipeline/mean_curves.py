"""Mean and spread of curves over strides, kept as running sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.curve_rows import CurveRows
from pipeline.gait import CYCLE_POINTS, Curve, FloatArray


class CurveSums:
    """Running mean and squared deviations of one side's curves.

    The same whether strides come one by one or many at once. Strides with the same set of
    curves share one long row; the sets are merged at the end.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[Curve, ...], _RunningRow] = {}

    def add(self, strides: Sequence[Mapping[Curve, FloatArray]]) -> None:
        """Take the curves of some strides; one with a missing value does not count."""
        alike: dict[tuple[Curve, ...], list[FloatArray]] = {}
        for curves in strides:
            if curves:
                alike.setdefault(tuple(curves), []).append(CurveRows.of(curves).rows)
        for names, curves in alike.items():
            rows = np.concatenate(curves).reshape(-1, len(names) * CYCLE_POINTS)
            finite = np.isfinite(rows)
            if finite.all():
                self._rows.setdefault(names, _RunningRow()).add(rows)
                continue
            whole = finite.all(axis=1)
            if whole.any():
                self._rows.setdefault(names, _RunningRow()).add(rows[whole])
            for row in rows[~whole].reshape(-1, len(names), CYCLE_POINTS):
                known = zip(names, row, strict=True)
                self.add([{name: x for name, x in known if np.isfinite(x).all()}])

    def result(self) -> dict[Curve, tuple[FloatArray, FloatArray]]:
        """Mean and SD of each curve, shape (101,) each."""
        merged: dict[Curve, _Spread] = {}
        for names, running in self._rows.items():
            spread = running.spread()
            for i, curve in enumerate(names):
                part = spread.part(slice(i * CYCLE_POINTS, (i + 1) * CYCLE_POINTS))
                merged[curve] = merged[curve].merged(part) if curve in merged else part
        return {curve: (each.mean.copy(), each.sd()) for curve, each in merged.items()}


@dataclass(slots=True)
class _RunningRow:
    """Sums of the distance from the first stride, which keeps them small, and of its square."""

    n: int = 0
    origin: FloatArray = field(default_factory=lambda: np.empty(0))
    sums: FloatArray = field(default_factory=lambda: np.zeros((2, 0)))

    def add(self, rows: FloatArray) -> None:
        if not self.n:
            self.origin = rows[0].copy()
            self.sums = np.zeros((2, rows.shape[1]))
        self.n += len(rows)
        for total, terms in zip(self.sums, _powers(rows - self.origin), strict=True):
            # Row after row, as if they had come one by one: the order decides the last bit.
            terms[0] += total
            np.add.reduce(terms, axis=0, out=total)

    def spread(self) -> _Spread:
        away, squares = self.sums
        return _Spread(self.n, self.origin + away / self.n, squares - away * away / self.n)


def _powers(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    return x, x * x


@dataclass(frozen=True, slots=True)
class _Spread:
    """Mean and summed squared deviations of n strides."""

    n: int
    mean: FloatArray
    squares: FloatArray

    def part(self, where: slice) -> _Spread:
        return _Spread(self.n, self.mean[where], self.squares[where])

    def merged(self, other: _Spread) -> _Spread:
        """Both together (Chan 1979)."""
        n = self.n + other.n
        delta = other.mean - self.mean
        return _Spread(
            n,
            self.mean + delta * (other.n / n),
            self.squares + other.squares + delta**2 * (self.n * other.n / n),
        )

    def sd(self) -> FloatArray:
        if self.n < 2:
            return np.full(self.mean.shape, np.nan)
        # Rounding may leave a little less than nothing where all strides are alike.
        return np.sqrt(np.maximum(self.squares, 0.0) / (self.n - 1))
