"""How a leg's swing ends: when it stops coming forward of the hip, and when its foot lands.

Measured on sensors of thigh and shank alone, without the analysis. The contacts of the analysis
go by this stop; whether it keeps its distance to landing where a swing lasts longer decides what
is told of uneven steps, and whether the virtual wearer's legs end their swings as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt

from recordings.placement import SHANKS, THIGHS, Side
from recordings.session import Session
from validation.numbers import FloatArray

RATE_HZ = 100.0
SMOOTH_HZ = 5.0
AXIS_HZ = (0.5, 3.0)
"""Where a leg swings: slower are turns of the whole person, faster the wobble of a strap."""
MOVING_RAD_S = 0.8
STOP_S = (-0.15, 0.06)
"""Around landing, where the stop is looked for."""
SWING_S = 0.8
"""Before landing, in which the swing began."""


@dataclass(frozen=True, slots=True)
class SwingEnds:
    """The swings of one leg.

    Attributes
    ----------
    stop_s : ndarray, shape (n,)
        From the stop to landing.
    leg_s : ndarray, shape (n,)
        How long the leg came forward, up to the stop. What is noise in the stop makes the swing
        longer and the way to landing shorter.
    foot_s : ndarray, shape (n,)
        From the shank's fastest turn backwards to landing. What is noise in the landing makes
        both longer.
    """

    stop_s: FloatArray
    leg_s: FloatArray
    foot_s: FloatArray

    @property
    def usable(self) -> SwingEnds:
        """Without swings that are far from all others: standing still, misread landings."""
        good = np.ones(self.stop_s.size, dtype=bool)
        for values in (self.stop_s, self.leg_s, self.foot_s):
            off = np.abs(values - np.median(values))
            good &= off <= 4.5 * np.median(off) + 0.02
        return SwingEnds(self.stop_s[good], self.leg_s[good], self.foot_s[good])


def swing_ends(session: Session, side: Side, landings_s: FloatArray) -> SwingEnds:
    """What the swings before given landings (s, session time) look like."""
    shank, thigh = session.samples(SHANKS[side]), session.samples(THIGHS[side])
    time_s = np.arange(
        max(shank.time_s[0], thigh.time_s[0]),
        min(shank.time_s[-1], thigh.time_s[-1]),
        1.0 / RATE_HZ,
    )
    shank_rate = _swing_rate(shank.time_s, shank.gyr_rad_s, time_s)
    if np.mean(shank_rate**3) < 0.0:
        shank_rate = -shank_rate
    thigh_rate = _swing_rate(thigh.time_s, thigh.gyr_rad_s, time_s)
    # The thigh leads the shank by a tenth of a second.
    lead = int(0.1 * RATE_HZ)
    if thigh_rate[:-lead] @ shank_rate[lead:] < 0.0:
        thigh_rate = -thigh_rate
    leg = shank_rate + thigh_rate
    falls = np.flatnonzero((leg[:-1] > 0.0) & (leg[1:] <= 0.0))
    rises = np.flatnonzero((leg[:-1] <= 0.0) & (leg[1:] > 0.0))
    rows = []
    for landing_s in landings_s:
        near = (time_s[falls] > landing_s + STOP_S[0]) & (time_s[falls] < landing_s + STOP_S[1])
        if not near.any():
            continue
        stop = int(falls[near][-1])
        began = rises[(rises < stop) & (rises > stop - SWING_S * RATE_HZ)]
        if not began.size:
            continue
        first = max(0, int(stop - SWING_S * RATE_HZ))
        fastest = first + int(np.argmax(shank_rate[first:stop]))
        if fastest == first:
            continue
        dip = first + int(np.argmin(shank_rate[first:fastest]))
        stop_s = _crossing_s(time_s, leg, stop)
        began_s = _crossing_s(time_s, leg, int(began[-1]))
        rows.append((landing_s - stop_s, stop_s - began_s, landing_s - time_s[dip]))
    return SwingEnds(*np.array(rows).reshape(-1, 3).T)


def per_swing_length(legs: list[SwingEnds]) -> tuple[tuple[float, float], tuple[float, float]]:
    """How much earlier a leg stops where its swing lasts longer than its others, s/s.

    Returns
    -------
    by_leg, by_foot : tuple of (float, float)
        Slope and its standard error, by the length of `SwingEnds.leg_s` and `SwingEnds.foot_s`:
        too small the one, too large the other.
    """
    stop = np.concatenate([leg.stop_s - leg.stop_s.mean() for leg in legs])
    out = []
    for name in ("leg_s", "foot_s"):
        length = np.concatenate([getattr(leg, name) - getattr(leg, name).mean() for leg in legs])
        power = float(length @ length)
        slope = float(length @ stop) / power
        rest = stop - slope * length
        freedom = max(stop.size - len(legs) - 1, 1)
        out.append((slope, float(np.sqrt(rest @ rest / freedom / power))))
    return out[0], out[1]


def _swing_rate(sample_s: FloatArray, gyr: FloatArray, time_s: FloatArray) -> FloatArray:
    """Angular rate about the axis that a segment swings about, smoothed without delay."""
    even = np.stack([np.interp(time_s, sample_s, axis) for axis in gyr.T])
    slow = sosfiltfilt(butter(2, AXIS_HZ, btype="bandpass", fs=RATE_HZ, output="sos"), even)
    moving = np.linalg.norm(slow, axis=0) > MOVING_RAD_S
    axis = np.linalg.svd(slow[:, moving].T, full_matrices=False)[2][0]
    return sosfiltfilt(butter(2, SMOOTH_HZ, fs=RATE_HZ, output="sos"), axis @ even)


def _crossing_s(time_s: FloatArray, values: FloatArray, row: int) -> float:
    before, after = values[row], values[row + 1]
    return float(time_s[row] + before / (before - after) / RATE_HZ)
