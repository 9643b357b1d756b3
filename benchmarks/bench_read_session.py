"""How fast a session is written and read: rows a second, beside pandas on the same files.

The session is made up and written to a temporary folder first.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, cpu_time_s
from recordings.csv_session.writer import Durability, SessionWriter
from recordings.metadata import SessionMetadata
from recordings.placement import Placement
from recordings.reading import read_session
from recordings.samples import ImuSamples

RATE_HZ = 100.0
MINUTES = 10.0
PLACEMENTS = tuple(Placement)
UNIT = "rows/s"


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk"
        rows = round(MINUTES * 60 * RATE_HZ)
        write_s = _write(path, PLACEMENTS, rows)
        rows *= len(PLACEMENTS)
        yield Figure("write, five sensors", rows / write_s, UNIT)
        ours = rows / _fastest_s(lambda: _read(path))
        yield Figure("read whole", ours, UNIT)
        yield Figure("read in pieces of 60 s", rows / _fastest_s(lambda: _read_chunks(path)), UNIT)
        theirs = rows / _fastest_s(lambda: _read_pandas(path, PLACEMENTS))
        yield Figure("pandas.read_csv", theirs, UNIT)
        yield Figure("read whole ÷ pandas", ours / theirs, "times")


def _write(path: Path, placements: tuple[Placement, ...], n: int) -> float:
    rng = np.random.default_rng(0)
    acc, gyr = rng.normal(0, 10, (n, 3)), rng.normal(0, 3, (n, 3))
    start = time.perf_counter()
    with SessionWriter(path, SessionMetadata(), durability=Durability.BUFFERED) as writer:
        for placement in placements:
            writer.append(ImuSamples(placement, np.arange(n) / RATE_HZ, acc, gyr))
    return time.perf_counter() - start


def _read(path: Path) -> None:
    session = read_session(path, required=())
    for placement in session.placements:
        session.samples(placement)


def _read_chunks(path: Path) -> None:
    for _ in read_session(path, required=()).chunks(60.0):
        pass


def _read_pandas(path: Path, placements: tuple[Placement, ...]) -> None:
    import pandas as pd

    for placement in placements:
        pd.read_csv(path / f"{placement.value}.csv").to_numpy()


def _fastest_s(work: Callable[[], None]) -> float:
    """The first call, which warms the cache of files, does not count."""
    work()
    return cpu_time_s(work)
