"""What every transport offers: find sensors, hold links to them, hand over what they send.

Requests return a `concurrent.futures.Future` at once and are safe from any thread. What
sensors do by themselves comes as events, stamped when they happened on the transport's own
clock and collected with `Transport.drain`: a caller that is late gets old events, never
fewer of them, and their stamps do not know that it was late.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import NamedTuple, Protocol

from firmware_bridge.devices.base import Advertisement, Write

Characteristics = Mapping[str, frozenset[str]]
"""UUID → GATT properties (``read``, ``write``, ``write-without-response``, ``notify``)."""


class Sighting(NamedTuple):
    """A sensor was heard advertising."""

    host_time_s: float
    advertisement: Advertisement


class Packet(NamedTuple):
    """A notification came."""

    host_time_s: float
    address: str
    characteristic: str
    data: bytes


class LinkLost(NamedTuple):
    """A link ended without being asked to."""

    host_time_s: float
    address: str


TransportEvent = Sighting | Packet | LinkLost


class Transport(Protocol):
    """One radio. Open it, use it, close it; it does not open again.

    Futures of requests end with `SensorError` where they fail; its reason is one of
    `firmware_bridge.transport.problems.Reason`.
    """

    def open(self) -> None: ...

    def close(self) -> None:
        """End all links and the radio's own thread. May be called twice."""
        ...

    def now_s(self) -> float:
        """The clock that events are stamped with: monotonic, of no particular origin."""
        ...

    def start_scan(self) -> Future[None]:
        """Hear sensors advertise until `stop_scan`; each hearing is a `Sighting`."""
        ...

    def stop_scan(self) -> Future[None]: ...

    def connect(self, address: str) -> Future[Characteristics]:
        """Find a sensor if need be, connect, and learn what it has."""
        ...

    def disconnect(self, address: str) -> Future[None]:
        """End a link on purpose: no `LinkLost` follows. No link is no error."""
        ...

    def subscribe(self, address: str, characteristic: str) -> Future[None]: ...

    def read(self, address: str, characteristic: str) -> Future[bytes]: ...

    def write(self, address: str, write: Write) -> Future[None]: ...

    def drain(self) -> list[TransportEvent]:
        """Hand over all events since the last call, as they happened."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Sleep until there is a packet or a lost link to drain, or until the timeout (s).

        May return early or without need; what is only worked out when somebody asks may come
        as late as the timeout.
        """
        ...
