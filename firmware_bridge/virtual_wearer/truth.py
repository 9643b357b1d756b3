"""What a perfect laboratory would have measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN
from firmware_bridge.virtual_wearer.motion import Motion
from firmware_bridge.virtual_wearer.movement_features import TrueRepetition
from firmware_bridge.virtual_wearer.rotations import rotate
from firmware_bridge.virtual_wearer.sensor_faults import SensorCharacter
from recordings.placement import THIGHS, Placement, Side

FloatArray = NDArray[np.float64]

PELVIS_ANGLES = ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")
LEG_ANGLES = (
    "hip_flexion",
    "hip_adduction",
    "hip_rotation",
    "knee_flexion",
    "thigh_inclination",
    "shank_inclination",
    "thigh_inward",
)
ANGLE_NAMES = PELVIS_ANGLES + tuple(f"{name}_{side.value}" for side in Side for name in LEG_ANGLES)
"""All angle series, degrees. Pelvis: anterior tilt +, right side up +, right side forward +
(against the direction of the route). Thigh and shank inclination: distal end forward +;
thigh inward: how far the thigh leans out of the plane of the route, knee towards the other
leg +."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One foot on the ground: initial contact to final contact (nan where it never left)."""

    side: Side
    initial_s: float
    final_s: float


@dataclass(frozen=True, slots=True)
class BehaviourLabel:
    """What the person did over ``[start_s, end_s)``."""

    start_s: float
    end_s: float
    behaviour: str


@dataclass(frozen=True, slots=True)
class TrueStride:
    """One stride: initial contact to the next of the same side.

    Attributes
    ----------
    steady : bool
        Straight on, at an even speed, not among the first or last two of its bout.
    features : mapping of str to float
        Keys as in the feature dictionary (``F04`` …), angles in degrees with the standing
        pose as zero (convention B) unless the key ends in ``_A`` (anatomical); times in s.
    """

    side: Side
    start_s: float
    end_s: float
    bout: int
    steady: bool
    speed_m_s: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class InjectedDeviation:
    """A knob that was turned: `feature` of `side` changes by `amount`.

    From `onset_s` it grows smoothly over `ramp_s`.
    """

    kind: str
    side: Side
    amount: float
    unit: str
    feature: str
    onset_s: float
    ramp_s: float


@dataclass(frozen=True, slots=True)
class Truth:
    """All of the ground truth of one virtual session.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        True time of the rows of `angles_deg` and `orientation`.
    angles_deg : dict of str to ndarray, shape (n,)
        `ANGLE_NAMES`, anatomical zero (convention A).
    standing_deg : dict of str to float
        The same angles in the standing calibration pose: A minus this is convention B.
    orientation : dict of Placement to ndarray, shape (n, 4)
        Segment (x anterior, y left, z proximal) → earth (z up), quaternions w, x, y, z.
        Without soft tissue: these are bones.
    pelvis_m : ndarray, shape (n, 3)
        Midpoint of the hip joint centres.
    sideways_m : ndarray, shape (n,)
        How far walking carries it left of the route.
    """

    time_s: FloatArray
    angles_deg: dict[str, FloatArray]
    standing_deg: dict[str, float]
    orientation: dict[Placement, FloatArray]
    pelvis_m: FloatArray
    sideways_m: FloatArray
    contacts: tuple[Contact, ...]
    strides: tuple[TrueStride, ...]
    repetitions: tuple[TrueRepetition, ...]
    labels: tuple[BehaviourLabel, ...]
    deviations: tuple[InjectedDeviation, ...]
    sensors: dict[Placement, SensorCharacter]

    def angle_deg(self, name: str, *, standing_zeroed: bool = False) -> FloatArray:
        """One angle series; `standing_zeroed` gives convention B."""
        return self.angles_deg[name] - (self.standing_deg[name] if standing_zeroed else 0.0)

    def mean_features(self, side: Side, *, steady: bool = True) -> dict[str, float]:
        """Mean of each stride feature of one side."""
        rows = [s.features for s in self.strides if s.side is side and (s.steady or not steady)]
        names = rows[0].keys() if rows else ()
        return {name: float(np.nanmean([row[name] for row in rows])) for name in names}

    def asymmetry(self, name: str) -> float:
        """Robinson's symmetry index of a time feature, percent, right longer +."""
        right, left = (self.mean_features(side)[name] for side in (Side.RIGHT, Side.LEFT))
        return 100.0 * (right - left) / (0.5 * (right + left))


def angle_series(motion: Motion) -> dict[str, FloatArray]:
    """All `ANGLE_NAMES` of a stretch of motion, degrees."""
    pelvis = motion.stance.pelvis_angles
    out = {f"pelvis_{name}": np.rad2deg(pelvis[name]) for name in ("tilt", "obliquity", "rotation")}
    cos, sin = np.cos(motion.stance.heading), np.sin(motion.stance.heading)
    down = np.array([[0.0], [0.0], [-1.0]])
    for side in Side:
        leg = motion.leg[side]
        thigh = rotate(motion.orientation[THIGHS[side]], down)
        shank_placement = Placement(f"shank_{side.value}")
        shank = rotate(motion.orientation[shank_placement], down)
        series = {
            "hip_flexion": leg.hip_flexion,
            "hip_adduction": leg.hip_adduction,
            "hip_rotation": leg.hip_rotation,
            "knee_flexion": leg.knee_flexion,
            "thigh_inclination": np.arctan2(thigh[0] * cos + thigh[1] * sin, -thigh[2]),
            "shank_inclination": np.arctan2(shank[0] * cos + shank[1] * sin, -shank[2]),
            "thigh_inward": SIDE_SIGN[side]
            * np.arcsin(np.clip(thigh[1] * cos - thigh[0] * sin, -1.0, 1.0)),
        }
        for name in LEG_ANGLES:
            out[f"{name}_{side.value}"] = np.rad2deg(series[name])
    return out
