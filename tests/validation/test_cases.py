"""Measuring cases: in order, once, resumable, never from stale code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from validation import cases as cases_module
from validation import document
from validation.cases import Laboratory, UnfinishedError, fingerprint
from validation.page import Grid, Section, Target, at_most, number
from validation.svg import Series, line_chart
from validation.tables import joint_angles
from validation.tables.plan import JUDGED, everybody

CALLS: list[int] = []


@dataclass(frozen=True)
class Case:
    seed: int


def square(case: Case) -> dict[str, float]:
    CALLS.append(case.seed)
    return {"value": float(case.seed**2), "unknown": float("nan")}


def test_what_was_measured_is_not_measured_again(tmp_path):
    CALLS.clear()
    laboratory = Laboratory(tmp_path)
    first = laboratory.measure(square, [Case(3), Case(1)])
    again = laboratory.measure(square, [Case(1), Case(2), Case(3)])
    assert [m["value"] for m in first] == [9.0, 1.0]
    assert [m["value"] for m in again] == [1.0, 4.0, 9.0]
    assert CALLS == [3, 1, 2]
    assert np.isnan(again[0]["unknown"])


def test_a_run_that_was_cut_off_goes_on(tmp_path):
    laboratory = Laboratory(tmp_path)
    laboratory.measure(square, [Case(4)])
    (store,) = tmp_path.iterdir()
    store.write_bytes(store.read_bytes() + b'["{\\"seed\\":5}",{"val')
    CALLS.clear()
    assert [m["value"] for m in laboratory.measure(square, [Case(4), Case(5)])] == [16.0, 25.0]
    laboratory.measure(square, [Case(4), Case(5)])
    assert CALLS == [5]


def test_several_processes_measure_the_same(tmp_path):
    cases = [joint_angles.Case(2000, 1.2, artefact) for artefact in (False, True)]
    one = Laboratory(tmp_path / "one").measure(joint_angles.measure, cases)
    two = Laboratory(tmp_path / "two", processes=2).measure(joint_angles.measure, cases)
    assert one == two


def test_fingerprint_sees_what_a_measurement_rests_on(tmp_path, monkeypatch):
    package = tmp_path / "pipeline"
    package.mkdir()
    (package / "low.py").write_text("VALUE = 1\n")
    (package / "aside.py").write_text("VALUE = 1\n")
    (package / "high.py").write_text("def f():\n    from pipeline.low import VALUE\n")
    monkeypatch.setattr(cases_module, "ROOT", tmp_path)

    def taken() -> str:
        fingerprint.cache_clear()
        return fingerprint(package / "high.py")

    before = taken()
    (package / "aside.py").write_text("VALUE = 2\n")
    assert taken() == before
    (package / "low.py").write_text("VALUE = 2\n")
    assert taken() != before
    fingerprint.cache_clear()


def test_a_run_out_of_time_keeps_what_it_has(tmp_path):
    Laboratory(tmp_path).measure(square, [Case(1)])
    late = Laboratory(tmp_path, until_s=0.0)
    assert late.measure_groups(square, {"known": [Case(1)]})["known"][0]["value"] == 1.0
    with pytest.raises(UnfinishedError):
        late.measure(square, [Case(1), Case(2)])
    several = Laboratory(tmp_path, processes=2, until_s=0.0)
    with pytest.raises(UnfinishedError):
        several.measure(square, [Case(2)])


def fails_at_two(case: Case) -> dict[str, float]:
    if case.seed == 2:
        raise ValueError("two")
    return {"value": float(case.seed)}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_case_that_fails_is_told_and_leaves_the_others(tmp_path, processes):
    lines: list[str] = []
    laboratory = Laboratory(tmp_path, processes, lines.append)
    with pytest.raises(UnfinishedError):
        laboratory.measure(fails_at_two, [Case(1), Case(2), Case(3)])
    assert [line for line in lines if "FAILED" in line and "two" in line]
    found = laboratory.measure(fails_at_two, [Case(1), Case(3)])
    assert [m["value"] for m in found] == [1.0, 3.0]


def test_groups_are_measured_together_and_told_apart(tmp_path):
    found = Laboratory(tmp_path).measure_groups(square, {"a": [Case(3)], "b": [], "c": [Case(4)]})
    assert {key: [m["value"] for m in group] for key, group in found.items()} == {
        "a": [9.0],
        "b": [],
        "c": [16.0],
    }


def test_a_page_is_made_of_what_there_was_time_for(tmp_path, monkeypatch):
    def short(laboratory, people):
        return Section("Short", f"{people} people.")

    def long(laboratory, people):
        if people > document.QUICK_PEOPLE:
            raise UnfinishedError
        return Section("Long", f"{people} people.")

    def never(laboratory, people):
        raise UnfinishedError

    monkeypatch.setattr(document, "SECTIONS", {"never": never, "long": long, "short": short})
    monkeypatch.setattr(document, "WANTED", ("short",))
    measured = document.measure(Laboratory(tmp_path), 1000)
    assert {name: one.people for name, one in measured.items()} == {"long": 40, "short": 1000}
    page = document.page(measured, 1000)
    assert "Of a smaller run (its size in brackets): Long (40)." in page
    assert "**Not measured at all**: never." in page
    assert page.index("## Long") < page.index("## Short")


def test_plan_holds_nobody_twice():
    people = everybody(1000)
    assert len(set(people)) == len(people)
    alone = [p for p in people if not p.kind or p.condition == "as usual"]
    assert len({p.seed for p in alone}) == len(alone)
    usual = [p for p in people if p.kind == "" and p.condition == "as usual"]
    assert len(usual) == 300
    assert sum(p.kind != "" for p in alone) + len(usual) >= 1000
    assert set(everybody(40)) <= set(people)
    assert all(judged.distance > 0 for judged in JUDGED)


def test_a_person_at_the_threshold_is_of_size_one():
    for judged in JUDGED:
        threshold = judged.threshold.at_free_speed
        assert judged.true_size(threshold, threshold) == pytest.approx(1.0)
    knee = next(j for j in JUDGED if j.kind == "knee_hyperextension")
    assert knee.true_size(-16.0, -5.0) == pytest.approx(2.0)


def test_targets_are_met_or_missed_by_their_value():
    assert at_most("error", 1.9, 2.0, "°").met
    assert not at_most("error", 2.1, 2.0, "°").met
    assert not at_most("error", float("nan"), 2.0, "°").met
    section = Section("Title", "Meaning.", targets=[Target("this", "that", met=False)])
    assert "| this | that | **missed** |" in section.markdown("figures")


@pytest.mark.parametrize(
    ("value", "text"), [(-0.04, "0.0"), (-1.25, "−1.2"), (float("nan"), "–"), (None, "–")]
)
def test_numbers_read_as_numbers(value, text):
    assert number(value) == text


def test_tables_and_charts_are_the_same_for_the_same_numbers():
    grid = Grid("Caption", ("a", "b"), [("1", "2")])
    assert grid.markdown().splitlines()[-1] == "| 1 | 2 |"
    series = [Series("x < y", [1.0, 2.0], [3.0, float("nan")], [2.0, 1.0], [4.0, 2.0])]
    chart = line_chart(series, "across", "up", limit=5.0)
    assert chart == line_chart(series, "across", "up", limit=5.0)
    assert "x &lt; y" in chart
    assert "nan" not in chart


def test_every_recording_names_its_licence():
    from validation import shared_data

    found = [v for v in vars(shared_data).values() if isinstance(v, shared_data.Recording)]
    assert len(found) == 5
    assert all(r.licence and r.source and isinstance(r.path, Path) for r in found)
