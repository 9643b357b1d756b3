"""``hipgait``: finds the command that was typed and hands over to its file.

A command is a module of this package with two functions, ``add_arguments(parser)`` and
``run(args) -> int`` (the exit status). Only the module of the command that was typed is
imported, and a module imports what is heavy inside ``run``: help stays instant.

Exit status: 0 done, 1 the input cannot be used (one line on stderr says what, where and
what to do), 2 wrong usage, 130 interrupted. A fault of hipgait itself is 1 too: one line
names the file that holds its details, or with ``HIPGAIT_DEBUG=1`` they are printed.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

from hipgait._version import __version__
from recordings.errors import HipgaitError, UsageError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("dashboards.cli.demo", "watch a simulated walker, without any sensors"),
    "dashboard": ("dashboards.cli.dashboard", "open the window"),
    "replay": ("dashboards.cli.replay", "play a recorded walk like a film"),
    "scan": ("dashboards.cli.scan", "list the sensors that are near, and say where they are worn"),
    "record": ("dashboards.cli.record", "record a walk while it happens"),
    "test": ("dashboards.cli.test", "be led through a movement test, or through all of them"),
    "doctor": ("dashboards.cli.doctor", "see what this computer lacks for recording"),
    "analyze": ("dashboards.cli.analyze", "find out what a recorded walk shows"),
    "day": ("dashboards.cli.day", "see how a recorded day was spent: sitting, walking, lying"),
    "report": ("dashboards.cli.report", "write the page to take to a physiotherapist"),
    "profile": ("dashboards.cli.profile", "answer what sensors cannot see; safety questions first"),
    "history": ("dashboards.cli.history", "keep walks and see what changed from one to the next"),
    "export": ("dashboards.cli.export", "copy walks to give away, without names and dates"),
    "simulate": ("dashboards.cli.simulate", "let a virtual person wear the sensors"),
    "import": ("dashboards.cli.import_", "convert a foreign recording into a hipgait session"),
}
"""Command name → (module, one-line help)."""

_NO_ROOM = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EFBIG: "the file has become too large for the disk",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    _prepare_output()
    try:
        status = _run(words)
        sys.stdout.flush()
    except UsageError as error:
        return _say(str(error), 2)
    except HipgaitError as error:
        return _say(str(error), 1)
    except KeyboardInterrupt:
        return _say("stopped.", 130)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing is left to say.
        _drop(sys.stdout)
        return 0
    except Exception as error:
        if isinstance(error, OSError) and (unwritten := _unwritten(error)):
            return _say(unwritten, 1)
        if os.environ.get("HIPGAIT_DEBUG"):
            raise
        return _say(_fault(error, words), 1)
    return status


def _run(words: Sequence[str]) -> int:
    command = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(command if command in COMMANDS else None)
    try:
        args = parser.parse_args(words)
    except SystemExit:
        sys.stdout.flush()  # the help
        raise
    if not hasattr(args, "run"):
        parser.print_help()
        return 2
    return args.run(args)


def _prepare_output() -> None:
    """Print a name that the terminal's encoding lacks with ``?``; print nowhere where it is closed.

    Python has no stream at all where the shell closed it (``>&-``).
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _drop(stream: TextIO) -> None:
    """Keep the interpreter from failing on what a stream still holds when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _unwritten(error: OSError) -> str | None:
    """The sentence for a disk that takes nothing more; None if `error` is something else."""
    why = _NO_ROOM.get(error.errno or 0)
    if why is None:
        return None
    if error.filename is None:
        with suppress(OSError, ValueError):  # a stream without a file has nothing to drop
            _drop(sys.stdout)
    what = error.filename or "The output"
    return f"{what} could not be written: {why}. Make room, or send it elsewhere."


def _say(text: str, status: int) -> int:
    """One line on stderr: a line break or a control code in a file's name stays out of it."""
    line = "".join(c if c.isprintable() else " " for c in text)
    try:
        print(f"hipgait: {line}", file=sys.stderr, flush=True)
    except OSError:  # nobody can be told; the status says it too
        _drop(sys.stderr)
    return status


def _fault(error: Exception, words: Sequence[str]) -> str:
    """Put the details of a fault into a file; returns the sentence that names it."""
    import platform
    import tempfile
    import traceback

    text = (
        f"hipgait {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"arguments: {' '.join(words)}\n\n{''.join(traceback.format_exception(error))}"
    )
    what = f"this should not have happened ({type(error).__name__})."
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            errors="backslashreplace",
            prefix="hipgait-fault-",
            suffix=".txt",
            delete=False,
        ) as file:
            file.write(text)
    except OSError:
        return f"{what} Set HIPGAIT_DEBUG=1 and run it again to see the details."
    return f"{what} The details are in {file.name}; please send that file with your report."


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
