"""Strides as the feature functions see them, and what is taken of their curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import CYCLE_POINTS, Curve, FloatArray

Times = TypeVar("Times", float, FloatArray)


class StrideTimes(NamedTuple, Generic[Times]):
    """The five contacts of a stride, or of several, in session seconds, in their order."""

    start_s: Times
    opposite_final_contact_s: Times
    opposite_initial_contact_s: Times
    final_contact_s: Times
    end_s: Times


class StrideData:
    """Strides as the feature functions see them: n at once, because one alone costs as much.

    What is computed of a stride must not depend, to the last bit, on those beside it: products
    of matrices are taken stride by stride.

    Parameters
    ----------
    curves : mapping of Curve to ndarray, shape (n, 101)
    times : StrideTimes of ndarray, shape (n,)
    leg_length_m : float
    """

    def __init__(
        self,
        curves: Mapping[Curve, FloatArray],
        times: StrideTimes[FloatArray],
        leg_length_m: float,
    ) -> None:
        self.curves = curves
        self.times = times
        self.leg_length_m = leg_length_m
        self.stride_time_s = times.end_s - times.start_s

    @property
    def stance_percent(self) -> FloatArray:
        return 100.0 * (self.times.final_contact_s - self.times.start_s) / self.stride_time_s

    @cached_property
    def pelvis_spectrum(self) -> NDArray[np.complex128]:
        """Harmonics 1 … 20 of pelvis acceleration, complex, shape (n, 3, 20), as amplitudes.

        Rows as in `PELVIS_ACCELERATION`.
        """
        rows = np.stack([self.curves[axis][:, :-1] for axis in PELVIS_ACCELERATION], axis=1)
        return (rows @ _HARMONIC_BASIS).view(np.complex128)

    @cached_property
    def harmonic_sums(self) -> FloatArray:
        """Amplitudes of the odd and of the even harmonics added: shape (n, 3, 2)."""
        return np.sqrt(self._power) @ _ODD_EVEN

    @cached_property
    def harmonic_powers(self) -> FloatArray:
        """Squared amplitudes of the odd and of the even harmonics added, as above."""
        return self._power @ _ODD_EVEN

    @cached_property
    def _power(self) -> FloatArray:
        spectrum = self.pelvis_spectrum
        return np.square(spectrum.real) + np.square(spectrum.imag)

    @cached_property
    def lateral_sway_m(self) -> FloatArray:
        """Lateral pelvis displacement at 0 … 99 %, own side +, mean removed; shape (n, 100).

        Integrated twice harmonic by harmonic, as a stride of steady walking closes on itself:
        that leaves no drift, and no displacement slower than the stride.
        """
        acceleration = self.pelvis_spectrum[:, 2, : _SWAY_ORDER.size]
        omega = (2.0 * np.pi / self.stride_time_s)[:, np.newaxis] * _SWAY_ORDER
        displacement = (acceleration / -(omega * omega)).view(np.float64)
        return (displacement[:, np.newaxis] @ _SWAY_BASIS)[:, 0]


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


class Reduction(StrEnum):
    """What is taken of a window of a curve."""

    LOWEST = "lowest"
    HIGHEST = "highest"
    AVERAGE = "average"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Window:
    """A reduction of one curve from `start` to `end` per cent, both included."""

    reduction: Reduction
    curve: Curve
    start: int = 0
    end: int = CYCLE_POINTS - 1

    @property
    def points(self) -> int:
        return self.end + 1 - self.start

    def __call__(self, strides: StrideData) -> FloatArray:
        values = strides.curves[self.curve][:, self.start : self.end + 1]
        match self.reduction:
            case Reduction.LOWEST:
                return np.minimum.reduce(values, axis=1)
            case Reduction.HIGHEST:
                return np.maximum.reduce(values, axis=1)
            case Reduction.AVERAGE:
                return np.add.reduce(values, axis=1) / self.points
            case Reduction.RANGE:
                return np.maximum.reduce(values, axis=1) - np.minimum.reduce(values, axis=1)


def lowest(curve: Curve, start: int, end: int) -> Window:
    return Window(Reduction.LOWEST, curve, start, end)


def highest(curve: Curve, start: int, end: int) -> Window:
    return Window(Reduction.HIGHEST, curve, start, end)


def average(curve: Curve, start: int, end: int) -> Window:
    return Window(Reduction.AVERAGE, curve, start, end)


def span(curve: Curve) -> Window:
    return Window(Reduction.RANGE, curve)
