"""All numbers of a session as one table: measures of the walk, of movement tests, of the day."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import fmean

from dashboards.day_wording import EXERCISES, FIGURES
from dashboards.summary import error_of
from dashboards.wording import Measure
from dashboards.writers.cells import csv_bytes, number_cell, text_cell, time_cell
from pipeline.day.results import Day, DayFigure, ExerciseSet
from pipeline.movement_tests.outcome import MovementTest
from pipeline.results import FeatureStatistics, Interval, Results

HEADER = (
    "part",
    "test",
    "start_s",
    "measure",
    "label",
    "unit",
    "side",
    "count",
    "mean",
    "error",
    "sd",
    "usual_low",
    "usual_high",
    "z",
    "reason",
)

_UNITS = {"_per_sitting_h": "1/h", "_h": "h", "_over_30_min": "", "_over_60_min": "", "_min": "min"}
"""End of a day figure's name → its unit; the first that fits."""


def measures_csv(results: Results, day: Day | None = None) -> bytes:
    """Every measure with its error (95 % half-width) and usual range; UTF-8.

    Parameters
    ----------
    results : Results
        Of the walk, with the movement tests that were done.
    day : Day, optional
        The same session, seen as a part of a day.
    """
    rows: list[tuple[str, ...]] = [("walk", "", "", *_measured(f)) for f in results.features]
    for test in results.movement_tests:
        rows += _test_rows(test)
    if day is not None:
        rows += [("day", "", time_cell(day.start_s), *_figure(f)) for f in day.figures]
        rows += [("day", "", time_cell(s.start_s), *_exercise(s)) for s in day.exercises]
    return csv_bytes(HEADER, rows)


def _test_rows(test: MovementTest) -> Iterator[tuple[str, ...]]:
    """The numbers of one test; of one that is not scored a row with the reason."""
    begin = ("test", test.task.value, time_cell(test.start_s))
    if test.reason:
        count = str(len(test.accepted))
        yield *begin, "", "", "", str(test.side or ""), count, *[""] * 6, test.reason
    for row in test.features:
        yield *begin, *_measured(row)


def _measured(row: FeatureStatistics) -> tuple[str, ...]:
    measure = Measure.of(row.feature)
    return (
        text_cell(row.feature),
        text_cell(measure.label),
        text_cell(measure.unit),
        str(row.side or ""),
        str(row.n),
        number_cell(row.mean),
        number_cell(error_of(row)),
        number_cell(row.sd),
        *_span(row.usual),
        number_cell(row.z),
        "",
    )


def _figure(figure: DayFigure) -> tuple[str, ...]:
    unit = next((unit for end, unit in _UNITS.items() if figure.name.endswith(end)), "")
    name, label = text_cell(figure.name), text_cell(FIGURES.get(figure.name, ""))
    numbers = (number_cell(figure.value), number_cell(figure.error), "", *_span(figure.usual))
    return name, label, unit, "", "", *numbers, "", ""


def _exercise(exercise: ExerciseSet) -> tuple[str, ...]:
    name, label = text_cell(exercise.exercise), text_cell(EXERCISES.get(exercise.exercise, ""))
    numbers = (number_cell(fmean(exercise.ranges_deg)), number_cell(exercise.error_deg))
    side, count = str(exercise.side or ""), str(exercise.repetitions)
    return name, label, "°", side, count, *numbers, "", "", "", "", ""


def _span(usual: Interval | None) -> tuple[str, str]:
    low, high = (math.nan, math.nan) if usual is None else (usual.low, usual.high)
    return number_cell(low), number_cell(high)
