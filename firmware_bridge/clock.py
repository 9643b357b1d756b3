"""A sensor's own clock, mapped to the session clock while the packets come in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from firmware_bridge.clock_envelope import drift
from recordings.metadata import ClockFit, TimingQuality

FloatArray = NDArray[np.float64]

_BIN_US = 2_000_000
_FIT_EVERY_US = 1_000_000
_SETTLE_S = 2.0
_LONGEST_SETTLE_S = 3.0
_FASTEST_SLEW = 0.2
_KEPT_BEHIND_US = 60e6
"""How late a packet may come and still find the map that its neighbours had."""
_LEAST_PINGS = 10
_EDGE_GAP_S = 0.002
"""Least delay of a ping to the sensor plus least delay of a packet back, typical."""
_PING_BIN_S = 5.0
_OFFSET_QUANTILE = 0.1
_GOOD_RESIDUAL_S = 0.005
_GOOD_AFTER_BINS = 5


@dataclass(frozen=True, slots=True)
class ClockReport:
    """What is known of a sensor's clock now.

    Attributes
    ----------
    fit : ClockFit
        ``session_s = device_s · (1 + drift_ppm · 1e-6) + offset_s`` of the running segment;
        `residual_ms` is the 95th percentile of the distance between the 2 s minima of
        arrival and that line.
    quality : {"good", "low", "unknown"}
        Unknown for the first seconds of a segment.
    segments : int
        1, and one more for each restart of the sensor's clock.
    """

    fit: ClockFit
    quality: TimingQuality
    segments: int


class SensorClock:
    """Streaming one-way clock fit.

    Minima of (arrival − device time) over 2 s, a robust slope through those of the last
    two minutes, clipped to what a crystal can do; the offset at their lower edge. The map
    that stamps samples follows that fit by slewing: it never steps, never runs backwards,
    and a device time that was stamped once maps to the same session time ever after.

    Parameters
    ----------
    max_drift_ppm : float
        Largest credible drift.
    window_s : float
        Length of the memory.
    slew : float
        Usual fastest correction, s per s: 5e-3 is 0.05 ms from one sample to the next at
        100 Hz.

    Notes
    -----
    The least delay of the link, 1 to 2 ms, stays in the offset; it cannot be seen without
    an outer reference and is common to like sensors.
    """

    def __init__(
        self, *, max_drift_ppm: float = 200.0, window_s: float = 120.0, slew: float = 5e-3
    ) -> None:
        self._limit = max_drift_ppm * 1e-6
        self._slew = slew
        self._bins_kept = max(int(window_s * 1e6 / _BIN_US), 3)
        self._window_us = window_s * 1e6
        self._segments = 0
        self._latest_session_s = -inf
        self._drift = 0.0
        self._begin_segment()

    def _begin_segment(self) -> None:
        self._segments += 1
        self._bins: deque[tuple[float, float]] = deque(maxlen=self._bins_kept)
        self._bin = -1
        self._bin_best = (0.0, inf)
        self._pings: deque[tuple[float, float]] = deque()
        self._origin_us: int | None = None
        self._next_fit_us = 0
        self._newest_us = -inf
        # The fitted line: session_s = _offset_s + x_us · 1e-6 · (1 + _drift), with device
        # time x_us counted from _origin_us.
        self._offset_s = 0.0
        self._usual_drift = self._drift  # the crystal is the same after a restart
        self._residual_s: float | None = None
        # The map: knots, and the slope of the fit behind the last of them.
        self._knot_x: list[float] = []
        self._knot_y: list[float] = []

    def feed(self, arrival_s: float, device_time_us: int) -> None:
        """Take the arrival of a packet.

        Parameters
        ----------
        arrival_s : float
            Host time in the notify callback, on the session clock.
        device_time_us : int
            Unwrapped device time of the packet's newest sample.
        """
        if self._origin_us is None:
            self._anchor(arrival_s, device_time_us)
        assert self._origin_us is not None
        x_us = float(device_time_us - self._origin_us)
        delay = arrival_s - x_us * 1e-6
        index = int(x_us // _BIN_US)
        if index > self._bin:
            self._close_bin()
            self._bin = index
            self._bin_best = (x_us, delay)
        elif delay < self._bin_best[1]:
            self._bin_best = (x_us, delay)
        self._newest_us = max(self._newest_us, x_us)
        if x_us >= self._next_fit_us:
            self._fit()

    def feed_ping(self, sent_s: float, device_time_us: int, received_s: float) -> None:
        """Take the answer to a ping: the sensor's clock when the ping reached it.

        Parameters
        ----------
        sent_s, received_s : float
            Host time before the write and in the notify callback of its answer. An answer
            that came before its question is disregarded.
        device_time_us : int
            Unwrapped.
        """
        if self._origin_us is None or received_s < sent_s:
            return
        x_us = float(device_time_us - self._origin_us)
        self._pings.append((x_us, sent_s - x_us * 1e-6))
        while self._pings[0][0] < x_us - self._window_us:
            self._pings.popleft()

    def to_session_s(self, device_time_us: ArrayLike) -> FloatArray:
        """Session time of samples; final for every device time it was asked for.

        Parameters
        ----------
        device_time_us : array_like of int, shape (n,)
            Unwrapped.

        Raises
        ------
        ValueError
            Before the first packet of the segment was fed.
        """
        if self._origin_us is None:
            raise ValueError("no packet was fed to this clock yet")
        x_us = np.asarray(device_time_us, dtype=np.int64) - self._origin_us
        session_s = self._map(x_us.astype(np.float64))
        if session_s.size:
            self._newest_us = max(self._newest_us, float(x_us.max()))
            self._latest_session_s = max(self._latest_session_s, float(session_s.max()))
        return session_s

    def restart(self) -> None:
        """The sensor's clock began anew: fit it as another clock of the same crystal."""
        self._begin_segment()

    def report(self) -> ClockReport:
        """Offset, drift and how well they are known."""
        origin_s = (self._origin_us or 0) * 1e-6
        residual = self._residual_s
        quality: TimingQuality = "unknown"
        if residual is not None and len(self._bins) >= _GOOD_AFTER_BINS:
            at_limit = abs(self._drift) >= self._limit
            quality = "low" if residual > _GOOD_RESIDUAL_S or at_limit else "good"
        return ClockReport(
            ClockFit(
                offset_s=self._offset_s - origin_s * (1.0 + self._drift),
                drift_ppm=self._drift * 1e6,
                residual_ms=None if residual is None else residual * 1e3,
            ),
            quality,
            self._segments,
        )

    def _anchor(self, arrival_s: float, device_time_us: int) -> None:
        self._origin_us = device_time_us
        # Samples of before a restart stay before those after it.
        self._offset_s = max(arrival_s, self._latest_session_s + 1e-3)
        self._knot_x, self._knot_y = [0.0], [self._offset_s]

    def _close_bin(self) -> None:
        if self._bin >= 0:
            self._bins.append(self._bin_best)

    def _fit(self) -> None:
        self._next_fit_us = self._newest_us + _FIT_EVERY_US
        while self._bins and self._bins[0][0] < self._newest_us - self._window_us:
            self._bins.popleft()
        x, y = np.array([*self._bins, self._bin_best]).T
        x = x * 1e-6
        complete = slice(0, len(self._bins))
        self._drift = drift(x[complete], y[complete], self._limit, self._usual_drift)
        self._offset_s = _lower_edge(y - self._drift * x)
        rest = y - self._drift * x - self._offset_s
        self._residual_s = float(np.quantile(np.abs(rest), 0.95))
        if len(self._pings) >= _LEAST_PINGS:
            self._fit_with_pings(x, y)
        self._steer()

    def _fit_with_pings(self, x: FloatArray, y: FloatArray) -> None:
        """Let pings correct the fit where arrivals meet the connection events in few phases.

        Arrivals bound the offset from above, pings from below. Where they leave more room
        than the least delays need, every arrival was late, by an amount that only drifts:
        then drift and offset are those of the pings.
        """
        px, py = np.array(self._pings).T
        px = px * 1e-6
        room = self._offset_s - float(np.max(py - self._drift * px))
        if room <= _EDGE_GAP_S:
            return
        bins = px // _PING_BIN_S
        starts = np.flatnonzero(np.diff(bins, prepend=-1.0))
        best = [int(part[np.argmax(py[part])]) for part in np.split(np.arange(len(px)), starts[1:])]
        self._drift = drift(px[best], py[best], self._limit, self._usual_drift)
        earliest = float(np.max(py - self._drift * px)) + _EDGE_GAP_S
        self._offset_s = min(_lower_edge(y - self._drift * x), earliest)

    def _steer(self) -> None:
        """Lead the map from where it is to the fitted line, gently."""
        here_x = self._newest_us
        here_y = float(self._map(np.array([here_x]))[0])
        error = self._line(here_x) - here_y
        # Only a first packet that came very late (it waited in a queue) makes an error that
        # would take long: that one is worked off faster, still without a step.
        settle = 1e6 * max(
            _SETTLE_S,
            min(abs(error) / self._slew, _LONGEST_SETTLE_S),
            abs(error) / _FASTEST_SLEW,
        )
        first = next(
            (i for i, x in enumerate(self._knot_x) if x >= here_x - _KEPT_BEHIND_US),
            len(self._knot_x) - 1,
        )
        kept = [(x, y) for x, y in zip(self._knot_x, self._knot_y, strict=True) if x < here_x][
            max(first - 1, 0) :
        ]
        kept += [(here_x, here_y), (here_x + settle, self._line(here_x + settle))]
        self._knot_x = [x for x, _ in kept]
        self._knot_y = [y for _, y in kept]

    def _line(self, x_us: float) -> float:
        return self._offset_s + x_us * 1e-6 * (1.0 + self._drift)

    def _map(self, x_us: FloatArray) -> FloatArray:
        xs, ys = self._knot_x, self._knot_y
        y = np.interp(x_us, xs, ys)
        slope = 1e-6 * (1.0 + self._drift)
        after = x_us > xs[-1]
        if after.any():
            y[after] = ys[-1] + (x_us[after] - xs[-1]) * slope
        before = x_us < xs[0]
        if before.any():
            y[before] = ys[0] + (x_us[before] - xs[0]) * slope
        return y


def _lower_edge(values: FloatArray) -> float:
    return float(np.quantile(values, _OFFSET_QUANTILE))
