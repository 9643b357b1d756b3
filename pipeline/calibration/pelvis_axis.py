"""Pelvis axis: which way the pelvis faces, from how it is pushed while walking.

Both steps of a stride push a pelvis forward and brake it alike, but push it to opposite sides.
So what repeats with the step runs forward, and the odd harmonics of the stride run sideways.
Nobody walks quite evenly: part of the forward push repeats with the stride and part of the
sway with the step, in time with the rest, so that no scatter between windows shows it. On
people who lean inward on one leg the step rhythm alone was found to be 50° off. Therefore the
axis is looked for in three harmonics. Each is believed as far as its push keeps to one line,
and where they contradict each other more than they admit, the error grows to what parts them.

In a short walk the rhythms are few. The speed that a wearer gains from standing, or loses in
stopping, is one more look at the axis, and the only one that tells its sign without the legs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfiltfilt

from pipeline.calibration.functional_axes import PlanarAxis, principal_axis
from pipeline.calibration.setting_off import DOUBT_M_S
from pipeline.filters import butter_band_pass
from pipeline.gait import FloatArray

IN_TIME = 0.5
"""Share of what runs across the main line that is taken to run in time with it, which turns the
line itself (design)."""

LEAK = 0.02
"""Share of the push at the step rate that passes the filters of the other bands. A walk that
hardly sways has nothing else there."""


@dataclass(frozen=True, slots=True)
class Harmonic:
    """A multiple of the step rate, half the width of its band as a share, which way it runs."""

    multiple: float
    width: float
    sideways: bool

    def band(self, step_rate_hz: float) -> FloatArray:
        centre_hz = self.multiple * step_rate_hz
        return butter_band_pass((1 - self.width) * centre_hz, (1 + self.width) * centre_hz)


STEP = Harmonic(1.0, 0.25, sideways=False)
HARMONICS = (STEP, Harmonic(0.5, 0.3, sideways=True), Harmonic(1.5, 0.15, sideways=True))


def progression_axis(
    acc_horizontal: FloatArray,
    basis: tuple[FloatArray, FloatArray],
    step_rate_hz: float,
    use: NDArray[np.bool_],
    speeds: FloatArray,
) -> PlanarAxis:
    """Antero-posterior axis of the pelvis, its sign still open.

    Parameters
    ----------
    acc_horizontal : ndarray, shape (2, n)
        Horizontal acceleration, m/s², in a frame that turns slowly with the pelvis, along
        `basis`.
    basis : two ndarrays of shape (3,)
        They span the plane perpendicular to up; see `functional_axes.plane_basis`.
    use : ndarray of bool, shape (n,)
        Straight walking.
    speeds : ndarray, shape (2, k)
        Speeds gained from standing, along `basis`, m/s; see `setting_off`.

    Returns
    -------
    PlanarAxis
        `error_deg` holds scatter, unevenness and contradiction; `share` is that of the step.
    """
    up = np.cross(*basis)
    looks = []
    leaking = 0.0
    for harmonic in HARMONICS:
        pushes = sosfiltfilt(harmonic.band(step_rate_hz), acc_horizontal, axis=1)[:, use]
        size = float(np.sqrt((pushes**2).sum()))
        look = principal_axis(pushes, basis)
        ahead = np.cross(look.direction, up) if harmonic.sideways else look.direction
        looks.append(PlanarAxis(ahead, _doubt_deg(look, leaking / max(size, 1e-9)), look.share))
        if harmonic is STEP:
            leaking = LEAK * size
    if speeds.shape[1]:
        looks.append(_gained(speeds, basis))
    return _together(looks, up)


def ahead_of(
    direction: FloatArray, basis: tuple[FloatArray, FloatArray], speeds: FloatArray
) -> float:
    """How surely a direction, not its opposite, is the way in which speed was gained, −1 … 1."""
    if not speeds.shape[1]:
        return 0.0
    along = (direction @ np.stack(basis, axis=1)) @ speeds
    return float((along / np.sqrt((speeds**2).sum(axis=0) + DOUBT_M_S**2)).mean())


def _gained(speeds: FloatArray, basis: tuple[FloatArray, FloatArray]) -> PlanarAxis:
    total = speeds.sum(axis=1)
    size = float(np.linalg.norm(total))
    doubt = np.rad2deg(np.arctan2(DOUBT_M_S * np.sqrt(speeds.shape[1]), size))
    angle = np.arctan2(total[1], total[0])
    return PlanarAxis(np.cos(angle) * basis[0] + np.sin(angle) * basis[1], float(doubt), 1.0)


def _doubt_deg(look: PlanarAxis, leak: float) -> float:
    """Scatter, and what the push across the line, or a leak of that size, may turn it by."""
    across = np.rad2deg(np.arctan(np.sqrt((1.0 - look.share) / look.share)))
    leaked = np.rad2deg(np.arctan(leak))
    return float(np.sqrt(look.error_deg**2 + (IN_TIME * across) ** 2 + leaked**2))


def _together(looks: Sequence[PlanarAxis], up: FloatArray) -> PlanarAxis:
    """Weighted mean of undirected axes; its error is at least what they contradict each other."""
    share = looks[0].share
    # Less than two strides scatter by nobody knows how much.
    looks = [look for look in looks if np.isfinite(look.error_deg)] or looks[:1]
    if len(looks) == 1:
        return PlanarAxis(looks[0].direction, looks[0].error_deg, share)
    first = looks[0]
    doubts = np.array([look.error_deg for look in looks])
    left = np.cross(up, first.direction)
    angles = np.array(
        [np.arctan2(k.direction @ left, k.direction @ first.direction) for k in looks]
    )
    off = np.rad2deg((angles + np.pi / 2) % np.pi - np.pi / 2)
    weights = 1.0 / np.maximum(doubts, 1e-3) ** 2
    mean = float((weights * off).sum() / weights.sum())
    contradiction = float((weights * (off - mean) ** 2).sum()) / (len(looks) - 1)
    error = float(np.sqrt(max(1.0, contradiction) / weights.sum()))
    turn = np.deg2rad(mean)
    direction = np.cos(turn) * first.direction + np.sin(turn) * left
    return PlanarAxis(direction, error, share)
