"""Reading needs the same memory however long the recording is."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

from recordings.csv_session.writer import Durability, SessionWriter
from recordings.metadata import SessionMetadata
from recordings.placement import Placement
from recordings.reading import read_session


def _peak_bytes(path: Path) -> int:
    session = read_session(path, required=())
    tracemalloc.start()
    for _ in session.chunks(10.0):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_recording(tmp_path: Path, samples) -> None:
    peaks = {}
    for n in (20_000, 80_000):
        path = tmp_path / str(n)
        with SessionWriter(path, SessionMetadata(), durability=Durability.BUFFERED) as writer:
            writer.append(samples(Placement.PELVIS, n))
        peaks[n] = _peak_bytes(path)
        if n == 80_000:
            archive = shutil.make_archive(str(tmp_path / "z"), "zip", path)
            peaks["zip"] = _peak_bytes(Path(archive))
    # 80 000 rows are 5 MB on disk and 4.5 MB as numbers.
    assert peaks[80_000] < 1.3 * peaks[20_000] + 200_000
    assert peaks["zip"] < 1.3 * peaks[80_000] + 200_000
