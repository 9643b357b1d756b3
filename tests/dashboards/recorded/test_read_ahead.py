"""Sensors that are read side by side: the same samples, and the same errors."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboards.recorded.read_ahead import read_ahead
from recordings.errors import FormatError
from recordings.placement import Placement
from recordings.reading import read_session
from recordings.samples import ImuSamples
from recordings.session import Remark, Session
from tests.dashboards.opened_walks import SAMPLE


def readers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("hipgait-read")]


def test_chunks_are_those_of_the_session() -> None:
    plain, ahead = read_session(SAMPLE), read_ahead(read_session(SAMPLE))
    pieces = list(zip(plain.chunks(7.0), ahead.chunks(7.0), strict=True))
    assert len(pieces) > 10
    for wanted, found in pieces:
        assert wanted.keys() == found.keys()
        for placement, part in wanted.items():
            np.testing.assert_array_equal(found[placement].time_s, part.time_s)
            np.testing.assert_array_equal(found[placement].acc_m_s2, part.acc_m_s2)
            np.testing.assert_array_equal(found[placement].gyr_rad_s, part.gyr_rad_s)
    assert ahead.all_remarks() == plain.all_remarks()


def test_an_error_comes_after_the_samples_before_it(tmp_path: Path) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    rows = [f"{i / 100:.6f},0.1,0.2,9.8,0.01,0.02,0.03" for i in range(20_000)]
    rows[15_000] = "150.000000,0.1,oops,9.8,0.01,0.02,0.03"
    head = "time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s"
    (folder / "pelvis.csv").write_text("\n".join([head, *rows, ""]), encoding="ascii")
    session = read_ahead(read_session(folder, required=()))
    seen = 0
    with pytest.raises(FormatError, match=r"pelvis\.csv, line 15002, column acc_y"):
        for part in session.sources[Placement.PELVIS].read():
            seen += len(part)
    assert 0 < seen <= 15_000


class Endless:
    """A source that never ends, and counts what was asked of it."""

    placement = Placement.PELVIS
    read_remarks: tuple[Remark, ...] = ()

    def __init__(self) -> None:
        self.given = 0

    def read(self) -> Iterator[ImuSamples]:
        while True:
            self.given += 1
            yield ImuSamples(
                self.placement, np.array([float(self.given)]), np.zeros((1, 3)), np.zeros((1, 3))
            )


def test_it_reads_a_little_ahead_and_ends_with_who_takes() -> None:
    source = Endless()
    stretches = read_ahead(Session("endless", {Placement.PELVIS: source})).sources[
        Placement.PELVIS
    ].read()  # fmt: skip
    for _ in range(3):
        next(stretches)
    time.sleep(0.3)
    assert source.given <= 3 + 4 + 2
    stretches.close()  # type: ignore[attr-defined]
    for reader in readers():
        reader.join(2.0)
    assert not readers()
