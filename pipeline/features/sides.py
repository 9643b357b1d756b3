"""Left against right: differences in the unit of the feature, and symmetry indices of times."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipeline.features.base import Sample, WalkSamples
from recordings.placement import Side


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


def symmetry_error(
    feature: str, error_ms: Callable[[WalkSamples], float]
) -> Callable[[Sample, WalkSamples], float]:
    """Error of a `symmetry_index` whose ``R − L`` is known to ±`error_ms` (95 %)."""

    def compute(_: Sample, walk: WalkSamples) -> float:
        times = [s.mean for side in Side if (s := walk.sample(feature, side)) is not None]
        return 0.1 * error_ms(walk) / (sum(times) / len(times)) if times else float("nan")

    return compute
