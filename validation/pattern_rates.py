"""Write docs/pattern-rates.md anew: ``python -m validation.pattern_rates [PEOPLE]``.

Draws virtual people, lets them walk for three minutes with the sensors on, analyses the walks
and counts which patterns come out: for people without a deviation, and for people with one
knob turned on the right leg. Takes about a second a person.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.virtual_wearer.population import draw_spec, without_shanks
from firmware_bridge.virtual_wearer.spec import Deviation, Sensors
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.patterns.assessment import assess
from pipeline.patterns.board import PatternBoard
from pipeline.patterns.terms import Level
from recordings.errors import HipgaitError
from recordings.placement import Side

PAGE = Path(__file__).parents[1] / "docs" / "pattern-rates.md"
USUAL_PEOPLE = 200
DEVIATING_SHARE = 8
"""One in so many of the usual people for each deviation."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the right leg does differently, and the pattern that should come out."""

    name: str
    letter: str
    knobs: tuple[tuple[str, float], ...]


CASES = (
    Case(
        "less hip extension 13°, forward tilt 5°",
        "A",
        (("limited_hip_extension", 13.0), ("anterior_tilt", 5.0)),
    ),
    Case(
        "less hip extension 8°, forward tilt 3°",
        "A",
        (("limited_hip_extension", 8.0), ("anterior_tilt", 3.0)),
    ),
    Case("pelvic drop 7°", "B1", (("pelvic_drop", 7.0),)),
    Case("pelvic drop 4°", "B1", (("pelvic_drop", 4.0),)),
    Case("shift of 4 cm, level pelvis", "B2", (("lateral_sway", 0.04), ("pelvic_drop", -4.0))),
    Case(
        "inward lean 9°, turn 10°", "C", (("hip_adduction", 9.0), ("hip_internal_rotation", 10.0))
    ),
    Case("inward lean 5°, turn 5°", "C", (("hip_adduction", 5.0), ("hip_internal_rotation", 5.0))),
    Case("knee past straight by 16°", "D", (("knee_hyperextension", 16.0),)),
    Case("leg lift 11° less", "D", (("reduced_hip_flexion", 11.0),)),
    Case("knee bend in swing 18° less", "E", (("stiff_knee", 18.0),)),
    Case("hip range 12° less", "F", (("stiff_hip", 12.0),)),
)
_HEAD = """\
# How often patterns come out

Written by `python -m validation.pattern_rates`: people drawn by the virtual wearer (speeds of
0.6 to 1.6 m/s, ages 20 to 79, small asymmetries of their own), one walk of three minutes each,
no earlier walk and no movement test. A simulation is a check of the rules, not a clinical
validation: it knows only the deviations that it was given.

Counted is what is said of a person: the clearest pattern of either leg.

"""


def main(people: int) -> None:
    """Let everybody walk; write the page."""
    usual = list(_boards(people, ()))
    several = max(1, people // DEVIATING_SHARE)
    rows = [_row(case, list(_boards(several, case.knobs)), several) for case in CASES]
    three = list(_boards(several, next(c for c in CASES if c.letter == "D").knobs, shanks=False))
    PAGE.write_text(_HEAD + _usual(usual) + _table(rows) + _three(three), encoding="utf-8")
    print(f"Wrote {PAGE}.")


def _boards(
    people: int, knobs: tuple[tuple[str, float], ...], *, shanks: bool = True
) -> Iterator[PatternBoard]:
    deviations = tuple(Deviation(kind=k, side=Side.RIGHT, amount=a) for k, a in knobs)
    sensors = Sensors() if shanks else without_shanks(Sensors())
    for seed in range(people):
        spec = draw_spec(seed, deviations=deviations, sensors=sensors)
        try:
            yield assess(analyze(wear(spec).session))
        except HipgaitError as error:
            print(f"{spec.name}: {error}")


def _usual(boards: list[PatternBoard]) -> str:
    best = Counter(max(p.level for p in b.patterns) for b in boards)
    n = len(boards)
    possible = sum(best[level] for level in (Level.POSSIBLE, Level.CLEAR))
    named = Counter(key for b in boards for key in {c.key for c in b.confounders})
    which = Counter(p.letter for b in boards for p in b.seen)
    told = ", ".join(f"{key} {count}" for key, count in named.most_common())
    return (
        f"## People without a deviation ({n})\n\n"
        f"* possible or clear: {possible} ({possible / n:.1%}), wanted at most 5 %"
        f"{': ' if which else ''}{', '.join(f'{k} {v}' for k, v in which.items())}\n"
        f"* clear: {best[Level.CLEAR]} ({best[Level.CLEAR] / n:.1%}), wanted at most 1 %\n"
        f"* slight signs at most: {best[Level.SLIGHT]} ({best[Level.SLIGHT] / n:.1%})\n"
        f"* nothing could be judged: {best[Level.NOT_JUDGED]}\n"
        f"* confounders named: {told or 'none'}\n\n"
    )


def _row(case: Case, boards: list[PatternBoard], people: int) -> str:
    own = [
        max(
            (p.level for p in b.patterns if p.letter == case.letter and p.side is Side.RIGHT),
            default=Level.NOT_JUDGED,
        )
        for b in boards
    ]
    first = sum(
        bool(b.seen) and (b.seen[0].letter, b.seen[0].side) == (case.letter, Side.RIGHT)
        for b in boards
    )
    others = Counter(
        f"{p.letter} {p.side}"
        for b in boards
        for p in b.seen
        if (p.letter, p.side) != (case.letter, Side.RIGHT)
    )
    counts = Counter(own)
    held = sum(any(c.effect == "holds" for c in b.confounders) for b in boards)
    return (
        f"| {case.name} | {case.letter} | {people} | {counts[Level.CLEAR]} | "
        f"{counts[Level.POSSIBLE]} | {counts[Level.SLIGHT]} | {counts[Level.NONE]} | "
        f"{counts[Level.NOT_JUDGED]} | {first} | {held} | "
        f"{', '.join(f'{k} {v}' for k, v in others.items()) or '–'} |"
    )


def _table(rows: list[str]) -> str:
    return (
        "## People with a deviation of the right leg\n\n"
        "| deviation | pattern | people | clear | possible | slight | none | not judged | first "
        "and right | held back | others seen |\n"
        f"|{'---|' * 11}\n" + "\n".join(rows) + "\n\n"
        "“First and right” counts people whose first pattern is that one, on that leg. “Held "
        "back” counts people for whom a confounder was named (mostly slow walking). A deviation "
        "adds to what a person does anyway: 4° of drop on somebody who drops little is usual.\n\n"
    )


def _three(boards: list[PatternBoard]) -> str:
    hints = sum(
        any(
            p.letter == "D" and p.side is Side.RIGHT and p.level >= Level.SLIGHT for p in b.patterns
        )
        for b in boards
    )
    seen = sum(bool(b.seen) for b in boards)
    return (
        f"Without shank sensors, a knee past straight by 16° gives slight signs of a thigh that "
        f"snaps back in {hints} of {len(boards)} people, and a pattern in {seen}.\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_PEOPLE)
