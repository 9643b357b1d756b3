"""Session time of one sensor's samples, whichever clock it has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.clock import ClockReport, SensorClock
from firmware_bridge.clock_envelope import needs_pings
from firmware_bridge.devices.base import DecodedSamples, DeviceFamily, SyncEcho
from firmware_bridge.index_clock import IndexClock


class SensorTiming:
    """Gives samples their place on the session clock, once and for all.

    Parameters
    ----------
    family : DeviceFamily
    rate_hz : float, optional
        The rate that was asked for or that the sensor states.
    """

    def __init__(self, family: DeviceFamily, rate_hz: float | None = None) -> None:
        rate = rate_hz or family.default_rate_hz
        self._clock = SensorClock() if family.has_clock else None
        self._index = IndexClock(rate)
        self._period_us: float | None = None
        self._newest_us: int | None = None
        self._wants_pings = False
        self.shared = False
        """The clock is common to several sensors."""
        self.begun = not family.has_clock
        """It is known where the clock begins; of a sensor without a clock nothing is to know."""

    def share(self, clock: SensorClock) -> None:
        """Stamp by a clock that synchronised sensors have in common, from the first sample on."""
        self._clock = clock
        self.shared = self.begun = True

    def stamp(self, arrival_s: float, decoded: DecodedSamples) -> NDArray[np.float64]:
        """Session times of decoded samples.

        Parameters
        ----------
        arrival_s : float
            Host time in the notify callback, on the session clock.
        decoded : DecodedSamples
            What that notification held; at least one sample.
        """
        times_us = decoded.device_time_us
        if self._clock is None or times_us is None:
            return self._index.stamp(arrival_s, len(decoded))
        if decoded.restarted:
            if self.shared:
                # It has forgotten the clock that the others keep.
                self._clock, self.shared = SensorClock(), False
            else:
                self._clock.restart()
            self._newest_us = None
        if self._period_us is None:
            self._learn_period(times_us)
        self._clock.feed(arrival_s, int(times_us[-1]))
        return self._clock.to_session_s(times_us)

    def stamp_new_clock(
        self, packets: Sequence[tuple[float, DecodedSamples]]
    ) -> list[NDArray[np.float64]]:
        """Session times of the first packets of a sensor's clock, or after it began anew.

        The first packet of a sensor that comes may have waited for the link. Of the
        packets at hand the one with the least delay says where the new clock begins, so
        that nothing has to be slewed back.

        Parameters
        ----------
        packets : sequence of (arrival_s, DecodedSamples)
            In order of arrival; if the clock began anew the first one is marked as restarted.
        """
        self.begun = True
        arrival_s, first = packets[0]
        if self._clock is not None and first.device_time_us is not None:
            begin_us = int(first.device_time_us[-1])
            arrival_s = min(
                at_s - (int(d.device_time_us[-1]) - begin_us) * 1e-6
                for at_s, d in packets
                if d.device_time_us is not None
            )
        stamps = [self.stamp(arrival_s, first)]
        return stamps + [self.stamp(at_s, decoded) for at_s, decoded in packets[1:]]

    def take_echo(self, sent_s: float, echo: SyncEcho, received_s: float) -> None:
        """Take the answer to a ping; both times on the session clock.

        Pings say less than the samples' own arrivals, except where the sample rate and the
        radio's connection interval share a coarse step: elsewhere they are disregarded.
        """
        if self._clock is not None and self._wants_pings:
            self._clock.feed_ping(sent_s, echo.device_time_us, received_s)

    @property
    def wants_pings(self) -> bool:
        """Whether answers to pings would improve the clock; known from the second sample on."""
        return self._wants_pings

    def reconnected(self) -> None:
        """The link was down: a sensor without a clock is anchored anew."""
        if self._clock is None:
            self._index.restart()

    def report(self) -> ClockReport:
        """Offset, drift, residual, quality."""
        return self._index.report() if self._clock is None else self._clock.report()

    @property
    def estimated_lost(self) -> int:
        """Samples that arrival times say are missing, of a sensor that shows no loss itself."""
        return self._index.estimated_lost

    @property
    def estimated_gaps(self) -> int:
        """Holes that these samples make."""
        return self._index.estimated_gaps

    def _learn_period(self, times_us: NDArray[np.int64]) -> None:
        if len(times_us) > 1:
            self._period_us = float(times_us[-1] - times_us[0]) / (len(times_us) - 1)
        elif self._newest_us is not None and times_us[0] > self._newest_us:
            self._period_us = float(times_us[0] - self._newest_us)
        self._newest_us = int(times_us[-1])
        if self._period_us is not None:
            self._wants_pings = needs_pings(1e6 / self._period_us)
