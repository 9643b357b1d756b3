"""Which virtual people are asked, and how far their deviations go."""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.virtual_wearer.deviations import KNOBS
from pipeline.decision import Threshold
from pipeline.detectors import femoral_collapse, gait_asymmetry, knee_hyperextension
from pipeline.features.base import Worse
from validation.people import CONDITIONS, Individual

USUAL_SEEDS = 1
MANY = ("thigh sensors turned ±10°", "axes wrong by ±10°")
"""Conditions with a target of their own are asked of more people."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A deviation that a detector is there to find.

    Attributes
    ----------
    kind : str
        Knob of the virtual wearer.
    threshold : Threshold
        The detector's own.
    """

    kind: str
    detector: str
    threshold: Threshold

    @property
    def distance(self) -> float:
        """From what is usual to the threshold, in the unit of the measure."""
        norm = self.threshold.feature.norm
        centre = 0.0 if self.threshold.worse is Worse.EITHER or norm is None else norm.mean
        return abs(self.threshold.at_free_speed - centre)


JUDGED = (
    Judged("step_time_asymmetry", gait_asymmetry.NAME, gait_asymmetry.STEP.threshold),
    Judged("stance_asymmetry", gait_asymmetry.NAME, gait_asymmetry.STANCE.threshold),
    Judged("stiff_hip", gait_asymmetry.NAME, gait_asymmetry.HIP.threshold),
    Judged("stiff_knee", gait_asymmetry.NAME, gait_asymmetry.KNEE.threshold),
    Judged("hip_adduction", femoral_collapse.QUESTION.detector, femoral_collapse.LEAN),
    Judged("knee_hyperextension", knee_hyperextension.NAME, knee_hyperextension.PAST_STRAIGHT),
)
SEVERITIES = (0.5, 1.0, 1.5, 2.0)
"""Size of a deviation in distances from usual to threshold."""

OTHERS = {
    "pelvic_drop": 6.0,
    "hip_internal_rotation": 10.0,
    "thigh_turned_in": 10.0,
    "limited_hip_extension": 10.0,
    "anterior_tilt": 10.0,
    "reduced_hip_flexion": 10.0,
    "lateral_sway": 0.03,
    "leg_length": 20.0,
}
"""Deviations that none of the three detectors is made for, in the unit of the knob; mm."""


def unit(kind: str) -> str:
    """Unit of the amount of a deviation."""
    word = "mm" if kind == "leg_length" else KNOBS[kind].unit
    return {"deg": "°", "%": " %"}.get(word, f" {word}")


def usual(people: int) -> list[Individual]:
    return [Individual(USUAL_SEEDS + i) for i in range(people)]


def deviating(people: int, kind: str, amount: float) -> list[Individual]:
    """One in thirteen of the people, others for each kind, the same for each size."""
    kinds = [*(j.kind for j in JUDGED), *OTHERS]
    first = 100_000 * (1 + kinds.index(kind))
    return [Individual(first + i, kind, amount) for i in range(max(6, people // 13))]


def under(people: int, condition: str) -> list[Individual]:
    """Usual walkers: three in five where a target rests on the condition, else one in twenty."""
    first = 5_000_000 + 100_000 * CONDITIONS.index(condition)
    count = 3 * people // 5 if condition in MANY else people // 20
    return [Individual(first + i, condition=condition) for i in range(max(6, count))]


def everybody(people: int) -> list[Individual]:
    """All cases of a run, most wanted first."""
    cases = usual(people)
    for severity in reversed(SEVERITIES):
        for judged in JUDGED:
            cases += deviating(people, judged.kind, severity * judged.distance)
    for condition in CONDITIONS[1:]:
        cases += under(people, condition)
    for kind, amount in OTHERS.items():
        cases += deviating(people, kind, amount)
    return cases
