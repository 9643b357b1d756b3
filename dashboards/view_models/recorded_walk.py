"""A recorded walk for replay: its traces, angles and results, and what happened along the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite, nan
from pathlib import Path

from dashboards.recorded.messages import Gap
from dashboards.recorded.read_walk import RAW_COLUMNS
from dashboards.view_models.bands import Band, bouts, excluded, turns
from dashboards.view_models.side_file import MARKER_KINDS
from dashboards.view_models.stance_track import StanceTrack
from dashboards.view_models.timed_series import TimedSeries
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import Stride
from pipeline.grid import GRID_STEP_S
from pipeline.results import Finding, Results
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement


@dataclass(frozen=True, slots=True, eq=False)
class RecordedWalk:
    """A walk as far as it is read and analysed.

    Attributes
    ----------
    path : Path
        The recording.
    name : str
    metadata : SessionMetadata
    raw : mapping of Placement to TimedSeries
        Samples as they were recorded, columns `RAW_COLUMNS`.
    angles : TimedSeries
        Columns `ANGLE_COLUMNS`, on the engine's grid.
    events : tuple of SessionEvent
        Those of the session.
    edits : tuple of SessionEvent
        Those of its side file.
    gaps : tuple of Gap
    results : Results or None
        None while the analysis goes on.
    bands : tuple of Band
    stance : StanceTrack
    """

    path: Path
    name: str
    metadata: SessionMetadata
    raw: Mapping[Placement, TimedSeries]
    angles: TimedSeries
    events: tuple[SessionEvent, ...] = ()
    edits: tuple[SessionEvent, ...] = ()
    gaps: tuple[Gap, ...] = ()
    results: Results | None = None
    bands: tuple[Band, ...] = ()
    stance: StanceTrack = field(default_factory=StanceTrack)

    @property
    def duration_s(self) -> float:
        ends = [series.end_s for series in (*self.raw.values(), self.angles)]
        if self.results is not None:
            ends.append(self.results.summary.duration_s)
        return max((end_s for end_s in ends if isfinite(end_s)), default=0.0)

    @property
    def simulated(self) -> bool:
        return self.metadata.simulated

    def with_edits(self, edits: tuple[SessionEvent, ...]) -> RecordedWalk:
        """The walk with other edits; its results stay those of the edits before."""
        return replace(self, edits=edits).with_bands()

    def with_bands(self) -> RecordedWalk:
        """The walk with its bands as the other attributes have them now."""
        of_results = () if self.results is None else (*bouts(self.results), *turns(self.results))
        gaps = (Band(g.start_s, g.end_s, "gap", g.placement.label) for g in self.gaps)
        out = excluded((*self.events, *self.edits), self.duration_s)
        return replace(self, bands=tuple(sorted((*of_results, *gaps, *out))))

    def analysed(self, results: Results) -> RecordedWalk:
        """The walk with its results."""
        stance = StanceTrack()
        stance.take(results.events)
        return replace(self, results=results, stance=stance).with_bands()

    def stride_starts(self) -> list[float]:
        """Where stepping from stride to stride goes: each stride of either leg."""
        strides = () if self.results is None else self.results.strides
        return sorted({stride.start_s for stride in strides})

    def markers(self) -> list[SessionEvent]:
        return sorted(e for e in (*self.events, *self.edits) if e.kind in MARKER_KINDS)

    def strides_of(self, finding: Finding) -> list[Stride]:
        """Steady strides on which a finding rests, the clearest first.

        Clearest is what is furthest towards the side that counts as worse; where a measure
        is one of the whole walk, the order is that of time.
        """
        strides = [
            stride
            for stride in (() if self.results is None else self.results.strides)
            if stride.steady and finding.side in (None, stride.side)
        ]
        valued = [s for s in strides if isfinite(s.values.get(finding.measure, nan))]
        if not valued:
            return strides
        # Only now, as they stand for much of the pipeline: a window must not wait for it.
        from pipeline.features.base import Worse
        from pipeline.features.registry import FEATURES

        feature = FEATURES[finding.measure]
        sign = -1.0 if feature.worse is Worse.LOWER else 1.0
        return sorted(valued, key=lambda s: -sign * s.values[finding.measure])


def no_angles() -> TimedSeries:
    """An angle series that nothing was added to yet."""
    return TimedSeries(len(ANGLE_COLUMNS), 1.5 * GRID_STEP_S)


def no_samples(longest_step_s: float) -> TimedSeries:
    """A raw series that nothing was added to yet."""
    return TimedSeries(len(RAW_COLUMNS), longest_step_s)
