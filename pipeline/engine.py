"""Engine: the one chain of stages for live, replay and batch.

Contract
--------
Input    Samples of each sensor in time order, in pieces of any size, with the session's
         events in stream order. Wearer facts and settings at the start.
Output   `Update`s: gait events and strides as they become final; `snapshot` at any time.
Same     The results depend on the samples and events alone, not on how they are cut or how
         the sensors interleave (within the lateness of `synchronise`). No clock is read.
Memory   Constant in samples; a few hundred bytes a stride.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from msgspec.structs import replace as replace_fields

from pipeline.detectors import WalkEvidence, detect
from pipeline.gait import CalibrationQuality, GaitEvent, Stride
from pipeline.grid import GRID_RATE_HZ, GridRun
from pipeline.movement_tests.assess import Person, assess
from pipeline.movement_tests.outcome import MovementTest
from pipeline.movement_tests.record import Record
from pipeline.results import Results
from pipeline.seated_zero import SeatedZero
from pipeline.signal_watch import SignalWatch
from pipeline.spans import Spans
from pipeline.stages.synchronise import Synchroniser
from pipeline.statistics import WalkStatistics
from pipeline.summary import summarise_walk
from pipeline.tracker import AngleSink, Progress, Tracker
from recordings.events import EventKind, SessionEvent
from recordings.metadata import SensorInfo, Settings, Wearer
from recordings.placement import Placement, missing_placements
from recordings.samples import ImuSamples


@dataclass(slots=True)
class Update:
    """What became known with one push."""

    events: list[GaitEvent] = field(default_factory=list)
    strides: list[Stride] = field(default_factory=list)
    """Final strides, with their curves."""
    movement_tests: list[MovementTest] = field(default_factory=list)
    """Movement tests that are over. What follows from a later test of the other leg, and a
    slipped sensor, are in the snapshot."""


class Engine:
    """Analyse one session as it is lived or replayed.

    Parameters
    ----------
    placements : iterable of Placement
        The sensors that are worn; pelvis and both thighs at least.
    wearer, settings : optional
        Facts that change what is usual, and the second zero.
    sensors : mapping of Placement to SensorInfo, optional
        Ranges, where known, tell clipping from strong movement.
    sink : callable or None
        Receives the angle series (`pipeline.angles`) in time order.
    early_sink : callable or None
        Receives the same angles about two seconds earlier, for a screen that must not lag: each
        point as it was felt, and 50 ms later again, smoothed. The rotation of the pelvis, which
        is not known so early, is NaN.

    Raises
    ------
    ValueError
        If a required placement is missing.
    """

    def __init__(
        self,
        placements: Iterable[Placement],
        wearer: Wearer | None = None,
        settings: Settings | None = None,
        sensors: Mapping[Placement, SensorInfo] | None = None,
        sink: AngleSink | None = None,
        early_sink: AngleSink | None = None,
    ) -> None:
        self._placements = tuple(p for p in Placement if p in set(placements))
        if missing := missing_placements(self._placements):
            raise ValueError(f"missing placements: {', '.join(missing)}")
        self._sink = sink
        self._early_sink = early_sink
        self._synchroniser = Synchroniser(self._placements)
        self._signals = SignalWatch(self._placements, sensors or {})
        self._settings = settings or Settings()
        self._statistics = WalkStatistics(wearer, self._settings)
        self._spans = Spans()
        self._events: list[GaitEvent] = []
        self._strides: list[Stride] = []
        self._records: list[Record] = []
        self._slipped_at_s: dict[int, float] = {}
        self._closed: list[CalibrationQuality] = []
        self._recalibrations: list[float] = []
        self._pose: SessionEvent | None = None
        self._seated = SeatedZero()
        self._tracker = self._new_tracker(0)

    def know_sensors(self, sensors: Mapping[Placement, SensorInfo]) -> None:
        """Learn of sensors that have just connected, before their first samples."""
        self._signals.know(sensors)

    def push(
        self, samples: Mapping[Placement, ImuSamples], events: Iterable[SessionEvent] = ()
    ) -> Update:
        """Take what arrived; return what became known.

        Parameters
        ----------
        samples : mapping of Placement to ImuSamples
            Any number of consecutive samples of any of the sensors.
        events : iterable of SessionEvent
            In time order; none may lie before samples that are pushed later by more than
            the lateness.
        """
        events = list(events)
        self._spans.add(events)
        self._announce(events)
        quantised = {p: part.quantised() for p, part in samples.items() if len(part)}
        self._signals.raw(quantised)
        run = self._synchroniser.push(quantised)
        return Update() if run is None else self._advance(run)

    def finish(self) -> Update:
        """Close what is open. Nothing may be pushed afterwards."""
        run = self._synchroniser.finish()
        update = Update() if run is None else self._advance(run)
        self._take(self._tracker.finish(), update)
        self._closed.append(self._tracker.quality())
        return update

    def snapshot(self, name: str = "", *, simulated: bool = False) -> Results:
        """All that is known so far; provisional until `finish` was called."""
        finished = len(self._closed) > self._tracker.epoch
        calibrations = tuple(self._closed)
        if not finished:
            calibrations = (*calibrations, self._tracker.quality())
        if unfit := self._signals.unfit:
            calibrations = tuple(replace(c, unfit=unfit) for c in calibrations)
        # The engine's own: what was entered, and what sitting showed.
        self._statistics.settings = replace_fields(
            self._settings, second_zero=self._seated.second_zero(self._settings.second_zero)
        )
        evidence = WalkEvidence.of(self._statistics, calibrations, self._placements)
        summary = summarise_walk(
            self._signals.duration_s,
            self._events,
            self._strides,
            evidence.statistics,
            self._statistics,
        )
        return Results(
            session=name,
            simulated=simulated,
            placements=self._placements,
            summary=summary,
            quality=self._signals.quality(self._synchroniser.counts),
            calibrations=calibrations,
            events=tuple(sorted(self._events)),
            strides=tuple(sorted(self._strides, key=lambda s: (s.start_s, s.side))),
            features=evidence.statistics,
            findings=detect(evidence),
            remarks=self._remarks(calibrations),
            mean_curves=evidence.mean_curves,
            provisional=not finished,
            movement_tests=self._movement_tests(finished),
        )

    def movement_test(self) -> MovementTest | None:
        """The announced movement test that goes on, as far as it went; None without one."""
        record = self._tracker.open_movement
        return None if record is None else assess([record], self._person)[0]

    def _movement_tests(self, finished: bool) -> tuple[MovementTest, ...]:
        going_on = None if finished else self._tracker.open_movement
        records = self._records if going_on is None else [*self._records, going_on]
        return assess(records, self._person, self._slipped_at_s)

    @property
    def _person(self) -> Person:
        return Person.of(self._statistics.wearer, self._statistics.settings)

    def _new_tracker(self, epoch: int) -> Tracker:
        leg_length_m = self._statistics.context.leg_length_m
        return Tracker(epoch, self._spans, leg_length_m, self._seated, self._sink, self._early_sink)

    def _announce(self, events: list[SessionEvent]) -> None:
        for event in events:
            if event.kind == EventKind.RECALIBRATION:
                self._recalibrations.append(event.time_s)
            elif event.kind == EventKind.CALIBRATION_POSE_START:
                self._pose = event
                if _pose_name(event) == "seated":
                    self._seated.begin(event.time_s)
            elif event.kind == EventKind.CALIBRATION_POSE_END and self._pose is not None:
                if _pose_name(self._pose) == "seated":
                    self._seated.end(event.time_s)
                elif _pose_name(self._pose) == "standing":
                    self._tracker.calibrator.announce_standing(self._pose.time_s, event.time_s)
                self._pose = None

    def _advance(self, run: GridRun) -> Update:
        update = Update()
        self._signals.synchronised(run)
        while self._recalibrations:
            cut = int(np.ceil(self._recalibrations[0] * GRID_RATE_HZ)) - run.start
            if cut >= run.length:
                break
            self._recalibrations.pop(0)
            if cut > 0:
                self._take(self._tracker.push(run[:cut]), update)
                run = run[cut:]
            self._take(self._tracker.finish(), update)
            self._closed.append(self._tracker.quality())
            self._tracker = self._new_tracker(self._tracker.epoch + 1)
        self._take(self._tracker.push(run), update)
        return update

    def _take(self, progress: Progress, update: Update) -> None:
        update.events += progress.events
        update.strides += progress.strides
        self._events += progress.events
        self._statistics.add(progress.strides)
        # Curves live on in the means; a walk keeps only numbers.
        self._strides += [replace(stride, curves={}) for stride in progress.strides]
        if progress.movements:
            self._records += progress.movements
            update.movement_tests += assess(progress.movements, self._person)
        if (slipped_at_s := self._tracker.slipped_at_s) is not None:
            self._slipped_at_s[self._tracker.epoch] = slipped_at_s

    def _remarks(self, calibrations: tuple[CalibrationQuality, ...]) -> tuple[str, ...]:
        remarks: list[str] = []
        for calibration in calibrations:
            if calibration.unfit:
                remarks.append(calibration.unfit)
            else:
                remarks += calibration.refused.values()
            remarks += calibration.remarks
        remarks += self._statistics.remarks
        return tuple(dict.fromkeys(remarks))


def _pose_name(event: SessionEvent) -> str:
    """The pose that an event announces; standing where it names none."""
    return event.label.strip().lower() or "standing"
