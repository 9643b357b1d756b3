"""A reminder to get up after a chosen time of sitting, from the same posture as `hipgait day`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboards.day_wording import already_up, get_up, learning_how_sensors_sit
from pipeline.day.results import Day, Posture, Stretch
from pipeline.day.summary import sitting_stretches
from pipeline.day.watch import DayWatch
from recordings.events import SessionEvent
from recordings.placement import Placement
from recordings.samples import ImuSamples

SHORTEST_MIN, LONGEST_MIN = 1.0, 240.0
"""What may be chosen; the articles ask for 30 to 60."""

AGAIN_MIN = 10.0
"""Who stays seated is asked again after so long."""

LOOK_EVERY_S = 10.0
JUST_NOW_S = 15.0
"""A sitting that ended longer ago than this is over; shorter, its end may not be settled yet."""


class SittingReminder:
    """Watches the day as it is lived, and says when it is time to get up.

    Parameters
    ----------
    placements : iterable of Placement
        The sensors that are worn.
    after_min : float
        Time of sitting after which to remind.

    Attributes
    ----------
    sitting_s : float
        How long the present sitting has lasted; 0 while up.
    """

    def __init__(self, placements: Iterable[Placement], after_min: float) -> None:
        if not SHORTEST_MIN <= after_min <= LONGEST_MIN:
            raise ValueError(f"{after_min} min is not between {SHORTEST_MIN} and {LONGEST_MIN}")
        self.sitting_s = 0.0
        self._after_s = 60.0 * after_min
        self._watch = DayWatch(placements)
        self._looked_s: float | None = None
        self._due_s = self._after_s

    def push(
        self, samples: Mapping[Placement, ImuSamples], events: Iterable[SessionEvent] = ()
    ) -> list[str]:
        """Take what arrived; return what to say now, most often nothing."""
        self._watch.push(samples, events)
        newest_s = max((float(s.time_s[-1]) for s in samples.values() if len(s)), default=None)
        if newest_s is None:
            return []
        if self._looked_s is None:
            self._looked_s = newest_s
            return [learning_how_sensors_sit(self._after_s)]
        if newest_s - self._looked_s < LOOK_EVERY_S:
            return []
        self._looked_s = newest_s
        return self._look(self._watch.snapshot())

    def _look(self, day: Day) -> list[str]:
        before_s, self.sitting_s = self.sitting_s, _present_sitting_s(day)
        if self.sitting_s >= self._due_s:
            self._due_s = self.sitting_s + 60.0 * AGAIN_MIN
            return [get_up(self.sitting_s)]
        if not self.sitting_s:
            reminded = self._due_s > self._after_s
            self._due_s = self._after_s
            if reminded and before_s:
                return [already_up(before_s)]
        return []


def _present_sitting_s(day: Day) -> float:
    """How long somebody has been sitting who sits now."""
    stretches = sitting_stretches(day.spans)
    last = stretches[-1] if stretches else Stretch(0.0, 0.0)
    since = [s for s in day.spans if s.start_s >= last.end_s]
    up = any(s.posture in (Posture.WALKING, Posture.LYING, Posture.NOT_WORN) for s in since)
    over_s = day.end_s - last.end_s
    return last.duration_s if stretches and not up and over_s < JUST_NOW_S else 0.0
