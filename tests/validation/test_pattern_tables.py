"""The chapter on patterns, from made-up measurements: counts, cells and targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from firmware_bridge.virtual_wearer.spec_file import catalogue
from validation.cases import Laboratory
from validation.tables import patterns

TOLD = {"seen": ["pelvic_drop right"], "slight": [], "judged": True, "named": ["leg_length"]}
QUIET = {"seen": [], "slight": [], "judged": True, "named": []}


class MadeUp(Laboratory):
    """Finds the drop in every third deviating person, and one walk of the catalogue missed."""

    def measure(self, function: Callable[[Any], Any], cases: Sequence[Any]) -> list[dict[str, Any]]:
        if function is patterns.judge_catalogued:
            missed = {"five": [], "three": ["pelvic_drop left is not first: nothing"]}
            found = {"five": [], "three": []}
            return [missed if c.name == "pelvic_drop_left" else found for c in cases]
        if function is patterns.judge:
            told = [TOLD if c.seed % 100_000 == 0 else QUIET for c in cases]
            return [{"patterns": {"five": one, "three": QUIET}} for one in told]
        return [
            {"five": TOLD if c.knobs and i % 3 == 0 else QUIET, "three": QUIET}
            for i, c in enumerate(cases)
        ]


def test_the_chapter_counts_what_was_measured() -> None:
    section = patterns.section(MadeUp(Path("nowhere")), 60)
    count = len(catalogue())
    verdicts = {target.text: (target.value, target.met) for target in section.targets}
    five = "every walk of the catalogue comes out as it should, five sensors"
    three = "every walk of the catalogue comes out as it should, three sensors"
    assert verdicts[five] == (f"{count} of {count}", True)
    assert verdicts[three] == (f"{count - 1} of {count}", False)
    assert verdicts["usual walkers with a possible or clear pattern ≤ 5 %, five sensors"][1]
    assert not verdicts["people with what only looks alike who get a pattern ≤ 5 %"][1]
    walks, five_sensors, three_sensors, alike = section.grids
    assert len(walks.rows) == count
    missed = next(row for row in walks.rows if row[0] == "pelvic drop left")
    assert missed[1] == "B1 left"
    assert missed[-1] == "pelvic_drop left is not first: nothing"
    drop = list(five_sensors.heads).index("B1")
    assert [row[drop] for row in five_sensors.rows] == ["·"] + ["33"] * len(patterns.CASES)
    assert {row[drop] for row in three_sensors.rows} == {"·"}
    assert all(len(row) == len(five_sensors.heads) for row in five_sensors.rows)
    assert [row[0] for row in alike.rows] == list(patterns.CONDITIONS)
    assert alike.rows[0][2] == "leg length: 1"
    assert "| " in section.markdown("validation")
