"""The detectors when something is wrong with how sensors are worn, or with what is asked."""

from __future__ import annotations

from typing import Any

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
from validation.tables.detection import WORN, false_alarms, hits
from validation.tables.plan import (
    JUDGED,
    MANY,
    OTHERS,
    deviating_under,
    others,
    under,
    usual,
)

SHORTER_LEG = f"right leg {OTHERS['leg_length']:g} mm shorter"

People = list[dict[str, Any]]


def section(laboratory: Laboratory, people: int) -> Section:
    asked = sorted(CONDITIONS[1:], key=lambda condition: condition not in MANY)
    alone = laboratory.measure_groups(
        judge,
        {
            CONDITIONS[0]: usual(people),
            **{c: under(people, c) for c in asked},
            SHORTER_LEG: others(people, "leg_length"),
        },
    )
    both = laboratory.measure_groups(
        judge,
        {
            (c, one.kind): deviating_under(people, one, c)
            for c in (CONDITIONS[0], *asked)
            for one in JUDGED
        },
    )
    several = len(both[CONDITIONS[0], JUDGED[0].kind])
    result = Section(
        title="When something is wrong",
        meaning=(
            "First usual walkers, so every finding whose measure is in truth within its threshold "
            "is a false alarm. A detector may also refuse to judge: that is not an error, but "
            f"helps nobody, so it is counted beside. Then the first {several} of those people of "
            "the chapter on detection whose deviation was turned to twice the distance, the same "
            "under every condition: how many of them are still rightly found. "
            + "; ".join(f"*{name}*: {what}" for name, what in CONDITION_MEANING.items())
            + "."
        ),
        seeds="usual walkers from 5000000 on, another hundred thousand for each condition",
    )
    result.grids += [_alarms(alone), _still_found(both)]
    for condition in MANY:
        share = false_alarms(alone[condition], "five")
        text = f"{condition}: any false alarm, upper 95 % bound ≤ 5 %, five sensors"
        result.targets.append(Target(text, str(share), share.high <= 0.05))
    return result


def _alarms(walks: dict[str, People]) -> Grid:
    rows = []
    for condition in (*CONDITIONS, SHORTER_LEG):
        people_of = walks[condition]
        for worn, words in WORN.items():
            told = [
                f"{100 * sum(bool(present(w[worn], d)) for w in people_of) / len(people_of):.0f}"
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
        *("anything judged, %", "steady strides a side, five sensors"),
    )
    return Grid("False alarms of usual walkers", heads, rows)


def _still_found(walks: dict[tuple[str, str], People]) -> Grid:
    rows = []
    for condition in CONDITIONS:
        cells = []
        for one in JUDGED:
            group = walks[condition, one.kind]
            five, three = (hits(group, worn, one).count for worn in WORN)
            wrong = false_alarms(group, "five").count
            cells.append(f"{five} / {three}" + (f" (false: {wrong})" if wrong else ""))
        rows.append((condition, *cells))
    several = len(walks[CONDITIONS[0], JUDGED[0].kind])
    heads = ("condition", *(one.kind.replace("_", " ") for one in JUDGED))
    caption = (
        f"Rightly found of {several} with a deviation of twice the distance, five / three "
        "sensors; false: people with any false alarm beside it, five sensors"
    )
    return Grid(caption, heads, rows)
