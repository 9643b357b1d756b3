"""``hipgait``: finds the command that was typed and hands over to its file.

A command is a module of this package with two functions, ``add_arguments(parser)`` and
``run(args) -> int`` (the exit status). Only the module of the command that was typed is
imported, and a module imports what is heavy inside ``run``: help stays instant.

Exit status: 0 done, 1 the input cannot be used (one line on stderr says what, where and
what to do), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from hipgait._version import __version__
from recordings.errors import HipgaitError, UsageError

COMMANDS: dict[str, tuple[str, str]] = {
    "analyze": ("dashboards.cli.analyze", "find out what a recorded walk shows"),
    "import": ("dashboards.cli.import_", "convert a foreign recording into a hipgait session"),
}
"""Command name → (module, one-line help)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(command if command in COMMANDS else None)
    args = parser.parse_args(words)
    if not hasattr(args, "run"):
        parser.print_help()
        return 2
    try:
        return args.run(args)
    except UsageError as error:
        print(f"hipgait: {error}", file=sys.stderr)
        return 2
    except HipgaitError as error:
        print(f"hipgait: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("hipgait: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing is left to say.
        sys.stderr.close()
        return 0


def _parser(command: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hipgait",
        description="Wearable gait monitor: what a walk shows at pelvis, hips and knees. "
        "Not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"hipgait {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", title="commands")
    for name, (module_name, help_line) in COMMANDS.items():
        sub = subparsers.add_parser(name, help=help_line, description=help_line.capitalize() + ".")
        if name == command:
            module = import_module(module_name)
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return parser
