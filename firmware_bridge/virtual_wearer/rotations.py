"""Rotations of whole time series, component first.

Quaternions are ``(4, n)`` arrays ``w, x, y, z``, vectors ``(3, n)``: every operation runs
over contiguous memory, which is what makes an hour of five sensors a matter of seconds.
Frames inside the virtual wearer: earth x forward (of the first walk), y left, z up; segments
x anterior, y left, z proximal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def about_axis(axis: int, angle_rad: FloatArray) -> FloatArray:
    """Quaternions of rotations about one coordinate axis (0, 1 or 2), shape (4, n)."""
    half = 0.5 * np.asarray(angle_rad, dtype=np.float64)
    q = np.zeros((4, *half.shape))
    q[0] = np.cos(half)
    q[axis + 1] = np.sin(half)
    return q


def multiply(p: FloatArray, q: FloatArray) -> FloatArray:
    """The quaternion product p ⊗ q: q is applied first."""
    p0, p1, p2, p3 = p
    q0, q1, q2, q3 = q
    return np.stack(
        (
            p0 * q0 - p1 * q1 - p2 * q2 - p3 * q3,
            p0 * q1 + p1 * q0 + p2 * q3 - p3 * q2,
            p0 * q2 - p1 * q3 + p2 * q0 + p3 * q1,
            p0 * q3 + p1 * q2 - p2 * q1 + p3 * q0,
        )
    )


def conjugate(q: FloatArray) -> FloatArray:
    """The inverse of unit quaternions."""
    return q * np.array([1.0, -1.0, -1.0, -1.0]).reshape(4, *([1] * (q.ndim - 1)))


def rotate(q: FloatArray, v: FloatArray) -> FloatArray:
    """Vectors `v` (3, n) or (3, 1) rotated by unit quaternions `q` (4, n) or (4, 1)."""
    w, x, y, z = q
    a, b, c = v
    tx, ty, tz = 2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)
    return np.stack(
        (
            a + w * tx + y * tz - z * ty,
            b + w * ty + z * tx - x * tz,
            c + w * tz + x * ty - y * tx,
        )
    )


def from_small_angles(angles_rad: FloatArray) -> FloatArray:
    """Quaternions of rotation vectors (3, n) of any size."""
    angle = np.sqrt((angles_rad**2).sum(axis=0))
    half = 0.5 * angle
    scale = np.where(angle > 1e-9, np.sin(half) / np.maximum(angle, 1e-9), 0.5)
    return np.concatenate((np.cos(half)[None], scale * angles_rad))


def pelvis_quaternion(
    rotation_rad: FloatArray, obliquity_rad: FloatArray, tilt_rad: FloatArray
) -> FloatArray:
    """Pelvis orientation, Cardan order rotation–obliquity–tilt.

    Right side forward +, right side up +, anterior tilt +.
    """
    yaw_roll = multiply(about_axis(2, rotation_rad), about_axis(0, -obliquity_rad))
    return multiply(yaw_roll, about_axis(1, tilt_rad))


def joint_quaternion(
    side_sign: float, flexion_rad: FloatArray, adduction_rad: FloatArray, rotation_rad: FloatArray
) -> FloatArray:
    """Distal in proximal segment, Cardan order flexion–adduction–rotation (a hip).

    Flexion moves the distal end forward; adduction and internal rotation are + on both sides
    (`side_sign` +1 right, -1 left).
    """
    q = multiply(about_axis(1, -flexion_rad), about_axis(0, side_sign * adduction_rad))
    return multiply(q, about_axis(2, side_sign * rotation_rad))


def knee_quaternion(
    side_sign: float, flexion_rad: FloatArray, valgus_rad: FloatArray
) -> FloatArray:
    """Shank in thigh: flexion moves the shank back, valgus moves it outward."""
    return multiply(about_axis(1, flexion_rad), about_axis(0, -side_sign * valgus_rad))


def pelvis_angles(q: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rotation, obliquity and tilt (rad) of pelvis quaternions; inverse of the above."""
    w, x, y, z = q
    obliquity = -np.arcsin(np.clip(2 * (w * x + y * z), -1, 1))
    rotation = np.arctan2(2 * (w * z - x * y), 1 - 2 * (x * x + z * z))
    tilt = np.arctan2(2 * (w * y - x * z), 1 - 2 * (x * x + y * y))
    return rotation, obliquity, tilt


def joint_angles(side_sign: float, q: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Flexion, adduction and internal rotation (rad); inverse of `joint_quaternion`."""
    w, x, y, z = q
    adduction = side_sign * np.arcsin(np.clip(2 * (w * x - y * z), -1, 1))
    flexion = -np.arctan2(2 * (w * y + x * z), 1 - 2 * (x * x + y * y))
    rotation = side_sign * np.arctan2(2 * (w * z + x * y), 1 - 2 * (x * x + z * z))
    return flexion, adduction, rotation
