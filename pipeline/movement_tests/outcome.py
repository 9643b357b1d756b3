"""What came of a movement test: the words in which it stands in the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.findings import FeatureStatistics, Finding
from recordings.placement import Side


class MovementTask(StrEnum):
    """What a wearer can be asked to do on the spot.

    The value is the label of a task event; a task of one leg carries its side behind it
    (``single_leg_stance_left``).
    """

    STANDING = "standing"
    SIT_TO_STAND = "sit_to_stand"
    SQUAT = "squat"
    SINGLE_LEG_SQUAT = "single_leg_squat"
    """Side: the leg that stands."""
    SINGLE_LEG_STANCE = "single_leg_stance"
    """Side: the leg that stands."""
    LUNGE = "lunge"
    """Side: the leg in front."""
    LATERAL_LUNGE = "lateral_lunge"
    """Side: the leg that steps out and bends."""
    STEP_DOWN = "step_down"
    """Side: the leg that stays on the step and bends."""
    KNEE_LIFT = "knee_lift"
    """Side: the leg that is lifted."""
    STAIRS_UP = "stairs_up"
    """Foot over foot."""

    @property
    def one_legged(self) -> bool:
        """Whether it is done with one leg after the other."""
        return self not in _BOTH_LEGS

    def label(self, side: Side | None = None) -> str:
        """The label of its task event."""
        return self.value if side is None else f"{self.value}_{side.value}"


_BOTH_LEGS = (
    MovementTask.STANDING,
    MovementTask.SIT_TO_STAND,
    MovementTask.SQUAT,
    MovementTask.STAIRS_UP,
)


def task_of(label: str) -> tuple[MovementTask, Side | None] | None:
    """The movement test that a task label names, with its leg; None for any other task."""
    word, side = label.strip().lower(), None
    for leg in Side:
        if word.endswith(f"_{leg.value}"):
            word, side = word.removesuffix(f"_{leg.value}"), leg
    task = next((task for task in MovementTask if task.value == word), None)
    return None if task is None else (task, side)


class Obstacle(StrEnum):
    """Why nothing of a test was scored, or why a repetition does not count."""

    NOTHING_DONE = "nothing_done"
    WRONG_TEST = "wrong_test"
    OTHER_LEG = "other_leg"
    BROKEN_OFF = "broken_off"
    TOO_FEW = "too_few_repetitions"
    SLIPPED_SENSOR = "slipped_sensor"
    NO_QUIET_START = "no_quiet_start"
    NOT_CALIBRATED = "not_calibrated"
    LEFT_OUT_BY_HAND = "excluded_span"
    TOO_LONG = "too_long"
    GAP = "gap"
    """Repetition: a sensor was silent."""
    TOO_SHALLOW = "too_shallow"
    STUMBLED = "stumbled"
    IRREGULAR = "irregular"
    """Repetition: far quicker, slower or less even than the others."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """One time that the movement was done; of a hold, one try.

    Attributes
    ----------
    start_s, end_s : float
        Session seconds, from leaving the starting posture to being back in it.
    side : Side or None
        The leg that did it; None for both.
    accepted : bool
        Whether it counts.
    reason : str
        `Obstacle` code of why it does not; empty if it does.
    measures : mapping of str to float
        Feature name (with its unit) to value; a feature of one leg carries the side behind
        a blank (``squat_inward_lean_deg left``). NaN where it could not be measured.
    """

    start_s: float
    end_s: float
    side: Side | None
    accepted: bool
    reason: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class MovementTest:
    """One movement test, or what was taken for one.

    Attributes
    ----------
    task : MovementTask
    side : Side or None
        The leg that was asked for; None for a test of both.
    start_s, end_s : float
        The stretch, half-open: of the task event, or from the first to the last repetition.
    epoch : int
        Calibration epoch.
    announced : bool
        False if it was recognised without an event that names it.
    complete : bool
        False while the task goes on; then everything here is provisional.
    reason : str
        `Obstacle` code of why nothing is scored; empty if it is.
    sentence : str
        What was done, or why nothing is scored, for the wearer.
    repetitions : tuple of Repetition
        All that were found, those that do not count too.
    needed : int
        Accepted repetitions that a score needs.
    features : tuple of FeatureStatistics
        Over accepted repetitions. A left–right difference stands with the test of the second
        leg.
    findings : tuple of Finding
        Their `strides` are accepted repetitions.
    remarks : tuple of str
        What was left out and why, as sentences.
    """

    task: MovementTask
    side: Side | None
    start_s: float
    end_s: float
    epoch: int = 0
    announced: bool = True
    complete: bool = True
    reason: str = ""
    sentence: str = ""
    repetitions: tuple[Repetition, ...] = ()
    needed: int = 1
    features: tuple[FeatureStatistics, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def scored(self) -> bool:
        return not self.reason

    @property
    def accepted(self) -> tuple[Repetition, ...]:
        """The repetitions that count."""
        return tuple(r for r in self.repetitions if r.accepted)
