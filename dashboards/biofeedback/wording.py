"""What biofeedback says, in words."""

from __future__ import annotations

from collections.abc import Collection

from dashboards.biofeedback.biofeedback import Board, Mode
from dashboards.wording import DECIMALS, counted, number
from recordings.placement import Placement

NAME = "Biofeedback"
MODES = {
    Mode.OFF: "Off",
    Mode.STEP_ECHO: "Step echo",
    Mode.METRONOME: "Metronome",
    Mode.PELVIC_DROP: "Target: pelvic drop",
    Mode.KNEE_PAST_STRAIGHT: "Target: knee past straight",
    Mode.STEP_TIME_SYMMETRY: "Target: even steps",
}
EXPLAINED = {
    Mode.OFF: "",
    Mode.STEP_ECHO: "A tick at each step, left and right: uneven steps can be heard.",
    Mode.METRONOME: "Beats at the pace of your last twelve steps, or a little off it.",
    Mode.PELVIC_DROP: "Two ticks when the pelvis dropped further than the goal.",
    Mode.KNEE_PAST_STRAIGHT: "Two ticks when the knee went further back than the goal.",
    Mode.STEP_TIME_SYMMETRY: "Two ticks on the leg whose steps are shorter in time.",
}
SHORT = {
    Mode.PELVIC_DROP: "Pelvic drop",
    Mode.KNEE_PAST_STRAIGHT: "Straightest knee",
    Mode.STEP_TIME_SYMMETRY: "Step shorter by",
}
CADENCE, CADENCE_UNIT = "Cadence", "steps/min"
CAREFUL = "Not on stairs or near traffic."
GOALS = {
    Mode.PELVIC_DROP: "Goal: at most {goal}",
    Mode.KNEE_PAST_STRAIGHT: "Goal: at least {goal}",
    Mode.STEP_TIME_SYMMETRY: "Goal: at most {goal}",
}
WITHIN, NEAR, BEYOND = "within the goal", "at the goal, within ± {error}", "beyond the goal"
MARKED = "biofeedback: {what}"
_NEEDS_SHANKS = "It needs shank sensors, which are not worn."
_WAITS = "It waits for a few steady steps."


def quantity(mode: Mode, value: float) -> str:
    """A value of a target with its unit."""
    assert mode.target is not None
    unit = mode.target.feature.unit
    gap = "" if unit.startswith("°") else " "
    return f"{number(value, DECIMALS.get(unit, 1))}{gap}{unit}"


def goal(board: Board) -> str:
    """The goal in force."""
    return GOALS[board.settings.mode].format(
        goal=quantity(board.settings.mode, board.settings.goal_or_usual)
    )


def status(board: Board, worn: Collection[Placement]) -> str:
    """How it goes: what was cued, how late, and what it waits for."""
    mode = board.settings.mode
    if mode is Mode.OFF:
        return ""
    target = mode.target
    if target is not None and not set(target.needs) <= set(worn):
        return _NEEDS_SHANKS
    if not board.judged and not board.given:
        return _WAITS
    parts = []
    if target is not None:
        parts.append(f"{board.missed_count} of {counted(board.judged, 'stride')} missed the goal")
    parts.append(counted(board.given, "beat" if mode is Mode.METRONOME else "cue"))
    if board.share < 1.0:
        parts.append(f"{100 * board.share:.0f} % are given")
    if board.delay_s is not None:
        parts.append(f"{1000 * board.delay_s:.0f} ms after it happened")
    return " · ".join(parts)
