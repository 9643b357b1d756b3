"""One block of lines to numbers: three ways, from the fastest to the most exact in its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recordings.errors import FormatError
from recordings.samples import FloatArray
from recordings.text_tables.clock_text import clock_seconds
from recordings.text_tables.dialect import Dialect, row_cells
from recordings.text_tables.fixed_point import parse_fixed_point

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


@dataclass(frozen=True, slots=True)
class BlockParser:
    """Parses whole lines of one table.

    Parameters
    ----------
    dialect : Dialect
    columns : tuple of int
        The columns to return, in that order.
    where : str
        The name of the file, for messages.
    findings : RowFindings
        Lost rows are counted there.
    keep_missing : bool
        Keep rows that lack a value, with NaN in its place.
    """

    dialect: Dialect
    columns: tuple[int, ...]
    where: str
    findings: RowFindings
    keep_missing: bool

    def parse(self, block: bytes, line: int) -> Rows:
        """The rows of a block of lines, the first of which is line number `line`.

        Raises
        ------
        FormatError
            At the first line that is not what the header promises.
        """
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        values = self._parse_at_once(block)
        if values is None:
            return self._parse_each_line(block, line)
        return self._without_lost(values, np.arange(line, line + len(values)))

    def _without_lost(self, values: FloatArray, lines: NDArray[np.int64]) -> Rows:
        finite = np.isfinite(values)
        if finite.all():
            return Rows(values, lines)
        if self.keep_missing:
            return Rows(np.where(finite, values, np.nan), lines)
        good = finite.all(axis=1)
        self.findings.lose(lines[~good])
        return Rows(values[good], lines[good])

    def _parse_at_once(self, block: bytes) -> FloatArray | None:
        """The numbers of a block; None if any line of it needs a closer look."""
        delimiter, n_columns = self.dialect.delimiter, len(self.dialect.columns)
        if self.dialect.decimal_comma:
            block = block.replace(b",", b".")
        plain = parse_fixed_point(block, delimiter, n_columns)
        if plain is not None:
            return plain if self.columns == tuple(range(n_columns)) else plain[:, self.columns]
        if b'"' in block or not _cells_per_line_are(block, delimiter, n_columns):
            return None
        try:
            values = np.loadtxt(
                block.decode("latin-1")[:-1].split("\n"),
                delimiter=delimiter,
                comments=None,
                usecols=self.columns,
                ndmin=2,
            )
        except ValueError:
            return None
        return values if len(values) == block.count(b"\n") else None

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
