"""5 Trends in the window: keep, note, choose, give away, forget; and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from dashboards.history.adding import Said
from dashboards.history.store import HistoryStore
from dashboards.window import words
from dashboards.window.keep_dialog import KeepDialog
from dashboards.window.main_window import TRENDS, MainWindow
from dashboards.window.theme import DARK
from dashboards.window.trends_place import TrendsPlace
from pipeline.wording import forbidden_words
from recordings.placement import Side
from tests.dashboards.history.made_walks import START, kept
from tests.pipeline.patterns.made_walks import walk


@pytest.fixture
def trends(window: MainWindow) -> TrendsPlace:
    """Three walks of one person; the right thigh leans less in the last two."""
    for day, z in enumerate((4.0, 0.0, -0.5)):
        store = HistoryStore()
        store.save(kept(walk({("F13", Side.RIGHT): z}, shanks=True), day=day, simulated=False))
    window.go(TRENDS)
    return window.trends


def test_an_empty_history_says_how_to_begin(window: MainWindow) -> None:
    window.go(TRENDS)
    assert "keep it (A)" in window.trends.text()
    enabled = {action.text() for action in window.trends.keys.actions if action.isEnabled()}
    assert enabled == set()


def test_walks_pictures_and_what_changed_are_shown(trends: TrendsPlace) -> None:
    assert trends.page.walks.count() == 3
    assert trends.page.walks.currentRow() == 2
    assert "Inward lean of the thigh, right" in trends.text()
    assert len(trends.page.views) == 7
    assert trends.page.views[0].accessibleName() == "Inward lean of the thigh [°]"
    assert "first day" in trends.page.views[0].accessibleDescription()
    item = trends.page.walks.item(0)
    assert item is not None
    assert "of walking" in item.toolTip()


def test_every_button_has_a_key_and_a_name(trends: TrendsPlace, window: MainWindow) -> None:
    keys = [key for key, _ in window.key_list()]
    assert len(keys) == len(set(keys))
    for button in trends.findChildren(QPushButton):
        assert button.accessibleName()
        assert button.focusPolicy() is not Qt.FocusPolicy.NoFocus


def test_words_obey_the_guard() -> None:
    texts = [t for n in dir(words) if n.startswith(("TRENDS", "KEEP")) for t in _texts(n)]
    assert len(texts) > 30
    assert {t: forbidden_words(t) for t in texts if forbidden_words(t)} == {}


def _texts(name: str) -> list[str]:
    value = getattr(words, name)
    return [value] if isinstance(value, str) else list(value)


def test_the_open_walk_is_kept(replay: MainWindow, qtbot: QtBot) -> None:
    place = replay.trends
    replay.go(TRENDS)
    walk_open = replay.replay.walk
    assert walk_open is not None
    qtbot.keyClicks(place, "a")
    (dialog,) = place.findChildren(KeepDialog)
    assert any(words.KEEP_NO_DATE in label.text() for label in dialog.findChildren(QLabel))
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("by the river")
    dialog.accept()
    qtbot.waitUntil(lambda: place.page.walks.count() == 1, timeout=60_000)
    (found,) = HistoryStore().walks("simulated")
    assert (found.note, found.path) == ("by the river", walk_open.path.resolve())
    assert replay._told.text().startswith("Kept usual_walk")
    assert not replay._badge.isHidden()


def test_a_walk_that_cannot_be_kept_is_a_sentence(
    trends: TrendsPlace, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    trends.keep_said(tmp_path / "nowhere", Said())
    assert not trends._keep.isEnabled()
    qtbot.waitUntil(lambda: "nowhere" in window._told.text(), timeout=10_000)
    assert not trends.background.busy


def test_a_note_is_written(trends: TrendsPlace, qtbot: QtBot) -> None:
    trends.page.walks.setCurrentRow(1)
    qtbot.keyClicks(trends, "n")
    (dialog,) = trends.findChildren(KeepDialog)
    dialog.findChildren(QPlainTextEdit)[0].setPlainText("<b>new</b> shoes")
    dialog.accept()
    assert HistoryStore().walks("me")[1].note == "<b>new</b> shoes"
    assert trends.page.walks.currentRow() == 1
    item = trends.page.walks.item(1)
    assert item is not None
    assert "<b>new</b> shoes" in item.text()


def test_measures_are_chosen_from_a_menu(trends: TrendsPlace) -> None:
    menu = trends._show_measures()
    labels = {action.text(): action for action in menu.actions()}
    labels["cadence [steps/min]"].setChecked(True)
    assert len(trends.page.views) == 8
    labels["inward lean of the thigh [°]"].setChecked(False)
    assert len(trends.page.views) == 7
    menu.close()


def test_choosing_a_walk_points_it_out(trends: TrendsPlace) -> None:
    trends.page.walks.setCurrentRow(0)
    assert {view._walk for view in trends.page.views} == {1}


def test_a_walk_is_forgotten_only_after_yes(trends: TrendsPlace, qtbot: QtBot, monkeypatch) -> None:
    answer = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    qtbot.keyClick(trends, Qt.Key.Key_Delete)
    assert trends.page.walks.count() == 3
    answer = QMessageBox.StandardButton.Yes
    qtbot.keyClick(trends, Qt.Key.Key_Delete)
    assert trends.page.walks.count() == 2


def test_everything_is_deleted_only_after_the_words(
    trends: TrendsPlace, window: MainWindow, home: Path, monkeypatch
) -> None:
    typed = "delete"
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (typed, True))
    trends.forget_all()
    assert words.TRENDS_NOTHING_GONE in window._told.text()
    assert trends.page.walks.count() == 3
    typed = "Delete everything "
    trends.forget_all()
    assert "1 deleted" in window._told.text()
    assert [file for file in home.rglob("*") if file.is_file()] == []
    assert "No walk is kept" in trends.text()


def test_a_copy_to_give_away(trends: TrendsPlace, window, qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "x"))
    trends.export()
    qtbot.waitUntil(lambda: "Copied 3" in window._told.text(), timeout=20_000)
    assert (tmp_path / "x" / "hipgait_copy" / "README.txt").exists()


def test_people_are_chosen(trends: TrendsPlace, window: MainWindow) -> None:
    assert trends.page.whose.isHidden()
    HistoryStore().save(kept(walk(), day=9, person="Bert"))
    window.go(TRENDS)
    assert not trends.page.whose.isHidden()
    trends._choose_person("me")
    assert trends.page.walks.count() == 3
    trends._choose_person("Bert")
    assert trends.page.walks.count() == 1
    assert "One walk so far" in trends.text()


def test_a_damaged_history_can_be_made_again(window: MainWindow, qtbot: QtBot) -> None:
    HistoryStore().save(kept())
    HistoryStore().file.write_bytes(b"spoilt" * 1000)
    window.go(TRENDS)
    assert "damaged" in window.trends.text()
    assert window.trends._rebuild.isEnabled()
    window.trends.rebuild()
    qtbot.waitUntil(lambda: "no recording" in window._told.text(), timeout=10_000)


def test_it_is_painted_in_both_themes_and_fits_a_narrow_window(
    trends: TrendsPlace, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1400, 800)
    wide = trends.page.columns
    light = trends.page.views[0].grab().toImage()
    window.set_theme(DARK)
    assert trends.page.views[0].grab().toImage() != light
    window.resize(950, 700)
    assert trends.page.columns < wide
    assert window.width() <= 950
    right = trends.page.pictures.viewport().width()
    qtbot.waitUntil(lambda: all(v.geometry().right() <= right for v in trends.page.views))


def test_dates_that_are_known_are_not_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    dialog = KeepDialog(window, "Keep", ["Anna"], "me", START, "x", 3)
    qtbot.addWidget(dialog)
    said = dialog.said()
    assert said == Said(person="me", walked=None, note="x", pain=3)
    assert all(words.KEEP_NO_DATE not in label.text() for label in dialog.findChildren(QLabel))
