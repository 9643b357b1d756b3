"""Pattern B1: the pelvis drops on the side of the swinging leg."""

from __future__ import annotations

from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.terms import Fact, Moment, Task, Towards, View

PATTERN = Pattern(
    letter="B1",
    key="pelvic_drop",
    title="The pelvis drops while this leg stands",
    seen=(
        "In this walk your pelvis dropped on the {other} side while you stood on your {side} "
        "leg, further than usual for your speed."
    ),
    meaning=(
        "When one leg stands and the other swings, the pelvis usually dips a little on the "
        "swinging side. Here it dipped further."
    ),
    for_professionals=(
        "Uncompensated contralateral pelvic drop. Not a test of strength: halving abductor "
        "strength by a nerve block changed neither drop nor adduction (Kendall 2013, Pohl 2015)."
    ),
    signs=(
        Sign(
            code="F09",
            towards=Towards.HIGHER,
            weight=3.0,
            must=True,
            other_leg_sd=2.75,
            words="the pelvis drops further",
        ),
        Sign(
            code="F10",
            towards=Towards.HIGHER,
            weight=2.0,
            must=True,
            other_leg_sd=2.75,
            words="it stays down through mid-stance",
        ),
        Sign(
            code="F13",
            towards=Towards.HIGHER,
            weight=2.0,
            other_leg_sd=2.75,
            words="the thigh leans inward under it",
        ),
        Sign(
            code="F12",
            towards=Towards.HIGHER,
            weight=1.0,
            words="it drops more than while the other leg stands",
        ),
        Sign(
            code="F40",
            towards=Towards.HIGHER,
            weight=2.0,
            task=Task.SINGLE_LEG,
            words="it drops while standing on one leg, too",
        ),
        Sign(
            code="F41",
            towards=Towards.LOWER,
            weight=0.5,
            task=Task.SINGLE_LEG,
            words="standing on one leg lasts less long",
        ),
    ),
    moments=(
        Moment(
            words="while the body is over the standing leg",
            view=View.BEHIND,
            curve=Curve.PELVIS_OBLIQUITY,
            first=5,
            last=40,
            towards=Towards.HIGHER,
            codes=("F09",),
        ),
    ),
    looks_alike=(
        "one leg shorter than the other",
        "a pelvis sensor that sits askew",
        "a narrow way of walking",
    ),
    asks_for={
        Task.SINGLE_LEG: "Stand on each leg for 30 seconds with the sensors on, beside something "
        "to hold."
    },
    clearer=(
        "Walk again on another day.",
        "Walk once with a thin insole under the other foot.",
    ),
    facts=(
        Fact(
            "The articles name the bridge lying on the back and its one-legged forms to learn "
            "to hold the pelvis level.",
            "Helps many people with sore knees; the drop itself need not change.",
        ),
        Fact(
            "Standing on one leg beside a chair, a little longer each time, is named as well.",
            "Trains balance; its effect on walking is little known.",
        ),
    ),
    source="Bramah 2018; Dunphy 2016; Kendall 2013; Pohl 2015; Smith 2002",
)

PATTERNS = (PATTERN,)
