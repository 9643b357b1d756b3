"""The one function that says present, not seen or cannot be judged.

Rule: a deviation is *present* when the whole interval of its value lies beyond the threshold.
The interval is the 95 % confidence over strides and the 95 % measurement error of one wearing,
added as squares. So nothing inside its own measurement error is ever called present.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.features.base import Feature, Worse
from pipeline.norms import NormContext, ZeroConvention
from pipeline.results import Interval, Verdict


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a deviation of a feature begins to be a finding.

    Attributes
    ----------
    feature : Feature
        Gives the direction and the zero convention of the value.
    at_free_speed : float
        Threshold at the reference speed, averaged over the sexes, below 60 years; a
        magnitude where either direction counts.
    zero : ZeroConvention
        Posture that the threshold is counted from.
    moves_with_norm : bool
        True if it keeps its distance from the usual mean at any speed, sex and age.
    why : str
        Where the figure comes from.

    Raises
    ------
    ValueError
        If threshold and feature are counted from different zeros, or the feature has no
        direction.
    """

    feature: Feature
    at_free_speed: float
    zero: ZeroConvention
    why: str
    moves_with_norm: bool = False

    def __post_init__(self) -> None:
        if self.zero is not self.feature.zero:
            raise ValueError(
                f"The threshold of {self.feature.name} is counted from {self.zero} zero, "
                f"its value from {self.feature.zero}."
            )
        if self.feature.worse is Worse.NONE:
            raise ValueError(f"{self.feature.name} has no direction that could be beyond.")
        if self.moves_with_norm and self.feature.norm is None:
            raise ValueError(f"{self.feature.name} has no norm to move its threshold with.")

    @property
    def worse(self) -> Worse:
        return self.feature.worse

    def at(self, context: NormContext) -> float:
        """The threshold for this person at this speed; NaN outside the range of speeds."""
        norm = self.feature.norm
        if not self.moves_with_norm or norm is None:
            return self.at_free_speed
        return self.at_free_speed + norm.centre(context) - norm.centre(NormContext())


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reason code and the half-width that it rests on."""

    verdict: Verdict
    reason: str
    error: float
    confidence: float


def decide(
    value: float,
    *,
    stride_error: float,
    measurement_error: float,
    threshold: float,
    worse: Worse,
    usual: Interval | None,
    strides: int,
    strides_needed: int,
) -> Decision:
    """Judge one value against one threshold.

    Parameters
    ----------
    value : float
        Mean over steady strides.
    stride_error, measurement_error : float
        95 % half-widths; they add as squares.
    threshold : float
        For ``Worse.EITHER`` a magnitude.
    usual : Interval or None
        Tells ``within_usual`` from ``beyond_usual``; the verdict never rests on it.
    strides, strides_needed : int

    Returns
    -------
    Decision
        Reasons: ``too_few_strides``, ``not_measured``, ``error_too_large`` (the interval is
        wider than the whole way from usual to threshold, and not all of it is beyond);
        ``beyond_threshold``; ``within_error`` (the value is beyond, its interval is not),
        ``beyond_usual`` (unusual, short of the threshold), ``within_usual``.
        Confidence is the two-sided chance, after a normal distribution, that the value lies
        on this side of the threshold; 0 if not judged.
    """
    error = math.hypot(stride_error, measurement_error)
    if strides < strides_needed:
        return Decision(Verdict.CANNOT_JUDGE, "too_few_strides", error, 0.0)
    if not (math.isfinite(value) and math.isfinite(error) and math.isfinite(threshold)):
        return Decision(Verdict.CANNOT_JUDGE, "not_measured", error, 0.0)
    beyond = _distance_beyond(value, threshold, worse)
    sure = math.erf(abs(beyond) / (error / 1.96) / math.sqrt(2.0)) if error > 0 else 1.0
    if beyond > error:
        return Decision(Verdict.PRESENT, "beyond_threshold", error, sure)
    if usual is not None and error > _way_to(threshold, usual, worse):
        return Decision(Verdict.CANNOT_JUDGE, "error_too_large", error, 0.0)
    if beyond > 0:
        return Decision(Verdict.NOT_SEEN, "within_error", error, sure)
    unusual = usual is not None and not usual.low <= value <= usual.high
    on_the_way = unusual and _distance_beyond(value, _centre(usual), worse) > 0
    return Decision(Verdict.NOT_SEEN, "beyond_usual" if on_the_way else "within_usual", error, sure)


def _distance_beyond(value: float, threshold: float, worse: Worse) -> float:
    if worse is Worse.LOWER:
        return threshold - value
    return (abs(value) if worse is Worse.EITHER else value) - threshold


def _centre(usual: Interval | None) -> float:
    return math.nan if usual is None else 0.5 * (usual.low + usual.high)


def _way_to(threshold: float, usual: Interval, worse: Worse) -> float:
    return abs(threshold - (0.0 if worse is Worse.EITHER else _centre(usual)))
