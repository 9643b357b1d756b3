"""Who is found, and who is left in peace: the three detectors over a population."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.features.base import Worse
from validation.cases import Laboratory
from validation.numbers import Share, mean
from validation.page import Drawing, Grid, Section, Target, number
from validation.people import DETECTORS, judge, judged, present, truly_beyond
from validation.svg import Series, line_chart
from validation.tables.plan import (
    JUDGED,
    OTHERS,
    SEVERITIES,
    USUAL_SEEDS,
    Judged,
    deviating,
    unit,
    usual,
)

WORN = {"five": "five sensors", "three": "three sensors"}
ASKED_FROM = 1.5
"""A target is put to a deviation that truly moves its measure at least this far (of 2)."""

People = list[dict[str, Any]]


def section(laboratory: Laboratory, people: int) -> Section:
    walkers = laboratory.measure(judge, usual(people))
    found = {
        (one.kind, severity): laboratory.measure(
            judge, deviating(people, one.kind, severity * one.distance)
        )
        for one in JUDGED
        for severity in SEVERITIES
    }
    others = {
        kind: laboratory.measure(judge, deviating(people, kind, amount))
        for kind, amount in OTHERS.items()
    }
    result = Section(
        title="Detection over a population",
        meaning=(
            f"{people} usual walkers, and {len(others['pelvic_drop'])} others for each deviation "
            "and size; everyone walks three minutes once, with two U-turns. They differ in "
            "height, sex, speed (0.6–1.6 m/s), posture, ranges, timing, small asymmetries, "
            "mounting (±20°) and soft tissue by the spreads stated in "
            "`firmware_bridge/virtual_wearer/population.py`, which are put together from causes "
            "and not taken from the SDs behind the thresholds. A *false alarm* is a finding "
            "called present whose deciding measure is, in truth, not beyond its threshold; "
            "*rightly found* is present with a measure that is beyond it. "
            "Intervals are exact 95 % intervals (Clopper and Pearson). A deviation of size 1 "
            "brings a person who is usual to the threshold, where no rule that respects its own "
            "error may say present; size 2 is twice as far. The truth of a person varies about "
            "that size, because people start from different places."
        ),
        seeds=f"usual walkers {USUAL_SEEDS}–{USUAL_SEEDS + people - 1}; deviations from 100000 on",
    )
    result.grids.append(_alarms(walkers))
    result.grids.append(_sensitivity(found))
    result.grids.append(_cannot(found))
    result.grids.append(_matrix(walkers, found, others))
    result.targets += _targets(walkers, found)
    result.notes += _not_asked(found)
    result.drawings.append(_curves(found))
    return result


def false_alarms(walks: People, worn: str, detector: str | None = None) -> Share:
    """People with a finding called present that is in truth not there."""
    chosen = DETECTORS if detector is None else (detector,)
    count = sum(
        any(not truly_beyond(f, w["truth"]) for d in chosen for f in present(w[worn], d))
        for w in walks
    )
    return Share(count, len(walks))


def _alarms(walkers: People) -> Grid:
    rows = []
    for worn, words in WORN.items():
        for detector in (*DETECTORS, None):
            chosen = DETECTORS if detector is None else (detector,)
            said = Share(
                sum(any(present(w[worn], d) for d in chosen) for w in walkers), len(walkers)
            )
            answered = Share(
                sum(all(judged(w[worn], d) for d in chosen) for w in walkers), len(walkers)
            )
            rows.append(
                (
                    words,
                    _name(detector or "any of the three"),
                    str(false_alarms(walkers, worn, detector)),
                    str(said),
                    str(answered),
                )
            )
    heads = ("worn", "detector", "false alarms", "called present", "judged at all")
    return Grid("Usual walkers, share of people", heads, rows)


def hits(walks: People, worn: str, one: Judged) -> Share:
    """People in whom the detector of a deviation says present, and rightly so."""
    count = sum(
        any(truly_beyond(f, w["truth"]) for f in _on_the_right(present(w[worn], one.detector)))
        for w in walks
    )
    return Share(count, len(walks))


def _on_the_right(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Asymmetry names the side with the smaller value, which may be either."""
    return [f for f in findings if f["detector"] == "gait_asymmetry" or f["side"] == "right"]


def _sensitivity(found: dict[tuple[str, float], People]) -> Grid:
    rows = []
    for one in JUDGED:
        for severity in SEVERITIES:
            walks = found[one.kind, severity]
            rows.append(
                (
                    _name(one.kind),
                    f"{severity:g}",
                    f"{severity * one.distance:g}{unit(one.kind)}",
                    number(_true_measure(walks, one)),
                    *(str(hits(walks, worn, one)) for worn in WORN),
                )
            )
    heads = ("deviation", "size", "injected", "mean true measure", *WORN.values())
    return Grid("Rightly found by its detector, share of people", heads, rows)


def _cannot(found: dict[tuple[str, float], People]) -> Grid:
    """Why a deviation of twice the distance was not found, with five sensors."""
    rows = []
    for one in JUDGED:
        walks = found[one.kind, SEVERITIES[-1]]
        reasons: dict[str, int] = {}
        for w in walks:
            said = _on_the_right(present(w["five"], one.detector))
            if any(truly_beyond(f, w["truth"]) for f in said):
                continue
            mine = [f for f in w["five"] if f["detector"] == one.detector]
            right = [f for f in mine if f["side"] in ("right", "")] or mine
            why = f"present by {said[0]['measure']}" if said else right[0]["reason"]
            reasons[why] = reasons.get(why, 0) + 1
        told = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        text = ", ".join(f"{why.replace('_', ' ')} ({n})" for why, n in told) or "–"
        rows.append((_name(one.kind), f"{sum(reasons.values())} of {len(walks)}", text))
    heads = ("deviation of size 2", "not found", "what the detector said instead (people)")
    return Grid("Missed with five sensors", heads, rows)


def _matrix(
    walkers: People, found: dict[tuple[str, float], People], others: dict[str, People]
) -> Grid:
    rows = [("none", "–", *_row(walkers))]
    for one in JUDGED:
        severity = SEVERITIES[-1]
        amount = f"{severity * one.distance:g}{unit(one.kind)}"
        rows.append((_name(one.kind), amount, *_row(found[one.kind, severity])))
    for kind, walks in others.items():
        rows.append((_name(kind), f"{OTHERS[kind]:g}{unit(kind)}", *_row(walks)))
    heads = ["true deviation", "amount"]
    heads += [f"{_name(d)}, {worn}" for worn in WORN for d in DETECTORS]
    return Grid("What each true deviation triggers, % of people called present", heads, rows)


def _row(walks: People) -> list[str]:
    return [
        f"{100 * Share(sum(bool(present(w[worn], d)) for w in walks), len(walks)).value:.0f}"
        for worn in WORN
        for d in DETECTORS
    ]


def _targets(walkers: People, found: dict[tuple[str, float], People]) -> list[Target]:
    targets = []
    for worn, words in WORN.items():
        share = false_alarms(walkers, worn)
        targets.append(
            Target(
                f"usual walkers with any false alarm, upper 95 % bound ≤ 3 %, {words}",
                str(share),
                share.high <= 0.03,
            )
        )
    for one in JUDGED:
        if _reached(found, one) < ASKED_FROM:
            continue
        share = hits(found[one.kind, 2.0], "five", one)
        text = f"{_name(one.kind)} of twice the distance found in ≥ 90 %, five sensors"
        targets.append(Target(text, str(share), share.value >= 0.90))
    return targets


def _true_measure(walks: People, one: Judged) -> float:
    """Mean over people of the measure that a deviation is there to move, right leg or both."""
    name = one.threshold.feature.name
    return mean(w["truth"].get(f"{name} right", w["truth"].get(name, np.nan)) for w in walks)


def _reached(found: dict[tuple[str, float], People], one: Judged) -> float:
    """How far size 2 truly moves its measure, in distances from usual to threshold."""
    norm = one.threshold.feature.norm
    either = one.threshold.worse is Worse.EITHER
    centre = 0.0 if either or norm is None else norm.mean
    return abs(_true_measure(found[one.kind, 2.0], one) - centre) / one.distance


def _not_asked(found: dict[tuple[str, float], People]) -> list[str]:
    return [
        f"No target is put to *{_name(one.kind)}*: at size 2 its true measure "
        f"({one.threshold.feature.label}) is {number(_true_measure(found[one.kind, 2.0], one))}, "
        "because the virtual wearer's other leg changes with it. There is nothing to be found."
        for one in JUDGED
        if _reached(found, one) < ASKED_FROM
    ]


def _curves(found: dict[tuple[str, float], People]) -> Drawing:
    series = []
    for one in JUDGED:
        shares = [hits(found[one.kind, s], "five", one) for s in SEVERITIES]
        series.append(
            Series(
                _name(one.kind),
                SEVERITIES,
                [100 * s.value for s in shares],
                [100 * s.low for s in shares],
                [100 * s.high for s in shares],
            )
        )
    chart = line_chart(
        series, "size of the deviation", "found, % of people", y_range=(0, 100), limit=90
    )
    return Drawing("severity", "Found by size, five sensors, with 95 % intervals", chart)


def _name(key: str) -> str:
    return key.replace("_", " ")
