"""From strides to a walk: means with honest intervals, asymmetries, mean curves.

Streaming: a stride is added once, its scalars are kept and its curves folded into running
sums, so memory grows by some 700 bytes a stride and `snapshot` may be taken at any time.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from pipeline.features.base import Feature, Sample, Segment
from pipeline.features.registry import FEATURES
from pipeline.features.walk_pattern import correlations
from pipeline.gait import CalibrationQuality, Curve, FloatArray, Plane, Stride
from pipeline.mean_curves import CurveSums
from pipeline.norms import NormContext, leg_length
from pipeline.results import FeatureStatistics
from recordings.metadata import Settings, Wearer
from recordings.placement import THIGHS, Placement, Side

_Z = 1.959963984540054
_MOST_LIKENESS = 0.7
"""Of neighbouring strides (seen: 0 to 0.5). More of it is a change of walk, say from one bout
to the next, which the SD shows already."""
_CONTIGUOUS_S = 0.05
"""Two strides of a leg that end and start within this are one after the other."""
MeanCurves = Mapping[Side, Mapping[Curve, tuple[FloatArray, FloatArray]]]


def t_quantile_975(degrees_of_freedom: float) -> float:
    """97.5 % quantile of Student's t.

    Exact for 1 and 2 degrees of freedom (fractions below 3 are rounded down, which widens),
    else the Cornish–Fisher series in 1/ν (Abramowitz & Stegun 26.7.5), within 0.2 %. It
    spares the 0.3 s that importing scipy.special takes.
    """
    nu = degrees_of_freedom
    if nu < 1:
        return math.inf
    if nu < 2:
        return 12.706204736432095
    if nu < 3:
        return 4.302652729696142
    z = _Z
    z2 = z * z
    g1 = z * (z2 + 1) / 4
    g2 = z * ((5 * z2 + 16) * z2 + 3) / 96
    g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384
    g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160
    return z + (g1 + (g2 + (g3 + g4 / nu) / nu) / nu) / nu


def describe(values: Sequence[float] | FloatArray, side: Side | None = None) -> Sample | None:
    """Mean, SD, median and the 95 % half-width of the mean over successive strides.

    NaN are left out. Neighbouring strides resemble each other, so that n of them tell less
    than n: the lag-1 correlation ρ, freed of its small-sample bias and taken between 0 and 0.7,
    shrinks n to ``n·(1 − ρ)/(1 + ρ)`` (first-order autoregression), and Student's t is taken
    at that number. Preferred to a bootstrap: the same answer every time, and as good for a
    mean of 20 or more.

    Returns
    -------
    Sample or None
        None without any value; the half-width is infinite for a single one.
    """
    x = np.asarray(values, dtype=np.float64)
    n = x.size
    mean = float(np.add.reduce(x)) / n if n else math.nan
    if not math.isfinite(mean):
        x = x[np.isfinite(x)]
        n = x.size
        if n == 0:
            return None
        mean = float(np.add.reduce(x)) / n
    ordered = np.sort(x)
    median = 0.5 * float(ordered[(n - 1) // 2] + ordered[n // 2])
    if n == 1:
        return Sample(side, 1, mean, math.nan, median, math.inf)
    deviation = x - mean
    power = float(deviation @ deviation)
    sd = math.sqrt(power / (n - 1))
    effective = float(n)
    if n > 4 and power > 0:
        lag_1 = float(deviation[:-1] @ deviation[1:]) / power
        rho = min(_MOST_LIKENESS, max(0.0, (lag_1 * n + 1.0) / (n - 4.0)))
        effective = max(4.0, n * (1.0 - rho) / (1.0 + rho))
    half_width = t_quantile_975(effective - 1.0) * sd / math.sqrt(effective)
    return Sample(side, n, mean, sd, median, half_width)


class _Table:
    """The feature values of one side: a row a steady stride, columns made when asked for."""

    def __init__(self) -> None:
        self._rows: list[Mapping[str, float]] = []
        self._epochs = array("l")

    def add(self, values: Mapping[str, float], epoch: int) -> None:
        self._rows.append(values)
        self._epochs.append(epoch)

    def column(self, feature: str, epoch: int | None = None) -> FloatArray:
        """All values of a feature (of one epoch); empty where no stride has it."""
        return np.array(
            [
                row[feature]
                for row, of in zip(self._rows, self._epochs, strict=True)
                if feature in row and (epoch is None or of == epoch)
            ]
        )


class WalkStatistics:
    """Gathers the strides of a walk and says at any time what is known of it.

    Only steady strides count. Angles are taken from one calibration epoch, the one with most
    steady strides, because a new calibration moves every zero; times from all epochs.

    Parameters
    ----------
    wearer : Wearer
    settings : Settings
    """

    def __init__(self, wearer: Wearer | None = None, settings: Settings | None = None) -> None:
        self.wearer = wearer or Wearer()
        self.settings = settings or Settings()
        self._tables = {side: _Table() for side in Side}
        self._epochs: dict[Side, list[int]] = {side: [] for side in Side}
        self._curves: dict[tuple[int, Side], CurveSums] = defaultdict(CurveSums)
        self._last: dict[Side, Stride] = {}
        self._likeness: dict[Curve, list[float]] = {Curve.PELVIS_ACC_UP: []}

    def add(self, strides: Iterable[Stride]) -> None:
        """Take strides in the order of time; an excluded one only breaks the sequence."""
        curves: dict[tuple[int, Side], list[Mapping[Curve, FloatArray]]] = defaultdict(list)
        pairs: dict[Curve, list[tuple[FloatArray, FloatArray]]] = {a: [] for a in self._likeness}
        for stride in strides:
            previous = self._last.pop(stride.side, None)
            if not stride.steady:
                continue
            self._epochs[stride.side].append(stride.epoch)
            self._tables[stride.side].add(stride.values, stride.epoch)
            curves[stride.epoch, stride.side].append(stride.curves)
            if previous is not None and abs(stride.start_s - previous.end_s) < _CONTIGUOUS_S:
                for axis, found in pairs.items():
                    if axis in stride.curves and axis in previous.curves:
                        found.append((previous.curves[axis], stride.curves[axis]))
            self._last[stride.side] = stride
        for key, of_leg in curves.items():
            self._curves[key].add(of_leg)
        for axis, found in pairs.items():
            if found:
                self._likeness[axis] += correlations(np.array(found)).tolist()

    @property
    def steady_strides(self) -> dict[Side, int]:
        return {side: len(epochs) for side, epochs in self._epochs.items()}

    @property
    def epoch(self) -> int:
        """The calibration epoch that angles are taken from."""
        counts = self._strides_by_epoch()
        return max(sorted(counts), key=lambda epoch: counts[epoch], default=0)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader must know of the strides behind the numbers, as sentences."""
        counts = self._strides_by_epoch()
        if len(counts) < 2:
            return ()
        return (
            f"The sensors were calibrated anew during the walk: angles are those of "
            f"{counts[self.epoch]} of {counts.total()} steady strides, walked on one calibration; "
            f"times are those of all.",
        )

    def _strides_by_epoch(self) -> Counter[int]:
        return Counter(epoch for epochs in self._epochs.values() for epoch in epochs)

    @property
    def cadence_spm(self) -> float:
        """Steps a minute over steady strides; NaN without any."""
        times = np.concatenate([t.column("stride_time_s") for t in self._tables.values()])
        return 120.0 * len(times) / float(np.add.reduce(times)) if len(times) else math.nan

    @property
    def context(self) -> NormContext:
        """Person and speed that the norms are taken at."""
        return NormContext.of(self.wearer, self.cadence_spm)

    def mean_curves(self) -> dict[Side, dict[Curve, tuple[FloatArray, FloatArray]]]:
        """Mean and SD of each curve, shape (101,) each, in the epoch that angles use."""
        epoch = self.epoch
        return {
            side: self._curves[epoch, side].result()
            for side in Side
            if (epoch, side) in self._curves
        }

    def snapshot(
        self, calibrations: Sequence[CalibrationQuality] = ()
    ) -> tuple[FeatureStatistics, ...]:
        """Statistics of every feature that the strides so far allow.

        Parameters
        ----------
        calibrations : sequence of CalibrationQuality
            By epoch; their axis errors widen the errors of angles out of the sagittal plane.
        """
        epoch = self.epoch
        view = _Snapshot(self, epoch)
        calibration = calibrations[epoch] if epoch < len(calibrations) else None
        curves = self.mean_curves()
        return tuple(
            _as_statistics(
                f, sample, view.context, _measurement_error(f, sample, view, calibration, curves)
            )
            for f in FEATURES.values()
            for sample in _samples(f, view)
        )


class _Snapshot:
    """What walk-level features see of a `WalkStatistics` (`features.base.WalkSamples`)."""

    def __init__(self, walk: WalkStatistics, epoch: int) -> None:
        self._walk = walk
        self._epoch = epoch
        self._samples: dict[tuple[str, Side], Sample | None] = {}
        self.context = walk.context
        self.settings = walk.settings
        self.leg = leg_length(walk.wearer)

    def sample(self, feature: str, side: Side) -> Sample | None:
        key = (feature, side)
        if key not in self._samples:
            epoch = self._epoch if FEATURES[feature].planes else None
            self._samples[key] = describe(self._walk._tables[side].column(feature, epoch), side)
        return self._samples[key]

    def stride_correlation(self, axis: Curve) -> Sample | None:
        return describe(self._walk._likeness[axis])


def _samples(feature: Feature, view: _Snapshot) -> Iterable[Sample]:
    if feature.per_walk is not None:
        return feature.per_walk(view)
    return [s for side in Side if (s := view.sample(feature.name, side)) is not None]


def _measurement_error(
    feature: Feature,
    sample: Sample,
    view: _Snapshot,
    calibration: CalibrationQuality | None,
    curves: MeanCurves,
) -> float:
    """95 % half-width of the error of one wearing, widened by the doubt about the axes."""
    if feature.error_of is not None:
        return feature.error_of(sample, view)
    if calibration is None or set(feature.planes) <= {Plane.SAGITTAL}:
        return feature.error
    sides = [sample.side] if sample.side is not None else list(Side)
    leaks = [
        axis_leak_deg(feature, side, calibration, {c: m for c, (m, _) in curves[side].items()})
        for side in sides
        if side in curves
    ]
    return math.hypot(feature.error, *leaks)


def axis_leak_deg(
    feature: Feature,
    side: Side,
    calibration: CalibrationQuality,
    mean: Mapping[Curve, FloatArray],
) -> float:
    """What the doubt about the sensors' forward axes adds to a feature's error, 95 %.

    A difference of two sides leaks on each as the angle does that it is the difference of.
    """
    source = _ANGLE_BEHIND.get(feature.name, feature)
    errors = calibration.axis_error_deg
    on_thigh = Segment.THIGH in source.segments
    placements = [Placement.PELVIS, THIGHS[side]] if on_thigh else [Placement.PELVIS]
    axis_error = math.hypot(*(errors.get(p, 0.0) for p in placements))
    return source.leak_deg(mean, _Z * axis_error)


_ANGLE_BEHIND = {
    "pelvic_drop_difference_deg": FEATURES["pelvic_drop_peak_deg"],
    "hip_adduction_peak_difference_deg": FEATURES["hip_adduction_peak_deg"],
    "hip_rotation_difference_deg": FEATURES["hip_rotation_excursion_deg"],
}


def _as_statistics(
    feature: Feature, sample: Sample, context: NormContext, error: float
) -> FeatureStatistics:
    return FeatureStatistics(
        feature=feature.name,
        code=feature.code,
        side=sample.side,
        n=sample.n,
        mean=sample.mean,
        sd=sample.sd,
        median=sample.median,
        ci_low=sample.mean - sample.half_width,
        ci_high=sample.mean + sample.half_width,
        error=error,
        usual=feature.norm.usual(context) if feature.norm is not None else None,
        z=feature.z(sample.mean, context),
    )
