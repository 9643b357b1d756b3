"""``hipgait dashboard``: the window."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", type=Path, nargs="?", help="a recorded walk to open at once"
    )
    parser.add_argument(
        "--recordings",
        metavar="FOLDER",
        type=Path,
        help="where walks are recorded (default: hipgait in your documents)",
    )


def run(args: argparse.Namespace) -> int:
    from dashboards.window.app import run_window

    return run_window(args.path, recordings=args.recordings)
