"""Time stamps of one file: strictly increasing, or said where not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from recordings.errors import FormatError
from recordings.samples import FloatArray
from recordings.text_tables.block_parser import Rows


@dataclass(slots=True)
class TimeOrder:
    """Checks the time order of a file while it streams by.

    A row that repeats the one before it in every cell adds nothing: it is left out and
    counted. A time stamp that stands still with other values, or goes back, is an error:
    no guess can tell which of the rows is the true one.

    Parameters
    ----------
    where : str
        The name of the file for messages. Time is the first column of its rows.
    """

    where: str
    duplicate_rows: int = 0
    first_duplicate_line: int = 0
    _last: FloatArray | None = field(default=None, init=False)

    def check(self, rows: Rows) -> Rows:
        """The rows without exact duplicates.

        Raises
        ------
        FormatError
            At the first time stamp that does not increase; the message names its line.
        """
        values, lines = rows.values, rows.lines
        if not len(values):
            return rows
        before = values[:1] if self._last is None else self._last[None]
        step = np.diff(values[:, 0], prepend=before[:, 0])
        if self._last is None:
            step[0] = 1.0
        self._last = values[-1].copy()
        stalled = np.flatnonzero(step <= 0.0)
        if not len(stalled):
            return rows
        previous = np.concatenate([before, values[:-1]])
        duplicate = np.zeros(len(values), dtype=bool)
        duplicate[stalled] = (values[stalled] == previous[stalled]).all(axis=1)
        wrong = stalled[~duplicate[stalled]]
        if len(wrong):
            self._refuse(int(lines[wrong[0]]), values[wrong[0], 0], previous[wrong[0], 0])
        self.first_duplicate_line = self.first_duplicate_line or int(lines[stalled[0]])
        self.duplicate_rows += len(stalled)
        return Rows(values[~duplicate], lines[~duplicate])

    def _refuse(self, line: int, time_s: float, previous_s: float) -> None:
        if time_s == previous_s:
            raise FormatError(
                f"{self.where}, line {line}: a second, different sample at {time_s:.6f} s.",
                hint="Remove the wrong one of the two rows.",
                reason="time_duplicate",
            )
        raise FormatError(
            f"{self.where}, line {line}: time goes back from {previous_s:.6f} s to {time_s:.6f} s.",
            hint="If a second recording begins there, move its rows to a session of their own.",
            reason="time_backward",
        )
