"""The wearer's screen: which number, what it says of the goal, and what is never claimed."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from dashboards.biofeedback import wording
from dashboards.biofeedback.biofeedback import BiofeedbackSettings, Board, Mode
from dashboards.biofeedback.readings import Reading
from dashboards.view_models.sensor_cards import Mood
from dashboards.view_models.wearer_screen import View, wearer_screen
from dashboards.wording import UNKNOWN
from pipeline.wording import forbidden_words
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side


def board(mode: Mode, goal: float | None = None, **drops: float) -> Board:
    readings = {Side(side): Reading(Side(side), v, 2.5, 10.0) for side, v in drops.items()}
    return Board(BiofeedbackSettings(mode, goal=goal), readings, judged=len(readings))


def test_without_a_target_it_is_the_cadence() -> None:
    screen = wearer_screen(replace(board(Mode.OFF), cadence_spm=None), 111.6)
    assert (screen.title, screen.number, screen.unit) == ("Cadence", "112", "steps/min")
    assert wearer_screen(board(Mode.METRONOME), nan).number == UNKNOWN


@pytest.mark.parametrize(
    ("drop", "mood", "words"),
    [
        (5.0, Mood.GOOD, "within the goal"),
        (8.0, None, "at the goal, within ± 2.5°"),
        (9.5, Mood.WATCH, "beyond the goal"),
    ],
)
def test_the_number_is_judged_with_its_error(drop: float, mood: Mood | None, words: str) -> None:
    screen = wearer_screen(board(Mode.PELVIC_DROP, right=drop), nan)
    assert screen.number == f"{drop:.1f}°"
    assert screen.mood is mood
    assert screen.line == f"Goal: at most 6.5° · {words}"
    assert screen.view is View.BEHIND


def test_the_leg_that_is_further_from_the_goal_is_shown() -> None:
    screen = wearer_screen(board(Mode.KNEE_PAST_STRAIGHT, left=5.0, right=-6.0), nan)
    assert screen.title == "Straightest knee, right leg"
    assert screen.number == "-6.0°"
    assert screen.mood is Mood.WATCH
    assert "Goal: at least 0.0°" in screen.spoken


def test_a_leg_that_gets_no_cues_is_not_shown() -> None:
    one = board(Mode.PELVIC_DROP, right=12.0)
    one = replace(one, settings=replace(one.settings, sides=frozenset({Side.LEFT})))
    assert wearer_screen(one, nan).number == UNKNOWN


def test_status_says_what_it_waits_for() -> None:
    knee = board(Mode.KNEE_PAST_STRAIGHT)
    assert "shank sensors" in wording.status(knee, REQUIRED_PLACEMENTS)
    assert "waits" in wording.status(knee, tuple(Placement))
    assert wording.status(board(Mode.OFF), ()) == ""


def test_status_says_how_many_cues_and_how_late() -> None:
    going = replace(
        board(Mode.PELVIC_DROP, right=12.0),
        judged=30, missed_count=12, given=4, share=1 / 3, delay_s=0.142,
    )  # fmt: skip
    assert wording.status(going, tuple(Placement)) == (
        "12 of 30 strides missed the goal · 4 cues · 33 % are given · 142 ms after it happened"
    )


def test_no_word_of_biofeedback_is_forbidden() -> None:
    said = [
        text
        for name, value in vars(wording).items()
        if not name.startswith("__")
        for text in (value.values() if isinstance(value, dict) else [value])
        if isinstance(text, str)
    ]
    assert len(said) > 25
    assert [text for text in said if forbidden_words(text)] == []
