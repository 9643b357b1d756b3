"""Walks of the virtual wearer, from samples to patterns: the right one, on the right leg."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from firmware_bridge.virtual_wearer.population import without_shanks
from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.patterns.assessment import assess
from pipeline.patterns.board import PatternBoard
from pipeline.patterns.terms import Level, Task
from recordings.placement import THIGHS, Placement, Side
from recordings.session import InMemorySource, Session
from validation.expected_patterns import Expected, expected, misses


def recorded(name: str) -> Session:
    return wear(read_spec(catalogue()[name])).session


def board_of(name: str) -> PatternBoard:
    return assess(analyze(recorded(name)))


@pytest.mark.parametrize(
    ("name", "pattern", "side"),
    [
        ("limited_extension_right_five_sensors", "limited_hip_extension", Side.RIGHT),
        ("pelvic_drop_left", "pelvic_drop", Side.LEFT),
        ("lateral_sway_right", "side_lean", Side.RIGHT),
        ("femoral_collapse_right", "inward_thigh", Side.RIGHT),
        ("knee_hyperextension_left", "knee_past_straight", Side.LEFT),
        ("reduced_leg_lift_right", "less_leg_lift", Side.RIGHT),
        ("stiff_knee_right", "little_knee_bend", Side.RIGHT),
        ("stiff_hip_left", "reduced_hip_range", Side.LEFT),
    ],
)
def test_a_deviating_walk_gets_its_pattern_first_and_no_other(name, pattern, side) -> None:
    spec, board = read_spec(catalogue()[name]), board_of(name)
    assert expected(spec) == Expected(pattern, side, asked=True)
    assert misses(spec, board) == []
    assert board.patterns[0].preliminary


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("limited_extension_left", "limited_hip_extension"),
        ("pelvic_drop_left", "pelvic_drop"),
        ("lateral_sway_right", "side_lean"),
        ("femoral_collapse_left_three_sensors", "inward_thigh"),
        ("reduced_leg_lift_left", "less_leg_lift"),
        ("stiff_knee_left", ""),
    ],
)
def test_three_sensors_find_what_the_hip_shows_and_say_what_they_cannot(name, pattern) -> None:
    spec = read_spec(catalogue()[name])
    spec = structs.replace(spec, sensors=without_shanks(spec.sensors))
    board = assess(analyze(wear(spec).session))
    assert expected(spec).pattern == pattern
    assert misses(spec, board) == []
    assert any("shanks" in limit for limit in board.limits)
    assert {p.level for p in board.patterns if p.letter == "E"} == {Level.NOT_JUDGED}


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("usual_walk", set()),
        ("usual_walk_three_sensors", set()),
        ("fast_walk", set()),
        ("toe_in_right", set()),
        ("slow_walk", {"slow_walk"}),
        ("shorter_leg_left", {"leg_length"}),
        ("uneven_steps_right", {"uneven_timing"}),
    ],
)
def test_what_only_looks_alike_is_named_and_yields_no_pattern(name, named) -> None:
    board = board_of(name)
    assert {c.key for c in board.confounders} == named
    assert board.seen == ()


def test_a_leg_that_is_stood_on_far_shorter_may_be_spared() -> None:
    spec = read_spec(catalogue()["uneven_steps_right"])
    far = tuple(structs.replace(d, amount=1.8 * d.amount) for d in spec.deviations)
    board = assess(analyze(wear(structs.replace(spec, deviations=far)).session))
    assert {c.key for c in board.confounders} == {"sparing_a_leg"}
    assert board.seen == ()


def test_three_sensors_only_hint_at_a_knee() -> None:
    board = board_of("knee_hyperextension_right_three_sensors")
    assert board.seen == ()
    (hint,) = board.slight
    assert (hint.pattern, hint.side) == ("possible_knee_snap_back", Side.RIGHT)
    assert hint.confidence <= 0.35


def test_swapped_thighs_are_named_and_nothing_is_scored() -> None:
    session = recorded("pelvic_drop_left")
    left, right = THIGHS[Side.LEFT], THIGHS[Side.RIGHT]
    sources = {
        Placement.PELVIS: session.sources[Placement.PELVIS],
        left: InMemorySource(replace(session.samples(right), placement=left)),
        right: InMemorySource(replace(session.samples(left), placement=right)),
    }
    board = assess(analyze(replace(session, sources=sources)))
    assert [c.key for c in board.confounders] == ["swapped_sensors"]
    assert {p.level for p in board.patterns} == {Level.NOT_JUDGED}


def test_a_movement_that_was_done_is_not_asked_for() -> None:
    squatted = board_of("femoral_collapse_right").patterns[0]
    assert squatted.pattern == "inward_thigh"
    assert any(sign.task == Task.SQUAT and sign.measured for sign in squatted.signs)
    assert not any("squats" in words for words in squatted.clearer)
    walked = board_of("pelvic_drop_right").patterns[0]
    assert any("Stand on each leg" in words for words in walked.clearer)
