"""The way the pelvis faces: from the step, from the sway, and what is said if they disagree."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.rotations import multiply, rotate
from firmware_bridge.virtual_wearer.spec import Deviation, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.calibration.calibrator import Calibrator
from pipeline.calibration.functional_axes import plane_basis
from pipeline.calibration.pelvis_axis import progression_axis
from pipeline.gait import FloatArray
from recordings.placement import Placement, Side
from tests.pipeline.streams import all_samples, grid_run

N = 3000
TIME_S = np.arange(N) / 100
ALL = np.ones(N, dtype=bool)
UP = np.array([0.0, 1.0, 0.0])
NO_START = np.empty((2, 0))
BASIS = plane_basis(UP)
STEP_HZ = 1.8
ANGLE = np.deg2rad(35.0)
ALONG = np.array([np.cos(ANGLE), np.sin(ANGLE)])
ACROSS = np.array([-np.sin(ANGLE), np.cos(ANGLE)])


def _harmonic(multiple: float) -> FloatArray:
    return np.sin(2 * np.pi * multiple * STEP_HZ * TIME_S)


def _off_deg(direction: FloatArray) -> float:
    expected = ALONG @ np.stack(BASIS)
    return float(np.rad2deg(np.arccos(np.clip(abs(direction @ expected), 0, 1))))


def _noise(seed: int) -> FloatArray:
    return 0.05 * np.random.default_rng(seed).standard_normal((2, N))


@pytest.mark.parametrize("sway", [0.3, 1.0, 3.0])
def test_the_push_of_the_step_runs_forward_and_that_of_the_stride_sideways(sway: float) -> None:
    sideways = sway * (_harmonic(0.5) + 0.6 * _harmonic(1.5))
    horizontal = np.outer(ALONG, _harmonic(1.0)) + np.outer(ACROSS, sideways) + _noise(1)
    found = progression_axis(horizontal, BASIS, STEP_HZ, ALL, NO_START)
    assert _off_deg(found.direction) < 3.0
    assert found.error_deg < 6.0


def test_an_uneven_sway_turns_the_step_but_not_the_axis() -> None:
    """Half of the forward push sideways as well, once a step and a quarter step later."""
    sideways = _harmonic(0.5) + 0.6 * _harmonic(1.5) + 0.5 * _harmonic(1.0)
    horizontal = np.outer(ALONG, _harmonic(1.0)) + np.outer(ACROSS, sideways) + _noise(2)
    found = progression_axis(horizontal, BASIS, STEP_HZ, ALL, NO_START)
    # The step alone points 27° aside, and keeps to one line: nothing but the sway tells.
    off = _off_deg(found.direction)
    assert off < 15.0
    assert off < 2.0 * found.error_deg


def test_a_walk_that_hardly_sways_is_told_by_its_steps() -> None:
    """What of quickening steps leaks into the bands of the sway is steady, and no look at all."""
    quickening = np.sin(2 * np.pi * (STEP_HZ + 0.01 * TIME_S) * TIME_S)
    found = progression_axis(np.outer(ALONG, quickening), BASIS, STEP_HZ, ALL, NO_START)
    assert _off_deg(found.direction) < 1.0
    assert found.error_deg < 3.0


def test_too_short_a_walk_has_no_error_to_state() -> None:
    few = np.arange(N) < 150
    horizontal = np.outer(ALONG, _harmonic(1.0)) + _noise(3)
    found = progression_axis(horizontal, BASIS, STEP_HZ, few, NO_START)
    assert np.isinf(found.error_deg)
    assert np.linalg.norm(found.direction) == pytest.approx(1.0)


def _pelvis_off_deg(seed: int, deviations: tuple[Deviation, ...]) -> tuple[float, float]:
    """Error about up of the pelvis' calibration on a virtual person, and the stated one."""
    timeline = (Stand(duration_s=6.0, calibration=True), Walk(duration_s=18.0))
    spec = draw_spec(seed, timeline=timeline, deviations=deviations)
    sensors = msgspec.structs.replace(
        spec.sensors, placements=(Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT)
    )
    worn = wear(msgspec.structs.replace(spec, sensors=sensors))
    calibrator = Calibrator()
    ready = calibrator.push(grid_run(all_samples(worn.session))) or calibrator.finish()
    assert ready is not None
    segment = ready.axes.segments[Placement.PELVIS]
    mounting = worn.truth.sensors[Placement.PELVIS].mounting
    turned = multiply(mounting[:, np.newaxis], segment.alignment[:, np.newaxis])
    ahead, left = rotate(turned, np.array([[1.0], [0.0], [0.0]]))[:2, 0]
    return float(np.rad2deg(np.arctan2(left, ahead))), segment.error_deg


@pytest.mark.slow
def test_the_pelvis_faces_ahead_within_the_stated_error_on_virtual_people() -> None:
    """Inward lean on one leg once turned the axis by up to 50° with a stated error of 2°."""
    inward = (Deviation(kind="hip_adduction", side=Side.RIGHT, amount=10.0),)
    usual = [_pelvis_off_deg(seed, ()) for seed in range(300, 308)]
    uneven = [_pelvis_off_deg(seed, inward) for seed in range(300, 304)]
    off, stated = np.array([*usual, *uneven]).T
    assert (np.abs(off) < 2.0 * stated).all()
    assert np.abs(off[: len(usual)]).max() < 8.0
    assert np.abs(off[len(usual) :]).max() < 15.0
