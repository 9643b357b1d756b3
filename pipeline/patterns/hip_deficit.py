"""Where a hip lacks range: at the back of the step, at the front, or at both ends."""

from __future__ import annotations

from pipeline.patterns.scoring import OTHER_LEG_SHARE
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

TIPPED_Z = 1.5
_LEG_SD_DEG = 3.0


def share_at_the_back(walk: WalkView, side: Side) -> float | None:
    """How much of what a hip lacks is missing at the extension end, 0–1.

    Against people or against the other leg, whichever is more: a pelvis that is carried
    otherwise than while standing moves both ends of both hips.

    None if an end was not measured, or nothing is missing.
    """
    behind = _beyond(walk, "F04", side, sign=1.0)
    in_front = _beyond(walk, "F06", side, sign=-1.0)
    if behind is None or in_front is None or behind + in_front == 0.0:
        return None
    return behind / (behind + in_front)


def _beyond(walk: WalkView, code: str, side: Side, *, sign: float) -> float | None:
    """Degrees that are missing at one end, 0 if none are; None if it was not measured."""
    people = walk.deviation(code, side)
    if people is None:
        return None
    other = walk.against_other(code, side, _LEG_SD_DEG)
    unlike = 0.0 if other is None else OTHER_LEG_SHARE * sign * other.beyond
    return max(0.0, sign * people.beyond, unlike)


def tips_forward(walk: WalkView, side: Side) -> bool:
    """Whether the pelvis is carried further forward than usual, against standing."""
    tilt = walk.deviation("F03", side)
    return tilt is not None and tilt.z >= TIPPED_Z
