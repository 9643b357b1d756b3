"""A day made by hand, with something in every field."""

from __future__ import annotations

import math

from pipeline.day.results import (
    Day,
    DayFigure,
    ExerciseSet,
    Posture,
    PostureSpan,
    SensorDay,
    Stretch,
    Unknown,
)
from pipeline.results import Interval
from recordings.placement import Placement, Side


def build_day() -> Day:
    spans = (
        PostureSpan(0.0, 5400.0, Posture.SITTING),
        PostureSpan(5400.0, 6000.0, Posture.WALKING, steps=1050),
        PostureSpan(6000.0, 6600.0, Posture.UNKNOWN, Unknown.PELVIS_SILENT),
        PostureSpan(6600.0, 7200.0, Posture.LYING),
    )
    return Day(
        session="=monday",
        simulated=True,
        provisional=False,
        start_s=0.0,
        end_s=7200.0,
        spans=spans,
        totals_s={p: sum(s.duration_s for s in spans if s.posture is p) for p in Posture},
        unknown_s={Unknown.PELVIS_SILENT: 600.0},
        longest_sitting=Stretch(0.0, 5400.0),
        figures=(
            DayFigure("sitting_h", "F37", 1.5, 0.135, Interval(-math.inf, 8.0), "a source"),
            DayFigure("longest_sitting_min", "F38", 90.0, 1.0, Interval(-math.inf, 60.0), "a"),
            DayFigure("sittings_over_60_min", "F38", 1.0, math.nan, None, "a source"),
            DayFigure("breaks_per_sitting_h", "F39", 0.667, math.nan, Interval(1, math.inf), "b"),
            DayFigure("steps", "", math.nan, math.nan, None, "twin"),
        ),
        exercises=(
            ExerciseSet("straight_leg_raise", Side.LEFT, 6700.0, 6740.0, (52.1, 57.8), 5.0),
            ExerciseSet("bridge", None, 6800.0, 6830.0, (30.0,), 5.0),
        ),
        sensors=(
            SensorDay(
                Placement.PELVIS,
                6600.0,
                silent=(Stretch(6000.0, 6600.0),),
                remarks=("The pelvis sensor was away for 10 min, in one piece.",),
            ),
            SensorDay(Placement.THIGH_LEFT, 7000.0, ended_early_s=7000.0),
        ),
        remarks=("10 min could not be judged: the pelvis sensor sent nothing.",),
    )
