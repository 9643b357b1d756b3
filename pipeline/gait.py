"""The words of a walk: events, strides and their curves, as the stages hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from recordings.placement import Side

FloatArray = NDArray[np.float64]

CYCLE_POINTS = 101
"""Points of a time-normalised curve: 0, 1 … 100 % of the gait cycle."""


class GaitEventKind(StrEnum):
    INITIAL_CONTACT = "initial_contact"
    FINAL_CONTACT = "final_contact"


@dataclass(frozen=True, slots=True, order=True)
class GaitEvent:
    """A foot touches or leaves the ground.

    Attributes
    ----------
    time_s : float
        Session time of the contact (already corrected for filter delay).
    kind : GaitEventKind
    side : Side or None
        The foot; None where only a pelvis sensor was worn.
    certain : bool
        False if the contact was placed by the rhythm of the leg because its own landmark
        was not found; such a contact counts against the stride's quality.
    """

    time_s: float
    kind: GaitEventKind
    side: Side | None
    certain: bool = True


class Curve(StrEnum):
    """Curves over one gait cycle, mirrored so that + means the same for both legs.

    Angles in degrees, zero at the standing calibration (convention B). Pelvis curves are
    seen from the stride's own leg: obliquity + = own side up (the other side drops),
    rotation + = own side forward, with the mean of the stride removed from rotation.
    """

    PELVIS_TILT = "pelvis_tilt_deg"
    PELVIS_OBLIQUITY = "pelvis_obliquity_deg"
    PELVIS_ROTATION = "pelvis_rotation_deg"
    HIP_FLEXION = "hip_flexion_deg"
    HIP_ADDUCTION = "hip_adduction_deg"
    HIP_ROTATION = "hip_rotation_deg"
    KNEE_FLEXION = "knee_flexion_deg"
    THIGH_INCLINATION = "thigh_inclination_deg"
    """Sagittal lean of the thigh, knee forward of the hip +."""
    THIGH_VELOCITY = "thigh_velocity_deg_s"
    """Sagittal angular velocity of the thigh, flexing +."""
    SHANK_INCLINATION = "shank_inclination_deg"
    """Sagittal lean of the shank, foot forward of the knee +."""
    PELVIS_ACC_FORWARD = "pelvis_acc_forward_m_s2"
    PELVIS_ACC_UP = "pelvis_acc_up_m_s2"
    """Gravity removed."""
    PELVIS_ACC_OWN_SIDE = "pelvis_acc_own_side_m_s2"
    """Towards the stride's own side."""


class Posture(StrEnum):
    """Means over one stride that stay put unless a sensor slips. Degrees."""

    THIGH_LEAN = "thigh_lean"
    THIGH_TILT = "thigh_tilt"
    THIGH_AXIS = "thigh_axis"
    """Direction of the swing axis about the thigh's long axis."""
    PELVIS_TILT = "pelvis_tilt"
    PELVIS_OBLIQUITY = "pelvis_obliquity"


class Exclusion(StrEnum):
    """Why a stride does not count towards the statistics of steady walking."""

    START = "start"
    STOP = "stop"
    TURN = "turn"
    GAP = "gap"
    EXCLUDED_SPAN = "excluded_span"
    UNCERTAIN_CONTACT = "uncertain_contact"
    IRREGULAR = "irregular"
    """Stride time or range far from its neighbours: a stumble, a shuffle, a freeze."""
    RUNNING = "running"
    SLIPPED_SENSOR = "slipped_sensor"
    NOT_WALKING_TASK = "not_walking_task"


@dataclass(frozen=True, slots=True)
class Stride:
    """One gait cycle of one leg: initial contact to the next one of the same side.

    Times are session seconds. Within a stride the order is: start (own initial contact),
    opposite final contact, opposite initial contact, own final contact, end.

    Attributes
    ----------
    curves : mapping of Curve to ndarray, shape (101,)
        Only while the stride is fresh; not kept for the whole walk. Curves that the worn
        sensors do not allow, or whose plane was refused by the calibration, are absent.
    values : mapping of str to float
        Per-stride features by name (`pipeline.features`), in their stated unit.
    posture : mapping of Posture to float
        How the sensors hang on the average of the stride.
    exclusions : tuple of Exclusion
        Empty for a steady stride.
    bridged_fraction : float
        Share of the stride's samples that were interpolated over a lost packet, 0–1.
    bout, epoch : int
        Index of the walking bout and of the calibration epoch.
    """

    side: Side
    start_s: float
    opposite_final_contact_s: float
    opposite_initial_contact_s: float
    final_contact_s: float
    end_s: float
    bout: int
    epoch: int
    exclusions: tuple[Exclusion, ...] = ()
    bridged_fraction: float = 0.0
    heading_change_deg: float = 0.0
    values: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[Curve, FloatArray] = field(default_factory=dict, compare=False, repr=False)
    posture: Mapping[Posture, float] = field(default_factory=dict, repr=False)

    @property
    def steady(self) -> bool:
        return not self.exclusions

    @property
    def stride_time_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def quality(self) -> float:
        """1 for a clean stride, less with every bridged sample; 0 if it was excluded."""
        return max(0.0, 1.0 - 4.0 * self.bridged_fraction) if self.steady else 0.0


class Plane(StrEnum):
    """An anatomical plane that a calibration can allow or refuse."""

    SAGITTAL = "sagittal"
    FRONTAL = "frontal"
    TRANSVERSE = "transverse"


@dataclass(frozen=True, slots=True)
class CalibrationQuality:
    """How well the sensors are known to sit on the body, for one calibration epoch.

    Attributes
    ----------
    start_s, end_s : float
        The epoch, half-open.
    zero : str
        ``standing`` (convention B), ``none`` if there are no axes at all, or
        ``walking_mean`` when nobody stood still: then no angle has a zero and only timing
        is judged.
    axis_error_deg : mapping of str (placement) to float
        Standard error of the sensor's forward direction about the segment's long axis.
    refused : mapping of Plane to str
        Planes whose angles must not be used, each with the reason as a sentence.
    remarks : tuple of str
        Sentences for the wearer (short pose, weak score, sensor far from usual place).
    unfit : str
        If not empty: why nothing at all may be judged in this epoch, as a sentence (nobody
        walked, left and right swapped).
    """

    start_s: float
    end_s: float
    zero: str
    axis_error_deg: Mapping[str, float]
    refused: Mapping[Plane, str]
    remarks: tuple[str, ...] = ()
    straight_walking_s: float = 0.0
    rest_s: float = 0.0
    unfit: str = ""
