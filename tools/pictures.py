"""Makes the pictures of the README: ``python -m tools.pictures`` (about a minute).

The demo walks twice as fast; the window is drawn without a screen, in the font that ships.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from dashboards.biofeedback.biofeedback import Mode
from dashboards.live_walk import LiveWalk
from dashboards.view_models.demo_panel import SLIDERS
from dashboards.window.fonts import use_shipped_font
from dashboards.window.main_window import LIVE, MainWindow
from dashboards.window.theme import DARK, LIGHT
from firmware_bridge.transport.demo_wearer import DemoWearer

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
SPEED = 2.0
SIZE = (1360, 780)
PATIENCE_S = 180.0
DROP_DEG = 8.0


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    use_shipped_font(app)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        window = MainWindow(LIGHT, settings, Path(folder))
        window.resize(*SIZE)
        window.show()
        demo = DemoWearer(clock=lambda: SPEED * time.perf_counter())
        walk = LiveWalk(demo.transport, demo.sensors, demo.metadata, demo.events)
        walk.start()
        window.go(LIVE)
        window.live.attach(walk, demo)
        assert window.live.panel is not None
        # Turned at the panel, so that the picture shows where its slider stands.
        drop = next(slider for slider in SLIDERS if slider.kind == "pelvic_drop")
        bar = window.live.panel.slider(drop.kind)
        bar.setValue(round(DROP_DEG / drop.most * bar.maximum()))
        _wait(app, lambda: _steps(window) > 66)
        _save_both(app, window, window, "live")
        window.live.biofeedback.panel.set_mode(Mode.PELVIC_DROP)
        window.live.toggle_wearer()
        wearer = window.live.biofeedback.wearer
        assert wearer is not None
        wearer.resize(900, 560)
        _wait(app, lambda: len(window.live.biofeedback.feedback.board.missed) == 1)
        # On a busy machine the next look at the numbers would come after the picture.
        window.live._draw_slow()
        _save_both(app, window, wearer, "wearer")
        window.close()


def _steps(window: MainWindow) -> int:
    results = window.live.view.results
    return 0 if results is None else results.summary.steps


def _save_both(app: QApplication, window: MainWindow, shown: QWidget, name: str) -> None:
    for theme in (LIGHT, DARK):
        window.set_theme(theme)
        soon = time.monotonic() + 0.5
        _wait(app, lambda soon=soon: time.monotonic() > soon)
        path = FOLDER / f"{name}-{'dark' if theme.dark else 'light'}.png"
        if not shown.grab().save(str(path), "PNG", 0):
            raise SystemExit(f"{path} cannot be written.")


def _wait(app: QApplication, reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not reached():
        if time.monotonic() > end:
            raise SystemExit("The demo did not come that far.")
        app.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    main()
