"""Sessions of the virtual wearer that the tests of movement tests share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from firmware_bridge.virtual_wearer.spec import (
    KneeLift,
    Lunge,
    SingleLegStance,
    Sit,
    Spec,
    Squat,
    Stand,
    TimelineItem,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.analysis import analyze
from pipeline.movement_tests.outcome import MovementTask, MovementTest
from recordings.events import EventKind, SessionEvent
from recordings.placement import Side
from recordings.session import Session

WALK_FIRST: tuple[TimelineItem, ...] = (
    Stand(duration_s=8.0, calibration=True),
    Walk(duration_s=26.0),
    Stand(duration_s=4.0),
)


def lived(*movements: TimelineItem, seed: int = 5, **spec: object) -> VirtualSession:
    """Stand, walk, then the movements with quiet standing between them."""
    timeline = list(WALK_FIRST)
    for movement in movements:
        timeline += [movement, Stand(duration_s=3.5)]
    return wear(Spec(seed=seed, timeline=tuple(timeline), **spec))  # type: ignore[arg-type]


def relabelled(session: Session, *labels: str) -> Session:
    """The session with other words for its tasks, in order."""
    words = iter(labels)
    current = ""
    events: list[SessionEvent] = []
    for event in session.events:
        if event.kind == EventKind.TASK_START:
            current = next(words)
        of_task = event.kind in (EventKind.TASK_START, EventKind.TASK_END)
        events.append(replace(event, label=current) if of_task else event)
    return replace(session, events=tuple(events))


def found_in(session: Session) -> tuple[MovementTest, ...]:
    return analyze(session).movement_tests


def only(tests: Sequence[MovementTest], task: MovementTask, side: Side | None = None):
    """The one test of a task."""
    (found,) = [t for t in tests if t.task is task and t.side is side]
    return found


@pytest.fixture(scope="session")
def on_the_spot() -> VirtualSession:
    """One of each movement, nothing unusual."""
    return lived(
        Squat(repeats=5),
        Sit(duration_s=9.0),
        SingleLegStance(side=Side.LEFT, duration_s=14.0),
        SingleLegStance(side=Side.RIGHT, duration_s=14.0, drop_deg=10.0),
        KneeLift(side=Side.LEFT, duration_s=8.0),
        KneeLift(side=Side.RIGHT, duration_s=8.0, hip_deg=70.0),
        Lunge(side=Side.LEFT, repeats=4),
        Lunge(side=Side.RIGHT, repeats=4, inward_deg=20.0),
    )


@pytest.fixture(scope="session")
def on_the_spot_tests(on_the_spot: VirtualSession) -> tuple[MovementTest, ...]:
    return found_in(on_the_spot.session)
