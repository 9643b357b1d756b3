"""What is said of a measure: its statistics, and the answer of a detector that rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from recordings.placement import Side


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
