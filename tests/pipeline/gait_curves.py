"""Plausible mean curves and strides for the tests of features and detectors.

Key points of published mean curves, counted from the standing pose (convention B), joined by
a periodic spline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.interpolate import CubicSpline

from pipeline.features.registry import compute_stride_values
from pipeline.features.stride_data import StrideTimes
from pipeline.gait import CalibrationQuality, Curve, Exclusion, FloatArray, Stride
from recordings.placement import Placement, Side

PERCENT = np.arange(101.0)
FIVE = tuple(Placement)
THREE = (Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT)
STANDING = CalibrationQuality(0.0, 1e6, "standing", dict.fromkeys(FIVE, 2.0), {})

_KEYS: dict[Curve, dict[float, float]] = {
    Curve.PELVIS_TILT: {0: 1.5, 15: 0, 40: 3, 50: 3.5, 65: 0.5, 90: 3},
    Curve.PELVIS_OBLIQUITY: {0: 0, 15: 4.5, 30: 2, 50: 0, 65: -4.5, 80: -2},
    Curve.PELVIS_ROTATION: {0: 5, 25: 1, 50: -5, 75: -1},
    Curve.HIP_FLEXION: {0: 24, 12: 18, 30: -2, 45: -15, 52: -18, 62: -7, 75: 17, 87: 25},
    Curve.HIP_ADDUCTION: {0: 0, 15: 6.5, 25: 7, 45: 4, 52: 1, 62: -5, 72: -5, 87: -2},
    Curve.HIP_ROTATION: {0: 0, 20: 4, 45: 1, 62: -3, 85: 0},
    Curve.KNEE_FLEXION: {0: 5, 13: 18, 25: 12, 40: 6, 52: 15, 62: 38, 72: 60, 87: 25, 95: 4},
    Curve.THIGH_INCLINATION: {0: 22, 12: 16, 30: 0, 45: -13, 52: -17, 62: -8, 75: 16, 87: 25},
    Curve.SHANK_INCLINATION: {0: 17, 13: -2, 30: -12, 45: -22, 60: -45, 75: -42, 90: 8},
    Curve.PELVIS_ACC_FORWARD: {0: 1.5, 12: -1.5, 35: 0.5, 50: 1.4, 62: -1.5, 85: 0.5},
    Curve.PELVIS_ACC_UP: {0: -1, 10: 3, 30: -2, 50: -1, 60: 3, 80: -2},
    Curve.PELVIS_ACC_OWN_SIDE: {0: 0.6, 25: -0.8, 50: -0.6, 75: 0.8},
}


def _spline(keys: Mapping[float, float]) -> FloatArray:
    knots = [*keys, 100.0]
    values = [*keys.values(), next(iter(keys.values()))]
    return np.asarray(CubicSpline(knots, values, bc_type="periodic")(PERCENT))


_MEAN = {curve: _spline(keys) for curve, keys in _KEYS.items()}


def mean_curves(stride_time_s: float = 1.1, shanks: bool = True) -> dict[Curve, FloatArray]:
    """The curves of one usual stride."""
    curves = {curve: values.copy() for curve, values in _MEAN.items()}
    curves[Curve.THIGH_VELOCITY] = np.gradient(
        curves[Curve.THIGH_INCLINATION], stride_time_s / 100.0
    )
    if not shanks:
        del curves[Curve.KNEE_FLEXION], curves[Curve.SHANK_INCLINATION]
    return curves


def turn_thigh_axis(curves: dict[Curve, FloatArray], degrees: float) -> None:
    """What a thigh's forward axis that is off by some degrees makes of the hip's angles."""
    turn = np.radians(degrees)
    flexion, adduction = curves[Curve.HIP_FLEXION], curves[Curve.HIP_ADDUCTION]
    curves[Curve.HIP_FLEXION] = flexion * np.cos(turn) - adduction * np.sin(turn)
    curves[Curve.HIP_ADDUCTION] = adduction * np.cos(turn) + flexion * np.sin(turn)


def steady_times(
    start_s: float = 0.0, stride_time_s: float = 1.1, double_support_s: float = 0.12
) -> StrideTimes[float]:
    """The contacts of a stride whose two halves are alike."""
    half = 0.5 * stride_time_s
    return StrideTimes(
        start_s,
        start_s + double_support_s,
        start_s + half,
        start_s + half + double_support_s,
        start_s + stride_time_s,
    )


def stride(
    side: Side,
    curves: Mapping[Curve, FloatArray],
    times: Sequence[float] | None = None,
    *,
    epoch: int = 0,
    exclusions: tuple[Exclusion, ...] = (),
) -> Stride:
    """A stride with its values, as the engine hands it on."""
    contacts = steady_times() if times is None else StrideTimes(*times)
    (values,) = compute_stride_values([(curves, contacts)], leg_length_m=0.90)
    return Stride(
        side,
        **contacts._asdict(),
        bout=0,
        epoch=epoch,
        exclusions=exclusions,
        values=values,
        curves=curves,
    )
