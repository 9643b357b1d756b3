"""Pattern D: the knee goes past straight in stance; measured with shank sensors."""

from __future__ import annotations

from pipeline.features.base import Segment
from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.terms import Fact, Level, Moment, Task, Towards, View

FACTS = (
    Fact(
        "The articles suggest to stand with a little give in the knees instead of locking them.",
        "With feedback, people without pain learned to walk so (Teran-Yengle 2011).",
    ),
    Fact(
        "One article holds that lifting the knee above hip height, back against a wall, helps "
        "in the long run.",
        "The view of one author; no study of walking was found.",
    ),
)
LOOKS_ALIKE = (
    "joints that are loose all over the body",
    "an ankle that bends little",
    "a knee that was locked while calibrating, which hides it",
)

MEASURED = Pattern(
    letter="D",
    key="knee_past_straight",
    title="The knee goes past straight",
    seen="In this walk your {side} knee went past straight while you stood on it.",
    meaning=(
        "A standing knee usually keeps a small bend. Here it was pushed back past straight "
        "before the other foot landed."
    ),
    for_professionals=(
        "Knee hyperextension in stance (below −5°), with or without thrust. Reduced leg lift "
        "beside it is noted; the view that hip flexion is behind it rests on one article."
    ),
    signs=(
        Sign(
            code="F20",
            towards=Towards.LOWER,
            weight=3.0,
            must=True,
            other_leg_sd=3.0,
            limit=-5.0,
            words="the knee goes past straight",
        ),
        Sign(
            code="F24",
            towards=Towards.LOWER,
            weight=2.0,
            words="it gets there fast",
        ),
        Sign(
            code="F25",
            towards=Towards.LOWER,
            weight=1.0,
            other_leg_sd=20.0,
            words="the thigh swings back fast early in stance",
        ),
        Sign(
            code="F08",
            towards=Towards.LOWER,
            weight=1.0,
            words="the thigh swings forward slowly",
        ),
        Sign(code="F06", towards=Towards.LOWER, weight=0.5, words="the leg is lifted less"),
        Sign(
            code="F26",
            towards=Towards.LOWER,
            weight=0.5,
            other_leg_sd=3.0,
            words="the thigh is behind the body early",
        ),
        Sign(
            code="F46",
            towards=Towards.LOWER,
            weight=0.5,
            task=Task.HIP_HOLD,
            words="the knee is held up less high or less long",
        ),
    ),
    moments=(
        Moment(
            words="while the leg carries the body",
            view=View.SIDE,
            curve=Curve.KNEE_FLEXION,
            first=20,
            last=55,
            towards=Towards.LOWER,
            codes=("F20",),
        ),
    ),
    looks_alike=LOOKS_ALIKE,
    clearer=(
        "Calibrate once more with soft knees, not locked.",
        "Have the angle of the standing knee measured, and enter it.",
        "Walk again on another day.",
    ),
    facts=FACTS,
    contradicts=("limited_hip_extension",),
    needs=frozenset({Segment.PELVIS, Segment.THIGH, Segment.SHANK}),
    source="Noyes 1996; Kerrigan 1996; Teran-Yengle 2011; clinical classes of 5° and 15°",
)

GUESSED = Pattern(
    letter="D",
    key="possible_knee_snap_back",
    title="A thigh that snaps back, as with a knee past straight",
    seen=(
        "In this walk your {side} thigh swung back fast and early while you stood on it, which "
        "is sometimes seen with a knee that goes past straight."
    ),
    meaning=(
        "Without a sensor on the shank nobody can tell how straight the knee gets. The thigh "
        "only hints at it."
    ),
    for_professionals=(
        "Thigh-only hint: over 39 walkers hip curves predicted minimum stance knee angle no "
        "better than the mean (r = 0.10). Capped; compared between sides and with earlier walks."
    ),
    signs=(
        Sign(
            code="F25",
            towards=Towards.LOWER,
            weight=2.0,
            must=True,
            other_leg_sd=20.0,
            words="the thigh swings back fast early in stance",
        ),
        Sign(
            code="F26",
            towards=Towards.LOWER,
            weight=2.0,
            must=True,
            other_leg_sd=3.0,
            words="the thigh is behind the body early",
        ),
        Sign(
            code="F08",
            towards=Towards.LOWER,
            weight=1.5,
            words="the thigh swings forward slowly",
        ),
        Sign(code="F06", towards=Towards.LOWER, weight=1.0, words="the leg is lifted less"),
        Sign(
            code="F46",
            towards=Towards.LOWER,
            weight=1.0,
            task=Task.HIP_HOLD,
            words="the knee is held up less high or less long",
        ),
    ),
    moments=(
        Moment(
            words="early while the leg carries the body",
            view=View.SIDE,
            curve=Curve.THIGH_INCLINATION,
            first=28,
            last=32,
            towards=Towards.LOWER,
            codes=("F26",),
        ),
    ),
    looks_alike=(*LOOKS_ALIKE, "fast walking"),
    clearer=("Wear a sensor on each shank: only they can measure the knee.",),
    facts=FACTS,
    instead_of=MEASURED.key,
    most=0.35,
    most_in_one_walk=Level.SLIGHT,
    source="NONAN GaitPrint; fda::gait; Schwartz 2008 curves; spreads weakly founded",
)

PATTERNS = (MEASURED, GUESSED)
