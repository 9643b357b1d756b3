"""``hipgait report``: files that appear whole, and one clear line if they cannot."""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from dashboards.cli.main import main
from dashboards.report import pdf
from firmware_bridge.virtual_wearer.spec import Deviation, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from recordings.csv_session.writer import write_session
from recordings.placement import Side
from recordings.profile import Profile, answered, write_profile
from recordings.red_flags import RED_FLAGS


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short walk with a pelvis that drops."""
    folder = tmp_path_factory.mktemp("sessions") / "walk"
    spec = Spec(
        name="walk",
        seed=3,
        timeline=(Stand(duration_s=8.0, calibration=True), Walk(duration_s=50.0)),
        deviations=(Deviation(kind="pelvic_drop", side=Side.RIGHT, amount=9.0),),
    )
    write_session(wear(spec).session, folder)
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def test_a_report_is_written_beside_and_never_over(session: Path, tmp_path: Path, capsys) -> None:
    assert main(["report", str(session)]) == 0
    file = tmp_path / "walk_report.html"
    text = file.read_text(encoding="utf-8")
    assert "your pelvis dropped on the left side" in text
    assert "SIMULATED" in text
    assert str(file.name) in capsys.readouterr().out
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("mine", encoding="utf-8")
    assert main(["report", str(session)]) == 1
    assert file.read_text(encoding="utf-8") == "mine"
    assert "--force" in capsys.readouterr().err
    assert main(["report", str(session), "--force"]) == 0
    assert file.read_text(encoding="utf-8") == text


def test_text_and_numbers(session: Path, tmp_path: Path) -> None:
    assert main(["report", str(session), "-o", "notes.md"]) == 0
    assert (tmp_path / "notes.md").read_text(encoding="utf-8").startswith("# Walk report")
    assert main(["report", str(session), "--format", "csv", "-o", "n.csv"]) == 0
    with (tmp_path / "n.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (drop,) = [r for r in rows if r["measure"] == "pelvic_drop_peak_deg" and r["side"] == "right"]
    assert float(drop["mean"]) > float(drop["usual_high"])
    assert float(drop["error"]) > 0
    assert {r["part"] for r in rows} == {"walk", "day"}
    (walked,) = [r for r in rows if r["measure"] == "walking_min"]
    assert float(walked["mean"]) > 0
    assert walked["unit"] == "min"


def test_answers_of_the_wearer_are_used_for_real_walks(
    session: Path, home: Path, tmp_path: Path
) -> None:
    simulated, session = session, tmp_path / "real"
    shutil.copytree(simulated, session)
    metadata = json.loads((session / "session.json").read_text(encoding="utf-8"))
    del metadata["simulated"]
    (session / "session.json").write_text(json.dumps(metadata), encoding="utf-8")
    calm = {flag.key: False for flag in RED_FLAGS}
    write_profile(answered(Profile(pain_now=0), calm), home / "profile.json")
    assert main(["report", str(session), "-o", "a.html"]) == 0
    assert "What the articles say" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert main(["report", str(session), "-o", "b.html", "--no-profile"]) == 0
    assert "What the articles say" not in (tmp_path / "b.html").read_text(encoding="utf-8")
    assert main(["report", str(simulated), "-o", "s.html"]) == 0
    assert "What the articles say" not in (tmp_path / "s.html").read_text(encoding="utf-8")
    flagged = tmp_path / "other.json"
    write_profile(answered(Profile(), calm | {"calf": True}), flagged)
    assert main(["report", str(session), "-o", "c.html", "--profile", str(flagged)]) == 0
    hidden = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "Please read this first" in hidden
    assert "dropped on the left" not in hidden


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["report", "nowhere"], 1, "nowhere"),
        (["report", "{session}", "--pdf", "--format", "md"], 2, "Only the page can be printed"),
        (["report", "{session}", "--profile", "none.json"], 1, "hipgait profile"),
        (["report", "{session}", "-o", "{session}/session.json/x.html"], 1, "cannot be written"),
    ],
)
def test_bad_input_is_one_clear_line(session: Path, words, status, said, capsys) -> None:
    assert main([word.format(session=session) for word in words]) == status
    error = capsys.readouterr().err
    assert said in error
    assert error.strip().count("\n") == 0
    assert "Traceback" not in error


def test_without_a_browser_it_says_how_to_print(
    session: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    assert main(["report", str(session), "--pdf"]) == 1
    assert "Save as PDF" in capsys.readouterr().err
    assert (tmp_path / "walk_report.html").exists()
    assert not (tmp_path / "walk_report.pdf").exists()


@pytest.mark.slow
@pytest.mark.skipif(pdf.find_browser() is None, reason="no browser that prints is installed")
def test_a_browser_prints_two_or_three_pages(session: Path, tmp_path: Path) -> None:
    assert main(["report", str(session), "--pdf"]) == 0
    content = (tmp_path / "walk_report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert 2 <= content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") <= 3
