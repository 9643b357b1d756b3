"""Which foot stands when: from contacts to spans."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from pipeline.gait import GaitEvent, GaitEventKind
from recordings.placement import Side

LONGEST_STANCE_S = 1.5
"""A foot that touched down and was not seen to leave is drawn for so long at most.

That it left is known a quarter of a second later: until then it is drawn for as long as it
stood the time before.
"""


class StanceTrack:
    """Contacts in time order, and the stance phases between them.

    Parameters
    ----------
    kept_s : float or None
        Contacts older than this before the newest are forgotten; None keeps all.
    """

    def __init__(self, kept_s: float | None = None) -> None:
        self._kept_s = kept_s
        self._contacts: dict[Side, list[GaitEvent]] = {side: [] for side in Side}

    def take(self, contacts: Iterable[GaitEvent]) -> None:
        for contact in contacts:
            if contact.side is None:
                continue
            of_side = self._contacts[contact.side]
            if not of_side or of_side[-1] <= contact:
                of_side.append(contact)
            else:
                insort(of_side, contact)
        if self._kept_s is not None:
            for of_side in self._contacts.values():
                if of_side:
                    oldest = of_side[-1].time_s - self._kept_s
                    del of_side[: bisect_left(of_side, oldest, key=_time)]

    def spans(self, side: Side, start_s: float, end_s: float) -> list[tuple[float, float]]:
        """Stance phases of a foot that touch ``[start_s, end_s)``, cut to it."""
        contacts = self._contacts[side]
        first = max(0, bisect_left(contacts, start_s - LONGEST_STANCE_S, key=_time))
        spans: list[tuple[float, float]] = []
        for i in range(first, len(contacts)):
            contact = contacts[i]
            if contact.time_s >= end_s:
                break
            if contact.kind is not GaitEventKind.INITIAL_CONTACT:
                continue
            off_s = contact.time_s + LONGEST_STANCE_S
            if i + 1 < len(contacts):
                off_s = min(off_s, contacts[i + 1].time_s)
            else:
                off_s = contact.time_s + _usual_stance_s(contacts)
            low, high = max(contact.time_s, start_s), min(off_s, end_s)
            if high > low:
                spans.append((low, high))
        return spans

    def stands(self, side: Side, time_s: float) -> bool:
        """Whether a foot is on the ground at a time."""
        return bool(self.spans(side, time_s, time_s + 1e-6))


def _usual_stance_s(contacts: Sequence[GaitEvent]) -> float:
    """How long a foot stood the last time that it was seen to leave."""
    for down, off in zip(contacts[-2::-1], contacts[:0:-1], strict=True):
        if down.kind is GaitEventKind.INITIAL_CONTACT and off.kind is GaitEventKind.FINAL_CONTACT:
            return min(off.time_s - down.time_s, LONGEST_STANCE_S)
    return LONGEST_STANCE_S


def _time(contact: GaitEvent) -> float:
    return contact.time_s
