"""How a text table is written: encoding mark, preamble, header, separator, decimal sign."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass

from recordings.errors import FormatError

HEAD_BYTES = 128 * 1024
MAX_COLUMNS = 2_000
MAX_PREAMBLE_LINES = 60

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_COMMA_DECIMAL = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_FOREIGN_UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The layout of one text table.

    Attributes
    ----------
    columns : tuple of str
        The header cells, trimmed.
    preamble : tuple of str
        The lines above the header.
    delimiter : str
        One character.
    decimal_comma : bool
        Numbers are written ``1,5``.
    body_offset : int
        Byte at which the first data row begins.
    body_line : int
        Line number of the first data row; the first line of a file is line 1.
    """

    columns: tuple[str, ...]
    preamble: tuple[str, ...]
    delimiter: str
    decimal_comma: bool
    body_offset: int
    body_line: int


def sniff(head: bytes, where: str) -> Dialect:
    """Recognise the layout of a table from its first bytes.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` of the file, or all of a shorter one.
    where : str
        The name of the file, for messages.

    Raises
    ------
    FormatError
        If the file is empty, binary, in a wide encoding, has no header line, or has more
        columns than any recording.
    """
    _refuse_what_is_no_text(head, where)
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    lines = head[start:].split(b"\n")
    if len(lines) > 1 and len(head) >= HEAD_BYTES:
        lines.pop()  # cut by the end of the head, not by the end of the file
    texts = [decode_line(line).rstrip("\r") for line in lines[: MAX_PREAMBLE_LINES + 3]]
    offset = start
    for i, text in enumerate(texts[: MAX_PREAMBLE_LINES + 1]):
        offset += len(lines[i]) + 1
        following = next((t for t in texts[i + 1 :] if t.strip()), "")
        delimiter = _header_delimiter(text, following)
        if delimiter is None:
            continue
        columns = split_line(text, delimiter)
        if len(columns) > MAX_COLUMNS:
            raise FormatError(
                f"{where} has more than {MAX_COLUMNS} columns, which no recording has.",
                hint="Check that this is the right file.",
                reason="too_many_columns",
            )
        if i + 1 == len(lines):
            raise FormatError(
                f"{where} ends within its header line.",
                hint="The file was cut off; nothing of it can be used.",
                reason="header_cut_off",
            )
        cells = split_line(following, delimiter)
        commas = delimiter != "," and any(_COMMA_DECIMAL.fullmatch(c) for c in cells)
        return Dialect(
            columns=tuple(columns),
            preamble=tuple(texts[:i]),
            delimiter=delimiter,
            decimal_comma=commas,
            body_offset=offset,
            body_line=i + 2,
        )
    if len(lines) == 1 and len(head) >= HEAD_BYTES:
        columns = max(head.count(sep) for sep in (b",", b";", b"\t")) + 1
        raise FormatError(
            f"{where} has a first line of more than {HEAD_BYTES // 1024} kB"
            f" (over {columns} columns), which no recording has.",
            hint="Check that this is the right file.",
            reason="too_many_columns",
        )
    raise FormatError(
        f"{where} has no header line that names its columns.",
        hint="The first line must name the columns, for example time_s,acc_x_m_s2,…",
        reason="header_missing",
    )


def split_line(text: str, delimiter: str) -> list[str]:
    """The trimmed cells of one line; a separator at its very end adds no cell."""
    cells = _cells(text, delimiter)
    if len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def row_cells(text: str, delimiter: str, n_columns: int) -> list[str]:
    """The trimmed cells of a data row; an empty cell too many at its end is dropped.

    Unlike a header, a row may rightly end with an empty cell: a lost sample.
    """
    cells = _cells(text, delimiter)
    if len(cells) == n_columns + 1 and not cells[-1]:
        cells.pop()
    return cells


def _cells(text: str, delimiter: str) -> list[str]:
    if '"' in text:
        try:
            return [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), [])]
        except csv.Error:
            pass  # stray quotes and control characters: then the quotes are no quotes
    return [cell.strip() for cell in text.split(delimiter)]


def _header_delimiter(text: str, following: str) -> str | None:
    """The separator if `text` is a header and `following` its first row (or nothing)."""
    for delimiter in ("\t", ";", ","):
        names = split_line(text, delimiter)
        if len(names) < 3 or sum(map(_is_number, names)) > len(names) // 4:
            continue
        if not following:
            return delimiter
        cells = split_line(following, delimiter)
        as_wide = abs(len(cells) - len(names)) <= 1
        numeric = sum(_is_number(c) or not c or c.lower() == "nan" for c in cells)
        if as_wide and numeric >= max(3, len(cells) // 2):
            return delimiter
        if len(names) >= 7 and any(map(_is_number, cells)):
            return delimiter
    return None


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def decode_line(line: bytes) -> str:
    """Text of a line; headings from China come in GB 18030, others in Windows code pages."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _refuse_what_is_no_text(head: bytes, where: str) -> None:
    if not head.strip(b"\x00 \r\n\t"):
        raise FormatError(
            f"{where} is empty.",
            hint="The recording was lost before anything was written.",
            reason="file_empty",
        )
    if head.startswith(_FOREIGN_UNICODE) or head[1:64:2].count(0) > 16:
        raise FormatError(
            f"{where} is saved as UTF-16.",
            hint="Save it again as “CSV UTF-8”.",
            reason="encoding_unknown",
        )
    first_line = head.partition(b"\n")[0]
    if b"\x00" in first_line:
        raise FormatError(
            f"{where} is no text file.",
            hint="Check that this is the right file.",
            reason="not_text",
        )
