"""What became known of a live walk: news that wait to be looked at, and the look itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.angles import AngleBlock
from pipeline.gait import GaitEvent, Stride
from recordings.events import SessionEvent
from recordings.samples import ImuSamples

if TYPE_CHECKING:
    from firmware_bridge.recorder import RecorderStatus
    from firmware_bridge.status import SensorStatus
    from pipeline.results import Results
    from recordings.errors import SensorError


@dataclass(frozen=True, slots=True)
class Look:
    """What is new since the last look, and how things stand.

    Attributes
    ----------
    time_s : float
        Now, on the session clock.
    samples : tuple of ImuSamples
        As they came, in time order within a placement.
    early_angles : tuple of AngleBlock
        Angles at once and again smoothed, some 50 ms after their time; the later block
        counts. Without the rotation of the pelvis.
    angles : tuple of AngleBlock
        The smoothed rows about two seconds later, with it.
    contacts : tuple of GaitEvent
    strides : tuple of Stride
        Final strides, with their curves.
    events : tuple of SessionEvent
        Markers, poses, dropouts.
    sensors : mapping of address to SensorStatus
    results : Results or None
        Provisional while the walk goes on; renewed at most once a second.
    recorder : RecorderStatus
    radio_problem : SensorError or None
    problem : str
        Why the analysis stopped, if it did; a recording goes on regardless.
    """

    time_s: float
    samples: tuple[ImuSamples, ...]
    early_angles: tuple[AngleBlock, ...]
    angles: tuple[AngleBlock, ...]
    contacts: tuple[GaitEvent, ...]
    strides: tuple[Stride, ...]
    events: tuple[SessionEvent, ...]
    sensors: Mapping[str, SensorStatus]
    results: Results | None
    recorder: RecorderStatus
    radio_problem: SensorError | None
    problem: str


@dataclass(slots=True)
class News:
    """What waits for the next look."""

    samples: deque[tuple[float, ImuSamples]] = field(default_factory=deque)
    early: deque[tuple[float, AngleBlock]] = field(default_factory=deque)
    angles: deque[tuple[float, AngleBlock]] = field(default_factory=deque)
    contacts: deque[tuple[float, GaitEvent]] = field(default_factory=deque)
    strides: deque[tuple[float, Stride]] = field(default_factory=deque)
    events: deque[tuple[float, SessionEvent]] = field(default_factory=deque)

    def queues(self) -> Iterable[deque]:
        return (self.samples, self.early, self.angles, self.contacts, self.strides, self.events)

    def forget_before(self, time_s: float) -> None:
        for queue in self.queues():
            while queue and queue[0][0] < time_s:
                queue.popleft()
