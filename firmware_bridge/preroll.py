"""What came before Record was pressed, as far as a recording needs it.

A recording must hold its calibration, whenever Record is pressed. Two stretches are kept
in memory: the last `recent_s` of everything, and `calibration_s` from the begin of the last
calibration on, however long ago that was. With five sensors at 104 Hz this is bounded at
about 40 MB. What lies between the two stretches is not recorded; a marker says so.
"""

from __future__ import annotations

from collections import deque

from firmware_bridge.status import BridgeUpdate
from recordings.events import EventKind, SessionEvent

_LEAD_S = 5.0
"""Kept before the begin of the calibration: the sensors at rest."""
_NOTEWORTHY_HOLE_S = 1.0


class Preroll:
    """Keeps updates until somebody records, or until they are too old to matter.

    Parameters
    ----------
    recent_s, calibration_s : float
    """

    def __init__(self, *, recent_s: float = 600.0, calibration_s: float = 180.0) -> None:
        self._recent_s = recent_s
        self._calibration_s = calibration_s
        self._updates: deque[tuple[float, BridgeUpdate]] = deque()
        self._calibration: list[tuple[float, BridgeUpdate]] = []
        self._calibration_begin_s: float | None = None

    def keep(self, update: BridgeUpdate) -> None:
        """Take an update, and let go of what is too old."""
        for event in update.events:
            if _begins_calibration(event):
                self._calibration_begin_s = event.time_s
                self._calibration = []
        self._updates.append((update.time_s, update))
        oldest_s = update.time_s - self._recent_s
        while self._updates and self._updates[0][0] < oldest_s:
            self._let_go(*self._updates.popleft())

    def snapshot(self) -> list[BridgeUpdate]:
        """All that is kept, in order."""
        kept = [update for _, update in self._calibration]
        recent = [update for _, update in self._updates]
        if kept and recent:
            begin_s, end_s = kept[-1].time_s, recent[0].time_s
            if end_s - begin_s > _NOTEWORTHY_HOLE_S:
                text = f"not recorded from {begin_s:.1f} s to {end_s:.1f} s"
                event = SessionEvent(begin_s, EventKind.MARKER, text)
                kept.append(BridgeUpdate(begin_s, events=(event,)))
        return kept + recent

    def forget_recent(self) -> None:
        """What was recorded needs not be recorded again, except its calibration."""
        while self._updates:
            self._let_go(*self._updates.popleft())

    def _let_go(self, time_s: float, update: BridgeUpdate) -> None:
        begin_s = self._calibration_begin_s
        if begin_s is None:
            return
        if begin_s - _LEAD_S <= time_s < begin_s + self._calibration_s:
            self._calibration.append((time_s, update))


def _begins_calibration(event: SessionEvent) -> bool:
    return event.kind in (EventKind.CALIBRATION_POSE_START, EventKind.RECALIBRATION)
