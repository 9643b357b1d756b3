"""Change against the own first walks, and the smallest one that is more than noise.

The smallest detectable change of a measure is ``1.96 · √2 · SEM``, where SEM is the standard
error of one wearing: of a hundred pairs of unchanged walks, five differ by more (Weir 2005,
J Strength Cond Res 19:231; de Vet 2006, Health Qual Life Outcomes 4:54). SEM comes from the
person's own walks of the same day; until there are enough of them, the change is never taken
below what is published for two wearings (dossier §2.2, `Feature.mdc`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from pipeline.features.base import Feature
from pipeline.norms import NormContext

REPEATS_NEEDED = 10
"""Same-day repeats from which the own spread stands alone. Fewer tell an SEM to ±50 % or worse
(the 95 % interval of an SD with 10 degrees of freedom reaches from 0.7 to 1.75 of it)."""
STRIDES_NEEDED = 20
"""Steady strides below which an angle is shown but not compared (dossier §2.3)."""
_TWO_WEARINGS = 1.959963984540054 * math.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class WalkValue:
    """A measure in one walk.

    Attributes
    ----------
    day : str
        The same word for walks of one day.
    value : float
    half_width : float
        95 % half-width of the mean over strides.
    error : float
        95 % half-width of the error of one wearing; NaN where unknown.
    strides : int
        Of a movement test its repetitions.
    v_star : float
        Dimensionless speed of the walk.
    needed : int
        Strides (repetitions) from which on it is compared.
    """

    day: str
    value: float
    half_width: float
    error: float
    strides: int
    v_star: float
    needed: int = STRIDES_NEEDED

    @property
    def usable(self) -> bool:
        """Whether it rests on enough strides to be compared."""
        known = math.isfinite(self.value) and math.isfinite(self.half_width)
        return known and self.strides >= self.needed


@dataclass(frozen=True, slots=True)
class OwnSpread:
    """How much the person's own walks of one day differ.

    Attributes
    ----------
    sem : float
        Pooled SD within days; NaN without a repeat.
    repeats : int
        Walks beyond the first of their day (degrees of freedom).
    """

    sem: float
    repeats: int

    @property
    def enough(self) -> bool:
        return self.repeats >= REPEATS_NEEDED

    @property
    def smallest(self) -> float:
        """``1.96 · √2 · SEM``; NaN without a repeat."""
        return _TWO_WEARINGS * self.sem


class ChangeKind(StrEnum):
    """What a change against the first day amounts to."""

    FIRST = "first"
    """The walk is of the first day."""
    MARKED = "marked"
    """Larger than the smallest detectable change, and not explained by speed."""
    WITHIN = "within"
    """Not larger than what two wearings may differ by."""
    SPEED = "speed"
    """Larger, but walking faster or slower explains so much of it that the rest is not."""
    UNKNOWN = "unknown"
    """How much two wearings differ is not known for this measure."""
    TOO_FEW_STRIDES = "too_few_strides"


@dataclass(frozen=True, slots=True)
class Change:
    """A walk beside the first day.

    Attributes
    ----------
    kind : ChangeKind
    amount : float
        Value minus that of the first day; NaN if not compared.
    by_speed : float
        What another walking speed usually changes; 0 where speed changes nothing.
    smallest : float
        Smallest detectable change; NaN if not known.
    """

    kind: ChangeKind
    amount: float = math.nan
    by_speed: float = 0.0
    smallest: float = math.nan


def own_spread(walks: Iterable[WalkValue]) -> OwnSpread:
    """The spread between walks of one day, pooled over days (within-day mean square)."""
    squares, repeats = 0.0, 0
    usable = sorted((w for w in walks if w.usable), key=lambda w: w.day)
    for _, group in groupby(usable, key=lambda w: w.day):
        values = [walk.value for walk in group]
        mean = math.fsum(values) / len(values)
        squares += math.fsum((value - mean) ** 2 for value in values)
        repeats += len(values) - 1
    return OwnSpread(math.sqrt(squares / repeats) if repeats else math.nan, repeats)


def changes(feature: Feature, walks: Sequence[WalkValue]) -> tuple[Change, ...]:
    """Every walk beside those of the first day, in the order given.

    Parameters
    ----------
    feature : Feature
        Gives what two wearings may differ by and how speed moves the measure.
    walks : sequence of WalkValue
        Of one person and one leg, the oldest first.

    Notes
    -----
    The first day is the first one with a usable walk; of several, the mean counts, without
    credit for it: walks of one day often share a wearing. A change is marked when it is
    larger than the smallest detectable change *and* than the errors of the two walks together
    (as squares), and stays so when what the other walking speed usually does is taken off.
    """
    spread = own_spread(walks)
    first_day = next((walk.day for walk in walks if walk.usable), None)
    first = [walk for walk in walks if walk.usable and walk.day == first_day]
    return tuple(_change(feature, first, walk, spread) for walk in walks)


def _change(
    feature: Feature, first: Sequence[WalkValue], walk: WalkValue, spread: OwnSpread
) -> Change:
    if not walk.usable:
        return Change(ChangeKind.TOO_FEW_STRIDES)
    if walk.day == first[0].day:
        return Change(ChangeKind.FIRST)
    amount = walk.value - _mean(w.value for w in first)
    by_speed = _by_speed(feature, _mean(w.v_star for w in first), walk.v_star)
    smallest = _smallest(feature, first, walk, spread)
    if not math.isfinite(smallest):
        return Change(ChangeKind.UNKNOWN, amount, by_speed)
    if abs(amount) <= smallest:
        return Change(ChangeKind.WITHIN, amount, by_speed, smallest)
    rest = (amount - by_speed) * math.copysign(1.0, amount)
    kind = ChangeKind.MARKED if rest > smallest else ChangeKind.SPEED
    return Change(kind, amount, by_speed, smallest)


def _smallest(
    feature: Feature, first: Sequence[WalkValue], walk: WalkValue, spread: OwnSpread
) -> float:
    floor = math.nan if spread.enough else feature.mdc
    if not (math.isfinite(floor) or spread.enough):
        return math.nan
    # The own spread holds the error of a wearing already, save for doubt about this walk's axes.
    errors = [
        math.hypot(w.half_width, _beyond(feature, w) if spread.enough else _known(w.error))
        for w in (*first, walk)
    ]
    both = math.hypot(max(errors[:-1]), errors[-1])
    return max(x for x in (floor, spread.smallest, both) if math.isfinite(x))


def _beyond(feature: Feature, walk: WalkValue) -> float:
    """What a walk's error holds beyond that of a usual wearing."""
    return math.sqrt(max(0.0, _known(walk.error) ** 2 - _known(feature.error) ** 2))


def _by_speed(feature: Feature, before: float, now: float) -> float:
    norm = feature.norm
    if norm is None or not (math.isfinite(before) and math.isfinite(now)):
        return 0.0
    return norm.centre(NormContext(v_star=now)) - norm.centre(NormContext(v_star=before))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return math.fsum(listed) / len(listed)


def _known(value: float) -> float:
    return value if math.isfinite(value) else 0.0
