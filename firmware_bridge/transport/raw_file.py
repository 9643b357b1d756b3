"""``raw.bin`` of one session while it is written."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from firmware_bridge.transport.raw_stream import MAGIC, RawEncoder, RawRecord, RawSensor
from recordings.errors import OutputError


class RawFile:
    """A raw stream on disk that grows; readable by its owner only.

    Raises
    ------
    OutputError
        Wherever the disk is full or gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoder = RawEncoder()
        self._introduced: set[str] = set()
        with self._our_errors():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._file: BinaryIO = os.fdopen(os.open(path, flags, 0o600), "wb", 256 * 1024)
            self._file.write(MAGIC)

    def write(self, records: Iterable[RawRecord], sensors: Mapping[str, RawSensor]) -> None:
        """Append records; each sensor is introduced before its first one.

        Parameters
        ----------
        sensors : mapping of address to RawSensor
            What is known of them by now.
        """
        parts: list[bytes] = []
        for record in records:
            if record.address not in self._introduced:
                self._introduced.add(record.address)
                sensor = sensors.get(record.address, record.sensor)
                parts.append(self._encoder.sensor(record.time_s, sensor))
            parts.append(self._encoder.encode(record))
        with self._our_errors():
            self._file.write(b"".join(parts))

    def flush(self) -> None:
        """See everything onto the disk."""
        with self._our_errors():
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        try:
            self.flush()
        finally:
            with suppress(OSError):
                self._file.close()

    @contextmanager
    def _our_errors(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"{self._path} cannot be written ({error.strerror or error}).",
                hint="Check that the disk has room and that you may write there.",
                reason="output_failed",
            ) from error
