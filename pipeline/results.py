"""What an analysis found: the one object that screen, report and files read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.findings import Evidence, FeatureStatistics, Finding, Interval, Verdict
from pipeline.gait import CalibrationQuality, Curve, FloatArray, GaitEvent, Stride
from pipeline.movement_tests.outcome import MovementTest
from recordings.placement import Placement, Side

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "RESULTS_VERSION",
    "Evidence",
    "FeatureStatistics",
    "Finding",
    "Interval",
    "Results",
    "SensorQuality",
    "Verdict",
    "WalkSummary",
]

RESULTS_VERSION = 1
"""Version of the results as a whole; rises when a number changes its meaning."""


@dataclass(frozen=True, slots=True)
class SensorQuality:
    """How good one sensor's stream was."""

    placement: Placement
    rate_hz: float
    samples: int
    lost_fraction: float
    longest_gap_s: float
    gaps: int
    clipped_samples: int
    late_samples: int
    gravity_m_s2: float
    """Mean specific force at rest; 9.81 expected; NaN if nobody stood still."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WalkSummary:
    """The walk as a whole; NaN where it cannot be known."""

    duration_s: float
    walking_s: float
    bouts: int
    turns: int
    steps: int
    strides: Mapping[Side, int]
    """All strides found."""
    steady_strides: Mapping[Side, int]
    excluded: Mapping[str, int]
    """Exclusion → number of strides it left out."""
    cadence_spm: float
    stride_time_s: float
    speed_m_s: float
    speed_error_m_s: float
    dimensionless_speed: float
    """v* from cadence, the speed that norms are taken at."""


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is known about a session once it is analysed."""

    session: str
    simulated: bool
    placements: tuple[Placement, ...]
    summary: WalkSummary
    quality: tuple[SensorQuality, ...]
    calibrations: tuple[CalibrationQuality, ...]
    events: tuple[GaitEvent, ...]
    strides: tuple[Stride, ...]
    features: tuple[FeatureStatistics, ...]
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()
    """Sentences about the session as a whole, most important first."""
    mean_curves: Mapping[Side, Mapping[Curve, tuple[FloatArray, FloatArray]]] = field(
        default_factory=dict
    )
    """Mean and SD of each curve over steady strides, shape (101,) each."""
    provisional: bool = False
    """True for a snapshot taken while the walk goes on."""
    movement_tests: tuple[MovementTest, ...] = ()
    """In order of time; the open one, if any, is the last."""
    version: int = RESULTS_VERSION

    def to_frame(self) -> pd.DataFrame:
        """One row a stride: side, times, quality, exclusions and all features."""
        import pandas as pd

        rows = [
            {
                "side": str(stride.side),
                "start_s": stride.start_s,
                "final_contact_s": stride.final_contact_s,
                "end_s": stride.end_s,
                "bout": stride.bout,
                "epoch": stride.epoch,
                "steady": stride.steady,
                "excluded_because": " ".join(stride.exclusions),
                "quality": stride.quality,
                **stride.values,
            }
            for stride in self.strides
        ]
        return pd.DataFrame(rows)
