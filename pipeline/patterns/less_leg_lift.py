"""Pattern D, the hip's part: the leg is lifted less in swing."""

from __future__ import annotations

from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.hip_deficit import share_at_the_back
from pipeline.patterns.terms import Fact, Level, Moment, Task, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

IN_FRONT_ALONE = 0.25


def _the_back_is_missing_too(walk: WalkView, side: Side) -> str | None:
    """Share of what is missing at the extension end: a hip that lacks both ends is F."""
    share = share_at_the_back(walk, side)
    if share is None or share < IN_FRONT_ALONE:
        return None
    return f"Your {side} hip moves less at the back of the step as well, which tells more."


PATTERN = Pattern(
    letter="D",
    key="less_leg_lift",
    title="The leg is lifted less",
    seen=(
        "In this walk your {side} leg was lifted less and swung forward more slowly than usual "
        "for your speed."
    ),
    meaning=(
        "To bring a leg forward the hip lifts the thigh. Here the thigh came up less, so that "
        "the knee bent less as well, or the step became short."
    ),
    for_professionals=(
        "Reduced peak hip flexion and thigh flexion velocity in swing with usual extension. Less "
        "swing knee flexion may follow from it (van der Krogt 2010). The view that reduced "
        "flexion goes with a knee past straight rests on one article; strength is not measured."
    ),
    signs=(
        Sign(
            code="F06",
            towards=Towards.LOWER,
            weight=3.0,
            must=True,
            other_leg_sd=3.0,
            words="the leg is lifted less",
        ),
        Sign(
            code="F08",
            towards=Towards.LOWER,
            weight=2.0,
            words="the thigh swings forward slowly",
        ),
        Sign(
            code="F07",
            towards=Towards.LOWER,
            weight=1.0,
            other_leg_sd=3.0,
            words="the hip moves through less range",
        ),
        Sign(
            code="F46",
            towards=Towards.LOWER,
            weight=2.0,
            must=True,
            task=Task.HIP_HOLD,
            words="the knee is held up less high or less long",
        ),
    ),
    moments=(
        Moment(
            words="when the leg swings forward",
            view=View.SIDE,
            curve=Curve.HIP_FLEXION,
            first=70,
            last=99,
            towards=Towards.HIGHER,
            codes=("F06",),
        ),
    ),
    looks_alike=(
        "short steps, whatever they are taken for",
        "a hip that hurts when it bends",
        "a standing pose with bent hips while calibrating",
    ),
    asks_for={
        Task.HIP_HOLD: "Hold each knee up above the hip for 15 seconds with the sensors on, "
        "beside a wall."
    },
    clearer=("Walk again on another day at the same pace.",),
    facts=(
        Fact(
            "The articles name lifting the straight leg and marching with high knees.",
            "People with pain at the front of the knee often hold less at the hip (Van Cant "
            "2014); the effect on walking is little known.",
        ),
        Fact(
            "One article holds that lifting the knee above hip height, back against a wall, helps "
            "in the long run.",
            "The view of one author; no study of walking was found.",
        ),
    ),
    most_in_one_walk=Level.POSSIBLE,
    gives_way=_the_back_is_missing_too,
    source="Schwartz 2008; Mentiplay 2018; Van Cant 2014; van der Krogt 2010",
)

PATTERNS = (PATTERN,)
