"""What the strip of a whole walk shows of each leg: hip flexion, or until then the raw signal."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from dashboards.recorded.read_walk import RAW_COLUMNS
from dashboards.view_models.recorded_walk import RecordedWalk
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import FloatArray
from recordings.placement import Placement, Side

_HIP_RANGE_DEG = (-30.0, 60.0)
_RATE_RANGE_RAD_S = (-7.0, 7.0)
_THIGHS = {Side.LEFT: Placement.THIGH_LEFT, Side.RIGHT: Placement.THIGH_RIGHT}
_RATES = tuple(i for i, name in enumerate(RAW_COLUMNS) if name.startswith("gyr"))


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One leg over the whole walk.

    Attributes
    ----------
    raw : bool
        The turning rate of the thigh sensor about its three axes, not an angle.
    envelope : ndarray, shape (bins, 2)
        Lowest and highest of equal stretches, 0 to 1 from the bottom of the lane to its top.
    """

    raw: bool
    envelope: FloatArray


def overview_lane(walk: RecordedWalk, side: Side, bins: int) -> Lane:
    """One leg in so many stretches of time; NaN where nothing is known.

    While a walk is analysed, what is not analysed yet stays empty once there are angles.
    """
    end_s = walk.duration_s
    raw = not len(walk.angles)
    if not raw:
        column = ANGLE_COLUMNS.index(f"hip_flexion_{side}_deg")
        envelope = walk.angles.envelope(column, 0.0, end_s, bins)
        low, high = _HIP_RANGE_DEG
    elif (series := walk.raw.get(_THIGHS[side])) is not None:
        parts = np.stack([series.envelope(column, 0.0, end_s, bins) for column in _RATES])
        lows, highs = np.fmin.reduce(parts[..., 0]), np.fmax.reduce(parts[..., 1])
        envelope = np.stack((lows, highs), axis=1)
        low, high = _RATE_RANGE_RAD_S
    else:
        return Lane(raw, np.full((bins, 2), nan))
    return Lane(raw, np.clip((envelope - low) / (high - low), 0.0, 1.0))
