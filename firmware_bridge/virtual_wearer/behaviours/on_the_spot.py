"""Movements that are no walk, put into a stretch of stance.

Each begins and ends in quiet standing and only adds to the standing pose: pelvis path, pelvis
angles, feet. The legs are solved like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from firmware_bridge.virtual_wearer.behaviours.collapse import Collapse
from firmware_bridge.virtual_wearer.behaviours.lunges import LateralLunging, Lunging
from firmware_bridge.virtual_wearer.behaviours.lying import Lying
from firmware_bridge.virtual_wearer.behaviours.moves import Span
from firmware_bridge.virtual_wearer.behaviours.one_leg import OneLeg
from firmware_bridge.virtual_wearer.behaviours.restless import Restless
from firmware_bridge.virtual_wearer.behaviours.stairs import ClimbingStairs
from firmware_bridge.virtual_wearer.behaviours.two_legs import Sitting, Squatting
from firmware_bridge.virtual_wearer.body import Body
from firmware_bridge.virtual_wearer.movements import (
    ONTO_THE_BED_S,
    SIT_DOWN_S,
    Bridge,
    KneeLift,
    LateralLunge,
    Lie,
    Lunge,
    SingleLegSquat,
    SingleLegStance,
    Sit,
    Squat,
    Stairs,
    StepDown,
    StraightLegRaise,
)
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.spec import Deviation
from firmware_bridge.virtual_wearer.stance import Stance

if TYPE_CHECKING:
    from firmware_bridge.virtual_wearer.step_plan import Label


class OnTheSpot(Protocol):
    """A movement that changes a stretch of stance in place."""

    def apply(self, time_s: FloatArray, stance: Stance) -> None: ...


def on_the_spot(
    labels: Sequence[Label],
    body: Body,
    deviations: Sequence[Deviation],
    heading_at: Callable[[float], float],
) -> list[OnTheSpot]:
    """The movements of a plan, in time order; a person's deviations act in them, too.

    `heading_at` tells which way (rad) the person faces at a time.
    """
    collapse = Collapse(body, deviations)
    made: list[OnTheSpot] = []
    for label in labels:
        span = Span(label.start_s, label.end_s)
        match label.item:
            case Squat():
                made.append(Squatting(span, body, collapse, label.item))
            case Sit():
                restless = Restless(span, label.item.shifts_per_min, SIT_DOWN_S)
                made.append(Sitting(span, body, label.item, restless))
            case Lie():
                restless = Restless(span, label.item.shifts_per_min, ONTO_THE_BED_S)
                made.append(Lying(span, body, label.item, restless))
            case Bridge() | StraightLegRaise():
                restless = Restless(span, 0.0, ONTO_THE_BED_S)
                made.append(Lying(span, body, label.item, restless))
            case SingleLegStance() | KneeLift() | SingleLegSquat() | StepDown():
                made.append(OneLeg(span, body, collapse, label.item))
            case Lunge():
                made.append(Lunging(span, body, collapse, label.item))
            case LateralLunge():
                made.append(LateralLunging(span, body, collapse, label.item))
            case Stairs():
                made.append(ClimbingStairs(span, body, label.item, heading_at(label.start_s)))
            case _:
                pass
    return made
