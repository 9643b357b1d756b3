"""False alarms among usual walkers, and what is found among others.

A plausibility check of thresholds against the published spreads that they were chosen from,
not a validation.
"""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.detectors import detect
from pipeline.results import Verdict
from tests.pipeline.virtual_population import Deviation, Sensors, walk

PEOPLE = 150


def alarms(deviation: Deviation | None, sensors: Sensors | None, people: int) -> list[set[str]]:
    rng = np.random.default_rng(20)
    return [
        {f.detector for f in detect(walk(rng, deviation, sensors)) if f.verdict is Verdict.PRESENT}
        for _ in range(people)
    ]


@pytest.mark.parametrize(
    ("sensors", "most"),
    [
        (Sensors(), 0.02),
        (Sensors(axis_error_deg=10.0), 0.04),
        (Sensors(right_contact_bias_s=0.03), 0.03),
    ],
)
def test_usual_walkers_are_left_in_peace(sensors, most):
    assert np.mean([bool(a) for a in alarms(None, sensors, PEOPLE)]) <= most


@pytest.mark.parametrize(
    ("deviation", "detector"),
    [
        (Deviation(adduction_deg=17.0), "femoral_collapse"),
        (Deviation(knee_deg=22.0), "knee_hyperextension"),
        (Deviation(hip_range_deg=20.0), "gait_asymmetry"),
        (Deviation(late_step=0.10), "gait_asymmetry"),
        (Deviation(short_stance=0.20), "gait_asymmetry"),
    ],
)
def test_twice_the_way_to_the_threshold_is_found(deviation, detector):
    found = [detector in a for a in alarms(deviation, None, 60)]
    assert np.mean(found) >= 0.85
