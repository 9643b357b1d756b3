"""All features, collected from the family files of this folder.

A new feature is one more declaration in a family file; a new family is one more file with a
tuple called ``FEATURES``. Nothing else has to be touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import pipeline.features as folder
from pipeline.features.base import Feature
from pipeline.features.stride_data import Reduction, StrideData, StrideTimes, Window
from pipeline.gait import CYCLE_POINTS, Curve, FloatArray, Plane

_NO_FAMILIES = {"base", "catalogue", "registry", "sides", "stride_data"}


def _collect() -> dict[str, Feature]:
    found: dict[str, Feature] = {}
    for module in iter_modules(folder.__path__):
        if module.name in _NO_FAMILIES:
            continue
        for feature in import_module(f"{folder.__name__}.{module.name}").FEATURES:
            if feature.name in found:
                raise ValueError(f"Two features are called {feature.name}.")
            found[feature.name] = feature
    return dict(sorted(found.items(), key=lambda item: _order(item[1].code)))


def _order(code: str) -> tuple[int, str]:
    number = re.match(r"F(\d+)(.*)", code)
    if number is None:
        raise ValueError(f"{code} is not the code of a feature.")
    return int(number[1]), number[2]


FEATURES: Mapping[str, Feature] = _collect()
"""Every feature by name, in the order of the feature dictionary."""

ALL_PLANES = frozenset(Plane)


def feature(name: str) -> Feature:
    """The declaration of a feature; KeyError for an unknown name."""
    return FEATURES[name]


class _Plan:
    """How to compute all features that a set of curves and planes allows.

    The windows of all curves, laid end to end, are reduced together: ``reduceat`` takes
    [start, end, start, end …] and every other result is a window.
    """

    def __init__(self, curves: frozenset[Curve], planes: frozenset[Plane]) -> None:
        features = [
            f
            for f in FEATURES.values()
            if f.per_stride is not None
            and curves.issuperset(f.curves)
            and planes.issuperset(f.planes)
        ]
        self.names = tuple(f.name for f in features)
        self._curves = tuple(sorted(curves))
        windows = [(f.name, w) for f in features if isinstance(w := f.per_stride, Window)]
        self._functions = tuple(
            (f.name, f.per_stride)
            for f in features
            if f.per_stride is not None and not isinstance(f.per_stride, Window)
        )
        self._high = self._edges(windows, Reduction.HIGHEST, Reduction.RANGE)
        self._low = self._edges(windows, Reduction.LOWEST, Reduction.RANGE)
        self._sum = self._edges(windows, Reduction.AVERAGE)

    def _edges(self, windows: list[tuple[str, Window]], *kinds: Reduction) -> _Edges:
        chosen = [(name, w) for name, w in windows if w.reduction in kinds]
        first = {curve: i * CYCLE_POINTS for i, curve in enumerate(self._curves)}
        edges = [first[w.curve] + edge for _, w in chosen for edge in (w.start, w.end + 1)]
        return _Edges(
            tuple(name for name, _ in chosen),
            np.array(edges, dtype=np.intp),
            tuple(w.points for _, w in chosen),
            tuple(w.reduction is Reduction.RANGE for _, w in chosen),
        )

    def compute(self, stride: StrideData) -> dict[str, float]:
        values = dict.fromkeys(self.names, 0.0)
        if self._curves:
            row = np.concatenate([*(stride.curves[c] for c in self._curves), _END])
            values.update(zip(self._low.names, self._low.reduce(np.minimum, row), strict=True))
            high = self._high.reduce(np.maximum, row)
            for name, value, is_range in zip(
                self._high.names, high, self._high.is_range, strict=True
            ):
                values[name] = value - values[name] if is_range else value
            sums = self._sum.reduce(np.add, row)
            for name, value, points in zip(self._sum.names, sums, self._sum.points, strict=True):
                values[name] = value / points
        for name, function in self._functions:
            values[name] = function(stride)
        return values


class _Edges(NamedTuple):
    """Windows that are reduced by the same ufunc."""

    names: tuple[str, ...]
    edges: NDArray[np.intp]
    points: tuple[int, ...]
    is_range: tuple[bool, ...]

    def reduce(self, ufunc: np.ufunc, row: FloatArray) -> list[float]:
        return ufunc.reduceat(row, self.edges)[::2].tolist() if self.names else []


_END = np.zeros(1)
"""So that a window may end with the last curve."""


@lru_cache(maxsize=64)
def _plan(curves: frozenset[Curve], planes: frozenset[Plane]) -> _Plan:
    return _Plan(curves, planes)


def compute_stride_values(
    curves: Mapping[Curve, FloatArray],
    times: StrideTimes,
    *,
    planes: Collection[Plane] = ALL_PLANES,
    leg_length_m: float,
) -> dict[str, float]:
    """All per-stride features that the curves at hand and the calibration allow.

    Parameters
    ----------
    curves : mapping of Curve to ndarray, shape (101,)
        Mirrored clinical signs, standing = 0. What no sensor measured is absent.
    times : StrideTimes
        Session seconds of the five contacts.
    planes : collection of Plane
        Planes that the calibration allows.
    leg_length_m : float

    Returns
    -------
    dict of str to float
        In the feature's unit. A feature without its curve or plane is absent; one whose
        curve holds NaN in the window is NaN.

    Raises
    ------
    ValueError
        If the stride has no positive duration.
    """
    if not times.end_s > times.start_s:
        raise ValueError(f"A stride must end after it starts, not {times.start_s}–{times.end_s} s.")
    plan = _plan(frozenset(curves), frozenset(planes))
    return plan.compute(StrideData(curves, times, leg_length_m))
