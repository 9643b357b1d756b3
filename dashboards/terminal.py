"""What the terminal at hand can show: width, signs beyond ASCII, bold, a progress line."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO

NARROWEST, WIDEST = 72, 100
"""Below, tables no longer fit; above, lines are hard to read."""

_ASCII = {
    "°": "deg",
    "²": "^2",
    "–": "-",
    "—": "-",
    "−": "-",
    "±": "+/-",
    "…": "...",
    "·": "*",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "µ": "u",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
}
"""How a sign is spelled where the encoding lacks it."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """How text must be written so that one stream can show it.

    Attributes
    ----------
    width : int
        Columns that a line may fill.
    encoding : str
        What the stream encodes to; signs that it lacks are spelled in ASCII.
    bold : bool
        Whether emphasis may be sent as control codes.
    """

    width: int = 80
    encoding: str = "utf-8"
    bold: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> Terminal:
        """The terminal (or the file, or the pipe) behind `stream`.

        Notes
        -----
        The width is that of the window, or ``COLUMNS``, or 80 where there is no window.
        ``NO_COLOR`` (no-color.org) and ``TERM=dumb`` switch emphasis off, and so does a
        Windows console that may print control codes as they are.
        """
        is_terminal = stream.isatty()
        columns = shutil.get_terminal_size((80, 24)).columns
        understands_codes = os.environ.get("TERM", "") != "dumb" and (
            sys.platform != "win32" or "WT_SESSION" in os.environ
        )
        return cls(
            width=min(max(columns, NARROWEST), WIDEST),
            encoding=getattr(stream, "encoding", None) or "ascii",
            bold=is_terminal and understands_codes and not os.environ.get("NO_COLOR"),
        )

    def spell(self, text: str) -> str:
        """`text` with the signs that the encoding has, and no control characters."""
        text = "".join(c if c.isprintable() else " " for c in text)
        if _encodes(text, self.encoding):
            return text
        text = "".join(c if _encodes(c, self.encoding) else _ASCII.get(c, "?") for c in text)
        return re.sub(r"(\d)deg\b", r"\1 deg", text)

    def emphasise(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.bold else text

    def wrap(self, text: str, indent: int = 0, hanging: int | None = None) -> list[str]:
        """Break one paragraph into lines that fit.

        Parameters
        ----------
        text : str
        indent : int
            Blanks before the first line.
        hanging : int, optional
            Blanks before the lines after it; `indent` if not given.
        """
        return textwrap.wrap(
            self.spell(text),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent if hanging is None else hanging),
            break_on_hyphens=False,
        )


class ProgressLine:
    """One line on stderr that says how far long work has come; silent without a window.

    A context manager: what it has written is gone at the end.
    """

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self._label = label
        self._stream = sys.stderr if stream is None else stream
        self._shown = ""

    def __enter__(self) -> ProgressLine:
        return self

    def show(self, progress: str) -> None:
        """Replace what the line says after its label."""
        line = f"{self._label} {progress}"
        if line != self._shown and self._stream.isatty():
            self._write(f"\r{line.ljust(len(self._shown))}")
            self._shown = line

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._shown:
            self._write("\r" + " " * len(self._shown) + "\r")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
