"""Stride features straight from the true angles, as the feature dictionary defines them.

This is the laboratory's own arithmetic, written once here and shared with nobody: what it
says is what a detector is judged by. Gait cycle 0–100 % from initial contact to the next of
the same side; angles in degrees, standing pose as zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recordings.placement import Side

FloatArray = NDArray[np.float64]

PERCENT = np.arange(101)


def stride_features(
    time_s: FloatArray,
    angles_deg: Mapping[str, FloatArray],
    standing_deg: Mapping[str, float],
    sideways_m: FloatArray,
    side: Side,
    events: FloatArray,
) -> dict[str, FloatArray]:
    """Features of all strides of one side.

    Parameters
    ----------
    time_s, angles_deg
        The true series, convention A.
    standing_deg : mapping
        The same angles while standing.
    sideways_m : ndarray, shape (n,)
        How far the pelvis is left of the route.
    events : ndarray, shape (m, 5)
        Per stride: initial contact, final contact of the other foot, initial contact of the
        other foot, own final contact, next initial contact; seconds.

    Returns
    -------
    dict of str to ndarray, shape (m,)
    """
    start, end = events[:, 0], events[:, 4]
    sign = 1.0 if side is Side.RIGHT else -1.0
    step_s = float(time_s[1] - time_s[0])
    at = start[:, None] + (end - start)[:, None] * PERCENT / 100.0
    place = np.clip((at - time_s[0]) / step_s, 0, time_s.size - 1.001)
    low = place.astype(np.intp)
    part = place - low

    def cycle(name: str, *, zeroed: bool = True, rate: bool = False) -> FloatArray:
        series = sideways_m if name == "sideways" else angles_deg[name]
        if rate:
            series = np.gradient(series, step_s)
            zeroed = False
        values = series[low] + part * (series[low + 1] - series[low])
        return values - (standing_deg[name] if zeroed else 0.0)

    s = side.value
    tilt, hip = cycle("pelvis_tilt"), cycle(f"hip_flexion_{s}")
    thigh = cycle(f"thigh_inclination_{s}")
    obliquity = sign * cycle("pelvis_obliquity")
    adduction, rotation = cycle(f"hip_adduction_{s}"), cycle(f"hip_rotation_{s}")
    knee = cycle(f"knee_flexion_{s}", zeroed=False)
    thigh_rate = cycle(f"thigh_inclination_{s}", rate=True)
    knee_rate = cycle(f"knee_flexion_{s}", rate=True)
    pelvis_rotation = sign * cycle("pelvis_rotation")
    loading = knee[:, 5:26].max(axis=1)
    knee_minimum = knee[:, 20:56].min(axis=1)
    hip_minimum = hip[:, 40:66].min(axis=1)
    return {
        "F02": np.ptp(tilt, axis=1),
        "F03": tilt[:, :-1].mean(axis=1),
        "F04": hip_minimum,
        "F04_A": hip_minimum + standing_deg[f"hip_flexion_{s}"],
        "F05": thigh[:, 40:66].min(axis=1),
        "F06": hip[:, 70:].max(axis=1),
        "F07": np.ptp(hip, axis=1),
        "F08": thigh_rate[:, 50:86].max(axis=1),
        "F09": obliquity[:, 5:41].max(axis=1),
        "F10": obliquity[:, 20:41].mean(axis=1),
        "F11": np.ptp(obliquity, axis=1),
        "F13": adduction[:, 5:46].max(axis=1),
        "F14": adduction[:, 10:51].mean(axis=1),
        "F15": rotation[:, :61].mean(axis=1),
        "F16": rotation[:, :36].max(axis=1) - rotation[:, 0],
        "F19": np.ptp(pelvis_rotation, axis=1),
        "F20": knee_minimum - standing_deg[f"knee_flexion_{s}"],
        "F20_A": knee_minimum,
        "F21": loading - standing_deg[f"knee_flexion_{s}"],
        "F22": loading - knee_minimum,
        "F23": knee[:, 55:91].max(axis=1) - standing_deg[f"knee_flexion_{s}"],
        "F24": knee_rate[:, 10:46].min(axis=1),
        "F25": thigh_rate[:, 3:31].min(axis=1),
        "F26": thigh[:, 30],
        "F28": events[:, 4] - events[:, 2],
        "F29": events[:, 3] - events[:, 0],
        "F30": events[:, 4] - events[:, 3],
        "F31": events[:, 2] - events[:, 1],
        "F33": end - start,
        "F35": (-sign * cycle("sideways", zeroed=False))[:, 10:51].max(axis=1),
    }
