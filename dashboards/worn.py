"""Sensors that are worn, and the recorder beside them: joined once, for all who show a walk."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from firmware_bridge.bridge import Bridge
from firmware_bridge.recorder import Recorder, free_session_folder
from firmware_bridge.transport.base import Transport
from firmware_bridge.transport.raw_stream import RawSensor
from hipgait._version import __version__
from recordings.errors import HipgaitError
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata


class Worn:
    """One wearing of the sensors, from `start` to `close`.

    Parameters
    ----------
    transport : Transport
        Real or virtual; opened and closed here.
    sensors : sequence of RawSensor
        Those that are worn.
    metadata : SessionMetadata, optional
        Wearer and settings; time and writer are filled in here.
    events : iterable of SessionEvent
        Events that are known beforehand; each takes place when its time comes.
    hardware_sync : bool
        Let sensors that can agree on one clock by their own radio do so before they start.

    Attributes
    ----------
    bridge : Bridge
    recorder : Recorder
        Has everything since `start`, so that a recording holds the calibration, too.
    """

    def __init__(
        self,
        transport: Transport,
        sensors: Sequence[RawSensor],
        metadata: SessionMetadata | None = None,
        events: Iterable[SessionEvent] = (),
        *,
        hardware_sync: bool = False,
    ) -> None:
        self.metadata = metadata or SessionMetadata()
        self.bridge = Bridge(transport, hardware_sync=hardware_sync)
        self.recorder = Recorder(self.bridge.statuses)
        self.bridge.attach(self.recorder.take)
        self._sensors = sensors
        self._planned = deque(sorted(events))

    def start(self) -> None:
        """Open the radio and keep the sensors going from now on.

        Raises
        ------
        HipgaitError
            If the radio cannot be opened, or a sensor is of no known kind.
        """
        try:
            self.bridge.start()
            for sensor in self._sensors:
                self.bridge.add(sensor)
        except HipgaitError:
            self.close()
            raise
        self.metadata = msgspec.structs.replace(
            self.metadata,
            start_time=self.bridge.start_time,
            written_by=f"hipgait {__version__}",
        )

    def free_folder(self, parent: Path) -> Path:
        """Where a recording of this walk can go below `parent`."""
        assert self.bridge.start_time is not None, "start comes first"
        return free_session_folder(parent, self.bridge.start_time)

    def record_to(self, folder: Path) -> Path:
        """Begin a recording in a folder that does not exist yet, calibration included.

        Raises
        ------
        HipgaitError
            If one is running, or the folder cannot be made, or the disk is full.
        """
        self.recorder.start(folder, self.metadata)
        return folder

    def events_due(self) -> list[SessionEvent]:
        """Events whose time has come since the last call; they are recorded by now."""
        due: list[SessionEvent] = []
        while self._planned and self._planned[0].time_s <= self.bridge.now_s():
            due.append(self._planned.popleft())
            self.recorder.add_event(due[-1])
        return due

    def close(self) -> None:
        """End the links, then the recording: all that came is on disk when this returns."""
        self.bridge.close()
        self.recorder.close()
