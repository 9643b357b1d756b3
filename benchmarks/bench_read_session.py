"""How fast a session is read: rows a second, beside pandas on the same files.

    python -m benchmarks.bench_read_session [--minutes 10] [--sensors 5]

The session is made up and written to a temporary folder first. Each reader runs in this
process, best of three, after one run to warm the file cache.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from recordings.csv_session.writer import Durability, SessionWriter
from recordings.metadata import SessionMetadata
from recordings.placement import Placement
from recordings.reading import read_session
from recordings.samples import ImuSamples

RATE_HZ = 100.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Time reading a session.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--sensors", type=int, default=5, choices=range(1, 6))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk"
        placements = tuple(Placement)[: args.sensors]
        write_s = _write(path, placements, int(args.minutes * 60 * RATE_HZ))
        n_rows = int(args.minutes * 60 * RATE_HZ) * len(placements)
        size_mb = sum(p.stat().st_size for p in path.iterdir()) / 1e6
        print(f"{n_rows} rows of 7 columns, {size_mb:.1f} MB, {len(placements)} files")
        print(f"{'':<28}{'s':>8}{'rows/s':>12}{'data s/s':>10}")
        _report("write (SessionWriter)", write_s, n_rows, args.minutes)
        ours_s = _best_of_three(lambda: _read(path))
        _report("read whole (read_session)", ours_s, n_rows, args.minutes)
        chunks_s = _best_of_three(lambda: _read_chunks(path))
        _report("read in 60 s chunks", chunks_s, n_rows, args.minutes)
        pandas_s = _best_of_three(lambda: _read_pandas(path, placements))
        _report("pandas.read_csv", pandas_s, n_rows, args.minutes)
        print(f"ours takes {ours_s / pandas_s:.2f} times as long as pandas")


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


def _best_of_three(run: Callable[[], None]) -> float:
    run()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def _report(label: str, seconds: float, n_rows: int, minutes: float) -> None:
    print(f"{label:<28}{seconds:>8.3f}{n_rows / seconds:>12,.0f}{minutes * 60 / seconds:>10,.0f}")


if __name__ == "__main__":
    main()
