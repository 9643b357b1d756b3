"""The rows of a text table as a stream of arrays: fast where all is well, exact where not.

A block of lines is taken as plain decimals, else goes through numpy's text parser. Only a
block that both refuse is read again line by line, to say which line and which column is
wrong. What happens to odd rows is the same everywhere:

* a row with an empty cell or NaN in a column that is asked for is a lost sample: left out,
  counted, remarked;
* text where a number should be, or a row with too few or too many cells, is an error that
  names the line (the first column asked for may be a clock time, ``10:11:12.345``);
* a last line that was cut off is left out and remarked. It counts as whole only if it ends
  with a line end, or if its last cell has as many decimals as the lines before it all have;
* zero bytes at the end of the file (a battery that ran flat) are a cut-off like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from recordings.errors import FormatError
from recordings.text_tables.block_parser import BlockParser, RowFindings, Rows
from recordings.text_tables.dialect import HEAD_BYTES, Dialect, sniff

BLOCK_BYTES = 256 * 1024
MAX_LINE_BYTES = 1024 * 1024


@dataclass(slots=True)
class TableRows:
    """One pass over the data rows of an opened table.

    Parameters
    ----------
    stream : BinaryIO
        The file, at its first byte.
    where : str
        Its name for messages.
    findings : RowFindings
        Filled while reading.
    """

    stream: BinaryIO
    where: str
    findings: RowFindings = field(default_factory=RowFindings)
    dialect: Dialect = field(init=False)
    _head: bytes = field(init=False)

    def __post_init__(self) -> None:
        self._head = _read_fully(self.stream, HEAD_BYTES)
        self.dialect = sniff(self._head, self.where)

    def read(self, columns: Sequence[int], *, keep_missing: bool = False) -> Iterator[Rows]:
        """Yield the rows, with the given columns in the given order.

        Parameters
        ----------
        columns : sequence of int
            Column numbers, from 0.
        keep_missing : bool
            Keep rows that lack a value, with NaN in its place.

        Raises
        ------
        FormatError
            If a row is not what the header promises; the message names line and column.
        """
        parser = BlockParser(self.dialect, tuple(columns), self.where, self.findings, keep_missing)
        for line, block in self._blocks():
            rows = parser.parse(block, line)
            if len(rows.lines):
                yield rows

    def _blocks(self) -> Iterator[tuple[int, bytes]]:
        """Number of the first line, and whole lines, about `BLOCK_BYTES` at a time."""
        line = self.dialect.body_line
        tail = self._head[self.dialect.body_offset :]
        whole = b""
        ended = False
        while True:
            if b"\x00" in tail:
                tail = self._before_the_zeros(tail, line)
                ended = True
            cut = tail.rfind(b"\n") + 1
            if cut:
                whole, tail = tail[:cut], tail[cut:]
                yield line, whole
                line += _lines(whole)
            elif len(tail) > MAX_LINE_BYTES:
                raise FormatError(
                    f"{self.where}, line {line}: the line is longer than 1 MB.",
                    hint="Check that this is the right file.",
                    reason="line_too_long",
                )
            if ended:
                break
            fresh = self.stream.read(BLOCK_BYTES)
            ended = not fresh
            tail += fresh
        if tail.strip():
            if _provably_whole(tail, whole, self.dialect):
                yield line, tail + b"\n"
            else:
                self.findings.cut_off_line = line

    def _before_the_zeros(self, tail: bytes, line: int) -> bytes:
        """What stands before the zero bytes that fill the rest of the file."""
        start = tail.index(b"\x00")
        rest = tail[start:]
        while rest:
            if rest.strip(b"\x00"):
                bad_line = line + tail.count(b"\n", 0, start)
                raise FormatError(
                    f"{self.where}, line {bad_line}: zero bytes in the middle of the file.",
                    hint="The file is damaged; restore it from a copy.",
                    reason="file_damaged",
                )
            self.findings.zero_bytes += len(rest)
            rest = self.stream.read(BLOCK_BYTES)
        return tail[:start]


def _lines(block: bytes) -> int:
    """How many line ends there are: several times as fast as `bytes.count`."""
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n")))


def _provably_whole(last: bytes, before: bytes, dialect: Dialect) -> bool:
    """True if a last line without line end lacks nothing but that.

    Its last cell must have the same number of decimals, at least one, as each of the lines
    before it: then not a digit can be missing.
    """
    decimal = "," if dialect.decimal_comma else "."
    earlier = before[-4096:].decode("latin-1").split("\n")[-12:-1]
    n_cells = len(dialect.columns)
    decimals = set()
    for text in (*earlier, last.decode("latin-1")):
        cells = text.rstrip("\r").split(dialect.delimiter)
        fraction = cells[-1].partition(decimal)[2]
        if len(cells) != n_cells or not fraction.isdigit():
            return False
        decimals.add(len(fraction))
    return len(earlier) >= 2 and len(decimals) == 1


def _read_fully(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
