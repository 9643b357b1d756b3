"""Cycles: what the kinematic channels show over each of some gait cycles.

The times of a cycle come from `strides`; here its samples become curves over 0–100 %, seen
from the stride's own leg, and the means by which a slipped sensor is noticed. Nothing of a
cycle depends, to the last bit, on which others are cut in the same call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, ceil, degrees, floor, isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import CYCLE_POINTS, Curve, FloatArray, Posture
from pipeline.grid import GRID_RATE_HZ
from pipeline.stages.kinematics import Channel
from recordings.placement import Side


class Cut(NamedTuple):
    """One cycle: its leg, its times, and the grid points ``first … end − 1`` around them."""

    side: Side
    start_s: float
    end_s: float
    first: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Cycle:
    """What was seen over one gait cycle.

    Attributes
    ----------
    curves : mapping of Curve to ndarray, shape (101,)
        Those without a missing sample.
    posture : mapping of Posture to float
        Means over the cycle, degrees; likewise.
    thigh_range_deg : float
        Sagittal range of the stride's own thigh; NaN if a sample is missing.
    heading_change_deg : float
        How far the pelvis turned, counter-clockwise +.
    bridged_fraction : float
        Share of samples that were interpolated, 0–1.
    """

    curves: Mapping[Curve, FloatArray]
    posture: Mapping[Posture, float]
    thigh_range_deg: float
    heading_change_deg: float
    bridged_fraction: float


def cut_around(side: Side, start_s: float, end_s: float) -> Cut:
    """The grid points that enclose a stride."""
    first, end = floor(start_s * GRID_RATE_HZ), ceil(end_s * GRID_RATE_HZ) + 1
    return Cut(side, start_s, end_s, first, end)


def cut_cycles(channels: FloatArray, begin: int, cuts: Sequence[Cut]) -> list[Cycle]:
    """See several cycles at once: the numpy calls of one cost as much as those of a hundred.

    Parameters
    ----------
    channels : ndarray, shape (channels, n)
        Kinematic channels at the grid points ``begin, begin + 1, …``.
    begin : int
    cuts : sequence of Cut
        Each inside those points.
    """
    first = np.array([cut.first - begin for cut in cuts])
    end = np.array([cut.end - begin for cut in cuts])
    curves = _curves(channels, first, cuts)
    known = np.logical_and.reduce(np.isfinite(curves), axis=2).tolist()
    thigh = curves[:, _CURVES.index(Curve.THIGH_INCLINATION)]
    thigh_range = np.maximum.reduce(thigh, axis=1) - np.minimum.reduce(thigh, axis=1)
    facing = channels[Channel.PELVIS_HEADING]
    turned = np.rad2deg(facing[end - 1] - facing[first])
    postures = _postures(channels, first, end, cuts)
    bridged = _window_means(channels[Channel.BRIDGED, np.newaxis], first, end)[0]
    return [
        Cycle(
            {name: row for name, row, ok in zip(_CURVES, curves[i], known[i], strict=True) if ok},
            postures[i],
            float(thigh_range[i]),
            float(turned[i]),
            float(bridged[i]),
        )
        for i in range(len(cuts))
    ]


def _curves(channels: FloatArray, first: NDArray[np.intp], cuts: Sequence[Cut]) -> FloatArray:
    """All curves, NaN where a sample is missing; shape (cuts, curves, 101)."""
    of_side = [_SIDES.index(cut.side) for cut in cuts]
    start = np.array([[cut.start_s * GRID_RATE_HZ - cut.first] for cut in cuts])
    duration = np.array([[(cut.end_s - cut.start_s) * GRID_RATE_HZ] for cut in cuts])
    last = np.array([[cut.end - cut.first - 2] for cut in cuts])
    position = start + _CYCLE * duration
    left = np.minimum(position.astype(np.intp), last)
    weight = (position - left)[:, np.newaxis]
    rows, points = _CURVE_ROWS[of_side], (first[:, np.newaxis] + left)[:, np.newaxis]
    curves = channels[rows, points]
    curves += weight * (channels[rows, points + 1] - curves)
    curves *= _CURVE_SCALES[of_side]
    # Pelvis rotation is seen within the stride: without its drift and its mean.
    turning = curves[:, _CURVES.index(Curve.PELVIS_ROTATION)]
    turning -= _CYCLE * (turning[:, -1:] - turning[:, :1])
    turning -= np.add.reduce(turning[:, :-1], axis=1, keepdims=True) / (CYCLE_POINTS - 1)
    return curves


def _postures(
    channels: FloatArray, first: NDArray[np.intp], end: NDArray[np.intp], cuts: Sequence[Cut]
) -> list[dict[Posture, float]]:
    """Means over each cycle; those with a missing sample are left out."""
    leans = np.rad2deg(_window_means(channels[_LEANS], first, end)).T.tolist()
    axes = {side: _swing_axis_deg(channels, side, first, end) for side in Side}
    found = []
    for i, cut in enumerate(cuts):
        lean = dict(zip(_LEANS, leans[i], strict=True))
        posture = {name: lean[channel.of(cut.side)] for name, channel in _POSTURES.items()}
        posture[Posture.THIGH_AXIS] = axes[cut.side][i]
        found.append({name: x for name, x in posture.items() if isfinite(x)})
    return found


def _swing_axis_deg(
    channels: FloatArray, side: Side, first: NDArray[np.intp], end: NDArray[np.intp]
) -> list[float]:
    """Direction in which the thigh turns most, about its long axis."""
    rate = channels[Channel.THIGH_RATE_LEFT.of(side)]
    cross = channels[Channel.THIGH_CROSS_RATE_LEFT.of(side)]
    powers = np.stack((rate * cross, rate * rate, cross * cross))
    return [
        degrees(0.5 * atan2(2.0 * both, own - other))
        for both, own, other in _window_means(powers, first, end).T.tolist()
    ]


def _window_means(rows: FloatArray, first: NDArray[np.intp], end: NDArray[np.intp]) -> FloatArray:
    """Mean of each row over ``[first, end)`` of each window, shape (rows, windows)."""
    # `reduceat` takes first, end, first, end … and may not be asked for what lies behind the
    # last point; every other result is a window.
    padded = np.concatenate((rows, np.zeros((len(rows), 1))), axis=1)
    edges = np.stack((first, end), axis=1).ravel()
    return np.add.reduceat(padded, edges, axis=1)[:, ::2] / (end - first)


_SIDES = (Side.LEFT, Side.RIGHT)
_CYCLE = np.linspace(0.0, 1.0, CYCLE_POINTS)
_DEG = 180.0 / np.pi
_CURVE_SOURCES: tuple[tuple[Curve, Channel, bool, float], ...] = (
    (Curve.PELVIS_TILT, Channel.PELVIS_TILT, False, _DEG),
    (Curve.PELVIS_OBLIQUITY, Channel.PELVIS_OBLIQUITY, True, _DEG),
    (Curve.PELVIS_ROTATION, Channel.PELVIS_HEADING, True, _DEG),
    (Curve.HIP_FLEXION, Channel.HIP_FLEXION_LEFT, False, _DEG),
    (Curve.HIP_ADDUCTION, Channel.HIP_ADDUCTION_LEFT, False, _DEG),
    (Curve.HIP_ROTATION, Channel.HIP_ROTATION_LEFT, False, _DEG),
    (Curve.KNEE_FLEXION, Channel.KNEE_FLEXION_LEFT, False, _DEG),
    (Curve.THIGH_INCLINATION, Channel.THIGH_LEAN_LEFT, False, _DEG),
    (Curve.THIGH_VELOCITY, Channel.THIGH_RATE_LEFT, False, _DEG),
    (Curve.SHANK_INCLINATION, Channel.SHANK_LEAN_LEFT, False, _DEG),
    (Curve.PELVIS_ACC_FORWARD, Channel.ACC_FORWARD, False, 1.0),
    (Curve.PELVIS_ACC_UP, Channel.ACC_UP, False, 1.0),
    (Curve.PELVIS_ACC_OWN_SIDE, Channel.ACC_LEFT, True, -1.0),
)
"""Curve, its channel (of the left leg), whether the pelvis is mirrored for a left stride, and
the factor to its unit. ACC_LEFT points to the left: towards the own side it is −1 for a right
stride."""

_CURVES = tuple(curve for curve, *_ in _CURVE_SOURCES)
_CURVE_ROWS = np.array(
    [[[int(channel.of(side))] for _, channel, *_ in _CURVE_SOURCES] for side in _SIDES]
)
_CURVE_SCALES = np.array(
    [
        [
            [factor * (-1.0 if mirrored and side is Side.LEFT else 1.0)]
            for *_, mirrored, factor in _CURVE_SOURCES
        ]
        for side in _SIDES
    ]
)
"""One table a side, of shape (curves, 1)."""

_POSTURES: Mapping[Posture, Channel] = {
    Posture.THIGH_LEAN: Channel.THIGH_LEAN_LEFT,
    Posture.THIGH_TILT: Channel.THIGH_TILT_LEFT,
    Posture.PELVIS_TILT: Channel.PELVIS_TILT,
    Posture.PELVIS_OBLIQUITY: Channel.PELVIS_OBLIQUITY,
}
_LEANS = sorted({channel.of(side) for channel in _POSTURES.values() for side in Side})
