"""Frames, signs and rotations: the one file that converts between them.

Earth is right-handed with z up (what VQF calls ENU); its x axis is arbitrary, because no
magnetometer is used. Segment frames follow ISB (Wu et al. 2002, J Biomech 35:543): x
anterior, y superior, z to the wearer's right, on both sides of the body.

A quaternion is ``w, x, y, z`` and turns segment (or sensor) vectors into earth vectors.
Arrays here hold components first, ``(4, n)`` and ``(3, n)``: each component is contiguous,
and every function is element-wise, so that a stream gives the same bits in any chunking.
Components are joined by `np.array`: on a live chunk `np.stack` takes five times as long.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

GRAVITY_M_S2 = 9.81


def quaternion_product(a: FloatArray, b: FloatArray) -> FloatArray:
    """Hamilton product of ``(4, n)`` (or broadcastable) quaternions: first b, then a."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return np.array(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        )
    )


def quaternion_conjugate(q: FloatArray) -> FloatArray:
    """The inverse rotation of unit quaternions ``(4, n)``."""
    return np.array((q[0], -q[1], -q[2], -q[3]))


def heading_quaternion(heading_rad: FloatArray) -> FloatArray:
    """Rotation about earth z (up) by `heading_rad`, shape ``(4, n)``."""
    half = 0.5 * heading_rad
    zero = np.zeros_like(half)
    return np.array((np.cos(half), zero, zero, np.sin(half)))


def rotate(q: FloatArray, v: FloatArray) -> FloatArray:
    """Turn vectors ``(3, n)`` by quaternions ``(4, n)``."""
    w, x, y, z = q
    vx, vy, vz = v
    tx = 2.0 * (y * vz - z * vy)
    ty = 2.0 * (z * vx - x * vz)
    tz = 2.0 * (x * vy - y * vx)
    return np.array(
        (
            vx + w * tx + y * tz - z * ty,
            vy + w * ty + z * tx - x * tz,
            vz + w * tz + x * ty - y * tx,
        )
    )


def rotation_matrix(q: FloatArray) -> FloatArray:
    """Matrix ``(3, 3)`` of one unit quaternion ``(4,)``."""
    w, x, y, z = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def turn_by(matrix: FloatArray, v: FloatArray) -> FloatArray:
    """Turn vectors ``(3, n)`` by one matrix, element-wise (``@`` depends on n to the bit)."""
    x, y, z = v
    return np.array([row[0] * x + row[1] * y + row[2] * z for row in matrix])


def quaternion_from_axes(x_axis: FloatArray, y_axis: FloatArray, z_axis: FloatArray) -> FloatArray:
    """The quaternion ``(4,)`` whose rotation matrix has these orthonormal columns."""
    m = np.column_stack((x_axis, y_axis, z_axis))
    # Shepperd's method: divide by the largest component, never by one near zero.
    squares = np.array(
        [
            1.0 + m[0, 0] + m[1, 1] + m[2, 2],
            1.0 + m[0, 0] - m[1, 1] - m[2, 2],
            1.0 - m[0, 0] + m[1, 1] - m[2, 2],
            1.0 - m[0, 0] - m[1, 1] + m[2, 2],
        ]
    )
    largest = int(np.argmax(squares))
    s = 2.0 * np.sqrt(squares[largest])
    rows = (
        (0.25 * s, (m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s),
        ((m[2, 1] - m[1, 2]) / s, 0.25 * s, (m[0, 1] + m[1, 0]) / s, (m[0, 2] + m[2, 0]) / s),
        ((m[0, 2] - m[2, 0]) / s, (m[0, 1] + m[1, 0]) / s, 0.25 * s, (m[1, 2] + m[2, 1]) / s),
        ((m[1, 0] - m[0, 1]) / s, (m[0, 2] + m[2, 0]) / s, (m[1, 2] + m[2, 1]) / s, 0.25 * s),
    )
    return np.array(rows[largest])


def heading(q: FloatArray) -> FloatArray:
    """Direction in which a segment faces, radians about earth z, counter-clockwise.

    Taken from the right axis, which stays horizontal while a leg swings, so that it is
    defined at any flexion.
    """
    w, x, y, z = q
    # Facing is the right axis turned a quarter counter-clockwise about up.
    return np.arctan2(x * z + w * y, w * x - y * z)


def inclination(q: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sagittal and frontal lean of a segment against gravity, radians.

    Returns
    -------
    sagittal : ndarray, shape (n,)
        Rotation about the segment's own right axis; + = lower end forward (a flexed
        thigh; for the pelvis: posterior tilt).
    frontal : ndarray, shape (n,)
        + = right side up.
    """
    w, x, y, z = q
    anterior_up = 2 * (x * z - w * y)
    superior_up = 2 * (y * z + w * x)
    right_up = 1 - 2 * (x * x + y * y)
    return np.arctan2(anterior_up, superior_up), np.arcsin(np.clip(right_up, -1.0, 1.0))


def joint_angles(
    proximal: FloatArray, distal: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cardan angles z–x–y of a distal segment in a proximal one, radians.

    The order of Grood and Suntay and of ISB: flexion about the proximal z axis, ab/adduction
    about the floating axis, axial rotation about the distal y axis.

    Parameters
    ----------
    proximal, distal : ndarray, shape (4, n)
        Segment → earth, in the same earth frame.

    Returns
    -------
    about_z, about_x, about_y : ndarray, shape (n,)
        Right-handed. Hip: + = flexion; lower end to the wearer's left; front of the
        segment to the wearer's left. For a left leg the last two change their sign to
        become adduction and internal rotation; a knee's flexion is ``-about_z``.
    """
    w, x, y, z = quaternion_product(quaternion_conjugate(proximal), distal)
    about_x = np.arcsin(np.clip(2 * (y * z + w * x), -1.0, 1.0))
    about_z = np.arctan2(-2 * (x * y - w * z), 1 - 2 * (x * x + z * z))
    about_y = np.arctan2(-2 * (x * z - w * y), 1 - 2 * (x * x + y * y))
    return about_z, about_x, about_y


def wrap_angle(angle_rad: FloatArray) -> FloatArray:
    """Into ``[-π, π)``."""
    return (angle_rad + np.pi) % (2 * np.pi) - np.pi
