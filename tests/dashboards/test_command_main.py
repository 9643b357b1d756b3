"""The command line around its commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.cli.main import main

_LOUD_COMMAND = """
import sys, types
from dashboards.cli import main
loud = types.ModuleType("loud")
loud.add_arguments = lambda parser: None
loud.run = lambda args: print("line\\n" * 100_000) or 0
sys.modules["loud"] = loud
main.COMMANDS["loud"] = ("loud", "print a lot")
sys.exit(main.main(["loud"]))
"""

_HELP = """
import sys
from dashboards.cli.main import main
try:
    main(["analyze", "--help"])
except SystemExit as end:
    assert end.code == 0
heavy = {"numpy", "scipy", "pandas", "msgspec", "bleak", "PySide6", "pyqtgraph"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _LOUD_COMMAND], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"line\n"
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert said == b""


SAMPLE = Path(__file__).parents[2] / "recordings/sample_sessions/usual_walk.zip"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk without room")
@pytest.mark.parametrize(
    "words",
    [("doctor",), ("simulate", "--catalogue"), ("analyze", "--help"), ("day", SAMPLE, "--json")],
    ids=str,
)
def test_an_output_that_takes_nothing_is_said_in_one_line(words: tuple[object, ...]) -> None:
    # Python's own buffer holds the text until the end, unless it is told not to.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hipgait", *map(str, words)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
            env=environment,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "hipgait: The output could not be written: the disk is full. Make room, or send it"
        " elsewhere.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "words", "status"),
    [(">&-", "simulate --catalogue", 0), ("2>&-", "day nothing", 1), (">&- 2>&-", "nonsense", 2)],
)
def test_output_that_was_closed_is_no_fault(closed: str, words: str, status: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m hipgait {words} {closed}', sys.executable],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status
    assert done.stderr == ""


def test_no_command_is_wrong_usage_and_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: hipgait" in capsys.readouterr().out


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["fly"])
    assert caught.value.code == 2
    assert "fly" in capsys.readouterr().err


def test_help_of_analyze_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HELP], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "[]\n"
    assert "--height-m" in done.stdout
