"""A sensor's clock begins where its packets were taken, not where they came late."""

from __future__ import annotations

import numpy as np
import pytest

from firmware_bridge.devices.base import DecodedSamples, SyncEcho
from firmware_bridge.new_clock import NewClock
from recordings.placement import Placement
from tests.firmware_bridge.simulation import address
from tests.firmware_bridge.test_bridge import PELVIS, Walk

_PERIOD_US = 40_000


def packet(k: int) -> DecodedSamples:
    nothing = np.zeros((1, 3))
    return DecodedSamples(nothing, nothing, np.array([k]), np.array([k * _PERIOD_US]))


def late_clock(*, can_ping: bool, delays_s: list[float]) -> NewClock:
    new = NewClock(can_ping=can_ping)
    for k, delay_s in enumerate(delays_s):
        new.add(k * _PERIOD_US * 1e-6 + delay_s, packet(k))
    return new


def true_errors_s(walk: Walk, placement: Placement, from_s: float) -> np.ndarray:
    """Recorded minus true time of each sample, told apart by the values it holds."""
    got = walk.samples(placement)
    true_s, acc = walk.true_samples(placement)
    errors: list[float] = []
    for time_s, felt in zip(got.time_s, got.acc_m_s2, strict=True):
        if time_s >= from_s:
            near = np.flatnonzero(np.abs(true_s - time_s) < 0.4)
            best = near[np.abs(acc[near] - felt).max(axis=1).argmin()]
            errors.append(time_s - true_s[best])
    return np.array(errors)


@pytest.mark.parametrize("at_first", [True, False], ids=["first start", "reboot"])
def test_a_computer_too_busy_to_listen_does_not_move_a_clock_that_begins(at_first: bool) -> None:
    """Every packet of the first 1.5 s comes 0.15 s late at least: none tells where it begins."""
    walk = Walk()
    link = walk.transport.radio(address(1))
    walk.wear(PELVIS)
    if not at_first:
        walk.run(10)
        walk.transport.reboot(address(1))
    begin_s = walk.now - 1000.0
    link.conditions.latency_s = 0.15
    walk.run(1.5)
    link.conditions.latency_s = 0.001
    walk.run(10)
    errors = true_errors_s(walk, PELVIS, begin_s)
    assert len(errors) > 900
    assert np.abs(errors).max() < 0.035
    assert walk.updates[-1].sensors[address(1)].samples_lost == 0


def test_what_waits_for_its_clock_is_handed_over_when_the_bridge_closes() -> None:
    walk = Walk()
    walk.wear(PELVIS)
    walk.run(0.4)
    assert not any(update.samples for update in walk.updates)
    walk.bridge.close()
    walk.updates.append(walk.bridge.poll())
    taken = walk.true_samples(PELVIS)[0]
    assert 20 < len(walk.samples(PELVIS)) <= len(taken)


def test_the_burst_after_the_wait_is_not_taken_for_a_rate() -> None:
    walk = Walk()
    walk.wear(PELVIS)
    rates_hz = [walk.run(0.05).sensors[address(1)].rate_hz for _ in range(80)]
    told = [rate_hz for rate_hz in rates_hz if rate_hz]
    assert told == pytest.approx([104.0] * len(told), rel=0.12)
    assert len(told) > 20


def test_a_sensor_that_cannot_be_pinged_is_waited_for_half_a_second() -> None:
    new = late_clock(can_ping=False, delays_s=[0.3] * 5)
    first_s = new.packets[0][0]
    assert not new.is_known(first_s + 0.49)
    assert new.is_known(first_s + 0.5)


def test_arrivals_and_pings_must_meet() -> None:
    new = late_clock(can_ping=True, delays_s=[0.3] * 20)
    new.add_echo(0.205, SyncEcho(b"", 210_000), 0.4)
    assert not new.is_known(1.5)
    # An echo that came before its question says nothing.
    new.add_echo(0.6, SyncEcho(b"", 310_000), 0.5)
    assert not new.is_known(1.5)
    new.add(0.8 + 0.02, packet(20))
    assert new.is_known(1.5)


def test_nobody_waits_for_ever() -> None:
    new = late_clock(can_ping=True, delays_s=[0.3] * 3)
    assert not new.is_known(4.29)
    assert new.is_known(4.3)
