"""Summary: from a posture for each epoch to spans and figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pipeline.day.epochs import EPOCH_S
from pipeline.day.exercises import exercises
from pipeline.day.judge import JudgedDay
from pipeline.day.posture import POSTURES, REASONS
from pipeline.day.remarks import day_remarks, sensor_days
from pipeline.day.results import Day, DayFigure, Posture, PostureSpan, Stretch, Unknown
from pipeline.results import Interval
from recordings.placement import Placement

BRIDGED_S = 60.0
"""One sitting goes on across this much of not knowing, if it is sitting on both sides."""

ENOUGH_SITTING_H = 1 / 6
"""With less, one break more or less would be a rate from nothing."""

SITTING_ERROR_SHARE = 0.09
WALKING_ERROR_SHARE = 0.05
STEPS_ERROR_SHARE = 0.08

_NAN = math.nan

SITTING = (
    Interval(-math.inf, 8.0),
    "error: thigh sensors find at least 91 % of sitting (Edwardson 2016, MSSE 48:1085); more than "
    "8 h a day is called long",
)
LONGEST = (
    Interval(-math.inf, 60.0),
    "error: ±1 min; the articles ask to stand up every 30 to 60 min",
)
OVER = (None, LONGEST[1])
BREAKS = (Interval(1.0, math.inf), "fewer than 1 an hour is called few: a design choice")
MEASURED = (None, "error: on virtual people, docs/validation.md")


def summarise(judged: JudgedDay, name: str, *, simulated: bool) -> Day:
    """The day that the epochs tell."""
    spans = tuple(_spans(judged))
    sensors = sensor_days(judged)
    figures = tuple(_figures(spans))
    start_s = judged.start * EPOCH_S
    sittings = sitting_stretches(spans)
    return Day(
        session=name,
        simulated=simulated,
        provisional=False,
        start_s=start_s,
        end_s=start_s + len(judged.code) * EPOCH_S,
        spans=spans,
        totals_s={p: _total_s(spans, p) for p in Posture},
        unknown_s={
            reason: sum(s.duration_s for s in spans if s.reason is reason)
            for reason in Unknown
            if any(s.reason is reason for s in spans)
        },
        longest_sitting=max(sittings, key=lambda s: s.duration_s, default=None),
        figures=figures,
        exercises=exercises(judged),
        sensors=sensors,
        remarks=day_remarks(judged, spans, sensors),
    )


def sitting_stretches(spans: Sequence[PostureSpan]) -> list[Stretch]:
    """Times on the seat, each from sitting down to getting up."""
    out: list[Stretch] = []
    for k, span in enumerate(spans):
        if span.posture is not Posture.SITTING:
            continue
        before = spans[k - 1] if k else None
        bridged = (
            out
            and before is not None
            and before.posture is Posture.UNKNOWN
            and before.duration_s <= BRIDGED_S
            and out[-1].end_s == before.start_s
        )
        start_s = out.pop().start_s if bridged else span.start_s
        out.append(Stretch(start_s, span.end_s))
    return out


def breaks_from_sitting(spans: Sequence[PostureSpan]) -> int:
    """How often somebody got up from sitting: to stand or walk, not to lie down."""
    upright = (Posture.STANDING, Posture.WALKING)
    return sum(
        after.posture in upright
        for span, after in pairwise(spans)
        if span.posture is Posture.SITTING
    )


def _spans(judged: JudgedDay) -> list[PostureSpan]:
    n = len(judged.code)
    if not n:
        return []
    unknown = judged.code == POSTURES.index(Posture.UNKNOWN)
    key = judged.code.astype(int) * 100 + np.where(unknown, judged.reason, 0)
    edges = np.flatnonzero(np.diff(key)) + 1
    pelvis = judged.sensors.get(Placement.PELVIS)
    out = []
    for first, last in zip(np.r_[0, edges].tolist(), np.r_[edges, n].tolist(), strict=True):
        posture = POSTURES[judged.code[first]]
        steps = None
        if posture is Posture.WALKING and pelvis is not None and pelvis.there[first:last].all():
            steps = int(judged.steps[first:last].sum())
        out.append(
            PostureSpan(
                (judged.start + first) * EPOCH_S,
                (judged.start + last) * EPOCH_S,
                posture,
                REASONS[judged.reason[first]] if posture is Posture.UNKNOWN else None,
                steps,
            )
        )
    return out


def _figures(spans: Sequence[PostureSpan]) -> list[DayFigure]:
    sitting_h = _total_s(spans, Posture.SITTING) / 3600
    walking_min = _total_s(spans, Posture.WALKING) / 60
    minutes = [s.duration_s / 60 for s in sitting_stretches(spans)]
    walks = [s for s in spans if s.posture is Posture.WALKING]
    counted = [s.steps for s in walks if s.steps is not None]
    steps = float(sum(counted)) if counted or not walks else _NAN
    breaks = breaks_from_sitting(spans)
    rate = breaks / sitting_h if sitting_h >= ENOUGH_SITTING_H else _NAN
    return [
        DayFigure("sitting_h", "F37", sitting_h, SITTING_ERROR_SHARE * sitting_h, *SITTING),
        DayFigure("longest_sitting_min", "F38", max(minutes, default=0.0), 1.0, *LONGEST),
        DayFigure("sittings_over_30_min", "F38", sum(m >= 30 for m in minutes), _NAN, *OVER),
        DayFigure("sittings_over_60_min", "F38", sum(m >= 60 for m in minutes), _NAN, *OVER),
        DayFigure("breaks_per_sitting_h", "F39", rate, _NAN, *BREAKS),
        DayFigure("walking_min", "", walking_min, WALKING_ERROR_SHARE * walking_min, *MEASURED),
        DayFigure("steps", "", steps, STEPS_ERROR_SHARE * steps, *MEASURED),
        DayFigure("standing_h", "", _total_s(spans, Posture.STANDING) / 3600, _NAN, None, ""),
        DayFigure("lying_h", "", _total_s(spans, Posture.LYING) / 3600, _NAN, None, ""),
    ]


def _total_s(spans: Sequence[PostureSpan], posture: Posture) -> float:
    return float(sum(s.duration_s for s in spans if s.posture is posture))
