"""Remembered sensors: what was saved is loaded, and what is wrong is said."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from firmware_bridge.assignments import assigned, default_path, load_assignments, save_assignments
from recordings.errors import FormatError, InputError, OutputError
from recordings.placement import Placement
from tests.firmware_bridge.test_bridge import raw_sensor


def test_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "settings" / "sensors.json"
    worn = [raw_sensor(1, Placement.THIGH_LEFT), raw_sensor(2, Placement.PELVIS)]
    save_assignments(assigned([*worn, raw_sensor(3, None)]), path)
    sensors = load_assignments(path).as_sensors()
    assert [(s.placement, s.advertisement.address) for s in sensors] == [
        (Placement.PELVIS, worn[1].advertisement.address),
        (Placement.THIGH_LEFT, worn[0].advertisement.address),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    save_assignments(assigned(worn[:1]), path)
    assert list(load_assignments(path).sensors) == [Placement.THIGH_LEFT]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("not json", "is not a sensor file"),
        ('{"sensors": {"elbow": {"address": "a", "family": "gait"}}}', "elbow"),
        ('{"format_version": 9, "sensors": {}}', "newer hipgait"),
        (
            '{"sensors": {"pelvis": {"address": "a", "family": "gait"},'
            ' "thigh_left": {"address": "a", "family": "gait"}}}',
            "more than one placement",
        ),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "sensors.json"
    path.write_text(content)
    with pytest.raises(FormatError, match=word):
        load_assignments(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="hipgait scan --assign"):
        load_assignments(tmp_path / "none.json")


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        save_assignments(assigned([]), tmp_path / "file" / "sensors.json")


def test_the_settings_folder_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_CONFIG_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert tmp_path in default_path().parents
