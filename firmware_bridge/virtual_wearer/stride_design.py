"""From what a stride should look like to paths of pelvis and feet that make it so.

Joint angles of a moving chain between two planted feet cannot be chosen freely. The design
keeps pelvis orientation, forward and sideways fluctuation, hip rotation and the knee of the
stance leg; everything else is fitted so that the closed chain comes as near to the target
curves as it can: where the pelvis rides between the feet, how the trailing heel rises, how
the foot swings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.curve_table import CurveTable
from firmware_bridge.virtual_wearer.foot_path import (
    SWING_BUMPS,
    SWING_SHAPES,
    FootPath,
    FootSteps,
    rocker,
)
from firmware_bridge.virtual_wearer.gait_curves import PHASES, bump
from firmware_bridge.virtual_wearer.inverse_kinematics import LegAngles, solve_leg
from firmware_bridge.virtual_wearer.rotations import (
    joint_quaternion,
    knee_quaternion,
    multiply,
    pelvis_quaternion,
    rotate,
)
from firmware_bridge.virtual_wearer.stride_targets import StrideTargets
from recordings.placement import Side

FloatArray = NDArray[np.float64]

DESIGN_SPEEDS_M_S = (0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.7, 1.9)
HEEL_ROCKER_SHARE = 0.15
"""The toes are down this share of the cycle after contact."""
HEEL_RISE_START = 0.30
"""The heel leaves the ground at this share of the cycle."""

LANDING_DIP_M = 0.003
"""The pelvis is this much lower at contact than the leading leg needs: smoothing lifts it."""

TAKEOVER = 0.75
"""Share of double support after which the leading leg alone carries the pelvis."""

LATE_CLOSING = 0.35
"""Weight of closing the chain after the other foot has landed, against 1 when it lands."""

HEEL_RISE_PRIOR = 0.08
"""Weight of the recorded foot pitch, when the foot leaves the ground, against the pitch that
closes the chain when the other foot lands."""

POSTURE_CURVES = ("tilt", "obliquity", "rotation", "sideways")
PUSH_OFF_SPEEDS_M_S, PUSH_OFF_DEG = (0.8, 1.0, 1.5, 1.8), (14.0, 12.0, 6.0, 3.0)
"""How much further than for the intended knee the heel has risen when the foot leaves the ground:
it pushes the thigh into its swing while the foot still stands."""

PUSH_FADES_OVER = 0.08
"""Share of the cycle after foot-off in which the knee returns to its own curve."""

PELVIS_CURVES = (*POSTURE_CURVES, "forward")
LIMB_CURVES = ("knee", "hip_flexion", "hip_rotation", "valgus")


@dataclass(frozen=True, slots=True)
class FootMovement:
    """Movement parameters of one foot at the design speeds; first axis is speed."""

    heel_pitch_rad: FloatArray
    toe_pitch_rad: FloatArray
    toe_shape: FloatArray
    swing: FloatArray
    swing_out_m: FloatArray

    def at(self, speed_m_s: float) -> tuple[float, float, FloatArray, FloatArray, float]:
        """Parameters at one speed, linear between the design speeds, fading to rest."""
        grid = np.r_[0.0, DESIGN_SPEEDS_M_S]
        i = int(np.clip(np.searchsorted(grid, speed_m_s) - 1, 0, grid.size - 2))
        f = float(np.clip((speed_m_s - grid[i]) / (grid[i + 1] - grid[i]), 0.0, 1.0))

        def blend(values: FloatArray) -> FloatArray:
            low = values[i - 1] if i > 0 else 0.35 * values[0]
            return (1.0 - f) * low + f * values[i]

        return (
            float(blend(self.heel_pitch_rad)),
            float(blend(self.toe_pitch_rad)),
            blend(self.toe_shape),
            blend(self.swing),
            float(blend(self.swing_out_m)),
        )


@dataclass(frozen=True, slots=True)
class StrideDesign:
    """One person's way of walking at any speed."""

    targets: Callable[[float], StrideTargets]
    pelvis: CurveTable
    limb: dict[Side, CurveTable]
    foot: dict[Side, FootMovement]


def design_strides(body: Body, targets: Callable[[float], StrideTargets]) -> StrideDesign:
    """Fit pelvis and foot paths at the design speeds."""
    cycles = [StrideCycle(body, targets(speed)) for speed in DESIGN_SPEEDS_M_S]
    for cycle in cycles:
        cycle.fit()
    standing = dict.fromkeys(PELVIS_CURVES, 0.0) | {
        "tilt": body.standing_tilt_rad,
        "obliquity": body.standing_obliquity_rad,
    }
    return StrideDesign(
        targets=targets,
        pelvis=CurveTable(DESIGN_SPEEDS_M_S, [c.pelvis_curves() for c in cycles], standing),
        limb={
            side: CurveTable(
                DESIGN_SPEEDS_M_S,
                [c.limb_curves(side) for c in cycles],
                {
                    "knee": body.standing_knee_rad[side],
                    "hip_flexion": body.standing_hip_rad(side),
                    "hip_rotation": body.standing_turn_rad[side],
                    "valgus": 0.0,
                },
            )
            for side in Side
        },
        foot={
            side: FootMovement(
                *(np.array([getattr(c.foot[side], name) for c in cycles]) for name in _FOOT_FIELDS)
            )
            for side in Side
        },
    )


_DOWN = np.array([[0.0], [0.0], [-1.0]])
_HEEL_CUBED = (1 - np.clip(PHASES / HEEL_ROCKER_SHARE, 0, 1)) ** 3
_HEEL_REST = 1 + np.clip(PHASES / HEEL_ROCKER_SHARE, 0, 1)
_FOOT_FIELDS = ("heel_pitch", "toe_pitch", "toe_shape", "swing", "swing_out")


@dataclass(slots=True)
class _Foot:
    heel_pitch: float
    toe_pitch: float
    toe_shape: FloatArray
    swing: FloatArray
    swing_out: float = 0.0


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What fitting does not move, of one leg over its own cycle (`hip_x_m`: the right cycle).

    Attributes
    ----------
    hip_x_m, hip_z_m : ndarray, shape (n,)
        Hip joint from the middle of the pelvis, forward and up.
    lateral_m : ndarray, shape (n,)
        Ankle minus hip sideways, left +.
    thigh_q, thigh_m : ndarray, shape (4, n) and (3, n)
        Thigh by the target angles, and the way from hip to knee along it.
    squares_m2, product_m2 : float, and ndarray of shape (n,)
        Of the law of cosines for the distance from hip to ankle.
    toe : tuple of ndarray, shape (n,)
        Passed share of the heel's rise to the third power, and what is left of it.
    support : ndarray, shape (n,)
        Weight with which the leg carries the pelvis.
    """

    hip_x_m: FloatArray
    hip_z_m: FloatArray
    lateral_m: FloatArray
    thigh_q: FloatArray
    thigh_m: FloatArray
    squares_m2: float
    product_m2: FloatArray
    toe: tuple[FloatArray, FloatArray]
    support: FloatArray


class StrideCycle:
    """One steady stride at one speed while its paths are being fitted.

    Everything runs over `PHASES` of the right leg; the origin moves with the mean speed.
    """

    def __init__(self, body: Body, targets: StrideTargets) -> None:
        self.body, self.targets = body, targets
        self.stride_s = targets.stride_time_s
        self.stride_m = sum(targets.step_length_m.values())
        # Uneven steps are designed on an even cycle; walking re-times it.
        self.off = dict.fromkeys(Side, targets.foot_off)
        self.forward, self.sideways = self._fluctuation()
        self.pelvis_q = pelvis_quaternion(
            targets.pelvis_rotation, targets.pelvis_obliquity, targets.pelvis_tilt
        )
        self.hip_flexion = {side: targets.limb[side].hip_flexion for side in Side}
        self._fixed = {side: self._what_is_fixed(side) for side in Side}
        self.hip_to_ankle = {side: self._hip_to_ankle(side) for side in Side}
        self.foot = {
            side: _Foot(
                heel_pitch=float(max(targets.limb[side].foot_pitch[0], np.deg2rad(3.0))),
                toe_pitch=float(np.interp(self.off[side], PHASES, targets.limb[side].foot_pitch)),
                toe_shape=np.zeros(2),
                swing=np.zeros((3, SWING_SHAPES)),
                swing_out=targets.limb[side].swing_out_m,
            )
            for side in Side
        }
        self._ankle = {side: self._ankle_in_stance(side) for side in Side}

    def fit(self) -> None:
        """Fit ride of the pelvis, heel rise and swing, in this order, twice."""
        self.height = self._height()
        for _ in range(3):
            self.forward += self._forward_offset()
            self.height = self._height()
            for side in Side:
                self._fit_heel_rise(side)
                self._close_at_contact(side)
            self.height = self._height()
        for side in Side:
            self._intend_what_the_push_bends(side)
            self._fit_swing(side)

    def stance_angles(self, side: Side) -> LegAngles:
        """Joint angles of the closed chain over the leg's own cycle; true in stance only."""
        body, limb = self.body, self.targets.limb[side]
        pelvis_q = self._leg_shift(side, self.pelvis_q)
        hip = rotate(pelvis_q, body.hip_offset_m(side))
        height = self._leg_shift(side, self.height)
        ankle_x, ankle_z = self._ankle[side]
        to_ankle = np.stack(
            (
                ankle_x - self._hip_forward(side),
                self._fixed[side].lateral_m,
                ankle_z - height - hip[2],
            )
        )
        return solve_leg(
            pelvis_q,
            np.zeros_like(to_ankle),
            to_ankle,
            side_sign=SIDE_SIGN[side],
            thigh_m=body.thigh_m[side],
            shank_m=body.shank_m[side],
            hip_rotation=limb.hip_rotation,
            knee_intended=limb.knee_flexion,
            knee_valgus=limb.knee_valgus,
        )

    def pelvis_curves(self) -> dict[str, FloatArray]:
        t = self.targets
        return {
            "tilt": t.pelvis_tilt,
            "obliquity": t.pelvis_obliquity,
            "rotation": t.pelvis_rotation,
            "forward": self.forward,
            "sideways": self.sideways,
        }

    def limb_curves(self, side: Side) -> dict[str, FloatArray]:
        limb = self.targets.limb[side]
        return {
            "knee": limb.knee_flexion,
            "hip_flexion": self.hip_flexion[side],
            "hip_rotation": limb.hip_rotation,
            "valgus": limb.knee_valgus,
        }

    # --- the pieces -----------------------------------------------------------------

    def _fluctuation(self) -> tuple[FloatArray, FloatArray]:
        t = self.targets
        step_s = 0.5 * self.stride_s
        lag = 2 * np.pi * t.ap_lag_s / step_s
        angle = 4 * np.pi * PHASES - lag
        amplitude = t.ap_amplitude_m_s * step_s / (2 * np.pi)
        forward = amplitude * (np.sin(angle) + 0.09 * np.sin(2 * angle))
        sway = 2 * np.pi * (PHASES - 0.30)
        # Each contact pushes the pelvis across: the higher odd harmonics carry those pushes.
        shape = np.cos(sway) - 0.18 * np.cos(3 * sway) + 0.03 * np.cos(5 * sway)
        sideways = -t.sway_m * shape + t.extra_sideways_m
        return forward + t.extra_forward_m, sideways

    def _leg_shift(self, side: Side, curve: FloatArray) -> FloatArray:
        """A curve of the right cycle on the cycle of a leg."""
        return curve if side is Side.RIGHT else _half_a_cycle_on(curve)

    def _what_is_fixed(self, side: Side) -> _Fixed:
        body, limb, sign = self.body, self.targets.limb[side], SIDE_SIGN[side]
        a, b = body.thigh_m[side], body.shank_m[side]
        hip = rotate(self.pelvis_q, body.hip_offset_m(side))
        sideways = self._leg_shift(side, hip[1] + self.sideways)
        pelvis = self._leg_shift(side, self.pelvis_q)
        zeros = np.zeros_like(PHASES)
        thigh = multiply(pelvis, joint_quaternion(sign, limb.hip_flexion, zeros, limb.hip_rotation))
        toe = np.clip((PHASES - HEEL_RISE_START) / (self.off[side] - HEEL_RISE_START), 0, 1)
        return _Fixed(
            hip_x_m=hip[0],
            hip_z_m=self._leg_shift(side, hip[2]),
            lateral_m=-sign * 0.5 * self.targets.step_width_m - sideways,
            thigh_q=thigh,
            thigh_m=rotate(thigh, _DOWN * a),
            squares_m2=a * a + b * b,
            product_m2=2 * a * b * np.cos(limb.knee_valgus),
            toe=(toe**3, 1 - toe),
            support=self._support_weight(side),
        )

    def _hip_to_ankle(self, side: Side) -> FloatArray:
        """Hip joint to ankle if all target angles held, on the cycle of that leg, (3, n)."""
        limb, fixed = self.targets.limb[side], self._fixed[side]
        bend = knee_quaternion(SIDE_SIGN[side], limb.knee_flexion, limb.knee_valgus)
        shank = multiply(fixed.thigh_q, bend)
        return fixed.thigh_m + rotate(shank, _DOWN * self.body.shank_m[side])

    def _stance_pitch(self, side: Side) -> FloatArray:
        foot = self.foot[side]
        cubed, rest = self._fixed[side].toe
        rise = foot.toe_pitch * cubed * (1 + rest * (foot.toe_shape[0] + rest * foot.toe_shape[1]))
        return foot.heel_pitch * _HEEL_CUBED * _HEEL_REST + rise

    def _ankle_in_stance(self, side: Side) -> tuple[FloatArray, FloatArray]:
        """Ankle forward of the mean-speed origin and up, over the leg's stance (leg cycle)."""
        dx, dz = rocker(self._stance_pitch(side), self.body)
        # The footprint lies half a step ahead of the origin at contact, then falls behind.
        ahead = 0.5 * self.targets.step_length_m[side] - self.stride_m * PHASES
        return ahead + dx, dz

    def _hip_forward(self, side: Side) -> FloatArray:
        return self._leg_shift(side, self._fixed[side].hip_x_m + self.forward)

    def _reach2(self, side: Side) -> FloatArray:
        """Square of the distance from hip to ankle at the target knee, leg cycle."""
        fixed = self._fixed[side]
        return fixed.squares_m2 + fixed.product_m2 * np.cos(self.targets.limb[side].knee_flexion)

    def _forward_offset(self) -> float:
        """How far the pelvis should ride ahead so that stance thighs match on average."""
        gaps = []
        for side in Side:
            ankle, _ = self._ankle[side]
            wanted = ankle - self.hip_to_ankle[side][0]
            stance = (PHASES > 0.04) & (PHASES < 0.50)
            gaps.append(np.mean((wanted - self._hip_forward(side))[stance]))
        return float(np.mean(gaps))

    def _hip_height(self, side: Side) -> FloatArray:
        """Pelvis height that gives the stance knee its target angle, leg cycle."""
        fixed = self._fixed[side]
        ankle_x, ankle_z = self._ankle[side]
        flat2 = (ankle_x - self._hip_forward(side)) ** 2 + fixed.lateral_m**2
        return ankle_z + np.sqrt(np.maximum(self._reach2(side) - flat2, 0.05)) - fixed.hip_z_m

    def _height(self) -> FloatArray:
        """Pelvis height over the right cycle: the single-support legs decide, smoothly."""
        right = self._hip_height(Side.RIGHT)
        left = _half_a_cycle_on(self._hip_height(Side.LEFT))
        by_right = self._fixed[Side.RIGHT].support
        by_left = _half_a_cycle_on(self._fixed[Side.LEFT].support)
        return (by_right * right + by_left * left) / (by_right + by_left)

    def _support_weight(self, side: Side) -> FloatArray:
        rise = np.clip(PHASES / (TAKEOVER * max(self.off[side.other] - 0.5, 0.02)), 0, 1)
        fall = np.clip((PHASES - 0.5) / (TAKEOVER * max(self.off[side] - 0.5, 0.02)), 0, 1)
        return np.maximum(_smooth(rise) * (1 - _smooth(fall)), 1e-9)

    def _fit_heel_rise(self, side: Side) -> None:
        """Let the trailing heel rise so that its knee keeps its target while the other
        leg takes over the pelvis."""
        foot, limb, body = self.foot[side], self.targets.limb[side], self.body
        rising = (PHASES > HEEL_RISE_START + 0.06) & (self.off[side] > PHASES)
        phase = PHASES[rising]
        hip_x = self._hip_forward(side)[rising]
        lead_height = self._lead_height(side)[rising]
        hip_z = self._fixed[side].hip_z_m[rising]
        print_x = 0.5 * self.targets.step_length_m[side] - self.stride_m * phase
        reach2 = self._reach2(side)[rising] - self._fixed[side].lateral_m[rising] ** 2
        # Ankle on a circle about the ball, at a given distance from the hip.
        ball_x, ball_z = print_x + body.ball_m, np.zeros_like(phase)
        rx, rz = hip_x - ball_x, lead_height + hip_z - ball_z
        radius2 = body.ball_m**2 + body.ankle_height_m**2
        reach = np.hypot(rx, rz)
        cosine = (radius2 + reach**2 - reach2) / (2 * np.sqrt(radius2) * reach)
        # Angle of the ball → ankle line from ball → hip, on the rear side.
        angle = np.arctan2(rz, rx) + np.arccos(np.clip(cosine, -1, 1))
        flat = np.pi - np.arctan2(body.ankle_height_m, body.ball_m)
        wanted = np.minimum(angle - flat, -1e-3)
        toe = (phase - HEEL_RISE_START) / (self.off[side] - HEEL_RISE_START)
        rest = 1 - toe
        columns = toe[:, None] ** 3 * np.stack((np.ones_like(toe), rest, rest**2), axis=1)
        # A prior keeps the heel rise near the recorded foot where the geometry is loose.
        prior = limb.foot_pitch[rising]
        # The chain must close while the other leg takes over; later the knee is bent enough
        # to absorb what is left.
        closing = np.maximum(np.exp(-(((phase - 0.5) / 0.05) ** 2)), LATE_CLOSING * (phase > 0.5))
        late = np.clip((phase - 0.5) / max(self.off[side] - 0.5, 0.02), 0, 1)
        push = np.interp(self.targets.speed_m_s, PUSH_OFF_SPEEDS_M_S, PUSH_OFF_DEG)
        wanted = wanted - np.deg2rad(push) * limb.push_off * late**2
        weight = HEEL_RISE_PRIOR * late
        solution = np.linalg.lstsq(
            np.concatenate((closing[:, None] * columns, weight[:, None] * columns)),
            np.concatenate((closing * wanted, weight * prior)),
            rcond=None,
        )[0]
        top = min(float(solution[0]), np.deg2rad(-5.0))
        foot.toe_pitch = top
        foot.toe_shape = np.asarray(np.clip(solution[1:] / top, -2.5, 2.5), dtype=np.float64)
        self._ankle[side] = self._ankle_in_stance(side)

    def _intend_what_the_push_bends(self, side: Side) -> None:
        """Let the intended knee of the pushing leg be the one that the rising heel gives it."""
        limb, off = self.targets.limb[side], self.off[side]
        more = self.stance_angles(side).knee_flexion - limb.knee_flexion
        at_off = float(np.interp(off, PHASES, more))
        share = _smooth((PHASES - 0.5) / 0.04) * (1 - _smooth((PHASES - off) / PUSH_FADES_OVER))
        more = share * np.where(off > PHASES, more, at_off)
        limb.knee_flexion = limb.knee_flexion + more
        self.hip_to_ankle[side] = self._hip_to_ankle(side)

    def _close_at_contact(self, side: Side) -> None:
        """Bend the trailing knee where a flat foot still leaves the pelvis too high."""
        body, limb = self.body, self.targets.limb[side]
        lead = self._hip_height(side.other)[0]
        trail = self._hip_height(side)[100]
        if trail - lead < 0.003:
            return
        knee = float(limb.knee_flexion[100])
        reach = np.sqrt(
            body.thigh_m[side] ** 2
            + body.shank_m[side] ** 2
            + 2 * body.thigh_m[side] * body.shank_m[side] * np.cos(knee)
        )
        wanted = np.arccos(
            np.clip(
                ((reach - (trail - lead)) ** 2 - body.thigh_m[side] ** 2 - body.shank_m[side] ** 2)
                / (2 * body.thigh_m[side] * body.shank_m[side]),
                -1,
                1,
            )
        )
        more = min(wanted - knee, np.deg2rad(8.0))
        limb.knee_flexion = limb.knee_flexion + more * bump(0.50, 0.05)
        self.hip_to_ankle[side] = self._hip_to_ankle(side)

    def _lead_height(self, side: Side) -> FloatArray:
        """Pelvis height that the other, leading leg asks for, on the cycle of `side`."""
        lead = _half_a_cycle_on(self._hip_height(side.other))
        own = self._leg_shift(side, self.height)
        landing = own + _smooth(np.clip((PHASES - 0.40) / 0.10, 0, 1)) * (
            lead[100] - LANDING_DIP_M - own
        )
        return np.where(PHASES < 0.5, landing, lead)

    def _fit_swing(self, side: Side) -> None:
        """Shape the swing so that hip and knee come near their target curves."""
        body, limb, foot = self.body, self.targets.limb[side], self.foot[side]
        off = self.off[side]
        swinging = off + 0.01 < PHASES
        u = (PHASES[swinging] - off) / (1 - off)
        hip_x = self._hip_forward(side)[swinging]
        hip_z = self._fixed[side].hip_z_m + self._leg_shift(side, self.height)
        # In earth terms: the last footprint is the origin.
        travelled = self.stride_m * PHASES[swinging] - 0.5 * self.targets.step_length_m[side]
        base = FootPath(self._two_steps(side), body, -SIDE_SIGN[side])
        pose = base.pose(self.stride_s * PHASES[swinging])
        leg_x, leg_z = self.hip_to_ankle[side][0][swinging], self.hip_to_ankle[side][2][swinging]
        # The leg leaves and lands as the planted foot has it: turn the target leg to meet
        # both ends, which keeps its knee.
        angle = np.arctan2(leg_x, -leg_z)
        miss = np.arctan2(pose.ankle_m[0] - hip_x - travelled, hip_z[swinging] - pose.ankle_m[2])
        miss = miss - angle
        angle = angle + miss[0] * (1 - _smooth(u)) + miss[-1] * _smooth(u)
        self._turn_hip(side, miss[0], miss[-1])
        length = np.hypot(leg_x, leg_z)
        want_x = hip_x + travelled + length * np.sin(angle)
        want_z = hip_z[swinging] - length * np.cos(angle)
        columns = np.stack([b(u) for b in SWING_BUMPS], axis=1)
        ridge = 1e-3 * np.eye(SWING_SHAPES)
        solve = np.linalg.solve(columns.T @ columns + ridge, columns.T)
        foot.swing = np.stack(
            (
                solve @ (want_x - pose.ankle_m[0]),
                solve @ (want_z - pose.ankle_m[2]),
                solve @ (limb.foot_pitch[swinging] - pose.pitch_rad),
            )
        )

    def _turn_hip(self, side: Side, at_off: float, at_contact: float) -> None:
        """Give the hip curve the same turn, so that the swing can be walked open-chain."""
        off = self.off[side]
        u = np.clip((PHASES - off) / (1 - off), 0, 1)
        stance = np.clip(PHASES / off, 0, 1)
        swing = at_off * (1 - _smooth(u)) + at_contact * _smooth(u)
        planted = at_contact * (1 - _smooth(stance)) + at_off * _smooth(stance)
        turn = np.where(off < PHASES, swing, planted)
        self.hip_flexion[side] = self.targets.limb[side].hip_flexion + turn

    def _two_steps(self, side: Side) -> FootSteps:
        foot, zeros = self.foot[side], np.zeros(2)
        return FootSteps(
            contact_s=np.array([0.0, self.stride_s]),
            off_s=np.array([self.off[side] * self.stride_s, np.inf]),
            x_m=np.array([0.0, self.stride_m]),
            y_m=zeros,
            z_m=zeros,
            heading_rad=zeros,
            heel_s=np.full(2, HEEL_ROCKER_SHARE * self.stride_s),
            heel_pitch_rad=np.full(2, foot.heel_pitch),
            toe_s=np.full(2, (self.off[side] - HEEL_RISE_START) * self.stride_s),
            toe_pitch_rad=np.full(2, foot.toe_pitch),
            toe_shape=np.tile(foot.toe_shape, (2, 1)),
            swing=np.tile(foot.swing, (2, 1, 1)),
            swing_out_m=zeros,
            late_s=zeros,
            braked_s=zeros,
        )


def _half_a_cycle_on(curve: FloatArray) -> FloatArray:
    half = PHASES.size // 2
    return np.concatenate((curve[..., half:], curve[..., :half]), axis=-1)


def _smooth(u: FloatArray) -> FloatArray:
    u = np.minimum(np.maximum(u, 0.0), 1.0)
    return u**3 * (10 - 15 * u + 6 * u * u)
