"""A plain walk of any length, to have something to measure speed on.

Standing, then straight walking with an about-turn every so often. The segments swing like a
walker's in the sagittal plane, and the samples are what sensors fixed to those rigid segments
would feel: angular rate and specific force come from one and the same motion. It is good enough
to run every stage; it is no reference for accuracy.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from recordings.metadata import SessionMetadata, Wearer
from recordings.placement import REQUIRED_PLACEMENTS, SHANK_PLACEMENTS, Placement, Side
from recordings.samples import FloatArray, ImuSamples
from recordings.session import InMemorySource, Session

THREE_SENSORS = REQUIRED_PLACEMENTS
FIVE_SENSORS = (*REQUIRED_PLACEMENTS, *SHANK_PLACEMENTS)
WEARER = Wearer(height_m=1.75)

GRAVITY_M_S2 = 9.80665
STANDING_S = 10.0
STRIDE_TIME_S = 1.1
SPEED_M_S = 1.1
STRAIGHT_S, TURN_S = 25.0, 2.0

HIP_FLEXION_DEG = (27, 22, 12, 3, -5, -11, -8, 6, 21, 29, 27)
KNEE_FLEXION_DEG = (6, 13, 13, 9, 6, 11, 36, 60, 48, 17, 6)
"""One gait cycle in steps of 10 %, rounded from textbook curves of level walking."""


def walking_session(
    duration_s: float, placements: Iterable[Placement] = THREE_SENSORS, rate_hz: float = 100.0
) -> Session:
    """Make a session in memory.

    Parameters
    ----------
    duration_s : float
        Length of the session, the standing at its beginning included.
    placements : iterable of Placement
    rate_hz : float
        Sampling rate of all sensors.
    """
    # A margin at both ends keeps the one-sided differences out of what is used.
    time_s = np.arange(-2, round(duration_s * rate_hz) + 2) / rate_hz
    sources = {}
    for placement in placements:
        position_m, attitude = _motion(placement, time_s)
        samples = _felt(placement, time_s, position_m, attitude)[2:-2]
        sources[placement] = InMemorySource(samples.quantised())
    return Session("benchmark walk", sources, SessionMetadata(simulated=True, wearer=WEARER))


def write_folder(session: Session, folder: Path) -> None:
    """Write the samples in the layout of a session folder, one CSV a sensor."""
    header = "time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s"
    for placement in session.placements:
        part = session.samples(placement)
        table = np.column_stack([part.time_s, part.acc_m_s2, part.gyr_rad_s])
        file = folder / f"{placement}.csv"
        np.savetxt(file, table, fmt="%.6f", delimiter=",", header=header, comments="")


def _motion(placement: Placement, time_s: FloatArray) -> tuple[FloatArray, Rotation]:
    """Position (m; x forward at start, y up) and attitude of one sensor."""
    # How much of the full movement there is: it grows over the first second of walking.
    share = np.clip(time_s - STANDING_S, 0.0, 1.0)
    amount = share**2 * (3.0 - 2.0 * share)
    cycle = np.maximum(time_s - STANDING_S, 0.0) / STRIDE_TIME_S
    heading = _heading_rad(time_s)
    angle = 2 * np.pi * cycle

    # Each contact brakes and jolts the body, which is then pushed up and forward again.
    jolt_m = _jolt_m(2 * cycle)
    forward = np.column_stack([np.cos(heading), 0 * heading, -np.sin(heading)])
    velocity = (SPEED_M_S * amount)[:, None] * forward
    position = np.cumsum(velocity, axis=0) * (time_s[1] - time_s[0])
    position += (amount * (0.01 * np.sin(2 * angle) + jolt_m))[:, None] * forward
    position[:, 1] = 0.95 + amount * (jolt_m - 0.02 * np.cos(2 * angle))
    # The body sways over the leg that stands, the left one in the first half of the cycle.
    right = np.column_stack([np.sin(heading), 0 * heading, np.cos(heading)])
    position -= (amount * 0.02 * np.sin(angle - 0.3))[:, None] * right

    side = placement.side
    if side is None:
        tilt, list_, turn = 2 * np.cos(2 * angle), 4 * np.sin(angle), -5 * np.cos(angle)
        return position, _attitude(heading, amount, tilt, list_, turn)
    own = cycle + (0.5 if side is Side.RIGHT else 0.0)
    across = 0.09 if side is Side.RIGHT else -0.09
    hip = position + across * right
    flexion = _curve(HIP_FLEXION_DEG, own)
    thigh = _attitude(heading, amount, flexion, -3 * np.sin(angle), -4 * np.cos(angle))
    if placement in (Placement.THIGH_LEFT, Placement.THIGH_RIGHT):
        return hip + thigh.apply([0.0, -0.2, 0.0]), thigh
    knee = hip + thigh.apply([0.0, -0.42, 0.0])
    lean = flexion - _curve(KNEE_FLEXION_DEG, own)
    shank = _attitude(heading, amount, lean, -2 * np.sin(angle), -4 * np.cos(angle))
    return knee + shank.apply([0.0, -0.2, 0.0]), shank


def _felt(
    placement: Placement, time_s: FloatArray, position_m: FloatArray, attitude: Rotation
) -> ImuSamples:
    step_s = time_s[1] - time_s[0]
    acceleration = np.zeros_like(position_m)
    acceleration[1:-1] = np.diff(position_m, n=2, axis=0) / step_s**2
    acceleration[:, 1] += GRAVITY_M_S2
    rate = np.zeros_like(position_m)
    rate[1:-1] = (attitude[:-2].inv() * attitude[2:]).as_rotvec() / (2 * step_s)
    return ImuSamples(placement, time_s, attitude.inv().apply(acceleration), rate)


def _attitude(
    heading: FloatArray, amount: FloatArray, lean: FloatArray, list_: FloatArray, turn: FloatArray
) -> Rotation:
    """Segment → earth; degrees of lean about the right axis, list about forward, turn about up."""
    swing = np.radians(amount[:, None] * np.column_stack([turn, list_, lean]))
    swing[:, 0] += heading
    return Rotation.from_euler("YXZ", swing)


def _heading_rad(time_s: FloatArray) -> FloatArray:
    """Half a turn to the left, in `TURN_S`, after every `STRAIGHT_S` of walking."""
    legs, within = np.divmod(np.maximum(time_s - STANDING_S, 0.0), STRAIGHT_S + TURN_S)
    share = np.clip((within - STRAIGHT_S) / TURN_S, 0.0, 1.0)
    return np.pi * (legs + share**2 * (3.0 - 2.0 * share))


def _jolt_m(steps: FloatArray) -> FloatArray:
    """A short damped vibration after each contact."""
    since_s = (steps % 1.0) * STRIDE_TIME_S / 2
    return -0.0006 * np.exp(-since_s / 0.03) * np.sin(2 * np.pi * 12 * since_s)


def _curve(points: tuple[int, ...], cycle: FloatArray) -> FloatArray:
    """The periodic curve through points of one cycle, smoothed to three harmonics."""
    order = np.arange(4)
    harmonics = np.fft.rfft(points[:-1])[: order.size] / (len(points) - 1)
    harmonics[1:] *= 2
    return (np.exp(2j * np.pi * np.outer(cycle, order)) @ harmonics).real
