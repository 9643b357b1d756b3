"""Help, version and wrong usage: at once, and with nothing heavy imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dashboards.cli.main import COMMANDS
from hipgait import __version__

HEAVY = ("PySide6", "bleak", "msgspec", "numpy", "openpyxl", "pandas", "pyqtgraph", "scipy", "vqf")

LOADED_AFTER = """
import sys
from dashboards.cli.main import main
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code
print(status, *(name for name in {heavy!r} if name in sys.modules))
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hipgait", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def loaded_after(*words: str) -> list[str]:
    """The heavy packages that a command line leaves imported in a fresh process."""
    command = [sys.executable, "-c", LOADED_AFTER.format(heavy=HEAVY), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    status, *loaded = done.stdout.splitlines()[-1].split()
    assert status == "0", done.stdout + done.stderr
    return loaded


def test_heavy_imports_are_seen() -> None:
    """The check below can fail: it names what a program has imported."""
    program = LOADED_AFTER.replace("main(sys.argv[1:])", "__import__('numpy') and 0")
    command = [sys.executable, "-c", program.format(heavy=HEAVY)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "numpy"]


def test_help_imports_nothing_heavy() -> None:
    assert loaded_after("--help") == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_imports_nothing_heavy(command: str) -> None:
    assert loaded_after(command, "--help") == []


def test_the_window_opens_without_what_only_an_analysis_needs() -> None:
    """Filters and their companions take longer to import than the window to open."""
    pytest.importorskip("PySide6.QtWidgets", reason="the window needs PySide6 (extra 'ui')")
    program = """
import sys
import dashboards.window.main_window
print([n for n in ("scipy.signal", "scipy.stats", "bleak", "pandas") if n in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command, (_, help_line) in COMMANDS.items():
        assert command in done.stdout
        assert help_line in " ".join(done.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_says_what_it_does(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0, done.stderr
    assert COMMANDS[command][1].capitalize() in " ".join(done.stdout.split())


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"hipgait {__version__}")


@pytest.mark.parametrize(
    "words", [(), ("no-such-command",), ("--no-such-option",), ("analyze", "--no-such-option")]
)
def test_wrong_usage_exits_2_and_shows_usage(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "usage: hipgait" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
