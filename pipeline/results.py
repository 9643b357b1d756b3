"""What an analysis found: the one object that screen, report and files read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.gait import CalibrationQuality, Curve, FloatArray, GaitEvent, Stride
from pipeline.movement_tests.outcome import MovementTest
from recordings.placement import Placement, Side

if TYPE_CHECKING:
    import pandas as pd

RESULTS_VERSION = 1
"""Version of the results as a whole; rises when a number changes its meaning."""


class Verdict(StrEnum):
    """What a detector says about one side."""

    PRESENT = "present"
    NOT_SEEN = "not_seen"
    CANNOT_JUDGE = "cannot_judge"


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range; an open end is ±inf."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one detector for one side (or for both together).

    Attributes
    ----------
    detector : str
        Stable key: ``gait_asymmetry``, ``femoral_collapse``, ``knee_hyperextension``; of a
        movement test its own (`pipeline.movement_tests`).
    measure : str
        Name of the deciding feature, with its unit (``hip_adduction_peak_deg``).
    side : Side or None
        The leg concerned; None for a difference between the legs without a side.
    verdict : Verdict
    reason : str
        Machine-readable code of why: ``beyond_threshold``, ``within_error``,
        ``within_usual``, ``too_few_strides``, ``no_shank_sensor``, ``crosstalk`` …
    value, error : float
        Mean over steady strides and half-width of its interval (confidence over strides
        combined with measurement error), in the measure's unit. NaN if not judged.
    usual : Interval or None
        Usual range at this walking speed; the verdict never rests on it alone.
    threshold : float
        Beyond it, error included, the finding is present. NaN if not judged.
    confidence : float
        0–1, capped where sensors cannot know (clinical cap of 0.35 for a knee hint).
    strides : int
        Steady strides used.
    strides_needed : int
    hint : bool
        True if the worn sensors allow only a hint, never a measurement.
    sentence : str
        One plain sentence for the wearer.
    evidence : tuple of Evidence
        The measures looked at, the deciding one first.
    """

    detector: str
    measure: str
    side: Side | None
    verdict: Verdict
    reason: str
    value: float
    error: float
    usual: Interval | None
    threshold: float
    confidence: float
    strides: int
    strides_needed: int
    sentence: str
    hint: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measure that a detector looked at."""

    measure: str
    side: Side | None
    value: float
    error: float
    usual: Interval | None
    z: float
    supports: bool


@dataclass(frozen=True, slots=True)
class FeatureStatistics:
    """A feature over the steady strides of one side (or of the walk, side None).

    Attributes
    ----------
    feature : str
        Name with unit, as in `pipeline.features`.
    code : str
        Number in the feature dictionary (``F04``).
    n : int
        Steady strides that hold a value.
    mean, sd, median : float
    ci_low, ci_high : float
        95 % confidence interval of the mean over strides.
    error : float
        Measurement error (one standing of the sensors), same unit.
    usual : Interval or None
        Usual range (mean ± 2 SD between people) at this walk's speed, sex and age, in the
        same zero convention as the value.
    z : float
        Distance from the usual mean in SD, + = towards the side that counts as
        worse; NaN without a norm.
    """

    feature: str
    code: str
    side: Side | None
    n: int
    mean: float
    sd: float
    median: float
    ci_low: float
    ci_high: float
    error: float
    usual: Interval | None = None
    z: float = float("nan")


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
