"""What can go wrong with a radio, in words for the person who wears the sensors."""

from __future__ import annotations

from enum import StrEnum

from recordings.errors import SensorError


class Reason(StrEnum):
    """Reason codes of the `SensorError` that a transport's requests end with."""

    BLUETOOTH_OFF = "bluetooth_off"
    NO_ADAPTER = "no_adapter"
    PERMISSION_DENIED = "permission_denied"
    SERVICE_MISSING = "bluetooth_service_missing"
    BUSY = "bluetooth_busy"
    NOT_FOUND = "sensor_not_found"
    CONNECTION_FAILED = "connection_failed"
    NOT_CONNECTED = "not_connected"
    CHARACTERISTIC_MISSING = "characteristic_missing"
    NOT_SUPPORTED = "not_supported"
    REFUSED = "request_refused"
    TIMED_OUT = "timed_out"
    CLOSED = "transport_closed"
    RADIO_FAILED = "radio_failed"


RADIO_REASONS = frozenset(
    {Reason.BLUETOOTH_OFF, Reason.NO_ADAPTER, Reason.PERMISSION_DENIED, Reason.SERVICE_MISSING}
)
"""Reasons that concern the computer and not one sensor."""

_WORDS = {
    Reason.BLUETOOTH_OFF: ("Bluetooth is switched off.", "Switch it on."),
    Reason.NO_ADAPTER: (
        "This computer has no Bluetooth adapter that can reach sensors.",
        "Plug in a Bluetooth 4.2 (or later) dongle.",
    ),
    Reason.PERMISSION_DENIED: (
        "hipgait may not use Bluetooth.",
        "Allow it in the privacy settings; on Linux, add yourself to the group 'bluetooth' "
        "and log in again.",
    ),
    Reason.SERVICE_MISSING: (
        "The Bluetooth service does not run.",
        "On Linux: sudo systemctl start bluetooth.",
    ),
    Reason.BUSY: (
        "Bluetooth is busy with something else.",
        "It is tried again; if it stays so, close other programs that use Bluetooth.",
    ),
    Reason.NOT_FOUND: (
        "{sensor} was not found.",
        "Check that it is switched on, charged and near.",
    ),
    Reason.CONNECTION_FAILED: (
        "The connection to {sensor} failed.",
        "Bring it nearer; it is tried again.",
    ),
    Reason.NOT_CONNECTED: ("{sensor} is not connected.", ""),
    Reason.CHARACTERISTIC_MISSING: (
        "{sensor} lacks something that its kind has.",
        "Its firmware may be another one than expected.",
    ),
    Reason.NOT_SUPPORTED: ("{sensor} does not support what was asked.", ""),
    Reason.REFUSED: ("{sensor} refused a request.", ""),
    Reason.TIMED_OUT: ("{sensor} did not answer in time.", "Bring it nearer; it is tried again."),
    Reason.CLOSED: ("The radio was closed.", ""),
    Reason.RADIO_FAILED: ("Bluetooth failed.", "If it stays so, run 'hipgait doctor'."),
}


def problem(reason: Reason, address: str = "", detail: str = "") -> SensorError:
    """The error for `reason`.

    Parameters
    ----------
    reason : Reason
    address : str
        The sensor concerned, if it is one.
    detail : str
        What the machine said; kept in brackets where people can quote it.
    """
    what, hint = _WORDS[reason]
    what = what.format(sensor=f"Sensor {address}" if address else "The sensor")
    if detail:
        what = f"{what[:-1]} ({detail})."
    return SensorError(what, hint=hint, reason=reason)
