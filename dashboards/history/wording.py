"""The sentences of the trends: what changed, by how much, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from dashboards.history.trend import Point, Trend
from dashboards.wording import DECIMALS, Measure, number
from pipeline.change import Change, ChangeKind
from pipeline.features.base import Worse
from recordings.placement import Side

NO_WALKS = "There is no walk yet: nothing to compare."
ONE_WALK = "One walk so far. Walk again on another day: changes show from the second day on."
NOTHING_MARKED = (
    "No measure changed by more than two wearings of the sensors differ. That is no proof that "
    "nothing changed."
)
HOW_TO_READ = (
    "A change is marked (●) when it is larger than the smallest one that two wearings of the "
    "sensors can tell apart, and not told by walking faster or slower. One in twenty unchanged "
    "measures is marked by chance."
)
FLAGGED = (
    "Patterns and changes are hidden: your answers ask for a professional to have a look first."
)
OUTDATED = (
    "{count} of these walks were analysed by another version and are not compared: "
    "`hipgait history rebuild` analyses them again."
)
COLUMNS = ("walk", "day", "value", "change", "smallest", "usual")
NOT_MARKED = "Not beyond what two wearings of the sensors can differ by, or not known:"
UNMARKED_COLUMNS = ("", "first day", "last walk", "change", "smallest")

_MARKS = {
    ChangeKind.FIRST: "first day",
    ChangeKind.MARKED: "● changed",
    ChangeKind.WITHIN: "within noise",
    ChangeKind.SPEED: "as the speed",
    ChangeKind.UNKNOWN: "not known",
    ChangeKind.TOO_FEW_STRIDES: "too few strides",
}


def day_words(time: datetime) -> str:
    """``5 January 2026``."""
    return f"{time.day} {time:%B %Y}"


def short_name(name: str, longest: int = 60) -> str:
    """A name that fills no page."""
    name = " ".join(name.split())
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def mark(change: Change) -> str:
    """The kind of a change, in two words."""
    return _MARKS[change.kind]


def title(trend: Trend) -> str:
    """``Inward lean of the thigh, right``."""
    label = Measure.of(trend.feature.name).label
    label = f"{label[0].upper()}{label[1:]}"
    return label if trend.side is None else f"{label}, {trend.side}"


def is_difference(trend: Trend) -> bool:
    """Whether the measure is right minus left."""
    return trend.side is None and trend.feature.worse is Worse.EITHER


def decimals(trend: Trend) -> int:
    """With how many the measure makes sense."""
    return DECIMALS.get(trend.feature.unit, 2)


def size(trend: Trend, value: float) -> str:
    """How large a value is, with its unit."""
    unit = trend.feature.unit
    gap = "" if unit.startswith("°") or not unit else " "
    return f"{number(value, decimals(trend))}{gap}{unit}"


def quantity(trend: Trend, value: float) -> str:
    """A value in words: ``16.0°``; of a difference, ``3.1 % higher right``."""
    if not is_difference(trend):
        return size(trend, value)
    if float(number(value, decimals(trend))) == 0.0:
        return "none"
    return f"{size(trend, abs(value))} higher {Side.RIGHT if value > 0 else Side.LEFT}"


def sentence(trend: Trend) -> str:
    """What a measure did from the first day to the last walk."""
    last, first = trend.last, trend.first
    change = last.change
    if first is None or change.kind is ChangeKind.TOO_FEW_STRIDES:
        return (
            f"{title(trend)}: the last walk has too few steady strides to compare it. Walk on a "
            f"little in a straight line."
        )
    start = f"{title(trend)}: {quantity(trend, first)} on the first day"
    if change.kind is ChangeKind.FIRST:
        return f"{start}. Walk again on another day to see a change."
    # Not "more" or "less": of an angle that is negative when it is large, both would mislead.
    text = (
        f"{start}, {quantity(trend, last.measured.value)} in the last walk: it changed by "
        f"{size(trend, abs(change.amount))}"
    )
    if change.kind is ChangeKind.UNKNOWN:
        return (
            f"{text}. How far two wearings differ is not known for it yet; walking twice on a "
            f"day, with the sensors put on anew, tells it."
        )
    smallest = size(trend, change.smallest)
    if change.kind is ChangeKind.WITHIN:
        return f"{text}. Two wearings of the sensors can differ by {smallest}: no change is shown."
    if change.kind is ChangeKind.SPEED:
        faster = "faster" if _faster(trend) else "slower"
        return (
            f"{text}. You walked {faster}, which alone usually changes it by "
            f"{size(trend, abs(change.by_speed))}; the rest is within the {smallest} that two "
            f"wearings can differ by."
        )
    return (
        f"{text}. That is more than the {smallest} that two wearings of the sensors can differ "
        f"by.{_towards(trend)} {_how_often(trend)}"
    )


def _how_often(trend: Trend) -> str:
    if trend.times_marked > 1:
        return f"It showed in each of the last {trend.times_marked} walks."
    return "It showed once so far: it counts more when the next walk shows it too."


def _towards(trend: Trend) -> str:
    first = [_outside(p) for p in trend.points if p.change.kind is ChangeKind.FIRST]
    before, now = sum(first) / len(first), _outside(trend.last)
    if not (math.isfinite(before) and math.isfinite(now)):
        return ""
    if before > 0 and now == 0:
        return " It is within the usual range now."
    if before == 0 and now == 0:
        return " It was within the usual range, and still is."
    return f" It moved {'towards' if now < before else 'away from'} the usual range."


def _outside(point: Point) -> float:
    """How far a value lies outside its usual range; NaN without one."""
    if point.usual is None:
        return math.nan
    return max(0.0, point.usual.low - point.measured.value, point.measured.value - point.usual.high)


def _faster(trend: Trend) -> bool:
    first: Sequence[Point] = [p for p in trend.points if p.change.kind is ChangeKind.FIRST]
    return trend.last.measured.v_star > sum(p.measured.v_star for p in first) / len(first)
