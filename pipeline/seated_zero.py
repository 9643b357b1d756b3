"""Seated zero: what sitting says about the stance that all angles are counted from.

Sensors that are zeroed while standing cannot know whether that stance had straight knees.
A second pose with known angles can tell: seated, with the shanks upright and the thighs
level, a knee is bent by 90°. What is missing from 90° there was the knee's angle while
standing. A person finds that pose to about ±5°.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import numpy as np

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ
from pipeline.stages.kinematics import Channel
from recordings.metadata import SecondZero
from recordings.placement import Side

SEATED_KNEE_DEG = 90.0
SETTLING_S = 0.5
MAX_POSE_S = 30.0
MIN_POSE_S = 1.0
MIN_THIGH_DEG = 50.0
"""A thigh that leans less than this is not that of a seated person."""

_ROWS = np.array(
    [
        Channel.KNEE_FLEXION_LEFT,
        Channel.KNEE_FLEXION_RIGHT,
        Channel.THIGH_LEAN_LEFT,
        Channel.THIGH_LEAN_RIGHT,
    ]
)


@dataclass(slots=True)
class _Pose:
    start_s: float
    end_s: float = np.inf
    parts: list[tuple[int, FloatArray]] = field(default_factory=list)


class SeatedZero:
    """Keeps the knee angles of announced seated poses."""

    def __init__(self) -> None:
        self._poses: list[_Pose] = []

    def begin(self, time_s: float) -> None:
        """A seated pose begins."""
        self._poses.append(_Pose(time_s))

    def end(self, time_s: float) -> None:
        """The seated pose that was begun last ends."""
        if self._poses:
            self._poses[-1].end_s = time_s

    def process(self, start: int, channels: FloatArray) -> None:
        """Look at the next grid points of the smoothed kinematics."""
        for pose in self._poses:
            first = max(start, round((pose.start_s + SETTLING_S) * GRID_RATE_HZ))
            last = min(start + channels.shape[1], round((pose.start_s + MAX_POSE_S) * GRID_RATE_HZ))
            if first < last:
                pose.parts.append((first, channels[_ROWS, first - start : last - start].copy()))

    def second_zero(self, entered: SecondZero) -> SecondZero:
        """The entered angles, completed by what sitting shows; entered ones stand."""
        for pose in self._poses:
            found = _standing_knee_deg(pose)
            missing = {
                name: found[side]
                for side in found
                if getattr(entered, name := f"knee_flexion_{side}_deg") is None
            }
            if missing:
                return msgspec.structs.replace(entered, **missing)
        return entered


def _standing_knee_deg(pose: _Pose) -> dict[Side, float]:
    """Knee flexion of the standing pose by side, where the seated one was plausible."""
    end = pose.end_s * GRID_RATE_HZ
    data = [part[:, : max(0, int(min(end - first, part.shape[1])))] for first, part in pose.parts]
    if not data:
        return {}
    knee_left, knee_right, thigh_left, thigh_right = np.concatenate(data, axis=1)
    found = {}
    for side, knee, thigh in (
        (Side.LEFT, knee_left, thigh_left),
        (Side.RIGHT, knee_right, thigh_right),
    ):
        known = np.isfinite(knee) & np.isfinite(thigh)
        if known.sum() < MIN_POSE_S * GRID_RATE_HZ:
            continue
        if np.rad2deg(np.median(thigh[known])) >= MIN_THIGH_DEG:
            found[side] = SEATED_KNEE_DEG - float(np.rad2deg(np.median(knee[known])))
    return found
