"""A window without a screen, with settings and recordings of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
pytest.importorskip("PySide6.QtWidgets", reason="the window needs PySide6 (extra 'ui')")
pytest.importorskip("pytestqt", reason="tests of the window need pytest-qt")

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from dashboards.view_models.recorded_walk import RecordedWalk
    from dashboards.window.main_window import MainWindow

SAMPLE = Path(__file__).parents[3] / "recordings" / "sample_sessions" / "usual_walk.zip"


@pytest.fixture(scope="session")
def walk_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The walk of the tests is analysed once, then opened from the cache."""
    return tmp_path_factory.mktemp("walks")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Private data of nobody."""
    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, walk_cache: Path) -> Iterator[MainWindow]:
    from PySide6.QtCore import QSettings

    from dashboards.window.main_window import MainWindow
    from dashboards.window.theme import LIGHT

    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(LIGHT, settings, tmp_path / "recordings", cache=walk_cache)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.live.detach()
    window.replay.close_walk()


@pytest.fixture
def replay(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """The window with the sample walk open (a copy: edits go beside it)."""
    path = tmp_path / "usual_walk.zip"
    path.write_bytes(SAMPLE.read_bytes())
    window.open(path)
    qtbot.waitUntil(lambda: shown(window) is not None, timeout=30_000)
    return window


def shown(window: MainWindow) -> RecordedWalk | None:
    """The walk that is shown, once it has its results."""
    walk = window.replay.walk
    return None if walk is None or walk.results is None else walk
