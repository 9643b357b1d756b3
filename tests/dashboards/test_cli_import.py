"""``hipgait import`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dashboards.cli.main import main
from recordings.reading import read_session

_HEADINGS = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")


@pytest.fixture
def wide_csv(tmp_path: Path):
    """A table of three sensors that swing ±30°, in m/s² and deg/s, units not named."""

    def write(names: tuple[str, ...]) -> Path:
        t = np.arange(600) / 100
        angle = np.radians(30) * np.sin(2 * np.pi * 0.4 * t)
        rate = 30 * 2 * np.pi * 0.4 * np.cos(2 * np.pi * 0.4 * t)
        zero = 0 * t
        one = [9.81 * -np.sin(angle), zero, 9.81 * np.cos(angle), zero, rate, zero]
        header = ["time", *(f"{name}_{h}" for name in names for h in _HEADINGS)]
        table = np.column_stack([t, *one * len(names)])
        path = tmp_path / "walk.csv"
        np.savetxt(path, table, "%.6f", ",", header=",".join(header), comments="")
        return path

    return write


def test_import_says_what_it_understood(wide_csv, tmp_path, capsys) -> None:
    source = wide_csv(("lower_back", "thigh_l", "thigh_r"))
    assert main(["import", str(source), str(tmp_path / "session")]) == 0
    shown = capsys.readouterr().out
    assert "Format: CSV table" in shown
    assert "left thigh" in shown
    assert "600   100 Hz" in shown
    assert "thigh_l_gyr_x, thigh_l_gyr_y, thigh_l_gyr_z  [deg/s]" in shown
    assert "no unit is given" in shown
    session = read_session(tmp_path / "session")
    assert session.metadata.written_by.startswith("hipgait ")
    peak = np.abs(session.samples(session.placements[0]).gyr_rad_s).max()
    assert peak == pytest.approx(np.radians(30 * 2 * np.pi * 0.4), abs=1e-3)


def test_import_never_overwrites(wide_csv, tmp_path, capsys) -> None:
    source = wide_csv(("pelvis", "thigh_l", "thigh_r"))
    (tmp_path / "session").mkdir()
    (tmp_path / "session" / "diary.txt").write_text("mine")
    assert main(["import", str(source), str(tmp_path / "session")]) == 1
    assert "exists already" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "session").iterdir()] == ["diary.txt"]


def test_a_shown_mapping_can_be_corrected_and_given(wide_csv, tmp_path, capsys) -> None:
    source = wide_csv(("alpha", "beta", "gamma"))
    assert main(["import", str(source), str(tmp_path / "session")]) == 1
    assert "nothing says which sensor was worn where" in capsys.readouterr().err
    assert main(["import", str(source), "--show-mapping"]) == 0
    out, err = capsys.readouterr()
    assert "correct them" in err
    mapping = json.loads(out)
    sensors = mapping["sensors"]
    assert sensors["pelvis"]["acc"] == ["alpha_acc_x", "alpha_acc_y", "alpha_acc_z"]
    sensors["pelvis"], sensors["thigh_left"] = sensors["thigh_left"], sensors["pelvis"]
    (tmp_path / "mapping.json").write_text(json.dumps(mapping))
    arguments = ["import", str(source), str(tmp_path / "session")]
    assert main([*arguments, "--mapping", str(tmp_path / "mapping.json")]) == 0
    assert "beta_acc_x" in capsys.readouterr().out


def test_a_missing_destination_is_wrong_usage(wide_csv, capsys) -> None:
    assert main(["import", str(wide_csv(("pelvis",)))]) == 2
    assert "DEST is missing" in capsys.readouterr().err


def test_what_cannot_be_read_is_one_line(tmp_path, capsys) -> None:
    assert main(["import", str(tmp_path / "nothing"), str(tmp_path / "out")]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "There is nothing at" in err
    assert not (tmp_path / "out").exists()
