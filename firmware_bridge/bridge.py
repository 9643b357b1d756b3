"""Keeps all sensors of one wearer going together, and hands over what they say.

Give the bridge the sensors it may talk to (nobody else's is ever connected), start it, and
poll it: it finds them, starts them together, brings back what breaks, and puts every
sample on one session clock. That clock begins with `start` and is monotonic: a change of
the wall clock, or of summer time, does not move a sample.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import wait
from datetime import datetime
from random import Random
from threading import Event, RLock, Thread

from firmware_bridge.devices.registry import FAMILIES
from firmware_bridge.dropouts import Dropouts
from firmware_bridge.sensor_link import SensorLink
from firmware_bridge.start_together import StartTogether
from firmware_bridge.status import BridgeUpdate, SensorStatus, merged
from firmware_bridge.taps import TapTwice
from firmware_bridge.transport.base import LinkLost, Packet, Sighting, Transport
from firmware_bridge.transport.problems import RADIO_REASONS
from firmware_bridge.transport.raw_stream import RawRecord, RawSensor
from recordings.errors import SensorError, UsageError
from recordings.placement import Placement
from recordings.samples import ImuSamples

_STEP_S = 0.02
"""At most between two steps: waits and requests go on where no packet comes."""
_REST_S = 0.006
"""At least between two steps: packets of several sensors are taken together."""
_RECENT_EVERY_S = 0.25
_CLOSE_TIMEOUT_S = 3.0


class Bridge:
    """The sensors of one wearer.

    Parameters
    ----------
    transport : Transport
        Opened and closed by the bridge.
    rate_hz : float, optional
        Asked of sensors that can choose.
    start_patience_s : float
        How long sensors that are ready wait for the others before they start without them.
    hardware_sync : bool
        Let sensors that can agree on one clock by their own radio do so before they start.
    seed : int, optional
        Of the waits' jitter.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        rate_hz: float | None = None,
        start_patience_s: float = 8.0,
        hardware_sync: bool = False,
        seed: int | None = None,
    ) -> None:
        self._transport = transport
        self._rate_hz = rate_hz
        self._rng = Random(seed)
        self._links: dict[str, SensorLink] = {}
        self._start = StartTogether(self._links, start_patience_s, hardware_sync=hardware_sync)
        self._lock = RLock()
        self._sinks: list[Callable[[BridgeUpdate], None]] = []
        self._updates: deque[BridgeUpdate] = deque()
        self._thread: Thread | None = None
        self._stop = Event()
        self._zero_s = 0.0
        self._opened = False
        self._next_recent_s = 0.0
        self._taps: TapTwice | None = None
        self._tap_samples: dict[str, int] = {}
        self._dropouts = Dropouts()
        self.start_time: datetime | None = None
        """Wall-clock time of session time 0, with its zone; known from `open` on."""

    # -- life ------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the radio and begin the session clock; the caller polls and thereby works."""
        self._transport.open()
        self._zero_s = self._transport.now_s()
        self.start_time = datetime.now().astimezone()
        self._opened = True

    def start(self) -> None:
        """`open`, and work on a thread of its own: a caller that is late loses nothing."""
        self.open()
        self._thread = Thread(target=self._run, name="hipgait-bridge", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the sensors, end the links, close the radio. What came stays to be polled."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if not self._opened:
            return
        with self._lock:
            self._keep(self._step())
            requests = [link.shut_down() for link in self._links.values()]
            # What still waited, for a packet before it or for its clock, will wait no more.
            self._keep(self._collected(self.now_s()))
        wait(requests, _CLOSE_TIMEOUT_S)
        self._transport.close()
        self._opened = False

    # -- who ---------------------------------------------------------------------------------

    def add(self, sensor: RawSensor) -> None:
        """Allow a sensor, and keep it going from now on.

        Raises
        ------
        UsageError
            If its kind is not known, or its placement is taken by another.
        """
        family = FAMILIES.get(sensor.family)
        if family is None:
            raise UsageError(
                f"There is no kind of sensor called '{sensor.family}'.",
                hint=f"Known kinds: {', '.join(FAMILIES)}.",
                reason="family_unknown",
            )
        with self._lock:
            if not self._opened:
                raise UsageError("Open the bridge first.", reason="bridge_not_open")
            self._refuse_taken(sensor.placement, sensor.advertisement.address)
            link = SensorLink(
                self._transport,
                sensor,
                family,
                self._zero_s,
                Random(self._rng.random()),
                rate_hz=self._rate_hz,
            )
            link.may_start = self._start.started
            self._links[link.address] = link

    def remove(self, address: str) -> None:
        """Let a sensor go."""
        with self._lock:
            link = self._links.pop(address, None)
            if link is not None:
                link.sync.ended("it was removed")
                link.shut_down()

    def assign(self, address: str, placement: Placement | None) -> None:
        """Say where a sensor is worn; its samples are handed over from now on.

        Raises
        ------
        UsageError
            If the placement is taken by another sensor.
        """
        with self._lock:
            self._refuse_taken(placement, address)
            self._links[address].assign(placement, self.now_s())

    def identify(self, address: str) -> bool:
        """Make a sensor blink; False if it cannot or is not linked."""
        with self._lock:
            return self._links[address].identify()

    def listen_for_taps(self, on: bool = True) -> None:
        """Report in `BridgeUpdate.tapped` which sensor is tapped twice."""
        with self._lock:
            self._taps = TapTwice() if on else None

    def _refuse_taken(self, placement: Placement | None, address: str) -> None:
        for link in self._links.values():
            if placement is not None and link.placement is placement and link.address != address:
                raise UsageError(
                    f"The {placement.label} has a sensor already ({link.address}).",
                    hint="Remove that one first.",
                    reason="placement_taken",
                )

    # -- what comes --------------------------------------------------------------------------

    def attach(self, sink: Callable[[BridgeUpdate], None]) -> None:
        """Hand every update to `sink` as it comes, on the bridge's own thread."""
        with self._lock:
            self._sinks.append(sink)

    def now_s(self) -> float:
        """Now, on the session clock."""
        return self._transport.now_s() - self._zero_s

    def statuses(self) -> dict[str, SensorStatus]:
        """All sensors as they are now."""
        with self._lock:
            return {address: link.status() for address, link in self._links.items()}

    def poll(self) -> BridgeUpdate:
        """What came since the last call, in one piece."""
        if self._thread is None and self._opened:
            with self._lock:
                self._keep(self._step())
        now = BridgeUpdate(
            self.now_s(), sensors=self.statuses(), radio_problem=self._radio_problem()
        )
        return merged([*(self._updates.popleft() for _ in range(len(self._updates))), now])

    # -- inside ------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.wait(_REST_S):
            self._transport.wait(_STEP_S - _REST_S)
            with self._lock:
                self._keep(self._step())

    def _keep(self, update: BridgeUpdate) -> None:
        if not (update.samples or update.events or update.raw or update.tapped):
            return
        self._updates.append(update)
        for sink in self._sinks:
            sink(update)

    def _step(self) -> BridgeUpdate:
        now_s = self.now_s()
        for event in self._transport.drain():
            self._on_event(event)
        for link in self._links.values():
            link.step(now_s)
        self._start.step(now_s)
        if now_s >= self._next_recent_s:
            self._next_recent_s = now_s + _RECENT_EVERY_S
            for link in self._links.values():
                link.note_recent(now_s)
        return self._collected(now_s)

    def _collected(self, now_s: float) -> BridgeUpdate:
        samples, tapped = self._take_samples(now_s)
        raw: list[RawRecord] = []
        for link in self._links.values():
            raw += link.raw
            link.raw = []
        return BridgeUpdate(
            now_s, samples, self._dropouts.events(now_s, samples), tuple(raw), tapped=tapped
        )

    def _on_event(self, event: Packet | Sighting | LinkLost) -> None:
        if isinstance(event, Packet):
            link = self._links.get(event.address)
            if link is not None:
                link.on_packet(event)
        elif isinstance(event, Sighting):
            link = self._links.get(event.advertisement.address)
            if link is not None:
                link.rssi_dbm = event.advertisement.rssi_dbm
        else:
            link = self._links.get(event.address)
            if link is not None:
                link.on_link_lost(event.host_time_s)

    def _take_samples(self, now_s: float) -> tuple[tuple[ImuSamples, ...], str]:
        taken: list[ImuSamples] = []
        for link in self._links.values():
            # Unassigned sensors are decoded too: they can be tapped.
            samples = link.stream.take(now_s, link.placement or Placement.PELVIS)
            if samples is None:
                continue
            if self._taps is not None:
                self._taps.feed(link.address, samples.time_s, samples.acc_m_s2)
            if link.placement is not None:
                taken.append(samples)
        tapped = self._taps.tapped(now_s) if self._taps is not None else ""
        return tuple(taken), tapped

    def _radio_problem(self) -> SensorError | None:
        with self._lock:
            problems = [link.problem for link in self._links.values() if not link.ready]
        return next((p for p in problems if p is not None and p.reason in RADIO_REASONS), None)
