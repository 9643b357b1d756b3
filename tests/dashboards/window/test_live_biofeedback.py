"""Biofeedback in the window: off at first, its choices, the wearer's screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dashboards.biofeedback.biofeedback import Mode
from dashboards.biofeedback.cues import CueKind, RecordingSink
from dashboards.live_walk import LiveWalk
from dashboards.view_models.live_view import LiveView
from dashboards.window import live_biofeedback
from dashboards.window.live_biofeedback import LiveBiofeedback
from dashboards.window.main_window import LIVE, MainWindow
from dashboards.window.theme import DARK, LIGHT
from firmware_bridge.transport.demo_wearer import DemoWearer
from recordings.errors import UsageError
from recordings.placement import REQUIRED_PLACEMENTS, Side


@pytest.fixture
def sounds(monkeypatch: pytest.MonkeyPatch) -> list[RecordingSink]:
    """Every sink that was opened instead of the loudspeaker."""
    opened: list[RecordingSink] = []

    def open_sink(volume: float) -> RecordingSink:
        opened.append(RecordingSink())
        return opened[-1]

    monkeypatch.setattr(live_biofeedback, "SoundSink", open_sink)
    monkeypatch.setattr(live_biofeedback.LiveBiofeedback, "_set_volume", lambda *_: None)
    return opened


class StandingWalk:
    """A walk in which nothing happens; remembers its marks."""

    placements = REQUIRED_PLACEMENTS

    def __init__(self) -> None:
        self.listener: object = None
        self.marks: list[str] = []

    def mark(self, label: str) -> None:
        self.marks.append(label)


@pytest.fixture
def feedback(qtbot: QtBot, sounds: list[RecordingSink]) -> Iterator[LiveBiofeedback]:
    """Biofeedback beside a walk that stands still."""
    feedback = LiveBiofeedback(LIGHT)
    qtbot.addWidget(feedback.panel)
    feedback.attach(cast(LiveWalk, StandingWalk()))
    yield feedback
    feedback.detach()


@pytest.fixture
def walk(window: MainWindow, sounds: list[RecordingSink]) -> Iterator[MainWindow]:
    """The window with a demo that lives four times as fast."""
    demo = DemoWearer(REQUIRED_PLACEMENTS, clock=lambda: 4.0 * time.perf_counter())
    walk = LiveWalk(demo.transport, demo.sensors, demo.metadata, demo.events)
    walk.start()
    window.go(LIVE)
    window.live.attach(walk, demo)
    yield window
    window.live.detach()


def test_it_is_off_and_silent_at_first(
    feedback: LiveBiofeedback, sounds: list[RecordingSink]
) -> None:
    assert feedback.panel.isHidden()
    assert not feedback.on
    assert sounds == []


def test_the_whole_way_from_key_to_cue_and_back(
    walk: MainWindow, qtbot: QtBot, sounds: list[RecordingSink]
) -> None:
    feedback, marks = walk.live.biofeedback, []
    walk.live.looked.connect(lambda view: marks.extend(e.label for e in view.look.events))
    walk.live.setFocus()
    qtbot.keyClicks(walk.live, "bw")
    assert not feedback.panel.isHidden()
    feedback.panel.set_mode(Mode.STEP_ECHO)
    (sink,) = sounds
    qtbot.waitUntil(lambda: len(sink.cues) >= 6, timeout=60_000)
    assert {cue.kind for cue in sink.cues} == {CueKind.STEP}
    assert {cue.side for cue in sink.cues} == set(Side)
    wearer = feedback.wearer
    assert wearer is not None
    qtbot.waitUntil(lambda: "steps/min" in wearer.accessibleName(), timeout=10_000)
    walk.set_theme(DARK)
    walk.live.toggle_biofeedback()
    assert not feedback.on
    assert sink.closed
    qtbot.waitUntil(lambda: "biofeedback: off" in marks, timeout=10_000)
    assert "biofeedback: step echo" in marks
    walk.live.detach()
    assert feedback.wearer is None


def test_no_sound_device_is_a_sentence(
    feedback: LiveBiofeedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_device(volume: float) -> None:
        raise UsageError("There is no sound output.", hint="Plug one in.", reason="no_sound")

    told: list[str] = []
    feedback.told.connect(told.append)
    monkeypatch.setattr(live_biofeedback, "SoundSink", no_device)
    feedback.panel.set_mode(Mode.METRONOME)
    assert told == ["There is no sound output. Plug one in."]
    assert feedback.on


def test_each_target_begins_with_its_own_goal(feedback: LiveBiofeedback) -> None:
    panel = feedback.panel
    panel.set_mode(Mode.PELVIC_DROP)
    assert panel._goal.value() == 6.5
    panel._goal.setValue(9.0)
    assert panel.settings.goal == 9.0
    panel.set_mode(Mode.KNEE_PAST_STRAIGHT)
    assert panel.settings.goal_or_usual == panel._goal.value() == 0.0


def test_only_what_a_mode_needs_is_asked(feedback: LiveBiofeedback) -> None:
    panel = feedback.panel
    shown = {}
    for mode in Mode:
        panel.set_mode(mode)
        fields = (panel._legs, panel._goal, panel._pace, panel._fading, panel.volume)
        shown[mode] = [not field.isHidden() for field in fields]
    assert shown[Mode.OFF] == [False] * 5
    assert shown[Mode.STEP_ECHO] == [True, False, False, True, True]
    assert shown[Mode.METRONOME] == [False, False, True, False, True]
    assert shown[Mode.PELVIC_DROP] == [True, True, False, True, True]


def test_the_wearers_screen_grows_with_its_window_and_closes_with_escape(
    feedback: LiveBiofeedback, qtbot: QtBot
) -> None:
    feedback.panel.set_mode(Mode.PELVIC_DROP)
    feedback.toggle_wearer(feedback.panel)
    assert feedback.wearer is not None
    feedback.show_numbers(LiveView())
    assert "Pelvic drop" in feedback.wearer.accessibleName()
    small = feedback.wearer.number.font().pixelSize()
    feedback.wearer.resize(1600, 1000)
    assert feedback.wearer.number.font().pixelSize() > small
    feedback.wearer.activateWindow()
    qtbot.waitUntil(feedback.wearer.isActiveWindow)
    qtbot.keyClick(feedback.wearer, Qt.Key.Key_Escape)
    assert feedback.wearer is None


def test_the_end_of_the_walk_ends_cues_and_screen(
    feedback: LiveBiofeedback, sounds: list[RecordingSink]
) -> None:
    feedback.panel.set_mode(Mode.STEP_ECHO)
    feedback.toggle_wearer(feedback.panel)
    feedback.detach()
    assert sounds[0].closed
    assert feedback.wearer is None
    assert not feedback.on
