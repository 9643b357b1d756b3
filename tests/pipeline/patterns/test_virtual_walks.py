"""Walks of the virtual wearer, from samples to patterns: the right one, on the right leg."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.patterns.assessment import assess
from pipeline.patterns.board import PatternBoard
from pipeline.patterns.terms import Level
from recordings.placement import THIGHS, Placement, Side
from recordings.session import InMemorySource, Session


def recorded(name: str) -> Session:
    return wear(read_spec(catalogue()[name])).session


def board_of(name: str) -> PatternBoard:
    return assess(analyze(recorded(name)))


@pytest.mark.parametrize(
    ("name", "letter", "side"),
    [
        ("limited_extension_right", "A", Side.RIGHT),
        ("pelvic_drop_left", "B1", Side.LEFT),
        ("femoral_collapse_right", "C", Side.RIGHT),
        ("knee_hyperextension_left", "D", Side.LEFT),
        ("stiff_knee_right", "E", Side.RIGHT),
        ("stiff_hip_left", "F", Side.LEFT),
    ],
)
def test_a_deviating_walk_gets_its_pattern_first_and_no_other(name, letter, side) -> None:
    board = board_of(name)
    first = board.patterns[0]
    assert (first.letter, first.side) == (letter, side)
    assert first.level >= Level.POSSIBLE
    assert {p.letter for p in board.seen} == {letter}
    assert first.preliminary


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("usual_walk", set()),
        ("usual_walk_three_sensors", set()),
        ("fast_walk", set()),
        ("toe_in_right", set()),
        ("slow_walk", {"slow_walk"}),
        ("shorter_leg_left", {"leg_length"}),
        ("uneven_steps_right", {"sparing_a_leg"}),
    ],
)
def test_what_only_looks_alike_is_named_and_yields_no_pattern(name, named) -> None:
    board = board_of(name)
    assert {c.key for c in board.confounders} == named
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
