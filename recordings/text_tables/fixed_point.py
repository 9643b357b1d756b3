"""Plain decimals such as ``-12.34567``, a whole block of text at once.

Eight digits are turned into a number inside one 64-bit word, for all cells together
(the method of D. Lemire, "Quickly parsing eight digits", 2018). A decimal of up to 15
digits is an integer over a power of ten, both exact in float64, and one division rounds
correctly: the result is that of ``float(cell)``, bit for bit, at several times its speed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recordings.samples import FloatArray

_WORD = 8
_ZEROS = np.uint64(0x3030303030303030)
_ABOVE_NINE = np.uint64(0x7676767676767676)
_HIGH_BITS = np.uint64(0x8080808080808080)
_POWERS_OF_TEN = 10.0 ** np.arange(_WORD + 1)
_MAX_DIGITS = 15


def parse_fixed_point(block: bytes, delimiter: str, n_columns: int) -> FloatArray | None:
    """The numbers of a block of lines, each of them ``[-]digits.digits``.

    Parameters
    ----------
    block : bytes
        Whole lines, each with its line end.
    delimiter : str
        One character.
    n_columns : int
        Cells in each line.

    Returns
    -------
    ndarray, shape (n_lines, n_columns), or None
        None if any cell is written otherwise or a line has another number of cells.
    """
    text = np.frombuffer(b"0" * _WORD + block, dtype=np.uint8)
    separators = text == ord(delimiter)
    separators |= text == ord("\n")
    ends = np.flatnonzero(separators)
    points = np.flatnonzero(text == ord("."))
    if not len(ends) or len(ends) % n_columns or len(points) != len(ends):
        return None
    if not _ends_in_order(text[ends].reshape(-1, n_columns), delimiter):
        return None
    starts = np.empty_like(ends)
    starts[0] = _WORD
    starts[1:] = ends[:-1] + 1
    negative = text[starts] == ord("-")
    n_whole = points - starts - negative
    n_decimals = ends - points - 1
    shortest = min(int(n_whole.min()), int(n_decimals.min()))
    longest = max(int(n_whole.max()), int(n_decimals.max()))
    if shortest < 1 or longest > _WORD or int((n_whole + n_decimals).max()) > _MAX_DIGITS:
        return None
    # The eight bytes before any position, as one word; x86 and ARM read them unaligned.
    words = np.ndarray((len(text) - _WORD + 1,), dtype="<u8", buffer=text, strides=(1,))
    whole = _eight_digits(words[points - _WORD], n_whole)
    decimals = _eight_digits(words[ends - _WORD], n_decimals)
    if whole is None or decimals is None:
        return None
    scale = _POWERS_OF_TEN[n_decimals]
    values = (whole * scale + decimals) / scale
    np.negative(values, out=values, where=negative)
    return values.reshape(-1, n_columns)


def _ends_in_order(ends: NDArray[np.uint8], delimiter: str) -> bool:
    """True if each row of separators is delimiters and, last, a line end."""
    return bool((ends[:, -1] == ord("\n")).all() and (ends[:, :-1] == ord(delimiter)).all())


def _eight_digits(words: NDArray[np.uint64], n_digits: NDArray[np.int64]) -> FloatArray | None:
    """The number in the last `n_digits` bytes of each word; None if one is no digit."""
    words = words ^ _ZEROS
    shift = (np.uint64(8) * (_WORD - n_digits).astype(np.uint64)).astype(np.uint64)
    words >>= shift
    words <<= shift
    if (((words + _ABOVE_NINE) | words) & _HIGH_BITS).any():
        return None
    words = (words * np.uint64(2561)) >> np.uint64(8)
    words &= np.uint64(0x00FF00FF00FF00FF)
    words = (words * np.uint64(6553601)) >> np.uint64(16)
    words &= np.uint64(0x0000FFFF0000FFFF)
    words = (words * np.uint64(42949672960001)) >> np.uint64(32)
    return words.astype(np.float64)
