"""Orient: one sensor's acceleration and angular rate → its orientation against earth.

Contract
--------
Input    Grid points of one sensor, gyroscope bias removed.
Output   Quaternion sensor → earth per grid point (earth z up, heading free), and which of
         them can be trusted.
Latency  None.
State    The filter's own (VQF, Laidig and Seel 2023, Information Fusion 91:187): constant.
Gap      Up to `CARRY_S` the motion is interpolated inside the filter, so that the heading
         carries on; the missing points themselves stay NaN. After a longer gap the filter
         starts again, keeps its bias, and is not trusted for `SETTLE_S`; its heading is
         then a new one, and `restarts` says so.
Finish   Nothing to close.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GRID_STEP_S, SensorGrid, true_runs

CARRY_S = 0.2
"""Lost bursts up to here cost 1-2° of inclination when interpolated; longer ones far more."""

SETTLE_S = 1.5
"""Half of VQF's accelerometer time constant: what its start-up average needs while walking."""

_CARRY = round(CARRY_S * GRID_RATE_HZ)
_SETTLE = round(SETTLE_S * GRID_RATE_HZ)


class Orienter:
    """Six-axis orientation of one sensor.

    Parameters
    ----------
    bias_rad_s : ndarray, shape (3,)
        Gyroscope bias, known from rest. VQF limits its own estimate to 2 °/s; a larger
        bias would otherwise turn into tilt.
    """

    def __init__(self, bias_rad_s: FloatArray) -> None:
        self._bias = bias_rad_s[:, np.newaxis]
        self._filter = VQF(GRID_STEP_S)
        self._last = np.empty((6, 0))
        self._gap = 0
        self._untrusted = 0

    def process(self, sensor: SensorGrid) -> tuple[FloatArray, NDArray[np.bool_], list[int]]:
        """Orient the next grid points.

        Returns
        -------
        quaternion : ndarray, shape (4, n)
            NaN inside gaps.
        trusted : ndarray of bool, shape (n,)
            False inside gaps and while the filter settles after a restart.
        restarts : list of int
            Positions in this piece from where on the heading is a new one.
        """
        n = len(sensor.valid)
        quaternion = np.full((4, n), np.nan)
        trusted = sensor.valid.copy()
        restarts: list[int] = []
        for first, last in true_runs(sensor.valid):
            if first > 0:
                self._gap += first - self._position(sensor.valid, first)
            acc = sensor.acc[:, first:last]
            gyr = sensor.gyr[:, first:last] - self._bias
            if self._gap:
                if self._resume(acc[:, 0], gyr[:, 0]):
                    restarts.append(first)
                self._gap = 0
            out = self._filter.updateBatch(
                np.ascontiguousarray(gyr.T), np.ascontiguousarray(acc.T)
            )["quat6D"]
            quaternion[:, first:last] = out.T
            if self._untrusted:
                doubtful = min(self._untrusted, last - first)
                trusted[first : first + doubtful] = False
                self._untrusted -= doubtful
            self._last = np.concatenate((acc[:, -1:], gyr[:, -1:]))
        if n and not sensor.valid[-1]:
            self._gap += n - self._position(sensor.valid, n)
        return quaternion, trusted, restarts

    @staticmethod
    def _position(valid: NDArray[np.bool_], before: int) -> int:
        """Where the invalid stretch that ends at `before` begins."""
        earlier = np.flatnonzero(valid[:before])
        return int(earlier[-1]) + 1 if len(earlier) else 0

    def _resume(self, acc: FloatArray, gyr: FloatArray) -> bool:
        """Bring the filter across a gap; True if its heading begins anew."""
        started = bool(self._last.shape[1])
        if not started and self._gap <= _CARRY:
            # Sensors begin within a few samples of each other; nothing is broken by that.
            return False
        if self._gap <= _CARRY:
            weight = np.arange(1, self._gap + 1) / (self._gap + 1)
            before, after = self._last, np.concatenate((acc, gyr))[:, np.newaxis]
            carried = before + weight * (after - before)
            self._filter.updateBatch(
                np.ascontiguousarray(carried[3:].T), np.ascontiguousarray(carried[:3].T)
            )
            return False
        if started:
            bias, sigma = self._filter.getBiasEstimate()
            self._filter = VQF(GRID_STEP_S)
            self._filter.setBiasEstimate(bias, sigma)
        self._untrusted = _SETTLE
        return True
