"""Sensors without a clock: their samples are counted, and the count is the clock."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.clock import ClockReport, SensorClock

_MAX_DRIFT_PPM = 20_000.0
"""Such sensors keep their rate to a percent: 99.3 Hz was measured where 100 are set."""
_SLEW = 0.02
_LATE_FOR_S = 2.0
_LOSS_IN_PERIODS = 2.5
_TRUST_AFTER_S = 12.0


class IndexClock:
    """Stamps samples that carry neither counter nor device time.

    The number of a sample times the nominal period serves as its device time, and its
    true rate is fitted like a drift. A loss moves all later arrivals: when every packet
    of two seconds comes late by more than two and a half periods, the missing samples are
    put into the count. A loss smaller than that cannot be told from a delay.

    Parameters
    ----------
    rate_hz : float
        The rate that was set.
    """

    def __init__(self, rate_hz: float) -> None:
        self._period_us = 1e6 / rate_hz
        self._clock = SensorClock(max_drift_ppm=_MAX_DRIFT_PPM, slew=_SLEW)
        self._count = 0
        self._segment_start_s: float | None = None
        self._late: deque[tuple[float, float]] = deque()
        self.estimated_lost = 0
        """Samples that the arrival times say are missing."""
        self.estimated_gaps = 0

    def stamp(self, arrival_s: float, n: int) -> NDArray[np.float64]:
        """Session times of the next `n` samples, which arrived together.

        Parameters
        ----------
        arrival_s : float
            On the session clock.
        n : int
            At least 1.
        """
        if self._segment_start_s is None:
            self._segment_start_s = arrival_s
            self._late.clear()
        numbers = np.arange(self._count, self._count + n)
        self._count += n
        times_us = np.rint(numbers * self._period_us).astype(np.int64)
        self._clock.feed(arrival_s, int(times_us[-1]))
        session_s = self._clock.to_session_s(times_us)
        self._notice_loss(arrival_s, arrival_s - float(session_s[-1]))
        return session_s

    def restart(self) -> None:
        """The link was down: how many samples were missed is not known."""
        self._clock.restart()
        self._segment_start_s = None

    def report(self) -> ClockReport:
        """As for other clocks; drift is that of the rate, and quality at best ``low``."""
        report = self._clock.report()
        quality = "unknown" if report.quality == "unknown" else "low"
        return ClockReport(report.fit, quality, report.segments)

    def _notice_loss(self, arrival_s: float, late_s: float) -> None:
        assert self._segment_start_s is not None
        while self._late and self._late[0][0] < arrival_s - _LATE_FOR_S:
            self._late.popleft()
        self._late.append((arrival_s, late_s))
        if (
            arrival_s - self._segment_start_s < _TRUST_AFTER_S
            or arrival_s - self._late[0][0] < 0.9 * _LATE_FOR_S
        ):
            return
        period_s = self._period_us * 1e-6
        least_s = min(late for _, late in self._late)
        if least_s > _LOSS_IN_PERIODS * period_s:
            lost = round(least_s / period_s)
            self._count += lost
            self.estimated_lost += lost
            self.estimated_gaps += 1
            self._late.clear()
