"""The fake service on a thread, so that a test can misbehave while bleak runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tests.fake_bluez.private_bus import PrivateBus
from tests.fake_bluez.station import Station

if TYPE_CHECKING:
    from tests.fake_bluez.service import FakeBluez

_T = TypeVar("_T")


class FakeBluezHost:
    """A bus with the fake service on it, for as long as the ``with`` lasts.

    Point bleak at it by setting ``DBUS_SYSTEM_BUS_ADDRESS`` to `bus.address`.
    """

    def __init__(self, stations: Iterable[Station]) -> None:
        # dbus-fast is there on Linux only; this file must import anywhere.
        from tests.fake_bluez.service import FakeBluez

        self.stations = {station.sensor.address: station for station in stations}
        self.bus = PrivateBus()
        self.service: FakeBluez = FakeBluez(self.bus.address, self.stations.values())
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_tolerate_a_dead_bus)
        self._thread = Thread(target=self._loop.run_forever, name="fake-bluez", daemon=True)

    def __enter__(self) -> Self:
        self.bus.start()
        self._thread.start()
        self._run(self.service.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self.service.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self.bus.__exit__(kind, error, trace)

    def call(self, function: Callable[..., _T], *args: Any) -> _T:
        """Run `function` on the service's thread and return what it returns."""

        async def on_loop() -> _T:
            return function(*args)

        return self._run(on_loop())

    def drop_link(self, address: str) -> None:
        self.call(self.service.drop_link, self.stations[address])

    def forget(self, address: str) -> None:
        self.call(self.service.forget, self.stations[address])

    def send_garbage(self, address: str) -> None:
        self.call(self.service.send_garbage, self.stations[address])

    def set_powered(self, powered: bool) -> None:
        self.call(self.service.set_powered, powered)

    def set_plugged_in(self, plugged_in: bool) -> None:
        self.call(self.service.set_plugged_in, plugged_in)

    def reboot(self, address: str, now: float) -> None:
        """The sensor's battery fell out and was put back."""

        def reboot() -> None:
            station = self.stations[address]
            self.service.drop_link(station)
            station.sensor.reboot(now)

        self.call(reboot)

    def kill_bus(self) -> None:
        """The D-Bus daemon dies."""
        self.bus.kill()

    def revive_bus(self) -> None:
        """Daemon and service come back."""
        self._run(self.service.stop())
        self.bus.start()
        self._run(self.service.start())

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def _tolerate_a_dead_bus(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if not isinstance(context.get("exception"), EOFError | OSError):
        loop.default_exception_handler(context)
