"""The sitting reminder in the window: off at first, said when due, gone with the walk."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from dashboards.live_walk import LiveWalk
from dashboards.view_models.live_view import LiveView
from dashboards.window import words
from dashboards.window.live_reminder import AFTER_MIN, LiveReminder
from dashboards.window.main_window import LIVE, MainWindow
from recordings.placement import REQUIRED_PLACEMENTS
from tests.pipeline.day.made_days import lived


@pytest.fixture
def reminder(qtbot: QtBot) -> Iterator[LiveReminder]:
    reminder = LiveReminder()
    qtbot.addWidget(reminder.panel)
    reminder.attach(cast(LiveWalk, SimpleNamespace(placements=REQUIRED_PLACEMENTS)))
    yield reminder
    reminder.detach()


def _live(reminder: LiveReminder, qtbot: QtBot, *stretches: tuple[str, float]) -> list[str]:
    """Let a day pass before the reminder in pieces of ten seconds; returns what it told."""
    told: list[str] = []
    reminder.told.connect(told.append)
    samples = lived(*stretches)
    end_s, at_s = sum(s for _, s in stretches), 0.0
    while at_s < end_s:
        parts = tuple(s.between(at_s, at_s + 10.0) for s in samples.values())
        at_s += 10.0
        _frame(reminder, at_s, parts)
        qtbot.waitUntil(lambda: reminder._working is None or reminder._working.done())
    _frame(reminder, at_s, ())
    return told


def _frame(reminder: LiveReminder, at_s: float, parts: tuple) -> None:
    look = SimpleNamespace(time_s=at_s, samples=parts, events=())
    reminder.look(cast(LiveView, SimpleNamespace(look=look)))


def test_nobody_is_reminded_who_did_not_choose_it(reminder: LiveReminder, qtbot: QtBot) -> None:
    assert reminder.panel.after.currentText() == words.REMINDER_OFF
    assert _live(reminder, qtbot, ("walk", 20), ("sit", 60)) == []
    assert reminder.panel.said.isHidden()


def test_who_sits_long_is_told_in_the_card_and_below_the_page(
    reminder: LiveReminder, qtbot: QtBot
) -> None:
    reminder.panel.after.setCurrentIndex(1 + AFTER_MIN.index(30))
    told = _live(reminder, qtbot, ("walk", 20), ("sit", 1900))
    assert "Walk about ten steps once" in told[0]
    assert told[1:] == ["You have been sitting for 30 min. Time to stand up and walk a little."]
    assert reminder.panel.said.text() == told[-1] and not reminder.panel.said.isHidden()


def test_choosing_none_ends_it(reminder: LiveReminder, qtbot: QtBot) -> None:
    reminder.panel.after.setCurrentIndex(1)
    _live(reminder, qtbot, ("walk", 20), ("sit", 60))
    reminder.panel.after.setCurrentIndex(0)
    assert reminder.panel.said.isHidden()
    assert _live(reminder, qtbot, ("sit", 60)) == []


def test_it_is_in_the_live_place_and_off_in_a_new_walk(window: MainWindow) -> None:
    window.go(LIVE)
    window.live.start_demo()
    panel = window.live.reminder.panel
    assert panel.isVisible()
    panel.after.setCurrentIndex(2)
    window.live.detach()
    window.live.start_demo()
    assert panel.after.currentIndex() == 0
