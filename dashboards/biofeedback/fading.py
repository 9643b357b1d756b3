"""Fewer cues as practice goes on, so that the walker learns to do without.

Feedback on every stride changes a movement fastest and is missed most when it stops.
Retraining studies therefore give all of it at first and take it away in the later sessions
(Davis and Futrell 2016, a review on running); how fast is a matter of choice, not of
evidence, so the wearer sets it.
"""

from __future__ import annotations

from dataclasses import dataclass

from recordings.placement import Side

LEAST_SHARE = 1.0 / 3.0
"""At the end every third cue is given."""


@dataclass(frozen=True, slots=True)
class Fading:
    """How the share of cues falls with practice.

    Attributes
    ----------
    over_s : float
        Practice over which it falls to `LEAST_SHARE`: all cues in the first half, then
        evenly fewer. 0 means that all cues are given, always.
    """

    over_s: float = 0.0

    def share(self, practised_s: float) -> float:
        """The share of cues that are given, 0–1."""
        if self.over_s <= 0:
            return 1.0
        gone = min(max(2.0 * practised_s / self.over_s - 1.0, 0.0), 1.0)
        return 1.0 - gone * (1.0 - LEAST_SHARE)


class Thinning:
    """Lets a share of the cues of each leg through, evenly spread and without chance."""

    def __init__(self) -> None:
        self._owed: dict[Side | None, float] = {}

    def passes(self, side: Side | None, share: float) -> bool:
        """Whether the next cue of a leg is given."""
        owed = self._owed.get(side, 0.0) + share
        given = owed > 1.0 - 1e-9
        self._owed[side] = owed - 1.0 if given else owed
        return given
