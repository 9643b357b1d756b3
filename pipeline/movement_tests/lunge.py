"""Lunges forward: does the front thigh lean or turn inward?"""

from __future__ import annotations

from pipeline.movement_tests.inward import inward_features, inward_kind
from pipeline.movement_tests.outcome import MovementTask
from pipeline.norms import Norm, ZeroConvention

INWARD = inward_features(
    MovementTask.LUNGE,
    "in lunges",
    Norm(2.5, 3.75, ZeroConvention.NONE, sex_shift=0.5),
    10.0,
)

KIND = inward_kind(
    INWARD,
    least_deg=35.0,
    steps=True,
    words="these lunges",
    why=(
        "Two SD above the usual 2½±3¾°, between that of squats and of single-leg squats: the "
        "front leg carries most of the body (design)"
    ),
    question="Does the front thigh lean or turn inward in a lunge?",
)
