"""The bridge over simulated sensors, on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from firmware_bridge.bridge import Bridge
from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.peripherals.base import Peripheral
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.devices.peripherals.registry import PERIPHERALS
from firmware_bridge.status import BridgeUpdate, SensorState
from firmware_bridge.transport.problems import Reason
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.raw_stream import PACKET, RawSensor
from firmware_bridge.transport.simulated_sensor import FloatArray, SimulatedSensor
from firmware_bridge.transport.virtual_transport import VirtualTransport
from recordings.errors import UsageError
from recordings.events import EventKind
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples, concatenate
from tests.firmware_bridge.simulation import address, gait_sensor

PELVIS, THIGH_LEFT, THIGH_RIGHT = REQUIRED_PLACEMENTS


class Walk:
    """Simulated sensors with a bridge, and all that came out of it."""

    def __init__(
        self,
        sensors: list[SimulatedSensor] | None = None,
        *,
        family: str = "gait",
        rate_hz: float | None = None,
    ) -> None:
        self.now = 1000.0
        self.family = family
        self.truth: dict[Placement, list[tuple[FloatArray, FloatArray, FloatArray]]] = {}
        made = [
            gait_sensor(
                i + 1,
                ppm=(20.0, -35.0, 40.0)[i],
                start_us=2**32 - 5_000_000,
                peripheral=_peripheral(family, i + 1, rate_hz),
                on_samples=self._remember(placement),
            )
            for i, placement in enumerate(REQUIRED_PLACEMENTS)
        ]
        self.transport = VirtualTransport(
            sensors or made,
            RadioConditions(event_failure=0.02),
            clock=lambda: self.now,
            seed=3,
        )
        self.bridge = Bridge(self.transport, seed=5)
        self.updates: list[BridgeUpdate] = []
        self.bridge.open()

    def wear(self, *placements: Placement) -> None:
        for placement in placements or REQUIRED_PLACEMENTS:
            number = REQUIRED_PLACEMENTS.index(placement) + 1
            self.bridge.add(raw_sensor(number, placement, self.family))

    def run(self, seconds: float, step: float = 0.05) -> BridgeUpdate:
        for _ in range(round(seconds / step)):
            self.now += step
            self.updates.append(self.bridge.poll())
        return self.updates[-1]

    def samples(self, placement: Placement) -> ImuSamples:
        return concatenate([s for u in self.updates for s in u.samples if s.placement is placement])

    def state(self, placement: Placement) -> SensorState:
        statuses = self.updates[-1].sensors.values()
        return next(s.state for s in statuses if s.placement is placement)

    def events(self, kind: EventKind) -> list[tuple[float, str]]:
        return [(e.time_s, e.label) for u in self.updates for e in u.events if e.kind == kind]

    def true_samples(self, placement: Placement) -> tuple[FloatArray, FloatArray]:
        """Session time and acc of every sample that was taken."""
        parts = self.truth[placement]
        time_s = np.concatenate([t for t, _, _ in parts]) - 1000.0
        return time_s, np.concatenate([acc for _, acc, _ in parts])

    def _remember(self, placement: Placement) -> Callable[..., None]:
        parts = self.truth.setdefault(placement, [])
        return lambda t, acc, gyr: parts.append((t, acc, gyr))


def raw_sensor(number: int, placement: Placement | None, family: str = "gait") -> RawSensor:
    advertisement = Advertisement(address(number), f"sensor {number}", (wire.SERVICE,))
    return RawSensor(advertisement, family, placement)


def _peripheral(family: str, number: int, rate_hz: float | None) -> Peripheral:
    if family == "gait":
        return GaitPeripheral(uid=number, rate_hz=rate_hz or 104.0, boot=0x1000 + number)
    return PERIPHERALS[family]()


def matched(walk: Walk, placement: Placement) -> np.ndarray:
    """Index of the true sample for each recorded one, by value alone."""
    got = walk.samples(placement)
    _, acc = walk.true_samples(placement)
    lsb = wire.ACC_SCALES_G[2] * 9.80665
    index = np.searchsorted(walk.true_samples(placement)[0], got.time_s - 0.0048)
    index = index[:, None] + np.arange(-2, 3)
    np.clip(index, 0, len(acc) - 1, out=index)
    error = np.abs(acc[index] - got.acc_m_s2[:, None]).max(axis=2)
    best = error.argmin(axis=1)
    rows = np.arange(len(got))
    assert (error[rows, best] <= lsb / 2 + 1e-5).all()
    return index[rows, best]


def test_sensors_start_together_and_no_sample_is_lost() -> None:
    walk = Walk()
    walk.wear()
    walk.run(30)
    starts = [walk.samples(p).time_s[0] for p in REQUIRED_PLACEMENTS]
    assert np.ptp(starts) < 0.05
    for placement in REQUIRED_PLACEMENTS:
        assert walk.state(placement) is SensorState.STREAMING
        index = matched(walk, placement)
        np.testing.assert_array_equal(index, np.arange(index[0], index[0] + len(index)))
    assert all(s.samples_lost == s.gaps == 0 for s in walk.updates[-1].sensors.values())
    # A sensor that has just begun is not called weak.
    states = {s.state for update in walk.updates for s in update.sensors.values()}
    assert states == {SensorState.CONNECTING, SensorState.STREAMING}


@pytest.mark.parametrize(
    ("family", "rate_hz", "promised_ms"),
    [("gait", 104.0, 1.0), ("gait", 119.0, 1.0), ("gait", 100.0, 5.0), ("dot", None, 5.0)],
)
def test_sensors_agree_on_time(family: str, rate_hz: float | None, promised_ms: float) -> None:
    """Crystals up to 40 ppm off, clocks that wrap, failed connection events, two stalls."""
    walk = Walk(family=family, rate_hz=rate_hz)
    walk.wear()
    walk.run(20)
    for n in (1, 2):
        walk.transport.radio(address(n)).stall(walk.now + 0.2, walk.now + 0.6)
    walk.run(50)
    errors = []
    for placement in REQUIRED_PLACEMENTS:
        got = walk.samples(placement).time_s
        # Nothing was lost: the first samples are the first that were taken.
        error = got - walk.true_samples(placement)[0][: len(got)]
        errors.append(np.interp(np.arange(30, 65, 0.5), got, error))
    assert walk.updates[-1].sensors[address(1)].samples_lost == 0
    assert np.median(np.ptp(errors, axis=0)) * 1e3 < promised_ms


def test_every_lost_packet_is_counted_and_nothing_comes_twice() -> None:
    walk = Walk()
    walk.wear()
    walk.run(2)
    for n in range(3):
        radio = walk.transport.radio(address(n + 1))
        radio.conditions.loss = 0.05
        radio.conditions.duplicate = 0.05
    walk.run(30)
    for n in range(3):
        walk.transport.radio(address(n + 1)).conditions.loss = 0.0
    walk.run(1)
    for n, placement in enumerate(REQUIRED_PLACEMENTS):
        radio = walk.transport.radio(address(n + 1))
        status = walk.updates[-1].sensors[address(n + 1)]
        lost = [p for p in radio.lost if p.characteristic == wire.DATA]
        assert len(lost) > 10
        assert radio.duplicated > 10
        assert status.samples_lost == 4 * len(lost)
        assert (np.diff(matched(walk, placement)) > 0).all()
        assert status.samples_received == len(walk.samples(placement))


def test_a_sensor_with_much_loss_is_weak() -> None:
    walk = Walk()
    walk.wear()
    walk.run(8)
    walk.transport.radio(address(1)).conditions = RadioConditions(loss=0.1)
    walk.run(6)
    assert walk.state(PELVIS) is SensorState.WEAK
    assert walk.state(THIGH_LEFT) is SensorState.STREAMING


def test_packets_that_overtake_each_other_after_a_stall_are_put_in_order() -> None:
    walk = Walk()
    walk.wear()
    walk.run(5)
    walk.transport.radio(address(1)).stall(walk.now + 0.5, walk.now + 1.0, reorder=True)
    walk.run(5)
    index = matched(walk, PELVIS)
    np.testing.assert_array_equal(np.diff(index), 1)
    assert walk.updates[-1].sensors[address(1)].samples_lost == 0


def test_a_broken_link_comes_back_and_the_gap_is_where_it_was() -> None:
    walk = Walk()
    walk.wear()
    walk.run(10)
    walk.transport.set_in_reach(address(2), False)
    walk.run(1.0)
    assert walk.state(THIGH_LEFT) is SensorState.LOST
    assert walk.state(PELVIS) is SensorState.STREAMING
    walk.run(3)
    walk.transport.set_in_reach(address(2), True)
    walk.run(25)
    assert walk.state(THIGH_LEFT) is SensorState.STREAMING
    status = walk.updates[-1].sensors[address(2)]
    index = matched(walk, THIGH_LEFT)
    holes = np.flatnonzero(np.diff(index) != 1)
    assert len(holes) == 1
    assert status.samples_away == np.diff(index)[holes[0]] - 1
    assert status.samples_lost == 0
    ((start, label),) = walk.events(EventKind.DROPOUT_START)
    ((end, _),) = walk.events(EventKind.DROPOUT_END)
    assert label == "thigh_left"
    times = walk.samples(THIGH_LEFT).time_s
    assert (start, end) == (times[holes[0]], times[holes[0] + 1])


def test_waits_between_attempts_grow_and_differ() -> None:
    walk = Walk()
    walk.wear()
    walk.run(5)
    for n in (1, 2):
        walk.transport.set_in_reach(address(n), False)
    asked: dict[str, list[float]] = {address(1): [], address(2): []}
    connect = walk.transport.connect

    def counting(where: str):
        asked[where].append(walk.now)
        return connect(where)

    walk.transport.connect = counting  # type: ignore[method-assign]
    walk.run(90, 0.05)
    for times in asked.values():
        waits = np.diff(times)
        assert 8 <= len(times) <= 14
        assert waits[-1] > 5 * waits[0]
        assert waits.max() < 20
    assert asked[address(1)][:5] != asked[address(2)][:5]


def test_a_reboot_in_mid_walk_is_a_gap_and_not_a_jump() -> None:
    walk = Walk()
    walk.wear()
    walk.run(20)
    walk.transport.reboot(address(1))
    walk.run(20)
    status = walk.updates[-1].sensors[address(1)]
    assert status.restarts == 1
    times = walk.samples(PELVIS).time_s
    assert (np.diff(times) > 0).all()
    true_s = walk.true_samples(PELVIS)[0][matched(walk, PELVIS)]
    assert np.abs(np.median((times - true_s)[-500:])) < 0.005


def test_a_late_joiner_starts_when_it_comes() -> None:
    walk = Walk()
    walk.transport.set_in_reach(address(3), False)
    walk.wear()
    update = walk.run(15)
    assert walk.state(THIGH_RIGHT) is SensorState.SEARCHING
    problem = update.sensors[address(3)].problem
    assert problem is not None
    assert problem.reason == Reason.NOT_FOUND
    assert len(walk.samples(PELVIS)) > 500
    walk.transport.set_in_reach(address(3), True)
    walk.run(20)
    assert walk.state(THIGH_RIGHT) is SensorState.STREAMING
    assert len(walk.samples(THIGH_RIGHT)) > 200


def test_bluetooth_switched_off_and_on_again() -> None:
    walk = Walk()
    walk.wear()
    walk.run(5)
    walk.transport.set_powered(False)
    update = walk.run(5)
    assert update.radio_problem is not None
    assert update.radio_problem.reason == Reason.BLUETOOTH_OFF
    assert walk.state(PELVIS) in (SensorState.LOST, SensorState.RECONNECTING)
    walk.transport.set_powered(True)
    update = walk.run(5)
    assert update.radio_problem is None
    assert {s.state for s in update.sensors.values()} == {SensorState.STREAMING}


def test_a_strangers_sensor_is_never_touched() -> None:
    walk = Walk()
    walk.wear(PELVIS, THIGH_LEFT)
    walk.run(5)
    assert {r.address for u in walk.updates for r in u.raw} == {address(1), address(2)}
    assert {s.placement for u in walk.updates for s in u.samples} == {PELVIS, THIGH_LEFT}
    assert walk.truth[THIGH_RIGHT] == []


def test_battery_low_is_told() -> None:
    weak = GaitPeripheral(uid=1, battery_percent=9)
    walk = Walk([gait_sensor(1, peripheral=weak), gait_sensor(2), gait_sensor(3)])
    walk.wear()
    update = walk.run(8)
    assert walk.state(PELVIS) is SensorState.BATTERY_LOW
    assert update.sensors[address(1)].battery_percent == 9
    assert update.sensors[address(2)].battery_percent == 87


def test_identify_reaches_the_sensor_that_was_meant() -> None:
    peripherals = [GaitPeripheral(uid=n) for n in (1, 2, 3)]
    walk = Walk([gait_sensor(n + 1, peripheral=p) for n, p in enumerate(peripherals)])
    walk.wear()
    assert not walk.bridge.identify(address(2))
    walk.run(3)
    assert walk.bridge.identify(address(2))
    assert [p.identify_requests for p in peripherals] == [0, 1, 0]


def test_one_placement_one_sensor() -> None:
    walk = Walk()
    walk.wear(PELVIS)
    with pytest.raises(UsageError) as caught:
        walk.bridge.add(raw_sensor(2, PELVIS))
    assert caught.value.reason == "placement_taken"


def test_a_caller_that_is_late_gets_everything() -> None:
    """Time stamps do not know that nobody polled for a while."""
    walks = [Walk(), Walk()]
    for walk, step in zip(walks, (0.02, 0.3), strict=True):
        walk.wear()
        walk.run(3, 0.02)
        walk.run(15, step)
    a, b = (walk.samples(PELVIS) for walk in walks)
    np.testing.assert_array_equal(a.acc_m_s2, b.acc_m_s2[: len(a)])
    # Only the pings went out at other moments.
    np.testing.assert_allclose(a.time_s, b.time_s[: len(a)], atol=5e-4)


def test_everything_that_came_is_handed_on_raw() -> None:
    walk = Walk()
    walk.wear()
    walk.run(5)
    packets = [r for u in walk.updates for r in u.raw if r.kind == PACKET]
    data = [r for r in packets if r.characteristic == wire.DATA and r.address == address(1)]
    assert 4 * len(data) == len(walk.samples(PELVIS))
