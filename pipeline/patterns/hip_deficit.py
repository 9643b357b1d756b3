"""Where a hip lacks range: at the back of the step, at the front, or at both ends."""

from __future__ import annotations

from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

TIPPED_Z = 1.5


def share_at_the_back(walk: WalkView, side: Side) -> float | None:
    """How much of what a hip lacks is missing at the extension end, 0–1.

    None if an end was not measured, or nothing is missing.
    """
    back, forward = walk.deviation("F04", side), walk.deviation("F06", side)
    if back is None or forward is None:
        return None
    behind, in_front = max(0.0, back.beyond), max(0.0, -forward.beyond)
    missing = behind + in_front
    return behind / missing if missing > 0 else None


def tips_forward(walk: WalkView, side: Side) -> bool:
    """Whether the pelvis is carried further forward than usual, against standing."""
    tilt = walk.deviation("F03", side)
    return tilt is not None and tilt.z >= TIPPED_Z
