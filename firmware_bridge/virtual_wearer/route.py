"""The line on the floor that the walker follows, by distance walked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

FloatArray = NDArray[np.float64]

_GRID_M = 0.04


class Route:
    """Straight lines joined by smooth arcs.

    A turn of some angle is spread over its arc so that curvature starts and ends at zero.
    """

    def __init__(self) -> None:
        self._turns: list[tuple[float, float, float]] = []
        self._x: CubicSpline | None = None
        self._y: CubicSpline | None = None

    def add_turn(self, start_m: float, length_m: float, angle_rad: float) -> None:
        """A turn (left +) that begins after `start_m` of the way."""
        self._turns.append((start_m, length_m, angle_rad))

    def finish(self, length_m: float) -> None:
        """Lay the whole way out; call once, before asking for positions."""
        s = np.arange(-2.0, length_m + 4.0, _GRID_M)
        heading = self.heading(s)
        self._x, self._y = (
            CubicSpline(s, _cumulative(f(heading)) * _GRID_M) for f in (np.cos, np.sin)
        )

    def heading(self, s: FloatArray) -> FloatArray:
        """Direction of the way (rad) at distances, unwrapped."""
        s = np.asarray(s, dtype=float)
        heading = np.zeros_like(s)
        if s.size == 0:
            return heading
        low, high = s.min(), s.max()
        for start, length, angle in self._turns:
            if start > high:
                continue
            if start + length < low:
                heading += angle
                continue
            u = np.clip((s - start) / length, 0.0, 1.0)
            heading += angle * u**3 * (10 - 15 * u + 6 * u * u)
        return heading

    def position(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Points of the way at distances."""
        if self._x is None or self._y is None:
            raise RuntimeError("the route is not finished")
        return self._x(s), self._y(s)


def _cumulative(values: FloatArray) -> FloatArray:
    total = np.concatenate(([0.0], np.cumsum(0.5 * (values[1:] + values[:-1]))))
    return total - total[round(2.0 / _GRID_M)]
