"""What a feature is: one frozen declaration of meaning, norm, error and computation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np

from pipeline.features.stride_data import StrideData, StrideTimes
from pipeline.gait import Curve, FloatArray, Plane
from pipeline.movement_tests.outcome import MovementTask
from pipeline.norms import LegLength, Norm, NormContext, ZeroConvention
from recordings.metadata import Settings
from recordings.placement import Side


class Segment(StrEnum):
    """A body part that must carry a sensor (on the stride's own side for a leg)."""

    PELVIS = "pelvis"
    THIGH = "thigh"
    SHANK = "shank"


class Worse(StrEnum):
    """Direction in which a feature leaves the usual on its way to a finding."""

    HIGHER = "higher"
    LOWER = "lower"
    EITHER = "either"
    NONE = "none"


class Sample(NamedTuple):
    """What is known of a number over a walk.

    ``half_width`` is half the 95 % confidence interval of ``mean``.
    """

    side: Side | None
    n: int
    mean: float
    sd: float
    median: float
    half_width: float


class WalkSamples(Protocol):
    """What a walk-level feature may look at."""

    @property
    def context(self) -> NormContext: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def leg(self) -> LegLength: ...

    def sample(self, feature: str, side: Side) -> Sample | None:
        """The per-stride feature over steady strides of one side; None if not measured."""
        ...

    def stride_correlation(self, axis: Curve) -> Sample | None:
        """Likeness of each stride to the one before it, both sides together."""
        ...


_TYPICAL_TIMES = StrideTimes(*np.array([[0.0], [0.12], [0.55], [0.67], [1.1]]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A number about a walk, declared once.

    Attributes
    ----------
    code : str
        Number in the feature dictionary (``F04``); parts of one carry a letter.
    name : str
        Stable key, ending in its unit where it has one.
    label : str
        Plain words for a person.
    definition : str
        Exactly what is computed, with window in per cent of the gait cycle and sign.
    unit : str
    segments : tuple of Segment
        Where sensors must be worn.
    planes : tuple of Plane
        Planes that the calibration must allow; empty for what needs no axes.
    zero : ZeroConvention
        Posture that the value is counted from.
    worse : Worse
    norm : Norm or None
    amber, strong : float or None
        Values at free speed that are called noteworthy and strong. They are for
        display; what makes a finding is the threshold of its detector.
    error : float
        95 % half-width of the measurement error for one wearing, NaN where unknown; where
        only the smallest change between two wearings is published, that over √2.
    error_of : callable or None
        The same where it depends on the walk: from its sample and all samples.
    mdc : float
        Smallest change between two wearings that is more than noise; NaN where unknown.
    source : str
    note : str
        Limits that a reader of the number must know.
    per_stride : callable or None
        Computes the values of n strides, shape (n,).
    curves : tuple of Curve
        Curves that `per_stride` reads; without one of them the feature is absent.
    per_walk : callable or None
        Computes the value(s) of a walk from the per-stride samples.
    task : MovementTask or None
        The movement test that measures it, repetition by repetition; None for walking.
    leaks_from : Curve or None
        Sagittal curve that leaks into this feature's curve when a sensor's forward axis is off.

    Raises
    ------
    ValueError
        If the norm is counted from another zero than the value.
    """

    code: str
    name: str
    label: str
    definition: str
    unit: str
    segments: tuple[Segment, ...]
    source: str
    planes: tuple[Plane, ...] = ()
    zero: ZeroConvention = ZeroConvention.NONE
    worse: Worse = Worse.NONE
    norm: Norm | None = None
    amber: float | None = None
    strong: float | None = None
    error: float = float("nan")
    error_of: Callable[[Sample, WalkSamples], float] | None = None
    mdc: float = float("nan")
    note: str = ""
    per_stride: Callable[[StrideData], FloatArray] | None = None
    curves: tuple[Curve, ...] = ()
    per_walk: Callable[[WalkSamples], Iterable[Sample]] | None = None
    leaks_from: Curve | None = None
    task: MovementTask | None = None

    def __post_init__(self) -> None:
        if self.norm is not None and self.norm.zero is not self.zero:
            raise ValueError(
                f"{self.name} is counted from {self.zero} zero, its norm from {self.norm.zero}."
            )
        ways = (self.per_stride, self.per_walk, self.task)
        if sum(way is not None for way in ways) != 1:
            raise ValueError(
                f"{self.name} must be computed either per stride, per walk or in a movement test."
            )

    def z(self, value: float, context: NormContext) -> float:
        """Distance from the usual mean in SD, + = worse; NaN without a norm.

        Where either direction counts, the magnitude.
        """
        if self.norm is None:
            return float("nan")
        deviation = self.norm.deviation(value, self.zero, context)
        if self.worse is Worse.LOWER:
            return -deviation
        return abs(deviation) if self.worse is Worse.EITHER else deviation

    def leak_deg(self, mean: Mapping[Curve, FloatArray], axis_error_deg: float) -> float:
        """How far an axis error moves this feature, from the mean curves of a side.

        An axis that is off by ε adds ``sin ε`` of the sagittal curve to the feature's own: 7°
        of false adduction over a 42° range for 10°, but only about 2° where adduction peaks.
        The larger of the two directions counts. 0 for what does not leak or was not measured.
        """
        compute, source = self.per_stride, self.leaks_from
        if compute is None or source is None or not {source, *self.curves} <= mean.keys():
            return 0.0
        (own,) = self.curves

        def value(share: float) -> float:
            turned = {own: (mean[own] + share * mean[source])[np.newaxis]}
            return float(compute(StrideData(turned, _TYPICAL_TIMES, 1.0))[0])

        share = math.sin(math.radians(min(90.0, axis_error_deg)))
        return max(abs(value(share) - value(0.0)), abs(value(-share) - value(0.0)))
