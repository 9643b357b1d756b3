"""Stillness: stretches in which nobody moves, and what the sensors feel in them."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.calibration.stillness import MIN_REST_S, USED_REST_S, find_rests, rest_between
from pipeline.grid import GridRun
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples
from tests.pipeline.streams import grid_run, still_sensors, without

PELVIS, LEFT, RIGHT = REQUIRED_PLACEMENTS


def _moving_but_for(
    *still_s: tuple[float, float],
    duration_s: float = 30.0,
    sway_rad_s: float = 0.0,
    placements: tuple[Placement, ...] = REQUIRED_PLACEMENTS,
) -> dict[Placement, ImuSamples]:
    parts = still_sensors(duration_s, placements)
    for part in parts.values():
        time_s = part.time_s
        moving = np.ones(len(time_s), dtype=bool)
        for start, end in still_s:
            moving &= ~((time_s >= start) & (time_s < end))
        part.gyr_rad_s[:, 2] += 2.0 * np.sin(2 * np.pi * 1.1 * time_s) * moving
        part.gyr_rad_s[:, 2] += sway_rad_s * np.sin(2 * np.pi * 0.4 * time_s)
    return parts


def _rests_s(run: GridRun) -> list[tuple[float, float]]:
    return [(rest.start / 100, rest.end / 100) for rest in find_rests(run)]


def test_a_still_stretch_is_found_with_its_margins() -> None:
    (rest,) = find_rests(grid_run(_moving_but_for((10.0, 15.0))))
    assert 10.0 <= rest.start / 100 <= 10.5
    assert 14.5 <= rest.end / 100 <= 15.0
    assert rest.duration_s == pytest.approx((rest.end - rest.start) / 100)


def test_two_stretches_are_two_rests_in_time_order() -> None:
    found = _rests_s(grid_run(_moving_but_for((2.0, 6.0), (20.0, 24.0))))
    assert [round(start) for start, _ in found] == [2, 20]


def test_what_is_too_short_is_no_rest() -> None:
    assert MIN_REST_S == 2.0
    assert find_rests(grid_run(_moving_but_for((10.0, 11.7)))) == []
    assert find_rests(grid_run(still_sensors(0.1))) == []


def test_usual_sway_is_still_rest_and_a_step_on_the_spot_is_not() -> None:
    quiet = grid_run(_moving_but_for((5.0, 12.0), sway_rad_s=np.deg2rad(3)))
    assert len(find_rests(quiet)) == 1
    assert find_rests(grid_run(_moving_but_for((5.0, 12.0), sway_rad_s=np.deg2rad(60)))) == []


def test_one_moving_sensor_is_enough_for_no_rest() -> None:
    parts = still_sensors(10.0)
    moving = _moving_but_for(duration_s=10.0)
    assert find_rests(grid_run({**parts, RIGHT: moving[RIGHT]})) == []


def test_a_moving_shank_does_not_matter() -> None:
    placements = (*REQUIRED_PLACEMENTS, Placement.SHANK_LEFT)
    parts = still_sensors(10.0, placements)
    parts[Placement.SHANK_LEFT].gyr_rad_s[:, 0] += np.sin(np.arange(1000) / 5)
    assert len(find_rests(grid_run(parts))) == 1


def test_bias_and_up_are_those_of_the_sensor() -> None:
    parts = still_sensors(6.0)
    bias = np.deg2rad([1.0, -4.0, 2.0])
    parts[LEFT].gyr_rad_s[:] += bias
    up = np.array([0.6, 0.0, -0.8])
    parts[LEFT].acc_m_s2[:] += 9.81 * up - [0.0, 9.81, 0.0]
    (rest,) = find_rests(grid_run(parts))
    sensor = rest.sensors[LEFT]
    np.testing.assert_allclose(sensor.bias_rad_s, bias, atol=np.deg2rad(0.02))
    np.testing.assert_allclose(sensor.up, up, atol=1e-3)
    assert sensor.gravity_m_s2 == pytest.approx(9.81, abs=0.01)
    assert sensor.sway_rad_s == pytest.approx(np.deg2rad(0.1) * np.sqrt(3), rel=0.1)


def test_of_a_long_rest_the_quietest_part_is_used() -> None:
    parts = still_sensors(30.0)
    for part in parts.values():
        swaying = part.time_s < 18.0
        part.gyr_rad_s[:, 0] += np.deg2rad(4) * np.sin(2 * np.pi * 0.5 * part.time_s) * swaying
    (rest,) = find_rests(grid_run(parts))
    assert rest.duration_s == USED_REST_S
    assert rest.start >= 1800


def test_a_gap_divides_a_rest() -> None:
    parts = still_sensors(10.0)
    parts[PELVIS] = without(parts[PELVIS], 4.6, 5.4)
    found = _rests_s(grid_run(parts))
    assert len(found) == 2
    assert found[0][1] <= 4.6 and found[1][0] >= 5.4


def test_a_sensor_that_is_silent_in_a_pose_has_no_part_in_it() -> None:
    parts = still_sensors(10.0, (*REQUIRED_PLACEMENTS, Placement.SHANK_LEFT))
    parts[Placement.SHANK_LEFT] = without(parts[Placement.SHANK_LEFT], 2.0, 8.0)
    rest = rest_between(grid_run(parts), 200, 800)
    assert set(rest.sensors) == set(REQUIRED_PLACEMENTS)
