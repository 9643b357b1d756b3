"""Movement tests over a population: counts, numbers beside their truth, who is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.movement_tests.outcome import MovementTask
from pipeline.movement_tests.registry import TEST_FEATURES
from pipeline.movement_tests.words import TITLES
from pipeline.results import Verdict
from validation.cases import Laboratory
from validation.movers import CONDITIONS, Mover, measure, truly_beyond
from validation.numbers import Share
from validation.page import Grid, Section, Target, number

FIRST_SEED = 9000
USUAL, ASKEW = 0.2, 0.13
"""People as a share of the size of a run. Of a full run of 1,000: 200 usual ones keep the upper
95 % bound below 3 % with one false alarm, 130 under each condition with none."""
SEVERITIES = {
    "inward": (6.0, 12.0, 18.0),
    "drop": (4.0, 8.0, 12.0),
    "lift": (10.0, 25.0, 40.0),
}
"""Deviation of the right leg → degrees."""
MEASURES = {
    "inward": tuple(
        f"{task}_inward_lean_deg"
        for task in MovementTask
        if f"{task}_inward_lean_deg" in TEST_FEATURES
    ),
    "drop": ("single_leg_pelvic_drop_deg",),
    "lift": ("knee_lift_height_deg",),
}
COLLAPSE_DEG = 12.0
EXACT, ALARMS = 0.98, 0.03
_LIMITS_DEG = {"F40": 4.0, "F40p": 4.0, "F42": 5.0, "F43": 6.0, "F44": 6.0, "F45": 5.0, "F46": 5.0}
"""Code → what its error may be (clinical table: smallest change, or error of a worn sensor)."""

People = list[dict[str, Any]]


def section(laboratory: Laboratory, people: int) -> Section:
    count, several = max(6, round(USUAL * people)), max(6, round(ASKEW * people))
    few = max(4, people // 50)
    usual = laboratory.measure(measure, [Mover(FIRST_SEED + i) for i in range(count)])
    askew = {
        condition: laboratory.measure(
            measure,
            [Mover(FIRST_SEED + 1000 * k + i, condition=condition) for i in range(several)],
        )
        for k, condition in enumerate(CONDITIONS[1:], start=1)
    }
    found = {
        (kind, amount): laboratory.measure(
            measure, [Mover(FIRST_SEED + 5000 + i, kind, amount) for i in range(few)]
        )
        for kind, amounts in SEVERITIES.items()
        for amount in amounts
    }
    everyone = [*usual, *(p for group in (*askew.values(), *found.values()) for p in group)]
    result = Section(
        title="Movement tests",
        meaning=(
            f"{count} usual people, {several} with thigh sensors turned by ±10° about the thigh "
            "when put on, as many whose thigh sensors turn by ±10° within the calibration walk, "
            f"and {few} for each deviation and size. Everyone walks half a minute, then does 4–7 "
            "squats, stands on each leg, does five single-leg squats, five steps down, four or "
            "five lunges forward and to the side on each leg, lifts each knee, rises three "
            "times and climbs a stair, with short walks between. Depth, speed, mounting (±20°) "
            "and soft tissue are drawn. A count is exact when the repetitions that count are "
            "those that were done. A "
            "*false alarm* is a present whose true number is not beyond its threshold. A number is "
            "present when it is beyond by more than its error: a deviation whose true number "
            "barely passes the threshold is seldom found. How long somebody could "
            "have held on is not in the table: the twin never tires."
        ),
        seeds=f"from {FIRST_SEED}",
    )
    result.grids += [
        _counts(everyone),
        _numbers([*usual, *(p for (_, _), group in found.items() for p in group)]),
        _alarms({"usual": usual, **askew}),
        _sensitivity(found),
    ]
    result.targets += _targets(everyone, usual, askew, found)
    return result


def _tests(people: People) -> Iterator[dict[str, Any]]:
    return (test for person in people for test in person["tests"])


def _exact(people: People, task: str | None = None) -> Share:
    tests = [t for t in _tests(people) if task in (None, t["task"])]
    return Share(sum(t["found"] == t["true"] and not t["reason"] for t in tests), len(tests))


def _counts(people: People) -> Grid:
    tasks = [t for t in MovementTask if _exact(people, t.value).of]
    rows = [(TITLES[t], str(_exact(people, t.value))) for t in tasks]
    return Grid("Sets whose repetitions are counted exactly", ("test", "share"), rows)


def _errors(people: People, feature: str) -> tuple[np.ndarray, np.ndarray]:
    """Measured minus true, and the error that was stated."""
    rows = [
        (f["value"] - f["true"], f["error"])
        for t in _tests(people)
        for f in t["features"]
        if f["feature"] == feature and f["true"] is not None and np.isfinite(f["true"])
    ]
    table = np.array(rows, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _numbers(people: People) -> Grid:
    rows = []
    for feature in TEST_FEATURES.values():
        off, stated = _errors(people, feature.name)
        if off.size:
            rows.append(
                (
                    f"{feature.code} {feature.label}",
                    str(off.size),
                    number(float(off.mean())),
                    number(float(off.std())),
                    number(float(stated.mean())),
                    str(Share(int((np.abs(off) <= stated).sum()), off.size)),
                )
            )
    heads = ("measure", "n", "bias", "spread", "stated error (95 %)", "inside it")
    return Grid("Measured minus true, in the unit of the measure", heads, rows)


def false_alarms(people: People) -> Share:
    """People with a present that is in truth not there."""
    return Share(sum(any(map(_false, _findings(p))) for p in people), len(people))


def _findings(person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (f for t in person["tests"] for f in t["findings"])


def _false(finding: dict[str, Any]) -> bool:
    known = finding["true"] is not None and np.isfinite(finding["true"])
    return finding["verdict"] == Verdict.PRESENT.value and known and not truly_beyond(finding)


def _alarms(groups: dict[str, People]) -> Grid:
    rows = [(name, str(false_alarms(people))) for name, people in groups.items()]
    return Grid("People with any false alarm in all tests together", ("people", "share"), rows)


def _present(people: People, measure_name: str) -> Share:
    """Rightly called present on the right leg."""
    hits = [
        any(
            f["measure"] == measure_name
            and f["side"] == "right"
            and f["verdict"] == Verdict.PRESENT.value
            and truly_beyond(f)
            for f in _findings(p)
        )
        for p in people
    ]
    return Share(sum(hits), len(hits))


def _sensitivity(found: dict[tuple[str, float], People]) -> Grid:
    rows = [
        (
            TEST_FEATURES[name].label,
            f"{amount:g}°",
            number(_true(people, name)),
            number(_threshold(people, name)),
            str(share),
        )
        for (kind, amount), people in found.items()
        for name in MEASURES[kind]
        if (share := _present(people, name)).of
    ]
    heads = ("measure", "injected", "mean true measure", "mean threshold", "rightly present")
    return Grid("Found on the deviating leg, share of people", heads, rows)


def _true(people: People, name: str) -> float:
    values = [
        f["true"]
        for t in _tests(people)
        for f in t["features"]
        if f["feature"] == name and f["side"] == "right" and f["true"] is not None
    ]
    return float(np.mean(values)) if values else float("nan")


def _threshold(people: People, name: str) -> float:
    """What the deciding number had to pass by its error, in the mean over people."""
    values = [
        f["threshold"]
        for p in people
        for f in _findings(p)
        if f["measure"] == name and f["side"] == "right"
    ]
    return float(np.mean(values)) if values else float("nan")


def _targets(
    everyone: People,
    usual: People,
    askew: dict[str, People],
    found: dict[tuple[str, float], People],
) -> Iterator[Target]:
    exact = _exact(everyone)
    yield Target("repetitions counted exactly in ≥ 98 % of sets", str(exact), exact.value >= EXACT)
    alarms = false_alarms(usual)
    text = "usual people with a false alarm, upper end of the interval ≤ 3 %"
    yield Target(text, str(alarms), alarms.high <= ALARMS)
    squats = "squat_inward_lean_deg"
    for condition, people in askew.items():
        called = sum(
            any(f["measure"] == squats and _false(f) for f in _findings(p)) for p in people
        )
        share = Share(called, len(people))
        text = f"{condition}: usual squats called a collapse, upper end ≤ 3 %"
        yield Target(text, str(share), share.high <= ALARMS)
    share = _present(found["inward", COLLAPSE_DEG], squats)
    yield Target("a collapse of 12° in squats found in ≥ 90 %", str(share), share.value >= 0.9)
    for feature in TEST_FEATURES.values():
        off, _ = _errors(usual, feature.name)
        if feature.code in _LIMITS_DEG and off.size:
            limit = _LIMITS_DEG[feature.code]
            spread = float(np.quantile(np.abs(off), 0.95))
            text = f"{feature.code} {feature.label}, 95 % within {limit:g}°"
            yield Target(text, f"{spread:.1f}°", spread <= limit)
