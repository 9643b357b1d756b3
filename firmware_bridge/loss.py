"""How many samples of a sensor did not arrive, as far as its protocol can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices.base import DecodedSamples


@dataclass(frozen=True, slots=True)
class LossReport:
    """Loss since the sensor was first heard.

    Attributes
    ----------
    received : int
        Samples.
    lost : int or None
        Samples; None where the protocol shows no loss.
    gaps : int or None
        Stretches of lost samples as they were met; a late packet may fill one later,
        which lowers `lost` only.
    longest_gap : int
        Samples.
    """

    received: int
    lost: int | None
    gaps: int | None
    longest_gap: int


class LossMeter:
    """Counts losses from sample counters, or else from steps of the device clock.

    Parameters
    ----------
    rate_hz : float
        Sampling rate, for sensors that have a clock and no counter.
    """

    def __init__(self, rate_hz: float) -> None:
        self._period_us = 1e6 / rate_hz
        self._last: int | None = None
        self._received = 0
        self._lost = 0
        self._gaps = 0
        self._longest = 0
        self._shows_loss = True

    def feed(self, decoded: DecodedSamples) -> None:
        """Take what a decoder returned."""
        self._received += len(decoded)
        if decoded.restarted:
            self._last = None
        if decoded.counter is not None:
            self._follow(decoded.counter, 1.0)
        elif decoded.device_time_us is not None:
            self._follow(decoded.device_time_us, self._period_us)
        else:
            self._shows_loss = False

    def report(self) -> LossReport:
        if not self._shows_loss:
            return LossReport(self._received, None, None, 0)
        return LossReport(self._received, self._lost, self._gaps, self._longest)

    def _follow(self, marks: NDArray[np.int64], unit: float) -> None:
        first = int(marks[0])
        if self._last is not None and first < self._last:
            self._lost = max(self._lost - len(marks), 0)  # late, and not lost after all
            return
        before = [] if self._last is None else [self._last]
        steps = np.rint(np.diff(marks, prepend=before) / unit).astype(np.int64)
        missing = steps[steps > 1] - 1
        if missing.size:
            self._lost += int(missing.sum())
            self._gaps += int(missing.size)
            self._longest = max(self._longest, int(missing.max()))
        self._last = int(marks[-1])
