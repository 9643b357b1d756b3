"""Curve rows: the curves of one stride, side by side in one array."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

import numpy as np

from pipeline.gait import Curve, FloatArray


class CurveRows(Mapping[Curve, FloatArray]):
    """A mapping of Curve to ndarray, shape (101,), whose arrays lie in one.

    Many strides are worked on at once: joining one array of each is much quicker than joining
    a dozen, and no array is made for a curve that nobody asks for.

    Parameters
    ----------
    names : tuple of Curve
    rows : ndarray, shape (len(names), 101)
    """

    __slots__ = ("names", "rows")

    def __init__(self, names: tuple[Curve, ...], rows: FloatArray) -> None:
        self.names = names
        self.rows = rows

    @staticmethod
    def of(curves: Mapping[Curve, FloatArray]) -> CurveRows:
        """Any mapping of curves."""
        if isinstance(curves, CurveRows):
            return curves
        return CurveRows(tuple(curves), np.array(list(curves.values())))

    def without(self, hidden: Set[Curve]) -> CurveRows:
        """These curves but for some."""
        if any(name in hidden for name in self.names):
            shown = [i for i, name in enumerate(self.names) if name not in hidden]
            return CurveRows(tuple(self.names[i] for i in shown), self.rows[shown])
        return self

    def __getitem__(self, curve: Curve) -> FloatArray:
        try:
            return self.rows[self.names.index(curve)]
        except ValueError:
            raise KeyError(curve) from None

    def __contains__(self, curve: object) -> bool:
        return curve in self.names

    def __iter__(self) -> Iterator[Curve]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
