"""What a pattern is: one frozen declaration of signs, limits and words.

A pattern is a name for signs that are often seen together. It names a movement, never a
disease, a muscle or a cause. The engine (`pipeline.patterns.scoring`) knows no pattern; a
pattern knows nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.features.base import Segment
from pipeline.patterns.terms import Confounder, Fact, Level, Moment, Task, Towards
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One measure that speaks for a pattern, and against it when it is usual.

    Attributes
    ----------
    code : str
        Code in the feature dictionary (``F04``). A measure with both sides is looked at for
        the own leg; a left–right difference counts from the own leg (own minus other).
    towards : Towards
    weight : float
    must : bool
        One of the signs of which at least one has to be there.
    words : str
        What is seen, in plain words, to follow "seen:" (``the hip goes less far back``).
    other_leg_sd : float or None
        Usual SD of the left–right difference in the measure's unit; None if the legs are not
        compared.
    limit : float or None
        A must sign counts as one only beyond this value, whatever is usual.
    quality : float
        Highest quality it can have, below 1 for what sensors follow badly.
    shared : bool
        The same for both legs (the pelvis): counts for the leg that deviates more.
    task : Task
    """

    code: str
    towards: Towards
    weight: float
    words: str
    must: bool = False
    other_leg_sd: float | None = None
    limit: float | None = None
    quality: float = 1.0
    shared: bool = False
    task: Task = Task.WALK


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern, declared once.

    Attributes
    ----------
    letter : str
        ``A`` … ``G`` of the pattern rules; also the order where scores tie.
    key : str
        Stable name.
    title : str
        The movement in plain words.
    seen : str
        One sentence about a leg where the pattern is seen, with {side} and {other}.
    meaning : str
        What the words mean, for a wearer.
    for_professionals : str
        The same in the field's terms, for the catalogue page.
    signs : tuple of Sign
    needs : frozenset of Segment
        Segments that must carry sensors.
    instead_of : str
        Key of the pattern that this one stands in for where its sensors are not worn.
    at_the_hip : bool
        Whether it speaks of the hip; the hint of `hip_hint` and the contrast use it.
    only_if_quiet : tuple of str
        Keys of patterns that must all be quiet.
    contradicts : tuple of str
        Keys of patterns that cannot be there on the same leg: together they mean a fault.
    most : float
        Highest confidence.
    most_in_one_walk : Level
        Highest level without a movement test and without a second day.
    gives_way : callable or None
        Why the signs are better told by something else, as a sentence; None if they are not.
        Asked with the walk and the side.
    moments : tuple of Moment
        When a picture shows it.
    looks_alike : tuple of str
        What the same signs may also be.
    clearer : tuple of str
        What would make it clearer.
    asks_for : mapping of Task to str
        Movements that would make it clearer: each is asked for until it was measured.
    facts : tuple of Fact
        At most three.
    source : str
    """

    letter: str
    key: str
    title: str
    seen: str
    meaning: str
    for_professionals: str
    signs: tuple[Sign, ...]
    looks_alike: tuple[str, ...]
    clearer: tuple[str, ...]
    source: str
    asks_for: Mapping[Task, str] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()
    facts: tuple[Fact, ...] = ()
    needs: frozenset[Segment] = frozenset({Segment.PELVIS, Segment.THIGH})
    instead_of: str = ""
    at_the_hip: bool = True
    only_if_quiet: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    most: float = 1.0
    most_in_one_walk: Level = Level.CLEAR
    gives_way: Callable[[WalkView, Side], str | None] | None = None

    def __post_init__(self) -> None:
        if not any(sign.must for sign in self.signs):
            raise ValueError(f"{self.key} declares no sign that must be there.")
        if len(self.facts) > 3:
            raise ValueError(f"{self.key} tells more than three facts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfounderRule:
    """How a confounder is noticed, declared once.

    Attributes
    ----------
    key : str
    title : str
    how : str
        What is looked at, for the catalogue page.
    notice : callable
        Yields what was noticed in a walk.
    source : str
    """

    key: str
    title: str
    how: str
    notice: Callable[[WalkView], Iterable[Confounder]]
    source: str = field(default="Design")
