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

    def process(self, blocks: FloatArray, ends_s: FloatArray) -> dict[int, tuple[float, float]]:
        """Look at the next blocks; the spans of rises, by the block in which each is told.

        Parameters
        ----------
        blocks : ndarray, shape (len(Channel), count, length)
        ends_s : ndarray, shape (count,)
            Session time at which each block ends.
        """
        length = blocks.shape[2]
        length_s = length / GRID_RATE_HZ
        left, right = blocks[Channel.THIGH_LEAN_LEFT], blocks[Channel.THIGH_LEAN_RIGHT]
        lean, both = (
            (np.add.reduce(np.rad2deg(angle), axis=1) / length).tolist()
            for angle in (0.5 * (left + right), np.minimum(left, right))
        )
        rises = {}
        for number, end_s in enumerate(ends_s.tolist()):
            span = self._follow(lean[number], both[number], end_s, length_s)
            if span is not None:
                rises[number] = span
        return rises

    def _follow(
        self, lean_deg: float, both_deg: float, end_s: float, length_s: float
    ) -> tuple[float, float] | None:
        """Take the mean lean of the thighs, and that of the one that leans less, of a block."""
        if both_deg >= SEATED_DEG:
            recently = end_s - self._seated_until_s <= WITHIN_S
            self._sat_s = self._sat_s + length_s if recently else length_s
            self._seated_until_s, self._upright = end_s, 0
            return None
        self._upright = self._upright + 1 if abs(lean_deg) <= UPRIGHT_DEG else 0
        if self._upright < UPRIGHT_BLOCKS:
            return None
        sat_s, self._sat_s = self._sat_s, 0.0
        if sat_s < SAT_S or end_s - self._seated_until_s > WITHIN_S:
            return None
        return self._seated_until_s - min(sat_s, BEFORE_S), end_s
