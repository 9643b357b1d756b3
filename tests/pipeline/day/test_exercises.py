"""Exercises: every repetition once, with its range, and nothing that is none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.spec import (
    Bridge,
    KneeLift,
    Lie,
    Lunge,
    Sit,
    Squat,
    Stand,
    StraightLegRaise,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.day.exercises import RANGE_ERROR_DEG, repetitions
from pipeline.day.watch import analyze_day
from recordings.placement import Side
from recordings.session import Session

REST = Stand(duration_s=8.0)


def hills(*tops: float, hold: int = 4, rest: float = 90.0) -> np.ndarray:
    """An angle that rises to each top, stays, and comes back."""
    parts = [np.full(6, rest)]
    for top in tops:
        up = np.linspace(rest, top, 4)
        parts += [up, np.full(hold, top), up[::-1], np.full(3, rest)]
    return np.concatenate(parts)


def test_each_rise_and_return_counts_once_with_its_range() -> None:
    found = repetitions(hills(130, 140, 118), 20.0)
    assert [r.range_deg for r in found] == pytest.approx([40, 50, 28])
    assert all(a.last <= b.first + 1 for a, b in pairwise(found))


def test_what_is_too_small_or_never_comes_back_is_no_repetition() -> None:
    assert repetitions(hills(105, 108), 20.0) == []
    assert repetitions(np.r_[np.full(6, 90.0), np.full(100, 130.0)], 20.0) == []
    assert repetitions(hills(130, hold=60), 20.0) == []


def test_after_a_gap_the_rest_is_found_anew() -> None:
    angle = hills(130, 130)
    angle[8] = np.nan
    assert len(repetitions(angle, 20.0)) == 1


@pytest.mark.parametrize("seed", [4, 11])
def test_exercises_of_the_virtual_wearer_are_counted_with_their_range(seed: int) -> None:
    items = (
        Bridge(repeats=9, lift_deg=22.0),
        StraightLegRaise(side=Side.LEFT, repeats=7, hip_deg=45.0, each_s=3.0),
        StraightLegRaise(side=Side.RIGHT, repeats=5, hip_deg=62.0, each_s=5.0),
        Squat(repeats=6, knee_deg=95.0),
        *(KneeLift(side=Side.RIGHT, duration_s=6.0),) * 4,
        Lunge(repeats=4),
        Lie(duration_s=120.0, shifts_per_min=2.0),
        Sit(duration_s=60.0, shifts_per_min=4.0),
    )
    timeline = [Stand(duration_s=10.0), Walk(duration_s=20.0), REST]
    for item in items:
        timeline += [item, REST]
    worn = wear(draw_spec(seed, timeline=tuple(timeline)))
    day = analyze_day(Session(worn.session.name, worn.session.sources))
    found = [(s.exercise, s.side, s.repetitions) for s in day.exercises]
    assert found == [
        ("bridge", None, 9),
        ("straight_leg_raise", Side.LEFT, 7),
        ("straight_leg_raise", Side.RIGHT, 5),
        ("squat", None, 6),
        ("knee_lift", Side.RIGHT, 4),
    ]
    for exercises, true_deg in zip(day.exercises[:3], (22.0, 45.0, 62.0), strict=True):
        assert exercises.ranges_deg == pytest.approx([true_deg] * exercises.repetitions, abs=5.0)
        assert exercises.error_deg == RANGE_ERROR_DEG == 5.0
