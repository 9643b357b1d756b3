"""From moving segments to what perfect sensors on them would feel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.motion import Motion
from firmware_bridge.virtual_wearer.rotations import conjugate, from_small_angles, multiply, rotate
from recordings.placement import THIGHS, Placement

FloatArray = NDArray[np.float64]

GRAVITY_M_S2 = 9.81
DERIVATIVE_REACH = 2
"""Samples lost at either end by the derivatives."""


@dataclass(frozen=True, slots=True)
class SensorPose:
    """Where a sensor is: quaternions (4, n) sensor → earth and positions (3, n)."""

    orientation: FloatArray
    position_m: FloatArray


def sensor_position_m(placement: Placement, body: Body) -> FloatArray:
    """Where a sensor sits in its segment's frame, shape (3, 1).

    Pelvis on the sacrum, thigh on the front-outer middle, shank below the knee on the front.
    """
    if placement is Placement.PELVIS:
        return np.array([[-0.055], [0.0], [0.02]]) * body.height_m
    side = placement.side
    assert side is not None
    outward = -SIDE_SIGN[side]
    if placement is THIGHS[side]:
        return np.array(
            [
                [0.035 * body.height_m],
                [outward * 0.035 * body.height_m],
                [-0.5 * body.thigh_m[side]],
            ]
        )
    return np.array(
        [[0.025 * body.height_m], [outward * 0.005 * body.height_m], [-0.35 * body.shank_m[side]]]
    )


def sensor_pose(
    motion: Motion,
    placement: Placement,
    body: Body,
    mounting: FloatArray,
    artefact_rad: FloatArray | None = None,
    shock_m: FloatArray | None = None,
) -> SensorPose:
    """Pose of one sensor.

    Parameters
    ----------
    mounting : ndarray, shape (4, 1) or (4, n)
        Sensor → segment.
    artefact_rad : ndarray, shape (3, n), optional
        Rotation vector of the skin over the bone, segment axes.
    shock_m : ndarray, shape (3, n), optional
        Displacement of the skin over the bone, segment axes.
    """
    bone = motion.orientation[placement]
    skin = bone if artefact_rad is None else multiply(bone, from_small_angles(artefact_rad))
    offset = sensor_position_m(placement, body)
    if shock_m is not None:
        offset = offset + shock_m
    return SensorPose(multiply(skin, mounting), motion.origin_m[placement] + rotate(skin, offset))


def feel(pose: SensorPose, step_s: float) -> tuple[FloatArray, FloatArray]:
    """Specific force and angular rate in the sensor frame, each (3, n - 4).

    Fourth-order central differences; two samples at either end are lost.
    """
    p, q = pose.position_m, pose.orientation
    acceleration = _second_derivative(p, step_s)
    acceleration[2] += GRAVITY_M_S2
    inner = q[:, DERIVATIVE_REACH:-DERIVATIVE_REACH]
    inverse = conjugate(inner)
    rate = 2.0 * multiply(inverse, _first_derivative(q, step_s))[1:]
    return rotate(inverse, acceleration), rate


def _first_derivative(f: FloatArray, h: float) -> FloatArray:
    return (f[:, :-4] - 8.0 * f[:, 1:-3] + 8.0 * f[:, 3:-1] - f[:, 4:]) / (12.0 * h)


def _second_derivative(f: FloatArray, h: float) -> FloatArray:
    return (-f[:, :-4] + 16.0 * f[:, 1:-3] - 30.0 * f[:, 2:-2] + 16.0 * f[:, 3:-1] - f[:, 4:]) / (
        12.0 * h * h
    )
