"""Pattern G, the contrast: signs at the knee while the hip moves as usual."""

from __future__ import annotations

from pipeline.features.base import Segment
from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.terms import Fact, Moment, Task, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

UNUSUAL_SWING_Z = -2.0


def _the_swing_differs_too(walk: WalkView, side: Side) -> str | None:
    """A knee that bends little in swing is pattern E, whatever its landing does."""
    swing = walk.deviation("F23", side)
    if swing is None or swing.z > UNUSUAL_SWING_Z:
        return None
    return f"Your {side} knee bends less in swing as well, which tells more."


PATTERN = Pattern(
    letter="G",
    key="quiet_hip",
    title="Signs at the knee, with a hip that moves as usual",
    seen=(
        "In this walk your {side} knee moved differently from usual, while no pattern was seen "
        "at your hips."
    ),
    meaning=(
        "The knee bent less or the leg was spared, and the hip showed nothing of note in this "
        "walk. That speaks for looking at the knee itself first."
    ),
    for_professionals=(
        "Contrast: reduced loading flexion and shortened stance with quiet hip patterns at "
        "sufficient coverage. Without shank sensors it is not scored."
    ),
    signs=(
        Sign(
            code="F21",
            towards=Towards.LOWER,
            weight=2.0,
            must=True,
            other_leg_sd=3.0,
            words="the knee bends less when the foot lands",
        ),
        Sign(
            code="F29",
            towards=Towards.LOWER,
            weight=2.0,
            must=True,
            words="this leg stands for a shorter time",
        ),
        Sign(
            code="F23",
            towards=Towards.LOWER,
            weight=1.0,
            other_leg_sd=3.0,
            words="the knee bends less in swing",
        ),
        Sign(
            code="F28",
            towards=Towards.HIGHER,
            weight=1.0,
            words="the step with this leg takes longer",
        ),
    ),
    moments=(
        Moment(
            words="after the foot has landed",
            view=View.SIDE,
            curve=Curve.KNEE_FLEXION,
            first=5,
            last=25,
            towards=Towards.HIGHER,
            codes=("F21",),
        ),
    ),
    looks_alike=(
        "sparing a leg that hurts somewhere else",
        "a hip pattern that shows in other movements than walking",
    ),
    asks_for={
        Task.SQUAT: "Do squats and stand on one leg with the sensors on: hips show more there."
    },
    clearer=("Walk again on another day.",),
    facts=(
        Fact(
            "The articles name kneeling for long, twisting and sudden stops as typical for pain "
            "that starts at the knee itself.",
            "Common clinical experience.",
        ),
        Fact(
            "Swelling, locking or giving way belong before a professional.",
            "Agreed in guidelines.",
        ),
    ),
    needs=frozenset({Segment.PELVIS, Segment.THIGH, Segment.SHANK}),
    at_the_hip=False,
    gives_way=_the_swing_differs_too,
    only_if_quiet=(
        "limited_hip_extension",
        "pelvic_drop",
        "inward_thigh",
        "less_leg_lift",
        "reduced_hip_range",
    ),
    source="Design, as a contrast; Turcot 2012",
)

PATTERNS = (PATTERN,)
