"""What a stride of one leg showed, a moment after it showed: the ground for target cues.

A reading takes the same window of the same angle as the feature that it is named after, but
does not wait for the stride to end: the share of the stride is told by the strides before.
It says nothing of a leg that is not walking steadily.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import hypot
from statistics import fmean, stdev
from typing import Protocol

import numpy as np

from dashboards.biofeedback.rhythm import Rhythm
from dashboards.view_models.angle_history import AngleHistory
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.features.base import Feature
from pipeline.features.stride_data import Reduction, Window
from pipeline.features.timing import CONTACT_BIAS_SD_MS
from pipeline.gait import GaitEvent
from recordings.placement import Side

_KEPT_S = 4.0
_REDUCE: dict[Reduction, Callable] = {Reduction.HIGHEST: np.max, Reduction.LOWEST: np.min}


@dataclass(frozen=True, slots=True)
class Reading:
    """One stride of one leg.

    Attributes
    ----------
    side : Side
    value, error : float
        In the unit of the feature; 95 % half-width of the measurement error.
    time_s : float
        When the last of what it rests on happened.
    """

    side: Side
    value: float
    error: float
    time_s: float


class Reader(Protocol):
    """Turns what becomes known into readings."""

    def process(
        self, contacts: Iterable[GaitEvent], angles: Iterable[AngleBlock]
    ) -> list[Reading]: ...


class StanceReader:
    """Reads a window of the stride from the early angles.

    Parameters
    ----------
    feature : Feature
        Its window is read, the highest or lowest value in it.
    column : callable
        Side → name of the angle and the sign that makes it the feature's curve.
    """

    def __init__(self, feature: Feature, column: Callable[[Side], tuple[str, float]]) -> None:
        assert isinstance(feature.per_stride, Window)
        self._window = feature.per_stride
        self._reduce = _REDUCE[self._window.reduction]
        self._error = feature.error
        self._columns = {side: column(side) for side in Side}
        self._rhythm = Rhythm()
        self._angles = AngleHistory(_KEPT_S)
        self._open: deque[tuple[float, float, Side]] = deque()

    def process(self, contacts: Iterable[GaitEvent], angles: Iterable[AngleBlock]) -> list[Reading]:
        for block in angles:
            self._angles.take_early(block)
        for contact in sorted(contacts):
            if not self._rhythm.take(contact) or contact.side is None:
                continue
            stride_s = self._rhythm.stride_time_s(contact.side)
            if stride_s is not None:
                share = 0.01 * stride_s
                begin_s = contact.time_s + self._window.start * share
                self._open.append(
                    (contact.time_s + self._window.end * share, begin_s, contact.side)
                )
        found: list[Reading] = []
        if self._angles.end_s is None:
            return found
        # The newest rows are not smoothed yet.
        # Only now, as it stands for half of the pipeline: a window must not wait for it.
        from pipeline.angle_series import SMOOTHED_AFTER_S

        smoothed_s = self._angles.end_s - SMOOTHED_AFTER_S
        while self._open and self._open[0][0] <= smoothed_s:
            end_s, begin_s, side = self._open.popleft()
            column, sign = self._columns[side]
            _, rows = self._angles.window(end_s, end_s - begin_s)
            values = sign * rows[:, ANGLE_COLUMNS.index(column)]
            # A gap could hide the very peak.
            if len(values) and np.isfinite(values).all():
                found.append(Reading(side, float(self._reduce(values)), self._error, end_s))
        return found


_STEPS_A_LEG = 4


class StepTimeReader:
    """Reads how much shorter the steps of one leg are, over its last steps.

    The value is the difference in per cent of the mean step time, always of the leg whose
    steps are shorter. Its error holds the bias that the contacts of one leg may have.
    """

    def __init__(self) -> None:
        self._rhythm = Rhythm()

    def process(self, contacts: Iterable[GaitEvent], angles: Iterable[AngleBlock]) -> list[Reading]:
        found: list[Reading] = []
        for contact in sorted(contacts):
            if not self._rhythm.take(contact) or contact.side is None:
                continue
            side = contact.side
            own = self._rhythm.step_times_s(side, _STEPS_A_LEG)
            other = self._rhythm.step_times_s(side.other, _STEPS_A_LEG)
            if min(len(own), len(other)) < _STEPS_A_LEG:
                continue
            percent = 100.0 / (0.5 * (fmean(own) + fmean(other)))
            value = percent * (fmean(other) - fmean(own))
            if value <= 0:
                continue
            bias_s = 1.96 * 2.0 * CONTACT_BIAS_SD_MS * 1e-3
            spread_s = 1.96 * hypot(stdev(own), stdev(other)) / _STEPS_A_LEG**0.5
            error = percent * hypot(bias_s, spread_s)
            found.append(Reading(side, value, error, contact.time_s))
        return found
