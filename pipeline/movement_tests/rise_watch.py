"""Rise watch: when somebody who sat stands up, told by both thighs alone.

Contract
--------
Input    Kinematic channels in blocks of a fixed grid.
Output   The span of a rise, from the last seated block to the second upright one.
Latency  One second after standing.
State    Four numbers.
Gap      A block with unknown leans is neither seated nor upright.
"""

from __future__ import annotations

import numpy as np

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.sit_to_stand import SEATED_DEG, UPRIGHT_DEG
from pipeline.stages.kinematics import Channel

SAT_S = 2.0
"""Shorter sitting is a squat, or tying a shoe."""
WITHIN_S = 8.0
UPRIGHT_BLOCKS = 2
BEFORE_S = 2.0


class RiseWatch:
    """Follows sitting and standing block by block."""

    def __init__(self) -> None:
        self._sat_s = 0.0
        self._seated_until_s = -np.inf
        self._upright = 0

    def process(self, block: FloatArray, end_s: float) -> tuple[float, float] | None:
        """Look at the next block, which ends at a session time; a rise's span, or None."""
        left, right = block[[Channel.THIGH_LEAN_LEFT, Channel.THIGH_LEAN_RIGHT]]
        lean = float(np.rad2deg(0.5 * (left + right)).mean())
        both = float(np.rad2deg(np.minimum(left, right)).mean())
        length_s = block.shape[1] / GRID_RATE_HZ
        if both >= SEATED_DEG:
            recently = end_s - self._seated_until_s <= WITHIN_S
            self._sat_s = self._sat_s + length_s if recently else length_s
            self._seated_until_s, self._upright = end_s, 0
            return None
        self._upright = self._upright + 1 if abs(lean) <= UPRIGHT_DEG else 0
        if self._upright < UPRIGHT_BLOCKS:
            return None
        sat_s, self._sat_s = self._sat_s, 0.0
        if sat_s < SAT_S or end_s - self._seated_until_s > WITHIN_S:
            return None
        return self._seated_until_s - min(sat_s, BEFORE_S), end_s
