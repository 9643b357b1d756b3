"""Slip watch: notices that a sensor no longer sits where it was calibrated.

A slip turns a sensor against its segment, and every angle with it, by the same amount for
the rest of the walk. What a stride looks like on average — the mean lean of thigh and
pelvis, the axis about which the thigh swings — shows it one to one (simulation: 5, 10 and
20° about each axis), while it varies by about one degree from stride to stride.

A stride that is far from its predecessors is left out at once; when `CONFIRM` in a row are
off in the same way the sensor counts as slipped from there on.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from pipeline.gait import Exclusion, Posture, Stride
from recordings.placement import Side

LEAN_LIMIT_DEG = 6.5
"""Twice what a stumble or a change of pace moves the mean of a stride by."""

AXIS_LIMIT_DEG = 12.0
"""The swing axis of one stride scatters by 2–4°."""

CONFIRM = 3
_REFERENCE = 10
_MIN_REFERENCE = 5

_LIMITS = {
    Posture.THIGH_LEAN: LEAN_LIMIT_DEG,
    Posture.THIGH_TILT: LEAN_LIMIT_DEG,
    Posture.THIGH_AXIS: AXIS_LIMIT_DEG,
    Posture.PELVIS_TILT: LEAN_LIMIT_DEG,
    Posture.PELVIS_OBLIQUITY: LEAN_LIMIT_DEG,
}


class SlipWatch:
    """Checks the strides of one calibration epoch, in order."""

    def __init__(self) -> None:
        self.remarks: tuple[str, ...] = ()
        self._recent: dict[Side, dict[Posture, deque[float]]] = {
            side: {name: deque(maxlen=_REFERENCE) for name in _LIMITS} for side in Side
        }
        self._suspicion: dict[Side, list[tuple[Posture, float]]] = {side: [] for side in Side}
        self.slipped_at_s: float | None = None

    def check(self, stride: Stride) -> tuple[Exclusion, ...]:
        """What speaks against a stride whose sensors have moved."""
        if self.slipped_at_s is not None:
            return (Exclusion.SLIPPED_SENSOR,)
        if not stride.steady:
            return ()
        recent = self._recent[stride.side]
        off = self._off(stride, recent)
        if off is None:
            self._suspicion[stride.side].clear()
            for name, value in stride.posture.items():
                recent[name].append(value)
            return ()
        suspicion = self._suspicion[stride.side]
        if suspicion and (suspicion[-1][0] is not off[0] or suspicion[-1][1] * off[1] < 0):
            suspicion.clear()
        suspicion.append(off)
        if len(suspicion) >= CONFIRM:
            self.slipped_at_s = stride.start_s
            self.remarks = (self._remark(stride, off),)
            return (Exclusion.SLIPPED_SENSOR,)
        return (Exclusion.IRREGULAR,)

    @staticmethod
    def _off(stride: Stride, recent: dict[Posture, deque[float]]) -> tuple[Posture, float] | None:
        """The measure that is furthest beyond its limit, with its change in degrees."""
        worst, worst_ratio = None, 1.0
        for name, value in stride.posture.items():
            known = recent[name]
            if len(known) < _MIN_REFERENCE:
                continue
            change, limit = value - median(known), _LIMITS[name]
            if abs(change) > worst_ratio * limit:
                worst, worst_ratio = (name, change), abs(change) / limit
        return worst

    def _remark(self, stride: Stride, off: tuple[Posture, float]) -> str:
        name, change = off
        sensor = (
            "pelvis"
            if name in (Posture.PELVIS_TILT, Posture.PELVIS_OBLIQUITY)
            else f"{stride.side} thigh"
        )
        return (
            f"The {sensor} sensor seems to have slipped by about {abs(change):.0f}° near "
            f"{stride.start_s:.0f} s; strides after that are left out. Fasten it, stand still "
            "for five seconds and calibrate again."
        )
