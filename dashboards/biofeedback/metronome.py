"""Beats at the walker's own pace, or a little off it."""

from __future__ import annotations

from collections.abc import Iterable

from dashboards.biofeedback.cues import Cue, CueKind
from dashboards.biofeedback.rhythm import Rhythm
from pipeline.gait import GaitEvent

_STEPS = 12
"""The pace is the mean of so many steps, measured once: beats that follow a walker who
follows the beats would wander off together."""
_AHEAD_S = 0.15
"""Beats are given so early that the sink can place each one exactly."""
_STANDS_AFTER_S = 3.0


class Metronome:
    """Gives beats while somebody walks; measures anew after every pause.

    Parameters
    ----------
    pace : float
        Of the measured cadence: 1.05 is five per cent faster.
    """

    def __init__(self, pace: float = 1.0) -> None:
        self._pace = pace
        self._rhythm = Rhythm()
        self._last_contact_s: float | None = None
        self._beat_s: float | None = None
        self.interval_s: float | None = None
        """Time between two beats; None while the pace is being measured."""

    def process(self, now_s: float, contacts: Iterable[GaitEvent]) -> list[Cue]:
        """Take what is new; the beats that are due in a moment."""
        for contact in sorted(contacts):
            if self._rhythm.take(contact):
                self._last_contact_s = contact.time_s
        if self._last_contact_s is None or now_s - self._last_contact_s > _STANDS_AFTER_S:
            self._beat_s = self.interval_s = None
            return []
        if self.interval_s is None:
            step_s = self._rhythm.step_time_s(_STEPS)
            if step_s is None:
                return []
            self.interval_s = step_s / self._pace
            self._beat_s = self._last_contact_s
        assert self._beat_s is not None
        beats: list[Cue] = []
        while self._beat_s + self.interval_s <= now_s + _AHEAD_S:
            self._beat_s += self.interval_s
            # What is over already is left out, not caught up with.
            if self._beat_s >= now_s:
                beats.append(Cue(CueKind.BEAT, None, self._beat_s, self._beat_s - now_s))
        return beats
