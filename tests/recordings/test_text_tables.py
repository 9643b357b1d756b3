"""Numbers out of text: the fast way gives what float() gives, or gives way."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.errors import FormatError
from recordings.text_tables.clock_text import clock_seconds
from recordings.text_tables.dialect import sniff
from recordings.text_tables.fixed_point import parse_fixed_point
from recordings.text_tables.rows import TableRows

plain_decimals = st.from_regex(r"-?[0-9]{1,8}\.[0-9]{1,7}", fullmatch=True)
any_cells = st.one_of(
    plain_decimals,
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["", "nan", "-", ".5", "5.", "-.5", "1e5", "+1.0", "--1.0", "1.2.3", "1,5",
                     "12345678.12345678", "123456789.1", "0x1.8", "1_0.0", "١.٢", " 1.0 ", "1.0-"]),
)  # fmt: skip


@given(st.lists(st.tuples(plain_decimals, plain_decimals, plain_decimals), min_size=1))
def test_plain_decimals_are_read_as_float_reads_them(rows) -> None:
    block = "".join(",".join(row) + "\n" for row in rows).encode()
    found = parse_fixed_point(block, ",", 3)
    assert found is not None
    assert found.tobytes() == np.array([[float(c) for c in row] for row in rows]).tobytes()


@given(st.lists(any_cells, min_size=1, max_size=12), st.integers(1, 4))
def test_whatever_the_cells_the_fast_way_is_right_or_gives_way(cells, n_columns: int) -> None:
    lines = [",".join(cells[i : i + n_columns]) for i in range(0, len(cells), n_columns)]
    found = parse_fixed_point("".join(f"{line}\n" for line in lines).encode(), ",", n_columns)
    if found is None:
        return
    assert all(line.count(",") == n_columns - 1 for line in lines)
    wanted = np.array([float(cell) for line in lines for cell in line.split(",")])
    assert found.tobytes() == wanted.tobytes()


def test_negative_zero_keeps_its_sign() -> None:
    found = parse_fixed_point(b"-0.000000,0.000000\n", ",", 2)
    assert found is not None
    assert np.signbit(found).tolist() == [[True, False]]


@given(st.lists(st.lists(any_cells, min_size=3, max_size=5), max_size=12), st.integers(1, 40))
def test_reading_is_the_same_however_the_file_is_cut_into_blocks(rows, size: int) -> None:
    text = "a,b,c\n1.0,2.0,3.0\n" + "".join(",".join(row) + "\n" for row in rows)
    data = text.encode()
    outcomes = []
    for step in (size, len(data)):
        table = TableRows(_Dripping(data, step), "x.csv")  # type: ignore[arg-type]
        try:
            parts = list(table.read([0, 1, 2]))
            outcomes.append(
                (
                    np.concatenate([p.values for p in parts]).tobytes(),
                    np.concatenate([p.lines for p in parts]).tolist(),
                    table.findings,
                )
            )
        except FormatError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


class _Dripping(io.BytesIO):
    """A stream that gives a few bytes at a time, as a slow pipe does."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self._step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._step if size is None or size < 0 else min(size, self._step))


@pytest.mark.parametrize(
    ("text", "columns", "delimiter", "comma", "body_line"),
    [
        ("a,b,c\n1,2,3\n", "a b c", ",", False, 2),
        ("a;b;c\n1,5;2;3\n", "a b c", ";", True, 2),
        ("a;b;c\n1.5;2;3\n", "a b c", ";", False, 2),
        ("a\tb\tc\n1,5\t2,0\t3\n", "a b c", "\t", True, 2),
        ("\ufeffa,b,c\r\n1,2,3\r\n", "a b c", ",", False, 2),
        ("sep=,\nTag:,7\n\na, b ,c\n1,2,3\n", "a b c", ",", False, 5),
        ("// Rate: 100.0Hz\na\tb\tc\td\n1\t\t\t2\n", "a b c d", "\t", False, 3),
        ('"a","b","c"\n"1","2","3"\n', "a b c", ",", False, 2),
        ("a,b,c,\n1,2,3,\n", "a b c", ",", False, 2),
    ],
)
def test_layouts(text, columns, delimiter, comma, body_line) -> None:
    data = text.encode()
    found = sniff(data, "x")
    assert list(found.columns) == columns.split()
    assert (found.delimiter, found.decimal_comma, found.body_line) == (delimiter, comma, body_line)
    assert data[found.body_offset :].decode().lstrip('"')[0] == "1"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10:11:12.345", 36672.345),
        ("0:00:01", 1.0),
        ("1970-01-02 00:00:01.5", 86401.5),
        ("1970-1-2T00:00:01.5Z", 86401.5),
        ("1970/01/02 00:00:00:250", 86400.25),
        ("2026-02-30 00:00:00", None),
        ("12.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_clock_times(text: str, seconds: float | None) -> None:
    found = clock_seconds(text)
    assert found == seconds if seconds is None else math.isclose(found or 0, seconds)
