"""A session: the samples of all sensors of one wearing, and what is known about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from recordings.errors import InputError
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement
from recordings.samples import ImuSamples, concatenate, no_samples


class SampleSource(Protocol):
    """Where the samples of one sensor come from: a file, or memory."""

    @property
    def placement(self) -> Placement: ...

    def read(self) -> Iterator[ImuSamples]:
        """Yield all samples in time order, in stretches of the source's choosing.

        Each call starts again from the first sample. Memory does not grow with the
        length of the recording where the source is a file.
        """
        ...

    @property
    def read_remarks(self) -> tuple[Remark, ...]:
        """What the last complete pass of `read` noticed; empty before the first."""
        ...


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader noticed and the user should know.

    Attributes
    ----------
    reason : str
        Machine-readable code, ``snake_case``.
    text : str
        One sentence for people: what was found, where, and what was done about it.
    placement : Placement or None
        The sensor concerned, if it is one.
    """

    reason: str
    text: str
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class InMemorySource:
    """Samples of one sensor that are already in memory."""

    samples: ImuSamples
    read_remarks: tuple[Remark, ...] = ()

    @property
    def placement(self) -> Placement:
        return self.samples.placement

    def read(self) -> Iterator[ImuSamples]:
        yield self.samples


MAX_PAUSE_S = 24 * 3600.0
"""Nobody wears sensors on after that; two clocks, or a wrong time stamp, part them by years."""


@dataclass(frozen=True, slots=True)
class Session:
    """All that was recorded while the sensors were worn once.

    Attributes
    ----------
    name : str
        Short name for people (the folder's or file's name).
    sources : mapping of Placement to SampleSource
        One stream a sensor, on one session clock.
    metadata : SessionMetadata
    events : tuple of SessionEvent
        In time order.
    remarks : tuple of Remark
        What the reader noticed while opening; reading the samples may add more, see
        `all_remarks`.
    """

    name: str
    sources: Mapping[Placement, SampleSource]
    metadata: SessionMetadata = field(default_factory=SessionMetadata)
    events: tuple[SessionEvent, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def placements(self) -> tuple[Placement, ...]:
        """The placements that were worn, in canonical order."""
        return tuple(p for p in Placement if p in self.sources)

    def all_remarks(self) -> tuple[Remark, ...]:
        """What was noticed while opening and in the last complete pass over each source.

        Oddities within a file are only found by reading it: ask after reading.
        """
        found = (self.sources[p].read_remarks for p in self.placements)
        return self.remarks + tuple(remark for remarks in found for remark in remarks)

    def samples(self, placement: Placement) -> ImuSamples:
        """All samples of one sensor, loaded into memory; none is a valid number of them."""
        parts = list(self.sources[placement].read())
        return concatenate(parts) if parts else no_samples(placement)

    def chunks(self, duration_s: float = 60.0) -> Iterator[dict[Placement, ImuSamples]]:
        """Walk through the session in time order with bounded memory.

        Parameters
        ----------
        duration_s : float
            Length of a chunk in session time.

        Yields
        ------
        dict of Placement to ImuSamples
            The samples of one half-open stretch ``[start, start + duration_s)`` of
            session time; sensors with no sample in it are absent. Stretches in which no
            sensor has a sample are skipped.

        Raises
        ------
        InputError
            If no sensor has a sample for longer than `MAX_PAUSE_S`.
        """
        cursors = {p: _Cursor(source) for p, source in self.sources.items()}
        end_s = np.inf
        while True:
            nexts = {p: t for p, c in cursors.items() if (t := c.next_time_s()) is not None}
            if not nexts:
                return
            first = min(nexts, key=lambda p: nexts[p])
            if nexts[first] - end_s > MAX_PAUSE_S:
                raise InputError(
                    f"{self.name}: no sensor has a sample between {end_s:.0f} s and "
                    f"{nexts[first]:.0f} s, where the {first.label} goes on.",
                    hint="Give all sensors the times of one clock, or make what comes later a "
                    "session of its own.",
                    reason="sensors_apart",
                )
            end_s = _end_of_stretch(nexts[first], duration_s)
            chunk = {p: part for p, c in cursors.items() if (part := c.take_until(end_s))}
            yield {p: part for p, part in chunk.items() if len(part)}


def _end_of_stretch(time_s: float, duration_s: float) -> float:
    """First multiple of the duration after a time.

    2.15 / 0.05 is a hair under 43, yet 43 · 0.05 is 2.15 exactly: without the second look
    the stretch would be empty, and the walk through the session would not move on.
    """
    number = np.floor(time_s / duration_s) + 1.0
    end_s = number * duration_s
    return float(end_s if end_s > time_s else (number + 1.0) * duration_s)


class _Cursor:
    """A position in one sample source."""

    def __init__(self, source: SampleSource) -> None:
        self._parts = source.read()
        self._head: ImuSamples | None = None

    def next_time_s(self) -> float | None:
        while self._head is None or not len(self._head):
            self._head = next(self._parts, None)
            if self._head is None:
                return None
        return float(self._head.time_s[0])

    def take_until(self, end_s: float) -> ImuSamples | None:
        taken: list[ImuSamples] = []
        while (start := self.next_time_s()) is not None and start < end_s:
            head = self._head
            assert head is not None
            cut = int(np.searchsorted(head.time_s, end_s, side="left"))
            taken.append(head[:cut])
            self._head = head[cut:]
        return concatenate(taken) if taken else None
