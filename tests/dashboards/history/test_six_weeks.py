"""The six-week series: improvement shown, marked exactly beyond the smallest change."""

from __future__ import annotations

import math

import pytest

from dashboards.history import wording
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.trend import history_for_patterns, trends
from dashboards.summary import MAIN_MEASURES
from pipeline.change import ChangeKind
from pipeline.patterns.terms import Level
from recordings.placement import Side

LEAN = "hip_adduction_peak_deg"
BACK_SWING = "thigh_extension_velocity_peak_deg_s"
INJECTED_PER_WEEK_DEG = 2.0


def lean_of(walks: tuple[SavedWalk, ...], side: Side):
    (found,) = [t for t in trends(walks, {LEAN}) if t.side is side]
    return found


def test_the_lean_falls_every_week_as_it_was_made_to(six_weeks) -> None:
    values = [p.measured.value for p in lean_of(six_weeks, Side.RIGHT).points]
    assert values == sorted(values, reverse=True)
    for week, value in enumerate(values):
        assert values[0] - value == pytest.approx(INJECTED_PER_WEEK_DEG * week, abs=1.0)


def test_it_is_marked_from_the_fourth_week_and_not_before(six_weeks) -> None:
    """2° a week against 4.7°: 2, 4 and then 6° are what it may and may not mark."""
    trend = lean_of(six_weeks, Side.RIGHT)
    first = trend.points[0].measured
    for point in trend.points[1:]:
        change = point.change
        errors = math.hypot(
            math.hypot(first.half_width, first.error),
            math.hypot(point.measured.half_width, point.measured.error),
        )
        assert change.smallest == pytest.approx(max(4.5, errors))
        assert (change.kind is ChangeKind.MARKED) == (abs(change.amount) > change.smallest)
    kinds = [p.change.kind for p in trend.points]
    assert kinds == [ChangeKind.FIRST] + [ChangeKind.WITHIN] * 2 + [ChangeKind.MARKED] * 3
    assert [lean_of(six_weeks[:n], Side.RIGHT).marked for n in range(1, 7)] == [
        False,
        False,
        False,
        True,
        True,
        True,
    ]
    assert trend.times_marked == 3


def test_the_other_leg_and_what_speed_explains_are_not_marked(six_weeks) -> None:
    """The person also walks faster each week, which moves many measures."""
    found = trends(six_weeks, MAIN_MEASURES | {BACK_SWING})
    assert {(t.feature.name, t.side) for t in found if t.marked} == {(LEAN, Side.RIGHT)}
    swing = [t for t in found if t.feature.name == BACK_SWING]
    assert ChangeKind.SPEED in {t.last.change.kind for t in swing}
    assert "walked faster" in wording.sentence(
        next(t for t in swing if t.last.change.kind is ChangeKind.SPEED)
    )


def test_what_is_said_of_it(six_weeks) -> None:
    said = [wording.sentence(lean_of(six_weeks[:n], Side.RIGHT)) for n in range(1, 7)]
    assert "Walk again on another day" in said[0]
    assert "no change is shown" in said[1]
    assert "no change is shown" in said[2]
    assert "It showed once so far" in said[3]
    assert "within the usual range now" in said[3]
    assert "in each of the last 3 walks" in said[5]
    trend = lean_of(six_weeks, Side.RIGHT)
    first, last = (p.measured.value for p in (trend.points[0], trend.points[-1]))
    told = f"{first:.1f}° on the first day, {last:.1f}° in the last walk: it changed by"
    assert f"{told} {first - last:.1f}°" in said[5]


def test_the_pattern_of_the_first_weeks_repeats_on_its_side(six_weeks) -> None:
    levels = [
        next(p.level for p in w.patterns if (p.pattern, p.side) == ("inward_thigh", Side.RIGHT))
        for w in six_weeks
    ]
    assert min(levels[:2]) >= Level.POSSIBLE
    assert levels[-1] == Level.NONE
    history = history_for_patterns(six_weeks[:2], six_weeks[2].day)
    assert history.days_seen("inward_thigh", Side.RIGHT) == 2
    assert history.days_seen("inward_thigh", Side.LEFT) == 0
    assert history.baseline(LEAN, Side.RIGHT) is None
    later = history_for_patterns(six_weeks[:3], six_weeks[3].day)
    usual = later.baseline(LEAN, Side.RIGHT)
    assert usual == pytest.approx(lean_of(six_weeks, Side.RIGHT).points[1].measured.value)
    same_day = history_for_patterns(six_weeks[:2], six_weeks[1].day)
    assert same_day.days_seen("inward_thigh", Side.RIGHT) == 1
