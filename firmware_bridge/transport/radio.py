"""A Bluetooth LE link as far as packets notice it: when they arrive, and whether.

Notifications wait for the next connection event; an event can fail, and what it should
have carried then waits for the following one; during a stall nothing gets through, and
what waited comes as a burst. (Measured distribution and rates: worst pair of arrival
times 11 ms apart at an interval of 15 ms.) A real link never loses a packet while it
holds; the stacks at its ends do, and so does this one, on request and exactly counted.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from firmware_bridge.devices.peripherals.base import Notification


@dataclass(slots=True)
class RadioConditions:
    """How good a link is. May be changed while it is up.

    Attributes
    ----------
    interval_s : float
        Connection interval; 0 delivers at once.
    event_failure : float
        Probability that a connection event fails and its packets wait.
    loss : float
        Probability that a packet vanishes.
    duplicate : float
        Probability that a packet is delivered twice.
    latency_s : float
        What the host's own stack adds at least; a random part of the same mean comes on top.
    """

    interval_s: float = 0.015
    event_failure: float = 0.02
    loss: float = 0.0
    duplicate: float = 0.0
    latency_s: float = 0.001


class Radio:
    """One link. Times are seconds of one clock of the caller's choosing."""

    def __init__(self, conditions: RadioConditions | None = None, *, seed: int = 0) -> None:
        self.conditions = conditions or RadioConditions()
        self.lost: list[Notification] = []
        """All packets that this link swallowed, in order."""
        self.duplicated = 0
        self._rng = np.random.default_rng(seed)
        self._phase = float(self._rng.random())
        self._air: deque[tuple[float, Notification]] = deque()
        self._last_arrival_s = -inf
        self._stall = (inf, -inf)
        self._reorder_burst = False

    def stall(self, from_s: float, to_s: float, *, reorder: bool = False) -> None:
        """Let nothing through in ``[from_s, to_s)``.

        With `reorder` the burst that follows is delivered with its packets swapped in
        pairs, as some stacks do.
        """
        self._stall = (from_s, to_s)
        self._reorder_burst = reorder

    def send(self, time_s: float, notification: Notification) -> None:
        """The sensor hands over a packet."""
        c = self.conditions
        if c.loss and self._rng.random() < c.loss:
            self.lost.append(notification)
            return
        arrival_s = self._arrival_s(time_s)
        copies = 1
        if c.duplicate and self._rng.random() < c.duplicate:
            self.duplicated += 1
            copies = 2
        self._air.extend([(arrival_s, notification)] * copies)

    def arrivals(self, until_s: float) -> list[tuple[float, Notification]]:
        """Take what arrives up to `until_s`, in order of arrival."""
        due: list[tuple[float, Notification]] = []
        while self._air and self._air[0][0] <= until_s:
            due.append(self._air.popleft())
        if self._reorder_burst and due:
            due = self._swapped_after_stall(due)
        return due

    @property
    def next_arrival_s(self) -> float:
        """When the next packet in the air arrives; inf if there is none."""
        try:
            return self._air[0][0]
        except IndexError:
            return inf

    def cut(self) -> None:
        """The link ends: what was on its way is lost."""
        self.lost.extend(notification for _, notification in self._air)
        self._air.clear()

    def _arrival_s(self, time_s: float) -> float:
        c = self.conditions
        event_s = time_s
        if c.interval_s > 0:
            k = ceil(time_s / c.interval_s - self._phase)
            while c.event_failure and self._rng.random() < c.event_failure:
                k += 1
            event_s = (k + self._phase) * c.interval_s
        start, end = self._stall
        if start <= event_s < end:
            event_s = end
        if c.latency_s:
            event_s += c.latency_s + float(self._rng.exponential(c.latency_s))
        self._last_arrival_s = max(event_s, self._last_arrival_s)
        return self._last_arrival_s

    def _swapped_after_stall(
        self, due: list[tuple[float, Notification]]
    ) -> list[tuple[float, Notification]]:
        end = self._stall[1]
        burst = [i for i, (arrival_s, _) in enumerate(due) if end <= arrival_s < end + 0.02]
        for a, b in zip(burst[::2], burst[1::2], strict=False):
            (time_a, packet_a), (time_b, packet_b) = due[a], due[b]
            due[a], due[b] = (time_a, packet_b), (time_b, packet_a)
        if due[-1][0] >= end + 0.02:
            self._reorder_burst = False
        return due
