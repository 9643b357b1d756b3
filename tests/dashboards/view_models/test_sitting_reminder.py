"""The reminder comes when it is due, once, and knows when somebody got up."""

from __future__ import annotations

import argparse

import pytest

from dashboards.cli.record import _sitting_minutes
from dashboards.view_models import sitting_reminder
from dashboards.view_models.sitting_reminder import SittingReminder
from pipeline.wording import forbidden_words
from recordings.placement import Placement
from tests.pipeline.day.made_days import SENSORS, lived


def said(*stretches: tuple[str, float], after_min: float, piece_s: float = 5.0) -> list:
    """What the reminder says in a day that is lived piece by piece, with the time."""
    samples = lived(*stretches)
    reminder = SittingReminder(SENSORS, after_min)
    end_s, at_s, out = sum(s for _, s in stretches), 0.0, []
    while at_s < end_s:
        parts = {p: s.between(at_s, at_s + piece_s) for p, s in samples.items()}
        at_s += piece_s
        out += [(at_s, words) for words in reminder.push(parts)]
    return out


def test_the_reminder_comes_after_the_chosen_time_and_again_after_ten_minutes() -> None:
    words = said(("stand", 20), ("walk", 20), ("sit", 960), after_min=5)
    assert "Walk about ten steps once" in words[0][1]
    assert "after 5 min of sitting" in words[0][1]
    times = [time_s for time_s, text in words if "Time to stand up" in text]
    assert times == pytest.approx([40 + 300, 40 + 900], abs=15)
    assert len(words) == 3


def test_getting_up_begins_the_time_anew() -> None:
    words = said(("walk", 20), ("sit", 170), ("stand", 30), ("sit", 170), ("walk", 20), after_min=3)
    assert len(words) == 1  # only the hint at its beginning


def test_who_gets_up_after_a_reminder_is_told_so_once() -> None:
    words = said(("walk", 20), ("sit", 200), ("walk", 40), ("sit", 100), after_min=3)
    assert [text for _, text in words[1:]] == [
        "You have been sitting for 3 min. Time to stand up and walk a little.",
        "Up again after 3 min of sitting.",
    ]


def test_lying_and_an_empty_chair_are_no_sitting() -> None:
    assert len(said(("walk", 20), ("lie", 400), after_min=3)) == 1
    reminder = SittingReminder((Placement.PELVIS,), 30.0)
    assert reminder.push({}) == [] and reminder.sitting_s == 0.0


def test_no_sentence_says_what_it_must_not() -> None:
    for _, words in said(("walk", 20), ("sit", 200), ("walk", 40), after_min=3):
        assert forbidden_words(words) == ()


def test_the_command_takes_what_the_reminder_takes() -> None:
    for minutes in (sitting_reminder.SHORTEST_MIN, 45.0, sitting_reminder.LONGEST_MIN):
        assert _sitting_minutes(str(minutes)) == minutes
        SittingReminder(SENSORS, minutes)
    for minutes in (0.5, 500.0, float("nan")):
        with pytest.raises(argparse.ArgumentTypeError):
            _sitting_minutes(str(minutes))
        with pytest.raises(ValueError, match="is not between"):
            SittingReminder(SENSORS, minutes)
