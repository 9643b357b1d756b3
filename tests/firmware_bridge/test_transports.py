"""One contract for all transports: whoever uses them cannot tell them apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest

from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices import gatt
from firmware_bridge.devices.base import Advertisement, Write
from firmware_bridge.devices.gait_profile import GaitProfile
from firmware_bridge.transport.base import LinkLost, Packet, Sighting, Transport, TransportEvent
from firmware_bridge.transport.bleak_transport import BleakTransport
from firmware_bridge.transport.problems import Reason
from firmware_bridge.transport.raw_stream import MAGIC, VALUE, RawEncoder, RawSensor
from firmware_bridge.transport.replay_transport import ReplayTransport
from firmware_bridge.transport.virtual_transport import VirtualTransport
from recordings.errors import SensorError
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import address, gait_sensor

SENSORS = (address(1), address(2))
_T = TypeVar("_T")


class Rig:
    """An open transport and a way to break its first link."""

    def __init__(self, transport: Transport, break_link: Callable[[], None]) -> None:
        self.transport = transport
        self.break_link = break_link
        self.events: list[TransportEvent] = []

    def until(self, kind: type[_T], count: int = 1, *, sensor: str = "") -> list[_T]:
        """Wait for events of a kind, of one sensor where one is named."""
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline:
            self.events += self.transport.drain()
            found = [
                e
                for e in self.events
                if isinstance(e, kind) and (not sensor or getattr(e, "address", "") == sensor)
            ]
            if len(found) >= count:
                return found
            time.sleep(0.005)
        raise AssertionError(f"only {len(self.events)} events, not {count} {kind.__name__}")

    def find(self) -> None:
        self.transport.start_scan().result(5)
        seen: set[str] = set()
        while not seen >= set(SENSORS):
            seen |= {s.advertisement.address for s in self.until(Sighting, len(seen) + 1)}
        self.transport.stop_scan().result(5)

    def stream(self, sensor: str) -> None:
        self.transport.connect(sensor).result(10)
        self.transport.subscribe(sensor, wire.DATA).result(5)
        for write in GaitProfile().start():
            self.transport.write(sensor, write).result(5)


@pytest.fixture(params=["bleak", "virtual", "replay"])
def rig(
    request: pytest.FixtureRequest, tmp_path: Path, fake_bluez: Callable[..., FakeBluezHost]
) -> Iterator[Rig]:
    sensors = [gait_sensor(1), gait_sensor(2)]
    if request.param == "bleak":
        host = fake_bluez(*(Station(sensor) for sensor in sensors))
        rig = Rig(BleakTransport(find_timeout_s=1), lambda: host.drop_link(SENSORS[0]))
    elif request.param == "virtual":
        virtual = VirtualTransport(sensors)
        rig = Rig(virtual, lambda: virtual.drop_link(SENSORS[0]))
    else:
        recording = tmp_path / "raw.bin"
        _record_a_link_loss(recording, lost_after_s=2.0)
        # The recorded link breaks by itself.
        rig = Rig(ReplayTransport(recording), lambda: None)
    rig.transport.open()
    yield rig
    rig.transport.close()


def _record_a_link_loss(path: Path, lost_after_s: float) -> None:
    now = [0.0]
    transport = VirtualTransport([gait_sensor(1), gait_sensor(2)], clock=lambda: now[0])
    transport.open()
    encoder = RawEncoder()
    with path.open("wb") as file:
        file.write(MAGIC)
        for sensor in SENSORS:
            has = transport.connect(sensor).result()
            family = GaitProfile()
            advertisement = Advertisement(sensor, "hipgait sensor", (wire.SERVICE,))
            file.write(encoder.sensor(0.0, RawSensor(advertisement, family.key, None, has)))
            for uuid in family.status_characteristics():
                value = transport.read(sensor, uuid).result()
                file.write(encoder.packet(0.0, sensor, uuid, value, VALUE))
            transport.subscribe(sensor, wire.DATA).result()
            for write in family.start():
                transport.write(sensor, write).result()
        lost = False
        while now[0] < 4.0:
            now[0] += 0.1
            for event in transport.drain():
                if isinstance(event, Packet):
                    file.write(encoder.packet(*event))
            if now[0] >= lost_after_s and not lost:
                lost = True
                transport.drop_link(SENSORS[0])
                file.write(encoder.link(now[0], SENSORS[0], up=False))
                transport.drain()


def test_scan_hears_every_sensor_with_its_services(rig: Rig) -> None:
    rig.find()
    heard = [e.advertisement for e in rig.events if isinstance(e, Sighting)]
    assert {a.address for a in heard} == set(SENSORS)
    assert all(wire.SERVICE in a.service_uuids and a.name == "hipgait sensor" for a in heard)


def test_connect_tells_the_characteristics_and_reads_them(rig: Rig) -> None:
    has = rig.transport.connect(SENSORS[0]).result(10)
    assert "notify" in has[wire.DATA]
    assert "write" in has[wire.CONTROL]
    assert rig.transport.read(SENSORS[0], gatt.BATTERY_LEVEL).result(5) == bytes((87,))


def test_packets_come_in_order_stamped_on_the_transports_clock(rig: Rig) -> None:
    rig.stream(SENSORS[0])
    begin = rig.transport.now_s()
    packets = rig.until(Packet, 20)
    stamps = [p.host_time_s for p in packets]
    assert stamps == sorted(stamps)
    assert all(begin - 0.5 <= stamp <= rig.transport.now_s() for stamp in stamps)
    decoder = GaitProfile().decoder()
    decoded = [decoder.feed(p.characteristic, p.data) for p in packets]
    counters = [int(d.counter[0]) for d in decoded if d is not None and d.counter is not None]
    assert [b - a for a, b in pairwise(counters)] == [4] * 19


def test_links_are_kept_apart(rig: Rig) -> None:
    for sensor in SENSORS:
        rig.stream(sensor)
    for sensor in SENSORS:
        rig.until(Packet, 5, sensor=sensor)
    rig.transport.disconnect(SENSORS[1]).result(5)
    rig.events.clear()
    rig.transport.drain()
    rig.until(Packet, 5, sensor=SENSORS[0])
    assert not any(isinstance(e, LinkLost) for e in rig.events)
    assert all(e.address == SENSORS[0] for e in rig.events if isinstance(e, Packet))


def test_a_broken_link_is_told_once_and_ends_the_packets(rig: Rig) -> None:
    for sensor in SENSORS:
        rig.stream(sensor)
    rig.until(Packet, 10)
    rig.break_link()
    lost = rig.until(LinkLost)
    rig.until(Packet, len([e for e in rig.events if isinstance(e, Packet)]) + 10)
    assert [e.address for e in rig.events if isinstance(e, LinkLost)] == [SENSORS[0]]
    after = rig.events[rig.events.index(lost[0]) :]
    assert all(e.address == SENSORS[1] for e in after if isinstance(e, Packet))
    with pytest.raises(SensorError) as caught:
        rig.transport.read(SENSORS[0], gatt.BATTERY_LEVEL).result(5)
    assert caught.value.reason == Reason.NOT_CONNECTED


def test_an_absent_sensor_is_not_found(rig: Rig) -> None:
    with pytest.raises(SensorError) as caught:
        rig.transport.connect("C0:FF:EE:00:00:99").result(10)
    assert caught.value.reason == Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("request_of", "reason"),
    [
        (lambda t: t.subscribe(SENSORS[0], gatt.uuid16(0x2AFF)), Reason.CHARACTERISTIC_MISSING),
        (lambda t: t.subscribe(SENSORS[0], wire.CONTROL), Reason.NOT_SUPPORTED),
        (lambda t: t.read(SENSORS[1], wire.INFO), Reason.NOT_CONNECTED),
    ],
    ids=["missing", "cannot notify", "not connected"],
)
def test_requests_that_cannot_be_met_say_why(
    rig: Rig, request_of: Callable[[Transport], object], reason: Reason
) -> None:
    rig.transport.connect(SENSORS[0]).result(10)
    with pytest.raises(SensorError) as caught:
        request_of(rig.transport).result(5)  # type: ignore[attr-defined]
    assert caught.value.reason == reason


def test_nothing_happens_after_close(rig: Rig) -> None:
    rig.stream(SENSORS[0])
    rig.transport.close()
    rig.transport.close()
    with pytest.raises(SensorError) as caught:
        rig.transport.write(SENSORS[0], Write(wire.CONTROL, b"\0")).result(5)
    assert caught.value.reason == Reason.CLOSED
