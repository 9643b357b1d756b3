"""From shell prompt to printed findings: ten minutes of five sensors, read from CSV."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, command_time_s
from benchmarks.walk import FIVE_SENSORS, walking_session, write_folder


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(walking_session(600.0, FIVE_SENSORS), Path(folder))
        command = [sys.executable, "-m", "hipgait", "analyze", folder]
        taken_s = command_time_s(command, times=3)
    yield Figure("hipgait analyze, 10 min, 5 sensors", taken_s, "s", at_most=3)
