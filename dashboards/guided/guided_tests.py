"""The tests that a wearer can be guided through: how each is done and when it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.movement_tests.outcome import MovementTask, Obstacle
from pipeline.movement_tests.words import TITLES
from recordings.placement import Side

CHAIR = "Have a wall or a heavy chair within reach of your hand."
SOMEBODY = (
    "If you feel unsteady on your feet, do this only with somebody beside you, or leave it out."
)
RAIL = "Keep one hand on the rail and your eyes on the stairs, not on the screen."


@dataclass(frozen=True, slots=True)
class GuidedTest:
    """One test as the wearer meets it.

    Attributes
    ----------
    name : str
        As it is typed: ``hipgait test NAME``.
    task : MovementTask
    how : str
        Two sentences: what to do.
    goal : int
        Repetitions (tries, for a hold) of each side that complete it.
    limit_s : float
        After so long it ends anyway.
    pose_deg : mapping of str to float
        Angles at the deepest (highest) point for the picture, by name in the angle series; of
        the leg that works (``own``) and of the other, the right leg being the own one.
    hints : mapping of str to str
        What to do differently, by the reason for which a repetition did not count.
    needs_balance : bool
        Whether it is done on one leg.
    """

    name: str
    task: MovementTask
    how: str
    goal: int
    limit_s: float
    pose_deg: Mapping[str, float]
    hints: Mapping[str, str] = field(default_factory=dict)
    needs_balance: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.task]

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The legs one after the other, left first; None for both together."""
        return (Side.LEFT, Side.RIGHT) if self.task.one_legged else (None,)

    @property
    def precautions(self) -> tuple[str, ...]:
        """What to have ready, as sentences."""
        if self.task is MovementTask.STANDING:
            return ()
        if self.task is MovementTask.STAIRS_UP:
            return (RAIL, SOMEBODY)
        return (CHAIR, SOMEBODY) if self.needs_balance else (CHAIR,)


_SHALLOW = Obstacle.TOO_SHALLOW.value
_OTHER_LEG = Obstacle.OTHER_LEG.value
_UNEVEN = {
    Obstacle.STUMBLED.value: "That one had a stumble: take your time, hold on lightly if you need.",
    Obstacle.GAP.value: "A sensor was silent for a moment: do that one again.",
}
_DEEPER = {**_UNEVEN, _SHALLOW: "Go a little deeper, as far as it is comfortable."}

_ALL = (
    GuidedTest(
        "standing",
        MovementTask.STANDING,
        "Stand upright with your feet hip-wide and your knees as you like to hold them. "
        "Look ahead and stay so for ten seconds.",
        goal=1,
        limit_s=30.0,
        pose_deg={},
    ),
    GuidedTest(
        "chair",
        MovementTask.SIT_TO_STAND,
        "Sit on a chair without leaning back, arms crossed over your chest. "
        "Rise until you stand upright and sit down again, five times, at your own pace.",
        goal=5,
        limit_s=90.0,
        pose_deg={
            "pelvis_tilt": 15.0,
            "own_thigh": 85.0,
            "own_knee": 90.0,
            "other_thigh": 85.0,
            "other_knee": 90.0,
        },
        hints={
            **_UNEVEN,
            _SHALLOW: "Rise until you stand quite upright, then sit down all the way.",
        },
    ),
    GuidedTest(
        "squat",
        MovementTask.SQUAT,
        "Stand with your feet hip-wide, toes ahead, arms stretched forward. "
        "Bend your knees as if to sit down, about half-way, and come up again, five times, slowly.",
        goal=5,
        limit_s=90.0,
        pose_deg={
            "pelvis_tilt": 20.0,
            "own_thigh": 60.0,
            "own_knee": 80.0,
            "other_thigh": 60.0,
            "other_knee": 80.0,
        },
        hints=_DEEPER,
    ),
    GuidedTest(
        "one-leg",
        MovementTask.SINGLE_LEG_STANCE,
        "Stand on one leg and lift the other foot off the floor, arms loose. "
        "Stay so for as long as it is easy, at most thirty seconds.",
        goal=1,
        limit_s=60.0,
        pose_deg={"other_thigh": 25.0, "other_knee": 70.0},
        hints={
            **_UNEVEN,
            _SHALLOW: "Lift the foot clear of the floor before you begin to hold.",
            _OTHER_LEG: "You stand on the other leg: change legs.",
        },
        needs_balance=True,
    ),
    GuidedTest(
        "one-leg-squat",
        MovementTask.SINGLE_LEG_SQUAT,
        "Stand on one leg, the other foot off the floor behind you. "
        "Bend the knee a little and straighten it again, five times, slowly.",
        goal=5,
        limit_s=90.0,
        pose_deg={
            "pelvis_tilt": 15.0,
            "own_thigh": 35.0,
            "own_knee": 55.0,
            "other_thigh": 5.0,
            "other_knee": 75.0,
        },
        hints={**_DEEPER, _OTHER_LEG: "You stand on the other leg: change legs."},
        needs_balance=True,
    ),
    GuidedTest(
        "lunge",
        MovementTask.LUNGE,
        "Take a long step forward with one leg and bend that knee until the thigh is well tilted. "
        "Push yourself back to where you stood, five times with the same leg.",
        goal=5,
        limit_s=90.0,
        pose_deg={
            "own_thigh": 65.0,
            "own_knee": 80.0,
            "other_thigh": -15.0,
            "other_knee": 55.0,
        },
        hints={**_DEEPER, _OTHER_LEG: "That was the other leg: step out with the one named."},
        needs_balance=True,
    ),
    GuidedTest(
        "side-lunge",
        MovementTask.LATERAL_LUNGE,
        "Take a wide step to the side with one leg and bend that knee, the other leg staying "
        "long. Push yourself back to where you stood, five times with the same leg.",
        goal=5,
        limit_s=90.0,
        pose_deg={
            "pelvis_tilt": 20.0,
            "own_thigh": 55.0,
            "own_knee": 75.0,
            "own_adduction": -20.0,
            "other_thigh": 10.0,
            "other_adduction": -35.0,
        },
        hints={**_DEEPER, _OTHER_LEG: "That was the other leg: step out with the one named."},
        needs_balance=True,
    ),
    GuidedTest(
        "step-down",
        MovementTask.STEP_DOWN,
        "Stand with one leg on a low step, the other foot free beside it. "
        "Bend the knee until the free heel nearly touches the floor and come up again, five times.",
        goal=5,
        limit_s=90.0,
        pose_deg={
            "pelvis_tilt": 10.0,
            "own_thigh": 45.0,
            "own_knee": 65.0,
            "other_thigh": 15.0,
            "other_knee": 10.0,
        },
        hints={**_DEEPER, _OTHER_LEG: "That was the other leg: stand on the one named."},
        needs_balance=True,
    ),
    GuidedTest(
        "knee-lift",
        MovementTask.KNEE_LIFT,
        "Stand upright and lift one knee as high as it goes without using your hands. "
        "Hold it there for up to ten seconds, then put the foot down.",
        goal=1,
        limit_s=40.0,
        pose_deg={"own_thigh": 95.0, "own_knee": 95.0},
        hints={
            **_UNEVEN,
            _SHALLOW: "Lift the knee higher, as far as it is comfortable.",
            _OTHER_LEG: "That was the other knee: lift the one named.",
        },
        needs_balance=True,
    ),
    GuidedTest(
        "stairs",
        MovementTask.STAIRS_UP,
        "Stand still at the foot of a flight of stairs, then walk up foot over foot, one tread "
        "at a time. Ten steps are enough; at the top stand still again.",
        goal=10,
        limit_s=60.0,
        pose_deg={
            "pelvis_tilt": 8.0,
            "own_thigh": 57.0,
            "own_knee": 75.0,
            "other_thigh": 5.0,
            "other_knee": 10.0,
        },
        hints={
            **_UNEVEN,
            _SHALLOW: "Set each foot one tread above the other.",
        },
        needs_balance=True,
    ),
)
GUIDED_TESTS: Mapping[str, GuidedTest] = {test.name: test for test in _ALL}
"""By the name that is typed."""

SCREENING = ("standing", "one-leg", "knee-lift", "squat", "chair", "step-down")
"""What the ten minutes hold after the walk, in this order: each side of hip and knee once, what
asks for most balance while the wearer is fresh."""
