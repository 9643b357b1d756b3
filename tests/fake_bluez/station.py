"""One simulated sensor in reach of the fake service, and what can go wrong with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.devices.peripherals.base import Notification, Service
from firmware_bridge.transport.radio import Radio, RadioConditions
from firmware_bridge.transport.simulated_sensor import SimulatedSensor

ADAPTER_PATH = "/org/bluez/hci0"


@dataclass(slots=True)
class Attribute:
    """One characteristic as an object on the bus."""

    path: str
    service_path: str
    service_uuid: str
    uuid: str
    properties: frozenset[str]
    notifying: bool = False


@dataclass(slots=True)
class ConnectFaults:
    """What the next attempts to connect meet.

    Attributes
    ----------
    errors : list of (str, str)
        D-Bus error name and text; each attempt takes one.
    drop_in_discovery : int
        So many connections break while services are discovered.
    """

    errors: list[tuple[str, str]] = field(default_factory=list)
    drop_in_discovery: int = 0
    connect_delay_s: float = 0.02
    discovery_delay_s: float = 0.02


class Station:
    """State of one sensor on the bus.

    Parameters
    ----------
    sensor : SimulatedSensor
    conditions : RadioConditions
    services : sequence of Service, optional
        Instead of the peripheral's own: a sensor with the wrong firmware.
    """

    def __init__(
        self,
        sensor: SimulatedSensor,
        conditions: RadioConditions | None = None,
        *,
        services: tuple[Service, ...] | None = None,
        seed: int = 0,
    ) -> None:
        self.sensor = sensor
        self.radio = Radio(conditions, seed=seed)
        self.faults = ConnectFaults()
        self.in_reach = True
        self.connected = False
        self.resolved = False
        self.known = False
        """BlueZ has a device object for it."""
        self.gatt_known = False
        """BlueZ has objects for its services; they stay when the link breaks."""
        self.rssi_dbm = -52
        self.on_delivered: Callable[[float, str, bytes], None] | None = None
        """Told the true time of the last sample, characteristic and bytes of each packet
        that is handed to the bus."""
        self.garbage_sent = 0
        self._rng = random.Random(seed)
        self.path = f"{ADAPTER_PATH}/dev_{sensor.address.replace(':', '_')}"
        self.attributes = self._laid_out(services or tuple(sensor.peripheral.services()))
        self.by_path = {a.path: a for a in self.attributes}

    def _laid_out(self, services: tuple[Service, ...]) -> list[Attribute]:
        laid_out: list[Attribute] = []
        handle = 0x000A
        for service in services:
            handle += 1
            service_path = f"{self.path}/service{handle:04x}"
            for characteristic in service.characteristics:
                handle += 2
                laid_out.append(
                    Attribute(
                        f"{service_path}/char{handle - 1:04x}",
                        service_path,
                        service.uuid,
                        characteristic.uuid,
                        characteristic.properties,
                    )
                )
        return laid_out

    def attribute(self, uuid: str) -> Attribute | None:
        return next((a for a in self.attributes if a.uuid == uuid), None)

    def link_up(self, now: float) -> None:
        self.sensor.advance(now)  # what was taken while nobody listened is gone
        self.connected = True

    def link_down(self) -> None:
        self.connected = self.resolved = False
        for attribute in self.attributes:
            attribute.notifying = False
        self.radio.cut()
        self.sensor.peripheral.on_disconnect()

    def due(self, now: float) -> list[tuple[Attribute, Notification]]:
        """Let the sensor take its samples; what arrives at the host by now."""
        for sent_s, notification in self.sensor.advance(now):
            self.send(sent_s, notification)
        arrived: list[tuple[Attribute, Notification]] = []
        for _, notification in self.radio.arrivals(now):
            attribute = self.attribute(notification.characteristic)
            if attribute is not None and attribute.notifying:
                arrived.append((attribute, notification))
                if self.on_delivered is not None:
                    taken_s = self.sensor.true_time_s(notification.device_time_us)
                    self.on_delivered(taken_s, notification.characteristic, notification.data)
        return arrived

    def send(self, sent_s: float, notification: Notification) -> None:
        attribute = self.attribute(notification.characteristic)
        if self.connected and attribute is not None and attribute.notifying:
            self.radio.send(sent_s, notification)

    def garbage(self) -> list[tuple[Attribute, bytes]]:
        """A few notifications that no sensor of this kind would send."""
        targets = [a for a in self.attributes if a.notifying]
        self.garbage_sent += len(targets)
        return [(a, self._rng.randbytes(self._rng.randrange(1, 200))) for a in targets]
