"""``hipgait replay``: a recorded walk as a film."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        metavar="PATH",
        type=Path,
        help="session folder, its .zip, or CSV files from elsewhere",
    )


def run(args: argparse.Namespace) -> int:
    from recordings.errors import InputError

    if not args.path.exists():
        raise InputError(
            f"There is no file or folder {args.path}.",
            hint="Check the spelling.",
            reason="not_found",
        )
    from dashboards.window.app import run_window

    return run_window(args.path)
