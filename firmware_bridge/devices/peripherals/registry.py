"""A sensor model for each device family."""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.devices.peripherals.base import Peripheral
from firmware_bridge.devices.peripherals.dot import DotPeripheral
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.devices.peripherals.witmotion import WitMotionPeripheral

PERIPHERALS: dict[str, Callable[[], Peripheral]] = {
    "gait": GaitPeripheral,
    "dot": DotPeripheral,
    "witmotion": WitMotionPeripheral,
}
"""Family key → model, with the model's defaults."""
