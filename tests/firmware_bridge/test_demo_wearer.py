"""The demo's wearer can be changed while walking, and the past stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from firmware_bridge.transport import demo_wearer
from firmware_bridge.transport.demo_wearer import DemoWearer
from recordings.events import EventKind
from recordings.placement import Placement, Side

NOW_S = 30.0
FIRST_STEP_S = 10.0
"""The first step after standing depends a little on the walk to come; it is long past."""


@pytest.fixture
def wearer() -> Iterator[DemoWearer]:
    wearer = DemoWearer((Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT))
    yield wearer
    wearer.close()


def felt(wearer: DemoWearer) -> dict[Placement, np.ndarray]:
    return {p: s.gyr_rad_s for p, s in wearer._felt.items()}


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w._wear(150.0),
        lambda w: (w._take([("pelvic_drop", Side.RIGHT, 8.0)], NOW_S), w._wear(75.0)),
        lambda w: (w._take([("stumble", None, 0.0)], NOW_S), w._wear(75.0)),
    ],
    ids=["walks on", "deviation", "stumble"],
)
def test_the_past_stays_as_it_was(
    wearer: DemoWearer, change: Callable[[DemoWearer], object]
) -> None:
    before = felt(wearer)
    change(wearer)
    after = felt(wearer)
    past = slice(int(FIRST_STEP_S * 200), int((NOW_S - 1.0) * 200))
    for placement, values in before.items():
        difference = np.abs(after[placement][past] - values[past]).max()
        assert difference < np.deg2rad(0.1), placement


def test_a_stumble_is_felt(wearer: DemoWearer) -> None:
    before = felt(wearer)[Placement.THIGH_LEFT]
    wearer._take([("stumble", None, 0.0)], NOW_S)
    wearer._wear(75.0)
    after = felt(wearer)[Placement.THIGH_LEFT]
    future = slice(int(NOW_S * 200), int((NOW_S + 3) * 200))
    assert np.abs(after[future] - before[future]).max() > 1.0


def test_amounts_are_from_the_usual_not_added_up(wearer: DemoWearer) -> None:
    wearer._take([("pelvic_drop", Side.RIGHT, 8.0)], 20.0)
    wearer._take([("pelvic_drop", Side.RIGHT, 3.0)], 30.0)
    wearer._take([("pelvic_drop", Side.RIGHT, 3.0)], 40.0)
    assert [(d.from_s, d.amount) for d in wearer._deviations] == [(20.0, 8.0), (30.0, -5.0)]


def test_everything_says_that_it_is_simulated(wearer: DemoWearer) -> None:
    assert wearer.metadata.simulated
    kinds = [event.kind for event in wearer.events]
    assert kinds == [EventKind.CALIBRATION_POSE_START, EventKind.CALIBRATION_POSE_END]


def test_the_walk_ends_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_wearer, "LASTS_S", 30.0)
    now_s = 0.0
    wearer = DemoWearer((Placement.PELVIS,), clock=lambda: now_s)
    try:
        assert not wearer.arrived
        assert np.linalg.norm(felt(wearer)[Placement.PELVIS][-200:], axis=1).max() < 0.1
        wearer.transport.now_s()
        now_s = 31.0
        assert wearer.arrived
    finally:
        wearer.close()


def test_a_computer_that_slept_behind_the_end_finds_a_wearer_who_holds_still() -> None:
    now_s = [0.0]
    wearer = DemoWearer((Placement.PELVIS,), clock=lambda: now_s[0])
    try:
        wearer.transport.open()
        now_s[0] = 500.0
        wearer._wear(60.0)  # what was being worked out when it fell asleep
        sensor = wearer._simulated(0, Placement.PELVIS)
        acc, gyr = sensor._motion(np.array([499.0, 500.0]))
        np.testing.assert_array_equal(acc[0], acc[1])
        assert np.isfinite(gyr).all()
    finally:
        wearer.close()
