"""Sensors of one kind that agree on one clock among themselves before they start.

All or none: if one of them fails, each starts with its own clock, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from firmware_bridge.clock import SensorClock
from firmware_bridge.sensor_stream import SensorStream
from recordings.errors import SensorError


class SyncGroup:
    """Who takes part, and how far they are.

    Parameters
    ----------
    addresses : sequence of str
        Two at least. The first one's clock is the one that all follow.

    Attributes
    ----------
    addresses : tuple of str
    root_address : str
    clock : SensorClock
        Shared by all of them if they succeed.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = tuple(addresses)
        self.root_address = addresses[0]
        self.clock = SensorClock()
        self._waiting_to_begin = set(addresses)
        self._pending = set(addresses)
        self._failures: dict[str, str] = {}

    def takes_part(self, address: str) -> bool:
        """Whether that one has not ended yet."""
        return address in self._pending

    def begun(self, address: str) -> None:
        """That one was told to synchronise."""
        self._waiting_to_begin.discard(address)

    def ended(self, address: str, failure: str) -> None:
        """How it ended for one of them; `failure` is empty if well."""
        if address in self._pending:
            self._pending.discard(address)
            self._waiting_to_begin.discard(address)
            if failure:
                self._failures[address] = failure

    @property
    def all_begun(self) -> bool:
        """All were told, those that failed already apart: links may be given up now."""
        return not self._waiting_to_begin

    @property
    def done(self) -> bool:
        return not self._pending

    @property
    def succeeded(self) -> bool:
        return self.done and not self._failures

    def failure_of(self, address: str) -> str:
        """Why there is no common clock, as far as that one is concerned."""
        return self._failures.get(address, "another sensor failed")


class SyncMember:
    """One sensor's part in it.

    Parameters
    ----------
    address : str

    Attributes
    ----------
    group : SyncGroup or None
        None before it is asked to take part.
    problem : SensorError or None
        Why it has no common clock, although that was asked for.
    """

    def __init__(self, address: str) -> None:
        self.group: SyncGroup | None = None
        self.problem: SensorError | None = None
        self._address = address

    @property
    def under_way(self) -> bool:
        return self.group is not None and self.group.takes_part(self._address)

    def ended(self, failure: str) -> None:
        """It ended for this sensor; `failure` is empty if well. Later endings say nothing."""
        if self.group is not None:
            self.group.ended(self._address, failure)

    def conclude(self, stream: SensorStream, name: str) -> None:
        """It ended for all: share the clock, or know why not."""
        assert self.group is not None
        if self.group.succeeded:
            stream.share_clock(self.group.clock)
            return
        self.problem = SensorError(
            f"The sensor of the {name} shares no clock with the others: "
            f"{self.group.failure_of(self._address)}.",
            hint="The walk is recorded with a clock fitted to each sensor. To try again, hold "
            "the sensors together and record anew.",
            reason="sync_failed",
        )
