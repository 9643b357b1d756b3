"""A whole table at once: for foreign files, which are converted and not streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from recordings.containers import Container
from recordings.errors import FormatError
from recordings.samples import FloatArray
from recordings.text_tables.block_parser import RowFindings
from recordings.text_tables.dialect import Dialect, decode_line, row_cells
from recordings.text_tables.rows import TableRows


@dataclass(frozen=True, slots=True, eq=False)
class WholeTable:
    """Some columns of a table, NaN where a cell is empty.

    Attributes
    ----------
    columns : tuple of str
        The names of the columns that were read.
    values : ndarray, shape (n, k)
    findings : RowFindings
    where : str
        The name of the file, for messages.
    """

    columns: tuple[str, ...]
    values: FloatArray
    findings: RowFindings
    where: str

    def get(self, names: Sequence[str]) -> FloatArray:
        """The columns of the given names, shape (n, len(names))."""
        return self.values[:, [self.columns.index(name) for name in names]]


def load_table(
    container: Container, name: str, choose: Callable[[Dialect], Sequence[str]]
) -> WholeTable:
    """Read the columns that `choose` picks from the header.

    Raises
    ------
    FormatError
        If a chosen column is not there or twice, or a row is not what it must be.
    """
    where = container.where(name)
    with container.open(name) as stream:
        table = TableRows(stream, where)
        wanted = tuple(dict.fromkeys(choose(table.dialect)))
        header = table.dialect.columns
        for column in wanted:
            if header.count(column) != 1:
                raise FormatError(
                    f"{where} has {'no' if column not in header else 'two'} columns {column!r}.",
                    hint="Its columns are: " + ", ".join(header[:60]) + ".",
                    reason="columns_missing",
                )
        rows = list(table.read([header.index(c) for c in wanted], keep_missing=True))
    values = np.concatenate([r.values for r in rows]) if rows else np.empty((0, len(wanted)))
    return WholeTable(wanted, values, table.findings, where)


def heads(
    container: Container, suffixes: Sequence[str], n_bytes: int = 4096
) -> Iterator[tuple[str, bytes]]:
    """Name and first bytes of each file with one of the suffixes."""
    for name in container.file_names():
        if name.lower().endswith(tuple(suffixes)):
            with container.open(name) as stream:
                yield name, stream.read(n_bytes)


def load_text_column(container: Container, name: str, column: str) -> list[str]:
    """One column as text: row for row that of `load_table` on the same file.

    A last line that was cut off may be at its end.
    """
    where = container.where(name)
    with container.open(name) as stream:
        dialect = TableRows(stream, where).dialect
    index = dialect.columns.index(column)
    cells: list[str] = []
    with container.open(name) as stream:
        stream.read(dialect.body_offset)
        for raw in stream:
            line = raw.rstrip(b"\r\n\x00")
            if line.strip():
                row = row_cells(decode_line(line), dialect.delimiter, len(dialect.columns))
                cells.append(row[index] if index < len(row) else "")
    return cells
