"""Playing a recorded walk like a film: position, speed, pages and strides."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import inf

SPEEDS: tuple[float, ...] = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, inf)
"""Recorded seconds a second; the last one is as fast as it can be shown."""

MAX_SPEED_PAGE_SHARE = 0.5
"""At the highest speed a frame moves on by this share of a page."""
_EPS_S = 1e-3


class Playback:
    """Where one is in a recorded walk, and how it moves on.

    Parameters
    ----------
    duration_s : float
    page_s : float
        How much time the plots show at once. The page turns when the position leaves it:
        plots that stand still can be read, and cost little to draw.
    """

    def __init__(self, duration_s: float = 0.0, page_s: float = 10.0) -> None:
        self.duration_s = duration_s
        self.page_s = page_s
        self.position_s = 0.0
        self.speed = 1.0
        self.playing = False
        self._page_start_s = 0.0
        self._stops: Sequence[float] = ()

    @property
    def page(self) -> tuple[float, float]:
        """The time that the plots show, as ``(start_s, end_s)``."""
        return self._page_start_s, self._page_start_s + self.page_s

    @property
    def at_end(self) -> bool:
        return self.position_s >= self.duration_s - 1e-9

    def set_stops(self, times_s: Sequence[float]) -> None:
        """Times between which `step` goes: the beginnings of strides."""
        self._stops = sorted(times_s)

    def toggle(self) -> None:
        """Play or pause; at the end, play from the beginning."""
        if not self.playing and self.at_end:
            self.seek(0.0)
        self.playing = not self.playing

    def advance(self, elapsed_s: float) -> bool:
        """Let real time pass; returns whether anything moved."""
        if not self.playing:
            return False
        step_s = elapsed_s * self.speed
        if self.speed == inf:
            step_s = MAX_SPEED_PAGE_SHARE * self.page_s
        self.seek(self.position_s + step_s)
        if self.at_end:
            self.playing = False
        return True

    def seek(self, time_s: float) -> None:
        """Go to a time; the page turns if it must."""
        self.position_s = min(max(time_s, 0.0), self.duration_s)
        start_s, end_s = self.page
        if self.position_s < start_s:
            self._turn(max(0.0, self.position_s - 0.1 * self.page_s))
        elif self.position_s >= end_s:
            # A little of what was before stays in sight.
            self._turn(self.position_s - 0.1 * self.page_s)

    def show(self, start_s: float, end_s: float) -> None:
        """Go to a stretch, with the page around it."""
        middle_s = 0.5 * (start_s + end_s)
        self._turn(middle_s - 0.5 * self.page_s)
        self.position_s = min(max(start_s, 0.0), self.duration_s)

    def zoom(self, factor: float) -> None:
        """Show more (> 1) or less time at once, around the position."""
        start_s, _ = self.page
        share = (self.position_s - start_s) / self.page_s
        longest_s = max(2.0, self.duration_s)
        self.page_s = min(max(self.page_s * factor, 2.0), longest_s)
        self._turn(self.position_s - share * self.page_s)

    def step(self, direction: int) -> None:
        """Pause, and go to the next (+1) or the previous (−1) stride."""
        self.playing = False
        if direction > 0:
            i = bisect_right(self._stops, self.position_s + _EPS_S)
            target = self._stops[i] if i < len(self._stops) else self.position_s
        else:
            i = bisect_left(self._stops, self.position_s - _EPS_S)
            target = self._stops[i - 1] if i > 0 else self.position_s
        self.seek(target)

    def faster(self, direction: int) -> None:
        """The next higher (+1) or lower (−1) speed."""
        i = SPEEDS.index(self.speed) + direction
        self.speed = SPEEDS[min(max(i, 0), len(SPEEDS) - 1)]

    def _turn(self, start_s: float) -> None:
        latest_s = max(0.0, self.duration_s - self.page_s)
        self._page_start_s = min(max(start_s, 0.0), latest_s)


def clock_text(time_s: float) -> str:
    """``1:02:03.4`` or ``02:03.4``."""
    tenths = round(10 * max(0.0, time_s))
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02d}:{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{text}" if hours else text


def speed_text(speed: float) -> str:
    return "max" if speed == inf else f"{speed:g}×"
