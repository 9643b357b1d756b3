"""The device families that hipgait knows."""

from __future__ import annotations

from firmware_bridge.devices.base import Advertisement, DeviceFamily
from firmware_bridge.devices.dot import Dot
from firmware_bridge.devices.gait_profile import GaitProfile
from firmware_bridge.devices.witmotion import WitMotion

FAMILIES: dict[str, DeviceFamily] = {
    family.key: family for family in (GaitProfile(), Dot(), WitMotion())
}
"""Family by key, in the order in which an advertisement is offered to them."""


def recognise(advertisement: Advertisement) -> DeviceFamily | None:
    """The family that an advertisement belongs to; None for a stranger's headphones."""
    return next((f for f in FAMILIES.values() if f.recognises(advertisement)), None)
