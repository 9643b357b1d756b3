"""The coach: what a wearer is told, when a test begins and ends, and what is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dashboards.guided.coach import COUNTDOWN_S, RESULT_S, Beep, Coach, Order, Phase
from dashboards.guided.guided_tests import GUIDED_TESTS
from pipeline.gait import CalibrationQuality
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, Repetition
from pipeline.results import Results
from recordings.events import EventKind, SessionEvent
from recordings.placement import Side
from tests.dashboards.made_results import build_results

KNOWN = CalibrationQuality(0.0, 100.0, "standing", {}, {})
UNKNOWN = CalibrationQuality(0.0, 100.0, "none", {}, {}, unfit="Nobody walked.")


class Session:
    """A live walk as the coach meets it: marks come back, the analysis follows the script."""

    def __init__(self, coach: Coach) -> None:
        self.coach = coach
        self.now_s = 0.0
        self.results: Results = replace(build_results(), calibrations=(), movement_tests=())
        self.said: list[str] = []
        self.beeps: list[Beep] = []
        self.marks: list[tuple[str, str]] = []
        self._events: list[SessionEvent] = []

    def take(self, orders: Sequence[Order]) -> None:
        for order in orders:
            if order.words:
                self.said.append(order.words)
            if order.beep is not None:
                self.beeps.append(order.beep)
            if order.mark is not None:
                self.marks.append(order.mark)
                self._events.append(SessionEvent(self.now_s, *order.mark))

    def run(self, seconds: float, *, streaming: bool = True) -> None:
        for _ in range(round(seconds * 10)):
            self.now_s = round(self.now_s + 0.1, 3)
            events, self._events = self._events, []
            self.take(
                self.coach.look(
                    self.now_s, streaming=streaming, events=events, results=self.results
                )
            )

    def event(self, kind: str, label: str) -> None:
        self._events.append(SessionEvent(self.now_s, kind, label))

    def calibrated(self) -> None:
        self.results = replace(self.results, calibrations=(KNOWN,))

    def show(self, test: MovementTest) -> None:
        self.results = replace(self.results, movement_tests=(test,))

    def to_the_first_test(self) -> None:
        self.run(10.0)
        self.calibrated()
        self.run(1.0)


def squats(start_s: float, accepted: Sequence[bool], *, complete: bool = False) -> MovementTest:
    repetitions = tuple(
        Repetition(
            start_s + 3 * i, start_s + 3 * i + 2, None, ok, "" if ok else Obstacle.TOO_SHALLOW
        )
        for i, ok in enumerate(accepted)
    )
    return MovementTest(
        MovementTask.SQUAT,
        None,
        start_s,
        start_s + 20.0,
        complete=complete,
        sentence="Both thighs went straight down." if complete else "",
        repetitions=repetitions,
    )


def test_standing_and_walking_come_first_and_are_marked():
    session = Session(Coach([GUIDED_TESTS["squat"]]))
    session.run(2.0, streaming=False)
    assert session.coach.phase is Phase.SENSORS
    session.run(10.0)
    assert session.coach.phase is Phase.WALK
    pose = ("calibration_pose_start", "standing"), ("calibration_pose_end", "standing")
    assert tuple(session.marks) == pose
    session.results = replace(session.results, calibrations=(UNKNOWN,))
    session.run(70.0)
    assert session.coach.phase is Phase.WALK
    assert session.said[-1] == "Walk on a little, straight ahead. Nobody walked."
    session.calibrated()
    session.run(0.5)
    assert session.coach.phase is Phase.READY
    assert any("Bend your knees as if to sit down" in words for words in session.said)


def test_five_squats_are_counted_and_told():
    session = Session(Coach([GUIDED_TESTS["squat"]]))
    session.to_the_first_test()
    session.take(session.coach.go(session.now_s))
    session.run(COUNTDOWN_S + 0.5)
    assert session.marks[-1] == (EventKind.TASK_START, "squat")
    assert session.coach.phase is Phase.DOING
    assert session.beeps[-4:] == [Beep.COUNT, Beep.COUNT, Beep.COUNT, Beep.GO]
    begun_s = session.now_s - 0.4
    session.show(squats(begun_s, [True, False]))
    session.run(0.5)
    assert session.said[-2:] == ["1 of 5", "Go a little deeper, as far as it is comfortable."]
    session.show(squats(begun_s, [True, False, True, True, True, True]))
    session.run(0.5)
    assert session.marks.count((EventKind.TASK_END, "squat")) == 1
    assert session.coach.phase is Phase.RESULT
    session.show(squats(begun_s, [True, False, True, True, True, True], complete=True))
    session.run(0.5)
    assert "Both thighs went straight down." in session.said
    assert session.coach.phase is Phase.DONE
    assert [part.label for part in session.coach.finished] == ["squat"]


def test_a_repetition_is_told_when_it_is_over():
    """On the way down a squat is still too shallow, and a hold has hardly begun."""
    session = Session(Coach([GUIDED_TESTS["squat"]]))
    session.to_the_first_test()
    session.take(session.coach.go(session.now_s))
    session.run(COUNTDOWN_S + 0.5)
    begun_s = session.now_s - 0.4
    going_on = replace(squats(begun_s, [True, False]), end_s=begun_s + 5.0)
    session.show(going_on)
    session.run(0.5)
    assert session.said[-1] == "1 of 5"
    session.show(replace(squats(begun_s, [True, True]), end_s=begun_s + 5.6))
    session.run(0.5)
    assert session.said[-1] == "2 of 5"
    assert not any("deeper" in words for words in session.said)


def test_left_then_right():
    coach = Coach([GUIDED_TESTS["knee-lift"], GUIDED_TESTS["chair"]])
    assert [part.label for part in coach.parts] == [
        "knee_lift_left",
        "knee_lift_right",
        "sit_to_stand",
    ]
    session = Session(coach)
    session.to_the_first_test()
    session.take(coach.leave_out(session.now_s))
    assert coach.part is not None
    assert coach.part.side is Side.RIGHT


def test_time_runs_out():
    session = Session(Coach([GUIDED_TESTS["squat"]]))
    session.to_the_first_test()
    session.take(session.coach.go(session.now_s))
    session.run(COUNTDOWN_S + GUIDED_TESTS["squat"].limit_s + 1.0)
    assert "The time for this one is over." in session.said
    assert session.coach.phase is Phase.RESULT
    session.run(RESULT_S + 0.5)
    assert session.said[-2] == "This one is still being looked at."
    assert session.coach.phase is Phase.DONE
    assert session.coach.finished == []


def test_pain_ends_everything_and_closes_the_task():
    session = Session(Coach([GUIDED_TESTS["squat"], GUIDED_TESTS["chair"]]))
    session.to_the_first_test()
    session.take(session.coach.go(session.now_s))
    session.run(COUNTDOWN_S + 2.0)
    session.take(session.coach.stop(session.now_s, "It hurts."))
    assert session.coach.over
    assert session.marks[-1] == (EventKind.TASK_END, "squat")
    session.run(5.0)
    assert session.said[-1] == "It hurts."


def test_a_virtual_wearer_sets_the_marks_and_is_followed():
    session = Session(Coach([GUIDED_TESTS["one-leg"]], led=True))
    session.to_the_first_test()
    assert session.coach.go(session.now_s) == []
    session.event(EventKind.TASK_START, "squat")
    session.run(0.2)
    assert session.coach.phase is Phase.READY
    session.event(EventKind.TASK_START, "single_leg_stance_right")
    session.run(0.2)
    assert session.coach.phase is Phase.DOING
    assert session.coach.part is not None
    assert session.coach.part.side is Side.RIGHT
    session.event(EventKind.TASK_END, "single_leg_stance_right")
    session.run(0.2)
    assert session.coach.phase is Phase.RESULT
    assert session.marks == []


def test_the_screening_walks_for_two_minutes():
    session = Session(Coach([GUIDED_TESTS["squat"]], walk_s=120.0))
    session.to_the_first_test()
    assert session.coach.phase is Phase.WALK
    session.run(120.0)
    assert session.coach.phase is Phase.READY


@pytest.mark.parametrize("phase", ["sensors", "stand", "walk", "ready"])
def test_stopping_is_possible_at_any_time(phase):
    session = Session(Coach([GUIDED_TESTS["squat"]]))
    {
        "sensors": lambda: session.run(1.0, streaming=False),
        "stand": lambda: session.run(1.0),
        "walk": lambda: session.run(10.0),
        "ready": session.to_the_first_test,
    }[phase]()
    assert session.coach.phase == phase
    session.take(session.coach.stop(session.now_s, "Stopped."))
    assert session.coach.phase is Phase.STOPPED
    assert (EventKind.TASK_END, "squat") not in session.marks
