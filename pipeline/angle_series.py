"""Angle series: kinematic channels → the columns of `pipeline.angles`, for a sink.

Rows leave about two seconds after their time, because the rotation of the pelvis is known only
when the direction of travel is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.gait import FloatArray, Plane
from pipeline.grid import GRID_STEP_S, grid_time_s
from pipeline.stages.kinematics import Channel
from pipeline.stages.smooth import DELAY
from pipeline.stages.travel_direction import TravelDirection

AngleSink = Callable[[AngleBlock], None]

SMOOTHED_AFTER_S = DELAY * GRID_STEP_S
"""How much later than it was felt an angle is smoothed."""

_UNKNOWN_BLOCK = 2000
_ROTATION = "pelvis_rotation_deg"
_SOURCES: Mapping[str, tuple[Channel, Plane]] = {
    "pelvis_tilt_deg": (Channel.PELVIS_TILT, Plane.SAGITTAL),
    "pelvis_obliquity_deg": (Channel.PELVIS_OBLIQUITY, Plane.FRONTAL),
    _ROTATION: (Channel.PELVIS_HEADING, Plane.TRANSVERSE),
    "hip_flexion_left_deg": (Channel.HIP_FLEXION_LEFT, Plane.SAGITTAL),
    "hip_adduction_left_deg": (Channel.HIP_ADDUCTION_LEFT, Plane.FRONTAL),
    "hip_rotation_left_deg": (Channel.HIP_ROTATION_LEFT, Plane.TRANSVERSE),
    "hip_flexion_right_deg": (Channel.HIP_FLEXION_RIGHT, Plane.SAGITTAL),
    "hip_adduction_right_deg": (Channel.HIP_ADDUCTION_RIGHT, Plane.FRONTAL),
    "hip_rotation_right_deg": (Channel.HIP_ROTATION_RIGHT, Plane.TRANSVERSE),
    "thigh_inclination_left_deg": (Channel.THIGH_LEAN_LEFT, Plane.SAGITTAL),
    "thigh_inclination_right_deg": (Channel.THIGH_LEAN_RIGHT, Plane.SAGITTAL),
    "knee_flexion_left_deg": (Channel.KNEE_FLEXION_LEFT, Plane.SAGITTAL),
    "knee_flexion_right_deg": (Channel.KNEE_FLEXION_RIGHT, Plane.SAGITTAL),
}


class EarlyAngles:
    """Feeds a sink with what is known of the angles: as they are felt, then as they are smoothed.

    A screen shows a movement within a tenth of a second only if it does not wait for the
    smoothing. So each time comes twice, and what comes later counts.

    Parameters
    ----------
    refused : mapping of Plane to str
        Planes whose angles stay NaN; the rotation of the pelvis always does.
    sink : callable
        Receives `AngleBlock`s.
    """

    def __init__(self, refused: Mapping[Plane, str], sink: AngleSink) -> None:
        self._sink = sink
        self._rows = np.array([_SOURCES[name][0] for name in ANGLE_COLUMNS])
        self._hidden = np.array(
            [name == _ROTATION or _SOURCES[name][1] in refused for name in ANGLE_COLUMNS]
        )

    def process(self, start: int, channels: FloatArray) -> None:
        """Pass on grid points from `start` on, new or smoothed."""
        if not channels.shape[1]:
            return
        rows = channels[self._rows]
        rows[self._hidden] = np.nan
        index = np.arange(start, start + channels.shape[1])
        self._sink(AngleBlock(np.asarray(grid_time_s(index)), np.rad2deg(rows).T))


class AngleSeries:
    """Feeds a sink with the angles of one calibration epoch.

    Parameters
    ----------
    refused : mapping of Plane to str
        Planes whose angles stay NaN.
    sink : callable
        Receives `AngleBlock`s in time order.
    """

    def __init__(self, refused: Mapping[Plane, str], sink: AngleSink) -> None:
        self._sink = sink
        self._rows = np.array([_SOURCES[name][0] for name in ANGLE_COLUMNS])
        self._hidden = np.array([_SOURCES[name][1] in refused for name in ANGLE_COLUMNS])
        self._direction = TravelDirection()
        self._waiting = np.empty((len(ANGLE_COLUMNS), 0))
        self._next = 0

    def unknown(self, start: int, end: int) -> None:
        """Rows for the time before the stretch to which the axes are applied."""
        for first in range(start, end, _UNKNOWN_BLOCK):
            index = np.arange(first, min(first + _UNKNOWN_BLOCK, end))
            empty = np.full((len(index), len(ANGLE_COLUMNS)), np.nan)
            self._sink(AngleBlock(np.asarray(grid_time_s(index)), empty))

    def process(self, start: int, channels: FloatArray) -> None:
        """Take the next grid points; pass on the rows that are complete."""
        if not channels.shape[1]:
            return
        if not self._waiting.shape[1]:
            self._next = start
        self._waiting = np.concatenate((self._waiting, channels[self._rows]), axis=1)
        self._pass_on(self._direction.process(channels[Channel.PELVIS_HEADING]))

    def finish(self) -> None:
        self._pass_on(self._direction.finish())

    def _pass_on(self, rotation: FloatArray) -> None:
        n = len(rotation)
        if not n:
            return
        rows, self._waiting = self._waiting[:, :n].copy(), self._waiting[:, n:]
        # The heading is held through gaps; its neighbour in the list knows where they are.
        known = np.isfinite(rows[ANGLE_COLUMNS.index("pelvis_tilt_deg")])
        rows[ANGLE_COLUMNS.index(_ROTATION)] = np.where(known, rotation, np.nan)
        rows[self._hidden] = np.nan
        index = np.arange(self._next, self._next + n)
        self._next += n
        self._sink(AngleBlock(np.asarray(grid_time_s(index)), np.rad2deg(rows).T))
