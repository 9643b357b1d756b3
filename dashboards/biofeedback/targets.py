"""What can be trained with a target cue, each declared once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboards.biofeedback.readings import Reader, Reading, StanceReader, StepTimeReader
from pipeline.features.base import Feature, Worse
from pipeline.features.knee import KNEE_MIN_STANCE
from pipeline.features.pelvis_frontal import DROP_PEAK
from pipeline.features.timing import STEP_TIME_ASYMMETRY
from recordings.placement import SHANK_PLACEMENTS, Placement, Side


@dataclass(frozen=True, slots=True)
class Target:
    """One movement and its goal.

    Attributes
    ----------
    feature : Feature
        What the reading is a moment of: gives unit, error and direction.
    goal, lowest, highest, step : float
        The goal one begins with, and where it can be set.
    new_reader : callable
    needs : tuple of Placement
        Sensors beyond the three that are always worn.
    """

    feature: Feature
    goal: float
    lowest: float
    highest: float
    step: float
    new_reader: Callable[[], Reader]
    needs: tuple[Placement, ...] = ()

    def beyond(self, reading: Reading, goal: float) -> float:
        """How far a stride is beyond the goal, in the feature's unit; negative inside it."""
        over = reading.value - goal
        return -over if self.feature.worse is Worse.LOWER else over

    def missed(self, reading: Reading, goal: float) -> bool:
        """Whether a stride missed the goal by more than its measurement error."""
        return self.beyond(reading, goal) > reading.error


def _obliquity(side: Side) -> tuple[str, float]:
    return "pelvis_obliquity_deg", 1.0 if side is Side.RIGHT else -1.0


def _knee(side: Side) -> tuple[str, float]:
    return f"knee_flexion_{side}_deg", 1.0


TARGETS: Mapping[str, Target] = {
    "pelvic_drop": Target(
        DROP_PEAK,
        # One SD above the usual mean: with the error it begins at the upper end of the usual.
        goal=6.5,
        lowest=2.0,
        highest=15.0,
        step=0.5,
        new_reader=lambda: StanceReader(DROP_PEAK, _obliquity),
    ),
    "knee_past_straight": Target(
        KNEE_MIN_STANCE,
        goal=0.0,
        lowest=-10.0,
        highest=10.0,
        step=1.0,
        new_reader=lambda: StanceReader(KNEE_MIN_STANCE, _knee),
        needs=SHANK_PLACEMENTS,
    ),
    "step_time_symmetry": Target(
        STEP_TIME_ASYMMETRY,
        # The upper end of the usual.
        goal=3.0,
        lowest=0.0,
        highest=20.0,
        step=1.0,
        new_reader=StepTimeReader,
    ),
}
