"""Filters that keep their state exactly: a stream in pieces gives the bits of the whole."""

from __future__ import annotations

from functools import cache

import numpy as np
import scipy

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ


class StreamFilter:
    """A cascade of second-order sections over ``(channels, n)`` or ``(n,)`` pieces.

    Parameters
    ----------
    sos : ndarray, shape (sections, 6)
    channels : int or None
        None for one-dimensional pieces.
    """

    def __init__(self, sos: FloatArray, channels: int | None = None) -> None:
        shape = (2,) if channels is None else (channels, 2)
        self._sections = [(section[:3], section[3:]) for section in sos]
        self._states = [np.zeros(shape) for _ in sos]

    def __call__(self, x: FloatArray) -> FloatArray:
        if not x.shape[-1]:
            return x
        # Section by section through `lfilter`: on a live chunk `sosfilt`, which does the same,
        # takes six times as long.
        for i, (b, a) in enumerate(self._sections):
            x, self._states[i] = scipy.signal.lfilter(b, a, x, axis=-1, zi=self._states[i])
        return x


@cache
def bessel_low_pass(cutoff_hz: float, order: int = 2) -> FloatArray:
    """Bessel low-pass with nearly constant delay below the cut-off."""
    return np.asarray(
        scipy.signal.bessel(order, cutoff_hz, norm="delay", output="sos", fs=GRID_RATE_HZ)
    )


@cache
def butter_low_pass(cutoff_hz: float, order: int = 2) -> FloatArray:
    """Butterworth low-pass on the grid."""
    return np.asarray(scipy.signal.butter(order, cutoff_hz, output="sos", fs=GRID_RATE_HZ))


@cache
def butter_band_pass(low_hz: float, high_hz: float, order: int = 2) -> FloatArray:
    """Butterworth band-pass on the grid."""
    edges = (low_hz, high_hz)
    return np.asarray(
        scipy.signal.butter(order, edges, btype="bandpass", output="sos", fs=GRID_RATE_HZ)
    )


def phase_delay_s(sos: FloatArray, frequency_hz: float) -> float:
    """Delay of a sinusoid of one frequency through a filter."""
    delay = np.exp(-2j * np.pi * frequency_hz / GRID_RATE_HZ)
    powers = np.array([1.0, delay, delay**2])
    response = np.prod([(section[:3] @ powers) / (section[3:] @ powers) for section in sos])
    return float(-np.angle(response) / (2 * np.pi * frequency_hz))
