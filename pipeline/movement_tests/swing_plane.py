"""Swing plane: where a thigh points, and in which plane it swings while walking.

The long axis of a thigh is known from standing and gravity. Only its direction is used here,
never the turn of the sensor about it: an axis that was found 10° off would otherwise make
seven degrees of inward lean of each squat. What is straight ahead for a thigh is the plane in
which it swings while the wearer walks, as its own filter sees it; the offset between filters
that the kinematics follow is taken out again, because a sensor that turns about the thigh
pulls on it for half a minute. The swing is counted from where the pelvis faces on average: it
turns with the leg that goes forward, and counted from where it faces at each moment the swing
would seem to go further outward, the more so the faster one walks.

Contract
--------
Input    Kinematic channels in blocks of a fixed grid, and where the wearer walks straight.
Output   Azimuth of the swing plane against the pelvis, and how long ago it was last seen.
State    Running sums that forget with `TAU_S`, also through a pause, and four blocks: constant.
Gap      NaN points are left out.
"""

from __future__ import annotations

import math
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

AZIMUTH_ERROR_DEG, USUAL_SWING = 3.0, 0.24
"""95 % for a thigh whose swing has this SD (its sine; a range of some 40°): people differ. The
body sways as far where a thigh swings less, so the error grows as the swing becomes shorter."""
UNKNOWN_AZIMUTH_ERROR_DEG = 8.0
SWINGING_RAD_S, MOVING_RAD_S = 0.35, 0.15
"""Mean speed over a block of both thighs together, and of the slower one. In slow walking a
thigh almost stops where it turns round: a block without those moments would tell the swing of
half a stride (up to 15° off)."""

AROUND = 2
"""Blocks before and after one over which the heading is averaged: about two strides together."""

_MOMENTS = 6
Moments = dict[Side, FloatArray]

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
        Towards the other leg +, against where the pelvis faces on average.
    offset_rad : float
        Offset between the filters of thigh and pelvis that `azimuth_rad` is counted at; NaN
        for whatever it is.
    seen_s : float
        Session time of the last straight walking; −inf without any.
    doubt_deg : float
        95 % error of `azimuth_rad` at that time.
    """

    azimuth_rad: float
    offset_rad: float
    seen_s: float
    doubt_deg: float = UNKNOWN_AZIMUTH_ERROR_DEG

    def error_deg(self, time_s: float) -> float:
        """95 % error of what is straight ahead for this thigh, at a later time."""
        if not np.isfinite(self.seen_s):
            return UNKNOWN_AZIMUTH_ERROR_DEG
        drift = DRIFT_DEG_PER_MIN * max(0.0, time_s - self.seen_s) / 60.0
        return min(math.hypot(self.doubt_deg, drift), UNKNOWN_AZIMUTH_ERROR_DEG)


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


@dataclass(frozen=True, slots=True)
class _Block:
    """One block of straight walking.

    Attributes
    ----------
    heading_rad : float
        Mean heading of the pelvis.
    kept : float
        Share of what was summed before that is left when this block comes.
    moments : dict of Side to ndarray
        Sums over its points, forward counted along `heading_rad`: of 1, of the parts of the
        thigh's direction forward x and medial y, of xx, xy and yy.
    """

    heading_rad: float
    kept: float
    moments: Moments


class SwingWatch:
    """Follows the swing planes of both thighs through the walking of one epoch."""

    def __init__(self) -> None:
        self._sums = {side: np.zeros(_MOMENTS) for side in Side}
        self._offset_rad = dict.fromkeys(Side, np.nan)
        self._walked_s = dict.fromkeys(Side, 0.0)
        self._seen_s = -np.inf
        self._run: list[_Block] = []
        """The newest blocks without a pause between them; the last `AROUND` are not added yet."""

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
        duration_s = blocks.shape[2] / GRID_RATE_HZ
        # Through a pause, too: headings drift apart then.
        keep = np.exp(-np.minimum(since_s, MOST_TAUS * TAU_S) / TAU_S).tolist()
        heading = blocks[Channel.PELVIS_HEADING]
        mean = np.add.reduce(heading, axis=1) / blocks.shape[2]
        turned = heading - mean[:, np.newaxis]
        moments = {}
        for side in Side:
            forward, _, medial = thigh_direction(blocks, side, self._offset_rad[side])
            x, y = _turned(forward, medial, turned if side is Side.RIGHT else -turned)
            known = np.isfinite(x) & np.isfinite(y)
            x, y = np.where(known, x, 0.0), np.where(known, y, 0.0)
            terms = (known, x, y, x * x, x * y, y * y)
            seen = np.stack([np.add.reduce(term, axis=1) for term in terms], axis=1)
            moments[side] = seen[walks - walks[0]]
            self._walked_s[side] += len(walks) * duration_s
        headings = mean[walks - walks[0]].tolist()
        for k, pause_s in enumerate(since_s.tolist()):
            if pause_s > 1.5 * duration_s:
                self._end_run()
            self._run.append(_Block(headings[k], keep[k], {s: moments[s][k] for s in Side}))
            if len(self._run) > AROUND:
                self._sums = self._with(len(self._run) - 1 - AROUND)
                del self._run[: -2 * AROUND]
        self._seen_s = float(seen_s[-1])

    def plane(self, side: Side) -> SwingPlane:
        """What is known by now."""
        if self._walked_s[side] < MIN_WALKING_S:
            return SwingPlane(0.0, np.nan, -np.inf)
        n, x, y, xx, xy, _ = self._with_open()[side]
        spread = xx - x * x / n
        azimuth = math.atan((xy - x * y / n) / spread) - math.radians(USUAL_AZIMUTH_DEG)
        doubt_deg = AZIMUTH_ERROR_DEG * USUAL_SWING / math.sqrt(spread / n)
        return SwingPlane(azimuth, self._offset_rad[side], self._seen_s, doubt_deg)

    def _with(self, at: int, sums: Moments | None = None) -> Moments:
        """The sums with one block of the run, seen in the mean heading around it."""
        sums = self._sums if sums is None else sums
        around = self._run[max(at - AROUND, 0) : at + AROUND + 1]
        block = self._run[at]
        angle = block.heading_rad - sum(b.heading_rad for b in around) / len(around)
        return {
            side: block.kept * sums[side]
            + _turned_moments(block.moments[side], angle if side is Side.RIGHT else -angle)
            for side in Side
        }

    def _with_open(self) -> Moments:
        """The sums with the last blocks of the run, whatever comes after them."""
        sums = self._sums
        for at in range(max(len(self._run) - AROUND, 0), len(self._run)):
            sums = self._with(at, sums)
        return sums

    def _end_run(self) -> None:
        self._sums = self._with_open()
        self._run = []

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
                self._sums[side], self._walked_s[side] = np.zeros(_MOMENTS), 0.0
                for block in self._run:
                    block.moments[side] = np.zeros(_MOMENTS)
                self._offset_rad[side] = float(offset_rad[0])
            jumps = np.abs(wrap_angle(offset_rad[1:same] - self._offset_rad[side]))
            same = 1 + int(np.argmin(np.append(jumps < RESTARTED_RAD, False)))
        return same


def _turned_moments(moments: FloatArray, angle: float) -> FloatArray:
    """Sums over the same points, turned by an angle from forward to medial."""
    n, x, y, xx, xy, yy = moments.tolist()
    c, s = math.cos(angle), math.sin(angle)
    return np.array(
        (
            n,
            c * x - s * y,
            s * x + c * y,
            c * c * xx - 2.0 * c * s * xy + s * s * yy,
            c * s * (xx - yy) + (c * c - s * s) * xy,
            s * s * xx + 2.0 * c * s * xy + c * c * yy,
        )
    )


def _walks_straight(blocks: FloatArray) -> NDArray[np.bool_]:
    """In which blocks both thighs swing, in turn, and the pelvis does not."""
    left, right = blocks[Channel.THIGH_RATE_LEFT], blocks[Channel.THIGH_RATE_RIGHT]
    yaw = blocks[Channel.YAW_RATE]
    speeds = [np.add.reduce(np.abs(rate), axis=1) / blocks.shape[2] for rate in (left, right)]
    swings = (0.5 * (speeds[0] + speeds[1]) > SWINGING_RAD_S) & (np.minimum(*speeds) > MOVING_RAD_S)
    in_turn = np.add.reduce(left * right, axis=1) < 0.0
    # A missing rate makes the comparisons false.
    return swings & in_turn & (np.maximum.reduce(np.abs(yaw), axis=1) < STRAIGHT_YAW_RAD_S)
