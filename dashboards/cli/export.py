"""``hipgait export``: a copy of walks to give away, without names, notes and dates."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pseudonymous",
        metavar="DIR",
        type=Path,
        required=True,
        help="new folder: recordings and results without names, notes and exact dates",
    )
    parser.add_argument(
        "--person", metavar="NAME", help="only the walks of one person (those of all)"
    )
    parser.add_argument("--history", metavar="FILE", type=Path, help="the history")


def run(args: argparse.Namespace) -> int:
    from dashboards.history.exporting import export_pseudonymous
    from dashboards.history.store import HistoryStore
    from dashboards.people import plain_name
    from dashboards.terminal import ProgressLine, Terminal
    from dashboards.wording import counted
    from recordings.errors import UsageError

    store = HistoryStore(args.history)
    people = list(store.people())
    if args.person is not None:
        name = plain_name(args.person)
        if name not in people:
            raise UsageError(
                "Nothing is kept of this person.", hint="hipgait history lists who there is."
            )
        people = [name]
    with ProgressLine("Copying") as progress:
        walks = {person: store.walks(person) for person in people}
        done = export_pseudonymous(walks, args.pseudonymous, progress.show)
    terminal = Terminal.of(sys.stdout)
    for name, why in done.without_recording:
        print(terminal.spell(f"{name} has results only, no recording: {why}"))
    who = "1 person" if len(people) == 1 else f"{len(people)} people"
    what = f"{counted(done.walks, 'walk')} of {who}"
    print(terminal.spell(f"Copied {what} to {args.pseudonymous}"))
    print("Movement itself can tell who it is: read README.txt there before giving it away.")
    return 0
