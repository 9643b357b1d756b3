"""``raw.bin``: every packet of a session as it came, to be decoded again some day.

Layout, all numbers little-endian::

    file    8 bytes  b"HIPGRAW1"     the last character is the version
    record  u16      length of the body
            u32      CRC-32 of the body
            body     u8 kind, f64 time_s (session clock), then by kind:
      1 SENSOR   u8 sensor number, JSON: address, name, service_uuids, manufacturer_data
                 (hex by decimal company number), family, placement, characteristics
      2 PACKET   u8 sensor number, u8 characteristic number, the bytes
      3 NAME     u8 characteristic number, its UUID in ASCII
      4 LINK     u8 sensor number, u8 1 up or 0 lost
      5 VALUE    as PACKET, but read by the host and not notified

A record is complete or it is not there: reading ends at the first that is cut off or
damaged, which is what a crash or a flat battery leaves at the end of a file.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from firmware_bridge.devices.base import Advertisement
from recordings.errors import FormatError
from recordings.placement import Placement

RAW_FILE = "raw.bin"
MAGIC = b"HIPGRAW1"
SENSOR, PACKET, NAME, LINK, VALUE = 1, 2, 3, 4, 5

_HEAD = struct.Struct("<HI")
_BODY = struct.Struct("<Bd")


@dataclass(frozen=True, slots=True)
class RawSensor:
    """Whose packets a stream holds."""

    advertisement: Advertisement
    family: str
    placement: Placement | None = None
    characteristics: Mapping[str, frozenset[str]] = field(default_factory=dict)


class RawRecord(NamedTuple):
    """One record of a raw stream.

    Attributes
    ----------
    kind : int
        ``SENSOR``, ``PACKET``, ``LINK`` or ``VALUE``.
    time_s : float
    address : str
    characteristic : str
        Empty for ``SENSOR`` and ``LINK``.
    data : bytes
        For ``LINK`` one byte, 1 up or 0 lost.
    sensor : RawSensor
    """

    kind: int
    time_s: float
    address: str
    characteristic: str
    data: bytes
    sensor: RawSensor


class RawEncoder:
    """Turns packets into records. It numbers sensors and characteristics as they come."""

    def __init__(self) -> None:
        self._sensors: dict[str, int] = {}
        self._characteristics: dict[str, int] = {}

    def sensor(self, time_s: float, sensor: RawSensor) -> bytes:
        """Introduce a sensor, or say what changed about one (its placement)."""
        address = sensor.advertisement.address
        number = self._sensors.setdefault(address, len(self._sensors))
        text = json.dumps(_sensor_to_json(sensor), separators=(",", ":")).encode()
        return _record(SENSOR, time_s, bytes((number,)) + text)

    def packet(
        self, time_s: float, address: str, characteristic: str, data: bytes, kind: int = PACKET
    ) -> bytes:
        """One notification (or with kind VALUE, one value) of an introduced sensor."""
        names = b""
        number = self._characteristics.get(characteristic)
        if number is None:
            number = self._characteristics[characteristic] = len(self._characteristics)
            names = _record(NAME, time_s, bytes((number,)) + characteristic.encode("ascii"))
        return names + _record(kind, time_s, bytes((self._sensors[address], number)) + data)

    def encode(self, record: RawRecord) -> bytes:
        """Any record; its sensor must have been introduced, or it introduces itself."""
        if record.kind == SENSOR:
            return self.sensor(record.time_s, record.sensor)
        if record.kind == LINK:
            return self.link(record.time_s, record.address, up=record.data == b"\x01")
        return self.packet(
            record.time_s, record.address, record.characteristic, record.data, record.kind
        )

    def link(self, time_s: float, address: str, *, up: bool) -> bytes:
        return _record(LINK, time_s, bytes((self._sensors[address], up)))


def read_raw(source: str | Path | BinaryIO) -> Generator[RawRecord]:
    """Read a raw stream from its begin to the first record that is not whole.

    Raises
    ------
    FormatError
        If it is not a raw stream, or one of a version that is not known.
    """
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            yield from _read(file, str(source))
    else:
        yield from _read(source, "the raw stream")


def _read(file: BinaryIO, name: str) -> Generator[RawRecord]:
    if file.read(len(MAGIC)) != MAGIC:
        raise FormatError(
            f"{name} does not begin as a raw stream of version 1 does.",
            hint="It is another kind of file, or a newer hipgait wrote it.",
            reason="raw_not_recognised",
        )
    sensors: dict[int, RawSensor] = {}
    characteristics: dict[int, str] = {}
    while body := _next_body(file):
        kind, time_s = _BODY.unpack_from(body)
        number, rest = body[_BODY.size], body[_BODY.size + 1 :]
        if kind == NAME:
            characteristics[number] = rest.decode("ascii")
            continue
        if kind == SENSOR:
            sensors[number] = _sensor_from_json(json.loads(rest))
        sensor = sensors[number]
        characteristic = ""
        if kind in (PACKET, VALUE):
            characteristic, rest = characteristics[rest[0]], rest[1:]
        address = sensor.advertisement.address
        yield RawRecord(kind, time_s, address, characteristic, rest, sensor)


def _next_body(file: BinaryIO) -> bytes | None:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    length, checksum = _HEAD.unpack(head)
    body = file.read(length)
    if len(body) < length or length <= _BODY.size or zlib.crc32(body) != checksum:
        return None
    return body


def _record(kind: int, time_s: float, content: bytes) -> bytes:
    body = _BODY.pack(kind, time_s) + content
    return _HEAD.pack(len(body), zlib.crc32(body)) + body


def _sensor_to_json(sensor: RawSensor) -> dict[str, object]:
    advertisement = sensor.advertisement
    return {
        "address": advertisement.address,
        "name": advertisement.name,
        "service_uuids": list(advertisement.service_uuids),
        "manufacturer_data": {str(k): v.hex() for k, v in advertisement.manufacturer_data.items()},
        "family": sensor.family,
        "placement": sensor.placement,
        "characteristics": {k: sorted(v) for k, v in sensor.characteristics.items()},
    }


def _sensor_from_json(content: dict) -> RawSensor:
    return RawSensor(
        Advertisement(
            content["address"],
            content["name"],
            tuple(content["service_uuids"]),
            {int(k): bytes.fromhex(v) for k, v in content["manufacturer_data"].items()},
        ),
        content["family"],
        Placement(content["placement"]) if content["placement"] else None,
        {k: frozenset(v) for k, v in content["characteristics"].items()},
    )
