"""A day as people and programs get it: terminal, day.json, day.csv, the command."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jsonschema
import pytest
from made_day import build_day

from dashboards import day_wording
from dashboards.day_summary import day_summary
from dashboards.day_wording import clock, exercise_words, figure_words, hours, usual_words
from dashboards.terminal import Terminal
from dashboards.writers.day_csv import COLUMNS, day_csv
from dashboards.writers.day_json import day_json, day_schema
from firmware_bridge.virtual_wearer.spec import Sensors, Sit, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.day import remarks
from pipeline.day.results import Posture, Unknown
from pipeline.wording import forbidden_words
from recordings.csv_session.writer import write_session
from recordings.placement import REQUIRED_PLACEMENTS

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=1)))
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "day.md"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hipgait", "day", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "90"}
    )


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    timeline = (Stand(duration_s=5), Walk(duration_s=20), Sit(duration_s=30), Stand(duration_s=8))
    sensors = Sensors(placements=REQUIRED_PLACEMENTS, rate_hz=50)
    folder = tmp_path_factory.mktemp("day") / "monday"
    write_session(wear(Spec(seed=2, timeline=timeline, sensors=sensors)).session, folder)
    return folder


def test_day_json_fulfils_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(day_schema())
    for start_time in (None, MONDAY):
        document = json.loads(day_json(build_day(), start_time))
        jsonschema.validate(document, day_schema())
        assert set(document) == set(day_schema()["required"])
    assert document["start_time"] == "2026-11-23T08:30:00+01:00"
    assert document["figures"][-1]["value"] is None
    assert document["figures"][0]["usual"] == {"low": None, "high": 8.0}


def test_the_schema_names_all_postures_and_reasons() -> None:
    span = day_schema()["$defs"]["span"]["properties"]
    assert set(span["posture"]["enum"]) == set(Posture)
    assert set(span["reason"]["enum"]) == {*Unknown, None}


def test_the_schema_refuses_what_is_no_day() -> None:
    document = json.loads(day_json(build_day(), None))
    document["spans"][0]["posture"] = "dancing"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, day_schema())


def test_day_csv_has_a_row_for_each_span() -> None:
    rows = list(csv.DictReader(io.StringIO(day_csv(build_day().spans, MONDAY).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert [row["posture"] for row in rows] == ["sitting", "walking", "unknown", "lying"]
    assert rows[1]["steps"] == "1050" and rows[0]["steps"] == ""
    assert rows[2]["reason"] == "pelvis_silent"
    assert rows[1]["start_time"] == "2026-11-23T10:00:00+01:00"


def test_the_documentation_names_every_column_field_posture_and_reason() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    words = (*COLUMNS, *day_schema()["required"], *Posture, *Unknown, *day_wording.FIGURES)
    assert [word for word in words if f"`{word}`" not in text] == []


def test_words_for_numbers() -> None:
    figures = {figure.name: figure for figure in build_day().figures}
    assert figure_words(figures["sitting_h"]) == "1 h 30 min ± 8 min"
    assert figure_words(figures["longest_sitting_min"]) == "1 h 30 min ± 1 min"
    assert figure_words(figures["sittings_over_60_min"]) == "1"
    assert figure_words(figures["breaks_per_sitting_h"]) == "0.7"
    assert figure_words(figures["steps"]) == "–"
    assert figure_words(replace(figures["sitting_h"], value=0.0, error=0.0)) == "none"
    assert figure_words(replace(figures["sittings_over_60_min"], value=0.0)) == "0"
    assert usual_words(figures["breaks_per_sitting_h"]) == "1 or more"
    assert usual_words(figures["longest_sitting_min"]) == "up to 60 min"
    assert hours(3599) == "1 h 00 min"
    assert clock(5400, MONDAY) == "10:00" and clock(5400, None) == "1:30:00"
    assert exercise_words(build_day().exercises[0]) == (
        "Straight-leg raise, left: 2 repetitions, 52 to 58 ± 5°"
    )


def test_the_terminal_shows_a_day() -> None:
    text = day_summary(build_day(), MONDAY, Terminal(width=80))
    assert max(map(len, text.splitlines())) <= 80
    for words in ("SIMULATED", "08:30 to 10:30", "from 08:30 to 10:00", "Bridge", "pelvis sensor"):
        assert words in text
    band = text.partition("HOUR BY HOUR")[2].partition("One sign")[0]
    signs = "".join(line[14:] for line in band.splitlines())
    assert signs.count("s") == pytest.approx(9 * signs.count("W"), abs=3)
    assert "°" not in day_summary(build_day(), None, Terminal(encoding="ascii"))


def test_no_sentence_says_what_it_must_not() -> None:
    sentences = [
        *remarks.REASONS.values(),
        remarks.STAIRS,
        day_wording.WHAT_A_DAY_SAYS,
        *day_wording.REASONS.values(),
        *day_wording.FIGURES.values(),
        day_summary(build_day(), None, Terminal()).replace("does not diagnose", ""),
    ]
    assert [words for s in sentences if (words := forbidden_words(s))] == []


def test_the_command_tells_a_day(session: Path, tmp_path: Path) -> None:
    done = run(str(session), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "Longest sitting" in done.stdout and "not a medical device" in done.stdout
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["day.csv", "day.json"]
    if os.name == "posix":
        modes = {p.stat().st_mode & 0o777 for p in (tmp_path / "out").iterdir()}
        assert modes == {0o600}
    again = run(str(session), "--out", str(tmp_path / "out"))
    assert again.returncode == 1 and "already holds" in again.stderr
    assert run(str(session), "--out", str(tmp_path / "out"), "--force").returncode == 0


def test_the_command_prints_json_and_nothing_else(session: Path) -> None:
    done = run(str(session), "--json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, day_schema())
    assert {span["posture"] for span in document["spans"]} == {"standing", "walking", "sitting"}


def test_a_thigh_that_never_sent_is_named_and_the_rest_told(session: Path, tmp_path: Path) -> None:
    for name in ("pelvis.csv", "thigh_left.csv", "session.json"):
        (tmp_path / name).write_bytes((session / name).read_bytes())
    done = run(str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "no recording of the right thigh" in " ".join(done.stdout.split())
    assert "Sitting" in done.stdout


def test_wrong_input_is_one_line(tmp_path: Path) -> None:
    done = run(str(tmp_path / "nothing"))
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert run("x", "--force").returncode == 2
