"""People are drawn by seed, lie apart as stated, and walk believably."""

from __future__ import annotations

import numpy as np

from firmware_bridge.virtual_wearer.population import Spread, draw_spec
from firmware_bridge.virtual_wearer.spec import Sensors, Stand, Stop, Walk
from firmware_bridge.virtual_wearer.wear import wear
from recordings.placement import Side

SHORT = (Stand(duration_s=3.0), Walk(duration_s=12.0), Stop())


def test_a_person_is_drawn_by_seed() -> None:
    assert draw_spec(4) == draw_spec(4)
    assert draw_spec(4).person != draw_spec(5).person


def test_spread_is_the_one_stated() -> None:
    people = [draw_spec(k).person for k in range(400)]
    spread = Spread()
    for name in ("standing_tilt_deg", "hip_offset_deg", "contact_lag_s", "knee_swing_deg"):
        values = np.array([getattr(p, name) for p in people])
        assert 0.8 < values.std() / getattr(spread, name) < 1.15
    lags = np.array([p.contact_lag_s for p in people])
    assert np.abs(lags - 0.03).max() <= 0.04 + 1e-9
    speeds = np.array([p.speed_m_s for p in people])
    assert speeds.min() >= 0.6
    assert speeds.max() <= 1.6
    assert 150 < sum(p.sex == "female" for p in people) < 250


def test_everybody_walks() -> None:
    for seed in range(6):
        spec = draw_spec(seed, timeline=SHORT, sensors=Sensors(placements=()))
        truth = wear(spec).truth
        for side in Side:
            features = truth.mean_features(side)
            assert 20 < features["F07"] < 60
            assert 35 < features["F23"] < 80
            assert features["F20_A"] > -5
        assert abs(truth.asymmetry("F28")) < 5
