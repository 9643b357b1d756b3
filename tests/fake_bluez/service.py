"""``org.bluez`` as far as a Bluetooth LE central needs it.

Order of signals, and which objects stay when, are those of bluetoothd 5.66: on connect
``Connected``, then the objects of services and characteristics, then ``ServicesResolved``;
when a link breaks ``ServicesResolved`` and ``Connected`` go false and the objects stay;
when a device is forgotten they go, children first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from firmware_bridge.devices.peripherals.base import WriteRefused
from tests.fake_bluez.station import ADAPTER_PATH, Attribute, Station

_OBJECTS = "org.freedesktop.DBus.ObjectManager"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_ADAPTER = "org.bluez.Adapter1"
_DEVICE = "org.bluez.Device1"
_SERVICE = "org.bluez.GattService1"
_CHARACTERISTIC = "org.bluez.GattCharacteristic1"

_ADVERTISING_INTERVAL_S = 0.05
_RADIO_STEP_S = 0.005
_MTU = 247

_Interfaces = dict[str, dict[str, Variant]]


class FakeBluez:
    """The service. All its methods belong to the thread of its event loop."""

    def __init__(self, address: str, stations: Iterable[Station]) -> None:
        self._address = address
        self.stations = {station.path: station for station in stations}
        self.powered = True
        self.plugged_in = True
        self.scan_errors: list[tuple[str, str]] = []
        """D-Bus error name and text; each attempt to scan takes one."""
        self.late_s: list[float] = []
        """How late the radio woke up, step by step: what a busy machine does to this fake."""
        self._discovering: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._bus: MessageBus | None = None

    async def start(self) -> None:
        """Appear on the bus."""
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.add_message_handler(self._on_message)
        await self._bus.request_name("org.bluez")
        for station in self.stations.values():
            station.sensor.switch_on(time.perf_counter())
        self._spawn(self._advertise())
        self._spawn(self._radio())

    async def stop(self) -> None:
        """Vanish from the bus; links break and devices are forgotten."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for station in self.stations.values():
            if station.connected:
                station.link_down()
            station.known = station.gatt_known = False
        self._discovering.clear()
        if self._bus is not None:
            self._bus.disconnect()
            with suppress(EOFError, OSError):  # the daemon died first
                await self._bus.wait_for_disconnect()
            self._bus = None

    # -- faults -------------------------------------------------------------------------

    def drop_link(self, station: Station) -> None:
        """The link breaks without anybody asking for it."""
        if station.connected:
            station.link_down()
            self._changed(station.path, _DEVICE, ServicesResolved=Variant("b", False))
            self._changed(station.path, _DEVICE, Connected=Variant("b", False))

    def forget(self, station: Station) -> None:
        """BlueZ drops a device that was never paired 30 s after a scan."""
        self.drop_link(station)
        if station.gatt_known:
            for path, interfaces in reversed(list(self._gatt_objects(station))):
                self._removed(path, interfaces)
        if station.known:
            self._removed(station.path, (_DEVICE,))
        station.known = station.gatt_known = False

    def set_powered(self, powered: bool) -> None:
        """The adapter is switched off, or on."""
        if not powered:
            for station in self.stations.values():
                self.drop_link(station)
            self._discovering.clear()
        self.powered = powered
        self._changed(ADAPTER_PATH, _ADAPTER, Powered=Variant("b", powered))
        if not powered:
            self._changed(ADAPTER_PATH, _ADAPTER, Discovering=Variant("b", False))

    def set_plugged_in(self, plugged_in: bool) -> None:
        """The dongle is pulled out, or comes back."""
        if not plugged_in:
            for station in self.stations.values():
                self.forget(station)
            self._discovering.clear()
            self._removed(ADAPTER_PATH, (_ADAPTER,))
        else:
            self._added(ADAPTER_PATH, {_ADAPTER: self._adapter_properties()})
        self.plugged_in = plugged_in

    def send_garbage(self, station: Station) -> None:
        """Notifications that no sensor would send."""
        for attribute, data in station.garbage():
            self._changed(attribute.path, _CHARACTERISTIC, Value=Variant("ay", data))

    # -- the world goes on --------------------------------------------------------------

    async def _advertise(self) -> None:
        while True:
            await asyncio.sleep(_ADVERTISING_INTERVAL_S)
            if not self._discovering or not self.powered or not self.plugged_in:
                continue
            for station in self.stations.values():
                if station.connected or not station.in_reach:
                    continue
                if station.known:
                    self._changed(station.path, _DEVICE, RSSI=Variant("n", station.rssi_dbm))
                else:
                    station.known = True
                    self._added(station.path, {_DEVICE: self._device_properties(station)})

    async def _radio(self) -> None:
        now = time.perf_counter()
        while True:
            due_s = now + _RADIO_STEP_S
            await asyncio.sleep(_RADIO_STEP_S)
            now = time.perf_counter()
            self.late_s.append(now - due_s)
            on_the_bus = self._bus is not None and self._bus.connected
            for station in self.stations.values():
                if station.connected and not on_the_bus:
                    station.link_down()  # the service dies with its bus, its links with it
                if station.connected:
                    for attribute, notification in station.due(now):
                        value = Variant("ay", notification.data)
                        self._changed(attribute.path, _CHARACTERISTIC, Value=value)

    # -- objects ------------------------------------------------------------------------

    def _adapter_properties(self) -> dict[str, Variant]:
        return {
            "Address": Variant("s", "00:00:00:00:00:01"),
            "Name": Variant("s", "fake"),
            "Alias": Variant("s", "fake"),
            "Powered": Variant("b", self.powered),
            "Discovering": Variant("b", bool(self._discovering)),
            "Roles": Variant("as", ["central"]),
            "UUIDs": Variant("as", []),
        }

    def _device_properties(self, station: Station) -> dict[str, Variant]:
        announcement = station.sensor.peripheral.announcement()
        address = station.sensor.address
        properties = {
            "Address": Variant("s", address),
            "AddressType": Variant("s", "random"),
            "Alias": Variant("s", announcement.name or address.replace(":", "-")),
            "Adapter": Variant("o", ADAPTER_PATH),
            "Paired": Variant("b", False),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "Connected": Variant("b", station.connected),
            "ServicesResolved": Variant("b", station.resolved),
            "UUIDs": Variant("as", list(announcement.service_uuids)),
            "RSSI": Variant("n", station.rssi_dbm),
        }
        if announcement.name:
            properties["Name"] = Variant("s", announcement.name)
        if announcement.manufacturer_data:
            properties["ManufacturerData"] = Variant(
                "a{qv}",
                {k: Variant("ay", v) for k, v in announcement.manufacturer_data.items()},
            )
        return properties

    def _gatt_objects(self, station: Station) -> Iterator[tuple[str, _Interfaces]]:
        seen: set[str] = set()
        for a in station.attributes:
            if a.service_path not in seen:
                seen.add(a.service_path)
                yield (
                    a.service_path,
                    {
                        _SERVICE: {
                            "UUID": Variant("s", a.service_uuid),
                            "Primary": Variant("b", True),
                            "Device": Variant("o", station.path),
                        }
                    },
                )
            properties = {
                "UUID": Variant("s", a.uuid),
                "Service": Variant("o", a.service_path),
                "Flags": Variant("as", sorted(a.properties)),
                "Value": Variant("ay", b""),
                "MTU": Variant("q", _MTU),
            }
            if "notify" in a.properties:
                properties["Notifying"] = Variant("b", a.notifying)
                properties["NotifyAcquired"] = Variant("b", False)
            yield a.path, {_CHARACTERISTIC: properties}

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list) -> None:
        if self._bus is not None and self._bus.connected:
            self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def _changed(self, path: str, interface: str, **properties: Variant) -> None:
        body = [interface, properties, []]
        self._signal(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", body)

    def _added(self, path: str, interfaces: _Interfaces) -> None:
        self._signal("/", _OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def _removed(self, path: str, interfaces: Iterable[str]) -> None:
        self._signal("/", _OBJECTS, "InterfacesRemoved", "oas", [path, list(interfaces)])

    # -- method calls ---------------------------------------------------------------------

    def _on_message(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        method = _METHODS.get((message.interface, message.member))
        if method is None:
            return None
        return method(self, message) or True

    def _get_managed_objects(self, message: Message) -> Message:
        objects: dict[str, _Interfaces] = {}
        if self.plugged_in:
            objects[ADAPTER_PATH] = {_ADAPTER: self._adapter_properties()}
        for station in self.stations.values():
            if station.known:
                objects[station.path] = {_DEVICE: self._device_properties(station)}
            if station.gatt_known:
                objects.update(self._gatt_objects(station))
        return Message.new_method_return(message, "a{oa{sa{sv}}}", [objects])

    def _accept(self, message: Message) -> Message:
        return Message.new_method_return(message)

    def _start_discovery(self, message: Message) -> Message:
        if not self.powered:
            return Message.new_error(message, "org.bluez.Error.NotReady", "Resource Not Ready")
        if self.scan_errors:
            return Message.new_error(message, *self.scan_errors.pop(0))
        sender = message.sender or ""
        if sender in self._discovering:
            return Message.new_error(
                message, "org.bluez.Error.InProgress", "Operation already in progress"
            )
        self._discovering.add(sender)
        self._changed(ADAPTER_PATH, _ADAPTER, Discovering=Variant("b", True))
        return Message.new_method_return(message)

    def _stop_discovery(self, message: Message) -> Message:
        self._discovering.discard(message.sender or "")
        if not self._discovering:
            self._changed(ADAPTER_PATH, _ADAPTER, Discovering=Variant("b", False))
        return Message.new_method_return(message)

    def _remove_device(self, message: Message) -> Message:
        self.forget(self.stations[message.body[0]])
        return Message.new_method_return(message)

    def _connect(self, message: Message) -> Message | None:
        station = self.stations.get(message.path or "")
        if station is None or not station.known or not self.plugged_in:
            return _unknown_object(message)
        if not self.powered:
            return Message.new_error(message, "org.bluez.Error.NotReady", "Resource Not Ready")
        self._spawn(self._connect_slowly(message, station))
        return None

    async def _connect_slowly(self, message: Message, station: Station) -> None:
        assert self._bus is not None
        faults = station.faults
        await asyncio.sleep(faults.connect_delay_s)
        if faults.errors:
            self._bus.send(Message.new_error(message, *faults.errors.pop(0)))
            return
        if not station.in_reach or not self.powered:
            self._bus.send(
                Message.new_error(
                    message, "org.bluez.Error.Failed", "le-connection-abort-by-remote"
                )
            )
            return
        station.link_up(time.perf_counter())
        self._changed(station.path, _DEVICE, Connected=Variant("b", True))
        self._bus.send(Message.new_method_return(message))
        await asyncio.sleep(faults.discovery_delay_s)
        if faults.drop_in_discovery:
            faults.drop_in_discovery -= 1
            self.drop_link(station)
        if not station.connected:
            return
        if not station.gatt_known:
            station.gatt_known = True
            for path, interfaces in self._gatt_objects(station):
                self._added(path, interfaces)
        station.resolved = True
        uuids = sorted({a.service_uuid for a in station.attributes})
        self._changed(
            station.path,
            _DEVICE,
            UUIDs=Variant("as", uuids),
            ServicesResolved=Variant("b", True),
        )

    def _disconnect(self, message: Message) -> Message:
        station = self.stations.get(message.path or "")
        if station is None or not station.known:
            return _unknown_object(message)
        self.drop_link(station)
        return Message.new_method_return(message)

    def _read_value(self, message: Message) -> Message:
        station, attribute = self._find(message)
        if attribute is None or "read" not in attribute.properties:
            return _not_permitted(message)
        try:
            value = station.sensor.peripheral.on_read(attribute.uuid)
        except KeyError:
            return _not_permitted(message)
        return Message.new_method_return(message, "ay", [value])

    def _write_value(self, message: Message) -> Message:
        station, attribute = self._find(message)
        writable = {"write", "write-without-response"}
        if attribute is None or not attribute.properties & writable:
            return _not_permitted(message)
        now = time.perf_counter()
        for sent_s, notification in station.sensor.advance(now):
            station.send(sent_s, notification)
        try:
            answers = station.sensor.write(attribute.uuid, bytes(message.body[0]), now)
        except WriteRefused:
            return Message.new_error(
                message, "org.bluez.Error.Failed", "Operation failed with ATT error: 0x13"
            )
        for answer in answers:
            station.send(now, answer)
        return Message.new_method_return(message)

    def _start_notify(self, message: Message) -> Message:
        _, attribute = self._find(message)
        if attribute is None or "notify" not in attribute.properties:
            return Message.new_error(
                message, "org.bluez.Error.NotSupported", "Operation is not supported"
            )
        attribute.notifying = True
        self._changed(attribute.path, _CHARACTERISTIC, Notifying=Variant("b", True))
        return Message.new_method_return(message)

    def _stop_notify(self, message: Message) -> Message:
        _, attribute = self._find(message)
        if attribute is not None:
            attribute.notifying = False
        return Message.new_method_return(message)

    def _find(self, message: Message) -> tuple[Station, Attribute | None]:
        path = message.path or ""
        station = self.stations[path[: len(ADAPTER_PATH) + len("/dev_XX_XX_XX_XX_XX_XX")]]
        if not station.connected:
            return station, None
        return station, station.by_path.get(path)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _unknown_object(message: Message) -> Message:
    text = f'Method "{message.member}" with signature "" on this path does not exist'
    return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownObject", text)


def _not_permitted(message: Message) -> Message:
    return Message.new_error(message, "org.bluez.Error.NotPermitted", "Not permitted")


_METHODS: dict[tuple[str | None, str | None], Callable[[FakeBluez, Message], Message | None]] = {
    (_OBJECTS, "GetManagedObjects"): FakeBluez._get_managed_objects,
    (_ADAPTER, "SetDiscoveryFilter"): FakeBluez._accept,
    (_ADAPTER, "StartDiscovery"): FakeBluez._start_discovery,
    (_ADAPTER, "StopDiscovery"): FakeBluez._stop_discovery,
    (_ADAPTER, "RemoveDevice"): FakeBluez._remove_device,
    (_DEVICE, "Connect"): FakeBluez._connect,
    (_DEVICE, "Disconnect"): FakeBluez._disconnect,
    (_CHARACTERISTIC, "ReadValue"): FakeBluez._read_value,
    (_CHARACTERISTIC, "WriteValue"): FakeBluez._write_value,
    (_CHARACTERISTIC, "StartNotify"): FakeBluez._start_notify,
    (_CHARACTERISTIC, "StopNotify"): FakeBluez._stop_notify,
}
