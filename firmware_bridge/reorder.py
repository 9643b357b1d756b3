"""Put the samples of one sensor in order, and count those that never come."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import inf

from firmware_bridge.devices.base import DecodedSamples
from recordings.samples import FloatArray

Stamped = tuple[FloatArray, DecodedSamples]
"""Session times, and the samples they belong to."""


@dataclass(slots=True)
class LossCount:
    """What happened to the samples of one sensor.

    Attributes
    ----------
    received : int
        Handed on.
    lost : int
        Taken by the sensor while the link held, and never handed on.
    away : int
        Taken by the sensor while there was no link.
    late : int
        Came after the samples behind them had been handed on, and were left out (they are
        among `lost`).
    gaps : int
        Holes in the series, of whatever length and cause.
    """

    received: int = 0
    lost: int = 0
    away: int = 0
    late: int = 0
    gaps: int = 0


class Reorder:
    """Holds samples back while earlier ones may still come.

    As long as nothing is missing nothing waits. Behind a hole samples wait for `patience_s`
    of host time: packets that overtook each other across a radio stall come within that.

    Parameters
    ----------
    period_us : float
        Nominal sample period: what a step of device time means where the sensor has no
        counter.
    patience_s : float
    """

    def __init__(self, period_us: float, *, patience_s: float = 0.15) -> None:
        self.period_us = period_us
        self.count = LossCount()
        self._patience_s = patience_s
        self._waiting: list[tuple[int, int, float, Stamped]] = []
        self._pushed = 0
        self._next: int | None = None
        """Where the next sample is expected: a counter, or device time in µs."""
        self._was_away = False

    def push(self, time_s: FloatArray, samples: DecodedSamples, now_s: float) -> None:
        """Take samples as the decoder gave them, with their session times."""
        self._pushed += 1
        heapq.heappush(self._waiting, (_first(samples), self._pushed, now_s, (time_s, samples)))

    def link_lost(self) -> None:
        """The next hole is due to a broken link."""
        self._was_away = True

    def restart(self) -> list[Stamped]:
        """The sensor's counter begins anew; returns all that waited."""
        out = self.release(inf)
        self._next = None
        return out

    def release(self, now_s: float) -> list[Stamped]:
        """All samples that need not wait any longer, in order."""
        out: list[Stamped] = []
        while self._waiting:
            first, _, since_s, (time_s, samples) = self._waiting[0]
            missing = self._missing(first, samples)
            if missing > 0 and now_s - since_s < self._patience_s:
                break
            heapq.heappop(self._waiting)
            if missing < 0:
                self.count.late += len(samples)
                continue
            if missing > 0:
                self.count.gaps += 1
                if self._was_away:
                    self.count.away += missing
                else:
                    self.count.lost += missing
            self._was_away = False
            self._next = self._after(samples)
            self.count.received += len(samples)
            out.append((time_s, samples))
        return out

    def _missing(self, first: int, samples: DecodedSamples) -> int:
        """Samples between the expected one and `first`; negative if it lies behind."""
        if self._next is None:
            return 0
        if samples.counter is not None:
            return first - self._next
        if samples.device_time_us is not None:
            return round((first - self._next) / self.period_us)
        return 0

    def _after(self, samples: DecodedSamples) -> int:
        if samples.counter is not None:
            return int(samples.counter[-1]) + 1
        if samples.device_time_us is not None:
            return int(samples.device_time_us[-1]) + round(self.period_us)
        return 0


def _first(samples: DecodedSamples) -> int:
    if samples.counter is not None:
        return int(samples.counter[0])
    if samples.device_time_us is not None:
        return int(samples.device_time_us[0])
    return 0
