"""Time stamps of foreign tables: to seconds, past midnight, and spread where they stand still."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np

from recordings.columns.mapping import TO_S, SensorColumns
from recordings.columns.units import guess_time_unit
from recordings.errors import InputError
from recordings.samples import FloatArray
from recordings.text_tables.clock_text import DAY_S
from recordings.text_tables.whole import WholeTable

_PAUSE_S = 0.25
"""A radio that pauses longer has lost samples; time stamps on both sides are trusted."""


def seconds(
    table: WholeTable, columns: SensorColumns, rate_hz: float | None, where: str
) -> tuple[FloatArray, SensorColumns]:
    """Time in seconds, and the columns with the time unit filled in.

    Raises
    ------
    InputError
        If there is neither a time column nor a rate, or its unit cannot be.
    """
    if columns.time is None:
        if rate_hz is None:
            raise InputError(
                f"{where}: no column of time could be recognised.",
                hint="Name it in a mapping (time), or give the sampling rate (rate_hz).",
                reason="time_unknown",
            )
        return np.arange(len(table.values)) / rate_hz, columns
    time = table.get([columns.time])[:, 0]
    unit = guess_time_unit(time, where, columns.time_unit)
    time_s = time * TO_S[unit]
    back = np.diff(time_s, prepend=time_s[:1])
    if unit == "s" and len(time_s) and np.nanmax(time_s) < DAY_S:
        # A clock without a date goes on after midnight.
        time_s = time_s + DAY_S * np.cumsum(back < -DAY_S / 2)
    return time_s, msgspec.structs.replace(columns, time_unit=unit)


def spread_bursts(time_s: FloatArray) -> tuple[FloatArray, int]:
    """Even time stamps within each stretch without a pause, if stamps stand still in it.

    Sensors without a clock are stamped as their packets arrive, several samples at once.

    Returns
    -------
    (ndarray, int)
        The time stamps, and how many stood still.
    """
    steps = np.diff(time_s)
    n_equal = int(np.count_nonzero(steps == 0))
    if not n_equal:
        return time_s, 0
    spread = time_s.copy()
    bounds = [0, *(np.flatnonzero(steps > _PAUSE_S) + 1), len(time_s)]
    for first, end in pairwise(bounds):
        if end - first > 2 and (steps[first : end - 1] >= 0).all():
            spread[first:end] = np.linspace(time_s[first], time_s[end - 1], end - first)
    return spread, n_equal
