"""The line under a cloud of delayed arrivals.

A packet arrives when it was sent plus a delay that is never shorter than the link's
least and often much longer: waiting for the next connection event, repeats, a busy host.
The delays have a sharp lower edge and a long tail, so that a clock is read from the lower
envelope and not from the mean. One-way synchronisation in this way: Moon, Skelly, Towsley,
"Estimation and removal of clock skew from network delay measurements", INFOCOM 1999;
slope by P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]

CONNECTION_INTERVALS_S = (0.015, 0.030)
"""What our firmware asks for at most, and what a host gives that does not listen."""
_COARSE_GAP_S = 0.0015
_SWEPT_S = 10.0
_TYPICAL_DRIFT = 40e-6
_LEAST_SPREAD_S = 3e-4
"""A few minima may lie on a line by chance: they are never taken to be better than this."""


def theil_sen_slope(x: FloatArray, y: FloatArray) -> float:
    """Median of the slopes of all pairs that are at least a third of the span apart.

    Near pairs are left out: they hold more of the delays' noise than of the drift.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Increasing; n is at least 2.
    y : ndarray, shape (n,)
    """
    i, j = np.triu_indices(len(x), 1)
    dx = x[j] - x[i]
    far = dx >= (x[-1] - x[0]) / 3.0
    return float(np.median((y[j] - y[i])[far] / dx[far]))


def drift(x: FloatArray, y: FloatArray, limit: float, usual: float = 0.0) -> float:
    """Slope of bin minima, drawn towards what is usual as long as the stretch is short.

    A crystal is within some 40 ppm; a few seconds of minima cannot say better. The two
    are weighed by their variances.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Device time of the minima and their values, s.
    limit : float
        Largest credible slope (200e-6: 200 ppm).
    usual : float
        The slope that is expected before anything is seen.
    """
    n = len(x)
    if n < 3:
        return usual
    slope = theil_sen_slope(x, y)
    span = float(x[-1] - x[0])
    residual = y - slope * x
    spread = 1.4826 * float(np.median(np.abs(residual - np.median(residual)))) + _LEAST_SPREAD_S
    variance = 12.0 * spread**2 / (n * span**2)
    prior = max(_TYPICAL_DRIFT, limit / 5.0) ** 2
    weighed = (slope * prior + usual * variance) / (prior + variance)
    return float(np.clip(weighed, -limit, limit))


def phase_gap_s(rate_hz: float, interval_s: float) -> float:
    """Widest gap between the phases in which samples meet connection events, s.

    The envelope of arrivals cannot tell a clock error smaller than this: at 100 Hz and
    15 ms packets wait 0, 5 or 10 ms plus one unknown that never shows. A rate that is off
    by a little sweeps through the gap; what it has swept after 10 s counts.
    """
    n = int(_SWEPT_S * rate_hz)
    phases = np.sort(np.arange(n) / rate_hz % interval_s)
    return float(np.max(np.diff(phases, append=phases[0] + interval_s)))


def needs_pings(rate_hz: float, intervals_s: Sequence[float] = CONNECTION_INTERVALS_S) -> bool:
    """Whether samples leave so wide a gap at one of the intervals that pings must help."""
    return max(phase_gap_s(rate_hz, interval) for interval in intervals_s) > _COARSE_GAP_S
