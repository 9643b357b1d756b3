"""The words for movement tests: titles, legs, and why something does not count.

Every sentence is bound by `pipeline.wording`; a test holds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from recordings.placement import Placement, Side

TITLES = {
    MovementTask.STANDING: "Standing",
    MovementTask.SIT_TO_STAND: "Rising from a chair",
    MovementTask.SQUAT: "Squats",
    MovementTask.SINGLE_LEG_SQUAT: "Single-leg squats",
    MovementTask.SINGLE_LEG_STANCE: "Standing on one leg",
    MovementTask.LUNGE: "Lunges forward",
    MovementTask.LATERAL_LUNGE: "Lunges to the side",
    MovementTask.STEP_DOWN: "Stepping down",
    MovementTask.KNEE_LIFT: "Knee lift and hold",
    MovementTask.STAIRS_UP: "Stairs up",
}

_LEFT_OUT = {
    Obstacle.GAP: "with lost data",
    Obstacle.TOO_SHALLOW: "too shallow",
    Obstacle.STUMBLED: "with a stumble",
    Obstacle.IRREGULAR: "unlike the others",
    Obstacle.OTHER_LEG: "with the other leg",
    Obstacle.WRONG_TEST: "another movement",
    Obstacle.BROKEN_OFF: "broken off",
    Obstacle.LEFT_OUT_BY_HAND: "left out by hand",
}
"""Why a repetition does not count, to follow its number."""


def title(task: MovementTask, side: Side | None = None) -> str:
    """``Squats``; ``Knee lift and hold, left leg``."""
    return TITLES[task] if side is None else f"{TITLES[task]}, {side} leg"


def left_out_words(reason: str) -> str:
    """Why a repetition does not count, to follow its number."""
    known = {obstacle.value: words for obstacle, words in _LEFT_OUT.items()}
    return known.get(reason, reason.replace("_", " "))


_ONE = {
    MovementTask.STANDING: "standing",
    MovementTask.SIT_TO_STAND: "rise",
    MovementTask.SQUAT: "squat",
    MovementTask.SINGLE_LEG_SQUAT: "single-leg squat",
    MovementTask.SINGLE_LEG_STANCE: "hold",
    MovementTask.LUNGE: "lunge",
    MovementTask.LATERAL_LUNGE: "lunge",
    MovementTask.STEP_DOWN: "step down",
    MovementTask.KNEE_LIFT: "lift",
    MovementTask.STAIRS_UP: "step up",
}
_MANY = {
    MovementTask.STEP_DOWN: "steps down",
    MovementTask.STANDING: "times standing",
    MovementTask.STAIRS_UP: "steps up",
}

_OTHER_LEG = {
    MovementTask.SINGLE_LEG_STANCE: "You stood on your {other} leg, asked for was the {side} one.",
    MovementTask.KNEE_LIFT: "You lifted your {other} knee, asked for was the {side} one.",
}
_NOTHING = {
    MovementTask.SINGLE_LEG_STANCE: "No foot was seen to leave the ground.",
    MovementTask.KNEE_LIFT: "No knee was seen to be lifted.",
    MovementTask.SIT_TO_STAND: "Nobody was seen to rise from a chair.",
    MovementTask.STAIRS_UP: "Nobody was seen to climb stairs.",
}

ADULTS_ONLY = "Usual values here are those of adults, so nothing is judged."
NO_SECOND_ZERO = (
    "How straight your knees are while standing needs shank sensors and a second zero: sit with "
    "your knees at a right angle once (a seated pose), or enter the angle."
)
HELD_TO_THE_END = (
    "You held it to the end of the test ({seconds} s), so how long you could is not known."
)
SLIPPED = "Fasten it, stand still for five seconds and walk ten steps, then do the test again."


def count_words(task: MovementTask, count: int) -> str:
    """``1 squat``, ``5 steps down``."""
    one = _ONE[task]
    return f"{count} {one if count == 1 else _MANY.get(task, f'{one}s')}"


def done_sentence(task: MovementTask, count: int) -> str:
    """What was done."""
    if task is MovementTask.STANDING:
        return "You stood quietly." if count else ""
    return f"{count_words(task, count)}."


def left_out_sentence(repetitions: Sequence[Repetition]) -> tuple[str, ...]:
    """What does not count and why, in one sentence; nothing if all count."""
    reasons = Counter(left_out_words(r.reason) for r in repetitions if not r.accepted)
    if not reasons:
        return ()
    why = ", ".join(f"{count} {words}" for words, count in reasons.items())
    return (f"Left out: {why}.",)


def obstacle_sentence(
    obstacle: Obstacle,
    task: MovementTask,
    side: Side | None,
    *,
    count: int = 0,
    needed: int = 1,
    sensor: Placement | None = None,
) -> str:
    """Why nothing of a test is scored, and what to do."""
    what = title(task, side)
    match obstacle:
        case Obstacle.OTHER_LEG if side is not None:
            said = _OTHER_LEG.get(task, "This was done with your {other} leg, not the {side} one.")
            return f"{said.format(side=side, other=side.other)} Nothing is scored; do it again."
        case Obstacle.WRONG_TEST | Obstacle.OTHER_LEG:
            return f"What was done does not look like this test ({what}); nothing is scored."
        case Obstacle.NOTHING_DONE:
            return f"{_NOTHING.get(task, 'No repetition was seen.')} Nothing is scored."
        case Obstacle.BROKEN_OFF:
            return f"The test was broken off after {count_words(task, count)}; nothing is scored."
        case Obstacle.TOO_FEW:
            return (
                f"{count_words(task, count)} of the {needed} needed can be used; nothing is scored."
            )
        case Obstacle.SLIPPED_SENSOR:
            which = "A sensor" if sensor is None else f"The {sensor.label} sensor"
            return f"{which} moved on the body; nothing is scored. {SLIPPED}"
        case Obstacle.TOO_LONG:
            return "The test took longer than four minutes; nothing is scored."
        case _:
            return (
                "The sensors did not know yet how they sit on the body; nothing is scored. Stand "
                "still for five seconds and walk ten steps first."
            )
