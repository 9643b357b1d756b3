"""Specs are read strictly, the catalogue is whole, sessions carry their truth."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from dashboards.cli.main import main
from firmware_bridge import virtual_wearer
from firmware_bridge.virtual_wearer.spec_file import catalogue, parse_spec, read_spec
from recordings.errors import FormatError, InputError
from recordings.placement import Placement
from recordings.reading import read_session


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[person]\nheight = 1.7", "height"),
        ("[person]\nheight_m = 17", "person.height_m"),
        ('[[timeline]]\ndo = "fly"', "fly"),
        ('[[timeline]]\ndo = "walk"\nduration_s = -2', "timeline[0].duration_s"),
        ("[sensors]\nloss_share = 1.5", "sensors.loss_share"),
        ('[sensors]\nplacements = ["elbow"]', "elbow"),
        ('[[deviations]]\nkind = "limp"\nside = "left"\namount = 3.0', "limp"),
        ("timeline = []", "timeline is empty"),
        ("seed = ", "seed.toml"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said.replace("[", r"\[").replace("]", r"\]")):
        parse_spec(text, "seed.toml")


def test_a_spec_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        read_spec("nowhere.toml")


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_catalogue_specs_are_valid(name: str) -> None:
    spec = read_spec(catalogue()[name])
    assert spec.name == name
    assert spec.notes


def test_catalogue_has_both_sides_of_everything() -> None:
    names = set(catalogue())
    for name in names:
        if "left" in name:
            assert name.replace("left", "right") in names
    weeks = [read_spec(catalogue()[f"six_weeks_{w}"]) for w in range(1, 7)]
    amounts = [week.deviations[0].amount for week in weeks]
    assert amounts == sorted(amounts, reverse=True)
    assert len({week.person.height_m for week in weeks}) == 1


def test_simulate_writes_a_session_with_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "short.toml"
    spec.write_text(
        '[[timeline]]\ndo = "stand"\nduration_s = 4\n[[timeline]]\ndo = "walk"\nduration_s = 8\n'
    )
    out = tmp_path / "short.zip"
    words = [
        "simulate",
        str(spec),
        "-o",
        str(out),
        "--sensors",
        "3",
        "--deviation",
        "pelvic_drop:left:5",
    ]
    assert main(words) == 0
    assert "Simulated" in capsys.readouterr().out
    session = read_session(out)
    assert session.metadata.simulated
    assert set(session.placements) == {
        Placement.PELVIS,
        Placement.THIGH_LEFT,
        Placement.THIGH_RIGHT,
    }
    assert main(words) == 1  # never overwritten
    folder = tmp_path / "folder"
    words[3] = str(folder)
    assert main(words) == 0
    truth = json.loads((folder / "truth" / "truth.json").read_text())
    assert truth["deviations"][0]["kind"] == "pelvic_drop"
    assert truth["strides"]
    header = (folder / "truth" / "truth_angles.csv").read_text().split("\n", 1)[0]
    assert header.startswith("time_s,pelvis_tilt_deg")


@pytest.mark.parametrize(
    "words",
    [
        ["simulate"],
        ["simulate", "usual_walk"],
        ["simulate", "usual_walk", "-o", "x", "--deviation", "drop"],
    ],
)
def test_wrong_usage_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("hipgait: ")


def test_a_catalogue_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert main(["simulate", "--catalogue", str(tmp_path / "taken" / "specs")]) == 1
    error = capsys.readouterr().err
    assert "taken/specs cannot be made" in error.replace("\\", "/")
    assert error.count("\n") == 1


def test_shares_no_line_with_the_pipeline() -> None:
    folder = Path(virtual_wearer.__file__).parent
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not any(n.split(".")[0] in {"pipeline", "dashboards"} for n in names), file
