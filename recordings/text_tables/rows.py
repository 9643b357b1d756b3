"""The rows of a text table as a stream of arrays: fast where all is well, exact where not.

A block of lines goes through numpy's text parser. Only a block that it refuses, or whose
shape is not what the header promises, is read again line by line, to say which line and
which column is wrong. What happens to odd rows is the same everywhere:

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
from numpy.typing import NDArray

from recordings.errors import FormatError
from recordings.samples import FloatArray
from recordings.text_tables.clock_text import clock_seconds
from recordings.text_tables.dialect import HEAD_BYTES, Dialect, row_cells, sniff

BLOCK_BYTES = 512 * 1024
MAX_LINE_BYTES = 1024 * 1024
_MISSING = {"", "nan", "na", "n/a", "null", "none", "-", "inf", "-inf", "+inf"}


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Consecutive rows of a table.

    Attributes
    ----------
    values : ndarray, shape (n, k)
        The columns asked for, all finite.
    lines : ndarray of int, shape (n,)
        Line number of each row.
    """

    values: FloatArray
    lines: NDArray[np.int64]


@dataclass(slots=True)
class RowFindings:
    """What was odd in the rows read so far."""

    lost_rows: int = 0
    first_lost_line: int = 0
    cut_off_line: int = 0
    """Line number of a last line that was left out; 0 if there is none."""
    zero_bytes: int = 0
    """Zero bytes at the end of the file."""

    def lose(self, lines: Sequence[int] | NDArray[np.int64]) -> None:
        if len(lines):
            self.first_lost_line = self.first_lost_line or int(lines[0])
            self.lost_rows += len(lines)


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
        parser = _BlockParser(self.dialect, tuple(columns), self.where, self.findings, keep_missing)
        line = self.dialect.body_line
        for block in self._blocks():
            rows = parser.parse(block, line)
            line += block.count(b"\n")
            if len(rows.lines):
                yield rows

    def _blocks(self) -> Iterator[bytes]:
        """Whole lines, about `BLOCK_BYTES` at a time, each with its line end."""
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
                yield whole
                line += whole.count(b"\n")
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
                yield tail + b"\n"
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


@dataclass(slots=True)
class _BlockParser:
    dialect: Dialect
    columns: tuple[int, ...]
    where: str
    findings: RowFindings
    keep_missing: bool

    def parse(self, block: bytes, line: int) -> Rows:
        block = block.replace(b"\r\n", b"\n")
        n_lines = block.count(b"\n")
        values = self._parse_at_once(block, n_lines)
        if values is None:
            return self._parse_each_line(block, line)
        return self._without_lost(values, np.arange(line, line + n_lines))

    def _without_lost(self, values: FloatArray, lines: NDArray[np.int64]) -> Rows:
        finite = np.isfinite(values)
        if finite.all():
            return Rows(values, lines)
        if self.keep_missing:
            return Rows(np.where(finite, values, np.nan), lines)
        good = finite.all(axis=1)
        self.findings.lose(lines[~good])
        return Rows(values[good], lines[good])

    def _parse_at_once(self, block: bytes, n_lines: int) -> FloatArray | None:
        """The numbers of a block; None if any line of it needs a closer look."""
        n_columns = len(self.dialect.columns)
        # Asked for all columns, numpy itself refuses lines of another width.
        all_columns = self.columns == tuple(range(n_columns))
        if b'"' in block:
            return None
        if not all_columns and not _cells_per_line_are(block, self.dialect.delimiter, n_columns):
            return None
        try:
            text = block.decode("ascii" if all_columns else "latin-1")
            if self.dialect.decimal_comma:
                text = text.replace(",", ".")
            values = np.loadtxt(
                text[:-1].split("\n"),
                delimiter=self.dialect.delimiter,
                comments=None,
                usecols=None if all_columns else self.columns,
                ndmin=2,
            )
        except ValueError:
            return None
        return values if values.shape == (n_lines, len(self.columns)) else None

    def _parse_each_line(self, block: bytes, line: int) -> Rows:
        delimiter, names = self.dialect.delimiter, self.dialect.columns
        values: list[list[float]] = []
        lines: list[int] = []
        for number, raw in enumerate(block[:-1].split(b"\n"), start=line):
            text = raw.decode("latin-1")
            if not text.strip():
                continue
            cells = row_cells(text, delimiter, len(names))
            if len(cells) != len(names):
                raise FormatError(
                    f"{self.where}, line {number}: {len(cells)} cells where the header"
                    f" names {len(names)} columns.",
                    hint="Repair or remove that line.",
                    reason="row_ragged",
                )
            values.append(
                [
                    self._number(cells[i], names[i], number, may_be_clock=k == 0)
                    for k, i in enumerate(self.columns)
                ]
            )
            lines.append(number)
        table = np.array(values, dtype=np.float64).reshape(len(values), len(self.columns))
        return self._without_lost(table, np.array(lines, dtype=np.int64))

    def _number(self, cell: str, column: str, line: int, *, may_be_clock: bool) -> float:
        cell = cell.strip()
        if cell.lower() in _MISSING:
            return np.nan
        if self.dialect.decimal_comma:
            cell = cell.replace(",", ".")
        try:
            if "_" in cell:  # float() takes "1_000" as a number; a recording never means that
                raise ValueError
            return float(cell)
        except ValueError:
            clock_s = clock_seconds(cell) if may_be_clock else None
            if clock_s is not None:
                return clock_s
            shown = cell if len(cell) <= 30 else cell[:30] + "…"
            raise FormatError(
                f"{self.where}, line {line}, column {column}: {shown!r} is not a number.",
                hint="Repair or remove that line.",
                reason="not_a_number",
            ) from None


def _cells_per_line_are(block: bytes, delimiter: str, n_columns: int) -> bool:
    """True if each line has exactly that many cells (or one empty one more, on all lines)."""
    n_lines = block.count(b"\n")
    n_delimiters = block.count(delimiter.encode())
    if n_delimiters != n_lines * (n_columns - 1):
        return False
    data = np.frombuffer(block, dtype=np.uint8)
    delimiters = np.flatnonzero(data == ord(delimiter))
    line_ends = np.flatnonzero(data == ord("\n"))
    return bool(
        (
            np.searchsorted(delimiters, line_ends) == np.arange(1, n_lines + 1) * (n_columns - 1)
        ).all()
    )


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
