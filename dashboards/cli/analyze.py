"""``hipgait analyze``: what a recorded walk shows."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.results import Results
    from recordings.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        metavar="PATH",
        type=Path,
        help="session folder, its .zip, or CSV files from elsewhere",
    )
    output = parser.add_argument_group("output")
    output.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="write results.json, strides.csv, gait_events.csv and angles.csv there",
    )
    output.add_argument(
        "--force", action="store_true", help="replace results that are already in DIR"
    )
    output.add_argument(
        "--json",
        action="store_true",
        help="print the content of results.json and nothing else",
    )
    wearer = parser.add_argument_group(
        "wearer", "facts that change what is usual; they stand before those in the session"
    )
    wearer.add_argument(
        "--height-m",
        metavar="M",
        type=_between(0.8, 2.5, "metres"),
        help="body height in metres (1.78)",
    )
    wearer.add_argument("--sex", choices=("female", "male"))
    wearer.add_argument(
        "--age", metavar="YEARS", type=_between(0, 120, "years"), help="age in years"
    )
    reading = parser.add_argument_group("reading")
    reading.add_argument(
        "--mapping",
        metavar="FILE",
        type=Path,
        help="which columns of a foreign CSV mean what, if the guess is wrong",
    )


def run(args: argparse.Namespace) -> int:
    from dashboards.view_models.side_file import with_edits
    from recordings.errors import UsageError
    from recordings.reading import read_session

    if args.force and args.out is None:
        raise UsageError("--force replaces files, but none are written.", hint="Add --out DIR.")
    session = with_edits(read_session(args.path, mapping=args.mapping), args.path)
    session = _with_wearer(session, args)

    # Only now what is heavy: a path that cannot be read is said at once.
    from dashboards.terminal import ProgressLine
    from dashboards.wording import duration
    from pipeline.analysis import analyze

    with ExitStack() as stack:
        files = None
        if args.out is not None:
            from dashboards.writers.result_folder import ResultFolder

            files = stack.enter_context(ResultFolder(args.out, overwrite=args.force))
        progress = stack.enter_context(ProgressLine("Analysed"))
        results = analyze(
            session,
            angle_sink=None if files is None else files.write_angles,
            progress=lambda done_s: progress.show(duration(done_s)),
        )
        if files is not None:
            files.publish(results)
    if args.json:
        _print_json(results)
    else:
        _print_summary(results, args.out)
    return 0


def _print_summary(results: Results, out: Path | None) -> None:
    from dashboards.summary import summary
    from dashboards.terminal import Terminal

    terminal = Terminal.of(sys.stdout)
    print(summary(results, terminal), end="")
    if out is not None:
        # Not wrapped: a path that is broken over two lines cannot be copied.
        print(f"\nThe files are in {terminal.spell(str(out))}")


def _print_json(results: Results) -> None:
    """Bytes, not text: JSON is UTF-8 with line feeds whatever the terminal speaks."""
    from dashboards.writers.results_json import results_json

    sys.stdout.buffer.write(results_json(results))
    sys.stdout.buffer.flush()


def _with_wearer(session: Session, args: argparse.Namespace) -> Session:
    """The session with the facts that were typed instead of those that it holds."""
    from msgspec.structs import replace as replace_fields

    typed = {"height_m": args.height_m, "sex": args.sex, "age_years": args.age}
    given = {name: value for name, value in typed.items() if value is not None}
    if not given:
        return session
    wearer = replace_fields(session.metadata.wearer, **given)
    return replace(session, metadata=replace_fields(session.metadata, wearer=wearer))


def _between(low: float, high: float, unit: str) -> Callable[[str], float]:
    """An argument type that takes numbers of a range, ends included."""

    def number(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g} {unit}")
        return value

    return number
