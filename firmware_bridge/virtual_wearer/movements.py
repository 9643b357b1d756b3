"""Movements of a timeline that are no walk: what each is called, its sizes, how long it takes.

All begin and end in quiet standing. Angles in degrees, metres and seconds elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from recordings.placement import Side

Repeats = Annotated[int, Meta(ge=1, le=50)]
Inward = Annotated[float, Meta(ge=-20, le=40)]
Drop = Annotated[float, Meta(ge=-15, le=25)]

Bed = Annotated[float, Meta(ge=0.3, le=0.7)]
Shifts = Annotated[float, Meta(ge=0, le=10)]

ONTO_ONE_LEG_S = 1.5
"""Shifting the weight onto one leg and lifting the other foot; the way back takes as long."""


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """One entry of the timeline."""


class Squat(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="squat"):
    """Squats on both legs. `inward_*` turns a thigh inward at the deepest point (degrees)."""

    repeats: Repeats = 5
    knee_deg: Annotated[float, Meta(ge=20, le=110)] = 75.0
    each_s: Annotated[float, Meta(ge=1.5, le=20)] = 3.5
    inward_left_deg: Inward = 0.0
    inward_right_deg: Inward = 0.0


class SingleLegSquat(
    Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="single_leg_squat"
):
    """Squats on one leg, the other foot held behind."""

    side: Side = Side.RIGHT
    repeats: Repeats = 5
    knee_deg: Annotated[float, Meta(ge=15, le=90)] = 50.0
    each_s: Annotated[float, Meta(ge=1.5, le=20)] = 3.5
    inward_deg: Inward = 0.0
    drop_deg: Drop = 0.0


class StepDown(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="step_down"):
    """Stand on a step and let the other heel touch the floor in front of it.

    `side` is the leg that stays on the step and bends. Getting onto the step is not shown.
    """

    side: Side = Side.RIGHT
    repeats: Repeats = 5
    height_m: Annotated[float, Meta(ge=0.05, le=0.3)] = 0.16
    each_s: Annotated[float, Meta(ge=2, le=20)] = 3.5
    inward_deg: Inward = 0.0
    drop_deg: Drop = 0.0


class Sit(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="sit"):
    """Sit down, stay seated for a while, stand up again."""

    duration_s: Annotated[float, Meta(ge=4.5)] = 10.0
    seat_m: Annotated[float, Meta(ge=0.3, le=0.7)] = 0.46
    shifts_per_min: Shifts = 0.0
    """Shifts of position; with any, the body breathes, too. Long sittings want some."""
    towards_right_m: Annotated[float, Meta(ge=-0.12, le=0.12)] = 0.0
    """How far the pelvis goes to the right (left: negative) on its way, halfway up or down."""


class SingleLegStance(
    Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="single_leg_stance"
):
    """Stand on one leg; the other side of the pelvis may drop."""

    side: Side = Side.RIGHT
    duration_s: Annotated[float, Meta(ge=3)] = 12.0
    drop_deg: Drop = 0.0


class KneeLift(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="knee_lift"):
    """Lift one knee and hold it; the pelvis may lean back or tilt sideways meanwhile."""

    side: Side = Side.RIGHT
    duration_s: Annotated[float, Meta(ge=3)] = 8.0
    hip_deg: Annotated[float, Meta(ge=20, le=125)] = 100.0
    lean_back_deg: Annotated[float, Meta(ge=-10, le=40)] = 6.0
    drop_deg: Drop = 0.0
    """Drop of the lifted side; negative hitches it up."""


class Lunge(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="lunge"):
    """Step forward into a lunge and back."""

    side: Side = Side.RIGHT
    repeats: Repeats = 3
    each_s: Annotated[float, Meta(ge=2.5, le=20)] = 5.0
    length_m: Annotated[float, Meta(ge=0.2, le=1.0)] = 0.65
    inward_deg: Inward = 0.0


class LateralLunge(
    Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="lateral_lunge"
):
    """Step to one side, bend that leg over its foot while the other stays straight, and back."""

    side: Side = Side.RIGHT
    repeats: Repeats = 3
    each_s: Annotated[float, Meta(ge=2.5, le=20)] = 5.0
    width_m: Annotated[float, Meta(ge=0.2, le=0.9)] = 0.6
    inward_deg: Inward = 0.0


class Stairs(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="stairs"):
    """Walk a flight of stairs, foot over foot; the last step brings the feet together."""

    direction: Literal["up", "down"] = "up"
    steps: Annotated[int, Meta(ge=2, le=60)] = 10
    step_s: Annotated[float, Meta(ge=0.4, le=2.0)] = 0.7
    rise_m: Annotated[float, Meta(ge=0.08, le=0.24)] = 0.17
    tread_m: Annotated[float, Meta(ge=0.2, le=0.4)] = 0.28
    first: Side = Side.RIGHT


class Lie(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="lie"):
    """Sit down on a bed, lie back, stay for a while, get up again."""

    duration_s: Annotated[float, Meta(ge=25)] = 60.0
    bed_m: Bed = 0.45
    shifts_per_min: Shifts = 0.5


class Bridge(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="bridge"):
    """Lie down with bent knees, lift the pelvis a few times, get up again."""

    repeats: Repeats = 8
    each_s: Annotated[float, Meta(ge=2, le=15)] = 4.0
    lift_deg: Annotated[float, Meta(ge=5, le=40)] = 25.0
    """How far trunk and pelvis turn about the shoulders."""
    bed_m: Bed = 0.45


class StraightLegRaise(
    Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="straight_leg_raise"
):
    """Lie down, raise one straight leg a few times, get up again."""

    side: Side = Side.RIGHT
    repeats: Repeats = 8
    each_s: Annotated[float, Meta(ge=2, le=15)] = 4.0
    hip_deg: Annotated[float, Meta(ge=10, le=90)] = 50.0
    bed_m: Bed = 0.45


Movement = (
    Squat
    | SingleLegSquat
    | StepDown
    | Sit
    | SingleLegStance
    | KneeLift
    | Lunge
    | LateralLunge
    | Stairs
    | Lie
    | Bridge
    | StraightLegRaise
)


def duration_s(item: Movement) -> float:
    """How long a movement takes from standing to standing."""
    match item:
        case Squat() | Lunge() | LateralLunge():
            return item.repeats * item.each_s
        case SingleLegSquat() | StepDown():
            return item.repeats * item.each_s + 2 * ONTO_ONE_LEG_S
        case Stairs():
            return (item.steps + 2) * item.step_s
        case Bridge() | StraightLegRaise():
            return item.repeats * item.each_s + 2 * (ONTO_THE_BED_S + SETTLE_S)
        case _:
            return item.duration_s


def repetitions_s(item: Movement) -> list[tuple[float, float]]:
    """Start and end of each repetition, from the start of the movement.

    A hold is one repetition, from both feet down to both feet down; sitting is two: down and
    up again. Stairs have one for each step: the time from one landing to the next.
    """
    match item:
        case Squat() | Lunge() | LateralLunge():
            return [(k * item.each_s, (k + 1) * item.each_s) for k in range(item.repeats)]
        case SingleLegSquat() | StepDown():
            return [
                (ONTO_ONE_LEG_S + k * item.each_s, ONTO_ONE_LEG_S + (k + 1) * item.each_s)
                for k in range(item.repeats)
            ]
        case Bridge() | StraightLegRaise():
            first = ONTO_THE_BED_S + SETTLE_S
            return [
                (first + k * item.each_s, first + (k + 1) * item.each_s)
                for k in range(item.repeats)
            ]
        case Lie():
            return []
        case Sit():
            return [(0.0, SIT_DOWN_S), (item.duration_s - STAND_UP_S, item.duration_s)]
        case Stairs():
            return [((k + 0.5) * item.step_s, (k + 1.5) * item.step_s) for k in range(item.steps)]
        case _:
            return [(0.0, item.duration_s)]


SIT_DOWN_S, STAND_UP_S = 1.7, 1.5
ONTO_THE_BED_S, SETTLE_S = 7.0, 3.0
"""The way from standing to lying, and back; and the rest before and after an exercise."""


def task_word(item: Movement) -> str:
    """The word under which a movement stands in the events of a session."""
    word = str(item.__struct_config__.tag)
    match item:
        case Squat() | Sit() | Lie() | Bridge():
            return word
        case Stairs():
            return f"{word}_{item.direction}"
        case _:
            return f"{word}_{item.side.value}"
