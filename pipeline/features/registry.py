"""All features, collected from the family files of this folder.

A new feature is one more declaration in a family file; a new family is one more file with a
tuple called ``FEATURES``. Nothing else has to be touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

import numpy as np

import pipeline.features as folder
from pipeline.curve_rows import CurveRows
from pipeline.features.base import Feature
from pipeline.features.stride_data import StrideData, StrideTimes
from pipeline.gait import Curve, FloatArray, Plane

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
_PerStride = tuple[str, Callable[[StrideData], FloatArray]]


def feature(name: str) -> Feature:
    """The declaration of a feature; KeyError for an unknown name."""
    return FEATURES[name]


@lru_cache(maxsize=64)
def _computable(curves: frozenset[Curve], planes: frozenset[Plane]) -> tuple[_PerStride, ...]:
    return tuple(
        (f.name, f.per_stride)
        for f in FEATURES.values()
        if f.per_stride is not None and curves.issuperset(f.curves) and planes.issuperset(f.planes)
    )


def compute_stride_values(
    strides: Sequence[tuple[Mapping[Curve, FloatArray], StrideTimes[float]]],
    *,
    planes: Collection[Plane] = ALL_PLANES,
    leg_length_m: float,
) -> list[dict[str, float]]:
    """All per-stride features that the curves at hand and the calibration allow.

    Parameters
    ----------
    strides : sequence of (curves, times)
        Curves of shape (101,) with mirrored clinical signs, standing = 0; what no sensor
        measured is absent. The five contacts in session seconds.
    planes : collection of Plane
        Planes that the calibration allows.
    leg_length_m : float

    Returns
    -------
    list of dict of str to float
        For each stride, in the feature's unit. A feature without its curve or plane is absent;
        one whose curve holds NaN in the window is NaN. A stride's values do not depend on the
        others.

    Raises
    ------
    ValueError
        If a stride has no positive duration.
    """
    alike: dict[tuple[Curve, ...], list[int]] = {}
    for i, (curves, times) in enumerate(strides):
        if not times.end_s > times.start_s:
            raise ValueError(
                f"A stride must end after it starts, not {times.start_s}–{times.end_s} s."
            )
        alike.setdefault(tuple(curves), []).append(i)
    values: list[dict[str, float]] = [{} for _ in strides]
    for curves, members in alike.items():
        rows = np.array([CurveRows.of(strides[i][0]).rows for i in members])
        stacked = {curve: rows[:, place] for place, curve in enumerate(curves)}
        times = StrideTimes(*np.array([strides[i][1] for i in members]).T)
        data = StrideData(stacked, times, leg_length_m)
        computable = _computable(frozenset(curves), frozenset(planes))
        columns = np.stack([compute(data) for _, compute in computable], axis=1)
        for i, row in zip(members, columns.tolist(), strict=True):
            values[i] = {name: x for (name, _), x in zip(computable, row, strict=True)}
    return values
