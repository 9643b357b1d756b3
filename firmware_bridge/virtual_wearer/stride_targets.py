"""What one steady stride is meant to look like: curves and scalars of a person at a speed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.gait_curves import (
    bump,
    cadence_spm,
    dimensionless_speed,
    foot_off_fraction,
    usual_curves_deg,
)
from recordings.placement import Side

FloatArray = NDArray[np.float64]


WALKING_SHARE_OF_STANDING_OBLIQUITY = 0.7
"""A pelvis that stands slanted (leg-length difference) walks slanted, if a little less."""


@dataclass(slots=True)
class LimbTargets:
    """Curves of one leg over `gait_curves.PHASES` of its own cycle, radians."""

    hip_flexion: FloatArray
    hip_rotation: FloatArray
    knee_flexion: FloatArray
    knee_valgus: FloatArray
    foot_pitch: FloatArray
    swing_out_m: float = 0.0
    """Outward arc of the swinging foot."""
    push_off: float = 1.0
    """How far the rising heel bends the knee before the foot leaves, as a share of the usual."""


@dataclass(slots=True)
class StrideTargets:
    """One steady stride of a person: what the body is meant to do.

    Pelvis curves run over the cycle of the right leg, with the signs of the pelvis series
    (anterior tilt +, right side up +, right side forward +), radians.
    `step_length_m`, `step_time_s` and `double_support_s` are keyed by the leading side: the
    foot whose contact ends the step and starts the double support.
    """

    speed_m_s: float
    foot_off: float
    """Share of the cycle, of even steps, at which the curves let the foot leave the ground."""
    pelvis_tilt: FloatArray
    pelvis_obliquity: FloatArray
    pelvis_rotation: FloatArray
    limb: dict[Side, LimbTargets]
    step_length_m: dict[Side, float]
    step_time_s: dict[Side, float]
    double_support_s: dict[Side, float]
    step_width_m: float
    sway_m: float
    """Half the side-to-side travel of the pelvis."""
    extra_forward_m: FloatArray | float = 0.0
    extra_sideways_m: FloatArray | float = 0.0
    """Curves over the right cycle added to the pelvis path; sideways is left +."""
    ap_amplitude_m_s: float = 0.0
    """Amplitude of the forward-speed fluctuation at step frequency."""
    ap_lag_s: float = 0.030
    """Initial contact to the moment of highest forward speed of the pelvis."""

    @property
    def stride_time_s(self) -> float:
        return sum(self.step_time_s.values())


@dataclass(frozen=True, slots=True)
class Style:
    """How one person differs from the usual curves; zeros are the usual walker.

    Angles in degrees, added to the curve or its excursion; ratios multiply.
    """

    tilt_offset_deg: float = 0.0
    hip_offset_deg: float = 0.0
    hip_range_ratio: float = 1.0
    knee_loading_deg: float = 0.0
    knee_stance_deg: float = 0.0
    knee_swing_deg: float = 0.0
    obliquity_ratio: float = 1.0
    rotation_ratio: float = 1.0
    hip_rotation_ratio: float = 1.0
    cadence_ratio: float = 1.03
    step_width_m: float = 0.10
    toe_out_deg: dict[Side, float] = field(default_factory=lambda: dict.fromkeys(Side, 6.0))
    ap_lag_s: float = 0.030
    ap_ratio: float = 1.0
    sway_ratio: float = 1.0
    foot_off_shift: float = 0.0


def usual_targets(body: Body, style: Style, speed_m_s: float) -> StrideTargets:
    """The targets of a person without any deviation, walking at a speed."""
    leg = body.leg_length_m
    v_star = dimensionless_speed(speed_m_s, leg)
    curves = usual_curves_deg(v_star)
    rad = np.deg2rad
    cadence = style.cadence_ratio * cadence_spm(v_star, leg)
    step_time = 60.0 / cadence
    foot_off = foot_off_fraction(v_star) + style.foot_off_shift
    hip = curves["hip_flexion"]
    hip = hip.mean() + style.hip_range_ratio * (hip - hip.mean()) + style.hip_offset_deg
    limb = {
        side: LimbTargets(
            hip_flexion=rad(hip + style.tilt_offset_deg),
            hip_rotation=rad(curves["hip_rotation"] * style.hip_rotation_ratio),
            knee_flexion=rad(_knee(curves["knee_flexion"], style)),
            knee_valgus=np.zeros_like(hip),
            foot_pitch=rad(curves["foot_pitch"]),
        )
        for side in Side
    }
    rotation = curves["pelvis_rotation"] * style.rotation_ratio * SIDE_SIGN[Side.RIGHT]
    step_frequency = 1.0 / step_time
    # Forward acceleration of about 1.55 m/s² rms at 1.2 m/s, growing with speed.
    ap_rms = 1.55 * style.ap_ratio * speed_m_s / 1.2
    return StrideTargets(
        speed_m_s=speed_m_s,
        foot_off=foot_off,
        pelvis_tilt=rad(curves["pelvis_tilt"] + style.tilt_offset_deg),
        pelvis_obliquity=rad(curves["pelvis_obliquity"] * style.obliquity_ratio)
        + WALKING_SHARE_OF_STANDING_OBLIQUITY * body.standing_obliquity_rad,
        pelvis_rotation=rad(rotation),
        limb=limb,
        step_length_m=dict.fromkeys(Side, speed_m_s * step_time),
        step_time_s=dict.fromkeys(Side, step_time),
        double_support_s=dict.fromkeys(Side, (foot_off - 0.5) * 2.0 * step_time),
        step_width_m=style.step_width_m,
        sway_m=style.sway_ratio * _sway_m(v_star, leg),
        ap_amplitude_m_s=ap_rms * np.sqrt(2.0) / (2 * np.pi * step_frequency),
        ap_lag_s=style.ap_lag_s,
    )


def on_limb(curve: FloatArray, side: Side) -> FloatArray:
    """A curve of a limb's own cycle as a curve of the right cycle."""
    return curve if side is Side.RIGHT else np.roll(curve, curve.size // 2)


def _knee(curve: FloatArray, style: Style) -> FloatArray:
    return (
        curve
        + style.knee_stance_deg * bump(0.38, 0.10)
        + style.knee_loading_deg * bump(0.13, 0.055)
        + style.knee_swing_deg * bump(0.71, 0.09)
    )


def _sway_m(v_star: float, leg_length_m: float) -> float:
    """Half the lateral travel; slow walkers sway more (3–6 cm in all)."""
    return leg_length_m * float(
        np.interp(v_star, (0.1, 0.29, 0.43, 0.7), (0.036, 0.029, 0.024, 0.019))
    )
