"""A transport that plays a recorded ``raw.bin``: what sensors once sent, they send again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from math import inf
from pathlib import Path

from firmware_bridge.devices.base import Advertisement, Write
from firmware_bridge.transport.base import (
    Characteristics,
    LinkLost,
    Packet,
)
from firmware_bridge.transport.polled import PolledTransport
from firmware_bridge.transport.problems import Reason, problem
from firmware_bridge.transport.raw_stream import (
    LINK,
    PACKET,
    SENSOR,
    VALUE,
    RawRecord,
    RawSensor,
    read_raw,
)


class ReplayTransport(PolledTransport):
    """Plays a raw stream at any speed.

    Sensors can be connected while they were linked in the recording (and for `lead_s`
    before their first packet), lose their link where they lost it, and answer reads with
    the value that was last read then. Writes are accepted and change nothing; packets of
    characteristics nobody subscribed to are passed over, as on a real link.

    Parameters
    ----------
    path : path
    speed : float
        Recorded seconds a second.
    lead_s : float
        Time before the first packet in which sensors can be scanned for and connected.
    clock : callable
        Real time in s.

    Raises
    ------
    FormatError
        If `path` is not a raw stream.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        speed: float = 1.0,
        lead_s: float = 1.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__()
        self._records = read_raw(path)
        self._head: RawRecord | None = None
        self._clock = clock
        self._speed = speed
        self._sensors: dict[str, RawSensor] = {}
        self._values: dict[tuple[str, str], bytes] = {}
        self._unlinked: set[str] = set()
        self._connected: dict[str, set[str]] = {}
        self._opened_s: float | None = None
        self._lead_s = lead_s
        self._first_s = 0.0
        self.finished = False
        """All of the recording has been played."""
        self._introduce(path)

    def open(self) -> None:
        self._opened_s = self._clock()

    def close(self) -> None:
        self._connected.clear()
        self._opened_s = None
        self._records.close()

    def now_s(self) -> float:
        """Time of the recording."""
        begin = self._first_s - self._lead_s
        if self._opened_s is None:
            return begin
        return begin + (self._clock() - self._opened_s) * self._speed

    def connect(self, address: str) -> Future[Characteristics]:
        def connect() -> Characteristics:
            if address not in self._sensors or address in self._unlinked or self.finished:
                raise problem(Reason.NOT_FOUND, address)
            self._connected.setdefault(address, set())
            return dict(self._sensors[address].characteristics)

        return self._request(connect)

    def disconnect(self, address: str) -> Future[None]:
        def disconnect() -> None:
            self._connected.pop(address, None)

        return self._request(disconnect)

    def subscribe(self, address: str, characteristic: str) -> Future[None]:
        def subscribe() -> None:
            self._require(address, characteristic, "notify")
            self._connected[address].add(characteristic)

        return self._request(subscribe)

    def read(self, address: str, characteristic: str) -> Future[bytes]:
        def read() -> bytes:
            self._require(address, characteristic, "read")
            value = self._values.get((address, characteristic))
            if value is None:
                raise problem(Reason.REFUSED, address, "that value was not recorded")
            return value

        return self._request(read)

    def write(self, address: str, write: Write) -> Future[None]:
        return self._request(
            lambda: self._require(address, write.characteristic, "write", "write-without-response")
        )

    def _introduce(self, path: str | Path) -> None:
        # Sensors introduced late and values read late are known from the start: on a real
        # radio they would have been there too.
        first_s: float | None = None
        for record in read_raw(path):
            if record.kind == SENSOR:
                self._sensors[record.address] = record.sensor
            elif record.kind == VALUE:
                self._values.setdefault((record.address, record.characteristic), record.data)
            elif record.kind == PACKET and first_s is None:
                first_s = record.time_s
        self._first_s = first_s or 0.0

    def _require_radio(self) -> None:
        if self._opened_s is None:
            raise problem(Reason.CLOSED)

    def _require(self, address: str, characteristic: str, *any_of: str) -> None:
        if address not in self._connected:
            raise problem(Reason.NOT_CONNECTED, address)
        properties = self._sensors[address].characteristics.get(characteristic)
        if properties is None:
            raise problem(Reason.CHARACTERISTIC_MISSING, address, characteristic)
        if not properties & set(any_of):
            raise problem(Reason.NOT_SUPPORTED, address, characteristic)

    def _catch_up(self) -> None:
        if self._opened_s is None:
            return
        now = self.now_s()
        while (record := self._peek()) is not None and record.time_s <= now:
            self._head = None
            self._hear_until(record.time_s)
            self._play(record)
        self._hear_until(now)

    def _next_in_s(self) -> float:
        record = self._head
        return inf if record is None else (record.time_s - self.now_s()) / self._speed

    def _peek(self) -> RawRecord | None:
        if self._head is None and not self.finished:
            self._head = next(self._records, None)
            self.finished = self._head is None
        return self._head

    def _play(self, record: RawRecord) -> None:
        if record.kind == PACKET:
            if record.characteristic in self._connected.get(record.address, ()):
                self._events.append(Packet(record.time_s, *record[2:5]))
        elif record.kind == VALUE:
            self._values[record.address, record.characteristic] = record.data
        elif record.kind == LINK and record.data == b"\x00":
            self._unlinked.add(record.address)
            if self._connected.pop(record.address, None) is not None:
                self._events.append(LinkLost(record.time_s, record.address))
        elif record.kind == LINK:
            self._unlinked.discard(record.address)

    def _advertising(self) -> Iterable[Advertisement]:
        away = self._unlinked.union(self._connected)
        return [s.advertisement for address, s in self._sensors.items() if address not in away]
