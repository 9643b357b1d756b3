"""The real radio. The one file that imports bleak.

All bleak objects live on one thread with one asyncio loop for the life of the program, as
bleak wants it; Qt's loops cannot carry it, and a window that is busy must not move the time
stamps. Its lock serves scanning and connecting. A device found earlier may have been
forgotten by the stack meanwhile: before each connect it is heard anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Event
from typing import Any, TypeVar

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak.exc import BleakBluetoothNotAvailableReason as Unavailable

from firmware_bridge.devices.base import Advertisement, Write
from firmware_bridge.transport.base import (
    Characteristics,
    LinkLost,
    Packet,
    Sighting,
    TransportEvent,
)
from firmware_bridge.transport.problems import Reason, problem
from firmware_bridge.transport.radio_thread import RadioThread, radio_thread
from recordings.errors import SensorError

_log = logging.getLogger(__name__)
# What bleak warns of reaches a log that somebody set up, and never a wearer's terminal.
logging.getLogger("bleak").addHandler(logging.NullHandler())
logging.getLogger("dbus_fast").addHandler(logging.NullHandler())
_log.addHandler(logging.NullHandler())
_T = TypeVar("_T")

_FRESH_S = 5.0
"""A sensor heard so recently is still known to the stack."""


class BleakTransport:
    """Bluetooth LE through the operating system's own stack.

    Parameters
    ----------
    find_timeout_s : float
        How long `connect` listens for a sensor before it gives up.
    connect_timeout_s : float
        For the connection with discovery of services.
    close_timeout_s : float
        How long `close` waits for links to end in an orderly way.
    """

    def __init__(
        self,
        *,
        find_timeout_s: float = 6.0,
        connect_timeout_s: float = 15.0,
        close_timeout_s: float = 5.0,
    ) -> None:
        self._find_timeout_s = find_timeout_s
        self._connect_timeout_s = connect_timeout_s
        self._close_timeout_s = close_timeout_s
        self._events: deque[TransportEvent] = deque()
        self._urgent = Event()
        self._clients: dict[str, BleakClient] = {}
        self._heard: dict[str, tuple[float, BLEDevice]] = {}
        self._waiters: dict[str, asyncio.Event] = {}
        self._scanner: BleakScanner | None = None
        self._scan_wanted = False
        self._requests: set[asyncio.Task[Any]] = set()
        self._radio: RadioThread | None = None
        self._closed = False

    # -- from any thread ------------------------------------------------------------

    def open(self) -> None:
        self._radio = radio_thread()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._radio is None:
            return
        future = asyncio.run_coroutine_threadsafe(self._shut_down(), self._radio.loop)
        try:
            future.result(self._close_timeout_s)
        except TimeoutError:
            _log.warning("the radio did not end its links in time")

    def now_s(self) -> float:
        return time.perf_counter()

    def start_scan(self) -> Future[None]:
        return self._request(self._start_scan())

    def stop_scan(self) -> Future[None]:
        return self._request(self._stop_scan())

    def connect(self, address: str) -> Future[Characteristics]:
        return self._request(self._connect(address))

    def disconnect(self, address: str) -> Future[None]:
        return self._request(self._disconnect(address))

    def subscribe(self, address: str, characteristic: str) -> Future[None]:
        return self._request(self._subscribe(address, characteristic))

    def read(self, address: str, characteristic: str) -> Future[bytes]:
        return self._request(self._read(address, characteristic))

    def write(self, address: str, write: Write) -> Future[None]:
        return self._request(self._write(address, write))

    def drain(self) -> list[TransportEvent]:
        # Before the events are counted: what comes from now on must end the next wait.
        self._urgent.clear()
        # The radio thread may append meanwhile: take what is there now and no more.
        return [self._events.popleft() for _ in range(len(self._events))]

    def wait(self, timeout_s: float) -> None:
        self._urgent.wait(timeout_s)

    def _request(self, action: Coroutine[Any, Any, _T]) -> Future[_T]:
        if self._closed or self._radio is None:
            action.close()
            refused: Future[_T] = Future()
            refused.set_exception(problem(Reason.CLOSED))
            return refused
        return asyncio.run_coroutine_threadsafe(self._in_our_words(action), self._radio.loop)

    # -- on the radio thread ----------------------------------------------------------

    async def _in_our_words(self, action: Coroutine[Any, Any, _T]) -> _T:
        task = asyncio.current_task()
        assert task is not None
        self._requests.add(task)
        try:
            return await action
        except asyncio.CancelledError:
            raise problem(Reason.CLOSED) from None
        except (BleakError, TimeoutError, OSError, EOFError) as error:
            raise translated(error) from error
        finally:
            self._requests.discard(task)

    async def _shut_down(self) -> None:
        self._scan_wanted = False
        for task in self._requests:
            task.cancel()
        await asyncio.gather(*self._requests, return_exceptions=True)
        await asyncio.gather(
            self._pause_scan(),
            *(self._disconnect(address) for address in list(self._clients)),
            return_exceptions=True,
        )

    @property
    def _lock(self) -> asyncio.Lock:
        assert self._radio is not None
        return self._radio.lock

    async def _start_scan(self) -> None:
        self._scan_wanted = True
        async with self._lock:
            await self._resume_scan()

    async def _stop_scan(self) -> None:
        self._scan_wanted = False
        async with self._lock:
            await self._pause_scan()

    async def _resume_scan(self) -> None:
        if self._scanner is None and self._scan_wanted:
            self._scanner = await self._started_scanner()

    async def _pause_scan(self) -> None:
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            await _stopped(scanner)

    async def _started_scanner(self) -> BleakScanner:
        scanner = BleakScanner(self._on_sighting)
        await scanner.start()
        return scanner

    def _on_sighting(self, device: BLEDevice, data: AdvertisementData) -> None:
        now = time.perf_counter()
        self._heard[device.address] = (now, device)
        if waiter := self._waiters.get(device.address):
            waiter.set()
        advertisement = Advertisement(
            device.address,
            data.local_name or device.name or "",
            tuple(uuid.lower() for uuid in data.service_uuids),
            dict(data.manufacturer_data),
            data.rssi,
        )
        self._events.append(Sighting(now, advertisement))

    async def _connect(self, address: str) -> Characteristics:
        async with self._lock:
            await self._pause_scan()
            try:
                client = await self._connected_client(address)
            finally:
                if self._scan_wanted:
                    await self._resume_scan()
        return {
            characteristic.uuid.lower(): frozenset(characteristic.properties)
            for service in client.services
            for characteristic in service.characteristics
        }

    async def _connected_client(self, address: str) -> BleakClient:
        old = self._clients.get(address)
        if old is not None and old.is_connected:
            return old
        heard_s, device = self._heard.get(address, (-_FRESH_S, None))
        if device is None or time.perf_counter() - heard_s > _FRESH_S:
            device = await self._find(address)
        try:
            client = await self._try_connect(device)
        except BleakDeviceNotFoundError:
            # The stack forgot it between hearing and connecting.
            client = await self._try_connect(await self._find(address))
        return client

    async def _find(self, address: str) -> BLEDevice:
        self._heard.pop(address, None)
        waiter = self._waiters[address] = asyncio.Event()
        scanner = await self._started_scanner()
        try:
            async with asyncio.timeout(self._find_timeout_s):
                await waiter.wait()
        except TimeoutError:
            raise problem(Reason.NOT_FOUND, address) from None
        finally:
            del self._waiters[address]
            await _stopped(scanner)
        return self._heard[address][1]

    async def _try_connect(self, device: BLEDevice) -> BleakClient:
        address = device.address
        client = BleakClient(
            device, self._on_disconnected, timeout=self._connect_timeout_s, pair=False
        )
        # Registered first, so that a link that breaks while services are discovered is
        # already known to be this one.
        self._clients[address] = client
        try:
            await client.connect()
        except BaseException:
            self._clients.pop(address, None)
            self._heard.pop(address, None)
            raise
        return client

    def _on_disconnected(self, client: BleakClient) -> None:
        now = time.perf_counter()
        address = client.address
        if self._clients.get(address) is client:
            del self._clients[address]
            self._heard.pop(address, None)
            self._events.append(LinkLost(now, address))
            self._urgent.set()

    async def _disconnect(self, address: str) -> None:
        client = self._clients.pop(address, None)
        if client is not None:
            await client.disconnect()

    def _linked(self, address: str) -> BleakClient:
        client = self._clients.get(address)
        if client is None or not client.is_connected:
            raise problem(Reason.NOT_CONNECTED, address)
        return client

    async def _subscribe(self, address: str, characteristic: str) -> None:
        client = self._linked(address)
        append, wake = self._events.append, self._urgent.set
        clock = time.perf_counter

        def on_notification(_: BleakGATTCharacteristic, data: bytearray) -> None:
            append(Packet(clock(), address, characteristic, bytes(data)))
            wake()

        # StartNotify loses nothing that is sent before the subscription is confirmed;
        # AcquireNotify does, and breaks some sensors.
        await client.start_notify(characteristic, on_notification, bluez={"use_start_notify": True})

    async def _read(self, address: str, characteristic: str) -> bytes:
        return bytes(await self._linked(address).read_gatt_char(characteristic))

    async def _write(self, address: str, write: Write) -> None:
        await self._linked(address).write_gatt_char(
            write.characteristic, write.data, response=write.with_response
        )


async def _stopped(scanner: BleakScanner) -> None:
    try:
        await scanner.stop()
    except (BleakError, EOFError, OSError) as error:
        # The adapter went off or the service died: the scan has ended all the more.
        _log.info("scan ended with %r", error)


def translated(error: Exception) -> SensorError:
    """A `SensorError` that says in a wearer's words what bleak, or D-Bus, said in its own."""
    reason = _reason(error)
    detail = str(error) or type(error).__name__ if reason is Reason.RADIO_FAILED else ""
    return problem(reason, detail=detail)


_UNAVAILABLE = {
    Unavailable.POWERED_OFF: Reason.BLUETOOTH_OFF,
    Unavailable.NO_BLUETOOTH: Reason.NO_ADAPTER,
    Unavailable.NO_BLE_CENTRAL_ROLE: Reason.NO_ADAPTER,
    Unavailable.DENIED_BY_USER: Reason.PERMISSION_DENIED,
    Unavailable.DENIED_BY_SYSTEM: Reason.PERMISSION_DENIED,
    Unavailable.DENIED_BY_UNKNOWN: Reason.PERMISSION_DENIED,
}
_DBUS_ERRORS = {
    "org.bluez.Error.NotReady": Reason.BLUETOOTH_OFF,
    "org.bluez.Error.InProgress": Reason.BUSY,
    "org.bluez.Error.NotSupported": Reason.NOT_SUPPORTED,
    "org.bluez.Error.NotPermitted": Reason.NOT_SUPPORTED,
    "org.freedesktop.DBus.Error.AccessDenied": Reason.PERMISSION_DENIED,
    "org.freedesktop.DBus.Error.ServiceUnknown": Reason.SERVICE_MISSING,
    "org.freedesktop.DBus.Error.NameHasNoOwner": Reason.SERVICE_MISSING,
    "org.freedesktop.DBus.Error.UnknownObject": Reason.NOT_FOUND,
}
_TYPES: tuple[tuple[type[Exception], Reason], ...] = (
    (PermissionError, Reason.PERMISSION_DENIED),
    (TimeoutError, Reason.TIMED_OUT),
    (BleakDeviceNotFoundError, Reason.NOT_FOUND),
    (BleakCharacteristicNotFoundError, Reason.CHARACTERISTIC_MISSING),
    (BleakGATTProtocolError, Reason.REFUSED),
    # What remains of these is the D-Bus socket: not there, refused, or closed.
    (OSError, Reason.SERVICE_MISSING),
    (EOFError, Reason.SERVICE_MISSING),
)
_TEXTS = {
    "not found": Reason.NOT_FOUND,
    "not connected": Reason.NOT_CONNECTED,
    "disconnected": Reason.CONNECTION_FAILED,
    "connection-abort": Reason.CONNECTION_FAILED,
    "le-connection": Reason.CONNECTION_FAILED,
    "no powered": Reason.BLUETOOTH_OFF,
}
"""What some errors say that have no type of their own."""


def _reason(error: Exception) -> Reason:
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _UNAVAILABLE.get(error.reason, Reason.RADIO_FAILED)
    if isinstance(error, BleakDBusError) and error.dbus_error in _DBUS_ERRORS:
        return _DBUS_ERRORS[error.dbus_error]
    for kind, reason in _TYPES:
        if isinstance(error, kind):
            return reason
    text = str(error).lower()
    return next((r for part, r in _TEXTS.items() if part in text), Reason.RADIO_FAILED)
