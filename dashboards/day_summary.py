"""The text in which a person reads a day in the terminal."""

from __future__ import annotations

import math
from datetime import datetime

from dashboards.day_wording import (
    FIGURES,
    POSTURES,
    REASONS,
    WHAT_A_DAY_SAYS,
    clock,
    exercise_words,
    figure_words,
    hours,
    usual_words,
)
from dashboards.terminal import Terminal
from dashboards.wording import NOT_A_MEDICAL_DEVICE
from pipeline.day.results import Day, Posture

_SIGNS = {
    Posture.SITTING: "s",
    Posture.STANDING: "|",
    Posture.WALKING: "W",
    Posture.LYING: "_",
    Posture.NOT_WORN: " ",
    Posture.UNKNOWN: "?",
}
_BAND_LABEL = 14
_BAND_LINES = 6
_PARTS_S = (30.0, 60.0, 120.0, 300.0, 600.0, 3600.0)


def day_summary(day: Day, start_time: datetime | None, terminal: Terminal) -> str:
    """Everything a person needs to know about a day, as text.

    Parameters
    ----------
    day : Day
    start_time : datetime or None
        Wall-clock time of session time 0.
    terminal : Terminal
    """
    sections = (
        _head(day, start_time, terminal),
        _figures(day, start_time, terminal),
        _band(day, start_time, terminal),
        _exercises(day, start_time, terminal),
        _remarks(day, terminal),
        [*terminal.wrap(WHAT_A_DAY_SAYS), *terminal.wrap(NOT_A_MEDICAL_DEVICE)],
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _head(day: Day, start_time: datetime | None, terminal: Terminal) -> list[str]:
    lines = [terminal.emphasise(line) for line in terminal.wrap(day.session)]
    if day.simulated:
        lines += terminal.wrap("SIMULATED: no person lived this day.")
    if day.provisional:
        lines += terminal.wrap("Provisional: the day goes on.")
    span = f"{clock(day.start_s, start_time)} to {clock(day.end_s, start_time)}"
    lines += terminal.wrap(f"Recorded {hours(day.end_s - day.start_s)}, {span}.", indent=2)
    return lines


def _figures(day: Day, start_time: datetime | None, terminal: Terminal) -> list[str]:
    lines = [_heading("The day", terminal)]
    for figure in day.figures:
        text = f"{FIGURES.get(figure.name, figure.name):<28}{figure_words(figure):<22}"
        usual = usual_words(figure)
        lines += terminal.wrap(f"{text} usual: {usual}" if usual else text.rstrip(), 2, 30)
        if figure.name == "longest_sitting_min" and day.longest_sitting is not None:
            stretch = day.longest_sitting
            span = f"{clock(stretch.start_s, start_time)} to {clock(stretch.end_s, start_time)}"
            lines += terminal.wrap(f"{'':<28}from {span}", 2, 30)
    for posture in (Posture.NOT_WORN, Posture.UNKNOWN):
        if total_s := day.totals_s.get(posture, 0.0):
            lines += terminal.wrap(f"{POSTURES[posture].capitalize():<28}{hours(total_s)}", 2, 30)
    for reason, total_s in day.unknown_s.items():
        lines += terminal.wrap(f"  {REASONS[reason]:<26}{hours(total_s)}", 2, 30)
    return lines


def _band(day: Day, start_time: datetime | None, terminal: Terminal) -> list[str]:
    """The day as lines of signs, each for an equal part of it: what took most of that part."""
    columns = terminal.width - _BAND_LABEL - 2
    length_s = day.end_s - day.start_s
    if length_s < 600.0:
        return []
    part_s = next(
        s for s in (30.0, 60.0, 120.0, 300.0, 600.0, 3600.0) if length_s / s < 6 * columns
    )
    count = math.ceil(length_s / part_s)
    share = [dict.fromkeys(Posture, 0.0) for _ in range(count)]
    for span in day.spans:
        first, last = span.start_s - day.start_s, span.end_s - day.start_s
        for k in range(int(first // part_s), min(math.ceil(last / part_s), count)):
            share[k][span.posture] += min(last, (k + 1) * part_s) - max(first, k * part_s)
    signs = "".join(_SIGNS[max(s, key=lambda posture: s[posture])] for s in share)
    lines = [_heading("Hour by hour", terminal)]
    for first in range(0, count, columns):
        at = clock(day.start_s + first * part_s, start_time)
        lines.append(f"  {at:<{_BAND_LABEL - 2}}{signs[first : first + columns]}".rstrip())
    legend = ", ".join(f"{s} {POSTURES[p]}" for p, s in _SIGNS.items() if s.strip())
    return [*lines, *terminal.wrap(f"One sign: {hours(part_s)}. {legend}, blank not worn.", 2)]


def _exercises(day: Day, start_time: datetime | None, terminal: Terminal) -> list[str]:
    if not day.exercises:
        return []
    lines = [_heading("Exercises", terminal)]
    for exercise in day.exercises:
        at = clock(exercise.start_s, start_time)
        lines += terminal.wrap(f"{at}  {exercise_words(exercise)}", 2, 4)
    return lines


def _remarks(day: Day, terminal: Terminal) -> list[str]:
    if not day.remarks:
        return []
    lines = [_heading("Remarks", terminal)]
    for remark in day.remarks:
        lines += terminal.wrap(f"- {remark}", 2, 4)
    return lines


def _heading(text: str, terminal: Terminal) -> str:
    return terminal.emphasise(terminal.spell(text).upper())
