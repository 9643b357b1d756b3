"""What a movement test is: one declaration of its task, its features and how it is judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.decision import Threshold
from pipeline.features.base import Feature
from pipeline.gait import Plane
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch
from pipeline.norms import NormContext
from pipeline.results import FeatureStatistics, Finding
from recordings.metadata import SecondZero
from recordings.placement import Placement, Side


@dataclass(frozen=True, slots=True)
class Wearing:
    """How well the sensors are known to sit while a test is done.

    Attributes
    ----------
    axis_error_deg : mapping of Placement to float
        Standard error of a sensor's forward direction.
    refused : mapping of Plane to str
        Planes whose angles must not be used, each with the reason as a sentence.
    """

    axis_error_deg: Mapping[Placement, float] = field(default_factory=dict)
    refused: Mapping[Plane, str] = field(default_factory=dict)

    def doubt_deg(self, placement: Placement) -> float:
        """95 % error of a sensor's forward direction."""
        return 1.96 * self.axis_error_deg.get(placement, 0.0)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a stretch shows, before anybody judges it.

    Attributes
    ----------
    repetitions : sequence of Repetition
    errors : mapping of str to float
        Measurement error of a feature in this wearing, keyed as in `Repetition.measures`;
        that of its declaration where it is not named.
    obstacle : Obstacle or None
    sentence : str
        Why nothing can be scored, where there is an obstacle.
    """

    repetitions: Sequence[Repetition] = ()
    errors: Mapping[str, float] = field(default_factory=dict)
    obstacle: Obstacle | None = None
    sentence: str = ""


@dataclass(frozen=True)
class View:
    """One measured test as its judges see it: numbers over accepted repetitions.

    Attributes
    ----------
    side : Side or None
    statistics : mapping of (feature, side) to FeatureStatistics
    context : NormContext
    second_zero : SecondZero
    other : MovementTest or None
        The last scored test of the same task with the other leg.
    repetitions : tuple of Repetition
        Accepted ones.
    start_s, end_s : float
        The stretch of the test.
    """

    side: Side | None
    statistics: Mapping[tuple[str, Side | None], FeatureStatistics]
    context: NormContext
    second_zero: SecondZero
    other: MovementTest | None
    repetitions: tuple[Repetition, ...]
    start_s: float
    end_s: float

    def get(self, feature: Feature, side: Side | None = None) -> FeatureStatistics | None:
        """The statistics of a feature; None where it was not measured."""
        found = self.statistics.get((feature.name, side))
        return found if found is not None and math.isfinite(found.mean) else None

    def of_other(self, feature: Feature) -> FeatureStatistics | None:
        """The same feature in the other leg's test."""
        if self.other is None or self.side is None:
            return None
        for row in self.other.features:
            if row.feature == feature.name and row.side is self.side.other:
                return row if math.isfinite(row.mean) else None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementKind:
    """One movement test.

    Attributes
    ----------
    task : MovementTask
    needed : int
        Accepted repetitions that a score needs.
    features : tuple of Feature
        All that it measures, differences between the legs too.
    derived : tuple of Feature
        Those of them that `more` makes; all others are means over accepted repetitions.
    thresholds : tuple of Threshold
        Where its findings begin.
    detector : str
        Stable key of its findings.
    question : str
        What its detector answers, in one sentence, for people.
    measure : callable
        From the stretch, the leg asked for and the wearing.
    more : callable
        Features that follow from the others, with the other leg's test at hand.
    judge : callable
        Its findings.
    notes : callable
        What a reader must know of it, as sentences.
    """

    task: MovementTask
    needed: int
    features: tuple[Feature, ...]
    derived: tuple[Feature, ...]
    thresholds: tuple[Threshold, ...]
    detector: str
    question: str
    measure: Callable[[Stretch, Side | None, Wearing], Measured]
    more: Callable[[View], Sequence[FeatureStatistics]]
    judge: Callable[[View], Sequence[Finding]]
    notes: Callable[[View], Sequence[str]] = lambda view: ()


def keyed(feature: Feature, side: Side | None = None) -> str:
    """The key of a feature in `Repetition.measures`."""
    return feature.name if side is None else f"{feature.name} {side}"
