"""What a feature is: one frozen declaration of meaning, norm, error and computation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import CYCLE_POINTS, Curve, FloatArray, Plane
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


class StrideTimes(NamedTuple):
    """The five contacts of a stride, in session seconds, in their order."""

    start_s: float
    opposite_final_contact_s: float
    opposite_initial_contact_s: float
    final_contact_s: float
    end_s: float


_TYPICAL_TIMES = StrideTimes(0.0, 0.12, 0.55, 0.67, 1.1)


class StrideData:
    """One stride as the feature functions see it.

    Parameters
    ----------
    curves : mapping of Curve to ndarray, shape (101,)
    times : StrideTimes
    leg_length_m : float
    """

    def __init__(
        self, curves: Mapping[Curve, FloatArray], times: StrideTimes, leg_length_m: float
    ) -> None:
        self.curves = curves
        self.times = times
        self.leg_length_m = leg_length_m
        self.stride_time_s = times.end_s - times.start_s

    @property
    def stance_percent(self) -> float:
        return 100.0 * (self.times.final_contact_s - self.times.start_s) / self.stride_time_s

    @cached_property
    def pelvis_spectrum(self) -> NDArray[np.complex128]:
        """Harmonics 1 … 20 of pelvis acceleration, complex, shape (3, 20), as amplitudes.

        Rows as in `PELVIS_ACCELERATION`.
        """
        rows = np.concatenate([self.curves[axis][:-1] for axis in PELVIS_ACCELERATION])
        return (rows.reshape(3, CYCLE_POINTS - 1) @ _HARMONIC_BASIS).view(np.complex128)

    @cached_property
    def harmonic_sums(self) -> list[list[float]]:
        """Amplitudes of the odd and of the even harmonics added: a pair for each axis."""
        return (np.abs(self.pelvis_spectrum) @ _ODD_EVEN).tolist()

    @cached_property
    def harmonic_powers(self) -> list[list[float]]:
        """Squared amplitudes of the odd and of the even harmonics added, as above."""
        spectrum = self.pelvis_spectrum
        return (np.square(spectrum.real) + np.square(spectrum.imag)).dot(_ODD_EVEN).tolist()

    @cached_property
    def lateral_sway_m(self) -> FloatArray:
        """Lateral pelvis displacement at 0 … 99 %, own side +, mean removed.

        Integrated twice harmonic by harmonic, as a stride of steady walking closes on itself:
        that leaves no drift, and no displacement slower than the stride.
        """
        acceleration = self.pelvis_spectrum[2, : _SWAY_ORDER.size]
        omega = (2.0 * np.pi / self.stride_time_s) * _SWAY_ORDER
        return (acceleration / -(omega * omega)).view(np.float64) @ _SWAY_BASIS


PELVIS_ACCELERATION = (
    Curve.PELVIS_ACC_FORWARD,
    Curve.PELVIS_ACC_UP,
    Curve.PELVIS_ACC_OWN_SIDE,
)
_CYCLE = np.arange(CYCLE_POINTS - 1) / (CYCLE_POINTS - 1)
_HARMONIC_BASIS = np.ascontiguousarray(
    np.exp(-2j * np.pi * np.outer(_CYCLE, np.arange(1, 21))) / 50.0
).view(np.float64)
"""Cosine and sine of 20 harmonics side by side: real times this, seen as complex, is a DFT."""
_ODD_EVEN = np.tile(np.eye(2), (10, 1))
_SWAY_ORDER = np.arange(1.0, 11.0)
_SWAY_BASIS = np.stack(
    [
        np.cos(2 * np.pi * np.outer(_SWAY_ORDER, _CYCLE)),
        -np.sin(2 * np.pi * np.outer(_SWAY_ORDER, _CYCLE)),
    ],
    axis=1,
).reshape(2 * _SWAY_ORDER.size, CYCLE_POINTS - 1)


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
        Computes the value of one stride.
    curves : tuple of Curve
        Curves that `per_stride` reads; without one of them the feature is absent.
    per_walk : callable or None
        Computes the value(s) of a walk from the per-stride samples.
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
    per_stride: Callable[[StrideData], float] | None = None
    curves: tuple[Curve, ...] = ()
    per_walk: Callable[[WalkSamples], Iterable[Sample]] | None = None
    leaks_from: Curve | None = None

    def __post_init__(self) -> None:
        if self.norm is not None and self.norm.zero is not self.zero:
            raise ValueError(
                f"{self.name} is counted from {self.zero} zero, its norm from {self.norm.zero}."
            )
        if (self.per_stride is None) == (self.per_walk is None):
            raise ValueError(f"{self.name} must be computed either per stride or per walk.")

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
            turned = {own: mean[own] + share * mean[source]}
            return compute(StrideData(turned, _TYPICAL_TIMES, 1.0))

        share = math.sin(math.radians(min(90.0, axis_error_deg)))
        return max(abs(value(share) - value(0.0)), abs(value(-share) - value(0.0)))


class Reduction(StrEnum):
    """What is taken of a window of a curve."""

    LOWEST = "lowest"
    HIGHEST = "highest"
    AVERAGE = "average"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Window:
    """A reduction of one curve from `start` to `end` per cent, both included.

    Callable like any other per-stride computation; the registry computes all windows of a
    stride in three numpy calls instead.
    """

    reduction: Reduction
    curve: Curve
    start: int = 0
    end: int = CYCLE_POINTS - 1

    @property
    def points(self) -> int:
        return self.end + 1 - self.start

    def __call__(self, stride: StrideData) -> float:
        values = stride.curves[self.curve][self.start : self.end + 1]
        match self.reduction:
            case Reduction.LOWEST:
                return float(values.min())
            case Reduction.HIGHEST:
                return float(values.max())
            case Reduction.AVERAGE:
                return float(values.mean())
            case Reduction.RANGE:
                return float(values.max() - values.min())


def lowest(curve: Curve, start: int, end: int) -> Window:
    return Window(Reduction.LOWEST, curve, start, end)


def highest(curve: Curve, start: int, end: int) -> Window:
    return Window(Reduction.HIGHEST, curve, start, end)


def average(curve: Curve, start: int, end: int) -> Window:
    return Window(Reduction.AVERAGE, curve, start, end)


def span(curve: Curve) -> Window:
    return Window(Reduction.RANGE, curve)


def difference_of_sides(feature: str) -> Callable[[WalkSamples], tuple[Sample, ...]]:
    """Right minus left of a per-stride feature, in its own unit.

    The two half-widths add as squares, as if the sides were independent: strides of both
    legs share their speed, so the true interval is narrower.
    """

    def compute(walk: WalkSamples) -> tuple[Sample, ...]:
        left, right = walk.sample(feature, Side.LEFT), walk.sample(feature, Side.RIGHT)
        if left is None or right is None:
            return ()
        return (
            Sample(
                side=None,
                n=min(left.n, right.n),
                mean=right.mean - left.mean,
                sd=float(np.hypot(left.sd, right.sd)),
                median=right.median - left.median,
                half_width=float(np.hypot(left.half_width, right.half_width)),
            ),
        )

    return compute


def symmetry_index(feature: str) -> Callable[[WalkSamples], tuple[Sample, ...]]:
    """``100·(R − L) / mean`` of a per-stride time, + = longer on the right."""

    def compute(walk: WalkSamples) -> tuple[Sample, ...]:
        difference = difference_of_sides(feature)(walk)
        left, right = walk.sample(feature, Side.LEFT), walk.sample(feature, Side.RIGHT)
        if not difference or left is None or right is None:
            return ()
        (sample,) = difference
        mean = 0.5 * (left.mean + right.mean)
        if not mean > 0:
            return ()
        percent = 100.0 / mean
        return (
            Sample(
                side=None,
                n=sample.n,
                mean=sample.mean * percent,
                sd=sample.sd * percent,
                median=sample.median * percent,
                half_width=sample.half_width * percent,
            ),
        )

    return compute


def symmetry_error(feature: str, error_ms: float) -> Callable[[Sample, WalkSamples], float]:
    """Error of a `symmetry_index` whose ``R − L`` is known to ±`error_ms` (95 %)."""

    def compute(_: Sample, walk: WalkSamples) -> float:
        times = [s.mean for side in Side if (s := walk.sample(feature, side)) is not None]
        return 0.1 * error_ms / (sum(times) / len(times)) if times else float("nan")

    return compute
