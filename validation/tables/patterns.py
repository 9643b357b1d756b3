"""Patterns: the wearer's catalogue, and the confusion matrix over a population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.population import without_shanks as three_sensors
from firmware_bridge.virtual_wearer.spec import Deviation
from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.patterns.assessment import assess
from pipeline.patterns.registry import PATTERNS
from recordings.errors import HipgaitError
from recordings.placement import Side
from recordings.session import Session
from validation.cases import Laboratory
from validation.expected_patterns import PATTERN_OF, expected, misses
from validation.numbers import Share
from validation.page import Grid, Section, Target
from validation.pattern_rates import CASES
from validation.people import Individual, judge, no_patterns
from validation.people import patterns as told
from validation.session_changes import without_shanks
from validation.tables.plan import others, under, usual

WORN = ("five", "three")
SHORTER_LEG = "shorter leg, 20 mm"
CONDITIONS = {
    SHORTER_LEG: "leg_length",
    "slow walking": "slow_walk",
    "left and right swapped": "swapped_sensors",
    "thigh slips by 15°": "slipped_sensor",
    "axes wrong by ±15°": "crosstalk",
}
"""What only looks like a pattern, and the name under which it should be told."""
_FIRST_SEED = 7_000_000


@dataclass(frozen=True, slots=True)
class Catalogued:
    """A walk of the virtual wearer's catalogue."""

    name: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A person of the population with knobs turned on the right leg."""

    seed: int
    knobs: tuple[tuple[str, float], ...] = ()


def judge_catalogued(case: Catalogued) -> dict[str, Any]:
    """How a walk deviates from what is expected, with the sensors it wears and without shanks."""
    spec = read_spec(catalogue()[case.name])
    session = wear(spec).session
    bare = msgspec.structs.replace(spec, sensors=three_sensors(spec.sensors))
    boards = {"five": (spec, session), "three": (bare, without_shanks(session))}
    return {
        worn: misses(as_worn, assess(analyze(walked))) for worn, (as_worn, walked) in boards.items()
    }


def judge_turned(case: Turned) -> dict[str, Any]:
    """Patterns above slight signs with five and with three sensors."""
    deviations = tuple(Deviation(kind=k, side=Side.RIGHT, amount=a) for k, a in case.knobs)
    session = wear(draw_spec(case.seed, deviations=deviations)).session
    return {"five": _told(session), "three": _told(without_shanks(session))}


def _told(session: Session) -> dict[str, Any]:
    try:
        return told(analyze(session))
    except HipgaitError as error:
        return no_patterns(error.reason)


def section(laboratory: Laboratory, people: int) -> Section:
    several = max(6, people // 66)
    names = sorted(catalogue())
    walks = laboratory.measure(judge_catalogued, [Catalogued(name) for name in names])
    everybody = laboratory.measure_groups(judge, {"": usual(people), **_lookalikes(people)})
    alike = {name: [w["patterns"]["five"] for w in everybody[name]] for name in CONDITIONS}
    plain = [w["patterns"] for w in everybody[""]]
    seeds = {case.name: _FIRST_SEED + 1000 * n for n, case in enumerate(CASES, 1)}
    turned = laboratory.measure_groups(
        judge_turned,
        {c.name: [Turned(seeds[c.name] + i, c.knobs) for i in range(several)] for c in CASES},
    )
    result = Section(
        title="Patterns",
        meaning=(
            f"What is made of a walk as a whole. First the {len(names)} walks of the virtual "
            "wearer's catalogue, with five sensors and with the shanks left away: a marked "
            "deviation must come out as its pattern, on its leg, first in the list, and nothing "
            "else above slight signs. Then people of the population, one walk of three minutes "
            f"each ({len(plain)} usual ones, the walks of the chapter on detection, and {several} "
            "others for each deviation), who start from different places: what is 4° to one is "
            "usual to another. Counted is what is called possible or clear; slight signs stand in "
            "`docs/pattern-rates.md`. Last what only looks like a pattern, from the walks of the "
            "chapters on detection and on what is wrong."
        ),
        seeds=f"turned knobs from {_FIRST_SEED} on",
    )
    result.targets += _targets(names, walks, plain, alike)
    result.grids += [
        _catalogue_grid(names, walks),
        *(_matrix(worn, plain, list(turned.values())) for worn in WORN),
        _alike_grid(alike),
    ]
    return result


def _lookalikes(people: int) -> dict[str, list[Individual]]:
    """The people of the chapters on detection and on what is wrong."""
    return {
        name: others(people, "leg_length") if name == SHORTER_LEG else under(people, name)
        for name in CONDITIONS
    }


def _targets(
    names: list[str],
    walks: list[dict[str, Any]],
    usual: list[dict[str, Any]],
    alike: dict[str, list[dict[str, Any]]],
) -> list[Target]:
    targets = []
    for worn in WORN:
        right = sum(not walk[worn] for walk in walks)
        targets.append(
            Target(
                f"every walk of the catalogue comes out as it should, {worn} sensors",
                f"{right} of {len(names)}",
                right == len(names),
            )
        )
        seen = Share(sum(bool(w[worn]["seen"]) for w in usual), len(usual))
        targets.append(
            Target(
                f"usual walkers with a possible or clear pattern ≤ 5 %, {worn} sensors",
                str(seen),
                seen.value <= 0.05,
            )
        )
    everybody = [w for found in alike.values() for w in found]
    seen = Share(sum(bool(w["seen"]) for w in everybody), len(everybody))
    targets.append(
        Target(
            "people with what only looks alike who get a pattern ≤ 5 %",
            str(seen),
            seen.value <= 0.05,
        )
    )
    return targets


def _catalogue_grid(names: list[str], walks: list[dict[str, Any]]) -> Grid:
    rows = []
    for name, walk in zip(names, walks, strict=True):
        wanted = expected(read_spec(catalogue()[name]))
        pattern = f"{PATTERNS[wanted.pattern].letter} {wanted.side}" if wanted.pattern else "none"
        if wanted.pattern and not wanted.asked:
            pattern = f"none, or {pattern}"
        rows.append(
            (name.replace("_", " "), pattern, *("; ".join(walk[w]) or "as it should" for w in WORN))
        )
    heads = ("walk", "should show", "with its sensors", "without shanks")
    return Grid("The catalogue", heads, rows)


def _matrix(worn: str, usual: list[dict[str, Any]], turned: list[list[dict[str, Any]]]) -> Grid:
    keys = [*dict.fromkeys(PATTERN_OF.values()), "quiet_hip"]
    rows = [_row("none", "–", [w[worn] for w in usual], keys)]
    for case, found in zip(CASES, turned, strict=True):
        rows.append(_row(case.name, case.letter, [w[worn] for w in found], keys))
    heads = ("true deviation of the right leg", "is", "people")
    letters = [f"{PATTERNS[k].letter} {_SHORT.get(k, '')}".strip() for k in keys]
    return Grid(
        f"Called possible or clear on the right leg, % of people, {worn} sensors",
        (*heads, *letters, "any, left leg"),
        rows,
    )


_SHORT = {"knee_past_straight": "knee", "less_leg_lift": "lift"}


def _row(name: str, letter: str, walks: list[dict[str, Any]], keys: list[str]) -> tuple[str, ...]:
    def percent(count: int) -> str:
        return "·" if count == 0 else f"{100 * count / len(walks):.0f}"

    own = [percent(sum(f"{key} right" in w["seen"] for w in walks)) for key in keys]
    left = percent(sum(any(s.endswith(" left") for s in w["seen"]) for w in walks))
    return (name, letter, str(len(walks)), *own, left)


def _alike_grid(alike: dict[str, list[dict[str, Any]]]) -> Grid:
    rows = []
    for name, walks in alike.items():
        key = CONDITIONS[name]
        named = sum(key in w["named"] for w in walks)
        others = sorted({n for w in walks for n in w["named"]} - {key})
        rows.append(
            (
                name,
                str(len(walks)),
                f"{key.replace('_', ' ')}: {named}",
                ", ".join(others).replace("_", " ") or "–",
                str(sum(bool(w["seen"]) for w in walks)),
            )
        )
    heads = ("what looks alike", "people", "named as such", "named otherwise", "with a pattern")
    return Grid("Named, and no pattern", heads, rows)
