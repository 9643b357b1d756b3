"""The live window: frames a second and what they cost, without a screen (software rendering)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure

DURATION_S = 6.0
SIZE = (1600, 900)


def run() -> Iterator[Figure]:
    begin_s = time.perf_counter()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from PySide6.QtCore import QSettings
        from PySide6.QtWidgets import QApplication

        from dashboards.window.main_window import LIVE, MainWindow
    except ImportError as error:
        yield Figure("frames a second", None, "fps", note=f"not measured: {error}")
        return
    import tempfile
    from pathlib import Path

    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        window = MainWindow(settings=settings, recordings=Path(folder))
        window.resize(*SIZE)
        window.go(LIVE)
        window.show()
        app.processEvents()
        yield Figure("start to first paint", time.perf_counter() - begin_s, "s", at_most=1.5)
        feed = _Feed(window.live)
        for rate_hz, at_least, cpu_at_most in ((60, 55.0, None), (30, None, 35.0)):
            fps, gap_p95_ms, cpu = _measure(app, feed, rate_hz)
            yield Figure(f"{rate_hz} fps asked for", fps, "fps", at_least=at_least)
            late = 20.0 if rate_hz == 60 else None
            yield Figure(f"{rate_hz} fps, frame p95", gap_p95_ms, "ms", at_most=late)
            yield Figure(f"{rate_hz} fps, processor", cpu, "% of a core", at_most=cpu_at_most)
        window.close()


class _Feed:
    """Five sensors' angles, drawn as the live place draws them, without engine and bridge."""

    def __init__(self, place) -> None:
        from dashboards.view_models.live_view import LiveView
        from pipeline.angles import ANGLE_COLUMNS

        self.place = place
        self.columns = len(ANGLE_COLUMNS)
        self.time_s = 0.0
        self.paints = 0
        place.view = LiveView()
        place._pages.setCurrentWidget(place.page)
        viewport = place.page.plots.viewport()
        viewport.installEventFilter(_Counter(self, viewport))
        self.advance(20.0)

    def advance(self, by_s: float) -> None:
        from pipeline.angles import AngleBlock
        from pipeline.gait import GaitEvent, GaitEventKind
        from recordings.placement import Side

        first, last = round(self.time_s * 100), round((self.time_s + by_s) * 100)
        times = np.arange(first, last) / 100
        phase = np.arange(self.columns)[None, :]
        values = 20.0 * np.sin(2 * np.pi * times[:, None] / 1.1 + phase)
        block = AngleBlock(times, values)
        self.place.view.angles.take_early(block)
        self.place.view.angles.take_late(block)
        for number in np.unique((times / 0.275).astype(int)):
            side = Side.LEFT if number % 2 else Side.RIGHT
            kind = GaitEventKind.INITIAL_CONTACT if number % 4 < 2 else GaitEventKind.FINAL_CONTACT
            self.place.view.stance.take([GaitEvent(number * 0.275, kind, side)])
        self.time_s += by_s
        self.place.view.toggle_freeze()
        self.place.view._frozen_s = self.time_s

    def draw(self) -> None:
        self.place._draw_fast()


def _Counter(feed: _Feed, parent):  # noqa: N802 - a class that needs Qt to exist
    from PySide6.QtCore import QEvent, QObject

    class Counter(QObject):
        def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Paint:
                feed.paints += 1
            return False

    return Counter(parent)


def _measure(app, feed: _Feed, rate_hz: int) -> tuple[float, float, float]:
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    loop, frames = QEventLoop(), []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def frame() -> None:
        now_s = time.perf_counter()
        feed.advance(now_s - frames[-1] if frames else 0.01)
        frames.append(now_s)
        feed.draw()

    timer.timeout.connect(frame)
    feed.paints = 0
    cpu_s, begin_s = time.process_time(), time.perf_counter()
    timer.start(1000 // rate_hz)
    QTimer.singleShot(round(1000 * DURATION_S), loop.quit)
    loop.exec()
    timer.stop()
    taken_s = time.perf_counter() - begin_s
    gaps_ms = 1e3 * np.diff(frames)
    cpu = 100 * (time.process_time() - cpu_s) / taken_s
    return feed.paints / taken_s, float(np.quantile(gaps_ms, 0.95)), cpu
