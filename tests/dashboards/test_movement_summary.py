"""What a person reads about movement tests in the terminal."""

from __future__ import annotations

import math

from dashboards.movement_summary import movement_tests
from dashboards.terminal import Terminal
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, Repetition
from pipeline.results import FeatureStatistics, Interval
from recordings.placement import Side

SQUATS = MovementTest(
    MovementTask.SQUAT,
    None,
    30.2,
    51.0,
    repetitions=(
        Repetition(30.5, 34.0, None, accepted=True),
        Repetition(34.0, 37.5, None, accepted=True),
        Repetition(37.5, 40.0, None, accepted=False, reason=Obstacle.TOO_SHALLOW),
        Repetition(40.0, 44.0, None, accepted=False, reason=Obstacle.STUMBLED),
    ),
    features=(
        FeatureStatistics("x_deg", "F42", Side.LEFT, 2, 9.0, 1, 9, 6, 12, 4, Interval(-7, 7)),
    ),
    remarks=("Two squats do not count.",),
)


def text(*tests: MovementTest, width: int = 80) -> str:
    return "\n".join(movement_tests(tests, Terminal(width=width)))


def test_counts_values_and_what_was_left_out_are_said():
    said = text(SQUATS)
    assert said.startswith("MOVEMENT TESTS\n  Squats (30–51 s): 2 of 4 repetitions count")
    assert "(1 too shallow," in said and "1 with a stumble)" in " ".join(said.split())
    assert "x deg, left: 9.00 ± 5.00 (usual -7.00 to 7.00)" in said
    assert "- Two squats do not count." in said


def test_a_test_that_was_not_scored_says_why():
    other = MovementTest(
        MovementTask.KNEE_LIFT,
        Side.LEFT,
        5.0,
        20.0,
        announced=False,
        reason=Obstacle.OTHER_LEG,
        sentence="The right knee was lifted instead of the left.",
    )
    said = text(other)
    assert "Knee lift and hold, left leg (5–20 s, recognised): 0 repetitions" in said
    assert "The right knee was lifted instead of the left." in said


def test_an_open_test_counts_so_far_and_nothing_is_nothing():
    going_on = MovementTest(MovementTask.SQUAT, None, 1.0, math.inf, complete=False)
    assert "0 repetitions so far" in text(going_on)
    assert text() == ""


def test_no_line_is_wider_than_the_terminal():
    assert max(map(len, text(SQUATS, width=72).splitlines())) <= 72
