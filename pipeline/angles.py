"""The angle series of a walk: what does not fit into the results and goes to a sink."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gait import FloatArray

ANGLE_COLUMNS: tuple[str, ...] = (
    "pelvis_tilt_deg",
    "pelvis_obliquity_deg",
    "pelvis_rotation_deg",
    "hip_flexion_left_deg",
    "hip_adduction_left_deg",
    "hip_rotation_left_deg",
    "hip_flexion_right_deg",
    "hip_adduction_right_deg",
    "hip_rotation_right_deg",
    "thigh_inclination_left_deg",
    "thigh_inclination_right_deg",
    "knee_flexion_left_deg",
    "knee_flexion_right_deg",
)
"""The angles of a block, in the order of its columns.

Pelvis angles have one global sign: anterior tilt +, right side up +, right side forward +.
Leg angles mean the same for both legs: flexion +, adduction +, internal rotation +, knee
forward of the hip +, knee past straight negative.
"""


@dataclass(frozen=True, slots=True, eq=False)
class AngleBlock:
    """A stretch of the angle series, in time order.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Session time, strictly increasing, also from one block to the next.
    values : ndarray, shape (n, len(ANGLE_COLUMNS))
        Degrees, zero at the standing calibration. NaN where an angle is not known: a
        sensor that was not worn, a gap, a plane that the calibration refused.
    """

    time_s: FloatArray
    values: FloatArray

    def __post_init__(self) -> None:
        if self.time_s.ndim != 1:
            raise ValueError(f"time_s must have shape (n,), not {self.time_s.shape}")
        expected = (len(self.time_s), len(ANGLE_COLUMNS))
        if self.values.shape != expected:
            raise ValueError(f"values must have shape {expected}, not {self.values.shape}")

    def __len__(self) -> int:
        return self.time_s.shape[0]
