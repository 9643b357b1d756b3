"""A cue, and whoever passes it on to a person: sound, a vibrating device, a test."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from recordings.placement import Side


class CueKind(StrEnum):
    STEP = "step"
    """A foot has touched the ground."""
    BEAT = "beat"
    """The metronome."""
    TARGET = "target"
    """A stride of this leg has missed the goal."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to be felt or heard.

    Attributes
    ----------
    kind : CueKind
    side : Side or None
        The leg that it is about; None for a beat.
    time_s : float
        Session time of what it tells of.
    in_s : float
        How long from now until it is due; 0 is at once.
    """

    kind: CueKind
    side: Side | None
    time_s: float
    in_s: float = 0.0


class CueSink(Protocol):
    """Gives cues to a person.

    `give` is called on the thread that analyses the walk: it returns at once and does not
    raise. A device that vibrates is one more class with these three names.
    """

    @property
    def latency_s(self) -> float:
        """From `give` until the person feels it, as far as is known."""
        ...

    def give(self, cue: Cue) -> None: ...

    def close(self) -> None: ...


class NullSink:
    """Gives nothing: for the wearer's screen alone."""

    latency_s = 0.0

    def give(self, cue: Cue) -> None:
        pass

    def close(self) -> None:
        pass


class RecordingSink:
    """Remembers the last cues.

    Parameters
    ----------
    kept : int
    """

    latency_s = 0.0

    def __init__(self, kept: int = 1000) -> None:
        self.cues: deque[Cue] = deque(maxlen=kept)
        self.closed = False

    def give(self, cue: Cue) -> None:
        self.cues.append(cue)

    def close(self) -> None:
        self.closed = True
