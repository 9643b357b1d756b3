"""From the notifications of one sensor to its samples on the session clock."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.clock import ClockReport, SensorClock
from firmware_bridge.devices.base import DecodedSamples, DeviceFacts, DeviceFamily
from firmware_bridge.new_clock import NewClock
from firmware_bridge.reorder import LossCount, Reorder, Stamped
from firmware_bridge.sensor_timing import SensorTiming
from recordings.placement import Placement
from recordings.samples import ImuSamples

_RECENT_S = 5.0
_LEAST_RECENT_S = 1.0


class SensorStream:
    """Decoder, order and clock of one sensor, for as long as it is worn.

    Times are on the session clock. `feed` is called with every notification and every value
    that was read; `take` hands over what is in order.
    """

    def __init__(self, family: DeviceFamily) -> None:
        self.family = family
        self.decoder = family.decoder()
        self._timing = SensorTiming(family)
        self._reorder = Reorder(1e6 / family.default_rate_hz)
        self._ready: list[Stamped] = []
        self._new_clock: NewClock | None = None
        self._pings: dict[bytes, float] = {}
        self._recent: deque[tuple[float, int, int]] = deque()
        self._last_time_s = -np.inf
        self.clipped = 0
        self.restarts = 0
        self.last_packet_s: float | None = None

    @property
    def facts(self) -> DeviceFacts:
        return self.decoder.facts

    @property
    def count(self) -> LossCount:
        """What happened to the samples; where the protocol shows no loss, an estimate."""
        count, timing = self._reorder.count, self._timing
        return replace(
            count, lost=count.lost + timing.estimated_lost, gaps=count.gaps + timing.estimated_gaps
        )

    @property
    def clock_report(self) -> ClockReport:
        return self._timing.report()

    @property
    def rate_hz(self) -> float:
        """What the sensor says, or what its family usually has."""
        return self.facts.rate_hz or self.family.default_rate_hz

    def feed(self, now_s: float, characteristic: str, data: bytes) -> int:
        """Take a notification; returns how many samples it held."""
        decoded = self.decoder.feed(characteristic, data)
        for echo in self.decoder.take_echoes():
            sent_s = self._pings.pop(echo.token, None)
            if sent_s is None:
                continue
            if self._new_clock is not None:
                self._new_clock.add_echo(sent_s, echo, now_s)
            else:
                self._timing.take_echo(sent_s, echo, now_s)
        if decoded is None or not len(decoded):
            return 0
        self.last_packet_s = now_s
        self.clipped += decoded.clipped
        if decoded.restarted:
            self._settle()
            self._ready += self._reorder.restart()
            self.restarts += 1
        if decoded.restarted or not self._timing.begun:
            self._new_clock = self._new_clock or NewClock(can_ping=bool(self.family.ping(bytes(8))))
        if self._new_clock is not None:
            self._new_clock.add(now_s, decoded)
            self._settle_when_due(now_s)
            return len(decoded)
        # Stamped at once, and not when it is in order: a restart of the sensor's clock must
        # not move what was taken before.
        self._put_in_order(now_s, decoded, self._timing.stamp(now_s, decoded))
        return len(decoded)

    def _put_in_order(
        self, now_s: float, decoded: DecodedSamples, time_s: NDArray[np.float64]
    ) -> None:
        self._reorder.period_us = 1e6 / self.rate_hz
        self._reorder.push(time_s, decoded, now_s)
        self._ready += self._reorder.release(now_s)

    def _settle_when_due(self, now_s: float) -> None:
        if self._new_clock is not None and self._new_clock.is_known(now_s):
            self._settle()

    def _settle(self) -> None:
        """Stamp what waited for a new clock."""
        new, self._new_clock = self._new_clock, None
        if new is None:
            return
        stamps = self._timing.stamp_new_clock(new.packets)
        for (now_s, decoded), time_s in zip(new.packets, stamps, strict=True):
            self._put_in_order(now_s, decoded, time_s)
        for echo in new.echoes:
            self._timing.take_echo(*echo)
        # All at once they would look like a rate.
        self._recent.clear()

    @property
    def clock_is_new(self) -> bool:
        """Packets wait until it is known where their clock begins: pings help."""
        return self._new_clock is not None

    def take(self, now_s: float, placement: Placement) -> ImuSamples | None:
        """The samples that are in order by now, rounded as the session stores them."""
        self._settle_when_due(now_s)
        self._ready += self._reorder.release(now_s)
        if not self._ready:
            return None
        ready, self._ready = self._ready, []
        samples = ImuSamples(
            placement,
            np.concatenate([time_s for time_s, _ in ready]),
            np.concatenate([d.acc_m_s2 for _, d in ready]),
            np.concatenate([d.gyr_rad_s for _, d in ready]),
        ).quantised()
        return self._strictly_increasing(samples)

    def note_recent(self, now_s: float) -> None:
        """Remember the counts of now for `recent_rate_hz` and `recent_loss`."""
        count = self.count
        self._recent.append((now_s, count.received, count.lost))
        while self._recent[0][0] < now_s - _RECENT_S and len(self._recent) > 2:
            self._recent.popleft()

    @property
    def recent_rate_hz(self) -> float:
        """Samples a second over the last 5 s; 0 in the first second, which says too little."""
        if len(self._recent) < 2:
            return 0.0
        (t0, n0, _), (t1, n1, _) = self._recent[0], self._recent[-1]
        return (n1 - n0) / (t1 - t0) if t1 - t0 > _LEAST_RECENT_S else 0.0

    @property
    def recent_loss(self) -> float:
        """Share of samples lost over the last 5 s."""
        if len(self._recent) < 2:
            return 0.0
        (_, n0, lost0), (_, n1, lost1) = self._recent[0], self._recent[-1]
        lost, received = lost1 - lost0, n1 - n0
        return lost / (lost + received) if lost + received > 0 else 0.0

    def ping_sent(self, token: bytes, now_s: float) -> None:
        self._pings[token] = now_s
        while len(self._pings) > 16:  # answers that never came
            del self._pings[next(iter(self._pings))]

    def share_clock(self, clock: SensorClock) -> None:
        """From the first sample on, stamp by a clock that synchronised sensors have in common."""
        self._timing.share(clock)

    @property
    def shares_clock(self) -> bool:
        """It does so still: a sensor that rebooted has left."""
        return self._timing.shared

    def link_lost(self) -> None:
        """The link is down: nothing that waits can be completed any more."""
        self._settle()
        self._ready += self._reorder.release(np.inf)
        self._reorder.link_lost()
        self._recent.clear()
        self._pings.clear()

    def link_back(self, away_s: float) -> None:
        """The link is up again, after so long."""
        self.decoder.reconnected(away_s)
        self._timing.reconnected()

    def _strictly_increasing(self, samples: ImuSamples) -> ImuSamples | None:
        """Leave out, and count, what the clock put before what was handed on already."""
        latest = np.maximum.accumulate(np.concatenate(([self._last_time_s], samples.time_s)))
        good = samples.time_s > latest[:-1]
        if not good.all():
            self._reorder.count.late += int(np.count_nonzero(~good))
            samples = ImuSamples(
                samples.placement,
                samples.time_s[good],
                samples.acc_m_s2[good],
                samples.gyr_rad_s[good],
            )
        if not len(samples):
            return None
        self._last_time_s = float(samples.time_s[-1])
        return samples
