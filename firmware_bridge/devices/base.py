"""What a device family is: recognised while scanning, started, stopped, decoded.

A family is one file of this package. It is pure: bytes in, samples out, no I/O and no
clock of its own. Transport, clock fitting and recording live elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(slots=True)
class DeviceFacts:
    """What a connected sensor has said of itself so far; None or "" where it has not.

    Attributes
    ----------
    device_id : str
        The sensor's own identity, the same on every computer.
    model, firmware : str
    rate_hz : float or None
        Sampling rate that the sensor states (a nominal one).
    acc_range_g, gyr_range_dps : float or None
    battery_percent : float or None
    charging : bool or None
    """

    device_id: str = ""
    model: str = ""
    firmware: str = ""
    rate_hz: float | None = None
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
    battery_percent: float | None = None
    charging: bool | None = None


@dataclass(frozen=True, slots=True)
class SyncEcho:
    """A sensor's answer to a ping: its clock when the ping reached it."""

    token: bytes
    device_time_us: int
    """On the same unwrapped scale as `DecodedSamples.device_time_us`."""


class Decoder(Protocol):
    """Turns the notifications of one connected sensor into samples; keeps their state.

    One decoder serves a sensor for as long as it is worn: it is kept across reconnects,
    so that counters and clocks stay continuous.
    """

    malformed_packets: int
    """Packets, or parts of packets, that were not what the protocol promises."""
    duplicate_packets: int
    """Packets that came a second time; their samples were delivered once."""
    facts: DeviceFacts
    """Kept up to date by `feed`."""

    def feed(self, characteristic: str, data: bytes) -> DecodedSamples | None:
        """Decode one notification, or one value that was read; None if it completed no sample.

        Any bytes at all are accepted: what cannot be a sample is counted in
        `malformed_packets` and never becomes one. A packet that overtook another is
        returned when it comes, with its own (lower) counter and device time.
        """
        ...

    def reconnected(self, away_s: float) -> None:
        """Say that the link was down for `away_s` seconds of host time.

        Counters and clocks that may have wrapped meanwhile are unwrapped around what is
        expected after that time.
        """
        ...

    def take_echoes(self) -> Sequence[SyncEcho]:
        """Hand over the answers to pings that came since the last call."""
        ...


class HardwareSync(Protocol):
    """How sensors of one kind agree on one clock by their own radio, before they start.

    All are written `begin`; then every link is ended; after `duration_s` they are connected
    again, and `result_characteristic` tells how it went.
    """

    duration_s: float
    result_characteristic: str

    def begin(self, root_address: str) -> Sequence[Write]:
        """Writes that make a sensor follow the clock of the one with that address.

        Raises
        ------
        SensorError
            If that is no address that the sensors know.
        """
        ...

    def failure(self, result: bytes) -> str:
        """Why it failed, in words; empty if it succeeded."""
        ...

    def start(self) -> Sequence[Write]:
        """Writes that make a synchronised sensor stream; its settings cannot be changed then."""
        ...

    def undo(self) -> Sequence[Write]:
        """Writes that end the synchronisation."""
        ...


class DeviceFamily(Protocol):
    """One kind of sensor."""

    key: str
    """Short stable name, used in files: ``gait``, ``dot``, ``witmotion``."""
    label: str
    """Name for people."""
    has_clock: bool
    """False: samples carry no device time and timing quality is low."""
    default_rate_hz: float
    """The rate that `start` asks for, or that the sensor has, if none is named."""

    @property
    def sync(self) -> HardwareSync | None:
        """None where sensors of this kind know nothing of each other."""
        ...

    def recognises(self, advertisement: Advertisement) -> bool: ...

    def data_characteristics(self) -> Sequence[str]:
        """Characteristics to subscribe to before anything is started."""
        ...

    def status_characteristics(self) -> Sequence[str]:
        """Characteristics to read once after connecting, where the sensor has them.

        Those that can notify are subscribed to as well. Their values go to
        `Decoder.feed` like any notification, and to `start`.
        """
        ...

    def start(
        self, rate_hz: float | None = None, values: Mapping[str, bytes] | None = None
    ) -> Sequence[Write]:
        """Writes that make the sensor stream, in order.

        Parameters
        ----------
        rate_hz : float, optional
            Wanted rate. Families with a choice of rates raise `SensorError` if it is
            none of theirs; our own profile streams at its board's one rate.
        values : mapping of characteristic to bytes, optional
            What `status_characteristics` read: a family that can change a setting only
            together with others keeps the others as they are.
        """
        ...

    def stop(self) -> Sequence[Write]: ...

    def identify(self) -> Sequence[Write]:
        """Make the sensor blink; empty where it cannot."""
        ...

    def ping(self, token: bytes) -> Sequence[Write]:
        """Ask for the sensor's clock; empty where it cannot say. `token` has 8 bytes."""
        ...

    def battery_request(self) -> Sequence[Write]:
        """Writes that make the sensor report its battery; empty where it does so by itself."""
        ...

    def decoder(self) -> Decoder: ...
