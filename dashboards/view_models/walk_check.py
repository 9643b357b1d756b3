"""Do the sensors move as their places do? Told from the first steps of a walk.

Only sizes of turning rates are compared, so that nothing needs to be calibrated: a pelvis
turns less than the thighs, a thigh less than its shank, and the thighs take turns. On
virtual walkers the rates of pelvis : thigh : shank are about 1 : 2.5 : 4.5, and the thighs
correlate with 0.0–0.45; two sensors on one thigh correlate with nearly 1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from dashboards.window import words
from pipeline.gait import FloatArray
from recordings.placement import SHANKS, THIGHS, Placement, Side
from recordings.samples import ImuSamples

if TYPE_CHECKING:
    from dashboards.live_news import Look

SPAN_S = 6.0
_RATE_HZ = 50.0
_SMOOTH = 5
_WALKING_RAD_S = 0.6
"""Both thighs turn at least this fast (root mean square) in a slow walk."""
_ALIKE = 0.8
_TOO_MUCH = 1.3

UNFIT_AFTER_S = 25.0
"""So long after standing, a calibration that still does not do says why."""

SAME_LEG = (
    "Both thigh sensors move alike, as if they were on one leg. Put one on each thigh, then go "
    "back and place them again."
)
EXCHANGED = (
    "The {upper} sensor turns more than the {lower} sensor, as if the two were exchanged. Exchange "
    "them, or go back and place them again."
)


class WalkCheck:
    """Keeps the turning rates of the last seconds."""

    def __init__(self) -> None:
        self._parts: dict[Placement, deque[tuple[FloatArray, FloatArray]]] = {}

    def feed(self, samples: Iterable[ImuSamples]) -> None:
        for part in samples:
            if not len(part):
                continue
            kept = self._parts.setdefault(part.placement, deque())
            kept.append((part.time_s, np.linalg.norm(part.gyr_rad_s, axis=1)))
            while kept[0][0][-1] < part.time_s[-1] - SPAN_S - 1.0:
                kept.popleft()

    @property
    def problem(self) -> str:
        """What seems to be wrong, and what to do; empty if nothing, or while nobody walks."""
        rates = self._rates()
        size = {p: float(np.sqrt(np.mean(rate**2))) for p, rate in rates.items()}
        left, right = (THIGHS[side] for side in Side)
        if min(size.get(p, 0.0) for p in (left, right, Placement.PELVIS)) <= 0.0:
            return ""
        if min(size[left], size[right]) < _WALKING_RAD_S and size[Placement.PELVIS] < (
            _WALKING_RAD_S
        ):
            return ""
        if np.corrcoef(rates[left], rates[right])[0, 1] > _ALIKE:
            return SAME_LEG
        pairs = [(Placement.PELVIS, thigh) for thigh in THIGHS.values()]
        pairs += [(THIGHS[side], SHANKS[side]) for side in Side if SHANKS[side] in size]
        for upper, lower in pairs:
            if size[upper] > _TOO_MUCH * size[lower]:
                return EXCHANGED.format(upper=upper.label, lower=lower.label)
        return ""

    def _rates(self) -> Mapping[Placement, FloatArray]:
        """Size of the turning rate over the last seconds, all on one grid, a little smoothed."""
        ends = [float(kept[-1][0][-1]) for kept in self._parts.values()]
        begins = [float(kept[0][0][0]) for kept in self._parts.values()]
        if not ends or min(ends) - max(begins) < SPAN_S:
            return {}
        grid = min(ends) - SPAN_S + np.arange(round(SPAN_S * _RATE_HZ)) / _RATE_HZ
        smooth = np.ones(_SMOOTH) / _SMOOTH
        rates = {}
        for placement, kept in self._parts.items():
            time_s = np.concatenate([t for t, _ in kept])
            rate = np.concatenate([r for _, r in kept])
            rates[placement] = np.convolve(np.interp(grid, time_s, rate), smooth, "valid")
        return rates


def silent_places(look: Look, worn: Iterable[Placement]) -> tuple[Placement, ...]:
    """The worn sensors that send nothing now."""
    sending = {s.placement for s in look.sensors.values() if s.state.streams}
    return tuple(p for p in worn if p not in sending)


class WalkJudge:
    """Says what seems to be wrong in the first steps after standing.

    Parameters
    ----------
    begin_s : float
        Session time at which standing ended.
    """

    def __init__(self, begin_s: float = 0.0) -> None:
        self._begin_s = begin_s
        self._check = WalkCheck()
        self.problem = ""
        """In words; empty while nothing seems wrong."""

    def take(self, look: Look, worn: Iterable[Placement]) -> bool:
        """Take what is new; whether something else is to be said now."""
        self._check.feed(look.samples)
        before = self.problem
        if silent := silent_places(look, worn):
            self.problem = words.SETUP_SILENT.format(places=", ".join(p.label for p in silent))
        else:
            self.problem = self._check.problem or self._unfit(look)
        return self.problem != before

    def _unfit(self, look: Look) -> str:
        results = look.results
        if results is None or look.time_s - self._begin_s < UNFIT_AFTER_S:
            return ""
        return results.calibrations[-1].unfit
