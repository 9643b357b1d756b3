"""The bridge is woken by what comes, and not more often than it can bear."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from firmware_bridge.bridge import Bridge
from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.gait_profile import GaitProfile
from firmware_bridge.status import BridgeUpdate
from firmware_bridge.transport import polled
from firmware_bridge.transport.base import Packet
from firmware_bridge.transport.bleak_transport import BleakTransport
from firmware_bridge.transport.raw_stream import PACKET, RawSensor
from firmware_bridge.transport.virtual_transport import VirtualTransport
from recordings.placement import REQUIRED_PLACEMENTS
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import address, gait_sensor

LASTS_S = 20.0
MOST_STEPS_A_SECOND = 150


class Clock:
    """Goes on only while somebody sleeps; stands in for the bridge's wish to stop as well."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.sleeps = 0

    def sleep(self, for_s: float) -> None:
        self.now_s += for_s
        self.sleeps += 1

    def wait(self, for_s: float) -> bool:
        self.sleep(for_s)
        return self.now_s > 1000.0 + LASTS_S


def test_a_packet_is_handed_on_within_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(polled.time, "sleep", clock.sleep)
    transport = VirtualTransport([gait_sensor(n) for n in (1, 2, 3)], clock=lambda: clock.now_s)
    bridge = Bridge(transport)
    bridge.open()
    for number, placement in enumerate(REQUIRED_PLACEMENTS, 1):
        said = Advertisement(address(number), f"sensor {number}", (wire.SERVICE,))
        bridge.add(RawSensor(said, "gait", placement))
    updates: list[BridgeUpdate] = []
    bridge.attach(updates.append)
    monkeypatch.setattr(bridge, "_stop", clock)
    steps = _counted(bridge, monkeypatch)
    bridge._run()
    waited_s = [u.time_s - r.time_s for u in updates for r in u.raw if r.kind == PACKET]
    assert len(waited_s) > 20 * LASTS_S
    # With one look every 20 ms it would be 10 ms.
    assert np.median(waited_s) < 0.005
    assert steps[0] < MOST_STEPS_A_SECOND * LASTS_S


def test_a_radio_that_never_rests_does_not_wear_out_the_bridge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    transport = VirtualTransport([gait_sensor(1)], clock=lambda: clock.now_s)
    monkeypatch.setattr(transport, "wait", lambda timeout_s: None)
    bridge = Bridge(transport)
    bridge.open()
    monkeypatch.setattr(bridge, "_stop", clock)
    steps = _counted(bridge, monkeypatch)
    bridge._run()
    assert 50 * LASTS_S < steps[0] < 1.2 * MOST_STEPS_A_SECOND * LASTS_S


def test_the_real_radio_wakes_who_waits(fake_bluez: Callable[..., FakeBluezHost]) -> None:
    fake_bluez(Station(gait_sensor(1)))
    transport = BleakTransport(find_timeout_s=1)
    transport.open()
    try:
        begin_s = time.monotonic()
        transport.wait(0.1)
        assert time.monotonic() - begin_s > 0.09
        transport.connect(address(1)).result(10)
        transport.subscribe(address(1), wire.DATA).result(5)
        for write in GaitProfile().start():
            transport.write(address(1), write).result(5)
        for _ in range(5):
            begin_s = time.monotonic()
            transport.wait(30.0)
            assert time.monotonic() - begin_s < 15.0
            assert any(isinstance(event, Packet) for event in transport.drain())
        transport.disconnect(address(1)).result(5)
        transport.drain()
        begin_s = time.monotonic()
        transport.wait(0.1)
        assert time.monotonic() - begin_s > 0.09
    finally:
        transport.close()


def _counted(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    steps, step = [0], bridge._step

    def counted() -> BridgeUpdate:
        steps[0] += 1
        return step()

    monkeypatch.setattr(bridge, "_step", counted)
    return steps
