"""What a virtual sensor feels between the samples of the motion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.transport.felt import felt_at
from recordings.placement import Placement
from recordings.samples import ImuSamples

_RNG = np.random.default_rng(5)
TIMES = np.cumsum(_RNG.uniform(0.004, 0.006, 500))
MOTION = ImuSamples(Placement.PELVIS, TIMES, _RNG.normal(size=(500, 3)), _RNG.normal(size=(500, 3)))


@given(st.lists(st.floats(-1.0, 4.0), max_size=20))
def test_asking_for_a_moment_gives_what_the_whole_walk_says(asked: list[float]) -> None:
    time_s = np.array(asked)
    acc, gyr = felt_at(MOTION, time_s)
    for axis in range(3):
        assert acc[:, axis] == pytest.approx(np.interp(time_s, TIMES, MOTION.acc_m_s2[:, axis]))
        assert gyr[:, axis] == pytest.approx(np.interp(time_s, TIMES, MOTION.gyr_rad_s[:, axis]))
