"""Which pattern a virtual walk should show: read from its deviations, not from its name."""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.virtual_wearer.spec import Spec
from pipeline.patterns.board import PatternBoard, PatternFinding
from pipeline.patterns.terms import Level
from recordings.placement import SHANK_PLACEMENTS, Side

PATTERN_OF = {
    "limited_hip_extension": "limited_hip_extension",
    "lateral_sway": "side_lean",
    "hip_adduction": "inward_thigh",
    "pelvic_drop": "pelvic_drop",
    "knee_hyperextension": "knee_past_straight",
    "reduced_hip_flexion": "less_leg_lift",
    "stiff_knee": "little_knee_bend",
    "stiff_hip": "reduced_hip_range",
}
"""Knob → pattern; where several knobs are turned, the first of these names the pattern, and those
of the others that are marked are true as well."""

MARKED = {
    "limited_hip_extension": 8.0,
    "lateral_sway": 0.03,
    "hip_adduction": 9.0,
    "pelvic_drop": 6.0,
    "knee_hyperextension": 12.0,
    "reduced_hip_flexion": 10.0,
    "stiff_knee": 15.0,
    "stiff_hip": 12.0,
}
"""From this amount on a usual person is moved out of what is usual, and the pattern is asked for;
below it none is missed."""

NEEDS_SHANKS = {"knee_past_straight": "possible_knee_snap_back", "little_knee_bend": ""}
"""What stands in for a pattern of the knee without shank sensors; empty if nothing can."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a walk should come to.

    Attributes
    ----------
    pattern : str
        Empty if none should be seen.
    side : Side or None
    asked : bool
        Whether the deviation is marked enough to be asked for.
    level : Level
        It has to reach at least this.
    also : frozenset of (str, Side)
        Patterns of other marked deviations of the same walk: true as well, and which of all
        stands first is open.
    """

    pattern: str = ""
    side: Side | None = None
    asked: bool = False
    level: Level = Level.POSSIBLE
    also: frozenset[tuple[str, Side]] = frozenset()

    def holds(self, pattern: PatternFinding) -> bool:
        """Whether the walk truly has what a pattern says."""
        told = (pattern.pattern, pattern.side)
        return told == (self.pattern, self.side) or told in self.also


def expected(spec: Spec) -> Expected:
    """What a spec should come to with the sensors that it wears."""
    by_kind = {d.kind: d for d in spec.deviations if d.amount > 0}
    kind = next((kind for kind in PATTERN_OF if kind in by_kind), None)
    if kind is None:
        return Expected()
    deviation, pattern, level = by_kind[kind], PATTERN_OF[kind], Level.POSSIBLE
    if pattern in NEEDS_SHANKS and not set(SHANK_PLACEMENTS) <= set(spec.sensors.placements):
        pattern, level = NEEDS_SHANKS[pattern], Level.SLIGHT
        if not pattern:
            return Expected()
    asked = deviation.amount >= MARKED[kind]
    also = frozenset(
        (PATTERN_OF[k], d.side)
        for k, d in by_kind.items()
        if k != kind and d.amount >= MARKED.get(k, float("inf"))
    )
    return Expected(pattern, deviation.side, asked, level, also)


def misses(spec: Spec, board: PatternBoard) -> list[str]:
    """How a board deviates from what is expected, in words; empty if it does not."""
    wanted = expected(spec)
    first = board.patterns[0] if board.patterns else None
    found: list[str] = []
    if wanted.asked and not (first is not None and wanted.holds(first)):
        came = "nothing" if first is None else f"{first.pattern} {first.side}, {first.level.words}"
        found.append(f"{wanted.pattern} {wanted.side} is not first: {came}")
    elif wanted.asked and first is not None and first.level < wanted.level:
        found.append(f"{wanted.pattern} {wanted.side} is only {first.level.words}")
    found += [
        f"{p.pattern} {p.side} is seen, too: {p.level.words}"
        for p in board.seen
        if not wanted.holds(p)
    ]
    return found
