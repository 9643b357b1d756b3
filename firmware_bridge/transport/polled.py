"""Transports without a thread: what has happened is worked out whenever somebody asks."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

from firmware_bridge.devices.base import Advertisement
from firmware_bridge.transport.base import Sighting, TransportEvent
from recordings.errors import SensorError

_ADVERTISING_INTERVAL_S = 0.1
_T = TypeVar("_T")


class PolledTransport(ABC):
    """Requests that are answered at once, a scan, and the events that wait for `drain`."""

    def __init__(self) -> None:
        self._events: list[TransportEvent] = []
        self._scan_since_s: float | None = None

    @abstractmethod
    def now_s(self) -> float: ...

    @abstractmethod
    def _require_radio(self) -> None:
        """Raise `SensorError` if no request can be answered."""

    @abstractmethod
    def _catch_up(self) -> None:
        """Append all events up to now."""

    @abstractmethod
    def _next_in_s(self) -> float:
        """Real time until the next event that is known of by now; inf if there is none."""

    @abstractmethod
    def _advertising(self) -> Iterable[Advertisement]:
        """What sensors in reach say that are not connected."""

    def start_scan(self) -> Future[None]:
        def start() -> None:
            if self._scan_since_s is None:
                self._scan_since_s = self.now_s()

        return self._request(start)

    def stop_scan(self) -> Future[None]:
        def stop() -> None:
            self._scan_since_s = None

        return self._request(stop)

    def drain(self) -> list[TransportEvent]:
        self._catch_up()
        events, self._events = self._events, []
        return events

    def wait(self, timeout_s: float) -> None:
        if not self._events:
            time.sleep(max(0.0, min(timeout_s, self._next_in_s())))

    def _request(self, action: Callable[[], _T]) -> Future[_T]:
        future: Future[_T] = Future()
        try:
            self._require_radio()
            self._catch_up()
            future.set_result(action())
        except SensorError as error:
            future.set_exception(error)
        return future

    def _hear_until(self, time_s: float) -> None:
        """Append what is heard while a scan is on."""
        while (
            self._scan_since_s is not None
            and self._scan_since_s + _ADVERTISING_INTERVAL_S <= time_s
        ):
            self._scan_since_s += _ADVERTISING_INTERVAL_S
            self._events.extend(Sighting(self._scan_since_s, said) for said in self._advertising())
