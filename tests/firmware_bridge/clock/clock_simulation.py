"""Sensors with drifting clocks behind radio links that delay, repeat and stall.

The figures of the link (waits for connection events, repeats, host latency, stalls) are
those measured through a real host stack. By hand, for the table of
docs: ``python tests/firmware_bridge/clock/clock_simulation.py``
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.clock import SensorClock
from firmware_bridge.clock_envelope import needs_pings
from firmware_bridge.devices.unwrap import Unwrapper

FloatArray = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Link:
    """One radio link."""

    interval_s: float = 0.015
    event_loss: float = 0.05
    host_stall_share: float = 0.005
    host_stall_s: float = 0.02
    outages_per_min: float = 1.0
    outage_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Stream:
    """Packets of one sensor.

    Attributes
    ----------
    true_s : ndarray, shape (n,)
        True instant of each packet's newest sample.
    reading_us : ndarray of int64, shape (n,)
        The sensor's clock at that instant, wrapped to 32 bits.
    arrival_s : ndarray, shape (n,)
    pings : ndarray, shape (m, 3)
        sent (s), clock reading (µs, wrapped), received (s).
    """

    true_s: FloatArray
    reading_us: NDArray[np.int64]
    arrival_s: FloatArray
    pings: FloatArray


def simulate(
    duration_s: float,
    rate_hz: float,
    per_packet: int,
    rng: np.random.Generator,
    link: Link | None = None,
    *,
    drift_ppm: float | None = None,
    ping_every_s: float | None = None,
) -> Stream:
    """One sensor: crystal within ±40 ppm, temperature drift, a clock about to wrap."""
    link = link or Link()
    skew = (rng.uniform(-40, 40) if drift_ppm is None else drift_ppm) * 1e-6
    bend = rng.uniform(-6, 6) * 1e-6 / 300.0
    start_us = 2**32 - int(rng.uniform(5e6, duration_s * 0.9e6))
    begin_s = rng.uniform(0.0, 0.1)
    device_s = np.arange(1, int(duration_s * rate_hz / per_packet) + 1) * per_packet / rate_hz
    true_s = begin_s + device_s * (1 - skew) - 0.5 * bend * device_s**2

    phase = rng.uniform(0, link.interval_s)
    arrival = _through(link, true_s + 0.0007, phase, rng)
    stalled = rng.random(len(arrival)) < link.host_stall_share
    arrival[stalled] += rng.exponential(link.host_stall_s, stalled.sum())
    arrival = np.maximum.accumulate(arrival)
    pings = np.empty((0, 3))
    if ping_every_s:
        gaps = rng.uniform(0.5, 1.5, int(duration_s / ping_every_s)) * ping_every_s
        sent = begin_s + 0.5 + np.cumsum(gaps)
        sent = sent[sent < true_s[-1] - 1]
        host = 0.0005 + rng.gamma(1.5, 0.0004, len(sent))
        event = (
            _next_event(link, sent + host, phase, rng) + 0.0003 + rng.gamma(1.2, 0.0001, len(sent))
        )
        reading = np.interp(event, true_s, device_s) * 1e6
        received = event + link.interval_s + 0.0006 + rng.gamma(1.5, 0.0006, len(sent))
        pings = np.column_stack((sent, (start_us + np.rint(reading)) % 2**32, received))
    reading_us = (start_us + np.rint(device_s * 1e6).astype(np.int64)) % 2**32
    return Stream(true_s, reading_us, arrival, pings)


def _next_event(
    link: Link, ready_s: FloatArray, phase: float, rng: np.random.Generator
) -> FloatArray:
    wait = np.ceil((ready_s - phase) / link.interval_s)
    repeats = rng.geometric(1 - link.event_loss, len(ready_s)) - 1
    return phase + (wait + repeats) * link.interval_s


def _through(link: Link, ready_s: FloatArray, phase: float, rng: np.random.Generator) -> FloatArray:
    """Arrival in the host's callback; nothing overtakes, outages end in a burst."""
    sent = _next_event(link, ready_s, phase, rng)
    minutes = (ready_s[-1] - ready_s[0]) / 60
    for begin in rng.uniform(ready_s[0], ready_s[-1], rng.poisson(link.outages_per_min * minutes)):
        held = (sent >= begin) & (sent < begin + link.outage_s)
        sent[held] = begin + link.outage_s
    sent = np.maximum.accumulate(sent)
    return sent + 0.0006 + rng.gamma(1.5, 0.0006, len(sent))


def errors_s(
    stream: Stream, clock: SensorClock, *, use_pings: bool = True
) -> tuple[FloatArray, FloatArray]:
    """Stamp a stream packet by packet; returns true times and (stamp − truth), s."""
    unwrap = Unwrapper(32)
    stamps = np.empty(len(stream.true_s))
    pings = list(stream.pings) if use_pings else []
    pings.reverse()
    for i, (arrival, reading) in enumerate(
        zip(stream.arrival_s.tolist(), stream.reading_us.tolist(), strict=True)
    ):
        time_us = unwrap(reading)
        clock.feed(arrival, time_us)
        while pings and pings[-1][2] <= arrival:
            sent, ping_us, received = pings.pop()
            clock.feed_ping(sent, unwrap.peek(int(ping_us)), received)
        stamps[i] = clock.to_session_s([time_us])[0]
    assert np.all(np.diff(stamps) > 0)
    return stream.true_s, stamps - stream.true_s


def worst_pair_ms(
    rate_hz: float,
    per_packet: int,
    *,
    seed: int,
    sensors: int = 5,
    duration_s: float = 300.0,
    link: Link | None = None,
    pings: bool | None = None,
    from_s: float = 0.0,
) -> FloatArray:
    """Largest difference of the time errors of any two sensors, each 0.1 s, in ms."""
    rng = np.random.default_rng(seed)
    link = link or Link()
    pings = needs_pings(rate_hz, (link.interval_s,)) if pings is None else pings
    grid = np.arange(max(from_s, 1.0), duration_s - 1.0, 0.1)
    rows = []
    for _ in range(sensors):
        stream = simulate(
            duration_s, rate_hz, per_packet, rng, link, ping_every_s=0.5 if pings else None
        )
        rows.append(np.interp(grid, *errors_s(stream, SensorClock())))
    return np.ptp(rows, axis=0) * 1e3


CASES = (
    (104.0, 4, 0.015),
    (119.0, 4, 0.015),
    (104.0, 1, 0.0075),
    (104.0, 8, 0.030),
    (100.0, 4, 0.015),
    (100.0, 4, 0.030),
    (60.0, 1, 0.015),
    (60.0, 1, 0.030),
)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    out = sys.stdout.write
    out("worst pair of 5 sensors, ms (median / p95) over 300 s\n")
    out(f"{'rate':>6}{'pack':>5}{'interval':>9}{'pings':>6}{'whole run':>18}{'after 30 s':>18}\n")
    for rate, pack, interval in CASES:
        choices = (False, True) if needs_pings(rate, (interval,)) else (False,)
        for pings in choices:
            every = [
                worst_pair_ms(rate, pack, seed=s, link=Link(interval), pings=pings)
                for s in range(runs)
            ]
            text = ""
            for part in (np.concatenate(every), np.concatenate([e[290:] for e in every])):
                low, high = np.percentile(part, (50, 95))
                text += f"{low:>10.2f} / {high:.2f}"
            out(f"{rate:>6g}{pack:>5}{interval * 1e3:>7g}ms{pings!s:>6}{text}\n")


if __name__ == "__main__":
    main()
