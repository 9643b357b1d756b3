"""The usual joint curves of a gait cycle, and how they change with speed.

The *shape* of each curve is a Fourier series fitted to optical recordings (the table's own
``source`` line; made by ``validation/fit_gait_curves.py``). Its *amplitude* is set, for every
speed, by quadratics in the dimensionless speed v* = v/√(gL). They describe the group means
over five speeds in Schwartz, Rozumalski & Trost, J Biomech 41:1639 (2008).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

FloatArray = NDArray[np.float64]

CURVES_FILE = Path(__file__).with_name("gait_curves.json")
GRAVITY_M_S2 = 9.81
PHASES = np.arange(200) / 200
"""Where the curves of a cycle are tabulated: share of the cycle from initial contact."""

SPEED_LAWS_DEG = {
    "tilt_mean": (36.3, -23.9, 15.31),
    "tilt_range": (12.6, -7.7, 5.61),
    "rotation_range": (52.0, -33.4, 17.08),
    "drop_peak": (3.2, 4.0, 2.13),
    "hip_flexion_min": (32.1, -45.4, 7.89),
    "hip_flexion_max": (25.1, 2.3, 31.08),
    "hip_adduction_peak": (-1.9, 10.0, 1.36),
    "knee_loading_peak": (-62.9, 85.2, -5.55),
    "knee_swing_peak": (-54.5, 69.3, 40.45),
}
"""Quantity → a2, a1, a0 of a2·v*² + a1·v* + a0, anatomical zero, valid for v* 0.15–0.70."""

CADENCE_LAW = ((0.172, 0.337), (0.290, 0.455), (0.429, 0.565), (0.560, 0.662), (0.694, 0.758))
"""Dimensionless speed and the dimensionless cadence that goes with it (same source)."""

HIP_ROTATION_SHARE = 0.35
"""Skin markers exaggerate rotation about the thigh's long axis; this share of the recorded
shape gives the excursion after contact of about 5° that bone-referenced studies report."""

CONTACT_KNEE_DEG = 4.5
"""Knee flexion at initial contact."""

FOOT_OFF_LAW = ((0.172, 0.68), (0.290, 0.62), (0.429, 0.59), (0.560, 0.58), (0.694, 0.56))
"""Dimensionless speed and the share of the cycle at which the foot leaves the ground."""


@cache
def shapes_deg() -> dict[str, FloatArray]:
    """The fitted mean curves over `PHASES`, degrees, Plug-in Gait zero."""
    table = json.loads(CURVES_FILE.read_text(encoding="utf-8"))["curves"]
    return {name: fourier_series(np.array(rows), PHASES) for name, rows in table.items()}


def fourier_series(rows: FloatArray, phase: FloatArray) -> FloatArray:
    """Evaluate rows of cosine and sine coefficients at phases in cycles."""
    angle = 2 * np.pi * np.outer(np.arange(len(rows)), phase)
    return rows[:, 0] @ np.cos(angle) + rows[:, 1] @ np.sin(angle)


def dimensionless_speed(speed_m_s: float, leg_length_m: float) -> float:
    """v* = v/√(gL)."""
    return speed_m_s / float(np.sqrt(GRAVITY_M_S2 * leg_length_m))


def speed_law_deg(name: str, v_star: float) -> float:
    """A key value of the curves at one dimensionless speed, held flat outside 0.12–0.72."""
    v = float(np.clip(v_star, 0.12, 0.72))
    a2, a1, a0 = SPEED_LAWS_DEG[name]
    return (a2 * v + a1) * v + a0


def cadence_spm(v_star: float, leg_length_m: float) -> float:
    """Usual steps a minute at a dimensionless speed."""
    v, c = np.array(CADENCE_LAW).T
    c_star = float(np.interp(v_star, np.r_[0.0, v, 1.0], np.r_[0.24, c, 0.95]))
    return 60.0 * c_star * float(np.sqrt(GRAVITY_M_S2 / leg_length_m))


def foot_off_fraction(v_star: float) -> float:
    """Usual share of the cycle at which the foot leaves the ground."""
    v, f = np.array(FOOT_OFF_LAW).T
    return float(np.interp(v_star, np.r_[0.05, v], np.r_[0.72, f]))


SWING_LEAD_S = 0.035
"""Where the curves of slow walking let the thigh have half the rate of its swing, before foot-off.

Chosen so that the closed chain shows what real legs do at any speed: 58 ± 6 ms on 16 legs
(markers), 65 ± 7 ms on 13 walks (force plates). The chain itself leads a little more."""

EARLIEST_SHIFT = 0.01
"""Fast walking: the swing may set off this share of the cycle earlier than in the fitted curves;
more would ask the foot to stand on its tip."""

_USUAL_LEG_M = 0.88


def bump(centre: float, width: float) -> FloatArray:
    """A smooth periodic bump of height 1 over `PHASES`; width as a Gaussian's SD, in cycles."""
    kappa = 1.0 / (2 * np.pi * width) ** 2
    return np.exp(kappa * (np.cos(2 * np.pi * (PHASES - centre)) - 1.0))


def usual_curves_deg(v_star: float) -> dict[str, FloatArray]:
    """All curves of one limb's cycle at one speed, over `PHASES`, anatomical zero.

    Pelvis signs are those of the limb: obliquity + its side up, rotation + its side forward.
    """
    shape = dict(shapes_deg())
    warped = _set_off(v_star)
    for name in ("hip_flexion", "knee_flexion", "hip_rotation", "foot_pitch"):
        curve = shape[name]
        shape[name] = np.interp(warped, np.r_[PHASES, 1.0], np.r_[curve, curve[0]])
    law = {name: speed_law_deg(name, v_star) for name in SPEED_LAWS_DEG}
    tilt = _even_harmonics(shape["pelvis_tilt"])
    obliquity = _odd_harmonics(shape["pelvis_obliquity"])
    rotation = _odd_harmonics(shape["pelvis_rotation"])
    return {
        "pelvis_tilt": law["tilt_mean"] + _scaled(tilt, law["tilt_range"]),
        "pelvis_obliquity": obliquity * law["drop_peak"] / obliquity[10:80].max(),
        "pelvis_rotation": _scaled(rotation, law["rotation_range"]),
        "hip_flexion": _between(
            shape["hip_flexion"], law["hip_flexion_min"], law["hip_flexion_max"]
        ),
        "hip_rotation": HIP_ROTATION_SHARE * (shape["hip_rotation"] - shape["hip_rotation"].mean()),
        "knee_flexion": _knee_curve(shape["knee_flexion"], law),
        "foot_pitch": shape["foot_pitch"] * float(np.clip(0.45 + 1.3 * v_star, 0.5, 1.25)),
    }


def _set_off(v_star: float) -> FloatArray:
    """Where in the fitted curves each phase lies so that the swing sets off as in real legs.

    That is at the same time before foot-off.

    Foot-off moves through the cycle with speed; a curve that stood still in phase would let a
    slow thigh set off 130 ms before its foot leaves the ground and a fast one at the same time.
    """
    stride_s = 120.0 / cadence_spm(v_star, _USUAL_LEG_M)
    own = _shape_sets_off()
    sets_off = max(foot_off_fraction(v_star) - SWING_LEAD_S / stride_s, own - EARLIEST_SHIFT)
    return PchipInterpolator((0.0, sets_off, 1.0), (0.0, own, 1.0))(PHASES)


@cache
def _shape_sets_off() -> float:
    """Phase at which the thigh of the fitted curves has half the rate of its swing."""
    shape = shapes_deg()
    rate = np.gradient(shape["hip_flexion"] - shape["pelvis_tilt"])
    first, half = 90, 0.5 * rate[90:160].max()
    i = first + int(np.flatnonzero((rate[first:-1] < half) & (rate[first + 1 :] >= half))[0])
    return float(PHASES[i] + (half - rate[i]) / (rate[i + 1] - rate[i]) * (PHASES[1] - PHASES[0]))


def _knee_curve(shape: FloatArray, law: dict[str, float]) -> FloatArray:
    stance_minimum = min(6.0, 0.45 * law["knee_loading_peak"])
    low = shape[60:100].min()
    curve = stance_minimum + (shape - low) * (law["knee_swing_peak"] - stance_minimum) / (
        shape.max() - low
    )
    missing = law["knee_loading_peak"] - curve[10:50].max()
    curve = curve + missing * bump(0.13, 0.055)
    # The knee lands a little bent, and does not pass straight before it does.
    curve = curve + (CONTACT_KNEE_DEG - curve[0]) * bump(0.0, 0.035)
    return curve + max(0.0, 3.5 - curve[170:].min()) * bump(0.95, 0.04)


def _even_harmonics(y: FloatArray) -> FloatArray:
    return 0.5 * (y + np.roll(y, 100)) - y.mean()


def _odd_harmonics(y: FloatArray) -> FloatArray:
    return 0.5 * (y - np.roll(y, 100))


def _scaled(y: FloatArray, full_range: float) -> FloatArray:
    return y * full_range / np.ptp(y)


def _between(y: FloatArray, low: float, high: float) -> FloatArray:
    return low + (y - y.min()) * (high - low) / np.ptp(y)
