"""What is kept of a walk: enough to compare it with others without its samples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.change import STRIDES_NEEDED, WalkValue
from pipeline.movement_tests.registry import TEST_FEATURES
from pipeline.results import FeatureStatistics, Verdict
from recordings.placement import Placement, Side

if TYPE_CHECKING:
    from pipeline.patterns.board import PatternBoard
    from pipeline.results import Results


@dataclass(frozen=True, slots=True)
class SavedFinding:
    """The answer of a detector, without its words: those follow from it."""

    detector: str
    measure: str
    side: Side | None
    verdict: Verdict
    reason: str
    value: float
    error: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SavedPattern:
    """How far the signs of a pattern went on one leg; `level` as `patterns.base.Level`."""

    pattern: str
    side: Side
    level: int
    score: float
    coverage: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class SavedWalk:
    """One walk of one person.

    Attributes
    ----------
    person : str
    fingerprint : str
        Of the recording's samples (`recordings.fingerprint`).
    path : Path
        Where the recording lay when it was looked at last.
    name : str
    walked : datetime
        With its UTC offset.
    simulated : bool
    placements : tuple of Placement
    results_version : int
    walking_s, cadence_spm, speed_m_s, v_star : float
    steps : int
    steady_strides : mapping of Side to int
    note : str
    pain : int or None
        The strongest of this walk, 0–10.
    features : tuple of FeatureStatistics
        Those of movement tests, too.
    findings : tuple of SavedFinding
    patterns : tuple of SavedPattern
    """

    person: str
    fingerprint: str
    path: Path
    name: str
    walked: datetime
    simulated: bool
    placements: tuple[Placement, ...]
    results_version: int
    walking_s: float
    steps: int
    steady_strides: dict[Side, int]
    cadence_spm: float
    speed_m_s: float
    v_star: float
    note: str = ""
    pain: int | None = None
    features: tuple[FeatureStatistics, ...] = ()
    findings: tuple[SavedFinding, ...] = ()
    patterns: tuple[SavedPattern, ...] = ()

    @property
    def day(self) -> str:
        """The day on which it was walked, where it was walked."""
        return self.walked.date().isoformat()

    def statistics(self, feature: str, side: Side | None) -> FeatureStatistics | None:
        return self._by_measure.get((feature, side))

    @cached_property
    def _by_measure(self) -> Mapping[tuple[str, Side | None], FeatureStatistics]:
        return {(row.feature, row.side): row for row in self.features}

    def value(self, feature: str, side: Side | None) -> WalkValue | None:
        """A measure, ready to be compared; None if it was not measured."""
        row = self.statistics(feature, side)
        if row is None or not math.isfinite(row.mean):
            return None
        half_width = 0.5 * (row.ci_high - row.ci_low)
        test = TEST_FEATURES.get(feature)
        # A test is kept only if enough of it counted; one leg may have done half of it.
        needed = STRIDES_NEEDED if test is None else 1
        return WalkValue(self.day, row.mean, half_width, row.error, row.n, self.v_star, needed)


def storable(text: str) -> str:
    """Text as UTF-8 can hold it: half a surrogate pair becomes a question mark."""
    return text.encode(errors="replace").decode()


def _of_tests(results: Results) -> Iterable[FeatureStatistics]:
    """What the movement tests measured; of a test that was done twice, the last."""
    rows = (row for test in results.movement_tests for row in test.features)
    return {(r.feature, r.side): r for r in rows if r.feature in TEST_FEATURES}.values()


def saved_walk(
    results: Results,
    board: PatternBoard,
    *,
    person: str,
    fingerprint: str,
    path: Path,
    walked: datetime,
    note: str = "",
    pain: int | None = None,
) -> SavedWalk:
    """What is kept of an analysed walk."""
    walk = results.summary
    return SavedWalk(
        person=storable(person),
        fingerprint=fingerprint,
        path=Path(storable(str(path))),
        name=storable(results.session),
        walked=walked,
        simulated=results.simulated,
        placements=results.placements,
        results_version=results.version,
        walking_s=walk.walking_s,
        steps=walk.steps,
        steady_strides={side: walk.steady_strides.get(side, 0) for side in Side},
        cadence_spm=walk.cadence_spm,
        speed_m_s=walk.speed_m_s,
        v_star=walk.dimensionless_speed,
        note=storable(note),
        pain=pain,
        features=(*results.features, *_of_tests(results)),
        findings=tuple(
            SavedFinding(
                f.detector, f.measure, f.side, f.verdict, f.reason, f.value, f.error, f.confidence
            )
            for f in results.findings
        ),
        patterns=tuple(
            SavedPattern(p.pattern, p.side, int(p.level), p.score, p.coverage, p.confidence)
            for p in board.patterns
        ),
    )
