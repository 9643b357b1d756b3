"""A transport without a radio: simulated sensors over simulated links.

Nothing runs in the background: what has happened up to now is worked out whenever somebody
asks. With a clock of the caller's own an hour takes seconds and every run is the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from math import inf

from firmware_bridge.devices.base import Advertisement, Write
from firmware_bridge.devices.peripherals.base import WriteRefused
from firmware_bridge.transport.base import (
    Characteristics,
    LinkLost,
    Packet,
    TransportEvent,
)
from firmware_bridge.transport.polled import PolledTransport
from firmware_bridge.transport.problems import Reason, problem
from firmware_bridge.transport.radio import Radio, RadioConditions
from firmware_bridge.transport.simulated_sensor import SimulatedSensor


class VirtualTransport(PolledTransport):
    """Reaches simulated sensors; faults are method calls.

    Parameters
    ----------
    sensors : iterable of SimulatedSensor
    conditions : RadioConditions, optional
        Of all links; `radio` gives access to each.
    clock : callable
        Returns the time in s; must not go backwards.
    seed : int
        Of all that is random on the links.
    """

    def __init__(
        self,
        sensors: Iterable[SimulatedSensor],
        conditions: RadioConditions | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._stations = {
            sensor.address: _Station(sensor, Radio(conditions, seed=seed * 1009 + i))
            for i, sensor in enumerate(sensors)
        }
        self._open = False
        self._powered = True

    # -- the transport --------------------------------------------------------------

    def open(self) -> None:
        self._open = True
        for station in self._stations.values():
            station.sensor.switch_on(self._clock())

    def close(self) -> None:
        if not self._open:
            return
        for address in self._stations:
            self.disconnect(address)
        self._open = False

    def now_s(self) -> float:
        return self._clock()

    def connect(self, address: str) -> Future[Characteristics]:
        def connect() -> Characteristics:
            station = self._stations.get(address)
            if station is None or not station.in_reach:
                raise problem(Reason.NOT_FOUND, address)
            station.connected = True
            return {
                c.uuid: c.properties
                for service in station.sensor.peripheral.services()
                for c in service.characteristics
            }

        return self._request(connect)

    def disconnect(self, address: str) -> Future[None]:
        def disconnect() -> None:
            station = self._stations.get(address)
            if station is not None and station.connected:
                station.drop()

        return self._request(disconnect)

    def subscribe(self, address: str, characteristic: str) -> Future[None]:
        def subscribe() -> None:
            station = self._linked(address)
            station.require(characteristic, "notify")
            station.subscribed.add(characteristic)

        return self._request(subscribe)

    def read(self, address: str, characteristic: str) -> Future[bytes]:
        def read() -> bytes:
            station = self._linked(address)
            station.require(characteristic, "read")
            return station.sensor.peripheral.on_read(characteristic)

        return self._request(read)

    def write(self, address: str, write: Write) -> Future[None]:
        def send() -> None:
            station = self._linked(address)
            station.require(write.characteristic, "write", "write-without-response")
            now = self._clock()
            try:
                answers = station.sensor.write(write.characteristic, write.data, now)
            except WriteRefused as refusal:
                raise problem(Reason.REFUSED, address) from refusal
            for answer in answers:
                station.radio.send(now, answer)

        return self._request(send)

    # -- faults ---------------------------------------------------------------------

    def radio(self, address: str) -> Radio:
        """The link of one sensor, to make worse or better."""
        return self._stations[address].radio

    def drop_link(self, address: str) -> None:
        """The link breaks: out of range for a moment."""
        self._catch_up()
        station = self._stations[address]
        if station.connected:
            station.drop()
            self._events.append(LinkLost(self._clock(), address))

    def set_in_reach(self, address: str, in_reach: bool) -> None:
        """Switch a sensor off, or carry it away; or bring it back."""
        if not in_reach:
            self.drop_link(address)
        self._stations[address].in_reach = in_reach

    def reboot(self, address: str) -> None:
        """Flat battery, watchdog: the link breaks and counter and clock begin anew."""
        self.drop_link(address)
        self._stations[address].sensor.reboot(self._clock())

    def set_powered(self, powered: bool) -> None:
        """Switch the adapter off (or unplug it), or on again."""
        if not powered:
            for address in self._stations:
                self.drop_link(address)
            self._scan_since_s = None
        self._powered = powered

    # -- inside ---------------------------------------------------------------------

    def _require_radio(self) -> None:
        if not self._open:
            raise problem(Reason.CLOSED)
        if not self._powered:
            raise problem(Reason.BLUETOOTH_OFF)

    def _linked(self, address: str) -> _Station:
        station = self._stations.get(address)
        if station is None or not station.connected:
            raise problem(Reason.NOT_CONNECTED, address)
        return station

    def _catch_up(self) -> None:
        if not self._open:
            return
        now = self._clock()
        known = len(self._events)
        self._hear_until(now)
        for station in self._stations.values():
            self._events.extend(station.advance(now))
        self._events[known:] = sorted(self._events[known:], key=_host_time)

    def _next_in_s(self) -> float:
        # What sensors will send is not known, but what they sent is, and waits in the air.
        next_s = min((s.radio.next_arrival_s for s in self._stations.values()), default=inf)
        return next_s - self._clock()

    def _advertising(self) -> Iterable[Advertisement]:
        stations = self._stations.values()
        return [s.advertisement() for s in stations if s.in_reach and not s.connected]


class _Station:
    """One sensor and the link to it."""

    def __init__(self, sensor: SimulatedSensor, radio: Radio) -> None:
        self.sensor = sensor
        self.radio = radio
        self.connected = False
        self.in_reach = True
        self.subscribed: set[str] = set()
        self._properties = {
            c.uuid: c.properties
            for service in sensor.peripheral.services()
            for c in service.characteristics
        }

    def advertisement(self) -> Advertisement:
        return self.sensor.peripheral.announcement().from_address(self.sensor.address, -55)

    def advance(self, now: float) -> list[Packet]:
        for sent_s, notification in self.sensor.advance(now):
            if self.connected and notification.characteristic in self.subscribed:
                self.radio.send(sent_s, notification)
        return [
            Packet(arrival_s, self.sensor.address, n.characteristic, n.data)
            for arrival_s, n in self.radio.arrivals(now)
        ]

    def require(self, characteristic: str, *any_of: str) -> None:
        properties = self._properties.get(characteristic)
        if properties is None:
            raise problem(Reason.CHARACTERISTIC_MISSING, self.sensor.address, characteristic)
        if not properties & set(any_of):
            raise problem(Reason.NOT_SUPPORTED, self.sensor.address, characteristic)

    def drop(self) -> None:
        self.connected = False
        self.subscribed.clear()
        self.radio.cut()
        self.sensor.peripheral.on_disconnect()


def _host_time(event: TransportEvent) -> float:
    return event.host_time_s
