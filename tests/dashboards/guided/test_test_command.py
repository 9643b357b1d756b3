"""``hipgait test``: who may begin, what is wrongly asked for, what is typed during a test."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from dashboards.cli.main import main
from dashboards.guided.coach import Coach, Phase
from dashboards.guided.guided_tests import GUIDED_TESTS
from dashboards.guided.screening import ScreeningState, save
from dashboards.guided.terminal_guide import TerminalGuide
from dashboards.live_table import LiveText
from dashboards.live_walk import LiveWalk
from firmware_bridge.transport.worn_sensors import simulate
from firmware_bridge.virtual_wearer.spec import Spec, Stand, Walk
from recordings.events import EventKind
from recordings.reading import read_session

SPEED = 10.0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["hop"], "There is no test “hop”"),
        (["squat", "--resume", "somewhere"], "Only a screening can be resumed"),
        (["squat", "--profile", "nobody.json"], "Answer the safety questions first"),
    ],
)
def test_what_cannot_be_done_is_said(words, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["test", *words]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_a_name_it_lists_the_tests(capsys):
    assert main(["test"]) == 0
    listed = capsys.readouterr().out
    assert all(test.title in listed for test in GUIDED_TESTS.values())


def test_a_complete_screening_is_not_resumed(tmp_path, capsys):
    save(ScreeningState(done=tuple(GUIDED_TESTS)), tmp_path)
    assert main(["test", "screening", "--resume", str(tmp_path)]) == 2
    assert "complete" in capsys.readouterr().err


@pytest.fixture
def walk() -> Iterator[LiveWalk]:
    spec = Spec(
        name="led",
        timeline=(
            Stand(duration_s=12.0, calibration=True),
            Walk(duration_s=60.0),
            Stand(duration_s=300.0),
        ),
    )
    worn = simulate(spec, clock=lambda: SPEED * time.perf_counter())
    live = LiveWalk(worn.transport, worn.sensors)
    live.start()
    yield live
    live.close()


def test_what_is_typed_leads_through_a_test(walk, tmp_path):
    folder = walk.record_to(tmp_path / "session")
    typed: SimpleQueue[str] = SimpleQueue()
    coach, out = Coach([GUIDED_TESTS["squat"], GUIDED_TESTS["chair"]]), io.StringIO()
    guide = TerminalGuide(walk, coach, LiveText(out), 1, typed=typed)
    typed.put("what now?")
    for line in ("s", "", "p 2", "p 3"):
        _lead_to(guide, coach, {"s": Phase.READY, "": Phase.READY}.get(line, Phase.DOING))
        typed.put(line)
        _lead_for(guide, 0.5)
    assert coach.phase is Phase.STOPPED
    walk.close()
    said = out.getvalue()
    assert "Enter begins" in said
    assert "Rising from a chair" in said
    assert "It hurts more than before (1 then, 3 now)" in said
    events = [(e.kind, e.label) for e in read_session(folder).events]
    assert [label for kind, label in events if kind == EventKind.PAIN] == ["2", "3"]
    assert (EventKind.TASK_START, "sit_to_stand") in events
    assert (EventKind.TASK_END, "sit_to_stand") in events
    assert (EventKind.TASK_START, "squat") not in events


def _lead_to(guide: TerminalGuide, coach: Coach, phase: Phase) -> None:
    until = time.monotonic() + 30.0
    while coach.phase is not phase:
        assert time.monotonic() < until, coach.phase
        _lead_for(guide, 0.2)


def _lead_for(guide: TerminalGuide, seconds: float) -> None:
    guide.lead(seconds)
