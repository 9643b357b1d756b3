"""``hipgait import``: convert a foreign recording into a session folder, and say how."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hipgait._version import __version__
from recordings.errors import InputError, UsageError

if TYPE_CHECKING:
    from recordings.importing import Understanding

_TO_CORRECT = {"placements_unknown", "columns_unknown"}
"""Reasons for which a drafted mapping helps."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("source", metavar="SRC", help="file, folder or zip to read")
    parser.add_argument(
        "folder", metavar="DEST", nargs="?", help="session folder to make; must not exist"
    )
    parser.add_argument("--mapping", metavar="FILE", help="column mapping (JSON or TOML) to use")
    parser.add_argument(
        "--show-mapping",
        action="store_true",
        help="print the column mapping as JSON, to be corrected and given with --mapping",
    )


def run(args: argparse.Namespace) -> int:
    """Convert, or only show the mapping.

    Raises
    ------
    UsageError
        If there is neither a destination nor `--show-mapping`.
    HipgaitError
        If the recording cannot be read or the session cannot be written.
    """
    if args.show_mapping:
        return _show_mapping(Path(args.source), args.mapping)
    if args.folder is None:
        raise UsageError("DEST is missing.", hint="Name the session folder to make.")
    from recordings.importing import import_recording

    understanding = import_recording(
        args.source, args.folder, args.mapping, written_by=f"hipgait {__version__}"
    )
    print(describe(understanding))
    print(f"\nWritten to {args.folder}")
    return 0


def describe(understanding: Understanding) -> str:
    """What was understood of a recording, as lines for people."""
    lines = [f"Format: {understanding.format_label}", ""]
    lines.append(f"{'sensor':<12} {'samples':>8} {'rate':>8} {'length':>8} {'gaps':>5}  from")
    for sensor in understanding.sensors:
        longest = f", longest gap {sensor.longest_gap_s:.2f} s" if sensor.n_gaps else ""
        lines.append(
            f"{sensor.placement.label:<12} {sensor.n_samples:>8} {sensor.rate_hz:>5.4g} Hz"
            f" {sensor.duration_s:>6.1f} s {sensor.n_gaps:>5}  {sensor.origin}{longest}"
        )
    lines += ["", "Read as:", understanding.mapping.describe()]
    if understanding.session.events:
        lines.append(f"events: {len(understanding.session.events)}")
    remarks = understanding.session.all_remarks()
    if remarks:
        lines += ["", "Please note:", *(f"- {remark.text}" for remark in remarks)]
    return "\n".join(lines)


def _show_mapping(source: Path, mapping: str | None) -> int:
    from recordings.containers import open_container
    from recordings.importers.tables import draft_mapping
    from recordings.importing import read_foreign

    container = open_container(source)
    try:
        shown = read_foreign(container, mapping, required=()).mapping
    except InputError as error:
        if error.reason not in _TO_CORRECT or mapping is not None:
            raise
        shown = draft_mapping(container)
        print(f"hipgait: {error.what}", file=sys.stderr)
        print("hipgait: the placements below are a proposal; correct them.", file=sys.stderr)
    print(shown.to_json(), end="")
    return 0
