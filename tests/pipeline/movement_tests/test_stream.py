"""Movement tests do not depend on how the stream is cut; live shows what replay computes."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from firmware_bridge.virtual_wearer.wear import VirtualSession
from pipeline.engine import Engine
from pipeline.movement_tests.outcome import MovementTask, MovementTest
from pipeline.movement_tests.watch import KEEP_S, MovementWatch
from recordings.placement import Placement
from recordings.samples import ImuSamples
from recordings.session import Session


def pushed(session: Session, step_s: float) -> tuple[Engine, list[MovementTest], list[int]]:
    """The engine after all of a session in pieces; what it told live, and the live counts."""
    samples = {p: session.samples(p) for p in session.placements}
    engine = Engine(samples.keys(), wearer=session.metadata.wearer)
    events = sorted(session.events)
    told: list[MovementTest] = []
    counts: list[int] = []
    at, end_s = 0.0, max(float(s.time_s[-1]) for s in samples.values())
    while at < end_s:
        at += step_s
        due = [e for e in events if e.time_s < at]
        events = events[len(due) :]
        parts: dict[Placement, ImuSamples] = {
            p: s.between(at - step_s, at) for p, s in samples.items()
        }
        told += engine.push(parts, due).movement_tests
        going_on = engine.movement_test()
        if going_on is not None and going_on.task is MovementTask.SQUAT:
            assert not going_on.complete
            counts.append(len(going_on.accepted))
    told += engine.finish().movement_tests
    return engine, told, counts


def test_any_cut_gives_the_same_tests(
    on_the_spot: VirtualSession, on_the_spot_tests: tuple[MovementTest, ...]
):
    whole = msgspec.json.encode(on_the_spot_tests)
    for step_s in (0.37, 7.0):
        engine, told, _ = pushed(on_the_spot.session, step_s)
        found = engine.snapshot(on_the_spot.session.name).movement_tests
        assert msgspec.json.encode(found) == whole
        assert [t.task for t in told] == [t.task for t in found]


def test_repetitions_are_counted_while_they_are_done(on_the_spot: VirtualSession):
    _, _, counts = pushed(on_the_spot.session, 0.5)
    assert counts[0] == 0 and counts[-1] == 5
    assert all(b - a in (0, 1) for a, b in pairwise(counts))


def test_memory_is_bounded_by_the_last_seconds(on_the_spot: VirtualSession, monkeypatch):
    kept: list[float] = []
    forget = MovementWatch._forget

    def watched(watch: MovementWatch) -> None:
        forget(watch)
        if watch._next_task == len(watch._spans.tasks):
            kept.append(watch._length / 100)

    monkeypatch.setattr(MovementWatch, "_forget", watched)
    pushed(on_the_spot.session, 5.0)
    assert max(kept) <= KEEP_S + 1.0
