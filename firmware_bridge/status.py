"""What the bridge tells: the state of each sensor, and what came since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from firmware_bridge.transport.raw_stream import RawRecord
from recordings.errors import SensorError
from recordings.events import SessionEvent
from recordings.metadata import ClockFit, TimingQuality
from recordings.placement import Placement
from recordings.samples import ImuSamples, concatenate


class SensorState(StrEnum):
    """How a sensor is doing, for people; the value is the word to show."""

    SEARCHING = "searching"
    """Not found yet."""
    CONNECTING = "connecting"
    STREAMING = "streaming"
    WEAK = "weak"
    """Streams, but loses samples or falls silent for moments."""
    BATTERY_LOW = "battery low"
    """Streams well, and will not for long."""
    LOST = "lost"
    """Was there, is not; the next attempt is coming."""
    RECONNECTING = "reconnecting"

    @property
    def streams(self) -> bool:
        return self in (SensorState.STREAMING, SensorState.WEAK, SensorState.BATTERY_LOW)


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """One sensor at one moment.

    Attributes
    ----------
    address, name, family : str
    placement : Placement or None
        None while it is not assigned to the body.
    state : SensorState
    problem : SensorError or None
        Why the last attempt failed, in words for people.
    rate_hz : float
        Over the last 5 s.
    nominal_rate_hz : float
    recent_loss : float
        Share of samples lost over the last 5 s, 0 … 1.
    samples_received, samples_lost, samples_away, samples_late : int
        See `firmware_bridge.reorder.LossCount`. Of a sensor without a counter or clock, what
        is lost is estimated from arrival times, a few packets at least.
    gaps, restarts, malformed_packets, duplicate_packets, clipped_values : int
    battery_percent : float or None
    rssi_dbm : int or None
        When it was last heard advertising; links do not report it.
    clock : ClockFit
    timing_quality : {"good", "low", "unknown"}
    device_id, model, firmware : str
    acc_range_g, gyr_range_dps : float or None
    synchronised : bool
        It shares its clock with others of its kind, by their own radio.
    sync_problem : SensorError or None
        Why it does not, although that was asked for.
    """

    address: str
    name: str
    family: str
    placement: Placement | None
    state: SensorState
    problem: SensorError | None
    rate_hz: float
    nominal_rate_hz: float
    recent_loss: float
    samples_received: int
    samples_lost: int
    samples_away: int
    samples_late: int
    gaps: int
    restarts: int
    malformed_packets: int
    duplicate_packets: int
    clipped_values: int
    battery_percent: float | None
    rssi_dbm: int | None
    clock: ClockFit
    timing_quality: TimingQuality
    device_id: str
    model: str
    firmware: str
    acc_range_g: float | None
    gyr_range_dps: float | None
    synchronised: bool = False
    sync_problem: SensorError | None = None


@dataclass(frozen=True, slots=True)
class BridgeUpdate:
    """What came since the last look.

    Attributes
    ----------
    time_s : float
        Now, on the session clock.
    samples : tuple of ImuSamples
        In order within a placement; a placement occurs at most once.
    events : tuple of SessionEvent
        Dropouts that began or ended.
    raw : tuple of RawRecord
        Everything as it came, for ``raw.bin``.
    sensors : mapping of address to SensorStatus
        Empty in the updates that sinks get.
    tapped : str
        Address of the sensor that was tapped twice; empty if none was, see
        `Bridge.listen_for_taps`.
    radio_problem : SensorError or None
        What keeps the computer's own radio from working now.
    """

    time_s: float
    samples: tuple[ImuSamples, ...] = ()
    events: tuple[SessionEvent, ...] = ()
    raw: tuple[RawRecord, ...] = ()
    sensors: Mapping[str, SensorStatus] = field(default_factory=dict)
    tapped: str = ""
    radio_problem: SensorError | None = None


def merged(updates: Sequence[BridgeUpdate]) -> BridgeUpdate:
    """Consecutive updates in one piece; of the states, the latest."""
    last = updates[-1]
    return BridgeUpdate(
        last.time_s,
        _joined(samples for update in updates for samples in update.samples),
        tuple(event for update in updates for event in update.events),
        tuple(record for update in updates for record in update.raw),
        last.sensors,
        next((update.tapped for update in updates if update.tapped), ""),
        last.radio_problem,
    )


def _joined(samples: Iterable[ImuSamples]) -> tuple[ImuSamples, ...]:
    by_placement: dict[Placement, list[ImuSamples]] = {}
    for part in samples:
        by_placement.setdefault(part.placement, []).append(part)
    return tuple(concatenate(by_placement[p]) for p in Placement if p in by_placement)
