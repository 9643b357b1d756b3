"""How long a person waits for ``hipgait --help``, beside a Python that does nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.figure import Figure, command_time_s


def run() -> Iterator[Figure]:
    yield Figure("python -c pass", 1e3 * command_time_s([sys.executable, "-c", "pass"]), "ms")
    for words in (["--help"], ["analyze", "--help"], ["import", "--help"]):
        taken_s = command_time_s([sys.executable, "-m", "hipgait", *words])
        yield Figure(" ".join(["hipgait", *words]), 1e3 * taken_s, "ms", at_most=100)
