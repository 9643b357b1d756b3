"""Who walks during a soak: the virtual wearer, in the time of this computer."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from firmware_bridge.transport.felt import FEEL_RATE_HZ, felt_at
from firmware_bridge.transport.simulated_sensor import FloatArray, Motion
from firmware_bridge.virtual_wearer.spec import Sensors, Spec, Stand, TimelineItem, UTurn, Walk
from firmware_bridge.virtual_wearer.wear import wear
from recordings.placement import Placement
from recordings.samples import ImuSamples

STAND_S = 24.0
"""Until all sensors stream and the analysis has seen the wearer stand."""
_STRAIGHT_S = 40.0

TREMOR_HZ, TREMOR_M_S2 = 11.7, 0.03


class Wearer:
    """Stands, from the moment when all is worked out; then walks to and fro.

    Parameters
    ----------
    placements : sequence of Placement
    lasts_s : float
    """

    def __init__(self, placements: tuple[Placement, ...], lasts_s: float) -> None:
        timeline: list[TimelineItem] = [Stand(duration_s=STAND_S)]
        for _ in range(int(lasts_s / _STRAIGHT_S) + 1):
            timeline += [Walk(duration_s=_STRAIGHT_S), UTurn()]
        sensors = Sensors(placements=placements, rate_hz=FEEL_RATE_HZ, clock_offset_ms=0.0)
        session = wear(Spec(name="soak", seed=5, sensors=sensors, timeline=tuple(timeline))).session
        self._felt: Mapping[Placement, ImuSamples] = {p: session.samples(p) for p in placements}
        self._begin_s = time.perf_counter()

    def motion(self, placement: Placement) -> Motion:
        """What the sensor at a placement feels."""

        def feel(time_s: FloatArray, /) -> tuple[FloatArray, FloatArray]:
            acc, gyr = felt_at(self._felt[placement], time_s - self._begin_s)
            # Nobody stands so still that two samples are the same: each can be told apart.
            angle = 2.0 * np.pi * TREMOR_HZ * time_s
            acc[:, 0] += TREMOR_M_S2 * np.sin(angle)
            acc[:, 1] += TREMOR_M_S2 * np.cos(angle)
            return acc, gyr

        return feel

    def walked_s(self, until_s: float) -> float:
        """How long it has walked by then, on the sensors' true clock."""
        return max(until_s - self._begin_s - STAND_S, 0.0)

    def samples(
        self, placement: Placement, zero_s: float, time_s: tuple[float, float], rate_hz: float
    ) -> ImuSamples:
        """What a perfect sensor on a perfect radio would have recorded.

        Parameters
        ----------
        zero_s : float
            Time 0 of the session on the sensors' true clock.
        time_s : (float, float)
            First and last session time.
        """
        grid = np.arange(*time_s, 1 / rate_hz)
        acc, gyr = self.motion(placement)(grid + zero_s)
        return ImuSamples(placement, grid, acc, gyr).quantised()
