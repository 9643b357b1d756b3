"""A stretch of samples from one inertial sensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recordings.placement import Placement

FloatArray = NDArray[np.float64]

STORED_DECIMALS = {"time_s": 6, "acc_m_s2": 5, "gyr_rad_s": 6, "mag_ut": 3}
"""Decimals with which the session CSV stores each quantity.

Live samples are rounded to the same decimals before they are analysed, so that a
walk seen live and its replay from disk are the same numbers.
"""

LARGEST_MEASURABLE = 1e5
"""m/s² or rad/s that no sensor reaches: what is larger in a file is damage."""


@dataclass(frozen=True, slots=True, eq=False)
class ImuSamples:
    """Consecutive samples of one sensor, in the sensor's own frame.

    Attributes
    ----------
    placement : Placement
        The body segment that carries the sensor.
    time_s : ndarray, shape (n,)
        Seconds on the session clock, strictly increasing.
    acc_m_s2 : ndarray, shape (n, 3)
        Specific force (gravity included: +9.81 upwards at rest), m/s².
    gyr_rad_s : ndarray, shape (n, 3)
        Angular rate, rad/s, right-handed.
    mag_ut : ndarray, shape (n, 3), or None
        Magnetic field in µT. Recorded where it exists, never used for angles.
    """

    placement: Placement
    time_s: FloatArray
    acc_m_s2: FloatArray
    gyr_rad_s: FloatArray
    mag_ut: FloatArray | None = None

    def __post_init__(self) -> None:
        n = self.time_s.shape[0]
        if self.time_s.ndim != 1:
            raise ValueError(f"time_s must have shape (n,), not {self.time_s.shape}")
        for name in ("acc_m_s2", "gyr_rad_s", "mag_ut"):
            values = getattr(self, name)
            if values is not None and values.shape != (n, 3):
                raise ValueError(f"{name} must have shape ({n}, 3), not {values.shape}")

    def __len__(self) -> int:
        return self.time_s.shape[0]

    def __getitem__(self, rows: slice) -> ImuSamples:
        """The samples in a slice of rows, as views."""
        return ImuSamples(
            self.placement,
            self.time_s[rows],
            self.acc_m_s2[rows],
            self.gyr_rad_s[rows],
            None if self.mag_ut is None else self.mag_ut[rows],
        )

    def between(self, start_s: float, end_s: float) -> ImuSamples:
        """The samples with ``start_s <= time_s < end_s``, as views."""
        first, last = np.searchsorted(self.time_s, (start_s, end_s), side="left")
        return self[int(first) : int(last)]

    def components(self) -> FloatArray:
        """Acceleration and angular rate, a row each component, shape ``(6, n)``."""
        rows = np.empty((6, len(self)))
        rows[:3], rows[3:] = self.acc_m_s2.T, self.gyr_rad_s.T
        return rows

    def quantised(self) -> ImuSamples:
        """The same samples rounded exactly as the session CSV stores them."""
        return ImuSamples(
            self.placement,
            np.round(self.time_s, STORED_DECIMALS["time_s"]),
            np.round(self.acc_m_s2, STORED_DECIMALS["acc_m_s2"]),
            np.round(self.gyr_rad_s, STORED_DECIMALS["gyr_rad_s"]),
            None if self.mag_ut is None else np.round(self.mag_ut, STORED_DECIMALS["mag_ut"]),
        )


def concatenate(parts: Sequence[ImuSamples]) -> ImuSamples:
    """Join consecutive stretches of one sensor.

    Raises
    ------
    ValueError
        If `parts` is empty or mixes placements.
    """
    if not parts:
        raise ValueError("nothing to concatenate")
    placement = parts[0].placement
    if any(part.placement is not placement for part in parts):
        raise ValueError("cannot join samples of different placements")
    mags = [part.mag_ut for part in parts if part.mag_ut is not None]
    return ImuSamples(
        placement,
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.acc_m_s2 for part in parts]),
        np.concatenate([part.gyr_rad_s for part in parts]),
        np.concatenate(mags) if len(mags) == len(parts) else None,
    )


def no_samples(placement: Placement) -> ImuSamples:
    """An empty stretch of one sensor."""
    return ImuSamples(placement, np.empty(0), np.empty((0, 3)), np.empty((0, 3)))
