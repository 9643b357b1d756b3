"""The radio's part of the setup: hear sensors, link them, tell taps and signals.

First the radio only listens; once the sensors to be worn are known they are linked, and
stay linked until the walk takes over. Nothing here waits: whoever shows the setup calls
`look` whenever it likes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import Thread

import numpy as np

from firmware_bridge.bridge import Bridge
from firmware_bridge.devices.registry import recognise
from firmware_bridge.status import SensorStatus
from firmware_bridge.transport.base import Sighting, Transport
from firmware_bridge.transport.raw_stream import RawSensor
from recordings.errors import HipgaitError
from recordings.placement import Placement
from recordings.samples import ImuSamples

_KEPT_S = 5.0


@dataclass(frozen=True, slots=True)
class SetupLook:
    """How things stand.

    Attributes
    ----------
    found : mapping of address to RawSensor
        With the signal at which each was heard last.
    sensors : mapping of address to SensorStatus
        Empty while the radio only listens.
    samples : tuple of ImuSamples
        Of placed sensors, since the last look.
    tapped : str
        Address of the sensor that was tapped twice; empty if none was.
    problem : str
        What keeps the radio from working, and what to do.
    """

    found: Mapping[str, RawSensor]
    sensors: Mapping[str, SensorStatus] = field(default_factory=dict)
    samples: tuple[ImuSamples, ...] = ()
    tapped: str = ""
    problem: str = ""


class SetupSession:
    """One setup, from listening to worn sensors.

    Parameters
    ----------
    new_transport : callable
        Makes a transport; called once for listening and once for linking.
    """

    def __init__(self, new_transport: Callable[[], Transport]) -> None:
        self._new_transport = new_transport
        self._found: dict[str, RawSensor] = {}
        self._transport: Transport | None = None
        self._scan: Future[None] | None = None
        self._bridge: Bridge | None = None
        self._problem = ""
        self._sizes: dict[Placement, deque[tuple[float, float]]] = {}

    def listen(self) -> None:
        """Begin to hear which sensors are near."""
        self.close()
        self._problem = ""
        try:
            self._transport = self._new_transport()
            self._transport.open()
            self._scan = self._transport.start_scan()
        except HipgaitError as error:
            self._problem = str(error)

    def link(self) -> None:
        """Link all sensors that were found, and listen for taps."""
        self._stop_listening()
        bridge = Bridge(self._new_transport())
        try:
            bridge.start()
        except HipgaitError as error:
            self._problem = str(error)
            return
        for sensor in self._found.values():
            bridge.add(sensor)
        bridge.listen_for_taps()
        self._bridge = bridge

    @property
    def linked(self) -> bool:
        return self._bridge is not None

    def assign(self, placed: Mapping[Placement, str]) -> None:
        """Tell the links where their sensors are worn."""
        if self._bridge is None:
            return
        of = {address: placement for placement, address in placed.items()}
        # Free all places first: two sensors may change theirs with each other.
        for address in self._found:
            self._bridge.assign(address, None)
        for address, placement in of.items():
            self._bridge.assign(address, placement)

    def look(self) -> SetupLook:
        """What is known by now; returns at once."""
        if self._bridge is not None:
            update = self._bridge.poll()
            self._note(update.samples)
            problem = str(update.radio_problem or "")
            return SetupLook(
                dict(self._found), update.sensors, update.samples, update.tapped, problem
            )
        if self._scan is not None and self._scan.done() and self._scan.exception() is not None:
            self._problem = str(self._scan.exception())
        if self._transport is not None:
            for event in self._transport.drain():
                if isinstance(event, Sighting):
                    self._hear(event)
        return SetupLook(dict(self._found), problem=self._problem)

    def rest_m_s2(self) -> dict[Placement, float]:
        """Mean size of the acceleration over the last seconds."""
        return {p: float(np.mean([v for _, v in sizes])) for p, sizes in self._sizes.items()}

    def worn(self, placed: Mapping[Placement, str]) -> list[RawSensor]:
        """The placed sensors, as a walk takes them."""
        return [
            replace(self._found[placed[p]], placement=p)
            for p in Placement
            if placed.get(p) in self._found
        ]

    def close(self) -> None:
        """Let all sensors go."""
        self._stop_listening()
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None

    def hand_over(self, then: Callable[[], None]) -> Thread:
        """Let all sensors go in the background (it takes moments), then do something."""

        def work() -> None:
            self.close()
            then()

        thread = Thread(target=work, name="hipgait-setup", daemon=True)
        thread.start()
        return thread

    def _stop_listening(self) -> None:
        if self._transport is not None:
            self._transport.close()
        self._transport = self._scan = None

    def _hear(self, event: Sighting) -> None:
        family = recognise(event.advertisement)
        if family is not None:
            address = event.advertisement.address
            self._found[address] = RawSensor(event.advertisement, family.key)

    def _note(self, samples: tuple[ImuSamples, ...]) -> None:
        for part in samples:
            sizes = self._sizes.setdefault(part.placement, deque())
            norm = np.linalg.norm(part.acc_m_s2, axis=1)
            sizes.append((float(part.time_s[-1]), float(norm.mean())))
            while sizes and sizes[0][0] < part.time_s[-1] - _KEPT_S:
                sizes.popleft()
