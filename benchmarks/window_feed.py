"""A live page that is fed without engine and bridge: what drawing alone costs."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer

from dashboards.view_models.live_view import LiveView
from dashboards.window.live_place import LivePlace
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.gait import GaitEvent, GaitEventKind
from recordings.placement import Placement, Side
from recordings.samples import ImuSamples

RATE_HZ = 120.0
"""Of the five sensors; angles are on the grid of the engine, whatever the sensors do."""
_GRID_HZ = 100.0
_STEP_S = 0.275
_MEASURED_S = 6.0


class Feed:
    """Five sensors and their angles, drawn as the live place draws them.

    Parameters
    ----------
    place : LivePlace
        Without a walk.
    """

    def __init__(self, place: LivePlace) -> None:
        self.paints = 0
        self._place = place
        self._time_s = 0.0
        place.view = LiveView()
        place.page.show_placements(tuple(Placement))
        place._pages.setCurrentWidget(place.page)
        for plots in (place.page.plots, place.page.raw_plots):
            _Counter(self, plots.viewport())
        self.advance(20.0)

    def advance(self, by_s: float) -> None:
        """Let samples, angles and contacts of so long a time come."""
        begin_s, end_s = self._time_s, self._time_s + by_s
        view = self._place.view
        times = np.arange(round(begin_s * _GRID_HZ), round(end_s * _GRID_HZ)) / _GRID_HZ
        block = AngleBlock(times, _wave(times, len(ANGLE_COLUMNS), 20.0))
        view.angles.take_early(block)
        view.angles.take_late(block)
        times = np.arange(round(begin_s * RATE_HZ), round(end_s * RATE_HZ)) / RATE_HZ
        view.raw.take(
            ImuSamples(p, times, _wave(times, 3, 15.0), _wave(times, 3, 4.0)) for p in Placement
        )
        for number in range(round(begin_s / _STEP_S), round(end_s / _STEP_S)):
            side = Side.LEFT if number % 2 else Side.RIGHT
            kind = GaitEventKind.INITIAL_CONTACT if number % 4 < 2 else GaitEventKind.FINAL_CONTACT
            view.stance.take([GaitEvent(number * _STEP_S, kind, side)])
        self._time_s = end_s
        # Without a walk there is no clock: hold the view where the samples end.
        view._frozen_s = end_s

    def measure(self, rate_hz: int) -> tuple[float, float, float]:
        """Draw for a while at so many frames a second.

        Returns
        -------
        fps, gap_p95_ms, cpu_percent : float
            Plots painted a second, time between two frames, and share of one core.
        """
        loop, timer = QEventLoop(), QTimer()
        frames: list[float] = []

        def frame() -> None:
            now_s = time.perf_counter()
            self.advance(now_s - frames[-1] if frames else 0.01)
            frames.append(now_s)
            self._place._draw_fast()

        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(frame)
        self.paints = 0
        cpu_s, begin_s = time.process_time(), time.perf_counter()
        timer.start(1000 // rate_hz)
        QTimer.singleShot(round(1000 * _MEASURED_S), loop.quit)
        loop.exec()
        timer.stop()
        taken_s = time.perf_counter() - begin_s
        cpu = 100 * (time.process_time() - cpu_s) / taken_s
        return self.paints / taken_s, float(np.quantile(1e3 * np.diff(frames), 0.95)), cpu


class _Counter(QObject):
    def __init__(self, feed: Feed, viewport: QObject) -> None:
        super().__init__(viewport)
        self._feed = feed
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self._feed.paints += 1
        return False


def _wave(times: np.ndarray, columns: int, size: float) -> np.ndarray:
    return size * np.sin(2 * np.pi * times[:, None] / 1.1 + np.arange(columns))
