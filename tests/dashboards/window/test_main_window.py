"""What holds for the whole window: places, keys, names, the demo, closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from dashboards.live_walk import LiveWalk
from dashboards.window import words
from dashboards.window.main_window import LIVE, REPLAY, REPORT, SETUP, TRENDS, MainWindow
from firmware_bridge.recorder import RecorderStatus
from firmware_bridge.transport.demo_wearer import DemoWearer
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session


@pytest.fixture
def demo(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the demo running: three sensors, so that a slow machine keeps up."""
    walker = DemoWearer(REQUIRED_PLACEMENTS)
    walk = LiveWalk(walker.transport, walker.sensors, walker.metadata, walker.events)
    walk.start()
    window.go(LIVE)
    window.live.attach(walk, walker)
    qtbot.waitUntil(
        lambda: window.live.view.rate_hz() > 250 and len(window.live.page.cards) == 3,
        timeout=15_000,
    )
    return window


def recorder(window: MainWindow) -> RecorderStatus:
    look = window.live.view.look
    assert look is not None
    return look.recorder


@pytest.mark.parametrize("place", range(5))
def test_every_place_has_its_number(window: MainWindow, qtbot: QtBot, place: int) -> None:
    key = getattr(Qt.Key, f"Key_{place + 1}")
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert window.place == place
    assert window._buttons[place].isChecked()


def test_what_is_not_there_yet_is_said(window: MainWindow) -> None:
    window.go(REPORT)
    assert "no walk to report on" in window.report.text()
    window.go(TRENDS)
    assert "No walk is kept yet" in window.trends.text()


def test_the_report_of_the_open_walk_is_made_and_shown(replay: MainWindow, qtbot: QtBot) -> None:
    shown: list[Path] = []
    replay.report.show_page = shown.append
    replay.go(REPORT)
    for _ in range(2):
        qtbot.keyClicks(replay.report, "r")
    assert [path.name for path in shown] == ["usual_walk_report.html", "usual_walk_report_2.html"]
    assert "usual_walk" in shown[0].read_text(encoding="utf-8")
    assert "SIMULATED" in shown[0].read_text(encoding="utf-8").upper()


def test_a_report_that_cannot_be_written_is_a_sentence(
    replay: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "recordings").write_text("in the way")
    replay.go(REPORT)
    qtbot.keyClicks(replay.report, "r")
    assert "cannot be written" in replay._told.text()


def test_keys_are_listed_once_each(window: MainWindow, qtbot: QtBot) -> None:
    for place in (LIVE, REPLAY):
        window.go(place)
        keys = [key for key, _ in window.key_list()]
        assert len(keys) == len(set(keys))
        assert "?" in keys
        dialog = window.show_keys()
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        assert all(text in texts for _, text in window.key_list())
        dialog.close()


def test_every_button_has_a_name_and_can_be_reached(window: MainWindow) -> None:
    buttons = [b for b in window.findChildren(QAbstractButton) if b.parent() is not None]
    named = [b for b in buttons if b.text() or b.accessibleName()]
    assert len(named) >= 20
    assert all(b.accessibleName() for b in named if "(" in b.text())
    assert all(b.focusPolicy() & Qt.FocusPolicy.TabFocus for b in named)


def test_the_demo_is_always_called_a_demo(demo: MainWindow) -> None:
    for place in range(5):
        demo.go(place)
        assert demo._badge.isVisible()
        assert demo._badge.text() == words.DEMO_BADGE


def test_cards_tell_of_every_sensor(demo: MainWindow) -> None:
    cards = [card.accessibleName() for card in demo.live.page.cards.values()]
    assert [name.split(",")[0] for name in cards] == ["Pelvis", "Left thigh", "Right thigh"]
    assert all("streaming" in name for name in cards)


def test_a_lost_sensor_shows_on_its_card_and_comes_back(demo: MainWindow, qtbot: QtBot) -> None:
    def words_of_left_thigh() -> str:
        return [c.accessibleName() for c in demo.live.page.cards.values()][1]

    demo.live.setFocus()
    qtbot.keyClicks(demo.live, "l")
    qtbot.waitUntil(lambda: "streaming" not in words_of_left_thigh(), timeout=10_000)
    qtbot.keyClicks(demo.live, "l")
    qtbot.waitUntil(lambda: "streaming" in words_of_left_thigh(), timeout=20_000)


def test_record_mark_and_stop(demo: MainWindow, qtbot: QtBot) -> None:
    demo.live.setFocus()
    qtbot.keyClicks(demo.live, "r")
    assert demo.live.recording
    qtbot.keyClicks(demo.live, "2")
    qtbot.waitUntil(lambda: recorder(demo).samples > 300, timeout=10_000)
    qtbot.keyClicks(demo.live, "r")
    assert not demo.live.recording
    folder = recorder(demo).folder
    assert folder is not None
    session = read_session(folder)
    assert session.metadata.simulated
    assert "stumble" in [event.label for event in session.events]
    assert len(session.samples(REQUIRED_PLACEMENTS[0])) > 100


def test_freeze_holds_the_view_and_nothing_else(demo: MainWindow, qtbot: QtBot) -> None:
    view = demo.live.view
    demo.live.setFocus()
    qtbot.keyClick(demo.live, Qt.Key.Key_Space)
    end_s, now_s = view.end_s, view.now_s
    qtbot.waitUntil(lambda: view.now_s > now_s + 0.5, timeout=5000)
    assert view.end_s == end_s
    for _ in range(20):
        qtbot.keyClick(demo.live, Qt.Key.Key_Left)
    assert view.end_s == pytest.approx(end_s - 60.0)
    qtbot.keyClick(demo.live, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view.end_s > now_s, timeout=5000)


def test_sliders_reach_the_walker(demo: MainWindow, qtbot: QtBot) -> None:
    panel, walker = demo.live.panel, demo.live.demo
    assert panel is not None and walker is not None
    panel.slider("pelvic_drop").setValue(10)
    qtbot.waitUntil(lambda: len(walker._deviations) == 1, timeout=10_000)
    (deviation,) = walker._deviations
    assert (deviation.kind, deviation.side, deviation.amount) == ("pelvic_drop", "right", 5.0)


def test_raw_signals_run_along_and_a_lost_sensor_leaves_a_hole(
    demo: MainWindow, qtbot: QtBot
) -> None:
    page, view = demo.live.page, demo.live.view

    def newest_s(placement: Placement) -> float:
        line = page.raw_plots._curves[placement, "acc"]._lines[0][-1].points
        return line.at(line.count() - 1).x()

    demo.live.setFocus()
    qtbot.keyClicks(demo.live, "a")
    assert page.traces is page.raw_plots
    thigh, pelvis = Placement.THIGH_LEFT, Placement.PELVIS
    qtbot.waitUntil(lambda: len(view.raw_window()[thigh].time_s) > 100, timeout=10_000)
    demo.live._draw_fast()
    assert newest_s(thigh) > -2.0
    qtbot.keyClicks(demo.live, "l")
    qtbot.waitUntil(lambda: newest_s(thigh) < newest_s(pelvis) - 1.0, timeout=20_000)
    demo.live._draw_slow()
    assert page._heading.text() == "Sensors: 2 of 3 here"
    qtbot.keyClicks(demo.live, "l")
    qtbot.waitUntil(lambda: newest_s(thigh) > newest_s(pelvis) - 1.0, timeout=20_000)
    lines = page.raw_plots._curves[thigh, "acc"]._lines[0]
    assert len(lines) > 1, "the hole is drawn as one"
    qtbot.keyClicks(demo.live, "a")
    assert page.traces is page.plots


def test_the_report_is_offered_after_a_minute(
    demo: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = demo.live._actions._report_button
    assert not button.isVisible()
    monkeypatch.setattr("dashboards.window.live_place._OFFER_AFTER_S", demo.live.view.now_s)
    qtbot.waitUntil(button.isVisible, timeout=5000)
    assert demo._told.text() == words.DEMO_REPORT
    button.click()
    assert demo.place == REPORT
    demo.live.detach()
    assert not button.isEnabled()


def test_closing_while_recording_asks(demo: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    demo.live.toggle_record()
    assert not demo.close()
    assert demo.live.recording
    demo.live._frame()
    folder = recorder(demo).folder
    assert folder is not None
    assert demo.close()
    assert answers == []
    assert read_session(folder).placements == REQUIRED_PLACEMENTS


def test_a_full_disk_is_a_sentence(demo: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from recordings.errors import OutputError

    def full(*_: object) -> None:
        raise OutputError("The disk is almost full.", hint="Make room.")

    monkeypatch.setattr(demo.live.walk, "record", full)
    demo.live.toggle_record()
    assert demo._told.text() == "The disk is almost full. Make room."
    assert not demo.live.recording


def test_the_place_and_size_of_the_window_are_kept(window: MainWindow) -> None:
    window.resize(780, 640)
    window.close()
    again = MainWindow(window.theme, window._settings, window.live._recordings)
    assert (again.width(), again.height()) == (780, 640)
    again.close()


def test_it_begins_with_the_setup_then_where_it_was_left(window: MainWindow) -> None:
    assert window.place == SETUP
    window.go(TRENDS)
    window.close()
    again = MainWindow(window.theme, window._settings, window.live._recordings)
    assert again.place == TRENDS
    again.close()


def test_practice_with_cues_adds_up_over_walks(window: MainWindow) -> None:
    window.live.biofeedback.feedback.practised_s = 95.5
    window.close()
    again = MainWindow(window.theme, window._settings, window.live._recordings)
    assert again.live.biofeedback.feedback.practised_s == 95.5
    again.close()
