"""What ``session.json`` says about a session: wearer, sensors, settings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from recordings.placement import Placement

FORMAT_VERSION = 1

Sex = Literal["female", "male"]
TimingQuality = Literal["good", "low", "unknown"]


class Wearer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts about the wearer that change what is usual. All are optional."""

    name: str | None = None
    height_m: Annotated[float, Meta(ge=0.8, le=2.5)] | None = None
    leg_length_m: Annotated[float, Meta(ge=0.3, le=1.4)] | None = None
    mass_kg: Annotated[float, Meta(ge=15, le=400)] | None = None
    age_years: Annotated[float, Meta(ge=0, le=120)] | None = None
    sex: Sex | None = None


class ClockFit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a sensor's own clock was mapped to the session clock.

    ``session_s = device_s · (1 + drift_ppm · 1e-6) + offset_s``
    """

    offset_s: float
    drift_ppm: float
    residual_ms: float | None = None


class SensorInfo(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sensor as it was worn."""

    placement: Placement
    model: str = ""
    device_id: str = ""
    firmware: str = ""
    rate_hz: Annotated[float, Meta(gt=0)] | None = None
    acc_range_g: Annotated[float, Meta(gt=0)] | None = None
    gyr_range_dps: Annotated[float, Meta(gt=0)] | None = None
    timing_quality: TimingQuality = "unknown"
    clock: ClockFit | None = None
    samples_lost: Annotated[int, Meta(ge=0)] | None = None


class SecondZero(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Angles of the standing calibration pose that were measured by other means.

    An inclinometer, a goniometer or a therapist knows what sensors that are zeroed
    while standing cannot: how far that stance itself is from anatomical neutral.
    Signs are clinical (anterior tilt +, flexion +, knee past straight negative).
    """

    pelvis_tilt_deg: Annotated[float, Meta(ge=-45, le=60)] | None = None
    knee_flexion_left_deg: Annotated[float, Meta(ge=-40, le=60)] | None = None
    knee_flexion_right_deg: Annotated[float, Meta(ge=-40, le=60)] | None = None


class Settings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the wearer or therapist set and that changes results."""

    second_zero: SecondZero = field(default_factory=SecondZero)
    known_walk_distance_m: Annotated[float, Meta(gt=0)] | None = None
    """Distance covered by all walking of the session, if it was measured."""


class SessionMetadata(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The content of ``session.json``."""

    format_version: int = FORMAT_VERSION
    start_time: datetime | None = None
    """Wall-clock time of session time 0, with its UTC offset."""
    written_by: str = ""
    simulated: bool = False
    """True for a walk of the virtual wearer; shown wherever the session is shown."""
    wearer: Wearer = field(default_factory=Wearer)
    sensors: dict[Placement, SensorInfo] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    notes: str = ""
