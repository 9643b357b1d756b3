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

import pipeline.features as folder
from pipeline.features.base import Feature, StrideData, StrideTimes
from pipeline.gait import Curve, FloatArray, Plane

_NO_FAMILIES = {"base", "registry", "catalogue"}


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


@lru_cache(maxsize=64)
def _computable(
    curves: frozenset[Curve], planes: frozenset[Plane]
) -> tuple[tuple[str, Feature], ...]:
    return tuple(
        (name, f)
        for name, f in FEATURES.items()
        if f.per_stride is not None and curves.issuperset(f.curves) and planes.issuperset(f.planes)
    )


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
    stride = StrideData(curves, times, leg_length_m)
    return {
        name: f.per_stride(stride)
        for name, f in _computable(frozenset(curves), frozenset(planes))
        if f.per_stride is not None
    }
