"""Days made by hand: hours of sensors in a few lines, for what the virtual wearer cannot do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from recordings.placement import THIGHS, Placement, Side
from recordings.samples import ImuSamples

RATE_HZ = 25.0
GRAVITY_M_S2 = 9.81
SENSORS = (Placement.PELVIS, *THIGHS.values())

LEAN_DEG = {
    "stand": (0.0, 2.0),
    "walk": (3.0, 5.0),
    "sit": (-20.0, 80.0),
    "lie": (-90.0, 92.0),
    "bend": (75.0, 5.0),
    "table": (35.0, 160.0),
}
"""How pelvis and thighs lean from upright."""

CADENCE_HZ = 1.8
SWING_DEG = 24.0


def lived(
    *stretches: tuple[str, float],
    mounting: Mapping[Placement, Rotation] | None = None,
    seed: int = 0,
) -> dict[Placement, ImuSamples]:
    """Samples of pelvis and thighs that live through ``(what, seconds)`` in turn."""
    rng = np.random.default_rng(seed)
    return {p: _sensor(p, stretches, (mounting or {}).get(p), rng) for p in SENSORS}


def _sensor(
    placement: Placement,
    stretches: tuple[tuple[str, float], ...],
    mounting: Rotation | None,
    rng: np.random.Generator,
) -> ImuSamples:
    leans, pushes, shakes = [], [], []
    for what, duration_s in stretches:
        n = round(duration_s * RATE_HZ)
        time_s = np.arange(n) / RATE_HZ
        pelvis, thigh = LEAN_DEG[what]
        lean = np.full(n, pelvis if placement is Placement.PELVIS else thigh)
        push = np.zeros(n)
        if what == "walk" and placement is Placement.PELVIS:
            push = 2.0 * np.sin(2 * np.pi * CADENCE_HZ * time_s)
        elif what == "walk":
            phase = np.pi if placement is THIGHS[Side.LEFT] else 0.0
            lean = lean + SWING_DEG * np.sin(np.pi * CADENCE_HZ * time_s + phase)
        elif what != "table":
            # Nobody who wears a sensor holds quite still.
            knots_s = np.arange(0.0, duration_s + 40.0, 20.0)
            lean = lean + np.interp(time_s, knots_s, rng.normal(0.0, 2.0, len(knots_s)))
        leans.append(lean)
        pushes.append(push)
        shakes.append(np.full(n, 0.01 if what == "table" else 0.06))
    lean, push, shake = np.deg2rad(np.concatenate(leans)), *map(np.concatenate, (pushes, shakes))
    n = len(lean)
    acc = (
        np.column_stack((np.sin(lean), np.zeros(n), np.cos(lean))) * (GRAVITY_M_S2 + push)[:, None]
    )
    gyr = np.column_stack((np.zeros(n), np.gradient(lean) * RATE_HZ, np.zeros(n)))
    acc += shake[:, None] * rng.standard_normal((n, 3))
    gyr += 0.3 * shake[:, None] * rng.standard_normal((n, 3))
    if mounting is not None:
        acc, gyr = mounting.apply(acc), mounting.apply(gyr)
    return ImuSamples(placement, np.arange(n) / RATE_HZ, acc, gyr).quantised()


def without(part: ImuSamples, start_s: float, end_s: float = np.inf) -> ImuSamples:
    """The samples outside ``[start_s, end_s)``."""
    keep = (part.time_s < start_s) | (part.time_s >= end_s)
    return ImuSamples(part.placement, part.time_s[keep], part.acc_m_s2[keep], part.gyr_rad_s[keep])
