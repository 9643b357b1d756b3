"""A quantity over the stride: its mean, the last strides, and what is usual where.

No published reference gives these curves in the zero convention of worn sensors, so no band
is drawn behind them. What has a named reference are single values of a stride, its peaks:
each is a mark where the mean curve has that peak.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from pipeline.features.stride_data import Reduction, Window
from pipeline.gait import Curve, FloatArray, Stride
from pipeline.results import Results
from recordings.placement import Side

LAST_STRIDES = 5


@dataclass(frozen=True, slots=True)
class UsualMark:
    """The usual range of a peak.

    Attributes
    ----------
    percent : float
        Where in the stride the walker's own mean curves have it.
    low, high : float
        In the unit of the curve.
    feature : str
        Its name; the declaration holds the source.
    """

    percent: float
    low: float
    high: float
    feature: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """What is drawn over the stride.

    Attributes
    ----------
    means : mapping of Side to (mean, SD), shape (101,) each
    strides : mapping of Side to sequence of ndarray, shape (101,)
        Oldest first.
    leaves : mapping of Side to float
        Where the foot leaves the ground, per cent of the stride.
    usual : tuple of UsualMark
    """

    means: Mapping[Side, tuple[FloatArray, FloatArray]] = field(default_factory=dict)
    strides: Mapping[Side, Sequence[FloatArray]] = field(default_factory=dict)
    leaves: Mapping[Side, float] = field(default_factory=dict)
    usual: tuple[UsualMark, ...] = ()


class LastStrides:
    """Keeps the curves of the last steady strides of each leg; a turn is no stride to show."""

    def __init__(self) -> None:
        self._strides: dict[Side, deque[Stride]] = {
            side: deque(maxlen=LAST_STRIDES) for side in Side
        }

    def take(self, strides: Iterable[Stride]) -> None:
        for stride in strides:
            if stride.curves and stride.steady:
                self._strides[stride.side].append(stride)

    def curves(self, curve: Curve) -> dict[Side, list[FloatArray]]:
        return {
            side: [stride.curves[curve] for stride in strides if curve in stride.curves]
            for side, strides in self._strides.items()
        }


def cycle(results: Results, curve: Curve, last: LastStrides | None = None) -> Cycle:
    """All that is known of a curve."""
    means = {side: curves[curve] for side, curves in results.mean_curves.items() if curve in curves}
    leaves = {
        row.side: row.mean
        for row in results.features
        if row.feature == "stance_percent" and row.side is not None and math.isfinite(row.mean)
    }
    strides = {} if last is None else last.curves(curve)
    return Cycle(means, strides, leaves, tuple(_usual_marks(results, curve, means)))


def _usual_marks(
    results: Results, curve: Curve, means: Mapping[Side, tuple[FloatArray, FloatArray]]
) -> Iterable[UsualMark]:
    # Only now, as they stand for much of the pipeline: a window must not wait for it.
    from pipeline.features.registry import FEATURES

    usual = {row.feature: row.usual for row in results.features if row.usual is not None}
    for name, interval in usual.items():
        window = FEATURES[name].per_stride
        if not isinstance(window, Window) or window.curve is not curve or not means:
            continue
        if window.reduction not in (Reduction.HIGHEST, Reduction.LOWEST):
            continue
        percents = [_where(window, mean) for mean, _ in means.values()]
        yield UsualMark(fmean(percents), interval.low, interval.high, name)


def _where(window: Window, mean: FloatArray) -> int:
    part = mean[window.start : window.end + 1]
    at = part.argmax() if window.reduction is Reduction.HIGHEST else part.argmin()
    return window.start + int(at)
