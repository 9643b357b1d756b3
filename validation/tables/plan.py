"""Which virtual people are asked, and how far their deviations go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firmware_bridge.virtual_wearer.deviations import KNOBS
from pipeline.decision import Threshold
from pipeline.detectors import femoral_collapse, gait_asymmetry, knee_hyperextension
from pipeline.features.base import Worse
from validation.people import CONDITIONS, Individual

USUAL_SEEDS = 1
MANY = ("thigh sensors turned ±10°", "axes wrong by ±10°")
"""Conditions with a target of their own are asked of more people."""
_SHARE = {
    "usual": 0.3,
    "twice": 0.06,
    "size": 0.03,
    "other": 0.015,
    "many": 0.12,
    "few": 0.02,
    "both": 0.006,
}
"""Group → its people as a share of the size of a run.

Of a full run of 1,000 these are 300 usual walkers (up to three with a false alarm keep the upper
95 % bound below 3 %; 122 would do for none), 60 at twice the distance and 30 at each other size
of six deviations, 15 with each of eight others: 1,320 different people. 120 under a condition
whose bound is 5 % (one false alarm is allowed, 73 would do for none), 20 under each other. The
first six at twice the distance are asked again under every condition.
"""
_AT_LEAST = {"usual": 10, "both": 3}


@dataclass(frozen=True, slots=True)
class Judged:
    """A deviation that a detector is there to find.

    Attributes
    ----------
    kind : str
        Knob of the virtual wearer.
    threshold : Threshold
        The detector's own.
    turn : float
        How far the knob is turned for one distance: the other leg changes with this one, and
        usual virtual people do not start exactly from the norm.
    """

    kind: str
    detector: str
    threshold: Threshold
    turn: float = 1.0

    @property
    def distance(self) -> float:
        """From what is usual to the threshold, in the unit of the measure."""
        norm = self.threshold.feature.norm
        centre = 0.0 if self.threshold.worse is Worse.EITHER or norm is None else norm.mean
        return abs(self.threshold.at_free_speed - centre)

    def amount(self, size: float) -> float:
        """How far the knob is turned for a size, in its unit."""
        return round(size * self.turn * self.distance, 2)

    def true_size(self, value: float, threshold: float) -> float:
        """How far a person truly deviates, in distances from usual to threshold.

        Parameters
        ----------
        value : float
            The true measure.
        threshold : float
            The one that holds for this person: it moves with walking speed.
        """
        if self.threshold.worse is Worse.EITHER:
            return abs(value) / self.distance
        sign = -1.0 if self.threshold.worse is Worse.LOWER else 1.0
        return 1.0 + sign * (value - threshold) / self.distance


JUDGED = (
    Judged("step_time_asymmetry", gait_asymmetry.NAME, gait_asymmetry.STEP.threshold),
    Judged("stance_asymmetry", gait_asymmetry.NAME, gait_asymmetry.STANCE.threshold),
    Judged("stiff_hip", gait_asymmetry.NAME, gait_asymmetry.HIP.threshold, 0.74),
    Judged("stiff_knee", gait_asymmetry.NAME, gait_asymmetry.KNEE.threshold, 1.05),
    Judged("hip_adduction", femoral_collapse.QUESTION.detector, femoral_collapse.LEAN, 1.12),
    Judged("knee_hyperextension", knee_hyperextension.NAME, knee_hyperextension.PAST_STRAIGHT),
)
SEVERITIES = (0.5, 1.0, 1.5, 2.0)
"""Size of a deviation in distances from usual to threshold."""
TWICE = 2.0

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


def _count(people: int, group: str) -> int:
    return max(_AT_LEAST.get(group, 6), round(people * _SHARE[group]))


def usual(people: int) -> list[Individual]:
    """Walkers with what everybody has of asymmetry, and no more."""
    return [Individual(USUAL_SEEDS + i) for i in range(_count(people, "usual"))]


def deviating(people: int, judged: Judged, size: float) -> list[Individual]:
    """People with a deviation that a detector is there to find; others for each size."""
    first = 100_000 * (1 + JUDGED.index(judged)) + 10_000 * SEVERITIES.index(size)
    count = _count(people, "twice" if size == TWICE else "size")
    return [Individual(first + i, judged.kind, judged.amount(size)) for i in range(count)]


def deviating_under(people: int, judged: Judged, condition: str) -> list[Individual]:
    """The first of those at twice the distance, under a condition."""
    few = deviating(people, judged, TWICE)[: _count(people, "both")]
    return [replace(one, condition=condition) for one in few]


def others(people: int, kind: str) -> list[Individual]:
    """People with a deviation that no detector is made for."""
    first = 100_000 * (1 + len(JUDGED) + list(OTHERS).index(kind))
    return [Individual(first + i, kind, OTHERS[kind]) for i in range(_count(people, "other"))]


def under(people: int, condition: str) -> list[Individual]:
    """Usual walkers under a condition."""
    first = 5_000_000 + 100_000 * CONDITIONS.index(condition)
    count = _count(people, "many" if condition in MANY else "few")
    return [Individual(first + i, condition=condition) for i in range(count)]


def everybody(people: int) -> list[Individual]:
    """All cases of a run."""
    cases = usual(people)
    for judged in JUDGED:
        for size in SEVERITIES:
            cases += deviating(people, judged, size)
    for kind in OTHERS:
        cases += others(people, kind)
    for condition in CONDITIONS[1:]:
        cases += under(people, condition)
        for judged in JUDGED:
            cases += deviating_under(people, judged, condition)
    return cases
