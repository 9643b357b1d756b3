"""Setting off: the speed gained from standing, on forces that are made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.calibration.pelvis_axis import ahead_of, progression_axis
from pipeline.calibration.setting_off import gained_speeds
from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GridRun
from recordings.placement import REQUIRED_PLACEMENTS
from tests.pipeline.streams import sensor_grid

STAND, GAIN, WALK = (round(s * GRID_RATE_HZ) for s in (3.0, 1.0, 5.0))
N = STAND + GAIN + WALK
SPEED_M_S = 1.2
AHEAD = np.zeros(N)


@pytest.fixture
def run() -> GridRun:
    """Stands for three seconds, then shakes as a walker does."""
    shake = np.where(np.arange(N) < STAND, 0.0, np.sin(np.arange(N)))
    acc = np.array([[0.0], [0.0], [9.81]]) + 3.0 * shake
    return GridRun(0, N, {p: sensor_grid(acc, 0 * acc + shake) for p in REQUIRED_PLACEMENTS})


@pytest.fixture
def force() -> FloatArray:
    """1.2 m/s gained along x in a second, then a rhythm of steps to the side only."""
    force = np.zeros((3, N))
    force[0, STAND : STAND + GAIN] = SPEED_M_S / (GAIN / GRID_RATE_HZ)
    force[1, STAND:] = np.sin(2 * np.pi * 1.8 * np.arange(N - STAND) / GRID_RATE_HZ)
    return force


WALKING = np.arange(N) >= STAND
ALL = np.ones(N, dtype=bool)


@pytest.mark.parametrize("turn_deg", [0.0, 90.0, 180.0, -45.0])
def test_speed_is_told_against_where_the_frame_faces(
    run: GridRun, force: FloatArray, turn_deg: float
) -> None:
    facing = np.full(N, np.deg2rad(turn_deg))
    speeds = gained_speeds(run, force, facing, WALKING, ALL)
    turn = np.deg2rad(turn_deg)
    expected = SPEED_M_S * np.array([np.cos(turn), -np.sin(turn)])
    assert speeds[:, 0] == pytest.approx(expected, abs=0.15)
    assert speeds.shape == (2, 1)


def test_a_stop_is_a_start_read_backwards(run: GridRun, force: FloatArray) -> None:
    backwards = GridRun(
        0, N, {p: sensor_grid(g.acc[:, ::-1], g.gyr[:, ::-1]) for p, g in run.sensors.items()}
    )
    speeds = gained_speeds(backwards, -force[:, ::-1], AHEAD, WALKING[::-1], ALL)
    assert speeds[:, 0] == pytest.approx([SPEED_M_S, 0.0], abs=0.15)


def test_what_the_sensor_reads_wrongly_in_standing_does_not_add_up(
    run: GridRun, force: FloatArray
) -> None:
    wrong = force + np.array([[-0.3], [0.4], [0.0]])
    found = gained_speeds(run, wrong, AHEAD, WALKING, ALL)
    assert found == pytest.approx(gained_speeds(run, force, AHEAD, WALKING, ALL), abs=1e-9)


def test_nothing_is_said_without_standing_or_across_a_gap(run: GridRun, force: FloatArray) -> None:
    gap = ALL.copy()
    gap[STAND + 10] = False
    assert gained_speeds(run, force, AHEAD, WALKING, gap).shape == (2, 0)
    late = gained_speeds(run[STAND:], force[:, STAND:], AHEAD[STAND:], ALL[STAND:], ALL[STAND:])
    assert late.shape == (2, 0)
    assert ahead_of(np.array([1.0, 0.0, 0.0]), _BASIS, late) == 0.0


_BASIS = (np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))


def test_it_gives_the_axis_its_sign_and_a_short_walk_its_axis(
    run: GridRun, force: FloatArray
) -> None:
    speeds = gained_speeds(run, force, AHEAD, WALKING, ALL)
    one_stride = WALKING & (np.arange(N) < STAND + 120)
    found = progression_axis(force[:2], _BASIS, 1.8, one_stride, speeds)
    assert abs(found.direction[0]) == pytest.approx(1.0, abs=0.02)
    assert found.error_deg == pytest.approx(np.rad2deg(np.arctan2(0.2, SPEED_M_S)), abs=1.5)
    assert ahead_of(np.array([1.0, 0.0, 0.0]), _BASIS, speeds) > 0.9
    assert ahead_of(np.array([-1.0, 0.0, 0.0]), _BASIS, speeds) < -0.9
    on_a_treadmill = 0.02 * speeds
    assert abs(ahead_of(np.array([1.0, 0.0, 0.0]), _BASIS, on_a_treadmill)) < 0.2
