"""Which sensor was tapped twice: how a person tells where each sensor is worn.

A tap with a finger is a spike of the acceleration of a few milliseconds and several m/s².
Walking makes spikes too, on all sensors; two spikes, a short moment apart, on one sensor
only while all others are still is something that only a finger does.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from recordings.samples import FloatArray

_SPIKE_M_S2 = 6.0
"""Change of |acc| from one sample to the next that a tap makes and a gentle move does not."""
_REFRACTORY_S = 0.08
"""A tap rings; its echoes within this time are the same tap."""
_APART_S = (0.1, 0.7)
"""Two taps are no nearer and no further apart than this."""
_QUIET_S = 0.5
"""No third spike so shortly before the first: that would be a shake, or steps."""
_OTHERS_S = 1.0
"""No other sensor may have a spike so near in time."""


class TapTwice:
    """Finds the one sensor that was tapped twice."""

    def __init__(self) -> None:
        self._spikes: dict[str, deque[float]] = {}
        self._last_norm: dict[str, float] = {}

    def feed(self, address: str, time_s: FloatArray, acc_m_s2: NDArray[np.float64]) -> None:
        """Take samples of one sensor, on the session clock."""
        norm = np.sqrt(np.einsum("ij,ij->i", acc_m_s2, acc_m_s2))
        steps = np.abs(np.diff(norm, prepend=self._last_norm.get(address, float(norm[0]))))
        self._last_norm[address] = float(norm[-1])
        spikes = self._spikes.setdefault(address, deque(maxlen=8))
        for spike_s in time_s[steps > _SPIKE_M_S2].tolist():
            if not spikes or spike_s - spikes[-1] > _REFRACTORY_S:
                spikes.append(spike_s)

    def tapped(self, now_s: float) -> str:
        """The sensor that was tapped twice, once it is certain; else empty.

        It is certain when the time for a third spike, or one of another sensor, is over.
        """
        candidates = [a for a, spikes in self._spikes.items() if self._two_taps(spikes, now_s)]
        if len(candidates) != 1:
            return ""
        address = candidates[0]
        first_s = self._spikes[address][-2]
        others = (s for a, spikes in self._spikes.items() if a != address for s in spikes)
        if any(abs(spike_s - first_s) < _OTHERS_S for spike_s in others):
            return ""
        self._spikes.clear()
        return address

    def _two_taps(self, spikes: deque[float], now_s: float) -> bool:
        if len(spikes) < 2 or now_s - spikes[-1] < _APART_S[1]:
            return False
        if not _APART_S[0] <= spikes[-1] - spikes[-2] <= _APART_S[1]:
            return False
        return len(spikes) < 3 or spikes[-2] - spikes[-3] > _QUIET_S
