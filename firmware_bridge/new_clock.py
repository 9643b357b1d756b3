"""The first packets of a sensor's clock, until it is known where that clock begins.

What is stamped stays stamped, so that a clock that begins late by the delay of its first
packets puts all of them at a wrong time and is slewed back for seconds. Arrivals say how
late it can begin, answers to pings how early: where both meet, the beginning is known.
"""

from __future__ import annotations

from math import inf

from firmware_bridge.devices.base import DecodedSamples, SyncEcho

Arrived = tuple[float, DecodedSamples]
"""Arrival on the session clock, and what the packet held."""

_LEAST_S = 0.5
"""Some packets come undelayed within that."""
_LONGEST_S = 4.0
"""A computer that was too busy for longer is not waited for."""
_KNOWN_S = 0.03
"""A connection interval there and one back is usual, and nothing is wrong with it."""


class NewClock:
    """Packets of a clock that began anew, and what is known of its beginning.

    Parameters
    ----------
    can_ping : bool
        The sensor answers pings. Without them half a second has to do.

    Attributes
    ----------
    packets : list of Arrived
        In order of arrival.
    echoes : list of (float, SyncEcho, float)
        Answers to pings, with the times when they were sent and came back.
    """

    def __init__(self, *, can_ping: bool) -> None:
        self.packets: list[Arrived] = []
        self.echoes: list[tuple[float, SyncEcho, float]] = []
        self._can_ping = can_ping
        self._at_latest_s = inf
        self._at_earliest_s = -inf

    def add(self, arrival_s: float, decoded: DecodedSamples) -> None:
        """Take a packet that arrived."""
        self.packets.append((arrival_s, decoded))
        if decoded.device_time_us is not None:
            newest_s = 1e-6 * int(decoded.device_time_us[-1])
            self._at_latest_s = min(self._at_latest_s, arrival_s - newest_s)

    def add_echo(self, sent_s: float, echo: SyncEcho, received_s: float) -> None:
        """Take the answer to a ping: the sensor cannot have heard it before it was sent."""
        self.echoes.append((sent_s, echo, received_s))
        if sent_s <= received_s:
            self._at_earliest_s = max(self._at_earliest_s, sent_s - 1e-6 * echo.device_time_us)

    def is_known(self, now_s: float) -> bool:
        """Whether the packets need not wait any longer at `now_s` on the session clock."""
        waited_s = now_s - self.packets[0][0]
        if waited_s < _LEAST_S:
            return False
        if not self._can_ping or waited_s >= _LONGEST_S:
            return True
        return self._at_latest_s - self._at_earliest_s <= _KNOWN_S
