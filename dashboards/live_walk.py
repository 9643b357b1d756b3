"""A walk while it is walked: sensors, recorder and engine joined, and a look at all of it.

The bridge works on a thread of its own and hands what comes to the recorder and to this
file's worker, which feeds the engine. Whoever shows the walk (a window, a terminal) calls
`LiveWalk.look` whenever it likes and gets what is new since its last look: nobody who is
slow to look delays a sample, and what is kept for them is bounded.

Recorder and engine get the same samples and the same events, so that the results seen live
are those of the recorded file.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Event, Lock, Thread

from dashboards.live_news import Look, News
from dashboards.worn import Worn
from firmware_bridge.recorder import RecorderStatus, with_sensors
from firmware_bridge.status import BridgeUpdate, merged
from firmware_bridge.transport.base import Transport
from firmware_bridge.transport.raw_stream import RawSensor
from pipeline.angles import AngleBlock
from pipeline.engine import Engine, Update
from pipeline.gait import GaitEvent
from pipeline.results import Results
from recordings.events import EventKind, SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement

_ROUND_S = 0.04
"""The worker looks round at least so often: planned events and listeners wait for no sample."""
_REST_S = 0.024
"""It rests so long in between: an analysis of every packet by itself would cost too much. What
is drawn 30 times a second needs angles no more often."""
_SNAPSHOT_EVERY_S = 1.0
_SNAPSHOT_SHARE = 0.03
"""A long walk takes longer to sum up, and is summed up less often: never for more of the time."""
_STATUS_EVERY_S = 0.2
_KEPT_S = 60.0
"""What nobody has looked at is forgotten after so long; results and files keep all of it."""

Listener = Callable[[float, Sequence[GaitEvent], Sequence[AngleBlock]], None]
"""Takes session time, contacts and early angles as they become known."""


class LiveWalk:
    """One wearing of the sensors, from `start` to `close`.

    Parameters
    ----------
    transport : Transport
        Real or virtual; opened and closed here.
    sensors : sequence of RawSensor
        Those that are worn; pelvis and both thighs at least.
    metadata : SessionMetadata, optional
        Wearer and settings; time and writer are filled in here.
    events : iterable of SessionEvent
        Events that are known beforehand; each takes place when its time comes.

    Raises
    ------
    ValueError
        If a required placement has no sensor.
    """

    def __init__(
        self,
        transport: Transport,
        sensors: Sequence[RawSensor],
        metadata: SessionMetadata | None = None,
        events: Iterable[SessionEvent] = (),
    ) -> None:
        self._worn = Worn(transport, sensors, metadata, events)
        self._bridge, self._recorder = self._worn.bridge, self._worn.recorder
        self.placements = tuple(s.placement for s in sensors if s.placement is not None)
        self._incoming: deque[BridgeUpdate] = deque()
        self._news = News()
        self._lock = Lock()
        self._stop = Event()
        self._arrived = Event()
        self._results: Results | None = None
        self._problem = ""
        self._ranges_told: set[Placement] = set()
        self._early: list[AngleBlock] = []
        self.listener: Listener | None = None
        """Called some thirty times a second on the worker's thread, also when nothing is new:
        for what cannot wait until somebody looks. It must be quick and must not raise."""
        self._status = BridgeUpdate(0.0)
        self._status_due_s = 0.0
        self.look_time_s = 0.0
        """Session time of the last look."""
        self._engine = Engine(
            self.placements,
            wearer=self.metadata.wearer,
            settings=self.metadata.settings,
            sink=lambda block: self._keep("angles", block),
            early_sink=self._take_early,
        )
        self._worker = Thread(target=self._run, name="hipgait-engine", daemon=True)
        self._bridge.attach(self._arrive)

    @property
    def metadata(self) -> SessionMetadata:
        """Of the walk; with its time from `start` on."""
        return self._worn.metadata

    # -- life ------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the radio and keep the sensors going from now on.

        Raises
        ------
        SensorError
            If the radio cannot be opened.
        """
        self._worn.start()
        self._worker.start()

    def close(self) -> Results | None:
        """End everything; the results are final then. What was recorded is on disk.

        Returns
        -------
        Results or None
            None if the analysis stopped early.
        """
        if not self._stop.is_set():
            self._bridge.close()
            self._stop.set()
            self._arrived.set()
            if self._worker.ident is not None:
                self._worker.join()
            self._recorder.close()
        return None if self._problem else self._results

    # -- what a user does --------------------------------------------------------------------

    def record(self, parent: Path) -> Path:
        """Begin a recording in a new folder below `parent`, calibration included.

        Raises
        ------
        HipgaitError
            If one is running, or the folder cannot be made, or the disk is full.
        """
        return self.record_to(self._worn.free_folder(parent))

    def record_to(self, folder: Path) -> Path:
        """The same, into a folder of the caller's choosing that does not exist yet."""
        return self._worn.record_to(folder)

    def stop_recording(self) -> RecorderStatus:
        """End the recording; all of it is on disk when this returns."""
        return self._recorder.stop()

    def mark(
        self, label: str = "", kind: str = EventKind.MARKER, time_s: float | None = None
    ) -> SessionEvent:
        """Put an event into recording and analysis, at this moment if no time is given."""
        at_s = self._bridge.now_s() if time_s is None else time_s
        event = SessionEvent(round(at_s, 6), kind, label)
        self._recorder.add_event(event)
        self._take_event(event)
        return event

    # -- what a screen sees ------------------------------------------------------------------

    def look(self) -> Look:
        """What is new since the last call, and how things stand; returns at once."""
        if time.monotonic() >= self._status_due_s:
            self._status_due_s = time.monotonic() + _STATUS_EVERY_S
            self._status = self._bridge.poll()
        self.look_time_s = self._bridge.now_s()
        with self._lock:
            news, self._news = self._news, News()
        return Look(
            self.look_time_s,
            *(tuple(item for _, item in queue) for queue in news.queues()),
            sensors=self._status.sensors,
            results=self._results,
            recorder=self._recorder.status(),
            radio_problem=self._status.radio_problem,
            problem=self._problem,
        )

    # -- on the bridge's thread ----------------------------------------------------------------

    def _arrive(self, update: BridgeUpdate) -> None:
        """Samples can be seen at once; the worker is woken for what follows from them."""
        for samples in update.samples:
            self._keep("samples", samples)
        with self._lock:
            self._news.forget_before(update.time_s - _KEPT_S)
        self._incoming.append(update)
        self._arrived.set()

    # -- on the worker's thread ----------------------------------------------------------------

    def _run(self) -> None:
        snapshot_due = time.monotonic()
        try:
            while not self._stop.wait(_REST_S):
                self._arrived.wait(_ROUND_S - _REST_S)
                self._arrived.clear()
                changed = self._feed()
                if changed and time.monotonic() >= snapshot_due:
                    begin_s = time.thread_time()
                    self._take_snapshot()
                    took_s = time.thread_time() - begin_s
                    pause_s = max(_SNAPSHOT_EVERY_S, took_s / _SNAPSHOT_SHARE)
                    snapshot_due = time.monotonic() + pause_s
            self._feed()
            self._tell(self._engine.finish())
            self._take_snapshot()
        except Exception as error:
            # A fault of the analysis must not end what matters more: the recording.
            self._problem = (
                f"The analysis stopped ({type(error).__name__}). A recording goes on and can "
                "be analysed later."
            )

    def _feed(self) -> bool:
        for event in self._worn.events_due():
            self._take_event(event)
        updates = [self._incoming.popleft() for _ in range(len(self._incoming))]
        if not updates:
            self._inform(())
            return False
        update = merged(updates)
        for event in update.events:
            self._keep("events", event)
        self._tell_ranges()
        known = self._engine.push({s.placement: s for s in update.samples}, update.events)
        self._inform(known.events)
        self._tell(known)
        return True

    def _tell_ranges(self) -> None:
        """A sensor says its ranges when it connects; the file will say them from the start."""
        if len(self._ranges_told) < len(self.placements):
            sensors = with_sensors(SessionMetadata(), self._bridge.statuses()).sensors
            told = {p: s for p, s in sensors.items() if s.acc_range_g is not None}
            self._ranges_told |= told.keys()
            self._engine.know_sensors(told)

    def _tell(self, update: Update) -> None:
        for contact in update.events:
            self._keep("contacts", contact)
        for stride in update.strides:
            self._keep("strides", stride)

    def _take_early(self, block: AngleBlock) -> None:
        self._early.append(block)
        self._keep("early", block)

    def _inform(self, contacts: Sequence[GaitEvent]) -> None:
        early, self._early = self._early, []
        if self.listener is not None:
            self.listener(self._bridge.now_s(), contacts, early)

    def _take_snapshot(self) -> None:
        status = self._recorder.status()
        name = status.folder.name if status.folder is not None else "live"
        self._results = self._engine.snapshot(name, simulated=self.metadata.simulated)

    def _keep(self, what: str, item: object) -> None:
        with self._lock:
            # Looked up under the lock: a look may just have taken the old queues away.
            getattr(self._news, what).append((self._bridge.now_s(), item))

    def _take_event(self, event: SessionEvent) -> None:
        self._incoming.append(BridgeUpdate(event.time_s, events=(event,)))
