"""Which way up a sensor feels while its wearer is upright."""

from __future__ import annotations

import numpy as np

from pipeline.day.upright import inclination_deg, upright_direction

WALK, LATER = (0, 14), (40, 60)


def test_a_walk_that_somebody_sat_down_in_teaches_nothing() -> None:
    force = np.tile([[0.0], [0.0], [9.8]], 60)
    force[:, 6:40] = [[9.6], [0.0], [1.7]]  # seated: the thigh lies level
    there = np.ones(60, dtype=bool)
    walking = np.zeros(60, dtype=bool)
    walking[slice(*WALK)] = walking[slice(*LATER)] = True
    up = upright_direction(force, there, walking, ())
    angle = inclination_deg(force, up)
    assert angle[:6].max() < 1.0
    assert np.allclose(angle[6:40], 80.0, atol=1.0)
