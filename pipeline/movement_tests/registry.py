"""All movement tests and their features. A new test is one more file and one more line here."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.features.base import Feature
from pipeline.movement_tests import (
    knee_lift,
    lateral_lunge,
    lunge,
    single_leg_squat,
    single_leg_stance,
    sit_to_stand,
    squat,
    stairs_up,
    standing,
    step_down,
)
from pipeline.movement_tests.kind import MovementKind
from pipeline.movement_tests.outcome import MovementTask

_FILES = (
    standing,
    sit_to_stand,
    squat,
    single_leg_squat,
    single_leg_stance,
    lunge,
    lateral_lunge,
    step_down,
    knee_lift,
    stairs_up,
)

KINDS: Mapping[MovementTask, MovementKind] = {file.KIND.task: file.KIND for file in _FILES}

TEST_FEATURES: Mapping[str, Feature] = {
    feature.name: feature for kind in KINDS.values() for feature in kind.features
}
"""Every feature of a movement test by name."""
