"""How a swing ends is measured as it is made."""

from __future__ import annotations

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.spec import Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.gait import GaitEventKind
from recordings.placement import Side
from validation.swing_end import SwingEnds, per_swing_length, swing_ends
from validation.walks import true_events_s


def made(per_s: float, noise_stop_s: float = 0.0, noise_landing_s: float = 0.0) -> SwingEnds:
    rng = np.random.default_rng(1)
    length = 0.4 + 0.03 * rng.standard_normal(400)
    stop = 0.03 + per_s * (length - 0.4)
    early = noise_stop_s * rng.standard_normal(400)
    late = noise_landing_s * rng.standard_normal(400)
    return SwingEnds(stop + early + late, length - early, length + stop + late)


def test_what_does_not_depend_on_the_swing_is_told_so():
    (by_leg, error), (by_foot, _) = per_swing_length([made(0.0)])
    assert (by_leg, by_foot) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert error < 1e-9


def test_legs_are_not_compared_with_each_other():
    other = made(0.2)
    other = SwingEnds(other.stop_s + 0.02, other.leg_s - 0.1, other.foot_s - 0.1)
    assert per_swing_length([made(0.2), other])[0][0] == pytest.approx(0.2)


def test_noise_moves_the_two_lengths_apart():
    true = 0.1
    (by_leg, _), _ = per_swing_length([made(true, noise_stop_s=0.02)])
    _, (by_foot, _) = per_swing_length([made(true, noise_landing_s=0.02)])
    assert by_leg < true < by_foot


def test_a_virtual_leg_stops_shortly_before_it_lands():
    worn = wear(Spec(seed=5, timeline=(Stand(duration_s=4.0), Walk(duration_s=15.0), Stand())))
    for side in Side:
        landings = true_events_s(worn.truth, GaitEventKind.INITIAL_CONTACT, side)
        ends = swing_ends(worn.session, side, landings)
        assert ends.stop_s.size >= len(landings) - 2
        assert np.median(ends.usable.stop_s) == pytest.approx(0.03, abs=0.015)
        assert 0.3 < np.median(ends.leg_s) < np.median(ends.foot_s) < 0.6
