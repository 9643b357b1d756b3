"""Kinematics: oriented sensors and body axes → joint angles and segment motion.

Contract
--------
Input    For each sensor with known axes: its orientation, acceleration and angular rate on
         a run of the grid.
Output   One row per `Channel` (below) and grid point.
Latency  None.
State    Low-pass states and one mean heading offset a leg sensor: constant.
Gap      A channel is NaN where one of its sensors cannot be trusted.
Finish   Nothing to close.

Signs are clinical (design): pelvis series have one global sign, leg series are mirrored so
that + means the same for both legs. Zero is the standing calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.body_axes import BodyAxes
from pipeline.filters import StreamFilter, butter_low_pass
from pipeline.gait import FloatArray
from pipeline.grid import SensorGrid
from pipeline.stages.orient import Orienter
from pipeline.stages.relative_heading import RelativeHeading
from recordings.frames import (
    GRAVITY_M_S2,
    heading,
    heading_quaternion,
    inclination,
    joint_angles,
    quaternion_product,
    rotate,
    rotation_matrix,
    turn_by,
    wrap_angle,
)
from recordings.placement import SHANKS, THIGHS, Placement, Side

STRAIGHT_YAW_RAD_S = np.deg2rad(25.0)
SWINGING_RAD_S = 0.5
"""Mean thigh speed above which the wearer walks rather than stands."""


class Channel(IntEnum):
    """Rows of the kinematics. Angles rad, rates rad/s, accelerations m/s²."""

    PELVIS_TILT = 0
    PELVIS_OBLIQUITY = auto()
    PELVIS_HEADING = auto()
    """Unwrapped, held through gaps; where the pelvis faces, counter-clockwise +."""
    YAW_RATE = auto()
    """Low-passed turning rate of the pelvis about earth's up."""
    ACC_FORWARD = auto()
    ACC_UP = auto()
    ACC_LEFT = auto()
    HIP_FLEXION_LEFT = auto()
    HIP_ADDUCTION_LEFT = auto()
    HIP_ROTATION_LEFT = auto()
    HIP_FLEXION_RIGHT = auto()
    HIP_ADDUCTION_RIGHT = auto()
    HIP_ROTATION_RIGHT = auto()
    THIGH_LEAN_LEFT = auto()
    THIGH_LEAN_RIGHT = auto()
    THIGH_TILT_LEFT = auto()
    """Frontal lean against gravity, right side up +, not mirrored."""
    THIGH_TILT_RIGHT = auto()
    THIGH_RATE_LEFT = auto()
    THIGH_RATE_RIGHT = auto()
    THIGH_CROSS_RATE_LEFT = auto()
    """Turning about the thigh's forward axis: says when the swing axis has moved."""
    THIGH_CROSS_RATE_RIGHT = auto()
    KNEE_FLEXION_LEFT = auto()
    KNEE_FLEXION_RIGHT = auto()
    SHANK_LEAN_LEFT = auto()
    SHANK_LEAN_RIGHT = auto()
    SHANK_RATE_LEFT = auto()
    SHANK_RATE_RIGHT = auto()
    THIGH_HEADING_OFFSET_LEFT = auto()
    """What was added to the heading of the thigh's filter to bring it into the pelvis' earth."""
    THIGH_HEADING_OFFSET_RIGHT = auto()
    BRIDGED = auto()
    """1 where any required sensor's sample was interpolated over a loss, else 0."""

    def of(self, side: Side) -> Channel:
        """A leg's channel for `side`; a channel of the pelvis is that of both."""
        return _TWINS[self] if side is Side.RIGHT else self


_TWINS = {
    channel: channel
    if channel is Channel.ACC_LEFT or not channel.name.endswith("_LEFT")
    else Channel[channel.name.removesuffix("LEFT") + "RIGHT"]
    for channel in Channel
}
"""The right leg's channel for the left one's; the pelvis is its own twin."""

CHANNELS = len(Channel)


@dataclass(frozen=True, slots=True, eq=False)
class _Oriented:
    """One segment over a run."""

    segment: FloatArray
    """Quaternion segment → the sensor's own earth frame, (4, n)."""
    trusted: NDArray[np.bool_]
    rate: FloatArray
    """Angular rate in the segment frame, (3, n): about forward, up, right."""


class Kinematics:
    """Joint angles and segment motion of one calibration epoch."""

    def __init__(self, axes: BodyAxes) -> None:
        self._axes = axes
        self._orienters = {p: Orienter(s.bias_rad_s) for p, s in axes.segments.items()}
        self._headings = {
            p: RelativeHeading(axes.relative_heading_rad.get(p))
            for p in axes.segments
            if p is not Placement.PELVIS
        }
        self._to_segment = {p: rotation_matrix(s.alignment).T for p, s in axes.segments.items()}
        self._slow_filter = StreamFilter(butter_low_pass(0.5), channels=3)
        self._raw_heading: float | None = None
        self._heading = 0.0

    def process(
        self,
        sensors: Mapping[Placement, SensorGrid],
        on_the_spot: NDArray[np.bool_] | None = None,
    ) -> FloatArray:
        """The channels of the next grid points, shape ``(len(Channel), n)``.

        Parameters
        ----------
        sensors : mapping of Placement to SensorGrid
        on_the_spot : ndarray of bool, shape (n,), optional
            Where the wearer is known to do something else than walking. Squats swing both
            thighs as walking does, but say nothing about where the pelvis faces.
        """
        oriented, restarts = {}, set()
        for placement, orienter in self._orienters.items():
            quaternion, trusted, new = orienter.process(sensors[placement])
            restarts.update((position, placement) for position in new)
            oriented[placement] = self._segment(placement, sensors[placement], quaternion, trusted)
        n = len(oriented[Placement.PELVIS].trusted)
        out = np.full((CHANNELS, n), np.nan)
        self._pelvis(sensors[Placement.PELVIS], oriented[Placement.PELVIS], out)
        straight = self._straight(oriented, out)
        if on_the_spot is not None:
            straight &= ~on_the_spot
        cuts = sorted({0, n, *(position for position, _ in restarts)})
        for first, last in pairwise(cuts):
            self._restart([p for position, p in restarts if position == first])
            self._legs(oriented, straight, slice(first, last), out)
        out[Channel.BRIDGED] = np.logical_or.reduce(
            [sensors[p].bridged for p in (Placement.PELVIS, *THIGHS.values())]
        )
        return out

    def _segment(
        self,
        placement: Placement,
        sensor: SensorGrid,
        quaternion: FloatArray,
        trusted: NDArray[np.bool_],
    ) -> _Oriented:
        axes = self._axes.segments[placement]
        rate = turn_by(self._to_segment[placement], sensor.gyr - axes.bias_rad_s[:, np.newaxis])
        return _Oriented(
            quaternion_product(quaternion, axes.alignment[:, np.newaxis]),
            trusted,
            rate,
        )

    def _pelvis(self, sensor: SensorGrid, pelvis: _Oriented, out: FloatArray) -> None:
        ok = pelvis.trusted
        lean, obliquity = inclination(pelvis.segment)
        out[Channel.PELVIS_TILT] = np.where(ok, -lean, np.nan)
        out[Channel.PELVIS_OBLIQUITY] = np.where(ok, obliquity, np.nan)
        facing = self._unwrap(heading(pelvis.segment))
        out[Channel.PELVIS_HEADING] = facing
        force = rotate(pelvis.segment, turn_by(self._to_segment[Placement.PELVIS], sensor.acc))
        c, s = np.cos(facing), np.sin(facing)
        out[Channel.ACC_FORWARD] = c * force[0] + s * force[1]
        out[Channel.ACC_LEFT] = -s * force[0] + c * force[1]
        out[Channel.ACC_UP] = force[2] - GRAVITY_M_S2
        turning = rotate(pelvis.segment, pelvis.rate)[2]
        out[Channel.YAW_RATE] = turning

    def _unwrap(self, facing: FloatArray) -> FloatArray:
        """Continue the heading without jumps; held constant through a gap."""
        known = np.isfinite(facing)
        if not known.any():
            return np.full_like(facing, self._heading)
        values = facing[known]
        if self._raw_heading is None:
            self._raw_heading = self._heading = float(values[0])
        # Differences of raw values, summed one after the other: the same bits in any cut.
        steps = wrap_angle(values - np.concatenate(([self._raw_heading], values[:-1])))
        smooth = np.cumsum(np.concatenate(([self._heading], steps)))
        self._raw_heading, self._heading = float(values[-1]), float(smooth[-1])
        return smooth[np.cumsum(known)]

    def _straight(
        self, oriented: Mapping[Placement, _Oriented], out: FloatArray
    ) -> NDArray[np.bool_]:
        """Where the wearer walks straight ahead, as far as the past can tell.

        Low-passes the yaw rate in `out` on the way.
        """
        speed = [np.abs(oriented[p].rate[2]) for p in THIGHS.values()]
        slow = self._slow_filter(np.nan_to_num(np.array((out[Channel.YAW_RATE], *speed))))
        out[Channel.YAW_RATE] = slow[0]
        swinging = (slow[1] > SWINGING_RAD_S) & (slow[2] > SWINGING_RAD_S)
        trusted = np.logical_and.reduce([o.trusted for o in oriented.values()])
        return swinging & trusted & (np.abs(slow[0]) < STRAIGHT_YAW_RAD_S)

    def _restart(self, placements: list[Placement]) -> None:
        if Placement.PELVIS in placements:
            placements = list(self._headings)
        for placement in placements:
            self._headings[placement].restart()

    def _legs(
        self,
        oriented: Mapping[Placement, _Oriented],
        straight: NDArray[np.bool_],
        rows: slice,
        out: FloatArray,
    ) -> None:
        pelvis = oriented[Placement.PELVIS]
        pelvis_heading = heading(pelvis.segment[:, rows])
        for side in Side:
            mirror = 1.0 if side is Side.RIGHT else -1.0
            thigh = oriented[THIGHS[side]]
            turned, offset = self._to_pelvis_earth(
                THIGHS[side], thigh.segment[:, rows], pelvis_heading, straight[rows]
            )
            flexion, adduction, rotation = joint_angles(pelvis.segment[:, rows], turned)
            zero = self._axes.rotation_zero_rad.get(THIGHS[side], 0.0)
            out[Channel.THIGH_HEADING_OFFSET_LEFT.of(side), rows] = offset
            hip_ok = pelvis.trusted[rows] & thigh.trusted[rows]
            hip = {
                Channel.HIP_FLEXION_LEFT: flexion,
                Channel.HIP_ADDUCTION_LEFT: mirror * adduction,
                Channel.HIP_ROTATION_LEFT: mirror * (rotation - zero),
            }
            _put(out, side, rows, hip, hip_ok)
            lean, tilt = inclination(thigh.segment[:, rows])
            cross_rate, _, rate = thigh.rate[:, rows]
            alone = {
                Channel.THIGH_LEAN_LEFT: lean,
                Channel.THIGH_TILT_LEFT: tilt,
                Channel.THIGH_RATE_LEFT: rate,
                Channel.THIGH_CROSS_RATE_LEFT: cross_rate,
            }
            _put(out, side, rows, alone, thigh.trusted[rows])
            if SHANKS[side] not in oriented:
                continue
            shank = oriented[SHANKS[side]]
            shank_turned, _ = self._to_pelvis_earth(
                SHANKS[side], shank.segment[:, rows], pelvis_heading, straight[rows]
            )
            shank_ok = shank.trusted[rows]
            knee = {Channel.KNEE_FLEXION_LEFT: -joint_angles(turned, shank_turned)[0]}
            _put(out, side, rows, knee, hip_ok & shank_ok)
            alone = {
                Channel.SHANK_LEAN_LEFT: inclination(shank.segment[:, rows])[0],
                Channel.SHANK_RATE_LEFT: shank.rate[2, rows],
            }
            _put(out, side, rows, alone, shank_ok)

    def _to_pelvis_earth(
        self,
        placement: Placement,
        segment: FloatArray,
        pelvis_heading: FloatArray,
        straight: NDArray[np.bool_],
    ) -> tuple[FloatArray, FloatArray]:
        """A segment in the pelvis' earth, and the offset that took it there."""
        difference = wrap_angle(pelvis_heading - heading(segment))
        offset = self._headings[placement].process(difference, straight)
        return quaternion_product(heading_quaternion(offset), segment), offset


def _put(
    out: FloatArray,
    side: Side,
    rows: slice,
    values: Mapping[Channel, FloatArray],
    ok: NDArray[np.bool_],
) -> None:
    """Fill channels of a leg, NaN where its sensors cannot be trusted."""
    known = ok.all()
    for channel, of_leg in values.items():
        out[channel.of(side), rows] = of_leg if known else np.where(ok, of_leg, np.nan)
