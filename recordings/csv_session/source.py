"""The samples of one sensor file, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from recordings.containers import Container
from recordings.csv_session.layout import MAG_COLUMNS, REQUIRED_COLUMNS, sensor_file
from recordings.csv_session.time_order import TimeOrder
from recordings.errors import FormatError
from recordings.placement import Placement
from recordings.samples import LARGEST_MEASURABLE, ImuSamples
from recordings.session import Remark
from recordings.text_tables.block_parser import RowFindings, Rows
from recordings.text_tables.rows import TableRows


@dataclass(slots=True)
class CsvSource:
    """A `SampleSource` over one sensor file of a session folder or zip.

    Memory does not grow with the length of the file.

    Parameters
    ----------
    container : Container
    placement : Placement
    """

    container: Container
    placement: Placement
    _remarks: tuple[Remark, ...] = field(default=(), init=False)

    @property
    def where(self) -> str:
        """The name of the file for messages."""
        return self.container.where(sensor_file(self.placement))

    @property
    def read_remarks(self) -> tuple[Remark, ...]:
        """What the last complete pass of `read` found odd."""
        return self._remarks

    def check_header(self) -> None:
        """Look at the first lines only.

        Raises
        ------
        FormatError
            If the file does not begin with the columns of a session.
        """
        with self.container.open(sensor_file(self.placement)) as stream:
            self._column_indices(TableRows(stream, self.where).dialect.columns)

    def read(self) -> Iterator[ImuSamples]:
        """Yield all samples in time order; see `SampleSource.read`.

        Raises
        ------
        FormatError
            At the first row that cannot be used; the message names file, line and column.
        """
        order = TimeOrder(self.where)
        all_zero = True
        n_samples = 0
        with self.container.open(sensor_file(self.placement)) as stream:
            table = TableRows(stream, self.where)
            for read_rows in table.read(self._column_indices(table.dialect.columns)):
                rows = order.check(read_rows)
                values = rows.values
                n_samples += len(values)
                peak = np.abs(values[:, 1:7]).max(initial=0.0)
                if peak > LARGEST_MEASURABLE:
                    self._refuse_size(rows)
                all_zero = all_zero and peak == 0.0
                yield ImuSamples(
                    self.placement,
                    values[:, 0].copy(),
                    values[:, 1:4],
                    values[:, 4:7],
                    values[:, 7:10] if values.shape[1] == 10 else None,
                )
        self._remarks = tuple(
            Remark(reason, f"{self.where}{text}", self.placement)
            for reason, text in (
                *describe_findings(table.findings),
                *_describe_order(order),
                *_describe_content(n_samples, all_zero=all_zero),
            )
        )

    def _refuse_size(self, rows: Rows) -> None:
        row, column = np.argwhere(np.abs(rows.values[:, 1:7]) > LARGEST_MEASURABLE)[0]
        raise FormatError(
            f"{self.where}, line {rows.lines[row]}, column {REQUIRED_COLUMNS[column + 1]}:"
            f" {rows.values[row, column + 1]:.3g} is more than any sensor measures.",
            hint="Repair or remove that line.",
            reason="value_impossible",
        )

    def _column_indices(self, columns: tuple[str, ...]) -> list[int]:
        names = [column.lower() for column in columns]
        absent = [column for column in REQUIRED_COLUMNS if column not in names]
        if absent:
            raise FormatError(
                f"{self.where} lacks the column{'s' * (len(absent) > 1)} {', '.join(absent)}.",
                hint="A session file begins with the line " + ",".join(REQUIRED_COLUMNS) + ".",
                reason="columns_missing",
            )
        has_mag = all(column in names for column in MAG_COLUMNS)
        wanted = REQUIRED_COLUMNS + MAG_COLUMNS if has_mag else REQUIRED_COLUMNS
        doubled = [column for column in wanted if names.count(column) > 1]
        if doubled:
            raise FormatError(
                f"{self.where} has two columns called {doubled[0]}.",
                hint="Remove one of them.",
                reason="columns_doubled",
            )
        return [names.index(column) for column in wanted]


def describe_findings(findings: RowFindings) -> Iterator[tuple[str, str]]:
    """Reason and text (to follow the name of the file) for what was odd in the rows."""
    if findings.cut_off_line:
        yield (
            "last_line_cut_off",
            f", line {findings.cut_off_line}: the last line is cut off; it was left out.",
        )
    if findings.zero_bytes:
        yield (
            "zero_bytes_at_end",
            f" ends in {findings.zero_bytes} zero bytes, as after a loss of power;"
            " what was written before them is used.",
        )
    if findings.lost_rows:
        yield (
            "rows_without_value",
            f": {findings.lost_rows} rows with an empty or NaN cell (first: line"
            f" {findings.first_lost_line}) count as lost samples.",
        )


def _describe_order(order: TimeOrder) -> Iterator[tuple[str, str]]:
    if order.duplicate_rows:
        yield (
            "rows_duplicate",
            f": {order.duplicate_rows} rows that repeat the row before them (first: line"
            f" {order.first_duplicate_line}) were left out.",
        )


def _describe_content(n_samples: int, *, all_zero: bool) -> Iterator[tuple[str, str]]:
    if not n_samples:
        yield "no_samples", " holds no samples."
    elif all_zero:
        yield "all_zero", " holds nothing but zeros: the sensor recorded no motion."
