"""What the closed chain of both legs needs: pelvis, feet and intended joint angles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.foot_path import FootPose
from firmware_bridge.virtual_wearer.rotations import pelvis_quaternion
from recordings.placement import Side

FloatArray = NDArray[np.float64]


@dataclass(slots=True)
class Stance:
    """What the closed chain of both legs needs, sample by sample.

    Attributes
    ----------
    pelvis_m : ndarray, shape (3, n)
        Midpoint of the hip joint centres.
    pelvis_angles : dict of str to ndarray, shape (n,)
        ``tilt``, ``obliquity`` and ``rotation`` against the route, rad.
    sideways_m : ndarray, shape (n,)
        How far the gait carries the pelvis left of the route.
    heading : ndarray, shape (n,)
        Direction of the route.
    foot : dict of Side to FootPose
    knee, hip_rotation, valgus : dict of Side to ndarray, shape (n,)
    step_s : float
        Time from sample to sample.
    """

    pelvis_m: FloatArray
    pelvis_angles: dict[str, FloatArray]
    sideways_m: FloatArray
    heading: FloatArray
    foot: dict[Side, FootPose]
    knee: dict[Side, FloatArray]
    hip_rotation: dict[Side, FloatArray]
    valgus: dict[Side, FloatArray]
    step_s: float

    @property
    def pelvis_q(self) -> FloatArray:
        a = self.pelvis_angles
        return pelvis_quaternion(self.heading + a["rotation"], a["obliquity"], a["tilt"])
