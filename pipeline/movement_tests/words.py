"""The words for movement tests: titles, legs, and why something does not count.

Every sentence is bound by `pipeline.wording`; a test holds it.
"""

from __future__ import annotations

from pipeline.movement_tests.outcome import MovementTask, Obstacle
from recordings.placement import Side

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
}

_LEFT_OUT = {
    Obstacle.GAP: "with lost data",
    Obstacle.TOO_SHALLOW: "too shallow",
    Obstacle.STUMBLED: "with a stumble",
    Obstacle.IRREGULAR: "unlike the others",
    Obstacle.OTHER_LEG: "with the other leg",
    Obstacle.WRONG_TEST: "another movement",
    Obstacle.BROKEN_OFF: "broken off",
}
"""Why a repetition does not count, to follow its number."""


def title(task: MovementTask, side: Side | None = None) -> str:
    """``Squats``; ``Knee lift and hold, left leg``."""
    return TITLES[task] if side is None else f"{TITLES[task]}, {side} leg"


def left_out_words(reason: str) -> str:
    """Why a repetition does not count, to follow its number."""
    known = {obstacle.value: words for obstacle, words in _LEFT_OUT.items()}
    return known.get(reason, reason.replace("_", " "))
