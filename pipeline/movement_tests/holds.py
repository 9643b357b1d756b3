"""Holds: stretches in which one leg is off the ground or a knee is lifted, and how they ended."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.features.base import Feature, Sample
from pipeline.movement_tests.judging import statistics_of
from pipeline.movement_tests.kind import View
from pipeline.movement_tests.outcome import Repetition
from pipeline.movement_tests.words import HELD_TO_THE_END
from pipeline.results import FeatureStatistics
from recordings.placement import Side

PLANNED_END_S = 1.0
"""A hold that ends this shortly before its task does was ended by the task, not the wearer."""


def best_hold(
    view: View, feature: Feature, most_s: float, error_s: float
) -> FeatureStatistics | None:
    """The longest hold of the accepted tries, counted up to `most_s`.

    None where the longest was ended by the task before `most_s`: how long the wearer could
    have held on is not known then.
    """
    side = view.side
    if side is None or not view.repetitions:
        return None
    key = f"{feature.name} {side}"
    best = max(view.repetitions, key=lambda r: r.measures.get(key, 0.0))
    held = best.measures.get(key, 0.0)
    if held < most_s - error_s and ended_by_task(best, view.end_s):
        return None
    value = min(held, most_s)
    sample = Sample(side, len(view.repetitions), value, float("nan"), value, float("inf"))
    return statistics_of(feature, sample, error_s, view.context)


def ended_by_task(hold: Repetition, end_s: float) -> bool:
    """Whether the task was over before the hold was."""
    return hold.end_s > end_s - PLANNED_END_S


def held_to_the_end(view: View, feature: Feature, most_s: float, error_s: float) -> Sequence[str]:
    """Says where the longest hold was cut short by the end of the test."""
    if view.side is None or not view.repetitions:
        return ()
    key = f"{feature.name} {view.side}"
    held = max(r.measures.get(key, 0.0) for r in view.repetitions)
    if best_hold(view, feature, most_s, error_s) is not None:
        return ()
    return (HELD_TO_THE_END.format(seconds=round(held)),)


def shorter_by_percent(
    view: View, feature: Feature, own: FeatureStatistics | None, source: Feature
) -> Sequence[FeatureStatistics]:
    """How much less one leg reaches than the other, in per cent of the larger: right − left."""
    other = view.of_other(source)
    if own is None or other is None or view.side is None:
        return ()
    left, right = (own, other) if view.side is Side.LEFT else (other, own)
    larger = max(left.mean, right.mean)
    if not larger > 0:
        return ()
    percent = 100.0 / larger
    value = (right.mean - left.mean) * percent
    error = percent * (left.error**2 + right.error**2) ** 0.5
    sample = Sample(None, min(left.n, right.n), value, float("nan"), value, float("inf"))
    return (statistics_of(feature, sample, error, view.context),)
