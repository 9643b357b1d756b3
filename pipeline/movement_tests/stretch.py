"""A stretch of a session in which a movement test was done, and the posture that it begins in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, grid_time_s
from pipeline.movement_tests.swing_plane import SwingPlane, inward_lean_deg
from pipeline.stages.kinematics import Channel
from recordings.placement import Side

BEFORE_S, AFTER_S = 3.0, 2.0
"""How much is kept around an announced task, to see the posture before and after it."""

QUIET_S = 0.6
QUIET_DEG_S = 25.0
"""Fastest that both thighs together turn while a person stands or sits quietly: sway is slower
than 5 °/s, a step faster than 100 °/s."""

UPRIGHT_DEG = 25.0
MOVED_DEG = 8.0
"""A thigh that leans this much further than when the task began has begun to move."""


@dataclass(frozen=True, slots=True)
class Window:
    """Columns of a stretch, half-open."""

    first: int
    last: int

    @property
    def rows(self) -> slice:
        return slice(self.first, self.last)


class Stretch:
    """Kinematics of one test, with some seconds before and after it.

    Parameters
    ----------
    start : int
        Grid index of the first column.
    channels : ndarray, shape (len(Channel), n)
    task : Window
        Columns of the test itself.
    planes : mapping of Side to SwingPlane
        As they were known when the test began.
    """

    def __init__(
        self,
        start: int,
        channels: FloatArray,
        task: Window,
        planes: dict[Side, SwingPlane],
    ) -> None:
        self.start = start
        self.channels = channels
        self.task = task
        self.planes = planes

    @property
    def length(self) -> int:
        return self.channels.shape[1]

    def time_s(self, column: int | float) -> float:
        """Session time of a column."""
        return float(grid_time_s(self.start)) + column / GRID_RATE_HZ

    def deg(self, channel: Channel, side: Side | None = None) -> FloatArray:
        """A channel in degrees (or °/s); of a leg's channel the one of `side`."""
        row = channel if side is None else channel.of(side)
        return np.rad2deg(self.channels[row])

    def lean(self, side: Side) -> FloatArray:
        """Sagittal lean of a thigh against gravity, knee forward +, degrees."""
        return self.deg(Channel.THIGH_LEAN_LEFT, side)

    def inward(self, side: Side) -> FloatArray:
        """Lean of a thigh out of its swing plane, towards the other leg +, degrees."""
        return inward_lean_deg(self.channels, side, self.planes[side])

    def own_side_up(self, side: Side) -> FloatArray:
        """Obliquity of the pelvis, the side of this leg up +, degrees."""
        up = self.deg(Channel.PELVIS_OBLIQUITY)
        return up if side is Side.RIGHT else -up

    @cached_property
    def speed_deg_s(self) -> FloatArray:
        """How fast both thighs turn together; infinite in a gap."""
        rates = self.deg(Channel.THIGH_RATE_LEFT), self.deg(Channel.THIGH_RATE_RIGHT)
        return np.nan_to_num(sum(np.abs(r) for r in rates), nan=np.inf)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Where pelvis and thighs are all known."""
        rows = [Channel.HIP_FLEXION_LEFT, Channel.HIP_FLEXION_RIGHT, Channel.PELVIS_TILT]
        return np.asarray(np.isfinite(self.channels[rows]).all(axis=0))

    def quietest(self, first: int, last: int) -> Window | None:
        """The quietest `QUIET_S` inside some columns; None where nothing there is quiet."""
        n = round(QUIET_S * GRID_RATE_HZ)
        first, last = max(first, 0), min(last, self.length)
        if last - first < n:
            return None
        speed = self.speed_deg_s[first:last]
        total = np.convolve(np.minimum(speed, 1e6), np.ones(n), mode="valid") / n
        begin = int(np.argmin(total))
        if total[begin] > QUIET_DEG_S:
            return None
        return Window(first + begin, first + begin + n)

    def quiet_standing(self, first: int, last: int) -> Window | None:
        """The quietest upright `QUIET_S` inside some columns; None without any."""
        window = self.quietest(first, last)
        if window is None:
            return None
        leans = (abs(self.mean(self.lean(side), window)) for side in Side)
        return window if max(leans) < UPRIGHT_DEG else None

    @cached_property
    def standing_before(self) -> Window | None:
        """Quiet standing before the first movement; None if there is none.

        The quietest stretch from three seconds before the task until a thigh has moved.
        """
        leans = [self.lean(side)[self.task.first : self.task.last] for side in Side]
        moved = [np.abs(lean - lean[0]) > MOVED_DEG for lean in leans if len(lean)]
        away = np.flatnonzero(np.logical_or.reduce(moved)) if moved else np.empty(0)
        until = self.task.first + (int(away[0]) if len(away) else self.task.last)
        return self.quiet_standing(0, until)

    @staticmethod
    def mean(series: FloatArray, window: Window) -> float:
        """Mean of a series over a window; NaN if it was not known there."""
        return float(series[window.rows].mean())
