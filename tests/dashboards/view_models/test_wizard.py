"""The setup wizard without a window: places, checks, the standing pose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.view_models.sensor_cards import Mood
from dashboards.view_models.wizard import StandingPose, Step, Wizard, check_sensor
from firmware_bridge.status import SensorState, SensorStatus
from recordings.errors import SensorError
from recordings.metadata import ClockFit
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples

ADDRESSES = [f"51:{i:02}" for i in range(6)]

GOOD = SensorStatus(
    "51:00", "gait-0", "gait", None, SensorState.STREAMING, None, 104.0, 104.0, 0.0,
    900, 0, 0, 0, 0, 0, 0, 0, 0, 90.0, -50, ClockFit(offset_s=0, drift_ppm=0), "good",
    "", "", "", None, None,
)  # fmt: skip


def wizard_at(step: Step) -> Wizard:
    wizard = Wizard()
    wizard.find(ADDRESSES[:5])
    for address, placement in zip(ADDRESSES, Placement, strict=False):
        wizard.place(address, placement)
    wizard.step = step
    return wizard


@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.just("place"),
                st.sampled_from(ADDRESSES),
                st.one_of(st.none(), st.sampled_from(list(Placement))),
            ),
            st.tuples(st.just("tapped"), st.sampled_from(ADDRESSES)),
            st.tuples(st.just("swap_left_right")),
        ),
        max_size=30,
    )
)
def test_no_sensor_is_ever_worn_in_two_places(moves: list[tuple]) -> None:
    wizard = Wizard()
    wizard.find(ADDRESSES)
    for name, *values in moves:
        getattr(wizard, name)(*values)
        worn = list(wizard.placed.values())
        assert len(worn) == len(set(worn))


def test_taps_fill_the_places_in_the_order_of_the_body() -> None:
    wizard = Wizard()
    wizard.find(ADDRESSES)
    wizard.preset = REQUIRED_PLACEMENTS
    assert [wizard.tapped(a) for a in (ADDRESSES[2], ADDRESSES[0], ADDRESSES[2], ADDRESSES[1])] == [
        Placement.PELVIS, Placement.THIGH_LEFT, None, Placement.THIGH_RIGHT,
    ]  # fmt: skip
    assert wizard.next_free() is None
    assert wizard.tapped(ADDRESSES[4]) is None


def test_too_few_sensors_block_with_the_reason() -> None:
    wizard = Wizard()
    wizard.find(ADDRESSES[:2])
    assert not wizard.go_on()
    assert wizard.blocked() == "At least 3 sensors are needed: 1 more."
    wizard.find(ADDRESSES[:3])
    assert wizard.go_on()


def test_a_missing_place_blocks_with_its_name() -> None:
    wizard = wizard_at(Step.PLACE)
    wizard.place(wizard.placed[Placement.THIGH_RIGHT], None)
    assert wizard.blocked() == "Not placed yet: right thigh."
    wizard.tapped(ADDRESSES[2])
    assert wizard.blocked() == ""


def test_last_placement_is_taken_up_where_the_sensors_are_there() -> None:
    wizard = Wizard()
    wizard.find(ADDRESSES[:2])
    wizard.remember({Placement.PELVIS: ADDRESSES[1], Placement.THIGH_LEFT: "gone"})
    assert wizard.placed == {Placement.PELVIS: ADDRESSES[1]}


def test_swapping_left_and_right_leaves_the_pelvis() -> None:
    wizard = wizard_at(Step.WALK)
    before = dict(wizard.placed)
    wizard.swap_left_right()
    assert wizard.placed[Placement.PELVIS] == before[Placement.PELVIS]
    assert wizard.placed[Placement.THIGH_LEFT] == before[Placement.THIGH_RIGHT]
    assert wizard.placed[Placement.SHANK_RIGHT] == before[Placement.SHANK_LEFT]


def test_only_a_sensor_without_data_blocks_after_the_check() -> None:
    wizard = wizard_at(Step.CHECK)
    assert "Checking" in wizard.blocked()
    rest = dict.fromkeys(Placement, 9.81)
    statuses = [replace(GOOD, address=a) for a in ADDRESSES[:5]]
    wizard.check(statuses[:4], rest)
    assert "Checking" in wizard.blocked()
    wizard.check([replace(statuses[4], state=SensorState.LOST)], rest)
    assert wizard.blocked() == "Not ready: right shank."
    wizard.check([replace(statuses[4], recent_loss=0.2)], rest)
    assert wizard.blocked() == ""
    assert wizard.go_on()


@pytest.mark.parametrize(
    ("changes", "rest_m_s2", "mood", "words"),
    [
        ({}, 9.79, Mood.GOOD, "104 Hz, 0.0 % lost, 9.79 m/s² at rest, within its range"),
        ({}, 10.2, Mood.WATCH, "Feels 10.20 instead of 9.81"),
        ({"rate_hz": 90.0}, 9.81, Mood.WATCH, "90 instead of 104 Hz"),
        ({"recent_loss": 0.03}, 9.81, Mood.WATCH, "3.0 % lost"),
        ({"clipped_values": 2}, 9.81, Mood.WATCH, "shaken beyond its range"),
        ({"timing_quality": "low"}, 9.81, Mood.WATCH, "clock is rough"),
        ({"state": SensorState.LOST}, 9.81, Mood.BAD, "Switch it on"),
        ({}, float("nan"), Mood.BAD, "No data yet"),
        (
            {"state": SensorState.RECONNECTING, "problem": SensorError("It was not found.")},
            9.81,
            Mood.BAD,
            "It was not found.",
        ),
    ],
)
def test_the_signal_check_says_what_to_do(
    changes: dict, rest_m_s2: float, mood: Mood, words: str
) -> None:
    checked = check_sensor(replace(GOOD, **changes), rest_m_s2)
    assert checked.mood is mood
    assert words in checked.text


# --- Standing still ---------------------------------------------------------------------------


def turning(rate_rad_s: float) -> list[ImuSamples]:
    gyr = np.zeros((5, 3))
    gyr[2, 1] = rate_rad_s
    return [ImuSamples(Placement.PELVIS, np.arange(5) / 100, np.ones((5, 3)), gyr)]


def feed(pose: StandingPose, start_s: float, end_s: float, rate_rad_s: float = 0.01) -> None:
    for now_s in np.arange(start_s, end_s, 0.1):
        pose.feed(float(now_s), turning(rate_rad_s))


def test_three_seconds_to_get_ready_then_five_still() -> None:
    pose = StandingPose()
    pose.begin(10.0)
    feed(pose, 10.0, 13.0)
    assert pose.countdown_s == pytest.approx(0.1)
    feed(pose, 13.0, 15.6)
    assert pose.share == pytest.approx(0.5)
    assert not pose.done
    feed(pose, 15.6, 18.2)
    assert pose.done
    assert pose.still_since_s == pytest.approx(13.0)


def test_movement_begins_the_seconds_anew() -> None:
    pose = StandingPose()
    pose.begin(0.0)
    feed(pose, 0.0, 7.0)
    feed(pose, 7.0, 7.2, rate_rad_s=0.5)
    assert pose.text == "You moved: the five seconds begin anew."
    assert pose.share == pytest.approx(0.0)
    feed(pose, 7.2, 11.9)
    assert not pose.done
    feed(pose, 11.9, 12.4)
    assert pose.done


def test_who_cannot_stand_still_is_told_what_helps() -> None:
    pose = StandingPose()
    pose.begin(0.0)
    feed(pose, 0.0, 24.0, rate_rad_s=0.5)
    assert "Lean lightly on a wall" in pose.text
    assert not pose.done


def test_nothing_counts_before_start() -> None:
    pose = StandingPose()
    feed(pose, 0.0, 20.0)
    assert not pose.done
    assert "Then press Start" in pose.text
