"""Swing plane: where a thigh points, and in which plane it swings while walking.

The long axis of a thigh is known from standing and gravity. Only its direction is used here,
never the turn of the sensor about it: an axis that was found 10° off would otherwise make
seven degrees of inward lean of each squat. What is straight ahead for a thigh is the plane in
which it swings while the wearer walks, as its own filter sees it; the offset between filters
that the kinematics follow is taken out again, because a sensor that turns about the thigh
pulls on it for half a minute.

Contract
--------
Input    Kinematic channels in blocks of a fixed grid, and where the wearer walks straight.
Output   Azimuth of the swing plane against the pelvis, and how long ago it was last seen.
State    Running sums that forget with `TAU_S`, also through a pause: constant.
Gap      NaN points are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ
from pipeline.stages.kinematics import STRAIGHT_YAW_RAD_S, Channel
from recordings.frames import wrap_angle
from recordings.placement import Side

TAU_S = 20.0
MOST_TAUS = 4.0
MIN_WALKING_S = 4.0
USUAL_AZIMUTH_DEG = -2.5
"""A thigh swings a little outward while it goes forward (mean curves of Schwartz 2008: the
hip adducts by 2–3° less where it bends most)."""

AZIMUTH_ERROR_DEG = 3.5
"""95 %: people differ, and the swing of a walk does."""
UNKNOWN_AZIMUTH_ERROR_DEG = 8.0
SWINGING_RAD_S, MOVING_RAD_S = 0.35, 0.15
"""Mean speed over a block of both thighs together, and of the slower one. In slow walking a
thigh almost stops where it turns round: a block without those moments would tell the swing of
half a stride (up to 15° off)."""

RESTARTED_RAD = np.deg2rad(30.0)
"""A change of the offset that no turned sensor makes."""
DRIFT_DEG_PER_MIN = 1.0
"""95 % of what the headings of two filters part by without walking."""


@dataclass(frozen=True, slots=True)
class SwingPlane:
    """The plane in which a thigh swings.

    Attributes
    ----------
    azimuth_rad : float
        Towards the other leg +, against the pelvis' forward.
    offset_rad : float
        Offset between the filters of thigh and pelvis that `azimuth_rad` is counted at; NaN
        for whatever it is.
    seen_s : float
        Session time of the last straight walking; −inf without any.
    """

    azimuth_rad: float
    offset_rad: float
    seen_s: float

    def error_deg(self, time_s: float) -> float:
        """95 % error of what is straight ahead for this thigh, at a later time."""
        if not np.isfinite(self.seen_s):
            return UNKNOWN_AZIMUTH_ERROR_DEG
        drift = DRIFT_DEG_PER_MIN * max(0.0, time_s - self.seen_s) / 60.0
        return float(np.hypot(AZIMUTH_ERROR_DEG, drift))


def thigh_direction(
    channels: FloatArray, side: Side, offset_rad: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The lower end of a thigh seen from the hip, in the heading of the pelvis.

    Parameters
    ----------
    offset_rad : float
        See `SwingPlane`.

    Returns
    -------
    forward, up, medial : ndarray, shape (n,)
        Parts of a unit vector; medial is towards the other leg.
    """
    mirror = 1.0 if side is Side.RIGHT else -1.0
    flexion = channels[Channel.HIP_FLEXION_LEFT.of(side)]
    adduction = channels[Channel.HIP_ADDUCTION_LEFT.of(side)]
    aside = np.cos(adduction)
    forward, up = np.sin(flexion) * aside, -np.cos(flexion) * aside
    left = mirror * np.sin(adduction)
    # The pelvis itself leans: about its right axis first, then about the way it faces.
    forward, up = _turned(forward, up, -channels[Channel.PELVIS_TILT])
    up, left = _turned(up, left, channels[Channel.PELVIS_OBLIQUITY])
    if np.isfinite(offset_rad):
        followed = channels[Channel.THIGH_HEADING_OFFSET_LEFT.of(side)]
        forward, left = _turned(forward, left, offset_rad - followed)
    return forward, up, mirror * left


def inward_lean_deg(channels: FloatArray, side: Side, plane: SwingPlane) -> FloatArray:
    """How far a thigh leans out of its swing plane, towards the other leg +."""
    forward, _, medial = thigh_direction(channels, side, plane.offset_rad)
    azimuth = plane.azimuth_rad
    across = np.cos(azimuth) * medial - np.sin(azimuth) * forward
    return np.rad2deg(np.arcsin(np.clip(across, -1.0, 1.0)))


def _turned(a: FloatArray, b: FloatArray, angle: FloatArray) -> tuple[FloatArray, FloatArray]:
    c, s = np.cos(angle), np.sin(angle)
    return c * a - s * b, s * a + c * b


class SwingWatch:
    """Follows the swing planes of both thighs through the walking of one epoch."""

    def __init__(self) -> None:
        self._sums = {side: np.zeros(5) for side in Side}
        self._offset_rad = dict.fromkeys(Side, np.nan)
        self._walked_s = dict.fromkeys(Side, 0.0)
        self._seen_s = -np.inf

    def process(
        self, ends_s: FloatArray, blocks: FloatArray, on_the_spot: NDArray[np.bool_]
    ) -> None:
        """Look at the next blocks.

        Parameters
        ----------
        ends_s : ndarray, shape (count,)
            Session time at which each block ends.
        blocks : ndarray, shape (len(Channel), count, length)
        on_the_spot : ndarray of bool, shape (count,)
            Blocks in which something else than walking is done.
        """
        walks = np.flatnonzero(~on_the_spot & _walks_straight(blocks))
        while len(walks):
            same = self._begin_anew(blocks[:, walks, -1])
            self._add(ends_s, blocks, walks[:same])
            walks = walks[same:]

    def _add(self, ends_s: FloatArray, blocks: FloatArray, walks: NDArray[np.intp]) -> None:
        """Take the blocks of straight walking, throughout which the offsets hold."""
        seen_s = np.concatenate(([self._seen_s], ends_s[walks]))
        since_s = seen_s[1:] - seen_s[:-1]
        # With the few between them that are none: a view, not a copy of all channels.
        blocks = blocks[:, walks[0] : walks[-1] + 1]
        # Through a pause, too: headings drift apart then.
        keep = np.exp(-np.minimum(since_s, MOST_TAUS * TAU_S) / TAU_S).tolist()
        for side in Side:
            forward, _, medial = thigh_direction(blocks, side, self._offset_rad[side])
            known = np.isfinite(forward) & np.isfinite(medial)
            x, y = np.where(known, forward, 0.0), np.where(known, medial, 0.0)
            terms = (known, x, y, x * x, x * y)
            seen = np.stack([np.add.reduce(term, axis=1) for term in terms], axis=1)
            seen = seen[walks - walks[0]]
            sums = self._sums[side]
            for kept, of_block in zip(keep, seen, strict=True):
                sums = kept * sums + of_block
            self._sums[side] = sums
            self._walked_s[side] += len(walks) * blocks.shape[2] / GRID_RATE_HZ
        self._seen_s = float(seen_s[-1])

    def plane(self, side: Side) -> SwingPlane:
        """What is known by now."""
        n, x, y, xx, xy = self._sums[side]
        if self._walked_s[side] < MIN_WALKING_S:
            return SwingPlane(0.0, np.nan, -np.inf)
        slope = (xy - x * y / n) / (xx - x * x / n)
        usual = np.deg2rad(USUAL_AZIMUTH_DEG)
        azimuth = float(np.arctan(slope) - usual)
        return SwingPlane(azimuth, self._offset_rad[side], self._seen_s)

    def _begin_anew(self, last: FloatArray) -> int:
        """Begin anew where a filter has: what it saw before has another heading.

        Parameters
        ----------
        last : ndarray, shape (len(Channel), count)
            The last points of some blocks.

        Returns
        -------
        int
            How many of the blocks, the first included, go on without another new heading.
        """
        same = last.shape[1]
        for side in Side:
            offset_rad = last[Channel.THIGH_HEADING_OFFSET_LEFT.of(side)]
            if not abs(wrap_angle(offset_rad[0] - self._offset_rad[side])) < RESTARTED_RAD:
                self._sums[side], self._walked_s[side] = np.zeros(5), 0.0
                self._offset_rad[side] = float(offset_rad[0])
            jumps = np.abs(wrap_angle(offset_rad[1:same] - self._offset_rad[side]))
            same = 1 + int(np.argmin(np.append(jumps < RESTARTED_RAD, False)))
        return same


def _walks_straight(blocks: FloatArray) -> NDArray[np.bool_]:
    """In which blocks both thighs swing, in turn, and the pelvis does not."""
    left, right = blocks[Channel.THIGH_RATE_LEFT], blocks[Channel.THIGH_RATE_RIGHT]
    yaw = blocks[Channel.YAW_RATE]
    speeds = [np.add.reduce(np.abs(rate), axis=1) / blocks.shape[2] for rate in (left, right)]
    swings = (0.5 * (speeds[0] + speeds[1]) > SWINGING_RAD_S) & (np.minimum(*speeds) > MOVING_RAD_S)
    in_turn = np.add.reduce(left * right, axis=1) < 0.0
    # A missing rate makes the comparisons false.
    return swings & in_turn & (np.maximum.reduce(np.abs(yaw), axis=1) < STRAIGHT_YAW_RAD_S)
