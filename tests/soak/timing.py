"""How far sensors disagree on time, through unmodified bleak: ``python -m tests.soak.timing``.

Five sensors whose crystals run up to 40 ppm wrong, whose clocks all wrap during the run, and
one of whose links stalls for 0.6 s every few seconds; the figure is the largest difference
between any two of the five. Beside it stands how late the fake service itself woke up: what a
busy machine does to it, it does to the figure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.soak.run import soak


class Case(NamedTuple):
    """Sensors, and what is promised for them."""

    family: str
    rate_hz: float
    interval_ms: float
    promised_ms: float
    """Median of the worst pair."""


CASES = (
    Case("gait", 104.0, 15.0, 1.0),
    Case("gait", 119.0, 15.0, 1.0),
    Case("gait", 100.0, 15.0, 5.0),
    Case("dot", 60.0, 15.0, 5.0),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0, help="of each case")
    args = parser.parse_args()
    write = sys.stdout.write
    write("worst pair of 5 sensors, ms\n")
    write(f"{'':>12}{'median':>9}{'p95':>9}{'promised':>9}{'stalls':>7}{'fake late p99':>14}\n")
    failed = False
    for case in CASES:
        outcome = soak(
            args.minutes,
            Path(tempfile.mkdtemp(prefix="hipgait-timing-")),
            family=case.family,
            rate_hz=case.rate_hz,
            interval_s=case.interval_ms / 1e3,
            only=("stall_with_reordered_burst",),
            pause_s=5.0,
            strides=False,
        )
        write(
            f"{case.family:>5}{case.rate_hz:>4g} Hz{outcome.time_error_ms:>9.2f}"
            f"{outcome.time_error_p95_ms:>9.2f}{case.promised_ms:>9g}"
            f"{sum(outcome.faults.values()):>7}{outcome.fake_late_ms:>14.1f}\n"
        )
        for failure in outcome.failures:
            write(f"{'':>5}{failure}\n")
        sys.stdout.flush()
        failed |= bool(outcome.failures) or outcome.time_error_ms >= case.promised_ms
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
