"""Calibrator: waits for standing and walking, then finds the body axes.

Contract
--------
Input    `GridRun`s in order, and calibration poses as they are announced.
Output   `Ready` once the axes are known: the axes and every run since `buffer_start`, so
         that they can be applied backwards and no stride of the calibration walk is lost.
Latency  Attempts are made on a grid of data time (each five seconds of walking, before a
         movement test begins and before walking is let go), never on the arrival of a piece:
         the outcome does not depend on how the stream is cut.
State    At most `BUFFER_S` of samples and `MAX_RESTS` still stretches.
Gap      Gaps are kept as they are; samples inside are not used.
Finish   One last attempt with what there is; else the refusal says what was missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.body_axes import BodyAxes, CalibrationRefusal
from pipeline.calibration.solve import solve
from pipeline.calibration.stillness import BLOCK, Rest, find_rests, rest_between
from pipeline.calibration.worn import WALKING_THIGH_RAD_S
from pipeline.grid import GRID_RATE_HZ, GridRun, grid_time_s, join_runs
from pipeline.spans import Spans
from recordings.placement import Placement

BUFFER_S = 120.0
MAX_RESTS = 40
FIRST_ATTEMPT_WALKING_S = 15.0
NEXT_ATTEMPT_WALKING_S = 5.0
PATIENT_WALKING_S = 45.0
"""After this much walking, axes that allow at least the sagittal plane are accepted."""

GOOD_ERROR_DEG = {Placement.PELVIS: 6.0}
GOOD_LEG_ERROR_DEG = 4.0
"""With axes this sure, no more walking is waited for. Hip angles do not feel the pelvis axis, and
6° of it leak a third of a degree of a usual drop of the pelvis."""

_STEP = GRID_RATE_HZ
"""Data time advances through the calibrator in steps of one second."""


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """The axes, and the stretch to which they are applied from its beginning."""

    axes: BodyAxes
    run: GridRun


@dataclass(slots=True, eq=False)
class _Buffer:
    runs: list[GridRun] = field(default_factory=list)
    length: int = 0

    def append(self, run: GridRun) -> None:
        self.runs.append(run)
        self.length += run.length

    def joined(self) -> GridRun:
        run = join_runs(self.runs)
        self.runs = [run]
        return run

    def drop(self, samples: int) -> None:
        run = self.joined()
        self.runs = [run[samples:]]
        self.length -= samples


class Calibrator:
    """Collects until the body axes are known.

    Parameters
    ----------
    spans : Spans, optional
        Shared with the engine. Squats and lunges swing the thighs, but are no walking.
    """

    def __init__(self, spans: Spans | None = None) -> None:
        self._spans = spans or Spans()
        self._on_the_spot = False
        self._pending = _Buffer()
        self._buffer = _Buffer()
        self._rests: list[Rest] = []
        self._announced: list[tuple[float, float]] = []
        self._walking_s = 0.0
        self._next_attempt_s = FIRST_ATTEMPT_WALKING_S
        self.refusal = CalibrationRefusal(
            "nothing_recorded", "There are no samples to calibrate from."
        )

    def announce_standing(self, start_s: float, end_s: float) -> None:
        """A standing calibration pose was recorded between two session times."""
        self._announced.append((start_s, end_s))

    def push(self, run: GridRun) -> Ready | None:
        """Take the next run; return the axes once they are known."""
        self._pending.append(run)
        if self._pending.length < _STEP:
            return None
        pending = self._pending.joined()
        whole = pending.length - pending.length % _STEP
        for position in range(0, whole, _STEP):
            ready = self._step(pending[position : position + _STEP])
            if ready is not None:
                rest = pending[position + _STEP :]
                return Ready(ready, join_runs([self._buffer.joined(), rest]))
        self._pending = _Buffer()
        if whole < pending.length:
            self._pending.append(pending[whole:])
        return None

    def finish(self) -> Ready | None:
        """Last attempt, with lower demands; None if `refusal` must say why."""
        if self._pending.length:
            self._buffer.append(self._pending.joined())
        if not self._buffer.length:
            return None
        axes = self._attempt(last=True)
        return None if axes is None else Ready(axes, self._buffer.joined())

    def _step(self, second: GridRun) -> BodyAxes | None:
        self._buffer.append(second)
        full = self._buffer.length > BUFFER_S * GRID_RATE_HZ
        on_the_spot = bool(self._elsewhere(second).any())
        begins, self._on_the_spot = on_the_spot and not self._on_the_spot, on_the_spot
        if not on_the_spot and self._walks(second):
            self._walking_s += _STEP / GRID_RATE_HZ
        axes = None
        if self._walking_s >= self._next_attempt_s:
            self._next_attempt_s = self._walking_s + NEXT_ATTEMPT_WALKING_S
            axes = self._attempt(patient=self._walking_s >= PATIENT_WALKING_S)
        elif (begins or full) and self._walking_s >= FIRST_ATTEMPT_WALKING_S:
            # No more walking is to come soon: what allows all planes is good enough.
            axes = self._attempt(settle=True)
        if axes is None and full:
            self._release()
        return axes

    def _elsewhere(self, run: GridRun) -> NDArray[np.bool_]:
        """Where the wearer is known not to walk."""
        return self._spans.on_the_spot(np.asarray(grid_time_s(np.arange(run.start, run.end))))

    @staticmethod
    def _walks(second: GridRun) -> bool:
        for placement in (Placement.THIGH_LEFT, Placement.THIGH_RIGHT):
            sensor = second.sensors[placement]
            if not sensor.valid.any():
                return False
            energy = (sensor.gyr[:, sensor.valid] ** 2).sum(axis=0).mean()
            if energy < WALKING_THIGH_RAD_S**2:
                return False
        return True

    def _attempt(
        self, *, patient: bool = False, last: bool = False, settle: bool = False
    ) -> BodyAxes | None:
        run = self._buffer.joined()
        found = solve(run, self._rests + self._rests_in(run), self._elsewhere(run))
        if isinstance(found, CalibrationRefusal):
            self.refusal = found
            return None
        whole = not found.refused and not found.unfit
        good = whole and all(
            segment.error_deg < GOOD_ERROR_DEG.get(placement, GOOD_LEG_ERROR_DEG)
            for placement, segment in found.segments.items()
        )
        standing = found.zero == "standing"
        if good or last or (standing and (patient or (settle and whole))):
            return found
        reasons = [found.unfit, *found.refused.values()]
        self.refusal = CalibrationRefusal(
            "axes_uncertain", next((r for r in reasons if r), "The axes are not certain yet.")
        )
        return None

    def _rests_in(self, run: GridRun) -> list[Rest]:
        rests = find_rests(run)
        for start_s, end_s in self._announced:
            start = max(int(np.ceil(start_s * GRID_RATE_HZ)), run.start)
            end = min(int(np.floor(end_s * GRID_RATE_HZ)), run.end)
            if end - start >= GRID_RATE_HZ:
                rests.append(rest_between(run, start, end))
        return rests

    def _release(self) -> None:
        """Let the oldest thirty seconds go; what the sensors felt at rest is remembered."""
        run = self._buffer.joined()
        drop = 30 * GRID_RATE_HZ - (30 * GRID_RATE_HZ) % BLOCK
        # Rests that begin in the part that goes, whole: they may reach into what stays.
        for rest in self._rests_in(run):
            if rest.start < run.start + drop:
                self._rests.append(rest)
        self._rests = self._rests[-MAX_RESTS:]
        self._buffer.drop(drop)
