"""Standard Bluetooth services that every kind of sensor may have.

Source: Bluetooth SIG Assigned Numbers; Battery Service 1.0; Device Information Service 1.1.
"""

from __future__ import annotations

from firmware_bridge.devices.base import DeviceFacts


def uuid16(number: int) -> str:
    """The 128-bit form of a 16-bit assigned number, in lower case."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


BATTERY_SERVICE = uuid16(0x180F)
BATTERY_LEVEL = uuid16(0x2A19)
DEVICE_INFORMATION_SERVICE = uuid16(0x180A)
MODEL_NUMBER = uuid16(0x2A24)
SERIAL_NUMBER = uuid16(0x2A25)
FIRMWARE_REVISION = uuid16(0x2A26)
MANUFACTURER_NAME = uuid16(0x2A29)

STANDARD_STATUS = (BATTERY_LEVEL, MODEL_NUMBER, SERIAL_NUMBER, FIRMWARE_REVISION)
"""What `learn` understands."""


def learn(facts: DeviceFacts, characteristic: str, data: bytes) -> bool:
    """Take over the value of a standard characteristic.

    Returns
    -------
    bool
        False if the characteristic is a standard one but its value is not valid.

    Raises
    ------
    KeyError
        If `characteristic` is none of `STANDARD_STATUS`.
    """
    if characteristic == BATTERY_LEVEL:
        if len(data) != 1 or data[0] > 100:
            return False
        facts.battery_percent = float(data[0])
        return True
    attribute = _TEXTS[characteristic]
    try:
        text = bytes(data).rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not text.isprintable():
        return False
    setattr(facts, attribute, text)
    return True


_TEXTS = {
    MODEL_NUMBER: "model",
    SERIAL_NUMBER: "device_id",
    FIRMWARE_REVISION: "firmware",
}
