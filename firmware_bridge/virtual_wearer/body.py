"""The wearer's body: segment lengths from height and sex.

Proportions: Drillis & Contini as tabulated by Winter, Biomechanics and Motor Control of
Human Movement (thigh 0.245, shank 0.246, ankle height 0.039, foot length 0.152 of height).
Hip joint centres lie closer than the 0.191 of the trochanters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recordings.metadata import Sex
from recordings.placement import Side

SIDE_SIGN = {Side.RIGHT: 1.0, Side.LEFT: -1.0}
"""+1 where a clinical sign agrees with the right-handed rotation of the inner frames."""


@dataclass(frozen=True, slots=True)
class Body:
    """Segment lengths in metres and standing angles in radians.

    Attributes
    ----------
    shank_m : dict of Side to float
        A leg-length difference sits in the shank.
    standing_tilt_rad, standing_knee_rad
        Pelvis tilt (anatomical zero) and knee flexion of quiet standing.
    """

    height_m: float
    sex: Sex
    thigh_m: dict[Side, float]
    shank_m: dict[Side, float]
    hip_half_width_m: float
    ankle_height_m: float
    heel_m: float
    """Ankle to heel contact, backwards."""
    ball_m: float
    """Ankle to the line about which the rising heel turns, forwards: between the ball of the foot
    and the tips of the toes, over which a foot in a shoe rolls in the end."""
    standing_tilt_rad: float
    standing_knee_rad: dict[Side, float]
    standing_turn_rad: dict[Side, float]
    """Inward rotation of the thighs in quiet standing."""
    standing_obliquity_rad: float
    """Right side up +: what a leg-length difference does to the standing pelvis."""

    @property
    def leg_length_m(self) -> float:
        """Hip joint to floor, mean of both sides."""
        legs = [self.thigh_m[s] + self.shank_m[s] for s in Side]
        return float(np.mean(legs)) + self.ankle_height_m

    def standing_hip_rad(self, side: Side) -> float:
        """Hip flexion of quiet standing, feet below the hips, anatomical zero."""
        thigh, shank = self.thigh_m[side], self.shank_m[side]
        knee = self.standing_knee_rad[side]
        lean = np.arctan2(shank * np.sin(knee), thigh + shank * np.cos(knee))
        return self.standing_tilt_rad + float(lean)

    def hip_offset_m(self, side: Side) -> np.ndarray:
        """Hip joint centre in the pelvis frame, shape (3, 1)."""
        return np.array([[0.0], [-SIDE_SIGN[side] * self.hip_half_width_m], [0.0]])


def build_body(
    height_m: float = 1.72,
    sex: Sex = "female",
    *,
    shorter_leg: Side | None = None,
    leg_length_difference_m: float = 0.0,
    standing_tilt_deg: float = 10.5,
    standing_knee_deg: dict[Side, float] | None = None,
    standing_turn_deg: dict[Side, float] | None = None,
) -> Body:
    """Make a body from height and sex.

    `leg_length_difference_m` is taken half from one shank and added half to the other.
    """
    half = 0.5 * leg_length_difference_m
    shank = {
        side: 0.246 * height_m
        + (0.0 if shorter_leg is None else -half if side is shorter_leg else half)
        for side in Side
    }
    knees, turns = standing_knee_deg or {}, standing_turn_deg or {}
    hip_half_width_m = (0.054 if sex == "female" else 0.051) * height_m
    longer = 0.0 if shorter_leg is None else -SIDE_SIGN[shorter_leg] * leg_length_difference_m
    return Body(
        height_m=height_m,
        sex=sex,
        thigh_m=dict.fromkeys(Side, 0.245 * height_m),
        shank_m=shank,
        hip_half_width_m=hip_half_width_m,
        ankle_height_m=0.039 * height_m,
        heel_m=0.030 * height_m,
        ball_m=0.115 * height_m,
        standing_tilt_rad=float(np.deg2rad(standing_tilt_deg)),
        standing_knee_rad={s: float(np.deg2rad(knees.get(s, 1.5))) for s in Side},
        standing_turn_rad={s: float(np.deg2rad(turns.get(s, 0.0))) for s in Side},
        standing_obliquity_rad=float(np.arcsin(longer / (2 * hip_half_width_m))),
    )
