"""Pattern A: the hip goes less far back, and the pelvis tips forward."""

from __future__ import annotations

from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.hip_deficit import share_at_the_back, tips_forward
from pipeline.patterns.terms import Fact, Moment, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

AT_THE_BACK, AT_BOTH_ENDS = 0.75, 0.5


def _forward_is_missing_too(walk: WalkView, side: Side) -> str | None:
    """Share of what is missing at the extension end (clinical rule A against F)."""
    share = share_at_the_back(walk, side)
    if share is None or share >= AT_THE_BACK:
        return None
    # In between, the pelvis decides: with it tipped forward it is A.
    if share >= AT_BOTH_ENDS and tips_forward(walk, side):
        return None
    if share >= AT_BOTH_ENDS:
        return f"Your {side} hip lacks range at both ends, and your pelvis does not tip forward."
    return f"What your {side} hip lacks is at the front of the step more than at the back."


PATTERN = Pattern(
    letter="A",
    key="limited_hip_extension",
    title="The hip goes less far back, with the pelvis tipped forward",
    seen=(
        "In this walk your {side} leg went less far back behind your body than usual for your "
        "speed, while your pelvis tipped forward."
    ),
    meaning=(
        "At the end of a step the leg usually trails well behind the body. Here it trailed less, "
        "and the pelvis tipped forward to make up for it."
    ),
    for_professionals=(
        "Reduced peak hip extension in terminal stance with increased anterior pelvic tilt or "
        "tilt range. Passive extension does not predict it (r = −0.04), so nothing is said "
        "about length of soft tissue."
    ),
    signs=(
        Sign(
            code="F04",
            towards=Towards.HIGHER,
            weight=3.0,
            must=True,
            other_leg_sd=3.0,
            words="the hip goes less far back",
        ),
        Sign(
            code="F03",
            towards=Towards.HIGHER,
            weight=2.0,
            shared=True,
            words="the pelvis tips further forward than while standing",
        ),
        Sign(
            code="F02",
            towards=Towards.HIGHER,
            weight=1.5,
            shared=True,
            words="the pelvis rocks further forward and back",
        ),
        Sign(
            code="F07",
            towards=Towards.LOWER,
            weight=1.0,
            other_leg_sd=3.0,
            words="the hip moves through less range",
        ),
        Sign(
            code="F04a",
            towards=Towards.HIGHER,
            weight=1.0,
            words="it goes less far back than the other hip",
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
            codes=("F04", "F03"),
        ),
    ),
    looks_alike=(
        "a hip joint whose own range is less",
        "age: from 60 years on the hip usually goes less far back",
        "short steps, whatever they are taken for",
        "a standing pose with bent hips while calibrating",
    ),
    clearer=(
        "Walk again on another day at the same pace.",
        "Let a physiotherapist measure how far the hip goes back when you lie down.",
        "Enter the tilt of your standing pelvis if somebody measures it.",
    ),
    facts=(
        Fact(
            "The articles link long sitting to a hip that goes less far back, and suggest to "
            "stand up and move every 30 to 60 minutes.",
            "Common advice; little was measured on walking.",
        ),
        Fact(
            "They name the half-kneeling stretch: one knee on the floor, hips gently forward.",
            "Stretching makes the passive range larger; in a trial of three weeks the way of "
            "running stayed as it was (Mettler 2019).",
        ),
        Fact(
            "They add movements for the back of the hip and the trunk: the bridge lying on the "
            "back, the plank.",
            "Their effect on walking is not shown.",
        ),
    ),
    gives_way=_forward_is_missing_too,
    source=(
        "Kerrigan 2001; Lewis 2018 (−6° extension, +5° tilt in men with hip complaints); "
        "Heino 1990; Mettler 2019"
    ),
)

PATTERNS = (PATTERN,)
