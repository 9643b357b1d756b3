"""The words of an assessment: levels, directions, tasks, facts, confounders.

They name what is said of a walk, and know neither patterns nor walks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from pipeline.gait import Curve
from recordings.placement import Side


class Level(IntEnum):
    """How far the signs go; ordered."""

    NOT_JUDGED = -1
    NONE = 0
    SLIGHT = 1
    POSSIBLE = 2
    CLEAR = 3

    @property
    def words(self) -> str:
        return _LEVEL_WORDS[self]


_LEVEL_WORDS = {
    Level.NOT_JUDGED: "cannot be judged",
    Level.NONE: "not seen",
    Level.SLIGHT: "slight signs",
    Level.POSSIBLE: "possible pattern",
    Level.CLEAR: "clear pattern",
}


class Towards(StrEnum):
    """Direction in which a measure speaks for the pattern."""

    HIGHER = "higher"
    LOWER = "lower"


class Task(StrEnum):
    """What has to be done for a measure to exist."""

    WALK = "walk"
    SINGLE_LEG = "standing on one leg"
    SQUAT = "squats"
    STEP_DOWN = "stepping down"
    HIP_HOLD = "holding the knee up"


class View(StrEnum):
    """From where a picture shows a movement."""

    SIDE = "side"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The moment of a step that shows a movement best, for a picture.

    Attributes
    ----------
    words : str
        When it is, in plain words (``when the leg trails behind``).
    view : View
    curve : Curve
        The moment is where this curve of the own leg is furthest `towards`.
    first, last : int
        Per cent of the own leg's gait cycle to look at.
    towards : Towards
    codes : tuple of str
        Measures whose usual values are drawn beside the wearer's.
    """

    words: str
    view: View
    curve: Curve
    first: int
    last: int
    towards: Towards
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the articles say, in our words, with what is known about it."""

    text: str
    evidence: str


class Effect(StrEnum):
    """What a confounder does to the patterns."""

    BLOCKS = "blocks"
    """Nothing is scored."""
    HOLDS = "holds"
    """No pattern concerned goes beyond slight signs."""
    NAMES = "names"
    """It is said, no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confounder:
    """Something that makes other signs look like a pattern.

    Attributes
    ----------
    key, title : str
    sentence : str
        What was noticed and what to do, without numbers.
    detail : str
        The numbers behind it, as a sentence.
    effect : Effect
    holds : frozenset of str
        Keys of the patterns held back; empty for all.
    side : Side or None
        Only patterns of that leg; None for both.
    confidence_factor : float
        Multiplies the confidence of the patterns held.
    unless_z : float
        A must sign as far from usual as this is not held back.
    """

    key: str
    title: str
    sentence: str
    effect: Effect
    holds: frozenset[str] = frozenset()
    side: Side | None = None
    confidence_factor: float = 1.0
    unless_z: float = float("inf")
    detail: str = ""

    def concerns(self, pattern: str, side: Side) -> bool:
        return (not self.holds or pattern in self.holds) and self.side in (None, side)
