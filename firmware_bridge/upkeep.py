"""What a sensor is asked while it streams: its clock each second, its battery each minute."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from math import inf
from random import Random

from firmware_bridge.devices.base import DeviceFamily, Write
from firmware_bridge.sensor_stream import SensorStream
from firmware_bridge.transport.base import Transport

_PING_EVERY_S = 1.0
_PING_NEW_CLOCK_EVERY_S = 0.1
_BATTERY_EVERY_S = 60.0


class Upkeep:
    """Writes that nobody waits for; a failure shows soon enough as a lost link.

    Parameters
    ----------
    transport : Transport
    address : str
    family : DeviceFamily
    stream : SensorStream
        Told of each ping.
    session_zero_s : float
        Time 0 of the session on the transport's clock.
    rng : Random
        Of the pings' beat.
    """

    def __init__(
        self,
        transport: Transport,
        address: str,
        family: DeviceFamily,
        stream: SensorStream,
        session_zero_s: float,
        rng: Random,
    ) -> None:
        self._transport = transport
        self._address = address
        self._family = family
        self._stream = stream
        self._zero_s = session_zero_s
        self._rng = rng
        self._errands: list[Future[None]] = []
        self._pinged_s = -inf
        self._beat = 1.0
        self._battery_s = 0.0
        self._pings = 0

    def started(self, now_s: float) -> None:
        """The sensor streams from now on, and has just said how its battery is."""
        self._battery_s = now_s + _BATTERY_EVERY_S

    def step(self, now_s: float) -> None:
        """Ask what is due."""
        every_s = _PING_NEW_CLOCK_EVERY_S if self._stream.clock_is_new else _PING_EVERY_S
        if now_s >= self._pinged_s + every_s * self._beat:
            # Not at a fixed beat: pings must not stand still against the radio's own.
            self._pinged_s, self._beat = now_s, 0.7 + 0.6 * self._rng.random()
            self._ping()
        if now_s >= self._battery_s:
            self._battery_s = now_s + _BATTERY_EVERY_S
            self.write(self._family.battery_request())

    def write(self, writes: Iterable[Write]) -> None:
        """Send them off."""
        for write in writes:
            self._errands.append(self._transport.write(self._address, write))

    def disconnect(self) -> Future[None]:
        """End the link, whatever is left of it."""
        request = self._transport.disconnect(self._address)
        self._errands.append(request)
        return request

    def forget_what_is_done(self) -> None:
        """Failures are looked at, so that nothing complains; the link tells what matters."""
        for errand in self._errands:
            if errand.done():
                errand.exception()
        self._errands = [errand for errand in self._errands if not errand.done()]

    def _ping(self) -> None:
        self._pings += 1
        token = self._pings.to_bytes(8, "little")
        writes = self._family.ping(token)
        if writes:
            self._stream.ping_sent(token, self._transport.now_s() - self._zero_s)
            self.write(writes)
