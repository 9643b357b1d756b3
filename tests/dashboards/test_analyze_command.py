"""``hipgait analyze`` as a user types it; reader and pipeline are replaced."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import pytest
from made_results import FINDINGS, build_results

from dashboards.cli.analyze import add_arguments
from dashboards.cli.main import main
from dashboards.writers.result_folder import FILE_NAMES
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.results import Results
from recordings.errors import InputError
from recordings.metadata import SessionMetadata, Wearer
from recordings.session import Session


@dataclass
class Rooms:
    """What stands in for reader and pipeline, and what they were asked."""

    session: Session
    results: Results = field(default_factory=build_results)
    read_error: Exception | None = None
    analysis_error: BaseException | None = None
    asked: dict[str, Any] = field(default_factory=dict)

    def read_session(self, path: Path, mapping: Path | None = None) -> Session:
        self.asked |= {"path": path, "mapping": mapping}
        if self.read_error:
            raise self.read_error
        return self.session

    def analyze(
        self,
        session: Session,
        *,
        angle_sink: Callable[[AngleBlock], None] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Results:
        self.asked |= {"session": session, "angle_sink": angle_sink}
        if progress:
            progress(61.0)
        if angle_sink:
            values = np.full((3, len(ANGLE_COLUMNS)), 12.5)
            angle_sink(AngleBlock(np.array([0.0, 0.01, 0.02]), values))
        if self.analysis_error:
            raise self.analysis_error
        return self.results


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    wearer = Wearer(name="A", height_m=1.7, sex="male", age_years=50)
    rooms = Rooms(Session("walk", {}, SessionMetadata(wearer=wearer)))
    for name in ("recordings.reading", "pipeline.analysis"):
        stand_in = ModuleType(name)
        stand_in.__dict__.update(read_session=rooms.read_session, analyze=rooms.analyze)
        monkeypatch.setitem(sys.modules, name, stand_in)
    return rooms


@pytest.mark.usefixtures("rooms")
def test_the_summary_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "walk"]) == 0
    captured = capsys.readouterr()
    words = " ".join(captured.out.split())
    assert captured.out.startswith("2026-11-20_0930_walk\n")
    assert all(finding.sentence in words for finding in FINDINGS)
    assert captured.out.rstrip().endswith("not a medical device and does not diagnose.")
    assert captured.err == ""


@pytest.mark.usefixtures("rooms")
def test_json_prints_the_document_and_nothing_else(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    assert main(["analyze", "walk", "--json", "--out", str(tmp_path)]) == 0
    captured = capsysbinary.readouterr()
    assert json.loads(captured.out)["format"] == "hipgait-results"
    assert captured.out == (tmp_path / "results.json").read_bytes()
    assert captured.err == b""


@pytest.mark.usefixtures("rooms")
def test_out_writes_the_files_and_says_where(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    assert main(["analyze", "walk", "--out", str(folder)]) == 0
    assert sorted(p.name for p in folder.iterdir()) == sorted(FILE_NAMES)
    assert capsys.readouterr().out.endswith(f"\nThe files are in {folder}\n")
    rows = list(csv.DictReader((folder / "angles.csv").read_text().splitlines()))
    assert [row["time_s"] for row in rows] == ["0.0", "0.01", "0.02"]
    assert {row["knee_flexion_right_deg"] for row in rows} == {"12.5"}


def test_without_out_no_angles_are_computed_and_nothing_is_written(
    rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["analyze", "walk"]) == 0
    assert rooms.asked["angle_sink"] is None
    assert list(tmp_path.iterdir()) == []


def test_results_that_are_there_are_kept_unless_forced(
    rooms: Rooms, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "results.json").write_text("before")
    assert main(["analyze", "walk", "--out", str(tmp_path)]) == 1
    assert "already holds results.json" in capsys.readouterr().err
    assert (tmp_path / "results.json").read_text() == "before"
    assert "angle_sink" not in rooms.asked  # refused before the work, not after it
    assert main(["analyze", "walk", "--out", str(tmp_path), "--force"]) == 0
    assert json.loads((tmp_path / "results.json").read_bytes())["format_version"] == 2


def test_facts_that_are_typed_stand_before_those_of_the_session(rooms: Rooms) -> None:
    assert main(["analyze", "walk", "--height-m", "1.82", "--age", "61"]) == 0
    wearer = rooms.asked["session"].metadata.wearer
    assert wearer == Wearer(name="A", height_m=1.82, sex="male", age_years=61)
    assert main(["analyze", "walk", "--sex", "female"]) == 0
    assert rooms.asked["session"].metadata.wearer.sex == "female"


def test_without_typed_facts_the_session_is_analysed_as_it_is(rooms: Rooms) -> None:
    assert main(["analyze", "walk"]) == 0
    assert rooms.asked["session"] is rooms.session


def test_path_and_mapping_reach_the_reader(rooms: Rooms) -> None:
    assert main(["analyze", "a walk.csv", "--mapping", "columns.json"]) == 0
    assert rooms.asked["path"] == Path("a walk.csv")
    assert rooms.asked["mapping"] == Path("columns.json")


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize(
    "words",
    [
        ["analyze"],
        ["analyze", "a", "b"],
        ["analyze", "walk", "--height-m", "178"],
        ["analyze", "walk", "--height-m", "nan"],
        ["analyze", "walk", "--height-m", "tall"],
        ["analyze", "walk", "--age", "-1"],
        ["analyze", "walk", "--sex", "x"],
        ["analyze", "walk", "--frobnicate"],
    ],
)
def test_wrong_usage_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("usage: hipgait ")
    assert captured.out == ""


@pytest.mark.usefixtures("rooms")
def test_force_without_out_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "walk", "--force"]) == 2
    assert "--out" in capsys.readouterr().err


def test_the_limits_of_typed_facts_are_those_of_the_session_file() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    for option, fact in (("--height-m", "height_m"), ("--age", "age_years")):
        schema = msgspec.json.schema(Wearer)["$defs"]["Wearer"]["properties"][fact]
        limits = next(kind for kind in schema["anyOf"] if kind["type"] == "number")
        for end in ("minimum", "maximum"):
            parser.parse_args(["walk", option, str(limits[end])])
        for beyond in (limits["minimum"] - 0.01, limits["maximum"] + 0.01):
            with pytest.raises(SystemExit):
                parser.parse_args(["walk", f"{option}={beyond}"])


def test_input_that_cannot_be_used_is_one_line_and_1(
    rooms: Rooms, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rooms.read_error = InputError("walk\n/x holds no\x1b[31m pelvis.csv.", hint="Record it again.")
    assert main(["analyze", "walk", "--json", "--out", str(tmp_path / "new")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "hipgait: walk /x holds no [31m pelvis.csv. Record it again.\n"
    assert list(tmp_path.iterdir()) == []


def test_input_that_fails_during_the_analysis_leaves_no_files(
    rooms: Rooms, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rooms.analysis_error = InputError("pelvis.csv ends with zeros.")
    assert main(["analyze", "walk", "--out", str(tmp_path / "new")]) == 1
    assert capsys.readouterr().err == "hipgait: pelvis.csv ends with zeros.\n"
    assert list(tmp_path.iterdir()) == []


def test_interrupting_is_130_and_leaves_no_files(
    rooms: Rooms, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rooms.analysis_error = KeyboardInterrupt()
    assert main(["analyze", "walk", "--out", str(tmp_path / "new")]) == 130
    assert capsys.readouterr().err == "hipgait: stopped.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_is_one_line_that_names_a_file_with_the_details(
    rooms: Rooms,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HIPGAIT_DEBUG", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rooms.analysis_error = ZeroDivisionError("by a stride")
    assert main(["analyze", "walk"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "Traceback" not in captured.err
    (report,) = tmp_path.iterdir()
    assert str(report) in captured.err
    details = report.read_text(encoding="utf-8")
    assert "ZeroDivisionError: by a stride" in details
    assert "arguments: analyze walk" in details


def test_a_fault_is_said_even_where_no_file_can_be_written(
    rooms: Rooms, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HIPGAIT_DEBUG", raising=False)
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    rooms.analysis_error = ZeroDivisionError()
    assert main(["analyze", "walk"]) == 1
    assert re.fullmatch(
        r"hipgait: .*ZeroDivisionError.*HIPGAIT_DEBUG=1.*\n", capsys.readouterr().err
    )


def test_developers_see_the_traceback(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIPGAIT_DEBUG", "1")
    rooms.analysis_error = ZeroDivisionError("by a stride")
    with pytest.raises(ZeroDivisionError, match="by a stride"):
        main(["analyze", "walk"])


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_terminal_that_is_not_utf_8_gets_what_it_can_show(
    rooms: Rooms, encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rooms.results = build_results(session="Jiří")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert main(["analyze", "walk", "--out", str(tmp_path / "Jiří")]) == 0
    text = raw.getvalue().decode(encoding)
    assert text.splitlines()[0] in {"Ji??", "Ji?í"}
    assert "4.1 deg" in text or "4.1°" in text


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_json_is_utf_8_whatever_the_terminal_speaks(
    rooms: Rooms, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.results = build_results(session="Jiří")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert main(["analyze", "walk", "--json"]) == 0
    assert json.loads(raw.getvalue().decode("utf-8"))["session"] == "Jiří"


def test_the_same_from_python(rooms: Rooms) -> None:
    import hipgait

    session = hipgait.read_session("walk")
    assert hipgait.analyze(session) is rooms.results
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = hipgait.analyse
