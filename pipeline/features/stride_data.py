"""One stride as the feature functions see it, and what is taken of its curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import CYCLE_POINTS, Curve, FloatArray


class StrideTimes(NamedTuple):
    """The five contacts of a stride, in session seconds, in their order."""

    start_s: float
    opposite_final_contact_s: float
    opposite_initial_contact_s: float
    final_contact_s: float
    end_s: float


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
