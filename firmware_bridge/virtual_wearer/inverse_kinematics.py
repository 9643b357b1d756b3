"""Closed-chain leg: hip and ankle positions in, joint angles out, whole series at once.

Near a straight knee the hip–ankle distance hardly says anything about the knee angle (at 5°
of flexion a millimetre is three degrees), and past straight it is ambiguous. The knee is
therefore found by damped least squares between the distance and the angle the gait intends:
flexed knees follow the distance, straight ones the intention, and hyperextension passes
through zero smoothly. What distance remains (tenths of a millimetre) is the foot's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from firmware_bridge.virtual_wearer.rotations import FloatArray, conjugate, rotate

STANCE_DAMPING_M_PER_RAD = 0.025
SWING_DAMPING_M_PER_RAD = 0.1
"""How much distance a radian of departure from the intended knee is worth: little while the
foot is planted, more while it swings and nothing holds it."""
_ITERATIONS = 8
_LARGEST_STEP_RAD = 0.4
_PAST_STRAIGHT_RAD, _BENT_RAD = float(np.deg2rad(-5.0)), float(np.deg2rad(3.0))


@dataclass(frozen=True, slots=True)
class LegAngles:
    """Joint angles of one leg in radians, clinical signs, anatomical zero, each (n,)."""

    hip_flexion: FloatArray
    hip_adduction: FloatArray
    hip_rotation: FloatArray
    knee_flexion: FloatArray
    knee_valgus: FloatArray


def solve_leg(
    pelvis_q: FloatArray,
    hip_m: FloatArray,
    ankle_m: FloatArray,
    *,
    side_sign: float,
    thigh_m: float,
    shank_m: float,
    hip_rotation: FloatArray,
    knee_intended: FloatArray,
    knee_valgus: FloatArray,
    damping_m_per_rad: FloatArray | float = STANCE_DAMPING_M_PER_RAD,
    smoothing_samples: float = 0.0,
) -> LegAngles:
    """Solve one leg.

    Parameters
    ----------
    pelvis_q : ndarray, shape (4, n)
        Pelvis to earth.
    hip_m, ankle_m : ndarray, shape (3, n)
        Joint centres in the earth frame.
    side_sign : float
        +1 right, -1 left.
    hip_rotation, knee_valgus : ndarray, shape (n,)
        Prescribed, rad. The remaining angles follow in closed form.
    knee_intended : ndarray, shape (n,)
        Knee flexion the gait intends, rad; may be negative (past straight).
    damping_m_per_rad : float or ndarray, shape (n,)
        See `STANCE_DAMPING_M_PER_RAD`.
    smoothing_samples : float
        Standard deviation of the smoothing of the knee's departure from its intention.
    """
    to_ankle = rotate(conjugate(pelvis_q), ankle_m - hip_m)
    distance = np.sqrt((to_ankle**2).sum(axis=0))
    knee = solve_knee(distance, knee_intended, knee_valgus, thigh_m, shank_m, damping_m_per_rad)
    if smoothing_samples > 0.0:
        # No joint jerks to meet a distance: around the swing, what departs from the
        # intention does so smoothly. Where the foot stands the distance is kept.
        smooth = gaussian_filter1d(knee - knee_intended, smoothing_samples, mode="nearest")
        loose = gaussian_filter1d(
            np.where(damping_m_per_rad > STANCE_DAMPING_M_PER_RAD, np.ones_like(knee), 0.0),
            smoothing_samples,
            mode="nearest",
        )
        knee = knee + loose * (knee_intended + smooth - knee)
    cv, sv = np.cos(knee_valgus), np.sin(knee_valgus)
    # Hip → ankle in the thigh frame, before the thigh's axial rotation.
    mx = -shank_m * cv * np.sin(knee)
    my = -side_sign * shank_m * sv
    mz = -thigh_m - shank_m * cv * np.cos(knee)
    length = np.sqrt(mx * mx + my * my + mz * mz)
    wx, wy, wz = to_ankle * (length / distance)
    c, s = np.cos(side_sign * hip_rotation), np.sin(side_sign * hip_rotation)
    mx, my = c * mx - s * my, s * mx + c * my
    swing = np.arctan2(my, -mz)
    roll = np.arcsin(np.clip(wy / np.hypot(my, mz), -1.0, 1.0)) - swing
    mz = np.sin(roll) * my + np.cos(roll) * mz
    flexion = np.arctan2(mx * wz - mz * wx, mx * wx + mz * wz)
    return LegAngles(flexion, side_sign * roll, hip_rotation, knee, knee_valgus)


def solve_knee(
    distance_m: FloatArray,
    intended: FloatArray,
    valgus: FloatArray,
    thigh_m: float,
    shank_m: float,
    damping_m_per_rad: FloatArray | float = STANCE_DAMPING_M_PER_RAD,
) -> FloatArray:
    """Knee flexion (rad) by damped least squares, a few Gauss–Newton steps."""
    product = thigh_m * shank_m * np.cos(valgus)
    squares = thigh_m**2 + shank_m**2
    cosine = (distance_m**2 - squares) / (2.0 * product)
    by_distance = np.arccos(np.clip(cosine, -1.0, 1.0))
    # Far from straight the distance alone is right, near it the intention is a good start.
    trust = np.clip((intended - np.deg2rad(10.0)) / np.deg2rad(20.0), 0.0, 1.0)
    knee = intended + trust * (by_distance - intended)
    # A leg that has to be shorter than intended folds forward, unless it is meant to be
    # well past straight.
    knee = np.where((intended > _PAST_STRAIGHT_RAD) & (knee < _BENT_RAD), _BENT_RAD, knee)
    damping = damping_m_per_rad**2
    for _ in range(_ITERATIONS):
        cosine = np.cos(knee)
        reach = np.sqrt(squares + 2.0 * product * cosine)
        slope = -product * np.sin(knee) / reach
        bend = -(product * cosine + slope * slope) / reach
        gap = reach - distance_m
        gradient = gap * slope + damping * (knee - intended)
        # Where the leg is too short for the distance, the bend makes it stiff; elsewhere
        # its sign would let the step run away.
        curvature = slope * slope + np.maximum(gap * bend, 0.0) + damping
        knee = knee - np.clip(gradient / curvature, -_LARGEST_STEP_RAD, _LARGEST_STEP_RAD)
    return knee


def swing_damping(swing: FloatArray) -> FloatArray:
    """Damping over the swing (0–1, 0 on the ground): rises and falls smoothly at its ends."""
    edge = np.clip(swing / 0.2, 0, 1) * np.clip((1.0 - swing) / 0.2, 0, 1)
    edge = edge**3 * (10.0 - 15.0 * edge + 6.0 * edge * edge)
    return STANCE_DAMPING_M_PER_RAD + edge * (SWING_DAMPING_M_PER_RAD - STANCE_DAMPING_M_PER_RAD)


def hip_height_for_knee(
    horizontal_m: FloatArray,
    knee: FloatArray,
    valgus: FloatArray,
    thigh_m: float,
    shank_m: float,
) -> FloatArray:
    """Height of the hip over the ankle at which the knee has a given angle."""
    reach2 = thigh_m**2 + shank_m**2 + 2 * thigh_m * shank_m * np.cos(valgus) * np.cos(knee)
    return np.sqrt(np.maximum(reach2 - horizontal_m**2, (0.3 * thigh_m) ** 2))
