"""Lunges to the side: does the bending thigh lean or turn inward?"""

from __future__ import annotations

from pipeline.movement_tests.inward import inward_features, inward_kind
from pipeline.movement_tests.outcome import MovementTask
from pipeline.norms import Norm, ZeroConvention

INWARD = inward_features(
    MovementTask.LATERAL_LUNGE,
    "in lunges to the side",
    Norm(0.0, 5.0, ZeroConvention.NONE, sex_shift=0.5),
    10.0,
)

KIND = inward_kind(
    INWARD,
    least_deg=20.0,
    aside=True,
    words="these lunges to the side",
    why="Two SD above what a knee over its foot has; people differ by some 5° (design)",
    question="Does the bending thigh lean or turn inward in a lunge to the side?",
)
