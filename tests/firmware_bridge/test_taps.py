"""Tap twice: the tapped sensor, that one only, and never by walking."""

from __future__ import annotations

import numpy as np
import pytest

from firmware_bridge.taps import TapTwice
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from tests.firmware_bridge.simulation import address
from tests.firmware_bridge.test_bridge import Walk, raw_sensor

RATE = 104.0


def fed(spikes: dict[str, list[float]], duration_s: float = 4.0) -> str:
    """What is found when sensors at rest get spikes at these times."""
    finder = TapTwice()
    found = ""
    for start in np.arange(0, duration_s, 0.1):
        time_s = start + np.arange(0, 0.1, 1 / RATE)
        for name, times in spikes.items():
            acc = np.tile([0.0, 9.81, 0.0], (len(time_s), 1))
            for spike_s in times:
                ringing = (time_s >= spike_s) & (time_s < spike_s + 0.03)
                acc[ringing, 1] += 25 * np.exp(-(time_s[ringing] - spike_s) / 0.01)
            finder.feed(name, time_s, acc)
        found = finder.tapped(start + 0.1) or found
    return found


def test_two_taps_are_found_on_the_sensor_that_got_them() -> None:
    assert fed({"a": [], "b": [1.0, 1.3], "c": []}) == "b"


@pytest.mark.parametrize(
    "spikes",
    [
        {"a": [1.0], "b": []},
        {"a": [1.0, 2.2], "b": []},
        {"a": [1.0, 1.3, 1.6, 1.9], "b": []},
        {"a": [1.0, 1.3], "b": [1.02, 1.32]},
        {"a": [1.0, 1.3], "b": [1.1]},
    ],
    ids=["one", "too far apart", "a shake", "both sensors", "the other moved"],
)
def test_what_is_no_double_tap(spikes: dict[str, list[float]]) -> None:
    assert fed(spikes) == ""


def test_walking_is_no_tap_and_a_tap_assigns(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk()
    for n in (1, 2, 3):
        walk.bridge.add(raw_sensor(n, None))
    walk.bridge.listen_for_taps()
    walk.run(10)
    assert not any(u.tapped for u in walk.updates)
    assert not any(u.samples for u in walk.updates)

    station = walk.transport._stations[address(2)]
    swing = station.sensor._motion
    taps = (walk.now + 1.0, walk.now + 1.3)

    def tapped(time_s: np.ndarray, /) -> tuple[np.ndarray, np.ndarray]:
        acc, gyr = swing(time_s)
        for tap_s in taps:
            acc[(time_s >= tap_s) & (time_s < tap_s + 0.02), 1] += 20
        return acc, gyr

    monkeypatch.setattr(station.sensor, "_motion", tapped)
    walk.run(3)
    assert {u.tapped for u in walk.updates} == {"", address(2)}
    walk.bridge.assign(address(2), Placement.THIGH_LEFT)
    walk.run(1)
    assert {s.placement for u in walk.updates for s in u.samples} == {REQUIRED_PLACEMENTS[1]}
