"""What the process that reads a walk says to the window, and what it leaves in the cache."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from pipeline.results import Results
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement


class SeriesInfo(Struct, frozen=True):
    """How much of a series is in its files.

    Attributes
    ----------
    name : str
    rows, columns : int
    row_type : str
        numpy's name of the number type of the rows.
    time_crc, row_crc : int
        CRC-32 of the two files.
    """

    name: str
    rows: int
    columns: int
    row_type: str
    time_crc: int
    row_crc: int


class Gap(Struct, frozen=True):
    """A stretch without samples of one sensor."""

    start_s: float
    end_s: float
    placement: Placement


class Opened(Struct, frozen=True, tag=True):
    """The recording can be read; samples follow."""

    name: str
    metadata: SessionMetadata
    events: tuple[SessionEvent, ...]


class RawRead(Struct, frozen=True, tag=True):
    """So much of the samples can be looked at."""

    series: dict[Placement, SeriesInfo]
    gaps: tuple[Gap, ...]
    """Those that are new since the last message."""
    complete: bool


class Analysed(Struct, frozen=True, tag=True):
    """So much of the angles can be looked at."""

    angles: SeriesInfo
    until_s: float


class Finished(Struct, frozen=True, tag=True):
    """The document is written."""


class Failed(Struct, frozen=True, tag=True):
    """It ended; the sentence says why, and what to do."""

    problem: str


Message = Opened | RawRead | Analysed | Finished | Failed


class WalkDocument(Struct, frozen=True, kw_only=True):
    """All of an analysed walk except its series; the file that makes a cache entry complete."""

    name: str
    metadata: SessionMetadata
    events: tuple[SessionEvent, ...]
    gaps: tuple[Gap, ...]
    raw: dict[Placement, SeriesInfo]
    angles: SeriesInfo
    results: Results


_messages = msgspec.msgpack.Decoder(Message)


def encode_message(message: Message) -> bytes:
    return msgspec.msgpack.encode(message)


def decode_message(data: bytes) -> Message:
    return _messages.decode(data)


def encode_document(document: WalkDocument) -> bytes:
    """MessagePack (which knows NaN) after its own CRC-32."""
    body = msgspec.msgpack.encode(document, enc_hook=_plain)
    return zlib.crc32(body).to_bytes(4, "little") + body


def decode_document(data: bytes) -> WalkDocument:
    """The document.

    Raises
    ------
    ValueError
        If it is damaged, or of another form.
    """
    body = memoryview(data)[4:]
    if zlib.crc32(body) != int.from_bytes(data[:4], "little"):
        raise ValueError("the checksum does not fit")
    try:
        return msgspec.msgpack.decode(body, type=WalkDocument, dec_hook=_array)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value)} has no place in a walk")


def _array(_: type, value: Any) -> Any:
    """The only type that msgspec does not know is `FloatArray`."""
    return np.asarray(value, dtype=np.float64)
