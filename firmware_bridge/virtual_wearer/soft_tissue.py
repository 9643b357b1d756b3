"""What skin, muscle and strap add to the movement of the bone.

Sizes follow the experience with walking: the skin of the thigh turns with only about 70 % of
the bone's axial rotation, its pitch errs by one or two degrees as the muscles bulge, and
after each contact it rings for a tenth of a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN
from firmware_bridge.virtual_wearer.motion import Motion
from recordings.placement import THIGHS, Placement, Side

FloatArray = NDArray[np.float64]

AXIAL_LOSS = 0.30
"""Share of the thigh's axial rotation that the skin does not follow; the shank loses half."""
PELVIS_RING = 0.3
"""Ringing of the sacrum's skin after a contact, against that of the thigh."""

_RING_HZ, _RING_S = 11.0, 0.030
_SHOCK_HZ, _SHOCK_S = 17.0, 0.016
_SHOCK_M = {"pelvis": 0.00022, "thigh": 0.0006, "shank": 0.0011}
"""Displacement scale of the impact at 1.25 m/s; grows with speed."""


def artefact(
    motion: Motion, placement: Placement, contacts: list[tuple[float, float, Side]], size: float
) -> tuple[FloatArray | None, FloatArray | None]:
    """Rotation (3, n) in rad and displacement (3, n) in m of the skin over the bone.

    Parameters
    ----------
    contacts : list of (time_s, speed_m_s, side)
        Initial contacts near the stretch.
    size : float
        1 is the usual artefact.
    """
    if size == 0.0:
        return None, None
    t, side = motion.time_s, placement.side
    turn = np.zeros((3, t.size))
    shift = np.zeros((3, t.size))
    kind = placement.value.partition("_")[0]
    share = 1.0 if kind == "thigh" else 0.5
    if side is not None:
        leg, sign = motion.leg[side], SIDE_SIGN[side]
        turn[2] = (
            -AXIAL_LOSS * share * sign * (leg.hip_rotation if placement is THIGHS[side] else 0.0)
        )
        turn[1] = share * (0.035 * leg.hip_flexion - 0.02 * leg.knee_flexion)
        turn[0] = share * sign * 0.018 * leg.knee_flexion
    step_s = t[1] - t[0]
    ring = _pulse(_RING_HZ, _RING_S, step_s)
    shock = _pulse(_SHOCK_HZ, _SHOCK_S, step_s)
    for time_s, speed, contact_side in contacts:
        if side is not None and side is not contact_side:
            continue  # the shock of the other foot does not come through
        force = speed / 1.25
        first = int(np.ceil((time_s - t[0]) / step_s))
        delay = t[0] + first * step_s - time_s
        _add(shift[2], first, shock(delay) * _SHOCK_M[kind] * force)
        _add(shift[0], first, shock(delay) * -0.4 * _SHOCK_M[kind] * force)
        wave = ring(delay) * force * (PELVIS_RING if side is None else share)
        _add(turn[1], first, np.deg2rad(0.9) * wave)
        _add(turn[0], first, np.deg2rad(0.5) * wave)
    return size * turn, size * shift


def _pulse(frequency_hz: float, decay_s: float, step_s: float):
    """A ringing pulse that sets in smoothly; sampled from `delay` after its onset."""
    n = int(np.ceil(14 * decay_s / step_s))
    grid = np.arange(n) * step_s

    def sample(delay: float) -> FloatArray:
        tau = grid + delay
        x = tau / decay_s
        return x * x * np.exp(-x) * np.sin(2 * np.pi * frequency_hz * tau)

    return sample


def _add(row: FloatArray, first: int, wave: FloatArray) -> None:
    last = first + wave.size
    if last <= 0 or first >= row.size:
        return
    row[max(first, 0) : min(last, row.size)] += wave[
        max(-first, 0) : wave.size - max(last - row.size, 0)
    ]
