"""``python -m benchmarks [NAME ...]``: run all benchmarks, or those named, on one core.

One that sets ``EVERY_CORE`` measures what a person waits for, with all cores that there are.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.figure import Figure

THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> int:
    names = sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*")
    )
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names)}")
    chosen = parser.parse_args().names or names
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    for setting in THREAD_SETTINGS:
        os.environ[setting] = "1"
    cores = _cores()
    print(f"{_processor()} · Python {platform.python_version()} · {platform.system()}\n")
    print(f"{'':48} {'value':>10} {'unit':14} {'target':10} ")
    failed = 0
    for name in chosen:
        try:
            bench = import_module(f"benchmarks.bench_{name}")
            every = getattr(bench, "EVERY_CORE", False)
            _use_cores(cores if every else {max(cores)})
            print(f"{name}, on {len(cores)} cores" if every else f"{name}, on one core")
            for figure in bench.run():
                print(_row(figure), flush=True)
        except Exception as error:
            # One benchmark that breaks must not hide the figures of the others.
            print(f"  failed: {type(error).__name__}: {error}")
            failed = 1
    return failed


def _row(figure: Figure) -> str:
    value = "–" if figure.value is None else f"{figure.value:,.4g}"
    cells = f"{value:>10} {figure.unit:14} {figure.target:10} {figure.verdict:8}"
    return f"  {figure.name:46} {cells} {figure.note}".rstrip()


def _cores() -> set[int]:
    if sys.platform == "linux":
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _use_cores(cores: set[int]) -> None:
    """Keep this process and those that it starts on these cores."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, cores)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
