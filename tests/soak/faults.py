"""What goes wrong during a soak, one fault after the other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from firmware_bridge.transport.radio import RadioConditions
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.soak.truth import TruthLog


class Trouble:
    """The faults, one after the other.

    Parameters
    ----------
    only : sequence of str, optional
        Names of those that are wanted; all if it is not given.
    """

    def __init__(
        self,
        host: FakeBluezHost,
        logs: list[TruthLog],
        interval_s: float,
        only: Sequence[str] | None = None,
    ) -> None:
        self._host = host
        self._logs = logs
        self._interval_s = interval_s
        self._rng = random.Random(7)
        self.kills: list[float] = []
        self.count: dict[str, int] = {}
        self._faults: list[Callable[[str, Station], None]] = [
            self.loss,
            self.duplicates,
            self.stall_with_reordered_burst,
            self.drop,
            self.garbage,
            self.reboot,
            self.drop_in_discovery,
            self.in_progress,
            self.forgotten,
            self.adapter_off,
            self.unplugged,
            self.daemon_killed,
        ]
        if only is not None:
            self._faults = [fault for fault in self._faults if fault.__name__ in only]

    def cause(self, number: int) -> None:
        """The next fault, on a sensor drawn by lot; returns when it is over."""
        fault = self._faults[number % len(self._faults)]
        station = self._rng.choice(self._logs).station
        fault(station.sensor.address, station)
        self.count[fault.__name__] = self.count.get(fault.__name__, 0) + 1

    @property
    def kinds(self) -> int:
        return len(self._faults)

    def _for_a_while(self, station: Station, seconds: float, **conditions: float) -> None:
        station.radio.conditions = RadioConditions(self._interval_s, **conditions)
        time.sleep(seconds)
        station.radio.conditions = RadioConditions(self._interval_s)

    def loss(self, _: str, station: Station) -> None:
        self._for_a_while(station, 3, loss=0.1)

    def duplicates(self, _: str, station: Station) -> None:
        self._for_a_while(station, 3, duplicate=0.2)

    def stall_with_reordered_burst(self, _: str, station: Station) -> None:
        now = time.perf_counter()
        self._host.call(lambda: station.radio.stall(now + 0.1, now + 0.7, reorder=True))
        time.sleep(1)

    def drop(self, where: str, _: Station) -> None:
        self._host.drop_link(where)

    def garbage(self, where: str, _: Station) -> None:
        for _burst in range(20):
            self._host.send_garbage(where)
            time.sleep(0.02)

    def reboot(self, where: str, _: Station) -> None:
        self._host.reboot(where, time.perf_counter())

    def drop_in_discovery(self, where: str, station: Station) -> None:
        station.faults.drop_in_discovery = 2
        self._host.drop_link(where)

    def in_progress(self, where: str, station: Station) -> None:
        error = ("org.bluez.Error.InProgress", "Operation already in progress")
        station.faults.errors = [error, error]
        self._host.service.scan_errors = [error]
        self._host.drop_link(where)

    def forgotten(self, where: str, _: Station) -> None:
        self._host.forget(where)

    def adapter_off(self, where: str, _: Station) -> None:
        self._host.set_powered(False)
        time.sleep(1.5)
        self._host.set_powered(True)

    def unplugged(self, where: str, _: Station) -> None:
        self._host.set_plugged_in(False)
        time.sleep(1.5)
        self._host.set_plugged_in(True)

    def daemon_killed(self, where: str, _: Station) -> None:
        self.kills.append(time.perf_counter())
        self._host.kill_bus()
        time.sleep(1)
        self._host.revive_bus()
