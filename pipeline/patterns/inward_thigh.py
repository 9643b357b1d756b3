"""Pattern C: the thigh leans and turns inward while it carries the body."""

from __future__ import annotations

from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.terms import Fact, Level, Moment, Task, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

LEAN, DROP = "F13", "F09"
LEFT_OVER_Z = 1.5


def _the_drop_tells_it(walk: WalkView, side: Side) -> str | None:
    """The lean of the thigh against the pelvis holds the drop of the pelvis: take it out."""
    lean, drop, sustained = (walk.deviation(c, side) for c in (LEAN, DROP, "F10"))
    turn = walk.deviation("F16", side)
    if lean is None or drop is None or max(drop.z, sustained.z if sustained else 0.0) < 2.0:
        return None
    left_over = lean.beyond - max(0.0, drop.beyond)
    if left_over / lean.sd >= LEFT_OVER_Z or (turn is not None and turn.z >= LEFT_OVER_Z):
        return None
    return (
        f"The inward lean of your {side} thigh is what a dropping pelvis makes of it: no lean "
        f"is left when the drop is taken out."
    )


PATTERN = Pattern(
    letter="C",
    key="inward_thigh",
    title="The thigh leans and turns inward",
    seen=(
        "In this walk your {side} thigh leaned or turned inward while you stood on it, further "
        "than usual for your speed."
    ),
    meaning=(
        "While a leg carries the body, its thigh usually leans inward a little. Here it went "
        "further, and the knee with it."
    ),
    for_professionals=(
        "Femoral adduction and internal rotation in stance (dynamic knee-in). Absolute rotation "
        "is not used; excursions, left–right differences and tests are. Walking studies are "
        "inconsistent (Barton 2009): movement tests weigh at least as much."
    ),
    signs=(
        Sign(
            code="F13",
            towards=Towards.HIGHER,
            weight=2.0,
            must=True,
            other_leg_sd=2.5,
            words="the thigh leans further inward",
        ),
        Sign(
            code="F13a",
            towards=Towards.HIGHER,
            weight=1.5,
            words="it leans further inward than the other thigh",
        ),
        Sign(
            code="F16",
            towards=Towards.HIGHER,
            weight=2.0,
            must=True,
            other_leg_sd=5.0,
            quality=0.5,
            words="the thigh turns inward after the foot lands",
        ),
        Sign(
            code="F17",
            towards=Towards.HIGHER,
            weight=1.0,
            quality=0.5,
            words="it turns further inward than the other thigh",
        ),
        Sign(
            code="F15",
            towards=Towards.HIGHER,
            weight=0.5,
            other_leg_sd=5.0,
            quality=0.5,
            words="it stays turned inward through stance",
        ),
        Sign(
            code="F42",
            towards=Towards.HIGHER,
            weight=2.0,
            must=True,
            task=Task.SQUAT,
            words="the knee drifts inward in squats",
        ),
        Sign(
            code="F43",
            towards=Towards.HIGHER,
            weight=1.5,
            task=Task.STEP_DOWN,
            words="the thigh turns inward when stepping down",
        ),
    ),
    moments=(
        Moment(
            words="while the body is over the standing leg",
            view=View.BEHIND,
            curve=Curve.HIP_ADDUCTION,
            first=5,
            last=45,
            towards=Towards.HIGHER,
            codes=("F13",),
        ),
    ),
    looks_alike=(
        "the shape of the thigh bone",
        "a foot that rolls inward, or an ankle that bends little",
        "a thigh sensor that sits askew",
    ),
    asks_for={
        Task.SQUAT: "Do five slow squats with the sensors on: they show it better than walking."
    },
    clearer=(
        "Walk again on another day, with the straps fastened anew.",
        "Have a look at the foot as well: a physiotherapist can.",
    ),
    facts=(
        Fact(
            "The articles name squats in front of a mirror with the knee kept over the foot.",
            "People can learn it; whether walking follows is open.",
        ),
        Fact(
            "They also name the bridge lying on the back and lunges to the side.",
            "Help many people with pain at the front of the knee; not shown to work through "
            "the way of walking.",
        ),
    ),
    most_in_one_walk=Level.POSSIBLE,
    gives_way=_the_drop_tells_it,
    source="Souza & Powers 2009; Barton 2009; Rathleff 2014; Carroll 2021; Arnold 1997",
)

PATTERNS = (PATTERN,)
