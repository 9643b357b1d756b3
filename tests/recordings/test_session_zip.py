"""A zip of a session reads like its folder; a hostile one is refused before it is read."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recordings.errors import FormatError
from recordings.reading import read_session


@pytest.mark.parametrize("nested", [False, True])
def test_a_zip_reads_like_its_folder(make_session, tmp_path: Path, nested: bool) -> None:
    path = make_session(n=3000)
    wanted = read_session(path)
    archive = shutil.make_archive(
        str(tmp_path / "zipped"),
        "zip",
        path.parent if nested else path,
        path.name if nested else None,
    )
    with zipfile.ZipFile(archive, "a") as extra:
        extra.writestr("__MACOSX/._pelvis.csv", b"\x00\x05")
        extra.writestr(f"{path.name}/.DS_Store" if nested else ".DS_Store", b"\x00")
    found = read_session(archive)
    assert found.placements == wanted.placements
    for _ in range(2):
        for placement in wanted.placements:
            np.testing.assert_array_equal(
                found.samples(placement).acc_m_s2, wanted.samples(placement).acc_m_s2
            )
    assert found.all_remarks() == ()


@pytest.mark.parametrize(
    "name", ["../pelvis.csv", "/etc/pelvis.csv", "a/../../pelvis.csv", "..\\p.csv", "C:/p.csv"]
)
def test_names_that_climb_out_are_refused(make_session, tmp_path: Path, name: str) -> None:
    archive = shutil.make_archive(str(tmp_path / "zipped"), "zip", make_session())
    with zipfile.ZipFile(archive, "a") as extra:
        extra.writestr(name, b"x")
    with pytest.raises(FormatError) as caught:
        read_session(archive)
    assert caught.value.reason == "zip_unsafe_name"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["walk", "zipped.zip"]


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pelvis.csv", b"0" * 50_000_000)
    with pytest.raises(FormatError) as caught:
        read_session(tmp_path / "bomb.zip")
    assert caught.value.reason == "zip_too_large"


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for i in range(10_001):
            archive.writestr(f"{i}.csv", b"")
    with pytest.raises(FormatError, match="10001 files"):
        read_session(tmp_path / "many.zip")


def test_an_encrypted_zip_is_said(make_session, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", make_session()))
    data = bytearray(archive.read_bytes())
    # Bit 0 of the flags in the first entry of the central directory: encrypted.
    data[data.find(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(FormatError, match="encrypted"):
        read_session(archive)


def test_what_is_called_zip_but_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "walk.zip").write_bytes(io.BytesIO(b"no zip at all").getvalue())
    with pytest.raises(FormatError, match="no zip"):
        read_session(tmp_path / "walk.zip")
