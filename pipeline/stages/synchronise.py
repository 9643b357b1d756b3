"""Synchronise: each sensor's own sampling instants → one common grid.

Contract
--------
Input    Samples of each sensor in time order, in pieces of any size, sensors interleaved in
         any way as long as none runs more than `LATENESS_S` ahead of another.
Output   `GridRun`s: consecutive points of the 100 Hz grid, linearly interpolated. A stretch
         between two samples of up to `BRIDGE_S` is bridged (marked where a sample was
         lost); a longer one is NaN and not valid.
Latency  A grid point leaves when every sensor has a sample at or after it, at the latest
         when the foremost sensor is `LATENESS_S` ahead of it.
State    The samples since the last grid point that left: bounded by the lateness.
Gap      As above. Samples that come when their grid point has left are counted, never used.
Finish   Emits what remains up to the last sample of any sensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.grid import GRID_RATE_HZ, GridRun, SensorGrid, grid_time_s
from recordings.placement import Placement
from recordings.samples import ImuSamples

BRIDGE_S = 0.060
"""Longest distance between two samples across which values are interpolated."""

LATENESS_S = 1.0
"""How far one sensor may lag behind the foremost before the grid moves on without it."""

_TIME_TOLERANCE_S = 1e-9
_LOST_SAMPLE_RATIO = 1.5
"""A step of more than this many usual steps means that a sample was lost."""

_STEPS_TO_LEARN = 32
"""Steps whose median is taken as the sensor's usual one, once and for all."""


@dataclass(slots=True)
class StreamCounts:
    """What was seen of one sensor's stream so far."""

    samples: int = 0
    late: int = 0
    out_of_order: int = 0
    not_finite: int = 0
    gaps: int = 0
    longest_gap_s: float = 0.0
    lost: int = 0
    first_time_s: float = np.nan
    last_time_s: float = np.nan

    @property
    def rate_hz(self) -> float:
        """Mean rate of what arrived, losses counted as if they had come."""
        duration = self.last_time_s - self.first_time_s
        return (self.samples + self.lost - 1) / duration if duration > 0 else float("nan")

    @property
    def lost_fraction(self) -> float:
        expected = self.samples + self.lost
        return self.lost / expected if expected else 0.0


class Synchroniser:
    """Bring all sensors of a session to one grid.

    Parameters
    ----------
    placements : sequence of Placement
        The sensors that are expected. Samples of others are refused with a KeyError.
    """

    def __init__(self, placements: tuple[Placement, ...]) -> None:
        self._inputs = {placement: _SensorInput() for placement in placements}
        self._next: int | None = None

    @property
    def counts(self) -> Mapping[Placement, StreamCounts]:
        return {placement: sensor.counts for placement, sensor in self._inputs.items()}

    def push(self, samples: Mapping[Placement, ImuSamples]) -> GridRun | None:
        """Take new samples; return the grid points that became known, if any."""
        for placement, part in samples.items():
            self._inputs[placement].append(part, self._next)
        latest = [t for s in self._inputs.values() if not np.isnan(t := s.counts.last_time_s)]
        if not latest:
            return None
        foremost = max(latest)
        slowest = min(
            foremost if np.isnan(s.counts.last_time_s) else s.counts.last_time_s
            for s in self._inputs.values()
        )
        if len(latest) < len(self._inputs):
            # A sensor that never spoke may still begin; wait for it as for a slow one.
            slowest = foremost - LATENESS_S
        ready_s = max(slowest, foremost - LATENESS_S)
        return self._emit(int(np.floor((ready_s + _TIME_TOLERANCE_S) * GRID_RATE_HZ)) + 1)

    def finish(self) -> GridRun | None:
        """Return all grid points that remain."""
        for sensor in self._inputs.values():
            sensor.count_held()
        latest = [t for s in self._inputs.values() if not np.isnan(t := s.counts.last_time_s)]
        if not latest:
            return None
        return self._emit(int(np.floor((max(latest) + _TIME_TOLERANCE_S) * GRID_RATE_HZ)) + 1)

    def _emit(self, end: int) -> GridRun | None:
        if self._next is None:
            first = min(
                s.counts.first_time_s
                for s in self._inputs.values()
                if not np.isnan(s.counts.first_time_s)
            )
            start = int(np.ceil((first - _TIME_TOLERANCE_S) * GRID_RATE_HZ))
            if end <= start:
                return None
            self._next = start
        start = self._next
        if end <= start:
            return None
        self._next = end
        return GridRun(
            start,
            end - start,
            {p: sensor.resample(start, end) for p, sensor in self._inputs.items()},
        )


class _SensorInput:
    """The samples of one sensor that the grid has not passed yet."""

    def __init__(self) -> None:
        self.counts = StreamCounts()
        self._time = np.empty(0)
        self._data = np.empty((6, 0))
        self._usual_step_s = np.nan
        self._learned_at_s = np.inf
        self._held_steps = np.empty(0)

    def append(self, part: ImuSamples, next_index: int | None) -> None:
        time, data = part.time_s, part.components()
        counts = self.counts
        known = np.isfinite(data)
        if not (known.all() and np.isfinite(time).all()):
            finite = known.all(axis=0) & np.isfinite(time)
            counts.not_finite += int((~finite).sum())
            time, data = time[finite], data[:, finite]
        if not len(time):
            return
        earlier = np.concatenate(([counts.last_time_s if counts.samples else -np.inf], time))
        if not (time > earlier[:-1]).all():
            # A sample must be later than all that came before.
            forward = time > np.maximum.accumulate(earlier)[:-1]
            counts.out_of_order += int((~forward).sum())
            time, data = time[forward], data[:, forward]
            if not len(time):
                return
        self._count(time)
        if next_index is not None:
            # The grid has passed these: they cannot change what has left.
            on_time = time > grid_time_s(next_index - 1) - _TIME_TOLERANCE_S
            if not on_time.all():
                counts.late += int((~on_time).sum())
                time, data = time[on_time], data[:, on_time]
        self._time = np.concatenate((self._time, time))
        self._data = np.concatenate((self._data, data), axis=1)

    def _count(self, time: np.ndarray) -> None:
        counts = self.counts
        if not counts.samples:
            counts.first_time_s = float(time[0])
            steps = time[1:] - time[:-1]
        else:
            steps = time - np.concatenate(([counts.last_time_s], time[:-1]))
        counts.samples += len(time)
        counts.last_time_s = float(time[-1])
        if np.isnan(self._usual_step_s):
            steps = self._learn(steps, time)
        self._count_steps(steps)

    def count_held(self) -> None:
        """A stream that ended before its usual step was known: judge by what there was."""
        held, self._held_steps = self._held_steps, np.empty(0)
        if len(held):
            self._usual_step_s = float(np.median(held))
            self._count_steps(held)

    def _count_steps(self, steps: np.ndarray) -> None:
        counts = self.counts
        lost = steps > _LOST_SAMPLE_RATIO * self._usual_step_s
        if lost.any():
            counts.lost += int(np.round(steps[lost] / self._usual_step_s - 1.0).sum())
            counts.gaps += int((steps > BRIDGE_S + _TIME_TOLERANCE_S).sum())
            counts.longest_gap_s = max(counts.longest_gap_s, float(steps.max()))

    def _learn(self, steps: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Hold steps back until there are enough to know the usual one."""
        before = len(self._held_steps)
        self._held_steps = np.concatenate((self._held_steps, steps))
        if len(self._held_steps) < _STEPS_TO_LEARN:
            return np.empty(0)
        self._usual_step_s = float(np.median(self._held_steps[:_STEPS_TO_LEARN]))
        self._learned_at_s = float(time[len(time) - len(steps) + _STEPS_TO_LEARN - before - 1])
        held, self._held_steps = self._held_steps, np.empty(0)
        return held

    def resample(self, start: int, end: int) -> SensorGrid:
        n, count = end - start, len(self._time)
        if not count:
            nothing = np.full((3, n), np.nan)
            return SensorGrid(nothing, nothing.copy(), np.zeros(n, bool), np.zeros(n, bool))
        grid = np.asarray(grid_time_s(np.arange(start, end)))
        right = np.searchsorted(self._time, grid - _TIME_TOLERANCE_S, side="left")
        ahead = right < count
        right = np.minimum(right, count - 1)
        t_right = self._time[right]
        exact = ahead & (np.abs(t_right - grid) <= _TIME_TOLERANCE_S)
        # A sample on the grid point is taken as it is, whatever lies beside it.
        left = np.where(exact, right, np.maximum(right - 1, 0))
        t_left = self._time[left]
        step = t_right - t_left
        between = ahead & (right > left) & (step <= BRIDGE_S + _TIME_TOLERANCE_S)
        weight = np.where(between, (grid - t_left) / np.where(between, step, 1.0), 0.0)
        data = self._data.take(left, axis=1)
        data += weight * (self._data.take(right, axis=1) - data) if between.any() else 0.0
        valid = exact | between
        if not valid.all():
            data[:, ~valid] = np.nan
        # Only after the usual step is known, so that chunking cannot change the mark.
        bridged = (
            between
            & (t_right > self._learned_at_s)
            & (step > _LOST_SAMPLE_RATIO * self._usual_step_s)
        )
        # Keep one sample before the last point: the next one may lean on it.
        keep_from = max(int(np.searchsorted(self._time, grid[-1], side="right")) - 1, 0)
        self._time = self._time[keep_from:]
        self._data = self._data[:, keep_from:]
        return SensorGrid(data[:3], data[3:], valid, bridged)
