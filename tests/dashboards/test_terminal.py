"""What text becomes for the terminal at hand."""

from __future__ import annotations

import io
import os

import pytest

from dashboards.terminal import ProgressLine, Terminal


class Window(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("WT_SESSION", "1")
    monkeypatch.setenv("COLUMNS", "90")


def test_a_window_gets_emphasis_and_its_own_width() -> None:
    assert Terminal.of(Window()) == Terminal(width=90, encoding="utf-8", bold=True)


def test_a_pipe_gets_no_control_codes() -> None:
    assert not Terminal.of(io.StringIO()).bold


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_the_environment_switches_emphasis_off(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert not Terminal.of(Window()).bold


@pytest.mark.parametrize(("columns", "width"), [("20", 72), ("80", 80), ("300", 100)])
def test_lines_are_neither_too_short_nor_too_long(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert Terminal.of(Window()).width == width


def test_without_a_window_lines_have_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_window(_: int) -> os.terminal_size:
        raise OSError

    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr(os, "get_terminal_size", no_window)
    assert Terminal.of(io.StringIO()).width == 80


@pytest.mark.parametrize(
    ("encoding", "text", "spelt"),
    [
        ("utf-8", "5° ± 1 – Jiří", "5° ± 1 – Jiří"),
        ("ascii", "5° ± 1 – Jiří", "5 deg +/- 1 - Ji??"),
        ("ascii", "in [°/s] or [m/s²]", "in [deg/s] or [m/s^2]"),
        ("latin-1", "5° ± 1 – 2", "5° ± 1 - 2"),
        ("utf-8", "a\x1b[31mb\r\nc\ud800", "a [31mb  c "),
    ],
)
def test_signs_are_spelled_in_what_the_encoding_has(encoding: str, text: str, spelt: str) -> None:
    assert Terminal(encoding=encoding).spell(text) == spelt


def test_a_paragraph_is_broken_and_hangs() -> None:
    lines = Terminal(width=72).wrap("word " * 30, indent=2, hanging=4)
    assert len(lines) == 3
    assert lines[0].startswith("  word")
    assert all(line.startswith("    word") for line in lines[1:])
    assert max(map(len, lines)) <= 72


def test_progress_rewrites_one_line_and_leaves_none() -> None:
    window = Window()
    with ProgressLine("Analysed", window) as progress:
        for text in ("9 min 59 s", "9 min 59 s", "10 s"):
            progress.show(text)
    assert window.getvalue() == (
        "\rAnalysed 9 min 59 s" + "\rAnalysed 10 s      " + "\r             \r"
    )


def test_progress_is_silent_in_a_file() -> None:
    stream = io.StringIO()
    with ProgressLine("Analysed", stream) as progress:
        progress.show("10 s")
    assert stream.getvalue() == ""
