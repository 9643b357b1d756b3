"""The coach: leads a wearer through standing, walking and tests, one thing at a time.

It looks at what the live walk shows and gives orders: words to say, beeps, marks for the
recording. It reads no clock, knows no window and no terminal.

A phase begins with what the live walk tells, marks included, so that the same coach follows a
virtual wearer who brings the marks along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboards.guided.guided_tests import GuidedTest
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, task_of
from pipeline.movement_tests.words import title
from pipeline.results import Results, Verdict
from recordings.events import EventKind, SessionEvent
from recordings.placement import Side

COUNTDOWN_S = 3
POSE_S = 6.0
STANDING_TEST_S = 12.0
IMPATIENT_S = 60.0
"""Walking for so long without known axes: say what is missing."""

SETTLED_S = 0.5
"""A repetition counts when the posture has been held for so long after it."""
RESULT_S = 8.0
"""The result of a part is waited for this long; what comes later stands in the summary."""


class Phase(StrEnum):
    SENSORS = "sensors"
    STAND = "stand"
    WALK = "walk"
    READY = "ready"
    COUNTDOWN = "countdown"
    DOING = "doing"
    RESULT = "result"
    DONE = "done"
    STOPPED = "stopped"


class Beep(StrEnum):
    """What a beep tells."""

    COUNT = "count"
    GO = "go"
    COUNTED = "counted"
    END = "end"


@dataclass(frozen=True, slots=True)
class Order:
    """What the coach wants done now.

    Attributes
    ----------
    words : str
        To be shown, and spoken where that is possible; may be empty.
    beep : Beep or None
    mark : tuple of (kind, label), or None
        An event to put into the recording at this moment.
    """

    words: str = ""
    beep: Beep | None = None
    mark: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One test with one leg (or both)."""

    test: GuidedTest
    side: Side | None

    @property
    def title(self) -> str:
        return title(self.test.task, self.side)

    @property
    def label(self) -> str:
        return self.test.task.label(self.side)


class Coach:
    """Leads through some tests.

    Parameters
    ----------
    tests : sequence of GuidedTest
        In the order in which they are done, left leg before right.
    led : bool
        Somebody else sets the marks (a virtual wearer): the coach follows them.
    walk_s : float
        How long to walk at least, once everybody stands; more if the axes want it.

    Attributes
    ----------
    finished : list of Part
        Those that gave a result.
    """

    def __init__(
        self, tests: Sequence[GuidedTest], *, led: bool = False, walk_s: float = 0.0
    ) -> None:
        self.parts = [Part(test, side) for test in tests for side in test.sides]
        self.phase = Phase.SENSORS
        self.current = 0
        self.counted = 0
        self.finished: list[Part] = []
        self._led = led
        self._walk_s = walk_s
        self._since_s = 0.0
        self._begun_s = 0.0
        self._asked = False
        self._said = 0
        self._seen = 0

    @property
    def part(self) -> Part | None:
        """What is done now, or next."""
        return self.parts[self.current] if self.current < len(self.parts) else None

    @property
    def over(self) -> bool:
        return self.phase in (Phase.DONE, Phase.STOPPED)

    # -- what the wearer, or whoever helps, does ------------------------------------------------

    def go(self, now_s: float) -> list[Order]:
        """Begin the part that is explained."""
        if self.phase is not Phase.READY or self._led:
            return []
        self._enter(Phase.COUNTDOWN, now_s)
        self._said = COUNTDOWN_S
        return [Order(f"{COUNTDOWN_S} …", Beep.COUNT)]

    def end_part(self, now_s: float) -> list[Order]:
        """Enough of this part."""
        if self.phase is not Phase.DOING:
            return []
        return self._end()

    def leave_out(self, now_s: float) -> list[Order]:
        """Go on without the part that is explained."""
        if self.phase is not Phase.READY:
            return []
        return self._next(now_s)

    def stop(self, now_s: float, why: str) -> list[Order]:
        """End everything; what was done is kept."""
        if self.over:
            return []
        orders = [Order(why, Beep.END)]
        if self.phase is Phase.DOING and not self._led and self.part is not None:
            orders.append(Order(mark=(EventKind.TASK_END, self.part.label)))
        self._enter(Phase.STOPPED, now_s)
        return orders

    # -- what the live walk shows ---------------------------------------------------------------

    def look(
        self,
        now_s: float,
        *,
        streaming: bool,
        events: Iterable[SessionEvent] = (),
        results: Results | None = None,
    ) -> list[Order]:
        """Take the latest look at the live walk.

        Parameters
        ----------
        now_s : float
            Session time.
        streaming : bool
            Whether every sensor sends.
        events : iterable of SessionEvent
            New ones.
        results : Results or None
            The latest snapshot.
        """
        orders: list[Order] = []
        for event in events:
            orders += self._heard(event, now_s)
        match self.phase:
            case Phase.SENSORS if streaming and self._walk_s == 0.0 and _axes_known(results):
                orders += self._explain(now_s)
            case Phase.SENSORS if streaming:
                self._enter(Phase.STAND, now_s)
                orders.append(Order("Stand upright, feet hip-wide, arms loose, and stand still."))
            case Phase.STAND:
                orders += self._standing(now_s)
            case Phase.WALK:
                orders += self._walking(now_s, results)
            case Phase.COUNTDOWN:
                orders += self._counting_down(now_s)
            case Phase.DOING:
                orders += self._doing(now_s, results)
            case Phase.RESULT:
                orders += self._telling(now_s, results)
            case _:
                pass
        return orders

    def _heard(self, event: SessionEvent, now_s: float) -> list[Order]:
        """Marks begin and end a part, whoever set them."""
        if event.kind == EventKind.TASK_START and (task := task_of(event.label)) is not None:
            for i, part in enumerate(self.parts):
                if (part.test.task, part.side) == task and i >= self.current:
                    self.current, self.counted, self._seen = i, 0, 0
                    self._enter(Phase.DOING, now_s)
                    self._begun_s = event.time_s
                    return [Order(f"{part.title}: go.", Beep.GO)]
        elif event.kind == EventKind.TASK_END and self.phase is Phase.DOING:
            self._enter(Phase.RESULT, now_s)
            return [Order("Done.", Beep.END)]
        return []

    def _standing(self, now_s: float) -> list[Order]:
        passed = now_s - self._since_s
        if not self._asked and passed >= COUNTDOWN_S:
            self._asked = True
            return self._marks(EventKind.CALIBRATION_POSE_START, "standing")
        if passed >= COUNTDOWN_S + POSE_S:
            self._enter(Phase.WALK, now_s)
            how_long = "two minutes" if self._walk_s >= 120.0 else "half a minute"
            return [
                *self._marks(EventKind.CALIBRATION_POSE_END, "standing"),
                Order(f"Now walk straight ahead for about {how_long}; turn where you need to."),
            ]
        return []

    def _walking(self, now_s: float, results: Results | None) -> list[Order]:
        known = _axes_known(results)
        if known and now_s - self._since_s >= self._walk_s:
            return [Order("Good, that is enough walking. Stand still."), *self._explain(now_s)]
        if not known and not self._asked and now_s - self._since_s > IMPATIENT_S:
            self._asked = True
            missing = results.calibrations[-1].unfit if results and results.calibrations else ""
            return [Order(f"Walk on a little, straight ahead. {missing}".strip())]
        return []

    def _explain(self, now_s: float) -> list[Order]:
        part = self.part
        if part is None:
            self._enter(Phase.DONE, now_s)
            return [Order("That was all.", Beep.END)]
        self._enter(Phase.READY, now_s)
        return [Order(f"{part.title}. {part.test.how}"), *map(Order, part.test.precautions)]

    def _counting_down(self, now_s: float) -> list[Order]:
        left = COUNTDOWN_S - int(now_s - self._since_s)
        if left >= self._said:
            return []
        self._said = left
        if left > 0:
            return [Order(f"{left} …", Beep.COUNT)]
        assert self.part is not None
        return self._marks(EventKind.TASK_START, self.part.label)

    def _doing(self, now_s: float, results: Results | None) -> list[Order]:
        part = self.parts[self.current]
        orders: list[Order] = []
        test = self._find(results, part)
        for repetition in test.repetitions[self._seen :] if test is not None else ():
            if test is not None and not test.complete and repetition.end_s > test.end_s - SETTLED_S:
                # It goes on: how deep, how long and by which leg is known when it is over.
                break
            self._seen += 1
            if repetition.accepted or repetition.reason == Obstacle.IRREGULAR:
                # Which ones are unlike the others is known when all are done.
                self.counted += 1
                orders.append(Order(f"{self.counted} of {part.test.goal}", Beep.COUNTED))
            elif hint := part.test.hints.get(repetition.reason):
                orders.append(Order(hint))
        if self._asked:
            return orders
        lasts_s = now_s - self._begun_s
        standing = part.test.task is MovementTask.STANDING
        enough = lasts_s >= STANDING_TEST_S if standing else self.counted >= part.test.goal
        if enough:
            return [*orders, *self._end()]
        if lasts_s >= part.test.limit_s:
            return [*orders, Order("The time for this one is over."), *self._end()]
        return orders

    def _telling(self, now_s: float, results: Results | None) -> list[Order]:
        part = self.parts[self.current]
        test = self._find(results, part)
        if test is not None and test.complete:
            if test.scored:
                self.finished.append(part)
            said = [test.sentence, *(f.sentence for f in test.findings if _worth_saying(f.verdict))]
            return [*(Order(words) for words in said if words), *self._next(now_s)]
        if now_s - self._since_s > RESULT_S:
            return [Order("This one is still being looked at."), *self._next(now_s)]
        return []

    def _find(self, results: Results | None, part: Part) -> MovementTest | None:
        """What the analysis has made of the part so far."""
        return next(
            (
                test
                for test in reversed(results.movement_tests if results is not None else ())
                if (test.task, test.side) == (part.test.task, part.side)
                and abs(test.start_s - self._begun_s) < 1.0
            ),
            None,
        )

    # -- steps ----------------------------------------------------------------------------------

    def _end(self) -> list[Order]:
        """Ask for the mark that ends a part, once."""
        self._asked = True
        return self._marks(EventKind.TASK_END, self.parts[self.current].label)

    def _next(self, now_s: float) -> list[Order]:
        self.current += 1
        return self._explain(now_s)

    def _marks(self, kind: str, label: str) -> list[Order]:
        return [] if self._led else [Order(mark=(kind, label))]

    def _enter(self, phase: Phase, now_s: float) -> None:
        self.phase, self._since_s, self._asked = phase, now_s, False


def _axes_known(results: Results | None) -> bool:
    """Whether the walk so far tells how the sensors sit."""
    if results is None or not results.calibrations:
        return False
    latest = results.calibrations[-1]
    return latest.zero != "none" and not latest.unfit


def _worth_saying(verdict: Verdict) -> bool:
    return verdict is Verdict.PRESENT
