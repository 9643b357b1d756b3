"""Guided tests in the window: asked first, led step by step, stopped at once."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from dashboards.guided.coach import Phase
from dashboards.live_walk import LiveWalk
from dashboards.people import profile_file
from dashboards.view_models.live_view import LiveView
from dashboards.window import words
from dashboards.window.guided_window import SCREENING
from dashboards.window.live_guided import LiveGuided
from dashboards.window.theme import DARK, LIGHT
from recordings.events import EventKind, SessionEvent
from recordings.metadata import SessionMetadata
from recordings.profile import Profile, answered, write_profile
from recordings.red_flags import ADVICE, RED_FLAGS
from tests.dashboards.guided.test_coach import KNOWN, squats
from tests.dashboards.made_results import build_results


class Walk:
    """A live walk under the test's hand: marks come back with the next look."""

    def __init__(self, *, simulated: bool) -> None:
        self.metadata = SessionMetadata(simulated=simulated)
        self.look_time_s = 0.0
        self.marks: list[tuple[str, str]] = []
        self.tests: tuple[Any, ...] = ()
        self._events: list[SessionEvent] = []

    def mark(self, label: str = "", kind: str = EventKind.MARKER) -> None:
        self.marks.append((kind, label))
        self._events.append(SessionEvent(self.look_time_s, kind, label))

    def go_on(self, guided: LiveGuided, seconds: float) -> None:
        """Let time pass, with everything streaming and calibrated."""
        for _ in range(round(10 * seconds)):
            self.look_time_s = round(self.look_time_s + 0.1, 3)
            events, self._events = tuple(self._events), []
            sensor = SimpleNamespace(state=SimpleNamespace(streams=True))
            look = SimpleNamespace(
                time_s=self.look_time_s,
                sensors={"a": sensor},
                events=events,
                results=build_results(calibrations=(KNOWN,), movement_tests=self.tests),
            )
            guided.look(cast(LiveView, SimpleNamespace(look=look)))


@pytest.fixture
def guided(qtbot: QtBot, tmp_path, monkeypatch) -> Iterator[LiveGuided]:
    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path / "home"))
    guided = LiveGuided(LIGHT)
    yield guided
    guided.detach()


def opened(guided: LiveGuided, qtbot: QtBot, *, simulated: bool = True) -> Walk:
    walk = Walk(simulated=simulated)
    guided.attach(cast(LiveWalk, walk))
    guided.toggle_window()
    assert guided.window is not None
    qtbot.addWidget(guided.window)
    return walk


def press_start(guided: LiveGuided, name: str, pain: int = 0) -> None:
    window = guided.window
    assert window is not None
    window.test.setCurrentIndex(window.test.findData(name))
    window.pain.setValue(pain)
    window.start.click()


def test_a_squat_is_led_counted_and_told(guided: LiveGuided, qtbot: QtBot) -> None:
    walk = opened(guided, qtbot)
    window = guided.window
    assert window is not None
    assert not window.go_on.isEnabled()
    with qtbot.waitSignal(guided.recording_wanted):
        press_start(guided, "squat")
    walk.go_on(guided, 0.5)
    assert window.title.text() == "Squats"
    assert "Bend your knees" in window.said.text()
    assert "chair within reach" in window.said.text()
    assert window.go_on.text() == words.GUIDED_GO
    window.go_on.click()
    walk.go_on(guided, 4.0)
    assert walk.marks == [(EventKind.TASK_START, "squat")]
    begun_s = walk.look_time_s - 0.9
    walk.tests = (squats(begun_s, [True, True]),)
    walk.go_on(guided, 0.3)
    assert window.count.text() == "2 of 5"
    assert window.go_on.text() == words.GUIDED_ENOUGH
    window.go_on.click()
    walk.go_on(guided, 0.2)
    walk.tests = (squats(begun_s, [True, True], complete=True),)
    walk.go_on(guided, 0.3)
    assert walk.marks[-1] == (EventKind.TASK_END, "squat")
    assert "Both thighs went straight down." in window.said.text()
    assert "That was all." in window.said.text()
    assert window.start.isEnabled()


def test_pain_stops_it_at_once(guided: LiveGuided, qtbot: QtBot) -> None:
    walk = opened(guided, qtbot)
    press_start(guided, "chair")
    walk.go_on(guided, 0.5)
    window = guided.window
    assert window is not None
    window.go_on.click()
    walk.go_on(guided, 4.0)
    window.pained.click()
    assert guided.coach is not None
    assert guided.coach.phase is Phase.STOPPED
    assert window.said.text() == words.GUIDED_PAINED
    assert (EventKind.TASK_END, "sit_to_stand") in walk.marks


def test_a_person_is_asked_before(guided: LiveGuided, qtbot: QtBot) -> None:
    opened(guided, qtbot, simulated=False)
    window = guided.window
    assert window is not None
    press_start(guided, "squat")
    assert "safety questions" in window.said.text()
    quiet = answered(Profile(), {flag.key: False for flag in RED_FLAGS})
    write_profile(answered(quiet, {"swelling": True}), profile_file())
    press_start(guided, "squat")
    swelling = next(flag for flag in RED_FLAGS if flag.key == "swelling")
    assert window.said.text() == ADVICE[swelling.urgency]
    write_profile(quiet, profile_file())
    press_start(guided, "squat", pain=6)
    assert "no test is done today" in window.said.text()
    assert guided.coach is None
    press_start(guided, "squat", pain=2)
    assert guided.coach is not None


def test_the_screening_begins_with_standing_and_a_walk(guided: LiveGuided, qtbot: QtBot) -> None:
    walk = opened(guided, qtbot)
    press_start(guided, SCREENING)
    walk.go_on(guided, 12.0)
    assert guided.coach is not None
    assert guided.coach.phase is Phase.WALK
    walk.go_on(guided, 121.0)
    assert guided.coach.phase is Phase.READY
    window = guided.window
    assert window is not None
    window.skip.click()
    assert guided.coach.current == 1


@pytest.mark.parametrize("after_s", [0.0, 0.5, 5.0])
def test_closing_the_window_ends_what_is_led(
    guided: LiveGuided, qtbot: QtBot, after_s: float
) -> None:
    walk = opened(guided, qtbot)
    press_start(guided, "squat")
    walk.go_on(guided, after_s)
    guided.toggle_window()
    assert guided.window is None
    assert guided.coach is None
    walk.go_on(guided, 1.0)


def test_both_themes_are_shown(guided: LiveGuided, qtbot: QtBot) -> None:
    opened(guided, qtbot)
    window = guided.window
    assert window is not None
    light = window.grab().toImage()
    guided.set_theme(DARK)
    dark = window.grab().toImage()
    assert light.pixelColor(4, 4).lightness() > 200
    assert dark.pixelColor(4, 4).lightness() < 80
