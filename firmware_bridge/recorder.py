"""Write a walk to disk while it happens.

The recorder takes the bridge's updates, on a thread of its own: a slow disk delays nothing.
Twice a second everything goes onto the disk, so that a crash, or a battery that runs flat,
costs less than the last second. When the disk fails the recording ends with a clear
message; what was written stays good, and another recording can begin, which holds the
calibration again.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread

import msgspec

from firmware_bridge.keep_awake import KeepAwake
from firmware_bridge.preroll import Preroll
from firmware_bridge.status import BridgeUpdate, SensorStatus, merged
from firmware_bridge.transport.raw_file import RawFile
from firmware_bridge.transport.raw_stream import RAW_FILE, RawSensor
from recordings.csv_session.writer import Durability, SessionWriter
from recordings.errors import HipgaitError, OutputError, UsageError
from recordings.events import SessionEvent
from recordings.metadata import SensorInfo, SessionMetadata
from recordings.placement import Placement

_ROUND_S = 0.25
_SYNC_EVERY_S = 0.5
_METADATA_EVERY_S = 5.0
_LEAST_FREE_BYTES = 50 * 2**20
"""An hour of five sensors is about 180 MB; with less than this nobody should begin."""


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """How a recording is going.

    Attributes
    ----------
    recording : bool
    folder : Path or None
        Of the running recording, or of the last one.
    samples : int
        Written so far.
    problem : OutputError or None
        Why the last recording ended before it was stopped.
    """

    recording: bool
    folder: Path | None
    samples: int
    problem: HipgaitError | None


class Recorder:
    """Records the updates of one bridge.

    Attach `take` to the bridge before it finds its sensors: then everything since is there
    when Record is pressed (see `firmware_bridge.preroll` for how much of it).

    Parameters
    ----------
    statuses : callable
        Returns the sensors as they are now (`Bridge.statuses`), for ``session.json``.
    preroll : Preroll, optional
    """

    def __init__(
        self,
        statuses: Callable[[], Mapping[str, SensorStatus]],
        preroll: Preroll | None = None,
    ) -> None:
        self._statuses = statuses
        self._preroll = preroll or Preroll()
        self._incoming: deque[BridgeUpdate] = deque()
        self._sensors: dict[str, RawSensor] = {}
        self._recording: _Recording | None = None
        self._latest: RecorderStatus = RecorderStatus(False, None, 0, None)
        self._lock = Lock()
        self._stop = Event()
        self._thread = Thread(target=self._run, name="hipgait-recorder", daemon=True)
        self._thread.start()

    def take(self, update: BridgeUpdate) -> None:
        """Take what the bridge has; returns at once."""
        self._incoming.append(update)

    def add_event(self, event: SessionEvent) -> None:
        """Add an event of the session: a calibration pose, a task, a marker."""
        self._incoming.append(BridgeUpdate(event.time_s, events=(event,)))

    def start(self, folder: str | Path, metadata: SessionMetadata) -> None:
        """Begin to record, with all that is kept of before.

        Parameters
        ----------
        folder : path
            Must not exist yet.
        metadata : SessionMetadata
            `start_time` is that of the bridge; sensors are filled in here.

        Raises
        ------
        UsageError
            If a recording is running.
        OutputError
            If the folder exists, cannot be made, or its disk is full.
        """
        with self._lock:
            if self._recording is not None:
                raise UsageError("A recording is running already.", reason="already_recording")
            folder = Path(folder)
            _require_room(folder)
            self._recording = _Recording(folder, metadata, self._statuses())
            self._latest = RecorderStatus(True, folder, 0, None)

    def stop(self) -> RecorderStatus:
        """End the recording; all that came until now is on disk when this returns."""
        with self._lock:
            self._round()
            if self._recording is not None:
                self._finish(None)
            return self._latest

    def status(self) -> RecorderStatus:
        return self._latest

    def close(self) -> None:
        """Stop, and end the recorder's thread."""
        self._stop.set()
        self._thread.join()
        self.stop()

    # -- on the recorder's thread --------------------------------------------------------

    def _run(self) -> None:
        awake = KeepAwake()
        is_awake = False
        while not self._stop.wait(_ROUND_S):
            with self._lock:
                self._round()
            if self._latest.recording != is_awake:
                is_awake = self._latest.recording
                awake.begin() if is_awake else awake.end()
        if is_awake:
            awake.end()

    def _round(self) -> None:
        updates = [self._incoming.popleft() for _ in range(len(self._incoming))]
        fresh = [merged(updates)] if updates else []
        for update in fresh:
            self._sensors.update((record.address, record.sensor) for record in update.raw)
            self._preroll.keep(update)
        recording = self._recording
        if recording is None:
            return
        try:
            if not recording.begun:
                recording.begun = True
                fresh = self._preroll.snapshot()
            for update in fresh:
                recording.write(update, self._sensors)
            recording.settle(self._statuses)
            self._preroll.forget_recent()
        except HipgaitError as error:
            self._finish(error)
        else:
            self._latest = RecorderStatus(True, recording.folder, recording.samples, None)

    def _finish(self, problem: HipgaitError | None) -> None:
        recording, self._recording = self._recording, None
        assert recording is not None
        try:
            recording.close(self._statuses())
        except HipgaitError as error:
            problem = problem or error
        self._latest = RecorderStatus(False, recording.folder, recording.samples, problem)


class _Recording:
    """One session folder that grows."""

    def __init__(
        self, folder: Path, metadata: SessionMetadata, statuses: Mapping[str, SensorStatus]
    ) -> None:
        self.folder = folder
        self.samples = 0
        self.begun = False
        self._metadata = metadata
        self._session = SessionWriter(
            folder, with_sensors(metadata, statuses), durability=Durability.BUFFERED
        )
        self._raw = RawFile(folder / RAW_FILE)
        self._synced_s = self._described_s = time.monotonic()

    def write(self, update: BridgeUpdate, sensors: Mapping[str, RawSensor]) -> None:
        self._raw.write(update.raw, sensors)
        for samples in update.samples:
            self._session.append(samples)
            self.samples += len(samples)
        self._session.add_events(update.events)

    def settle(self, statuses: Callable[[], Mapping[str, SensorStatus]]) -> None:
        now = time.monotonic()
        if now - self._synced_s >= _SYNC_EVERY_S:
            self._synced_s = now
            self._session.flush(to_disk=True)
            self._raw.flush()
        if now - self._described_s >= _METADATA_EVERY_S:
            self._described_s = now
            self._session.replace_metadata(with_sensors(self._metadata, statuses()))

    def close(self, statuses: Mapping[str, SensorStatus]) -> None:
        try:
            self._session.replace_metadata(with_sensors(self._metadata, statuses))
        finally:
            try:
                self._session.close()
            finally:
                self._raw.close()


def with_sensors(
    metadata: SessionMetadata, statuses: Mapping[str, SensorStatus]
) -> SessionMetadata:
    """`metadata` with what is known of the sensors now."""
    sensors: dict[Placement, SensorInfo] = dict(metadata.sensors)
    for status in statuses.values():
        if status.placement is not None:
            sensors[status.placement] = SensorInfo(
                placement=status.placement,
                model=status.model,
                device_id=status.device_id or status.address,
                firmware=status.firmware,
                rate_hz=status.nominal_rate_hz,
                acc_range_g=status.acc_range_g,
                gyr_range_dps=status.gyr_range_dps,
                timing_quality=status.timing_quality,
                clock=status.clock,
                samples_lost=status.samples_lost + status.samples_away,
            )
    return msgspec.structs.replace(metadata, sensors=sensors)


def free_session_folder(parent: str | Path, start_time: datetime, what: str = "walk") -> Path:
    """A folder name of the form ``2026-11-20_0930_walk`` that is not taken yet."""
    stem = f"{start_time:%Y-%m-%d_%H%M}_{what}"
    folder = Path(parent) / stem
    number = 2
    while folder.exists():
        folder = Path(parent) / f"{stem}_{number}"
        number += 1
    return folder


def _require_room(folder: Path) -> None:
    parent = folder.parent
    if not parent.is_dir():
        raise OutputError(
            f"There is no folder {parent}.",
            hint="Make it first, or choose another place.",
            reason="output_folder_missing",
        )
    if shutil.disk_usage(parent).free < _LEAST_FREE_BYTES:
        raise OutputError(
            f"The disk of {parent} is almost full.",
            hint="A walk of an hour needs about 200 MB: make room, or choose another place.",
            reason="disk_full",
        )
