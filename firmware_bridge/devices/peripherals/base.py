"""What a model of a sensor offers to whoever carries its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices.base import Advertisement


class Notification(NamedTuple):
    """Bytes that the sensor hands to its radio."""

    characteristic: str
    data: bytes
    device_time_us: int
    """When it does so, on the sensor's own (not wrapped) clock."""


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic; `properties` are those of Bluetooth GATT.

    ``read``, ``write``, ``write-without-response``, ``notify``
    """

    uuid: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Service:
    uuid: str
    characteristics: tuple[Characteristic, ...]


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the sensor advertises."""

    name: str
    service_uuids: tuple[str, ...] = ()
    manufacturer_data: dict[int, bytes] = field(default_factory=dict)

    def from_address(self, address: str, rssi_dbm: int | None = None) -> Advertisement:
        """As a scanner would report it."""
        return Advertisement(
            address, self.name, self.service_uuids, self.manufacturer_data, rssi_dbm
        )


class WriteRefused(Exception):  # noqa: N818 - names what happened on the air, not an error of ours
    """The sensor answers a write with an ATT error (value not allowed)."""


class Peripheral(Protocol):
    """One sensor of a family, without radio and without a clock of its own.

    Time is given by the caller: microseconds of the sensor's clock, not wrapped, growing
    since the sensor was switched on.
    """

    streaming: bool

    @property
    def rate_hz(self) -> float:
        """The rate at which `encode` wants samples now; a write may change it."""
        ...

    def announcement(self) -> Announcement: ...

    def services(self) -> Sequence[Service]: ...

    def on_read(self, characteristic: str) -> bytes:
        """The value of a readable characteristic.

        Raises
        ------
        KeyError
            If there is no such characteristic or it cannot be read.
        """
        ...

    def on_write(self, characteristic: str, data: bytes, device_time_us: int) -> list[Notification]:
        """Take a write; returns what the sensor answers by notification.

        Raises
        ------
        WriteRefused
            If a real sensor would answer with an error.
        """
        ...

    def encode(
        self,
        acc_m_s2: NDArray[np.float64],
        gyr_rad_s: NDArray[np.float64],
        device_time_us: NDArray[np.int64],
    ) -> list[Notification]:
        """Take the samples of some instants; returns the packets that became complete.

        Samples taken while the sensor does not stream are gone, as on a real one; its
        counter, if it has one, counts them.

        Parameters
        ----------
        acc_m_s2, gyr_rad_s : ndarray, shape (n, 3)
            Sensor frame. Rounded and clipped as the sensor's converter does.
        device_time_us : ndarray of int64, shape (n,)
            Instants of the samples on the sensor's clock, increasing.
        """
        ...

    def on_disconnect(self) -> None:
        """The link is gone."""
        ...

    def reboot(self) -> None:
        """Begin anew, as after a flat battery; the caller's clock begins at 0 again too."""
        ...


def converted(
    values: NDArray[np.float64], scale: float, dtype: type[np.int16] = np.int16
) -> NDArray[np.int16]:
    """What a converter of 16 bits makes of `values`: rounded, and clipped at its range."""
    info = np.iinfo(dtype)
    return np.clip(np.rint(values / scale), info.min, info.max).astype(dtype)
