"""The detectors on usual walkers when something is wrong with how sensors are worn."""

from __future__ import annotations

from validation.cases import Laboratory
from validation.numbers import Share, mean
from validation.page import Grid, Section, Target
from validation.people import (
    CONDITION_MEANING,
    CONDITIONS,
    DETECTORS,
    judge,
    judged,
    present,
)
from validation.tables.detection import WORN, false_alarms
from validation.tables.plan import MANY, under, usual


def section(laboratory: Laboratory, people: int) -> Section:
    asked = sorted(CONDITIONS[1:], key=lambda condition: condition not in MANY)
    walks = laboratory.measure_groups(
        judge, {CONDITIONS[0]: usual(people), **{c: under(people, c) for c in asked}}
    )
    result = Section(
        title="When something is wrong",
        meaning=(
            "Usual walkers only, so every finding whose measure is in truth within its threshold "
            "is a false alarm. A detector may also refuse to judge: that is not an error, but "
            "helps nobody, so it is counted beside. "
            + "; ".join(f"*{name}*: {what}" for name, what in CONDITION_MEANING.items())
            + "."
        ),
        seeds="from 5000000 on, another hundred thousand for each condition",
    )
    rows = []
    for condition in CONDITIONS:
        people_of = walks[condition]
        for worn, words in WORN.items():
            told = [
                str(100 * sum(bool(present(w[worn], d)) for w in people_of) // len(people_of))
                for d in DETECTORS
            ]
            answered = Share(
                sum(any(judged(w[worn], d) for d in DETECTORS) for w in people_of),
                len(people_of),
            )
            rows.append(
                (
                    condition,
                    words,
                    str(len(people_of)),
                    str(false_alarms(people_of, worn)),
                    *told,
                    f"{100 * answered.value:.0f}",
                    f"{mean(w['strides'] for w in people_of):.0f}",
                )
            )
    heads = (
        *("condition", "worn", "people", "false alarms"),
        *(f"{d.replace('_', ' ')} present, %" for d in DETECTORS),
        *("anything judged, %", "steady strides a side"),
    )
    result.grids.append(Grid("False alarms of usual walkers", heads, rows))
    for condition in MANY:
        share = false_alarms(walks[condition], "five")
        text = f"{condition}: any false alarm, upper 95 % bound ≤ 5 %, five sensors"
        result.targets.append(Target(text, str(share), share.high <= 0.05))
    return result
