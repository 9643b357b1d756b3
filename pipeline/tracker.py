"""Tracker: one calibration epoch, from grid points to events, strides and angles.

It waits until the body axes are known, then runs the stages over what it kept and over all
that follows. An epoch ends when the wearer asks for a new calibration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from pipeline.angle_series import AngleSeries, AngleSink, EarlyAngles
from pipeline.calibration.body_axes import BodyAxes
from pipeline.calibration.calibrator import Calibrator, Ready
from pipeline.curve_rows import CurveRows
from pipeline.features.registry import compute_stride_values
from pipeline.features.stride_data import StrideTimes
from pipeline.gait import CalibrationQuality, Curve, FloatArray, GaitEvent, Plane, Stride
from pipeline.grid import GRID_RATE_HZ, GridRun, grid_time_s
from pipeline.movement_tests.kind import Wearing
from pipeline.movement_tests.record import Record
from pipeline.movement_tests.watch import MovementWatch, not_calibrated
from pipeline.seated_zero import SeatedZero
from pipeline.slip import SlipWatch
from pipeline.spans import Spans
from pipeline.stages.contacts import Contacts
from pipeline.stages.kinematics import Kinematics
from pipeline.stages.smooth import Smoother
from pipeline.stages.strides import StrideBuilder
from recordings.placement import Side

PIECE = 60 * GRID_RATE_HZ
"""Longest run that goes through the stages at once: bounds memory on long chunks."""

PLANE_OF: Mapping[Curve, Plane] = {
    Curve.PELVIS_TILT: Plane.SAGITTAL,
    Curve.PELVIS_OBLIQUITY: Plane.FRONTAL,
    Curve.PELVIS_ROTATION: Plane.TRANSVERSE,
    Curve.HIP_FLEXION: Plane.SAGITTAL,
    Curve.HIP_ADDUCTION: Plane.FRONTAL,
    Curve.HIP_ROTATION: Plane.TRANSVERSE,
    Curve.KNEE_FLEXION: Plane.SAGITTAL,
    Curve.THIGH_INCLINATION: Plane.SAGITTAL,
    Curve.THIGH_VELOCITY: Plane.SAGITTAL,
    Curve.SHANK_INCLINATION: Plane.SAGITTAL,
}


@dataclass(slots=True)
class Progress:
    """What became known with a run."""

    events: list[GaitEvent] = field(default_factory=list)
    strides: list[Stride] = field(default_factory=list)
    movements: list[Record] = field(default_factory=list)
    """Movement tests that are complete."""


class Tracker:
    """One calibration epoch.

    Parameters
    ----------
    epoch : int
    spans : Spans
        Shared with the engine, which fills it from the session's events.
    leg_length_m : float
    seated : SeatedZero
        Shared with the engine, which announces seated poses to it.
    sink : callable or None
        Receives the angle series in time order.
    early_sink : callable or None
        Receives the same angles two seconds earlier, see `EarlyAngles`.
    """

    def __init__(
        self,
        epoch: int,
        spans: Spans,
        leg_length_m: float,
        seated: SeatedZero,
        sink: AngleSink | None,
        early_sink: AngleSink | None = None,
    ) -> None:
        self.epoch = epoch
        self.axes: BodyAxes | None = None
        self.slips: tuple[str, ...] = ()
        self._spans = spans
        self._leg_length_m = leg_length_m
        self._seated = seated
        self._sink = sink
        self._early_sink = early_sink
        self._calibrator = Calibrator(spans)
        self._movements: MovementWatch | None = None
        self._start: int | None = None
        self._end = 0

    @property
    def calibrator(self) -> Calibrator:
        return self._calibrator

    def push(self, run: GridRun) -> Progress:
        if self._start is None:
            self._start = run.start
        self._end = run.end
        if self.axes is None:
            ready = self._calibrator.push(run)
            return Progress() if ready is None else self._begin(ready)
        return self._advance(run)

    def finish(self) -> Progress:
        """Close the epoch: a last attempt to calibrate, then the open bout."""
        progress = Progress()
        if self.axes is None:
            ready = self._calibrator.finish()
            if ready is None:
                progress.movements += self._unmeasured(self._end)
                return progress
            progress = self._begin(ready)
        start, channels = self._smoother.finish()
        self._collect(progress, self._contacts.finish(), start, channels)
        progress.strides += self._finished(self._strides.finish())
        progress.movements += (
            self._unmeasured(self._end) if self._movements is None else self._movements.finish()
        )
        if self._angles is not None:
            self._angles.finish()
        return progress

    @property
    def open_movement(self) -> Record | None:
        """The movement test that goes on; None if there is none, or no axes yet."""
        return None if self._movements is None else self._movements.open_record()

    @property
    def slipped_at_s(self) -> float | None:
        """When a sensor was seen to have slipped while walking."""
        return None if self.axes is None else self._slip_watch.slipped_at_s

    def _unmeasured(self, end: int) -> list[Record]:
        """The movement tests before the axes are applied."""
        start_s = float(grid_time_s(self._start or 0))
        return not_calibrated(self.epoch, self._spans, start_s, float(grid_time_s(end)))

    def quality(self) -> CalibrationQuality:
        """How well the sensors are known to sit in this epoch."""
        start_s = float(grid_time_s(self._start or 0))
        end_s = float(grid_time_s(self._end))
        if self.axes is None:
            text = self._calibrator.refusal.text
            return CalibrationQuality(
                start_s, end_s, "none", {}, dict.fromkeys(Plane, text), (), unfit=text
            )
        axes = self.axes
        return CalibrationQuality(
            start_s=start_s,
            end_s=end_s,
            zero=axes.zero,
            axis_error_deg={p.value: s.error_deg for p, s in axes.segments.items()},
            refused=axes.refused,
            remarks=(*axes.remarks, *self.slips),
            straight_walking_s=axes.straight_walking_s,
            rest_s=axes.rest_s,
            unfit=axes.unfit,
        )

    def _begin(self, ready: Ready) -> Progress:
        self.axes = ready.axes
        self._kinematics = Kinematics(ready.axes)
        self._contacts = Contacts([side for side in Side if ready.axes.has_shank(side)])
        self._smoother = Smoother()
        self._strides = StrideBuilder(self.epoch, self._spans)
        self._slip_watch = SlipWatch()
        self._angles = AngleSeries(ready.axes.refused, self._sink) if self._sink else None
        self._early = (
            EarlyAngles(ready.axes.refused, self._early_sink) if self._early_sink else None
        )
        self._hidden = {c for c, plane in PLANE_OF.items() if plane in ready.axes.refused}
        self._planes = frozenset(p for p in Plane if p not in ready.axes.refused)
        if self._angles is not None and self._start is not None:
            self._angles.unknown(self._start, ready.run.start)
        progress = Progress()
        if ready.axes.zero == "standing" and not ready.axes.unfit:
            progress.movements += self._unmeasured(ready.run.start)
            wearing = Wearing(
                {p: s.error_deg for p, s in ready.axes.segments.items()}, ready.axes.refused
            )
            self._movements = MovementWatch(
                self.epoch, self._spans, wearing, float(grid_time_s(ready.run.start))
            )
        return self._advance(ready.run, progress)

    def _advance(self, run: GridRun, progress: Progress | None = None) -> Progress:
        progress = progress or Progress()
        for piece in _pieces(run):
            time_s = np.asarray(grid_time_s(np.arange(piece.start, piece.end)))
            on_the_spot = self._spans.on_the_spot(time_s)
            channels = self._kinematics.process(piece.sensors, on_the_spot)
            events = self._contacts.process(piece.start, channels)
            if self._early is not None:
                self._early.process(piece.start, channels)
            self._collect(progress, events, *self._smoother.process(piece.start, channels))
        return progress

    def _collect(
        self, progress: Progress, events: list[GaitEvent], start: int, channels: FloatArray
    ) -> None:
        progress.events += events
        self._seated.process(start, channels)
        if self._movements is not None:
            progress.movements += self._movements.process(start, channels)
        if self._early is not None:
            self._early.process(start, channels)
        if self._angles is not None:
            self._angles.process(start, channels)
        progress.strides += self._finished(self._strides.process(start, channels, events))

    def _finished(self, strides: list[Stride]) -> list[Stride]:
        """Add features; hide what the calibration refuses; watch for a slipped sensor."""
        if not strides:
            return []
        doubts = [self._slip_watch.check(stride) for stride in strides]
        self.slips = self._slip_watch.remarks
        shown = [CurveRows.of(stride.curves).without(self._hidden) for stride in strides]
        return [
            replace(stride, exclusions=(*stride.exclusions, *doubt), curves=curves, values=values)
            for stride, doubt, curves, values in zip(
                strides, doubts, shown, self._values(strides, shown), strict=True
            )
        ]

    def _values(self, strides: list[Stride], curves: list[CurveRows]) -> list[dict[str, float]]:
        """Features of each stride; none of one that lacks a contact."""
        values: list[dict[str, float]] = [{} for _ in strides]
        times = [_times(stride) for stride in strides]
        complete = [i for i, of_stride in enumerate(times) if all(map(isfinite, of_stride))]
        computed = compute_stride_values(
            [(curves[i], times[i]) for i in complete],
            planes=self._planes,
            leg_length_m=self._leg_length_m,
        )
        for i, found in zip(complete, computed, strict=True):
            values[i] = found
        return values


def _times(stride: Stride) -> StrideTimes[float]:
    return StrideTimes(
        stride.start_s,
        stride.opposite_final_contact_s,
        stride.opposite_initial_contact_s,
        stride.final_contact_s,
        stride.end_s,
    )


def _pieces(run: GridRun) -> Iterator[GridRun]:
    for first in range(0, run.length, PIECE):
        yield run[first : first + PIECE]
