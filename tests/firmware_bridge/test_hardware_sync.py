"""Movella DOTs that agree on one clock before they start, or say why they do not."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from firmware_bridge.bridge import Bridge
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.dot_sync import DotSync, SyncResult
from firmware_bridge.devices.peripherals.dot import DotPeripheral
from firmware_bridge.status import BridgeUpdate, SensorState
from firmware_bridge.transport.bleak_transport import BleakTransport
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.raw_stream import RawSensor
from firmware_bridge.transport.virtual_transport import VirtualTransport
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import FloatArray, ImuSamples, concatenate
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import address, gait_sensor


def dot(number: int, result: SyncResult = SyncResult.SUCCESS) -> DotPeripheral:
    return DotPeripheral(
        serial=number, first_device_time_us=number * 777_000_000, sync_result=result
    )


class DotWalk:
    """Three DOTs on a clock that the test turns."""

    def __init__(self, *peripherals: DotPeripheral) -> None:
        self.now = 500.0
        self.truth: dict[Placement, list[FloatArray]] = {p: [] for p in REQUIRED_PLACEMENTS}
        self.peripherals = peripherals
        self.transport = VirtualTransport(
            [
                gait_sensor(
                    n + 1,
                    peripheral=peripheral,
                    on_samples=lambda t, acc, gyr, n=n: self._took(n, t),
                )
                for n, peripheral in enumerate(peripherals)
            ],
            RadioConditions(),
            clock=lambda: self.now,
            seed=2,
        )
        self.bridge = Bridge(self.transport, hardware_sync=True, seed=1)
        self.updates: list[BridgeUpdate] = []
        self.bridge.open()
        for n, placement in enumerate(REQUIRED_PLACEMENTS):
            self.bridge.add(RawSensor(Advertisement(address(n + 1)), "dot", placement))

    def _took(self, number: int, time_s: FloatArray) -> None:
        self.truth[REQUIRED_PLACEMENTS[number]].append(time_s - 500.0)

    def run(self, seconds: float) -> BridgeUpdate:
        for _ in range(round(seconds / 0.05)):
            self.now += 0.05
            self.updates.append(self.bridge.poll())
        return self.updates[-1]

    def samples(self, placement: Placement) -> ImuSamples:
        return concatenate([s for u in self.updates for s in u.samples if s.placement is placement])

    def late_s(self, placement: Placement, since_s: float) -> float:
        """By how much the samples since then are stamped too late, median."""
        stamped = self.samples(placement).time_s
        stamped = stamped[stamped > since_s]
        true_s = np.concatenate(self.truth[placement])
        nearest = true_s[np.searchsorted(true_s, stamped) - 1]
        return float(np.median(stamped - nearest))


def test_synchronised_sensors_share_one_clock_and_miss_nothing() -> None:
    walk = DotWalk(dot(1), dot(2), dot(3))
    assert not any(s.state.streams for s in walk.run(10.0).sensors.values())
    update = walk.run(50.0)
    for status in update.sensors.values():
        assert status.state is SensorState.STREAMING
        assert status.synchronised
        assert status.sync_problem is None
        assert status.samples_lost == status.malformed_packets == status.restarts == 0
    # One clock, one fit: what is left of the delay is the same for all to the microsecond.
    fits = {status.clock for status in update.sensors.values()}
    assert len(fits) == 1
    late = [walk.late_s(p, 30.0) for p in REQUIRED_PLACEMENTS]
    assert np.ptp(late) < 1e-5
    assert 0.0 < late[0] < 0.012
    walk.bridge.close()
    assert not any(p.synchronised or p.streaming for p in walk.peripherals)


def test_a_link_that_breaks_keeps_the_common_clock_and_a_reboot_leaves_it() -> None:
    walk = DotWalk(dot(1), dot(2), dot(3))
    walk.run(30.0)
    walk.transport.drop_link(address(2))
    update = walk.run(20.0)
    assert len({status.clock for status in update.sensors.values()}) == 1
    assert update.sensors[address(2)].restarts == 0
    walk.transport.reboot(address(3))
    update = walk.run(40.0)
    assert update.sensors[address(3)].restarts == 1
    assert [s.synchronised for s in update.sensors.values()] == [True, True, False]
    clocks = [status.clock for status in update.sensors.values()]
    assert clocks[0] == clocks[1] != clocks[2]
    assert (np.diff(walk.samples(REQUIRED_PLACEMENTS[2]).time_s) > 0).all()


def test_all_start_with_their_own_clocks_when_one_fails_and_say_why() -> None:
    walk = DotWalk(dot(1), dot(2, SyncResult.SKEW_TOO_LARGE), dot(3))
    update = walk.run(50.0)
    assert all(s.state is SensorState.STREAMING for s in update.sensors.values())
    assert not any(s.synchronised for s in update.sensors.values())
    said = [str(s.sync_problem) for s in update.sensors.values()]
    assert "its clock runs too differently" in said[1]
    assert "another sensor failed" in said[0]
    assert "another sensor failed" in said[2]
    assert not any(p.synchronised for p in walk.peripherals)
    assert len({status.clock for status in update.sensors.values()}) == 3
    assert all(s.samples_received > 1500 for s in update.sensors.values())


def test_a_sensor_that_does_not_come_back_does_not_hold_up_the_others() -> None:
    walk = DotWalk(dot(1), dot(2), dot(3))
    walk.run(5.0)
    walk.transport.set_in_reach(address(1), False)
    update = walk.run(30.0)
    assert [s.state.streams for s in update.sensors.values()] == [False, True, True]
    assert "was not found" in str(update.sensors[address(1)].sync_problem)
    walk.transport.set_in_reach(address(1), True)
    update = walk.run(30.0)
    assert update.sensors[address(1)].state is SensorState.STREAMING


def test_sensors_of_other_kinds_start_at_once() -> None:
    transport = VirtualTransport([gait_sensor(1), gait_sensor(2)])
    bridge = Bridge(transport, hardware_sync=True)
    bridge.start()
    try:
        for number in (1, 2):
            bridge.add(RawSensor(Advertisement(address(number)), "gait"))
        _wait(lambda: all(s.state.streams for s in bridge.statuses().values()))
    finally:
        bridge.close()


def test_synchronisation_through_bleak(
    fake_bluez: Callable[..., FakeBluezHost], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DotSync, "duration_s", 0.5)
    stations = [Station(gait_sensor(n, peripheral=dot(n)), seed=n) for n in (1, 2)]
    fake_bluez(*stations)
    bridge = Bridge(BleakTransport(), hardware_sync=True)
    bridge.start()
    try:
        for n in (1, 2):
            placement = REQUIRED_PLACEMENTS[n - 1]
            bridge.add(RawSensor(Advertisement(address(n)), "dot", placement))
        _wait(lambda: all(s.samples_received > 100 for s in bridge.statuses().values()))
        statuses = bridge.statuses().values()
        assert all(s.synchronised and s.samples_lost == 0 for s in statuses)
        assert len({s.clock for s in statuses}) == 1
    finally:
        bridge.close()


def _wait(done: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
