"""The specification of a virtual wearing: who, what they do, what deviates, which sensors.

A spec is a small TOML file. Every key has a default; an unknown key, an unknown word or a
value out of range is refused with the place where it stands.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from firmware_bridge.virtual_wearer.movements import (
    Bridge,
    Item,
    KneeLift,
    LateralLunge,
    Lie,
    Lunge,
    SingleLegSquat,
    SingleLegStance,
    Sit,
    Squat,
    Stairs,
    StepDown,
    StraightLegRaise,
)
from recordings.metadata import Sex
from recordings.placement import Placement, Side

Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Speed = Annotated[float, Meta(ge=0.3, le=2.0)]


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who walks. Angles in degrees, added to the usual curves; ratios multiply them."""

    name: str = ""
    height_m: Annotated[float, Meta(ge=1.2, le=2.2)] = 1.72
    sex: Sex = "female"
    age_years: Annotated[float, Meta(ge=5, le=110)] = 45
    mass_kg: Annotated[float, Meta(ge=20, le=250)] = 70
    speed_m_s: Speed = 1.25
    """Walking speed where the timeline gives none."""
    standing_tilt_deg: Annotated[float, Meta(ge=-10, le=30)] = 10.5
    standing_knee_left_deg: Annotated[float, Meta(ge=-25, le=30)] = 1.5
    standing_knee_right_deg: Annotated[float, Meta(ge=-25, le=30)] = 1.5
    standing_turn_left_deg: Annotated[float, Meta(ge=-30, le=30)] = 0.0
    standing_turn_right_deg: Annotated[float, Meta(ge=-30, le=30)] = 0.0
    """Thighs turned inward in quiet standing; a turn while walking is a deviation."""
    tilt_offset_deg: float = 0.0
    hip_offset_deg: float = 0.0
    hip_range_ratio: Annotated[float, Meta(ge=0.5, le=1.5)] = 1.0
    knee_loading_deg: float = 0.0
    knee_stance_deg: float = 0.0
    knee_swing_deg: float = 0.0
    obliquity_ratio: Annotated[float, Meta(ge=0, le=2.5)] = 1.0
    rotation_ratio: Annotated[float, Meta(ge=0, le=2.5)] = 1.0
    hip_rotation_ratio: Annotated[float, Meta(ge=0, le=3)] = 1.0
    shorter_leg: Side | None = None
    leg_length_difference_m: Annotated[float, Meta(ge=0, le=0.06)] = 0.0
    cadence_ratio: Annotated[float, Meta(ge=0.7, le=1.3)] = 1.0
    step_width_m: Annotated[float, Meta(ge=0.02, le=0.3)] = 0.10
    toe_out_left_deg: Annotated[float, Meta(ge=-40, le=40)] = 6.0
    toe_out_right_deg: Annotated[float, Meta(ge=-40, le=40)] = 6.0
    contact_lag_s: Annotated[float, Meta(ge=-0.06, le=0.12)] = 0.03
    """Initial contact to the highest forward speed of the pelvis; people differ by ±40 ms."""
    sway_ratio: Annotated[float, Meta(ge=0, le=3)] = 1.0
    ap_ratio: Annotated[float, Meta(ge=0.3, le=2)] = 1.0
    step_time_cv: Annotated[float, Meta(ge=0, le=0.2)] = 0.015
    step_length_cv: Annotated[float, Meta(ge=0, le=0.2)] = 0.02
    step_width_sd_m: Annotated[float, Meta(ge=0, le=0.1)] = 0.015


class Stand(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="stand"):
    """Stand still. `calibration` marks the standing calibration pose in the events."""

    duration_s: Positive = 5.0
    calibration: bool = False


class Walk(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="walk"):
    """Walk straight on. Without a speed, the person's own."""

    duration_s: Positive = 30.0
    speed_m_s: Speed | None = None


class SlowDown(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="slow_down"):
    """Walk on at a lower speed."""

    duration_s: Positive = 5.0
    speed_m_s: Speed = 0.6


class Turn(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="turn"):
    """Turn while walking, left +; 180 is a U-turn."""

    angle_deg: Annotated[float, Meta(ge=-360, le=360)] = 90.0


class UTurn(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="u_turn"):
    """Walk back the way one came."""

    towards: Literal["left", "right"] = "left"


class Stop(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="stop"):
    """Stop walking and stand."""

    duration_s: Positive = 2.0


class Stumble(Item, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="stumble"):
    """Catch a foot: one cut-short step, a quick long one, then walking on."""

    severity: Annotated[float, Meta(ge=0.2, le=1.0)] = 1.0


TimelineItem = (
    Stand
    | Walk
    | SlowDown
    | Turn
    | UTurn
    | Stop
    | Stumble
    | Squat
    | SingleLegSquat
    | StepDown
    | Sit
    | SingleLegStance
    | KneeLift
    | Lunge
    | LateralLunge
    | Stairs
    | Lie
    | Bridge
    | StraightLegRaise
)


class Deviation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One knob, turned on one side.

    `amount` is what a perfect lab would see change in the feature of that knob (degrees,
    percent or metres: see `deviations.KNOBS`).
    """

    kind: str
    side: Side
    amount: float
    from_s: NotNegative = 0.0
    over_s: NotNegative = 4.0
    """From its onset the deviation grows over this long; at time 0 it is there at once."""
    shank_share: Annotated[float, Meta(ge=0, le=1)] = 0.5
    """Knee hyperextension only: the part taken by the shank leaning back."""


class SensorFaults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is special about one sensor; what is not given here is drawn from `Sensors`."""

    mounting_deg: tuple[float, float, float] | None = None
    """Rotation vector sensor ← segment; without it a random one is drawn."""
    slip_s: NotNegative | None = None
    """When the strap slips."""
    slip_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Rotation vector by which it slips: about the axes forward, left, up of the segment."""
    joins_s: NotNegative = 0.0
    """The sensor starts to send this long after the session began."""
    battery_dies_s: Positive | None = None
    clock_offset_ms: float | None = None
    """What the session clock is off by for this sensor: stamped minus true time."""
    clock_drift_ppm: float | None = None


class Sensors(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the sensors are worn and how good they are. SDs are drawn per sensor and axis."""

    placements: tuple[Placement, ...] = tuple(Placement)
    rate_hz: Annotated[float, Meta(ge=20, le=1000)] = 100.0
    mounting_deg: Annotated[float, Meta(ge=0, le=180)] = 20.0
    """Largest angle between sensor and segment axes; direction and size are random."""
    soft_tissue: Annotated[float, Meta(ge=0, le=3)] = 1.0
    """Size of the soft-tissue artefact; 0 is a sensor screwed to the bone."""
    gyr_noise_dps: NotNegative = 0.07
    acc_noise_m_s2: NotNegative = 0.02
    gyr_bias_dps: NotNegative = 0.4
    gyr_bias_drift_dps_per_min: NotNegative = 0.02
    acc_bias_m_s2: NotNegative = 0.04
    scale_error: Annotated[float, Meta(ge=0, le=0.1)] = 0.004
    bandwidth_hz: Positive = 40.0
    acc_range_g: Positive = 16.0
    gyr_range_dps: Positive = 2000.0
    clock_offset_ms: NotNegative = 1.0
    clock_drift_ppm: NotNegative = 0.0
    loss_share: Annotated[float, Meta(ge=0, le=0.9)] = 0.0
    loss_burst_ms: Positive = 50.0
    faults: dict[Placement, SensorFaults] = field(default_factory=dict)


class Spec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of one virtual wearing."""

    name: str = "virtual walk"
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)] = 0
    notes: str = ""
    person: Person = field(default_factory=Person)
    deviations: tuple[Deviation, ...] = ()
    timeline: tuple[TimelineItem, ...] = (
        Stand(duration_s=6.0, calibration=True),
        Walk(duration_s=60.0),
        UTurn(),
        Walk(duration_s=60.0),
        Stand(duration_s=3.0),
    )
    sensors: Sensors = field(default_factory=Sensors)
