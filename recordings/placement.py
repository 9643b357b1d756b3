"""Where a sensor is worn, and what a set of placements allows."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Side(StrEnum):
    """A body side, always the wearer's own."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Placement(StrEnum):
    """A body segment that carries a sensor; the value is also the file stem."""

    PELVIS = "pelvis"
    THIGH_LEFT = "thigh_left"
    THIGH_RIGHT = "thigh_right"
    SHANK_LEFT = "shank_left"
    SHANK_RIGHT = "shank_right"

    @property
    def side(self) -> Side | None:
        """The side of a leg sensor; None for the pelvis."""
        if self is Placement.PELVIS:
            return None
        return Side.LEFT if self.value.endswith("left") else Side.RIGHT

    @property
    def label(self) -> str:
        """The name for people: ``left thigh``."""
        segment, _, side = self.value.partition("_")
        return f"{side} {segment}".strip()


REQUIRED_PLACEMENTS = (Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT)
"""Without these three a walk cannot be analysed."""

SHANK_PLACEMENTS = (Placement.SHANK_LEFT, Placement.SHANK_RIGHT)
"""With these two a knee angle is a measurement; without them it is a hint."""

THIGHS = {Side.LEFT: Placement.THIGH_LEFT, Side.RIGHT: Placement.THIGH_RIGHT}
SHANKS = {Side.LEFT: Placement.SHANK_LEFT, Side.RIGHT: Placement.SHANK_RIGHT}


def missing_placements(worn: Iterable[Placement]) -> tuple[Placement, ...]:
    """The required placements that are not among `worn`, in canonical order."""
    present = set(worn)
    return tuple(p for p in REQUIRED_PLACEMENTS if p not in present)
