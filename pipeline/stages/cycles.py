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

from pipeline.curve_rows import CurveRows
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
    curves : CurveRows
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

    curves: CurveRows
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
    cycles: dict[int, Cycle] = {}
    for side in Side:
        own = [i for i, cut in enumerate(cuts) if cut.side is side]
        if own:
            of_leg = _of_leg(channels, begin, side, [cuts[i] for i in own])
            cycles.update(zip(own, of_leg, strict=True))
    return [cycles[i] for i in range(len(cuts))]


def _of_leg(channels: FloatArray, begin: int, side: Side, cuts: Sequence[Cut]) -> list[Cycle]:
    """Cycles of one leg."""
    first = np.array([cut.first - begin for cut in cuts])
    end = np.array([cut.end - begin for cut in cuts])
    curves = _curves(channels, side, first, cuts)
    thigh = curves[_CURVES.index(Curve.THIGH_INCLINATION)]
    thigh_range = np.maximum.reduce(thigh, axis=1) - np.minimum.reduce(thigh, axis=1)
    facing = channels[Channel.PELVIS_HEADING]
    turned = np.rad2deg(facing[end - 1] - facing[first])
    bridged = _window_means(channels[Channel.BRIDGED, np.newaxis], first, end)[0]
    columns = (thigh_range, turned, bridged)
    return [
        Cycle(*cycle)
        for cycle in zip(
            _known(curves),
            _postures(channels, side, first, end),
            *(column.tolist() for column in columns),
            strict=True,
        )
    ]


def _curves(
    channels: FloatArray, side: Side, first: NDArray[np.intp], cuts: Sequence[Cut]
) -> FloatArray:
    """All curves, NaN where a sample is missing; shape (curves, cuts, 101)."""
    start = np.array([[cut.start_s * GRID_RATE_HZ - cut.first] for cut in cuts])
    duration = np.array([[(cut.end_s - cut.start_s) * GRID_RATE_HZ] for cut in cuts])
    last = np.array([[cut.end - cut.first - 2] for cut in cuts])
    position = start + _CYCLE * duration
    left = np.minimum(position.astype(np.intp), last)
    weight = position - left
    samples, points = channels[_CURVE_ROWS[side]], first[:, np.newaxis] + left
    curves = samples.take(points, axis=1)
    curves += weight * (samples.take(points + 1, axis=1) - curves)
    curves *= _CURVE_SCALES[side]
    # Pelvis rotation is seen within the stride: without its drift and its mean.
    turning = curves[_CURVES.index(Curve.PELVIS_ROTATION)]
    turning -= _CYCLE * (turning[:, -1:] - turning[:, :1])
    turning -= np.add.reduce(turning[:, :-1], axis=1, keepdims=True) / (CYCLE_POINTS - 1)
    return curves


def _known(curves: FloatArray) -> list[CurveRows]:
    """The curves of each cycle without a missing sample."""
    # A sum is finite where all that went into it was: samples are far from overflow.
    known = np.isfinite(np.add.reduce(curves, axis=2))
    worn = np.flatnonzero(np.logical_or.reduce(known, axis=1))
    if len(worn) < len(_CURVES):
        curves, known = curves[worn], known[worn]
    curves, known = curves.swapaxes(0, 1), known.T
    names = tuple(_CURVES[i] for i in worn)
    whole = np.logical_and.reduce(known, axis=1).tolist()
    return [
        CurveRows(names, rows)
        if whole[i]
        else CurveRows(
            tuple(n for n, ok in zip(names, known[i], strict=True) if ok), rows[known[i]]
        )
        for i, rows in enumerate(curves)
    ]


def _postures(
    channels: FloatArray, side: Side, first: NDArray[np.intp], end: NDArray[np.intp]
) -> list[dict[Posture, float]]:
    """Means over each cycle; those with a missing sample are left out."""
    rows = [channel.of(side) for channel in _POSTURES.values()]
    leans = np.rad2deg(_window_means(channels[rows], first, end)).T.tolist()
    found = []
    for lean, axis in zip(leans, _swing_axis_deg(channels, side, first, end), strict=True):
        posture = dict(zip(_POSTURES, lean, strict=True))
        posture[Posture.THIGH_AXIS] = axis
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
_CURVE_ROWS = {
    side: np.array([channel.of(side) for _, channel, *_ in _CURVE_SOURCES]) for side in Side
}
_CURVE_SCALES = {
    side: np.array(
        [
            [[factor * (-1.0 if mirrored and side is Side.LEFT else 1.0)]]
            for *_, mirrored, factor in _CURVE_SOURCES
        ]
    )
    for side in Side
}
"""Of shape (curves, 1, 1)."""

_POSTURES: Mapping[Posture, Channel] = {
    Posture.THIGH_LEAN: Channel.THIGH_LEAN_LEFT,
    Posture.THIGH_TILT: Channel.THIGH_TILT_LEFT,
    Posture.PELVIS_TILT: Channel.PELVIS_TILT,
    Posture.PELVIS_OBLIQUITY: Channel.PELVIS_OBLIQUITY,
}
