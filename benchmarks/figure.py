"""One measured number, and the two ways of measuring time that the benchmarks share."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table.

    Attributes
    ----------
    name : str
    value : float or None
        None if it could not be measured; `note` says why.
    unit : str
    at_least, at_most : float or None
        The target, if there is one.
    note : str
    """

    name: str
    value: float | None
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:,.4g}"
        return f"≤ {self.at_most:,.4g}" if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        """``reached``, ``missed``, or empty where there is no target or no value."""
        if self.value is None or not self.target:
            return ""
        low = self.at_least is None or self.value >= self.at_least
        high = self.at_most is None or self.value <= self.at_most
        return "reached" if low and high else "missed"


def cpu_time_s(work: Callable[[], object], *, times: int = 3) -> float:
    """Processor time of a call, the best of several: other work on the machine stays out of it."""
    return min(_elapsed_s(time.process_time, work) for _ in range(times))


def command_time_s(command: Sequence[str], *, times: int = 7) -> float:
    """Wall time of a whole process from start to exit, the best of several.

    Raises
    ------
    subprocess.CalledProcessError
        If the process fails.
    """

    def work() -> object:
        return subprocess.run(command, check=True, capture_output=True)

    return min(_elapsed_s(time.perf_counter, work) for _ in range(times))


def _elapsed_s(clock: Callable[[], float], work: Callable[[], object]) -> float:
    start = clock()
    work()
    return clock() - start
