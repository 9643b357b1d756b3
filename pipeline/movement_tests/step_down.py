"""Steps down from a stair: does the thigh of the leg on the step lean or turn inward?"""

from __future__ import annotations

from pipeline.movement_tests.inward import inward_features, inward_kind
from pipeline.movement_tests.outcome import MovementTask
from pipeline.norms import Norm, ZeroConvention

INWARD = inward_features(
    MovementTask.STEP_DOWN,
    "when stepping down",
    Norm(5.0, 4.0, ZeroConvention.NONE, sex_shift=1.0),
    13.0,
    turn_code="F43",
)

KIND = inward_kind(
    INWARD,
    least_deg=18.0,
    words="these steps down",
    why="Clinical table F42: two SD above the usual 5±4°",
    question="Does the thigh of the leg on the step lean or turn inward while it lowers the body?",
)
