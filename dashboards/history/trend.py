"""Trends: measures of one person over walks, each change beside the smallest that is no noise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

from dashboards.history.saved_walk import SavedWalk
from dashboards.history.store import HistoryStore
from dashboards.summary import MAIN_MEASURES
from pipeline.change import Change, ChangeKind, WalkValue, changes
from pipeline.features.base import Feature
from pipeline.features.registry import FEATURES
from pipeline.movement_tests.registry import TEST_FEATURES
from pipeline.patterns.history import History, PastWalk
from pipeline.patterns.terms import Level
from pipeline.results import RESULTS_VERSION, Interval
from recordings.placement import Side

DICTIONARY: Mapping[str, Feature] = {**FEATURES, **TEST_FEATURES}
"""Every measure that a walk can have, those of movement tests after those of walking."""

COMPARED = frozenset({*MAIN_MEASURES, *(n for n, f in TEST_FEATURES.items() if isfinite(f.mdc))})
"""Measures whose change is told without asking: it is known what two wearings differ by."""

FIRST_SHOWN = (
    "hip_adduction_peak_deg",
    "pelvic_drop_peak_deg",
    "hip_flexion_min_deg",
    "hip_flexion_rom_deg",
    "knee_flexion_min_stance_deg",
    "knee_flexion_swing_peak_deg",
    "step_time_asymmetry_percent",
)
"""Measures that a person sees without choosing, as far as they were measured."""


@dataclass(frozen=True, slots=True)
class Point:
    """A measure of one leg in one walk.

    Attributes
    ----------
    number : int
        Of the walk, from 1.
    walk : SavedWalk
    measured : WalkValue
    usual : Interval or None
    change : Change
    """

    number: int
    walk: SavedWalk
    measured: WalkValue
    usual: Interval | None
    change: Change


@dataclass(frozen=True)
class Trend:
    """One measure of one leg (or of the walk as a whole) over walks, the oldest first."""

    feature: Feature
    side: Side | None
    points: tuple[Point, ...]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @cached_property
    def first(self) -> float | None:
        """Mean of the first day; None if no walk can be compared."""
        values = [p.measured.value for p in self.points if p.change.kind is ChangeKind.FIRST]
        return sum(values) / len(values) if values else None

    @property
    def marked(self) -> bool:
        """Whether the last walk differs from the first day by more than noise."""
        return self.last.change.kind is ChangeKind.MARKED

    @property
    def times_marked(self) -> int:
        """How many walks in a row, up to the last, are marked in the same direction."""
        count = 0
        for point in reversed(self.points):
            same = (point.change.amount > 0) == (self.last.change.amount > 0)
            if point.change.kind is not ChangeKind.MARKED or not same:
                break
            count += 1
        return count


def trends(walks: Sequence[SavedWalk], measures: Collection[str] = COMPARED) -> tuple[Trend, ...]:
    """Trends of the measures named, in the order of the feature dictionary.

    Walks whose numbers were made by another version of the analysis are left out: they mean
    something else (`outdated`).
    """
    numbered = [(i, w) for i, w in enumerate(walks, 1) if w.results_version == RESULTS_VERSION]
    return tuple(
        trend
        for name, feature in DICTIONARY.items()
        if name in measures
        for trend in _of_measure(feature, numbered)
    )


def outdated(walks: Sequence[SavedWalk]) -> tuple[SavedWalk, ...]:
    """Walks whose numbers another version of the analysis made."""
    return tuple(walk for walk in walks if walk.results_version != RESULTS_VERSION)


def measured(walks: Sequence[SavedWalk]) -> tuple[str, ...]:
    """Names of all measures that any of the walks has, in the order of the dictionary."""
    found = {row.feature for walk in walks for row in walk.features}
    return tuple(name for name in DICTIONARY if name in found)


def earlier_walks(store: HistoryStore, walk: SavedWalk) -> tuple[SavedWalk, ...]:
    """What was walked before by the same person."""
    return tuple(
        other
        for other in store.walks(walk.person)
        if other.fingerprint != walk.fingerprint
        and other.walked <= walk.walked
        and other.simulated is walk.simulated
    )


def history_for_patterns(walks: Sequence[SavedWalk], day: str) -> History:
    """Earlier walks as patterns look at them.

    Parameters
    ----------
    walks : sequence of SavedWalk
        The oldest first.
    day : str
        Of the walk that is assessed.
    """
    past = (
        PastWalk(
            day=walk.day,
            levels={(p.pattern, p.side): Level(p.level) for p in walk.patterns},
            values={(row.feature, row.side): row.mean for row in walk.features},
            speed_m_s=walk.speed_m_s,
        )
        for walk in walks
        if walk.results_version == RESULTS_VERSION
    )
    return History(tuple(past), day)


def _of_measure(feature: Feature, walks: Sequence[tuple[int, SavedWalk]]) -> Iterator[Trend]:
    for side in (*Side, None):
        found = [
            (number, walk, value)
            for number, walk in walks
            if (value := walk.value(feature.name, side)) is not None
        ]
        if not found:
            continue
        compared = changes(feature, [value for _, _, value in found])
        yield Trend(
            feature,
            side,
            tuple(
                Point(number, walk, value, _usual(walk, feature, side), change)
                for (number, walk, value), change in zip(found, compared, strict=True)
            ),
        )


def _usual(walk: SavedWalk, feature: Feature, side: Side | None) -> Interval | None:
    row = walk.statistics(feature.name, side)
    return None if row is None else row.usual
