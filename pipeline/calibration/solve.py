"""Solve: quiet standing and walking → body axes, or a refusal that says why.

1. Of the still stretches, the one in which the sensors hang as they do on average while
   walking is the standing pose (a seated one differs by 80°). It gives gyroscope bias and
   each segment's long axis.
2. Straight walking gives the swing axis of each leg segment and the direction of
   progression of the pelvis, each with its standard error.
3. Signs, all together: a thigh is furthest forward when the pelvis is low (step-frequency
   rule), and swings further forward from standing than back; a knee only bends one way; the
   thighs swing in turn; the hip force felt by pelvis and thigh must agree (coupling);
   forward at the pelvis is where the force leads the rise of the body, and where it speeds
   up when walking begins after standing (setting off). Of the eight
   combinations the one that satisfies most is taken, and each sign is as certain as the
   second best is worse.
4. The pelvis sways towards the leg that stands: if not, left and right are swapped. A pelvis
   turns less than a thigh, a thigh less than its shank: if not, they are exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfiltfilt

from pipeline.calibration import functional_axes as axes
from pipeline.calibration.body_axes import BodyAxes, CalibrationRefusal, SegmentAxes
from pipeline.calibration.judgement import (
    MIN_ANTIPHASE,
    MIN_SWING_SHARE,
    Scores,
    exchanged_sensors,
    refused_planes,
)
from pipeline.calibration.pelvis_axis import STEP, ahead_of, progression_axis
from pipeline.calibration.setting_off import gained_speeds
from pipeline.calibration.stillness import Rest
from pipeline.calibration.worn import WornSensor, choose_standing, prepare, walking_mask
from pipeline.filters import butter_band_pass, butter_low_pass
from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GridRun
from pipeline.stages.kinematics import STRAIGHT_YAW_RAD_S
from recordings.frames import (
    GRAVITY_M_S2,
    heading,
    inclination,
    joint_angles,
    quaternion_from_axes,
    quaternion_product,
    rotate,
)
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side

MIN_STRAIGHT_S = 2.0
ONE_SIDED_WEIGHT = 2.0
"""A thigh's range is one-sided by 0.2–0.5, a knee's by 0.7–0.9; a rhythm scores 0.3–0.9."""

CLEARLY_ONE_SIDED = 0.88
"""How one-sided the better of two knees is: worn as it should 0.9–1.4, crossed 0.3–0.85."""

SHANKS_CROSSED = (
    "The knees bend the wrong way: left and right seem to be swapped between the shank or the "
    "thigh sensors. Knee angles are left out; exchange the two and analyse again."
)

MIN_FOLLOWING = 0.3
"""Of a shank's swing, the share that is its thigh's an eighth of a cycle before; worn as it
should be 0.4–0.9, also in the steps of a walker who freezes."""

MIN_KNEE_RANGE_RAD = np.deg2rad(15.0)
"""Two sensors on one thigh differ by less; the stiffest knees of virtual people bend by 28°."""

SYSTEMATIC_AXIS_ERROR_DEG = 2.0
"""Walking axis against optical segment axis in eight windows of one study: within 3°."""

_HIP_FROM_THIGH_SENSOR_M = 0.20
_HIP_FROM_PELVIS_SENSOR_M = (0.10, -0.03, 0.08)
"""Forward, up, outwards: nominal; 3 cm of error cost 2–4° of heading."""

_LEGS = {
    Side.LEFT: (Placement.THIGH_LEFT, Placement.SHANK_LEFT),
    Side.RIGHT: (Placement.THIGH_RIGHT, Placement.SHANK_RIGHT),
}


def solve(
    run: GridRun, rests: Sequence[Rest], on_the_spot: NDArray[np.bool_] | None = None
) -> BodyAxes | CalibrationRefusal:
    """Find the body axes from a stretch that holds walking.

    Parameters
    ----------
    run : GridRun
        The buffered stretch; its rests may lie before it.
    rests : sequence of Rest
        Still stretches to choose the standing pose from, in time order.
    on_the_spot : ndarray of bool, shape (run.length,), optional
        Where the wearer is known to do something else than walking.
    """
    walking = walking_mask(run)
    if on_the_spot is not None:
        walking &= ~on_the_spot
    if walking.sum() < MIN_STRAIGHT_S * GRID_RATE_HZ:
        return CalibrationRefusal(
            "no_walking",
            "No walking was found in which both thighs swing: walk straight ahead for at "
            "least ten strides.",
        )
    rest = choose_standing(run, walking, rests)
    sensors = {p: prepare(run, p, rest, walking) for p in run.sensors}
    sensors = {p: s for p, s in sensors.items() if s is not None}
    for placement in (Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT):
        if placement not in sensors:
            return CalibrationRefusal(
                "sensor_silent",
                f"The {placement.label} sensor has no usable samples where the wearer walks.",
            )
    return _Solver(run, sensors, walking, rest).solve()


class _Solver:
    """The steps of `solve` after the sensors are oriented; one object a calibration."""

    def __init__(
        self,
        run: GridRun,
        sensors: dict[Placement, WornSensor],
        walking: NDArray[np.bool_],
        rest: Rest | None,
    ) -> None:
        self.run = run
        self.sensors = sensors
        self.rest = rest
        self.pelvis = sensors[Placement.PELVIS]
        self.walking = walking
        self.remarks: list[str] = []
        self.force = rotate(self.pelvis.quaternion, self.pelvis.acc)
        self.force[2] -= GRAVITY_M_S2
        yaw_rate = sosfiltfilt(butter_low_pass(0.5), self.pelvis.up @ self.pelvis.gyr)
        self.straight = walking & (np.abs(yaw_rate) < STRAIGHT_YAW_RAD_S)
        for sensor in sensors.values():
            self.straight &= sensor.trusted
        self._keep_longest_unbroken()

    def _keep_longest_unbroken(self) -> None:
        """Use only one stretch between filter restarts: headings are comparable there."""
        cuts = sorted({0, self.run.length, *(i for s in self.sensors.values() for i in s.restarts)})
        pieces = list(pairwise(cuts))
        counts = [int(self.straight[a:b].sum()) for a, b in pieces]
        start, end = pieces[int(np.argmax(counts))]
        self.piece = (start, end)
        self.straight[:start] = False
        self.straight[end:] = False

    def solve(self) -> BodyAxes | CalibrationRefusal:
        if self.straight.sum() < MIN_STRAIGHT_S * GRID_RATE_HZ:
            return CalibrationRefusal(
                "no_straight_walking",
                "There is too little straight walking to find out how the sensors sit: walk "
                "straight ahead for at least ten strides.",
            )
        pelvis_sign, sign_scores = self._align()
        alternating = self.straight & self._alternating()
        found, kept = int(self.straight.sum()), int(alternating.sum())
        if MIN_STRAIGHT_S * GRID_RATE_HZ <= kept < 0.95 * found:
            # Sitting down, squats and the like swing the same axes, but not in turn.
            self.straight = alternating
            pelvis_sign, sign_scores = self._align()
        # Before a shank is left out: what swings in its place may be the thigh's sensor.
        swing_rates = {
            p: axes.swing_rate_rad_s(s.gyr, s.up, self.straight)
            for p, s in self.sensors.items()
            if p in REQUIRED_PLACEMENTS or s.share >= MIN_SWING_SHARE
        }
        if self.shanks_crossed:
            self.remarks.append(SHANKS_CROSSED)
        for thigh, shank in _LEGS.values():
            if shank in self.sensors and (
                self.shanks_crossed or not self._turn_shank(thigh, shank)
            ):
                del self.sensors[shank]
        scores = Scores(
            antiphase=self._antiphase(),
            pelvis_sign=pelvis_sign,
            thigh_signs=sign_scores,
            swing_shares={legs[0]: self.sensors[legs[0]].share for legs in _LEGS.values()},
            swap=self._swap_score(),
            straight_s=float(self.straight.sum() / GRID_RATE_HZ),
            errors_deg={p: sensor.error_deg for p, sensor in self.sensors.items()},
            stood_still=self.rest is not None,
            swing_rates_rad_s=swing_rates,
        )
        return BodyAxes(
            segments={
                p: SegmentAxes(s.bias, s.alignment, s.error_deg)
                for p, s in self.sensors.items()
                if s.alignment is not None
            },
            relative_heading_rad=self._relative_headings(),
            rotation_zero_rad=self._rotation_zero(),
            zero="standing" if self.rest is not None else "walking_mean",
            step_rate_hz=self.step_rate_hz,
            straight_walking_s=scores.straight_s,
            rest_s=self.rest.duration_s if self.rest is not None else 0.0,
            refused=refused_planes(scores),
            unfit=exchanged_sensors(scores),
            remarks=tuple(self.remarks),
        )

    def _align(self) -> tuple[float, dict[Side, float]]:
        """Find all axes, then their signs; returns how certain the signs are, 0–1 and more."""
        leans = {side: self._align_leg(legs[0]) for side, legs in _LEGS.items()}
        self.step_rate_hz = 2.0 * axes.stride_rate_hz(tuple(leans.values()), self.straight)
        leads = self._align_pelvis()
        rhythm = {
            side: axes.band_correlation(lean, -self.force[2], self.step_rate_hz, self.straight)
            for side, lean in leans.items()
        }
        bends = {side: self._bends(side, lean) for side, lean in leans.items()}
        couplings = {side: self._coupling(legs[0], side) for side, legs in _LEGS.items()}
        in_turn = self._antiphase()

        alone = {side: rhythm[side] + self._onward(lean) for side, lean in leans.items()}

        def agreement(signs: tuple[int, ...], knees: float) -> float:
            pelvis, left, right = signs
            return (
                pelvis * leads
                + left * (alone[Side.LEFT] + knees * bends[Side.LEFT])
                + right * (alone[Side.RIGHT] + knees * bends[Side.RIGHT])
                + pelvis * left * couplings[Side.LEFT]
                + pelvis * right * couplings[Side.RIGHT]
                + left * right * in_turn
            )

        candidates = list(product((1, -1), repeat=3))
        _, left, right = max(candidates, key=lambda signs: agreement(signs, 0.0))
        knees = left * bends[Side.LEFT], right * bends[Side.RIGHT]
        # Each shank worn on the other leg bends its knee the wrong way, and not clearly.
        self.shanks_crossed = max(knees) < 0.0 and min(knees) > -CLEARLY_ONE_SIDED
        weight = 0.0 if self.shanks_crossed else ONE_SIDED_WEIGHT
        best = max(candidates, key=lambda signs: agreement(signs, weight))
        at_best = agreement(best, weight)
        certain = [
            0.5 * (at_best - max(agreement(c, weight) for c in candidates if c[i] != best[i]))
            for i in range(3)
        ]
        turned = (Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT)
        for sign, placement in zip(best, turned, strict=True):
            if sign < 0:
                self.sensors[placement].turn_round()
        return certain[0], {Side.LEFT: certain[1], Side.RIGHT: certain[2]}

    def _onward(self, lean: FloatArray) -> float:
        """Evidence for a thigh's sign from how far it goes to either side of standing."""
        if self.rest is None:
            return 0.0
        return ONE_SIDED_WEIGHT * _one_sidedness(lean[self.straight])

    def _bends(self, side: Side, lean: FloatArray) -> float:
        """To which side of a thigh's lean the knee bends, −1 … 1; 0 without a shank."""
        placement = _LEGS[side][1]
        if placement not in self.sensors:
            return 0.0
        shank_lean = self._align_leg(placement)
        bends = (
            _one_sidedness((lean - shank_lean)[self.straight]),
            _one_sidedness((lean + shank_lean)[self.straight]),
        )
        return max(bends, key=abs)

    def _antiphase(self) -> float:
        """+1 where the thighs swing exactly against each other, −1 where together."""
        left, right = (
            sosfiltfilt(butter_low_pass(3.0), inclination(self.sensors[legs[0]].segment)[0])
            for legs in _LEGS.values()
        )
        return -axes.correlation(left[self.straight], right[self.straight])

    def _alternating(self) -> NDArray[np.bool_]:
        """Where the thighs swing against each other, over two seconds."""
        lean = [inclination(self.sensors[legs[0]].segment)[0] for legs in _LEGS.values()]
        band = butter_band_pass(0.3, 3.0)
        left, right = (sosfiltfilt(band, x) for x in lean)
        window = np.ones(2 * GRID_RATE_HZ)
        product, *powers = (
            np.convolve(x, window, mode="same") for x in (left * right, left**2, right**2)
        )
        return product < -MIN_ANTIPHASE * np.sqrt(powers[0] * powers[1])

    def _align_pelvis(self) -> float:
        pelvis = self.pelvis
        basis = axes.plane_basis(pelvis.up)
        # A trial frame that faces basis[0]: the axis is searched relative to it.
        trial = quaternion_from_axes(basis[0], pelvis.up, np.cross(basis[0], pelvis.up))
        facing = np.unwrap(heading(quaternion_product(pelvis.quaternion, trial[:, np.newaxis])))
        slow = sosfiltfilt(butter_low_pass(0.4), facing)
        # basis[1] = up × basis[0] points to the left of basis[0].
        ahead = np.cos(slow) * self.force[0] + np.sin(slow) * self.force[1]
        left = -np.sin(slow) * self.force[0] + np.cos(slow) * self.force[1]
        speeds = gained_speeds(self.run, self.force, facing, self.walking, pelvis.trusted)
        found = progression_axis(
            np.stack((ahead, left)), basis, self.step_rate_hz, self.straight, speeds
        )
        along = found.direction @ np.stack(basis, axis=1) @ np.stack((ahead, left))
        band = STEP.band(self.step_rate_hz)
        rise = np.gradient(sosfiltfilt(band, self.force[2]))
        score = axes.correlation(sosfiltfilt(band, along)[self.straight], rise[self.straight])
        pelvis.align(found.direction)
        pelvis.error_deg = float(np.hypot(found.error_deg, SYSTEMATIC_AXIS_ERROR_DEG))
        return score + ahead_of(found.direction, basis, speeds)

    def _align_leg(self, placement: Placement) -> FloatArray:
        """Find the swing axis of a thigh or shank, its sign still open; returns the sagittal
        lean, radians."""
        sensor = self.sensors[placement]
        found = axes.swing_axis(sensor.gyr, sensor.up, self.straight)
        sensor.error_deg = float(np.hypot(found.error_deg, SYSTEMATIC_AXIS_ERROR_DEG))
        sensor.share = found.share
        sensor.align(np.cross(sensor.up, found.direction))
        return inclination(sensor.segment)[0]

    def _coupling(self, placement: Placement, side: Side) -> float:
        """How well the signs of pelvis and thigh agree on the force at the hip, −1 … 1."""
        offset, confidence = self._hip_coupling(placement, side)
        return confidence * float(np.cos(offset - self._mean_offset(placement)))

    def _turn_shank(self, thigh: Placement, placement: Placement) -> bool:
        """Give a shank the sign with which its knee bends one way; False if it is none.

        A shank swings as its thigh does, about an eighth of a cycle later, whether its knee
        bends little or goes far past straight (correlation +0.4 … +0.9), and more so than as the
        other thigh (−0.5 … −0.9).
        """
        shank = self.sensors[placement]
        turned, follows, range_rad = self._knee(thigh, placement)
        other = next(t for t, _ in _LEGS.values() if t is not thigh)
        if turned:
            shank.turn_round()
        if (
            shank.share < MIN_SWING_SHARE
            or range_rad < MIN_KNEE_RANGE_RAD
            or follows < max(MIN_FOLLOWING, self._knee(other, placement)[1])
        ):
            self.remarks.append(
                f"The {placement.label} sensor does not move as a shank does: its knee angle "
                "is left out. Check that it sits on the right leg, below the knee."
            )
            return False
        return True

    def _knee(self, thigh: Placement, shank: Placement) -> tuple[bool, float, float]:
        """Whether a shank has to be turned round to make a knee with a thigh; how well it
        follows the thigh then, −1 … 1; and how far that knee goes, radians."""
        thigh_lean = inclination(self.sensors[thigh].segment)[0]
        shank_lean = inclination(self.sensors[shank].segment)[0]
        bends = [(thigh_lean + sign * shank_lean)[self.straight] for sign in (-1.0, 1.0)]
        turned = _one_sidedness(bends[1]) > _one_sidedness(bends[0])
        low, high = np.percentile(bends[turned], (2, 98))
        slow = sosfiltfilt(butter_low_pass(5.0), np.stack((thigh_lean, shank_lean)))
        lean, rate, shank_lean = (
            x[self.straight] for x in (slow[0], np.gradient(slow[0]), slow[1])
        )
        later = axes.correlation(shank_lean, lean) - axes.correlation(shank_lean, rate)
        return turned, (-later if turned else later) / np.sqrt(2.0), float(high - low)

    def _hip_coupling(self, placement: Placement, side: Side) -> tuple[float, float]:
        pelvis, thigh = self.pelvis, self.sensors[placement]
        assert pelvis.alignment is not None
        forward = rotate(pelvis.alignment[:, np.newaxis], np.array([[1.0], [0.0], [0.0]]))[:, 0]
        right = np.cross(forward, pelvis.up)
        ahead_m, up_m, out_m = _HIP_FROM_PELVIS_SENSOR_M
        outwards = right if side is Side.RIGHT else -right
        to_hip = ahead_m * forward + up_m * pelvis.up + out_m * outwards
        at_pelvis = axes.joint_force(pelvis.gyr, pelvis.acc, to_hip)
        at_thigh = axes.joint_force(thigh.gyr, thigh.acc, _HIP_FROM_THIGH_SENSOR_M * thigh.up)
        return axes.coupling(
            rotate(pelvis.quaternion, at_pelvis)[:2],
            rotate(thigh.quaternion, at_thigh)[:2],
            self.straight,
        )

    def _mean_offset(self, placement: Placement, limit: int | None = None) -> float:
        """Heading of the pelvis minus that of a leg segment, averaged over straight walking."""
        use = np.flatnonzero(self.straight)[:limit]
        difference = (
            heading(self.pelvis.segment)[use] - heading(self.sensors[placement].segment)[use]
        )
        return float(np.angle(np.exp(1j * difference).mean()))

    def _relative_headings(self) -> dict[Placement, float]:
        if any(s.restarts for s in self.sensors.values()):
            return {}
        return {
            p: self._mean_offset(p, 10 * GRID_RATE_HZ)
            for p in self.sensors
            if p is not Placement.PELVIS
        }

    def _rotation_zero(self) -> dict[Placement, float]:
        """Axial rotations in the standing pose, if it lies in the same unbroken stretch."""
        if self.rest is None:
            return {}
        start, end = self.rest.start - self.run.start, self.rest.end - self.run.start
        if start < self.piece[0] or end > self.piece[1]:
            self.remarks.append(
                "Standing and walking are too far apart in time to compare leg rotation "
                "between them; rotation counts from the mean of walking."
            )
            return {}
        offsets = self._relative_headings()
        if not offsets:
            return {}
        turned = {Placement.PELVIS: self.pelvis.segment[:, start:end]}
        for placement, offset in offsets.items():
            half = np.array([[np.cos(offset / 2)], [0.0], [0.0], [np.sin(offset / 2)]])
            turned[placement] = quaternion_product(
                half, self.sensors[placement].segment[:, start:end]
            )
        zero = {}
        for thigh, shank in _LEGS.values():
            for proximal, distal in ((Placement.PELVIS, thigh), (thigh, shank)):
                if distal in turned:
                    about_y = joint_angles(turned[proximal], turned[distal])[2]
                    zero[distal] = float(np.angle(np.exp(1j * about_y).mean()))
        return zero

    def _swap_score(self) -> float:
        """+ if the pelvis accelerates away from the side that swings back: legs swapped."""
        facing = heading(self.pelvis.segment)
        to_left = -np.sin(facing) * self.force[0] + np.cos(facing) * self.force[1]
        lean = [inclination(self.sensors[_LEGS[s][0]].segment)[0] for s in (Side.RIGHT, Side.LEFT)]
        swing = np.gradient(lean[0] - lean[1])
        return axes.band_correlation(to_left, swing, self.step_rate_hz / 2, self.straight)


def _one_sidedness(angle: FloatArray) -> float:
    """−1 … 1: how much further an angle goes to the + side of standing than to the − side."""
    low, high = np.percentile(angle, (2, 98))
    return float((high + low) / max(high - low, 1e-9))
