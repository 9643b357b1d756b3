"""Pattern F: the hip moves through less range, back and forward."""

from __future__ import annotations

from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.hip_deficit import share_at_the_back, tips_forward
from pipeline.patterns.terms import Fact, Moment, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

AT_THE_BACK_ALONE, AT_BOTH_ENDS, IN_FRONT_ALONE = 0.75, 0.5, 0.25


def _one_end_alone_is_missing(walk: WalkView, side: Side) -> str | None:
    """Share of what is missing at the extension end: most of it is A, little is the lift."""
    share = share_at_the_back(walk, side)
    if share is None or IN_FRONT_ALONE <= share < AT_BOTH_ENDS:
        return None
    # In between, the pelvis decides: with it tipped forward it is A.
    if AT_BOTH_ENDS <= share <= AT_THE_BACK_ALONE:
        if not tips_forward(walk, side):
            return None
        return f"Most of what your {side} hip lacks is at the back, with the pelvis tipped forward."
    end = "back" if share > AT_THE_BACK_ALONE else "front"
    return f"What your {side} hip lacks is nearly all at the {end} of the step."


PATTERN = Pattern(
    letter="F",
    key="reduced_hip_range",
    title="The hip moves less, back and forward",
    seen=(
        "In this walk your {side} hip moved through less range than usual for your speed, back "
        "as well as forward."
    ),
    meaning=(
        "A hip usually moves through about 40 degrees with each step. Here it moved less, and "
        "the pelvis or the knee took up the rest."
    ),
    for_professionals=(
        "Reduced sagittal hip range at both ends, often with reduced obliquity, increased "
        "pelvic rotation and timing asymmetry. The best founded of these patterns; joint and "
        "soft tissue look alike."
    ),
    signs=(
        Sign(
            code="F07",
            towards=Towards.LOWER,
            weight=3.0,
            must=True,
            other_leg_sd=3.0,
            words="the hip moves through less range",
        ),
        Sign(
            code="F04",
            towards=Towards.HIGHER,
            weight=2.0,
            other_leg_sd=3.0,
            words="the hip goes less far back",
        ),
        Sign(
            code="F07b",
            towards=Towards.LOWER,
            weight=1.5,
            words="it moves through less range than the other hip",
        ),
        Sign(
            code="F06",
            towards=Towards.LOWER,
            weight=1.0,
            other_leg_sd=3.0,
            words="the leg is lifted less",
        ),
        Sign(
            code="F11",
            towards=Towards.LOWER,
            weight=1.0,
            shared=True,
            words="the pelvis moves less up and down",
        ),
        Sign(
            code="F19",
            towards=Towards.HIGHER,
            weight=1.0,
            shared=True,
            words="the pelvis turns further",
        ),
        Sign(
            code="F28",
            towards=Towards.HIGHER,
            weight=1.0,
            words="the step with this leg takes longer",
        ),
        Sign(
            code="F29",
            towards=Towards.LOWER,
            weight=1.0,
            words="this leg stands for a shorter time",
        ),
    ),
    moments=(
        Moment(
            words="when the leg trails behind",
            view=View.SIDE,
            curve=Curve.HIP_FLEXION,
            first=40,
            last=65,
            towards=Towards.LOWER,
            codes=("F04",),
        ),
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
        "a hip joint whose own range is less",
        "sparing a leg that hurts",
        "short steps, whatever they are taken for",
    ),
    clearer=(
        "Let a professional examine the hip joint itself, above all with groin pain or clicking.",
        "Walk again on another day at the same pace.",
    ),
    facts=(
        Fact(
            "The articles suggest gentle movement of the hip within what does not hurt, such as "
            "the seated figure-four stretch.",
            "Helps comfort; its effect on walking is little known.",
        ),
        Fact(
            "They advise against forcing the pigeon stretch.",
            "Expert advice.",
        ),
    ),
    gives_way=_one_end_alone_is_missing,
    source="Eitzen 2012; Steingrebe 2023; Baily 2023; Hodt-Billington 2012; BMC MSD 2018 19",
)

PATTERNS = (PATTERN,)
