"""In which plane a thigh swings while its wearer walks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.swing_plane import USUAL_AZIMUTH_DEG, SwingPlane, SwingWatch
from pipeline.stages.kinematics import CHANNELS, Channel
from recordings.placement import Side

BLOCK_S, STRIDE_S = 0.5, 1.1


def _walk(
    duration_s: float = 20.0,
    *,
    swing_deg: float = 20.0,
    pelvis_deg: float = 6.0,
    aside: float = 0.0,
) -> FloatArray:
    """Channels of thighs that swing about 8° forward, `aside` of it towards the other leg.

    The direction of travel is that of the mean pelvis, which turns with the leg that goes forward.
    """
    time_s = np.arange(round(duration_s * GRID_RATE_HZ)) / GRID_RATE_HZ
    phase = 2 * np.pi * time_s / STRIDE_S
    rows = np.zeros((CHANNELS, time_s.size))
    # Right side forward is counter-clockwise.
    turn = np.deg2rad(pelvis_deg) * np.sin(phase)
    rows[Channel.PELVIS_HEADING] = 0.4 + turn
    for side, sign in ((Side.RIGHT, 1.0), (Side.LEFT, -1.0)):
        lean = np.deg2rad(8.0) + sign * np.deg2rad(swing_deg) * np.sin(phase)
        forward, medial = np.sin(lean), aside * np.sin(lean)
        left = sign * medial
        # Seen from the pelvis as it faces at that moment.
        ahead = np.cos(turn) * forward + np.sin(turn) * left
        left = np.cos(turn) * left - np.sin(turn) * forward
        rows[Channel.HIP_ADDUCTION_LEFT.of(side)] = np.arcsin(sign * left)
        rows[Channel.HIP_FLEXION_LEFT.of(side)] = np.arcsin(ahead / np.sqrt(1 - left**2))
        rows[Channel.THIGH_RATE_LEFT.of(side)] = np.gradient(lean) * GRID_RATE_HZ
    return rows


def _watched(rows: FloatArray, at_once: int = 1000) -> SwingWatch:
    length = round(BLOCK_S * GRID_RATE_HZ)
    count = rows.shape[1] // length
    blocks = rows[:, : count * length].reshape(CHANNELS, count, length)
    ends_s = BLOCK_S * np.arange(1, count + 1)
    watch = SwingWatch()
    for first in range(0, count, at_once):
        part = slice(first, first + at_once)
        watch.process(ends_s[part], blocks[:, part], np.zeros(len(ends_s[part]), dtype=bool))
    return watch


def _azimuth_deg(plane: SwingPlane) -> float:
    return math.degrees(plane.azimuth_rad) + USUAL_AZIMUTH_DEG


@pytest.mark.parametrize("aside", [-0.1, 0.0, 0.1])
@pytest.mark.parametrize("pelvis_deg", [0.0, 10.0])
def test_a_pelvis_that_turns_along_does_not_tilt_the_plane(aside: float, pelvis_deg: float) -> None:
    watch = _watched(_walk(aside=aside, pelvis_deg=pelvis_deg))
    for side in Side:
        expected = math.degrees(math.atan(aside))
        assert _azimuth_deg(watch.plane(side)) == pytest.approx(expected, abs=0.3)


def test_pieces_of_a_walk_give_the_same_plane() -> None:
    rows = _walk()
    whole = _watched(rows)
    for at_once in (1, 3, 7):
        pieces = _watched(rows, at_once)
        assert all(pieces.plane(side) == whole.plane(side) for side in Side)


def test_a_shorter_swing_leaves_more_doubt() -> None:
    wide, short = (_watched(_walk(swing_deg=x)).plane(Side.LEFT).error_deg(20.0) for x in (22, 13))
    assert 2.5 < wide < 3.5
    assert short > 1.5 * wide


def test_without_a_walk_the_doubt_is_wide() -> None:
    plane = _watched(_walk(3.0)).plane(Side.LEFT)
    assert plane.error_deg(3.0) > 2 * _watched(_walk()).plane(Side.LEFT).error_deg(20.0)
