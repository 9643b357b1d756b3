"""From pelvis and feet to the pose of every segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.inverse_kinematics import LegAngles, solve_leg, swing_damping
from firmware_bridge.virtual_wearer.rotations import (
    joint_quaternion,
    knee_quaternion,
    multiply,
    rotate,
)
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import SHANKS, THIGHS, Placement, Side

FloatArray = NDArray[np.float64]


KNEE_SMOOTHING_S = 0.014


@dataclass(frozen=True, slots=True)
class Motion:
    """Poses of all segments over one stretch of equally spaced times.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
    orientation : dict of Placement to ndarray, shape (4, n)
        Segment (x anterior, y left, z proximal) to earth (z up), quaternions w, x, y, z.
    origin_m : dict of Placement to ndarray, shape (3, n)
        Proximal joint of the segment; for the pelvis the midpoint of the hip joints.
    leg : dict of Side to LegAngles
        Anatomical zero.
    ankle_m : dict of Side to ndarray, shape (3, n)
        Ankle joint as the solved leg carries it.
    """

    time_s: FloatArray
    orientation: dict[Placement, FloatArray]
    origin_m: dict[Placement, FloatArray]
    leg: dict[Side, LegAngles]
    ankle_m: dict[Side, FloatArray]
    stance: Stance


def solve_motion(body: Body, time_s: FloatArray, stance: Stance) -> Motion:
    """Close the chains of both legs."""
    pelvis_q = stance.pelvis_q
    orientation = {Placement.PELVIS: pelvis_q}
    origin = {Placement.PELVIS: stance.pelvis_m}
    legs, ankles = {}, {}
    down = np.array([[0.0], [0.0], [-1.0]])
    for side in Side:
        sign = SIDE_SIGN[side]
        hip = stance.pelvis_m + rotate(pelvis_q, body.hip_offset_m(side))
        leg = solve_leg(
            pelvis_q,
            hip,
            stance.foot[side].ankle_m,
            side_sign=sign,
            thigh_m=body.thigh_m[side],
            shank_m=body.shank_m[side],
            hip_rotation=stance.hip_rotation[side],
            knee_intended=stance.knee[side],
            knee_valgus=stance.valgus[side],
            smoothing_samples=KNEE_SMOOTHING_S / float(time_s[1] - time_s[0]),
            damping_m_per_rad=swing_damping(stance.foot[side].swing),
        )
        thigh_q = multiply(
            pelvis_q, joint_quaternion(sign, leg.hip_flexion, leg.hip_adduction, leg.hip_rotation)
        )
        shank_q = multiply(thigh_q, knee_quaternion(sign, leg.knee_flexion, leg.knee_valgus))
        knee = hip + rotate(thigh_q, down * body.thigh_m[side])
        orientation[THIGHS[side]], orientation[SHANKS[side]] = thigh_q, shank_q
        origin[THIGHS[side]], origin[SHANKS[side]] = hip, knee
        legs[side] = leg
        ankles[side] = knee + rotate(shank_q, down * body.shank_m[side])
    return Motion(time_s, orientation, origin, legs, ankles, stance)
