"""The command line around its commands."""

from __future__ import annotations

import subprocess
import sys

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
