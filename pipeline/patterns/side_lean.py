"""Pattern B2: the body leans over the standing leg, and the pelvis stays level or rises."""

from __future__ import annotations

from pipeline.gait import Curve
from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.terms import Fact, Level, Moment, Task, Towards, View
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

LEAN, DROP = "F13", "F09"
MARKED_Z = 1.5


def _the_thigh_leans_under_it(walk: WalkView, side: Side) -> str | None:
    """A side-lean takes the lean of the thigh and the drop of the pelvis away (Reininga 2012).

    Where either is large, the hip was carried outward by them.
    """
    found = (walk.deviation(code, side) for code in (LEAN, DROP))
    if all(d is None or d.z < MARKED_Z for d in found):
        return None
    return (
        f"The pelvis moved out over your {side} leg because the thigh under it leaned inward or "
        f"the pelvis dropped."
    )


PATTERN = Pattern(
    letter="B2",
    key="side_lean",
    title="The body moves over this leg while it stands",
    seen=(
        "In this walk your pelvis moved further over your {side} leg while you stood on it than "
        "over your {other} one."
    ),
    meaning=(
        "Some people swing the body over the standing leg instead of letting the pelvis dip. "
        "Without a sensor on the trunk this can only be guessed."
    ),
    for_professionals=(
        "Compensated (Duchenne-type) pattern: lateral shift to the stance side with reduced "
        "obliquity range. The pelvis sensor knows displacement only relative to the mean of the "
        "stride, so that two fifths of a one-sided shift show on the other side."
    ),
    signs=(
        Sign(
            code="F35b",
            towards=Towards.HIGHER,
            weight=3.0,
            must=True,
            words="the pelvis moves further over this leg",
        ),
        Sign(
            code="F35c",
            towards=Towards.HIGHER,
            weight=1.0,
            words="it moves further over this leg than over the other",
        ),
        Sign(
            code="F11",
            towards=Towards.LOWER,
            weight=1.5,
            shared=True,
            words="the pelvis moves less up and down",
        ),
        Sign(
            code="F09",
            towards=Towards.LOWER,
            weight=1.0,
            other_leg_sd=2.75,
            words="the swinging side is raised instead of dropping",
        ),
        Sign(
            code="F29",
            towards=Towards.LOWER,
            weight=1.0,
            words="this leg stands for a shorter time",
        ),
        Sign(
            code="F40",
            towards=Towards.LOWER,
            weight=1.0,
            task=Task.SINGLE_LEG,
            words="the pelvis is raised while standing on one leg",
        ),
        Sign(
            code="F41",
            towards=Towards.LOWER,
            weight=1.0,
            task=Task.SINGLE_LEG,
            words="standing on one leg lasts less long",
        ),
    ),
    moments=(
        Moment(
            words="while the body is over the standing leg",
            view=View.BEHIND,
            curve=Curve.PELVIS_OBLIQUITY,
            first=12,
            last=40,
            towards=Towards.LOWER,
            codes=("F35b", "F09"),
        ),
    ),
    looks_alike=(
        "a habit of the trunk",
        "a bag or a load on one side",
        "sparing the leg",
    ),
    clearer=(
        "Walk again without anything in your hands.",
        "Film the walk from behind: the shoulders show it better than the pelvis.",
    ),
    facts=(
        Fact(
            "The articles name movements for trunk and pelvis that keep both still, such as the "
            "plank and the bridge.",
            "Their effect on leaning is not shown.",
        ),
    ),
    most=0.4,
    most_in_one_walk=Level.POSSIBLE,
    gives_way=_the_thigh_leans_under_it,
    source=(
        "Reininga 2012; HIP Int 2015;25:413; Orendurff 2004 for the usual sway; 1.5 cm between "
        "left and right weakly founded"
    ),
)

PATTERNS = (PATTERN,)
