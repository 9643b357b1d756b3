"""Change against the first day: marked exactly beyond the smallest that is no noise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pipeline.change import REPEATS_NEEDED, ChangeKind, WalkValue, changes, own_spread
from pipeline.features.registry import FEATURES
from pipeline.norms import NormContext

LEAN = FEATURES["hip_adduction_peak_deg"]
CADENCE = FEATURES["cadence_spm"]
SWING = FEATURES["thigh_flexion_velocity_peak_deg_s"]


def value(day: int, size: float, **changed) -> WalkValue:
    usual = WalkValue(f"2026-01-{day:02d}", size, 0.2, 0.0, 40, 0.43)
    return replace(usual, **changed)


def kinds(feature, *walks: WalkValue) -> list[ChangeKind]:
    return [change.kind for change in changes(feature, walks)]


def test_the_published_change_decides_while_there_are_no_repeats() -> None:
    assert LEAN.mdc == 4.5
    found = changes(LEAN, [value(1, 16.0), value(2, 11.5), value(3, 11.49), value(4, 20.6)])
    assert [c.kind for c in found] == [
        ChangeKind.FIRST,
        ChangeKind.WITHIN,
        ChangeKind.MARKED,
        ChangeKind.MARKED,
    ]
    assert found[1].smallest == 4.5
    assert found[2].amount == pytest.approx(-4.51)


def test_nothing_is_marked_inside_the_errors_of_its_two_walks() -> None:
    wide = {"error": 4.0, "half_width": 3.0}
    found = changes(LEAN, [value(1, 16.0, **wide), value(2, 9.0, **wide), value(3, 8.9, **wide)])
    assert found[1].smallest == pytest.approx(math.hypot(5.0, 5.0))
    assert [c.kind for c in found[1:]] == [ChangeKind.WITHIN, ChangeKind.MARKED]


def test_own_repeats_raise_it_and_enough_of_them_replace_it() -> None:
    noisy = [value(1, 10.0), value(1, 14.0)]
    assert own_spread(noisy).sem == pytest.approx(math.sqrt(8.0))
    assert own_spread(noisy).smallest == pytest.approx(1.96 * math.sqrt(2) * math.sqrt(8), rel=1e-4)
    assert kinds(LEAN, *noisy, value(2, 19.0))[-1] is ChangeKind.WITHIN
    steady = [value(day, 10.0 + 0.5 * (i - 0.5)) for day in range(1, 12) for i in range(2)]
    assert own_spread(steady).repeats == 11 > REPEATS_NEEDED
    found = changes(LEAN, [*steady, value(20, 13.0)])[-1]
    assert found.kind is ChangeKind.MARKED
    assert found.smallest == pytest.approx(1.96 * math.sqrt(2) * math.sqrt(0.125), rel=1e-4)
    few = changes(LEAN, [*steady[:18], value(20, 13.0)])[-1]
    assert (few.kind, few.smallest) == (ChangeKind.WITHIN, 4.5)


def test_doubt_about_the_axes_of_a_walk_counts_even_with_many_repeats() -> None:
    steady = [value(day, 10.0, error=LEAN.error) for day in range(1, 12) for _ in range(2)]
    sure, unsure = value(20, 13.0, error=LEAN.error), value(21, 13.0, error=9.0)
    found = changes(LEAN, [*steady, sure, unsure])
    assert found[-2].kind is ChangeKind.MARKED
    assert found[-1].kind is ChangeKind.WITHIN
    assert found[-1].smallest > 8.0


def test_what_is_not_known_is_not_marked() -> None:
    assert math.isnan(CADENCE.mdc)
    assert kinds(CADENCE, value(1, 100.0), value(2, 140.0))[-1] is ChangeKind.UNKNOWN


def test_walking_faster_explains_what_it_usually_changes() -> None:
    norm = SWING.norm
    assert norm is not None
    faster = {"v_star": 0.50}
    usual = norm.centre(NormContext(v_star=0.50)) - norm.centre(NormContext(v_star=0.43))
    assert usual > SWING.mdc
    found = changes(SWING, [value(1, 180.0), value(2, 180.0 + usual, **faster)])[-1]
    assert found.kind is ChangeKind.SPEED
    assert found.by_speed == pytest.approx(usual)
    beyond = 180.0 + usual + SWING.mdc + 0.1
    assert kinds(SWING, value(1, 180.0), value(2, beyond, **faster))[-1] is ChangeKind.MARKED
    # Faster, and yet slower with the thigh: what stays the same is not marked either.
    assert kinds(SWING, value(1, 180.0), value(2, 180.0, **faster))[-1] is ChangeKind.WITHIN


def test_a_walk_of_few_strides_is_neither_judged_nor_the_first() -> None:
    found = kinds(LEAN, value(1, 30.0, strides=19), value(2, 10.0), value(3, 16.0, strides=5))
    assert found == [ChangeKind.TOO_FEW_STRIDES, ChangeKind.FIRST, ChangeKind.TOO_FEW_STRIDES]
    assert kinds(LEAN, value(1, 30.0, strides=2)) == [ChangeKind.TOO_FEW_STRIDES]
    assert changes(LEAN, []) == ()


def test_several_walks_of_the_first_day_are_averaged() -> None:
    found = changes(LEAN, [value(1, 9.5), value(1, 10.5), value(2, 15.0)])
    assert [c.kind for c in found] == [ChangeKind.FIRST, ChangeKind.FIRST, ChangeKind.MARKED]
    assert found[-1].amount == pytest.approx(5.0)


def test_unchanged_people_are_marked_as_rarely_as_promised() -> None:
    """Five of a hundred pairs where the spread is the published one, none but chance."""
    rng = np.random.default_rng(7)
    sem = LEAN.mdc / (1.96 * math.sqrt(2.0))
    marked = sum(
        kinds(LEAN, value(1, first), value(2, second))[-1] is ChangeKind.MARKED
        for first, second in rng.normal(7.0, sem, (4000, 2))
    )
    assert 0.04 < marked / 4000 < 0.06
