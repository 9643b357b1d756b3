"""A time series in two plain files that one process writes while another looks at it.

``NAME.time`` holds the times (float64), ``NAME.rows`` the rows, both little-endian and without a
header: what is in them is said elsewhere (`recorded.messages.SeriesInfo`). Whoever looks maps
as many rows as it was told of; memory is that of the pages that are looked at.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboards.recorded.messages import SeriesInfo

TIME_TYPE = np.dtype("<f8")
_CHECK_BYTES = 4 * 2**20


class SeriesWriter:
    """Appends rows; a context manager.

    Parameters
    ----------
    folder : Path
    name : str
        Of the series, and so of its files; they must not exist.
    columns : int
    row_type : str
        ``<f8``, or ``<f4`` for what is only drawn.
    """

    def __init__(self, folder: Path, name: str, columns: int, row_type: str) -> None:
        self._name, self._columns = name, columns
        self._type = np.dtype(row_type)
        self._times = _open_new(folder / f"{name}.time")
        self._values = _open_new(folder / f"{name}.rows")
        self._rows = self._time_crc = self._row_crc = 0

    def append(self, time_s: ArrayLike, values: ArrayLike) -> None:
        """Add rows; they can be looked at once this returns.

        Raises
        ------
        OSError
            If the disk is full.
        """
        times = np.ascontiguousarray(time_s, TIME_TYPE)
        rows = np.ascontiguousarray(values, self._type).reshape(len(times), self._columns)
        for stream, part in ((self._times, times), (self._values, rows)):
            stream.write(part.data)
            stream.flush()
        self._time_crc = zlib.crc32(times.data, self._time_crc)
        self._row_crc = zlib.crc32(rows.data, self._row_crc)
        self._rows += len(times)

    def info(self) -> SeriesInfo:
        """What has been written so far."""
        return SeriesInfo(
            self._name, self._rows, self._columns, self._type.str, self._time_crc, self._row_crc
        )

    def __enter__(self) -> SeriesWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._times.close()
        self._values.close()


def mapped(folder: Path, info: SeriesInfo) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
    """The rows of a series, without reading them.

    Returns
    -------
    time_s : ndarray, shape (n,)
    values : ndarray, shape (n, columns)

    Raises
    ------
    OSError, ValueError
        If the files are not there, or shorter than `info` says.
    """
    row_type = np.dtype(info.row_type)
    if not info.rows:
        return np.empty(0), np.empty((0, info.columns), row_type)
    times = np.memmap(folder / f"{info.name}.time", TIME_TYPE, "r", shape=(info.rows,))
    shape = (info.rows, info.columns)
    return times, np.memmap(folder / f"{info.name}.rows", row_type, "r", shape=shape)


def undamaged(folder: Path, info: SeriesInfo) -> bool:
    """Whether the files of a series hold exactly what was written."""
    row_bytes = info.columns * np.dtype(info.row_type).itemsize
    return _holds(folder / f"{info.name}.time", info.rows * 8, info.time_crc) and _holds(
        folder / f"{info.name}.rows", info.rows * row_bytes, info.row_crc
    )


def _holds(file: Path, size: int, crc: int) -> bool:
    try:
        if file.stat().st_size != size:
            return False
        found = 0
        with file.open("rb") as stream:
            while part := stream.read(_CHECK_BYTES):
                found = zlib.crc32(part, found)
    except OSError:
        return False
    return found == crc


def _open_new(file: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(file, flags, 0o600), "wb")
