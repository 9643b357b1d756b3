"""Write a session as it happens: what was appended is on disk, whatever comes next."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from recordings.csv_session.events_csv import encode_events
from recordings.csv_session.layout import (
    EVENTS_FILE,
    METADATA_FILE,
    row_format,
    sensor_columns,
    sensor_file,
)
from recordings.csv_session.metadata_json import encode_metadata
from recordings.errors import OutputError
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement
from recordings.samples import ImuSamples
from recordings.session import Session

_ROWS_AT_ONCE = 4096


class Durability(StrEnum):
    """What `SessionWriter.append` promises when it returns."""

    BUFFERED = "buffered"
    """Nothing: rows may wait in memory until `flush`. For conversions."""
    FLUSHED = "flushed"
    """The rows are with the operating system: they survive a crash of the program."""
    SYNCED = "synced"
    """The rows are on the disk: they survive a loss of power. Costs milliseconds a call."""


class SessionWriter:
    """A new session folder that grows by appended samples and events.

    The folder and its files are readable by their owner alone. Nothing that exists is ever
    overwritten, except ``session.json`` by its own newer version, atomically.

    Parameters
    ----------
    folder : path
        Must not exist yet; its parent must.
    metadata : SessionMetadata
        Written before the first sample.
    durability : Durability

    Raises
    ------
    OutputError
        If the folder exists or cannot be made.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        metadata: SessionMetadata,
        *,
        durability: Durability = Durability.FLUSHED,
    ) -> None:
        self.folder = Path(folder)
        self.durability = durability
        self._files: dict[str, BinaryIO] = {}
        self._has_mag: dict[Placement, bool] = {}
        self._last_time_s: dict[Placement, float] = {}
        _make_private_folder(self.folder)
        try:
            self.replace_metadata(metadata)
        except OutputError:
            with suppress(OSError):
                self.folder.rmdir()
            raise

    def append(self, samples: ImuSamples) -> ImuSamples:
        """Append samples of one sensor, rounded to the stored decimals.

        Returns
        -------
        ImuSamples
            The samples as a reader of the file will see them, bit for bit.

        Raises
        ------
        ValueError
            If a value is not finite, time does not strictly increase (also after rounding),
            or a magnetic field comes or goes within the session. Nothing is written then.
        OutputError
            If the disk is full or gone.
        """
        stored = samples.quantised()
        if not len(stored):
            return stored
        placement = stored.placement
        has_mag = stored.mag_ut is not None
        table = _table(stored)
        last = self._last_time_s.get(placement, -np.inf)
        if not np.isfinite(table).all():
            raise ValueError(f"{placement.value}: samples must be finite; leave lost ones out")
        if not (np.diff(stored.time_s, prepend=last) > 0).all():
            raise ValueError(f"{placement.value}: time_s must strictly increase, to the µs")
        if self._has_mag.setdefault(placement, has_mag) != has_mag:
            raise ValueError(f"{placement.value}: mag_ut must be there always or never")
        name = sensor_file(placement)
        with self._write_errors(name):
            file = self._file(name, ",".join(sensor_columns(has_mag=has_mag)) + "\n")
            line = row_format(has_mag=has_mag)
            for start in range(0, len(table), _ROWS_AT_ONCE):
                part = table[start : start + _ROWS_AT_ONCE]
                file.write((line * len(part) % tuple(part.ravel().tolist())).encode("ascii"))
            self._settle(file)
        self._last_time_s[placement] = float(stored.time_s[-1])
        return stored

    def add_events(self, events: Iterable[SessionEvent]) -> None:
        """Append rows to ``events.csv``.

        Raises
        ------
        OutputError
            If the disk is full or gone.
        """
        rows = encode_events(list(events), header=False)
        if not rows:
            return
        with self._write_errors(EVENTS_FILE):
            file = self._file(EVENTS_FILE, encode_events([], header=True).decode())
            file.write(rows)
            self._settle(file)

    def replace_metadata(self, metadata: SessionMetadata) -> None:
        """Write ``session.json`` anew; a crash leaves the old one or the new one, whole.

        Raises
        ------
        OutputError
            If the disk is full or gone.
        """
        temporary = self.folder / f".{METADATA_FILE}.new"
        with self._write_errors(METADATA_FILE):
            temporary.unlink(missing_ok=True)
            try:
                with _open_private(temporary) as file:
                    file.write(encode_metadata(metadata))
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(self.folder / METADATA_FILE)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
            _sync_folder(self.folder)

    def flush(self, *, to_disk: bool = False) -> None:
        """Hand all rows to the operating system, or see them onto the disk.

        Raises
        ------
        OutputError
            If the disk is full or gone.
        """
        for name, file in self._files.items():
            with self._write_errors(name):
                file.flush()
                if to_disk:
                    os.fsync(file.fileno())

    def close(self) -> None:
        """See all rows onto the disk and let go of the files. May be called twice.

        Raises
        ------
        OutputError
            If the disk is full or gone.
        """
        try:
            self.flush(to_disk=True)
        finally:
            while self._files:
                with suppress(OSError):  # what could not be flushed fails here again
                    self._files.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _file(self, name: str, header: str) -> BinaryIO:
        if name not in self._files:
            self._files[name] = _open_private(self.folder / name)
            self._files[name].write(header.encode())
        return self._files[name]

    def _settle(self, file: BinaryIO) -> None:
        if self.durability is not Durability.BUFFERED:
            file.flush()
        if self.durability is Durability.SYNCED:
            os.fsync(file.fileno())

    def _write_errors(self, name: str) -> _WriteErrors:
        return _WriteErrors(self.folder / name)


def write_session(session: Session, folder: str | os.PathLike[str]) -> None:
    """Write a whole session into a new folder, streaming from its sources.

    Raises
    ------
    OutputError
        If the folder exists or cannot be written.
    InputError
        If a source cannot be read to its end. A folder that did not become whole is removed
        again.
    """
    writer = SessionWriter(folder, session.metadata, durability=Durability.BUFFERED)
    try:
        writer.add_events(session.events)
        for placement in session.placements:
            for samples in session.sources[placement].read():
                writer.append(samples)
        writer.close()
    except BaseException:
        with suppress(OutputError):
            writer.close()
        _remove_own_folder(writer.folder)
        raise


class _WriteErrors:
    """Turns the operating system's errors into ours, naming the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, FileExistsError):
            raise OutputError(
                f"{self._path} exists already; it was left as it is.",
                hint="Choose a new name.",
                reason="output_exists",
            ) from None
        if isinstance(error, OSError):
            raise OutputError(
                f"{self._path} cannot be written ({error.strerror or error}).",
                hint="Check that the disk has room and that you may write there.",
                reason="output_failed",
            ) from error


def _make_private_folder(folder: Path) -> None:
    with _WriteErrors(folder):
        folder.mkdir(mode=0o700)


def _open_private(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb", buffering=256 * 1024)


def _sync_folder(folder: Path) -> None:
    """Make renames in a folder last; Windows cannot and need not."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_own_folder(folder: Path) -> None:
    """Remove what this writer made; anything else in the folder keeps it."""
    names = {METADATA_FILE, EVENTS_FILE, *(sensor_file(p) for p in Placement)}
    for name in names:
        (folder / name).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def _table(samples: ImuSamples) -> np.ndarray:
    quantities = [samples.time_s[:, None], samples.acc_m_s2, samples.gyr_rad_s]
    if samples.mag_ut is not None:
        quantities.append(samples.mag_ut)
    return np.hstack(quantities)
