"""What is known of a person's earlier walks, as far as patterns use it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from pipeline.patterns.board import PatternBoard
from pipeline.patterns.terms import Level
from pipeline.results import Results
from recordings.placement import Side

BASELINE_WALKS = 3


@dataclass(frozen=True, slots=True)
class PastWalk:
    """One earlier walk.

    Attributes
    ----------
    day : str
        Any word that differs between days (an ISO date).
    levels : mapping of (pattern key, side) to Level
    values : mapping of (feature name, side or None) to float
        Means over steady strides.
    speed_m_s : float
        NaN if not known.
    """

    day: str
    levels: Mapping[tuple[str, Side], Level] = field(default_factory=dict)
    values: Mapping[tuple[str, Side | None], float] = field(default_factory=dict)
    speed_m_s: float = float("nan")

    @classmethod
    def of(cls, results: Results, board: PatternBoard, day: str) -> PastWalk:
        """What later walks need to know of this one; no pattern of a hidden board."""
        return cls(
            day=day,
            levels={(p.pattern, p.side): p.level for p in board.patterns},
            values={
                (row.feature, row.side): row.mean
                for row in results.features
                if math.isfinite(row.mean)
            },
            speed_m_s=results.summary.speed_m_s,
        )


@dataclass(frozen=True, slots=True)
class History:
    """Earlier walks of the same person, the oldest first.

    Attributes
    ----------
    walks : tuple of PastWalk
    day : str
        The day of the walk that is assessed; earlier walks of that day do not count as a
        repeat.
    """

    walks: tuple[PastWalk, ...] = ()
    day: str = ""

    def days_seen(self, pattern: str, side: Side, least: Level = Level.SLIGHT) -> int:
        """Other days on which a pattern reached a level on this side."""
        return len(
            {
                walk.day
                for walk in self.walks
                if walk.day != self.day
                and walk.levels.get((pattern, side), Level.NOT_JUDGED) >= least
            }
        )

    def baseline(self, feature: str, side: Side | None) -> float | None:
        """Median of the person's own walks; None with fewer than three."""
        values = [v for walk in self.walks if (v := walk.values.get((feature, side))) is not None]
        return median(values) if len(values) >= BASELINE_WALKS else None

    @property
    def usual_speed_m_s(self) -> float | None:
        speeds = [walk.speed_m_s for walk in self.walks if walk.speed_m_s > 0]
        return median(speeds) if len(speeds) >= BASELINE_WALKS else None
