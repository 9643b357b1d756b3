"""``python -m validation``: measure the analysis and write docs/validation.md anew."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path


def main() -> int:
    _one_thread_a_process()
    from validation.cases import ROOT, Laboratory, UnfinishedError
    from validation.document import FULL_PEOPLE, QUICK_PEOPLE, SECTIONS, write

    parser = argparse.ArgumentParser(prog="python -m validation", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help=f"ask {QUICK_PEOPLE} people")
    size.add_argument("--people", type=int, default=FULL_PEOPLE, metavar="N")
    parser.add_argument(
        "--hours",
        type=float,
        default=float("inf"),
        metavar="H",
        help="begin nothing after this time; write what there is, 0 from the cache alone",
    )
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    parser.add_argument("--cache", type=Path, default=ROOT / ".validation-cache", metavar="FOLDER")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=sorted(SECTIONS),
        metavar="SECTION",
        help="print these sections and write nothing; of: " + ", ".join(SECTIONS),
    )
    arguments = parser.parse_args()
    people = QUICK_PEOPLE if arguments.quick else arguments.people
    if people < 10:
        parser.error("ask at least 10 people")
    until_s = time.monotonic() + 3600.0 * arguments.hours
    laboratory = Laboratory(arguments.cache, arguments.processes, _tell, until_s)
    try:
        for name in arguments.only or ():
            print(SECTIONS[name](laboratory, people).markdown("docs/validation"))
        if not arguments.only:
            print(f"Wrote {write(laboratory, people)}.")
    except UnfinishedError:
        parser.exit(1, "Not everything could be measured.\n")
    return 0


def _one_thread_a_process() -> None:
    """Each process has its own core; numeric libraries must not take the others.

    They look at these settings when they are imported, so that comes after.
    """
    for setting in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(setting, "1")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
