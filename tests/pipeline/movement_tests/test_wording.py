"""Every sentence about a movement test obeys the wording rules, whatever the numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.movement_tests.assess import Person, assess
from pipeline.movement_tests.kind import keyed
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, Repetition
from pipeline.movement_tests.record import Record
from pipeline.movement_tests.registry import KINDS, TEST_FEATURES
from pipeline.movement_tests.words import obstacle_sentence, title
from pipeline.results import Finding, Verdict
from pipeline.wording import forbidden_words
from recordings.metadata import SecondZero, Settings, Wearer
from recordings.placement import Placement, Side

ADULT = Person.of(
    Wearer(age_years=40.0, sex="female"),
    Settings(second_zero=SecondZero(knee_flexion_left_deg=0.0, knee_flexion_right_deg=0.0)),
)
VALUES = (-60.0, -12.0, 0.0, 3.0, 9.0, 12.0, 20.0, 95.0)


def record(task: MovementTask, side: Side | None, value: float, error: float | None) -> Record:
    """A test in which every feature has the same value, and a jittered one beside it."""
    kind = KINDS[task]
    sides = tuple(Side) if side is None else (side,)
    keys = [keyed(f, s) for f in kind.features for s in (None, *sides)]
    repetitions = tuple(
        Repetition(10.0 + 4 * k, 13.0 + 4 * k, side, True, "", dict.fromkeys(keys, value + 0.1 * k))
        for k in range(6)
    )
    errors = {} if error is None else dict.fromkeys(keys, error)
    return Record(task, side, 9.0, 40.0, 0, True, repetitions=repetitions, errors=errors)


def uneven(even: Record) -> Record:
    """The same with a left leg that does 4 of everything."""
    repetitions = tuple(
        replace(r, measures={k: 4.0 if k.endswith(" left") else v for k, v in r.measures.items()})
        for r in even.repetitions
    )
    return replace(even, repetitions=repetitions)


def every_test() -> Iterator[MovementTest]:
    for task in MovementTask:
        for value, error in itertools.product(VALUES, (None, 0.1, 50.0)):
            if task.one_legged:
                pair = [record(task, Side.LEFT, value, error), record(task, Side.RIGHT, 4.0, error)]
                later = replace(pair[1], start_s=60.0, end_s=90.0)
                yield from assess([pair[0], later], ADULT)
            else:
                both = record(task, None, value, error)
                yield from assess([both], ADULT)
                yield from assess([uneven(both)], ADULT)


@pytest.fixture(scope="module")
def tests() -> list[MovementTest]:
    return list(every_test())


def findings(tests: list[MovementTest]) -> list[Finding]:
    return [f for t in tests for f in t.findings]


def test_no_sentence_says_what_sensors_cannot_know(tests: list[MovementTest]):
    said = {f.sentence for f in findings(tests)}
    said |= {t.sentence for t in tests} | {r for t in tests for r in t.remarks}
    for obstacle, task, side in itertools.product(Obstacle, MovementTask, (None, *Side)):
        said.add(obstacle_sentence(obstacle, task, side, count=1, needed=3))
        said.add(obstacle_sentence(obstacle, task, side, sensor=Placement.PELVIS))
        said.add(title(task, side))
    said |= {f.label for f in TEST_FEATURES.values()}
    said |= {kind.question for kind in KINDS.values()}
    assert {s: forbidden_words(s) for s in said if forbidden_words(s)} == {}
    for sentence in said:
        assert not re.search(r"\bnan|\binf\b|None|\{|\}|  |-0\b|−0\b|\.\.", sentence), sentence


def test_every_verdict_of_every_detector_is_reached(tests: list[MovementTest]):
    for kind in KINDS.values():
        verdicts = {f.verdict for t in tests if t.task is kind.task for f in t.findings}
        assert {Verdict.PRESENT, Verdict.NOT_SEEN} <= verdicts, kind.task


def test_findings_keep_their_promises(tests: list[MovementTest]):
    for f in findings(tests):
        assert 0.0 <= f.confidence <= 1.0
        assert f.sentence.endswith(".") and f.sentence[0].isupper()
        if f.verdict is Verdict.CANNOT_JUDGE:
            assert f.confidence == 0.0
        if f.verdict is Verdict.PRESENT:
            assert abs(f.value - f.threshold) > f.error or abs(-f.value - f.threshold) > f.error


def test_nobody_below_eighteen_is_judged():
    young = Person.of(Wearer(age_years=14.0), Settings())
    (test,) = assess([record(MovementTask.SQUAT, None, 40.0, 1.0)], young)
    assert test.features and not test.findings
    assert any("adults" in remark for remark in test.remarks)


def test_a_knee_past_straight_while_standing_needs_a_second_zero():
    past = record(MovementTask.STANDING, None, -12.0, None)
    (without,) = assess([past], Person.of(Wearer(), Settings()))
    assert not without.findings and any("second zero" in r for r in without.remarks)
    (found,) = assess([past], ADULT)
    assert {f.verdict for f in found.findings} == {Verdict.PRESENT}
    assert {r.code for r in found.features} == {"F27c", "F27s"}


def test_the_left_right_difference_stands_with_the_second_leg():
    first = record(MovementTask.LUNGE, Side.RIGHT, 14.0, 1.0)
    second = replace(record(MovementTask.LUNGE, Side.LEFT, 2.0, 1.0), start_s=60.0, end_s=90.0)
    right, left = assess([second, first], ADULT)
    assert (right.side, left.side) == (Side.RIGHT, Side.LEFT)
    assert not [r for r in right.features if r.code == "F42d"]
    (apart,) = [r for r in left.features if r.code == "F42d"]
    assert apart.mean == pytest.approx(12.0)
    assert apart.side is None


def test_usual_time_on_one_leg_falls_with_age():
    feature = TEST_FEATURES["single_leg_hold_s"]
    usual = [
        feature.norm.centre(Person.of(Wearer(age_years=age), Settings()).context)
        for age in (30.0, 65.0, 75.0, 85.0)
        if feature.norm is not None
    ]
    assert usual == [30.0, 27.0, 17.2, 8.5]


def test_a_slip_while_walking_spoils_the_tests_after_it():
    squats = record(MovementTask.SQUAT, None, 2.0, None)
    (before,) = assess([squats], ADULT, {0: 50.0})
    (after,) = assess([squats], ADULT, {0: 5.0})
    assert before.scored
    assert after.reason == Obstacle.SLIPPED_SENSOR and not after.features
