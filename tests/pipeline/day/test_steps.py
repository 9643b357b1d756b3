"""Steps of a day from the size of the force on the pelvis."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.day.steps import DaySteps
from recordings.placement import Placement
from recordings.samples import ImuSamples

RATE_HZ = 100.0
WALK_S = 60.0


def _counted(cadence_hz: float, once: float, twice: float = 0.0, lag_rad: float = 0.0) -> int:
    """Steps of a minute's walk whose force shakes with these amplitudes once and twice a step."""
    time_s = np.arange(round((WALK_S + 10.0) * RATE_HZ)) / RATE_HZ
    walks = (time_s > 5.0) & (time_s < 5.0 + WALK_S)
    phase = 2 * np.pi * cadence_hz * time_s
    force = 9.81 + walks * (once * np.sin(phase) + twice * np.sin(2 * phase + lag_rad))
    acc = np.column_stack((np.zeros_like(force), np.zeros_like(force), force))
    steps = DaySteps()
    steps.push(ImuSamples(Placement.PELVIS, time_s, acc, np.zeros_like(acc)))
    steps.finish()
    return int(steps.counts(0, round(2 * time_s[-1]) + 2).sum())


@pytest.mark.parametrize("cadence_hz", [1.0, 1.5, 1.9, 2.3])
def test_each_push_is_one_step(cadence_hz: float) -> None:
    assert _counted(cadence_hz, 1.5) == pytest.approx(WALK_S * cadence_hz, abs=2)


@pytest.mark.parametrize("lag_rad", np.arange(0.0, 6.2, 0.8))
def test_a_force_that_mostly_shakes_twice_a_step_counts_no_step_twice(lag_rad: float) -> None:
    # As measured on a virtual person who walks at 1.4 m/s.
    assert _counted(1.84, 0.78, 3.4, lag_rad) == pytest.approx(WALK_S * 1.84, rel=0.03)
