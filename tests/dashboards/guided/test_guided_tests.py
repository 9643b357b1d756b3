"""The catalogue of guided tests, their pictures, their words, and when none is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.guided.guided_tests import GUIDED_TESTS, SCREENING
from dashboards.guided.pictures import as_text, pose_of
from dashboards.guided.safety import MOST_PAIN_TO_BEGIN, why_not_begin, why_stop
from dashboards.guided.screening import FILE, ScreeningState, load, save
from pipeline.movement_tests.outcome import MovementTask, Obstacle
from pipeline.wording import forbidden_words
from recordings.errors import InputError
from recordings.placement import Side
from recordings.profile import Profile, answered
from recordings.red_flags import ADVICE, RED_FLAGS

NO_FLAG = answered(Profile(), {flag.key: False for flag in RED_FLAGS})
TESTS = list(GUIDED_TESTS.values())


def test_every_task_can_be_guided():
    assert {test.task for test in TESTS} == set(MovementTask)
    assert set(SCREENING) <= set(GUIDED_TESTS)


@pytest.mark.parametrize("test", TESTS, ids=lambda t: t.name)
def test_how_is_two_sentences_that_say_nothing_they_must_not(test):
    assert test.how.count(". ") == 1
    assert test.how.endswith(".")
    for words in (test.how, *test.precautions, *test.hints.values()):
        assert forbidden_words(words) == (), words
    assert set(test.hints) <= {obstacle.value for obstacle in Obstacle}


def test_who_stands_on_one_leg_is_told_to_have_help():
    for test in TESTS:
        assert any("somebody beside you" in words for words in test.precautions) == (
            test.needs_balance
        )


@pytest.mark.parametrize("test", TESTS, ids=lambda t: t.name)
def test_a_picture_shows_the_leg_that_works(test):
    left, right = (pose_of(test, side) for side in Side)
    assert left.known
    for mirrored in Side:
        a, b = left.side_view[mirrored].knee, right.side_view[mirrored.other].knee
        assert a == pytest.approx(b)
    lines = as_text(right)
    assert 6 < len(lines) < 20
    assert all("\u2800" <= sign <= "\u28ff" for line in lines for sign in line)


def test_a_squat_looks_like_one():
    standing = pose_of(GUIDED_TESTS["standing"], None)
    squat = pose_of(GUIDED_TESTS["squat"], None)
    assert squat.side_neck[1] < standing.side_neck[1] - 0.2
    lifted = pose_of(GUIDED_TESTS["knee-lift"], Side.LEFT).side_view
    assert lifted[Side.LEFT].knee[1] >= lifted[Side.LEFT].hip[1]
    assert lifted[Side.RIGHT].ankle[1] == pytest.approx(0.0)


def test_nothing_begins_without_the_safety_questions():
    assert "hipgait profile" in why_not_begin(None, 0)
    assert "hipgait profile" in why_not_begin(Profile(), 0)
    assert why_not_begin(NO_FLAG, None) != ""
    assert why_not_begin(NO_FLAG, MOST_PAIN_TO_BEGIN) == ""
    assert why_not_begin(NO_FLAG, MOST_PAIN_TO_BEGIN + 1) != ""


@pytest.mark.parametrize("flag", RED_FLAGS, ids=lambda f: f.key)
def test_any_red_flag_gives_its_advice_instead(flag):
    profile = answered(NO_FLAG, {flag.key: True})
    assert why_not_begin(profile, 0) == ADVICE[flag.urgency]


@pytest.mark.parametrize(
    ("before", "now", "stops"), [(0, 1, False), (0, 2, True), (3, 4, False), (3, 5, True)]
)
def test_more_pain_ends_the_tests(before, now, stops):
    assert bool(why_stop(before, now)) == stops
    assert forbidden_words(why_stop(before, now)) == ()


def test_a_screening_is_resumed_where_it_was_left(tmp_path: Path):
    save(ScreeningState(done=("standing", "squat"), sessions=("a",)), tmp_path)
    state = load(tmp_path)
    assert [test.name for test in state.left] == [
        name for name in SCREENING if name not in ("standing", "squat")
    ]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="holds no screening"):
        load(tmp_path / "elsewhere")
    (tmp_path / FILE).write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path)
