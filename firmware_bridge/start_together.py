"""Sensors start at one moment, synchronised before if that is wanted."""

from __future__ import annotations

from collections.abc import Mapping

from firmware_bridge.sensor_link import SensorLink
from firmware_bridge.sync_group import SyncGroup


class StartTogether:
    """Waits until all sensors are ready, or most and long enough.

    Parameters
    ----------
    links : mapping of address to SensorLink
        Those of the bridge; may grow and shrink.
    patience_s : float
        How long sensors that are ready wait for the others.
    hardware_sync : bool
        Let those that can agree on one clock by their own radio do so first.

    Attributes
    ----------
    started : bool
        Who comes later starts at once.
    """

    def __init__(
        self, links: Mapping[str, SensorLink], patience_s: float, *, hardware_sync: bool
    ) -> None:
        self.started = False
        self._links = links
        self._patience_s = patience_s
        self._hardware_sync = hardware_sync
        self._sync: SyncGroup | None = None
        self._first_ready_s: float | None = None

    def step(self, now_s: float) -> None:
        """Start them if it is time; `now_s` is on the session clock."""
        if self.started or not self._links:
            return
        if self._sync is not None:
            if self._sync.done:
                self._conclude(self._sync)
                self._start()
            return
        ready = [link.ready for link in self._links.values()]
        if not any(ready):
            self._first_ready_s = None
            return
        self._first_ready_s = self._first_ready_s or now_s
        if all(ready) or now_s - self._first_ready_s > self._patience_s:
            self._sync = self._begun_sync() if self._hardware_sync else None
            if self._sync is None:
                self._start()

    def _start(self) -> None:
        self.started = True
        for link in self._links.values():
            link.may_start = True

    def _begun_sync(self) -> SyncGroup | None:
        """All sensors of the first kind that can; None if there are no two of it."""
        able = [link for link in self._links.values() if link.ready and link.family.sync]
        members = [link for link in able if link.family is able[0].family]
        if len(members) < 2:
            return None
        group = SyncGroup([link.address for link in members])
        for link in members:
            link.sync.group = group
        return group

    def _conclude(self, group: SyncGroup) -> None:
        for address in group.addresses:
            if (link := self._links.get(address)) is not None:
                link.sync.conclude(link.stream, link.placement.label if link.placement else address)
