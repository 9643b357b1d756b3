"""Pattern E: the knee bends little, in swing and under load."""

from __future__ import annotations

from pipeline.features.base import Segment
from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.terms import Fact, Moment, Task, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

UNUSUAL_SWING_Z = -2.0
SLOW_THIGH_Z = -1.5


def _told_by_another_sign(walk: WalkView, side: Side) -> str | None:
    """A spared landing is pattern G; a thigh lifted less and slowly bends the knee less."""
    return _only_the_landing_differs(walk, side) or _the_thigh_swings_less(walk, side)


def _the_thigh_swings_less(walk: WalkView, side: Side) -> str | None:
    # The knee of a swinging leg is bent by the thigh's swing forward (van der Krogt 2010).
    lift, speed = walk.deviation("F06", side), walk.deviation("F08", side)
    if lift is None or speed is None or max(lift.z, speed.z) > SLOW_THIGH_Z:
        return None
    return f"Your {side} thigh is lifted less and swings slowly: the knee bends less with it."


def _only_the_landing_differs(walk: WalkView, side: Side) -> str | None:
    # Less bend at landing with a usual swing and a short stance is sparing.
    swing, stance = walk.deviation("F23", side), walk.deviation("F29", side)
    if swing is None or stance is None or swing.z <= UNUSUAL_SWING_Z or stance.z > -1.5:
        return None
    return f"Your {side} knee bends as usual in swing: it is the landing that is spared."


PATTERN = Pattern(
    letter="E",
    key="little_knee_bend",
    title="The knee bends little",
    seen="In this walk your {side} knee bent less than usual for your speed.",
    meaning=(
        "The knee usually bends a little when the foot lands and a lot when the leg swings. "
        "Here it stayed straighter."
    ),
    for_professionals=(
        "Stiff-knee movement: reduced peak flexion in swing, with or without reduced loading "
        "flexion. Whether front or back of the thigh works more is not seen by movement sensors."
    ),
    signs=(
        Sign(
            code="F23",
            towards=Towards.LOWER,
            weight=3.0,
            must=True,
            other_leg_sd=3.0,
            words="the knee bends less in swing",
        ),
        Sign(
            code="F21",
            towards=Towards.LOWER,
            weight=2.0,
            must=True,
            other_leg_sd=3.0,
            words="it bends less when the foot lands",
        ),
        Sign(
            code="F23a",
            towards=Towards.LOWER,
            weight=2.0,
            words="it bends less in swing than the other knee",
        ),
        Sign(
            code="F08",
            towards=Towards.LOWER,
            weight=0.5,
            words="the thigh swings forward slowly",
        ),
        Sign(
            code="F29",
            towards=Towards.LOWER,
            weight=0.5,
            words="this leg stands for a shorter time",
        ),
        Sign(
            code="F42a",
            towards=Towards.HIGHER,
            weight=1.0,
            task=Task.SQUAT,
            words="squats are done from the knee more than from the hip",
        ),
    ),
    moments=(
        Moment(
            words="when the leg swings through",
            view=View.SIDE,
            curve=Curve.KNEE_FLEXION,
            first=55,
            last=90,
            towards=Towards.HIGHER,
            codes=("F23",),
        ),
    ),
    looks_alike=(
        "a knee that hurts when it bends",
        "slow walking",
        "a shank sensor that sits askew",
    ),
    asks_for={Task.SQUAT: "Do five slow squats with the sensors on."},
    clearer=("Walk again on another day at the same pace.",),
    facts=(
        Fact(
            "The articles suggest to practise bending from the hips (hip hinge) beside work for "
            "the front of the thigh.",
            "Plausible; its effect on walking is not shown.",
        ),
    ),
    needs=frozenset({Segment.PELVIS, Segment.THIGH, Segment.SHANK}),
    at_the_hip=False,
    gives_way=_told_by_another_sign,
    source="Schwartz 2008; CGM2.3; van der Krogt 2010; ratio in squats weakly founded",
)

PATTERNS = (PATTERN,)
