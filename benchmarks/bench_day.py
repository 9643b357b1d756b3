"""A day of sixteen hours: three sensors at 60 Hz as a session of CSV files, read and analysed.

A quarter of an hour of a virtual person (sitting, walking, standing) is repeated until the day is
full and written to a temporary folder: some 700 MB, removed afterwards. Peak memory is that of a
process of its own; what it needs beyond an hour of the same day shows whether it grows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, cpu_time_s
from benchmarks.walk import THREE_SENSORS
from firmware_bridge.virtual_wearer.spec import Sensors, Sit, Spec, Stand, UTurn, Walk
from firmware_bridge.virtual_wearer.wear import wear
from recordings.csv_session.writer import Durability, SessionWriter
from recordings.metadata import SessionMetadata
from recordings.reading import read_session
from recordings.samples import ImuSamples
from recordings.session import Session

RATE_HZ = 60.0
HOURS = 16
QUARTER = (
    Stand(duration_s=10.0),
    Walk(duration_s=60.0),
    UTurn(),
    Walk(duration_s=60.0),
    Stand(duration_s=20.0),
    Sit(duration_s=740.0),
)

MEMORY_PROGRAM = """
import resource, sys
from pipeline.day.watch import analyze_day
from recordings.reading import read_session
analyze_day(read_session(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run() -> Iterator[Figure]:
    from pipeline.day.watch import analyze_day

    quarter = wear(
        Spec(timeline=QUARTER, sensors=Sensors(placements=THREE_SENSORS, rate_hz=RATE_HZ))
    ).session
    with tempfile.TemporaryDirectory() as folder:
        hour, day = Path(folder) / "hour", Path(folder) / "day"
        _repeat(quarter, hour, 1)
        rows = _repeat(quarter, day, HOURS)
        read_s = cpu_time_s(lambda: _read(day), times=1)
        yield Figure(f"{HOURS} h, reading alone", read_s, "s", note=f"{rows:,} rows")
        both_s = cpu_time_s(lambda: analyze_day(read_session(day)), times=2)
        yield Figure(f"{HOURS} h, read and analysed", both_s, "s", at_most=30)
        yield Figure("reading, share of both", read_s / both_s, "")
        if sys.platform != "linux":
            return  # ru_maxrss has other units elsewhere
        peaks = {path: _peak_mb(path) for path in (hour, day)}
        yield Figure("1 h, peak memory", peaks[hour], "MB")
        grown = peaks[day] - peaks[hour]
        yield Figure(f"{HOURS} h, peak memory beyond that", grown, "MB", at_most=64)


def _repeat(quarter: Session, folder: Path, hours: int) -> int:
    """Write a session of the quarter over and over; returns its rows."""
    rows = 0
    with SessionWriter(folder, SessionMetadata(), durability=Durability.BUFFERED) as writer:
        for placement in quarter.placements:
            part = quarter.samples(placement)
            lasts_s = np.ceil(part.time_s[-1] * RATE_HZ + 1.0) / RATE_HZ
            for turn in range(int(np.ceil(hours * 3600.0 / lasts_s))):
                time_s = part.time_s + turn * lasts_s
                writer.append(ImuSamples(placement, time_s, part.acc_m_s2, part.gyr_rad_s))
                rows += len(part)
    return rows


def _read(folder: Path) -> None:
    for _ in read_session(folder).chunks(600.0):
        pass


def _peak_mb(folder: Path) -> float:
    """Peak memory of a process that does nothing but analyse a day."""
    command = [sys.executable, "-c", MEMORY_PROGRAM, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024
