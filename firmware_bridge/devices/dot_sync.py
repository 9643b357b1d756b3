"""The hardware synchronisation of Movella DOT sensors: messages and their checksum.

After it all sensors share one clock (1 ppm at 30 min, under 4 ppm at 1 h, by the
manufacturer). The sequence: write `start_sync` to every sensor, the root's address in
it; disconnect all; wait about 14 s; reconnect; read `ACKNOWLEDGE` of each. Synchronised
sensors stay in measurement until `stop_sync`.

Source: Xsens DOT BLE Services Specifications (rev. 2021), "Message service".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from firmware_bridge.devices.base import Write
from recordings.errors import SensorError

MESSAGE_SERVICE = "15177000-4947-11e9-8646-d663bd873d93"
CONTROL = "15177001-4947-11e9-8646-d663bd873d93"
ACKNOWLEDGE = "15177002-4947-11e9-8646-d663bd873d93"
NOTIFICATION = "15177003-4947-11e9-8646-d663bd873d93"

SYNC_MESSAGE = 0x02
_START = 0x01
_STOP = 0x02
_ACKNOWLEDGEMENT = 0x03
_GET_STATUS = 0x08
_STATUS = 0x51


class SyncResult(IntEnum):
    """How a synchronisation ended."""

    SUCCESS = 0x00
    NO_SAMPLES = 0x05
    SKEW_TOO_LARGE = 0x07
    START_TIME = 0x08
    NOT_STARTED = 0x09


_FAILURES = {
    SyncResult.NO_SAMPLES: "it heard nothing of the others",
    SyncResult.SKEW_TOO_LARGE: "its clock runs too differently",
    SyncResult.START_TIME: "it began at the wrong time",
    SyncResult.NOT_STARTED: "it did not begin",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the message service."""

    identifier: int
    payload: bytes


def build_message(identifier: int, payload: bytes) -> bytes:
    """Identifier, length, payload and the byte that makes their sum 0 modulo 256."""
    body = bytes((identifier, len(payload))) + payload
    return body + bytes((-sum(body) & 0xFF,))


def parse_message(data: bytes) -> Message | None:
    """Read a message; None if its length or checksum is wrong. Padding may follow it."""
    if len(data) < 3:
        return None
    end = 2 + data[1] + 1
    if end > len(data) or sum(data[:end]) & 0xFF:
        return None
    return Message(data[0], bytes(data[2 : end - 1]))


def start_sync(root_address: str) -> Write:
    """Make a sensor synchronise itself with the root sensor.

    Parameters
    ----------
    root_address : str
        Bluetooth address of the root, ``D4:CA:6E:F1:69:3D``.

    Raises
    ------
    ValueError
        If it is no Bluetooth address (macOS knows none).
    """
    address = bytes.fromhex(root_address.replace(":", "").replace("-", ""))
    if len(address) != 6:
        raise ValueError(f"not a Bluetooth address: {root_address!r}")
    return Write(CONTROL, build_message(SYNC_MESSAGE, bytes((_START,)) + address[::-1]))


def stop_sync() -> Write:
    """End the synchronisation: needed before another one, and before start and stop work."""
    return Write(CONTROL, build_message(SYNC_MESSAGE, bytes((_STOP,))))


def ask_sync_status() -> Write:
    """Ask whether the sensor is synchronised; `is_synchronised` reads the answer."""
    return Write(CONTROL, build_message(SYNC_MESSAGE, bytes((_GET_STATUS,))))


def sync_result(data: bytes) -> SyncResult | None:
    """What `ACKNOWLEDGE` says of the last synchronisation; None if it says nothing of it."""
    message = parse_message(data)
    if message is None or message.identifier != SYNC_MESSAGE or len(message.payload) < 2:
        return None
    if message.payload[0] != _ACKNOWLEDGEMENT:
        return None
    try:
        return SyncResult(message.payload[1])
    except ValueError:
        return None


def is_synchronised(data: bytes) -> bool | None:
    """The answer to `ask_sync_status`; None if `data` is something else."""
    message = parse_message(data)
    if message is None or message.identifier != SYNC_MESSAGE or len(message.payload) < 2:
        return None
    if message.payload[0] != _STATUS:
        return None
    return message.payload[1] == 0x04


class DotSync:
    """The sequence as the bridge drives it; see `firmware_bridge.devices.base.HardwareSync`.

    Parameters
    ----------
    start : sequence of Write
        What makes a sensor measure.
    """

    duration_s = 14.0
    result_characteristic = ACKNOWLEDGE

    def __init__(self, start: Sequence[Write]) -> None:
        self._start = start

    def begin(self, root_address: str) -> Sequence[Write]:
        try:
            return (stop_sync(), start_sync(root_address))
        except ValueError:
            raise SensorError(
                "This computer does not tell the sensors' own addresses, which they need to "
                "synchronise.",
                hint="Record without it, or on Linux or Windows.",
                reason="sync_not_possible",
            ) from None

    def failure(self, result: bytes) -> str:
        code = sync_result(result)
        if code is None:
            return "it did not say how it went"
        return _FAILURES.get(code, "")

    def start(self) -> Sequence[Write]:
        return self._start

    def undo(self) -> Sequence[Write]:
        return (stop_sync(),)
