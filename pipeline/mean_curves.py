"""Mean and spread of curves over strides, kept as running sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.gait import CYCLE_POINTS, Curve, FloatArray


class CurveSums:
    """Running mean and squared deviations of one side's curves (Welford).

    Strides with the same set of curves share one long row; the sets are merged at the end.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[Curve, ...], _RunningRow] = {}

    def add(self, curves: Mapping[Curve, FloatArray]) -> None:
        names = tuple(curves)
        if not names:
            return
        row = np.concatenate([curves[c] for c in names])
        if not np.isfinite(row).all():
            self.add({c: v for c, v in curves.items() if np.isfinite(v).all()})
            return
        running = self._rows.get(names)
        if running is None:
            running = self._rows[names] = _RunningRow(np.zeros(row.size), np.zeros(row.size))
        running.add(row)

    def result(self) -> dict[Curve, tuple[FloatArray, FloatArray]]:
        merged: dict[Curve, _RunningRow] = {}
        for names, running in self._rows.items():
            for i, curve in enumerate(names):
                part = running.part(slice(i * CYCLE_POINTS, (i + 1) * CYCLE_POINTS))
                merged[curve] = merged[curve].merged(part) if curve in merged else part
        return {curve: (row.mean.copy(), row.sd()) for curve, row in merged.items()}


@dataclass(slots=True)
class _RunningRow:
    mean: FloatArray
    squares: FloatArray
    n: int = 0

    def add(self, row: FloatArray) -> None:
        self.n += 1
        delta = row - self.mean
        self.mean += delta / self.n
        self.squares += delta * (row - self.mean)

    def part(self, where: slice) -> _RunningRow:
        return _RunningRow(self.mean[where], self.squares[where], self.n)

    def merged(self, other: _RunningRow) -> _RunningRow:
        """Both together (Chan 1979)."""
        n = self.n + other.n
        delta = other.mean - self.mean
        return _RunningRow(
            self.mean + delta * (other.n / n),
            self.squares + other.squares + delta**2 * (self.n * other.n / n),
            n,
        )

    def sd(self) -> FloatArray:
        if self.n < 2:
            return np.full(self.mean.shape, np.nan)
        return np.sqrt(self.squares / (self.n - 1))
