"""Usual walkers who differ from each other, for the rates of the detectors.

Numbers, not a body: every person draws the mean curves of both legs and the times of their
contacts from published spreads between people, and what sensors add is drawn on top:
measurement error of one wearing, axes that are off, a contact bias of each leg.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pipeline.detectors import WalkEvidence
from pipeline.gait import CalibrationQuality, Curve
from pipeline.statistics import WalkStatistics
from recordings.metadata import Wearer
from recordings.placement import Placement, Side
from tests.pipeline.gait_curves import FIVE, PERCENT, STANDING, mean_curves, stride, turn_thigh_axis

STRIDES = 32
BUMP = np.where(PERCENT < 55, np.sin(np.pi * np.minimum(PERCENT, 55) / 55) ** 2, 0.0)
KNEE_BUMP = np.exp(-0.5 * ((PERCENT - 40) / 10) ** 2)


@dataclass(frozen=True)
class Deviation:
    """What is wrong with the right leg, over and above the person's own way."""

    adduction_deg: float = 0.0
    knee_deg: float = 0.0
    hip_range_deg: float = 0.0
    late_step: float = 0.0
    """Share of a step by which the right foot comes late; step time then differs by twice that."""
    short_stance: float = 0.0
    """Share of stance by which the right one is shorter."""


@dataclass(frozen=True)
class Sensors:
    """What the sensors add."""

    axis_error_deg: float = 2.0
    contact_bias_sd_s: float = 0.0125 / np.sqrt(2)
    final_contact_bias_sd_s: float = 0.010 / np.sqrt(2)
    right_contact_bias_s: float = 0.0
    error_scale: float = 1.0
    calibration: CalibrationQuality = field(default=STANDING)


def walk(
    rng: np.random.Generator,
    deviation: Deviation | None = None,
    sensors: Sensors | None = None,
    placements: tuple[Placement, ...] = FIVE,
) -> WalkEvidence:
    """One walk of one new person."""
    deviation, sensors = deviation or Deviation(), sensors or Sensors()
    half = rng.uniform(0.48, 0.66)
    late = rng.normal(0, 0.0043) + deviation.late_step * half
    double_support = half * rng.uniform(0.18, 0.26)
    shared = {curve: rng.normal(0, sd) for curve, sd in _SHARED_SD.items()}
    short = rng.normal(0, 0.0043) + deviation.short_stance * (half + double_support)
    size = rng.normal(1.0, 0.08)
    statistics = WalkStatistics(
        Wearer(height_m=rng.normal(1.70, 0.09), sex=rng.choice(["female", "male"]))
    )
    legs = {}
    for side in Side:
        curves = mean_curves(2 * half)
        own = {curve: shared[curve] + rng.normal(0, sd) for curve, sd in _SIDE_SD.items()}
        noise = {c: rng.normal(0, sd * sensors.error_scale) for c, sd in _ERROR_SD.items()}
        right = side is Side.RIGHT
        range_deg = rng.normal(0, 2.1) + rng.normal(0, 1.8) * sensors.error_scale
        range_deg -= deviation.hip_range_deg * right
        flexion = curves[Curve.HIP_FLEXION]
        curves[Curve.HIP_FLEXION] = flexion * (size + range_deg / np.ptp(flexion))
        curves[Curve.HIP_ADDUCTION] += (own[Curve.HIP_ADDUCTION] + noise[Curve.HIP_ADDUCTION]) * (
            0.4 + 0.6 * BUMP
        ) + deviation.adduction_deg * right * BUMP
        knee = own[Curve.KNEE_FLEXION] + noise[Curve.KNEE_FLEXION]
        curves[Curve.KNEE_FLEXION] += knee - deviation.knee_deg * right * KNEE_BUMP
        curves[Curve.HIP_ROTATION] *= max(0.0, 1.0 + rng.normal(0, 0.8))
        turn_thigh_axis(
            curves,
            rng.normal(0, 2.0)
            if sensors.axis_error_deg == 2.0
            else float(rng.choice([-1, 1]) * sensors.axis_error_deg),
        )
        legs[side] = curves
    bias = {side: rng.normal(0, sensors.contact_bias_sd_s) for side in Side}
    bias[Side.RIGHT] += sensors.right_contact_bias_s
    final_bias = {side: rng.normal(0, sensors.final_contact_bias_sd_s) for side in Side}
    start = 0.0
    for _ in range(STRIDES):
        duration = 2 * half * rng.normal(1.0, 0.018)
        jitter = rng.normal(0, 0.008, size=8)
        stance = 0.5 * duration + double_support
        left, right_contact = start, start + 0.5 * duration + late
        contacts = {
            Side.LEFT: (left, left + duration, stance),
            Side.RIGHT: (right_contact, right_contact + duration, stance - short),
        }
        for i, side in enumerate(Side):
            own_start, own_end, own_stance = contacts[side]
            other_start, _, other_stance = contacts[side.other]
            other = side.other
            opposite_contact = other_start if other_start > own_start else other_start + duration
            times = (
                own_start + bias[side] + jitter[4 * i],
                opposite_contact + other_stance - duration + final_bias[other] + jitter[4 * i + 1],
                opposite_contact + bias[other] + jitter[4 * i + 2],
                own_start + own_stance + final_bias[side] + jitter[4 * i + 3],
                own_end + bias[side] + jitter[(4 * i + 4) % 8],
            )
            statistics.add([stride(side, legs[side], times)])
        start += duration
    return WalkEvidence.of(statistics, [sensors.calibration], placements)


_SHARED_SD = {Curve.HIP_ADDUCTION: 2.9, Curve.KNEE_FLEXION: 3.6}
_SIDE_SD = {Curve.HIP_ADDUCTION: 1.95, Curve.KNEE_FLEXION: 2.4}
"""Together 3.5° of F13 and 4.3° of F20, with left–right SD of 2.75° and 3.4°."""
_ERROR_SD = {Curve.HIP_ADDUCTION: 1.63, Curve.KNEE_FLEXION: 2.0}
"""One wearing: half of the 95 % errors that the features declare."""
