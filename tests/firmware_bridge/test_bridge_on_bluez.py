"""The bridge through unmodified bleak, with the faults that radios have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from firmware_bridge.bridge import Bridge
from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.peripherals.base import Characteristic, Peripheral, Service
from firmware_bridge.devices.peripherals.registry import PERIPHERALS
from firmware_bridge.status import BridgeUpdate, SensorState, SensorStatus
from firmware_bridge.transport.bleak_transport import BleakTransport
from firmware_bridge.transport.problems import Reason
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.raw_stream import RawSensor
from recordings.placement import REQUIRED_PLACEMENTS
from recordings.samples import ImuSamples, concatenate
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import address, gait_sensor

Start = Callable[..., FakeBluezHost]


class Live:
    """A bridge on real bleak, polled until something is so."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.parts: list[ImuSamples] = []
        self.update: BridgeUpdate = BridgeUpdate(0.0)

    def until(self, done: Callable[[BridgeUpdate], bool], within_s: float = 15.0) -> BridgeUpdate:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            self.update = self.bridge.poll()
            self.parts += self.update.samples
            if done(self.update):
                return self.update
            time.sleep(0.02)
        states = {a: (s.state, str(s.problem)) for a, s in self.update.sensors.items()}
        raise AssertionError(f"not within {within_s} s: {states}")

    def until_all(self, state: SensorState) -> BridgeUpdate:
        return self.until(lambda u: all(s.state is state for s in u.sensors.values()))

    def until_received(self, number: int, more: int) -> SensorStatus:
        goal = self.sensor(number).samples_received + more
        self.until(lambda u: u.sensors[address(number)].samples_received >= goal)
        return self.sensor(number)

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.until(lambda _: time.monotonic() > end)

    def sensor(self, number: int) -> SensorStatus:
        return self.update.sensors[address(number)]

    def series(self, number: int) -> ImuSamples:
        placement = REQUIRED_PLACEMENTS[number - 1]
        return concatenate([p for p in self.parts if p.placement is placement])


@contextmanager
def live(count: int = 2, family: str = "gait") -> Iterator[Live]:
    bridge = Bridge(BleakTransport(find_timeout_s=1.5), start_patience_s=1.0, seed=1)
    bridge.start()
    try:
        for n in range(1, count + 1):
            placement = REQUIRED_PLACEMENTS[n - 1]
            bridge.add(RawSensor(Advertisement(address(n)), family, placement))
        yield Live(bridge)
    finally:
        bridge.close()


def station(
    number: int, conditions: RadioConditions | None = None, peripheral: Peripheral | None = None
) -> Station:
    return Station(gait_sensor(number, peripheral=peripheral), conditions, seed=number)


@pytest.mark.parametrize("family", list(PERIPHERALS))
def test_sensors_of_every_family_stream(fake_bluez: Start, family: str) -> None:
    fake_bluez(*(station(n, peripheral=PERIPHERALS[family]()) for n in (1, 2)))
    with live(family=family) as walk:
        walk.until_all(SensorState.STREAMING)
        walk.until_received(1, 150)
        # What came while the clock was not known yet tells no rate.
        status = walk.until(lambda u: u.sensors[address(1)].rate_hz > 0).sensors[address(1)]
        assert status.rate_hz == pytest.approx(status.nominal_rate_hz, rel=0.2)
        assert status.malformed_packets == status.samples_lost == 0
        gravity = np.linalg.norm(walk.series(1).acc_m_s2, axis=1)
        assert 7 < gravity.mean() < 13
        assert (np.diff(walk.series(1).time_s) > 0).all()


def test_loss_and_duplicates_are_counted_exactly(fake_bluez: Start) -> None:
    bad = station(1, RadioConditions(loss=0.05, duplicate=0.05))
    fake_bluez(bad, station(2))
    with live() as walk:
        walk.until(lambda u: u.sensors[address(1)].samples_received > 500)
        bad.radio.conditions = RadioConditions()
        walk.run(0.6)
        lost = [p for p in bad.radio.lost if p.characteristic == wire.DATA]
        assert walk.sensor(1).samples_lost == 4 * len(lost) > 0
        assert walk.sensor(1).duplicate_packets > 0
        assert walk.sensor(2).samples_lost == 0
        assert walk.sensor(1).samples_received == len(walk.series(1))


def test_a_stall_with_a_reordered_burst_loses_nothing(fake_bluez: Start) -> None:
    stalled = station(1)
    host = fake_bluez(stalled)
    with live(1) as walk:
        walk.until_all(SensorState.STREAMING)
        now = time.perf_counter()
        host.call(lambda: stalled.radio.stall(now + 0.1, now + 0.6, reorder=True))
        status = walk.until_received(1, 200)
        assert status.samples_lost == status.samples_late == 0
        np.testing.assert_allclose(np.diff(walk.series(1).time_s), 1 / 104, atol=2e-3)


def test_a_dropped_link_comes_back(fake_bluez: Start) -> None:
    host = fake_bluez(station(1), station(2))
    with live() as walk:
        walk.until_all(SensorState.STREAMING)
        walk.until_received(1, 50)
        host.drop_link(address(1))
        walk.until(lambda u: not u.sensors[address(1)].state.streams)
        assert walk.sensor(2).state.streams
        walk.until_all(SensorState.STREAMING)
        status = walk.until_received(1, 50)
        assert status.samples_away > 0
        assert status.samples_lost == 0


def test_errors_and_drops_while_connecting_are_tried_again(fake_bluez: Start) -> None:
    busy, dropping = station(1), station(2)
    busy.faults.errors = [
        ("org.bluez.Error.InProgress", "Operation already in progress"),
        ("org.bluez.Error.Failed", "le-connection-abort-by-remote"),
    ]
    dropping.faults.drop_in_discovery = 2
    host = fake_bluez(busy, dropping)
    host.service.scan_errors = [("org.bluez.Error.InProgress", "Operation already in progress")]
    with live() as walk:
        walk.until_all(SensorState.STREAMING)
        assert walk.until_received(2, 50).problem is None


def test_a_forgotten_device_is_found_again(fake_bluez: Start) -> None:
    host = fake_bluez(station(1))
    with live(1) as walk:
        walk.until_all(SensorState.STREAMING)
        host.forget(address(1))
        walk.until(lambda u: not u.sensors[address(1)].state.streams)
        walk.until_all(SensorState.STREAMING)


@pytest.mark.parametrize("fault", ["powered", "plugged_in"])
def test_the_adapter_goes_and_comes_back(fake_bluez: Start, fault: str) -> None:
    host = fake_bluez(station(1), station(2))
    switch = host.set_powered if fault == "powered" else host.set_plugged_in
    expected = Reason.BLUETOOTH_OFF if fault == "powered" else Reason.NO_ADAPTER
    with live() as walk:
        walk.until_all(SensorState.STREAMING)
        switch(False)
        update = walk.until(lambda u: u.radio_problem is not None)
        assert update.radio_problem is not None
        assert update.radio_problem.reason == expected
        switch(True)
        walk.until_all(SensorState.STREAMING)
        assert walk.update.radio_problem is None


def test_the_bluetooth_service_dies_and_comes_back(fake_bluez: Start) -> None:
    host = fake_bluez(station(1))
    with live(1) as walk:
        walk.until_all(SensorState.STREAMING)
        host.kill_bus()
        update = walk.until(lambda u: u.radio_problem is not None)
        assert update.radio_problem is not None
        assert update.radio_problem.reason == Reason.SERVICE_MISSING
        host.revive_bus()
        walk.until_all(SensorState.STREAMING)


def test_garbage_makes_no_sample(fake_bluez: Start) -> None:
    host = fake_bluez(station(1))
    with live(1) as walk:
        walk.until_all(SensorState.STREAMING)
        for _ in range(20):
            host.send_garbage(address(1))
        status = walk.until_received(1, 100)
        assert status.malformed_packets >= 20
        assert status.samples_lost == 0
        assert np.abs(walk.series(1).acc_m_s2).max() < 12


def test_a_clock_that_begins_anew_is_a_gap(fake_bluez: Start) -> None:
    host = fake_bluez(station(1))
    with live(1) as walk:
        walk.until_all(SensorState.STREAMING)
        walk.until_received(1, 100)
        host.reboot(address(1), time.perf_counter())
        walk.until(lambda u: u.sensors[address(1)].restarts == 1)
        walk.until_received(1, 100)
        assert (np.diff(walk.series(1).time_s) > 0).all()


def test_the_wrong_firmware_is_said_and_nothing_else_suffers(fake_bluez: Start) -> None:
    other = (Service(wire.SERVICE, (Characteristic(wire.INFO, frozenset({"read"})),)),)
    wrong = Station(gait_sensor(1), services=other)
    fake_bluez(wrong, station(2))
    with live() as walk:
        update = walk.until(
            lambda u: (
                u.sensors[address(2)].state is SensorState.STREAMING
                and u.sensors[address(1)].problem is not None
            )
        )
        problem = update.sensors[address(1)].problem
        assert problem is not None
        assert problem.reason == Reason.CHARACTERISTIC_MISSING
        assert update.sensors[address(1)].samples_received == 0


def test_no_bluetooth_service_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket")
    with live(1) as walk:
        update = walk.until(lambda u: u.radio_problem is not None)
        assert update.radio_problem is not None
        assert update.radio_problem.reason == Reason.SERVICE_MISSING
