"""A folder of results: all files or none, and nothing that was there is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from made_results import build_results

from dashboards.writers.result_folder import FILE_NAMES, ResultFolder
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from recordings.errors import OutputError


def _write(folder: Path, *, overwrite: bool = False, session: str = "walk") -> None:
    with ResultFolder(folder, overwrite=overwrite) as files:
        for start_s in (0.0, 1.0):
            time_s = start_s + np.arange(100) / 100
            files.write_angles(AngleBlock(time_s, np.zeros((100, len(ANGLE_COLUMNS)))))
        files.publish(build_results(session=session))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _session(folder: Path) -> str:
    return json.loads((folder / "results.json").read_bytes())["session"]


def test_four_files_and_nothing_else_appear(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "results"
    _write(folder)
    assert _names(folder) == sorted(FILE_NAMES)
    assert len((folder / "angles.csv").read_text().splitlines()) == 201
    assert len((folder / "strides.csv").read_text().splitlines()) == 3
    assert len((folder / "gait_events.csv").read_text().splitlines()) == 4
    assert _session(folder) == "walk"


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "pelvis.csv").write_text("mine")
    _write(tmp_path)
    assert (tmp_path / "pelvis.csv").read_text() == "mine"
    assert _names(tmp_path) == sorted((*FILE_NAMES, "pelvis.csv"))


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_that_is_there_is_refused_before_the_analysis(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("before")
    with (
        pytest.raises(OutputError, match=r"already holds .*--force") as caught,
        ResultFolder(tmp_path),
    ):
        pytest.fail("the analysis must not begin")
    assert caught.value.reason == "would_overwrite"
    assert _names(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "before"


def test_a_file_that_came_during_the_analysis_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="already holds"), ResultFolder(tmp_path) as files:
        (tmp_path / "strides.csv").write_text("came meanwhile")
        files.publish(build_results())
    assert _names(tmp_path) == ["strides.csv"]
    assert (tmp_path / "strides.csv").read_text() == "came meanwhile"


def test_force_replaces_all_four(tmp_path: Path) -> None:
    _write(tmp_path, session="first")
    _write(tmp_path, session="second", overwrite=True)
    assert _session(tmp_path) == "second"
    assert _names(tmp_path) == sorted(FILE_NAMES)


def test_an_analysis_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    with pytest.raises(RuntimeError), ResultFolder(folder):
        raise RuntimeError("in the middle")
    assert _names(tmp_path) == []


def test_an_analysis_that_fails_leaves_earlier_results(tmp_path: Path) -> None:
    _write(tmp_path, session="first")
    with pytest.raises(RuntimeError), ResultFolder(tmp_path, overwrite=True):
        raise RuntimeError("in the middle")
    assert _session(tmp_path) == "first"
    assert _names(tmp_path) == sorted(FILE_NAMES)


@pytest.mark.parametrize("failing", FILE_NAMES)
def test_when_one_file_cannot_be_shown_all_earlier_ones_are_back(
    tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, session="first")
    before = {name: (tmp_path / name).read_bytes() for name in FILE_NAMES}
    rename = Path.replace

    def replace(source: Path, target: Path) -> Path:
        if target == tmp_path / failing and source.parent.name != "before":
            raise PermissionError(13, "Permission denied")
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OutputError, match="Permission denied"):
        _write(tmp_path, session="second", overwrite=True)
    assert {name: (tmp_path / name).read_bytes() for name in FILE_NAMES} == before
    assert _names(tmp_path) == sorted(FILE_NAMES)


def test_when_one_file_cannot_be_shown_the_new_ones_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def replace(source: Path, target: Path) -> Path:
        if target.name == "results.json":
            raise OSError(28, "No space left on device")
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OutputError, match="No space left"):
        _write(tmp_path)
    assert _names(tmp_path) == []


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(OutputError, match=r"cannot be written to .*results"):
        _write(tmp_path / "results")
    assert (tmp_path / "results").read_text() == "a file"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk without room")
def test_a_full_disk_during_the_analysis_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No space left"), ResultFolder(tmp_path) as files:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, files._angles_file.fileno())
        os.close(full)
        n = 20_000  # more than any buffer holds
        files.write_angles(AngleBlock(np.arange(n) / 100, np.zeros((n, len(ANGLE_COLUMNS)))))
    assert _names(tmp_path) == []
