"""Cells of the CSV files, as a spreadsheet should meet them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def text_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def flag_cell(flag: bool) -> str:
    return "true" if flag else "false"


def time_cell(time_s: float) -> str:
    """Session time with a tenth of a millisecond."""
    return f"{time_s:.4f}" if math.isfinite(time_s) else ""


def number_cell(value: float) -> str:
    """Six significant digits; empty where the value is not known."""
    return f"{value:.6g}" if math.isfinite(value) else ""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A whole table, UTF-8, comma separated, one line feed a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([text_cell(name) for name in header])
    writer.writerows(rows)
    return text.getvalue().encode()
