"""A file cut off at any byte opens with what it has, and never with a changed number."""

from __future__ import annotations

import shutil
import zipfile

import numpy as np
import pytest

from recordings.errors import FormatError
from recordings.placement import Placement
from recordings.reading import read_session

PELVIS = Placement.PELVIS


def test_cut_at_every_byte_of_the_last_two_lines(make_session, samples) -> None:
    path = make_session(n=30)
    file = path / "pelvis.csv"
    whole = file.read_bytes()
    wanted = samples(PELVIS, 30)
    start = whole.rstrip(b"\n").rfind(b"\n", 0, whole.rstrip(b"\n").rfind(b"\n"))
    for size in range(start, len(whole) + 1):
        file.write_bytes(whole[:size])
        session = read_session(path)
        found = session.samples(PELVIS)
        n_ended = whole[:size].count(b"\n") - 1
        # A line that only lacks its line end is whole: its last cell has all six decimals.
        lacks_only_its_end = whole[size : size + 1] == b"\n"
        assert len(found) == n_ended + lacks_only_its_end
        for name in ("time_s", "acc_m_s2", "gyr_rad_s"):
            np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name)[: len(found)])
        ends_in_a_line = whole[size - 1 : size] == b"\n"
        reasons = [remark.reason for remark in session.all_remarks()]
        expected = [] if ends_in_a_line or lacks_only_its_end else ["last_line_cut_off"]
        assert reasons == expected, size


def test_cut_in_the_header_is_an_error_that_says_so(make_session) -> None:
    path = make_session(n=30)
    file = path / "pelvis.csv"
    header = file.read_bytes().partition(b"\n")[0]
    for size in range(1, len(header) + 1):
        file.write_bytes(header[:size])
        with pytest.raises(FormatError, match=r"pelvis\.csv"):
            read_session(path)


def test_a_file_of_a_header_alone_has_no_samples_and_says_so(make_session) -> None:
    path = make_session(n=30)
    file = path / "pelvis.csv"
    file.write_bytes(file.read_bytes().partition(b"\n")[0] + b"\n")
    session = read_session(path)
    assert len(session.samples(PELVIS)) == 0
    assert [remark.reason for remark in session.all_remarks()] == ["no_samples"]


def test_numbers_of_varying_length_prove_nothing(make_session) -> None:
    path = make_session(n=30)
    file = path / "pelvis.csv"
    header = file.read_text().partition("\n")[0]
    rows = [f"{i / 10},1,2,9.81,0,0,{0.25 if i % 2 else 0.125}" for i in range(20)]
    file.write_text("\n".join([header, *rows]))
    session = read_session(path)
    assert len(session.samples(PELVIS)) == 19
    assert [remark.reason for remark in session.all_remarks()] == ["last_line_cut_off"]


def test_a_cut_off_zip_is_said(make_session, tmp_path) -> None:
    path = make_session(n=300)
    shutil.make_archive(str(tmp_path / "walk"), "zip", path)
    data = (tmp_path / "walk.zip").read_bytes()
    (tmp_path / "walk.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(FormatError, match="damaged"):
        read_session(tmp_path / "walk.zip")


def test_a_zip_with_a_flipped_byte_is_said(make_session, tmp_path) -> None:
    path = make_session(n=300)
    shutil.make_archive(str(tmp_path / "walk"), "zip", path)
    with zipfile.ZipFile(tmp_path / "walk.zip") as archive:
        info = archive.getinfo("pelvis.csv")
    data = bytearray((tmp_path / "walk.zip").read_bytes())
    data[info.header_offset + info.compress_size // 2] ^= 0xFF
    (tmp_path / "walk.zip").write_bytes(data)
    with pytest.raises(FormatError):
        read_session(tmp_path / "walk.zip").samples(PELVIS)
