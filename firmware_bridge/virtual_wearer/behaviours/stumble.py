"""The lurch of a stumble; the cut-short step itself is planned with the other steps."""

from __future__ import annotations

import numpy as np

from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.stance import Stance

LURCH_S = 1.1
LURCH_TILT_RAD = float(np.deg2rad(14.0))


def lurch(since_s: FloatArray, severity: float, stance: Stance) -> None:
    """Tip the pelvis forward and back again after a foot was caught, in place."""
    u = np.clip(since_s / LURCH_S, 0.0, 1.0)
    wave = 64.0 * (u * (1.0 - u)) ** 3
    stance.pelvis_angles["tilt"] = stance.pelvis_angles["tilt"] + severity * LURCH_TILT_RAD * wave
