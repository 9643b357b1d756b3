"""The words for a day: postures, figures, exercises, times."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from dashboards.wording import UNKNOWN, counted, number
from pipeline.day.results import DayFigure, ExerciseSet, Posture, Unknown

POSTURES = {
    Posture.SITTING: "sitting",
    Posture.STANDING: "standing",
    Posture.WALKING: "walking",
    Posture.LYING: "lying",
    Posture.NOT_WORN: "not worn",
    Posture.UNKNOWN: "not known",
}

REASONS = {
    Unknown.NOTHING_RECORDED: "no sensor sent anything",
    Unknown.THIGHS_SILENT: "thigh sensors silent",
    Unknown.PELVIS_SILENT: "pelvis sensor silent: sitting or lying",
    Unknown.UPRIGHT_NOT_SEEN: "not known how the sensors sit",
    Unknown.EXCLUDED: "left out by hand",
}

EXERCISES = {
    "bridge": "Bridge",
    "straight_leg_raise": "Straight-leg raise",
    "squat": "Squats, or rising from a chair",
    "knee_lift": "Knee lift",
}

FIGURES = {
    "sitting_h": "Sitting",
    "longest_sitting_min": "Longest sitting",
    "sittings_over_30_min": "Sittings of 30 min or more",
    "sittings_over_60_min": "Sittings of 60 min or more",
    "breaks_per_sitting_h": "Breaks an hour of sitting",
    "walking_min": "Walking",
    "steps": "Steps",
    "standing_h": "Standing",
    "lying_h": "Lying",
}

WHAT_A_DAY_SAYS = (
    "Told from how pelvis and thighs lean and from steps. Legs that are stretched out while "
    "sitting can be taken for standing, a reclined seat for lying, and cycling for sitting."
)


def hours(seconds: float) -> str:
    """``1 h 05 min``, ``5 min``, ``40 s``."""
    if not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 59.5:
        return f"{round(seconds)} s"
    whole, rest = divmod(round(seconds / 60), 60)
    return f"{whole} h {rest:02d} min" if whole else f"{rest} min"


def clock(time_s: float, start_time: datetime | None) -> str:
    """Time of day where the session tells it, else time since its beginning."""
    if start_time is not None:
        return (start_time + timedelta(seconds=time_s)).strftime("%H:%M")
    whole, rest = divmod(int(time_s), 3600)
    return f"{whole}:{rest // 60:02d}:{rest % 60:02d}"


def figure_words(figure: DayFigure) -> str:
    """A figure with its error, in the unit in which people think of it."""
    error = figure.error
    if figure.value == 0.0 and not figure.name.startswith(("breaks", "sittings")):
        return "none"
    if figure.name.endswith("_h") and not figure.name.startswith("breaks"):
        return _with_error(hours(3600 * figure.value), hours(3600 * error), error)
    if figure.name in ("longest_sitting_min", "walking_min"):
        return _with_error(hours(60 * figure.value), hours(60 * error), error)
    decimals = 1 if figure.name.startswith("breaks") else 0
    return _with_error(number(figure.value, decimals), number(error, decimals), error)


def usual_words(figure: DayFigure) -> str:
    """Where a figure usually lies; empty where no source says so."""
    usual = figure.usual
    if usual is None:
        return ""
    unit = "h" if figure.name == "sitting_h" else "min" if figure.name.endswith("_min") else ""
    if math.isfinite(usual.low):
        return f"{number(usual.low, 0)} {unit} or more".replace("  ", " ")
    return f"up to {number(usual.high, 0)} {unit}".rstrip()


def exercise_words(exercise: ExerciseSet) -> str:
    """``Straight-leg raise, left: 8 repetitions, 52 to 58 ± 5°``."""
    name = EXERCISES.get(exercise.exercise, exercise.exercise.replace("_", " "))
    side = "" if exercise.side is None else f", {exercise.side.value}"
    low, high = number(min(exercise.ranges_deg), 0), number(max(exercise.ranges_deg), 0)
    span = low if low == high else f"{low} to {high}"
    repetitions = counted(exercise.repetitions, "repetition")
    return f"{name}{side}: {repetitions}, {span} ± {number(exercise.error_deg, 0)}°"


def learning_how_sensors_sit(after_s: float) -> str:
    """What a sitting reminder says when it begins."""
    return (
        f"A reminder will come after {hours(after_s)} of sitting. Walk about ten steps once, so "
        "that it is known how the sensors sit."
    )


def get_up(sitting_s: float) -> str:
    """The reminder itself."""
    return f"You have been sitting for {hours(sitting_s)}. Time to stand up and walk a little."


def already_up(sitting_s: float) -> str:
    """After a reminder that was followed."""
    return f"Up again after {hours(sitting_s)} of sitting."


def _with_error(text: str, error_text: str, error: float) -> str:
    return f"{text} ± {error_text}" if math.isfinite(error) and text != UNKNOWN else text
