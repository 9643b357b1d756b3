"""What a device family is: recognised while scanning, started, stopped, decoded.

A family is one file of this package. It is pure: bytes in, samples out, no I/O and no
clock of its own. Transport, clock fitting and recording live elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a sensor says of itself before anybody connects.

    Attributes
    ----------
    address : str
        The transport's handle: a MAC address, on macOS a per-computer UUID.
    name : str
        Local name, empty if none was sent.
    service_uuids : tuple of str
        Lower-case 128-bit UUIDs.
    manufacturer_data : dict of int to bytes
    rssi_dbm : int or None
    """

    address: str
    name: str = ""
    service_uuids: tuple[str, ...] = ()
    manufacturer_data: dict[int, bytes] = field(default_factory=dict)
    rssi_dbm: int | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes for one characteristic."""

    characteristic: str
    data: bytes
    with_response: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class DecodedSamples:
    """The samples of one or more packets, in the order in which they were taken.

    Attributes
    ----------
    acc_m_s2, gyr_rad_s : ndarray, shape (n, 3)
        Sensor frame, SI units.
    counter : ndarray of int64, shape (n,), or None
        Unwrapped sample number; a step of more than 1 is a loss. None where the device
        has no counter.
    device_time_us : ndarray of int64, shape (n,), or None
        Unwrapped device clock. None where the device sends no clock.
    restarted : bool
        The device's counter or clock began anew before these samples (it rebooted).
    clipped : int
        Number of values at the end of the sensor's range.
    """

    acc_m_s2: NDArray[np.float64]
    gyr_rad_s: NDArray[np.float64]
    counter: NDArray[np.int64] | None = None
    device_time_us: NDArray[np.int64] | None = None
    restarted: bool = False
    clipped: int = 0

    def __len__(self) -> int:
        return self.acc_m_s2.shape[0]


class Decoder(Protocol):
    """Turns the notifications of one connected sensor into samples; keeps their state."""

    malformed_packets: int
    """Packets, or parts of packets, that were not what the protocol promises."""

    def feed(self, characteristic: str, data: bytes) -> DecodedSamples | None:
        """Decode one notification; None if it completed no sample.

        Any bytes at all are accepted: what cannot be a sample is counted in
        `malformed_packets` and never becomes one.
        """
        ...


class DeviceFamily(Protocol):
    """One kind of sensor."""

    key: str
    """Short stable name, used in files: ``gait``, ``dot``, ``witmotion``."""
    label: str
    """Name for people."""
    has_clock: bool
    """False: samples carry no device time and timing quality is low."""

    def recognises(self, advertisement: Advertisement) -> bool: ...

    def data_characteristics(self) -> Sequence[str]:
        """Characteristics to subscribe to before anything is started."""
        ...

    def start(self, rate_hz: float | None = None) -> Sequence[Write]: ...

    def stop(self) -> Sequence[Write]: ...

    def identify(self) -> Sequence[Write]:
        """Make the sensor blink; empty where it cannot."""
        ...

    def decoder(self) -> Decoder: ...
