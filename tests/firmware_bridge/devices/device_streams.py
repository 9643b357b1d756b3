"""Sample streams for the tests of the device families."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices.base import DecodedSamples, Decoder
from firmware_bridge.devices.peripherals.base import Notification


def motion(n: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Accelerations (m/s²) and angular rates (rad/s) well inside every sensor's range."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-70, 70, (n, 3)), rng.uniform(-30, 30, (n, 3))


def instants(n: int, rate_hz: float, first_us: int = 0) -> NDArray[np.int64]:
    return first_us + np.rint(np.arange(n) * 1e6 / rate_hz).astype(np.int64)


def decode_all(decoder: Decoder, notifications: Iterable[Notification]) -> list[DecodedSamples]:
    parts = (decoder.feed(n.characteristic, n.data) for n in notifications)
    return [part for part in parts if part is not None]


def joined(parts: list[DecodedSamples], name: str) -> NDArray:
    return np.concatenate([getattr(part, name) for part in parts])
