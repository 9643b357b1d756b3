"""``hipgait day``: what a body did over a recorded day."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

FILE_NAMES = ("day.csv", "day.json")
"""In the order in which they appear."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        metavar="PATH",
        type=Path,
        help="session folder, its .zip, or CSV files from elsewhere",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="write day.json and day.csv there")
    parser.add_argument(
        "--force", action="store_true", help="replace files of a day that are already in DIR"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the content of day.json and nothing else"
    )
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        type=Path,
        help="which columns of a foreign CSV mean what, if the guess is wrong",
    )


def run(args: argparse.Namespace) -> int:
    from recordings.errors import UsageError
    from recordings.reading import read_session

    if args.force and args.out is None:
        raise UsageError("--force replaces files, but none are written.", hint="Add --out DIR.")
    # A flat sensor may have left no file: what remains still tells something.
    session = read_session(args.path, mapping=args.mapping, required=())
    start_time = session.metadata.start_time

    from dashboards.day_wording import hours
    from dashboards.terminal import ProgressLine, Terminal
    from dashboards.writers.day_csv import day_csv
    from dashboards.writers.day_json import day_json
    from dashboards.writers.staged_folder import StagedFolder
    from pipeline.day.watch import analyze_day

    with ExitStack() as stack:
        files = None
        if args.out is not None:
            files = stack.enter_context(StagedFolder(args.out, FILE_NAMES, overwrite=args.force))
        progress = stack.enter_context(ProgressLine("Looked at"))
        day = analyze_day(session, progress=lambda done_s: progress.show(hours(done_s)))
        document = day_json(day, start_time)
        if files is not None:
            files.show({"day.csv": day_csv(day.spans, start_time), "day.json": document})
    if args.json:
        # Bytes, not text: JSON is UTF-8 with line feeds whatever the terminal speaks.
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return 0
    from dashboards.day_summary import day_summary

    terminal = Terminal.of(sys.stdout)
    print(day_summary(day, start_time, terminal), end="")
    if args.out is not None:
        # Not wrapped: a path that is broken over two lines cannot be copied.
        print(f"\nThe files are in {terminal.spell(str(args.out))}")
    return 0
