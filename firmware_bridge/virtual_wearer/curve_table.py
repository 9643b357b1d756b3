"""Periodic curves that change smoothly with speed, evaluated for whole time series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

HARMONICS = 8
SPEED_DEGREE = 4
GATE_M_S = 0.25
"""Below about this speed every curve fades to its standing value."""


class CurveTable:
    """Named curves as Fourier coefficients that are polynomials in walking speed.

    At speed 0 every curve is exactly its standing value: starting, stopping and standing
    are part of the same family, and each quantity is smooth in phase and in speed.
    """

    def __init__(
        self,
        speeds_m_s: Sequence[float],
        curves: Sequence[Mapping[str, FloatArray]],
        standing: Mapping[str, float],
    ) -> None:
        """Fit; `curves[i]` holds one cycle of every curve at ``speeds_m_s[i]``."""
        self.names = tuple(curves[0])
        speeds = np.asarray(speeds_m_s)
        powers = _speed_basis(speeds)[1:].T
        self._table: dict[str, FloatArray] = {}
        for name in self.names:
            rows = np.array([_coefficients(cycle[name]) for cycle in curves])
            at_rest = np.zeros(2 * HARMONICS + 1)
            at_rest[0] = standing[name]
            fitted = np.linalg.lstsq(powers, rows - at_rest, rcond=None)[0]
            self._table[name] = np.asarray(
                np.concatenate((at_rest[None], fitted)).T, dtype=np.float64
            )

    def evaluate(
        self, names: Sequence[str], phase: FloatArray, speed_m_s: FloatArray
    ) -> dict[str, FloatArray]:
        """Curves at phases (cycles, any number of them) and speeds, each shape (n,)."""
        basis = _basis(phase)
        powers = _speed_basis(speed_m_s)
        # Plain loops: these products are too flat for a threaded matrix multiplication.
        return {
            name: np.einsum("in,in->n", np.einsum("ij,jn->in", self._table[name], powers), basis)
            for name in names
        }


def _speed_basis(speed_m_s: FloatArray) -> FloatArray:
    """1, then a gate that opens smoothly from standing times powers of speed."""
    gate = 1.0 - np.exp(-((speed_m_s / GATE_M_S) ** 2))
    powers = [gate * speed_m_s**k for k in range(SPEED_DEGREE)]
    return np.stack([np.ones_like(speed_m_s), *powers])


def _coefficients(cycle: FloatArray) -> FloatArray:
    spectrum = np.fft.rfft(cycle)[: HARMONICS + 1] / cycle.size
    return np.r_[spectrum[0].real, 2 * spectrum[1:].real, -2 * spectrum[1:].imag]


def _basis(phase: FloatArray) -> FloatArray:
    turn = np.exp(2j * np.pi * (phase % 1.0))
    basis = np.empty((2 * HARMONICS + 1, phase.size))
    basis[0] = 1.0
    power = np.ones_like(turn)
    for k in range(1, HARMONICS + 1):
        power = power * turn
        basis[k] = np.real(power)
        basis[HARMONICS + k] = np.imag(power)
    return basis
