"""Moving through a recorded walk: keys, buttons, speed and the clock that lets it play."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel

from dashboards.view_models.playback import SPEEDS, Playback, clock_text, speed_text
from dashboards.window import words
from dashboards.window.keys import Keys

_FRAME_MS = 33
_JUMP_S = 5.0


class Transport(QObject):
    """Plays, pauses, jumps, steps and zooms; `moved` tells that there is something to draw.

    Parameters
    ----------
    keys : Keys
        Those of the place; the actions are added to it.
    parent : QObject
    """

    moved = Signal()

    def __init__(self, keys: Keys, parent: QObject) -> None:
        super().__init__(parent)
        self.playback = Playback()
        self._last_frame_s = 0.0
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
        self._speed = QComboBox()
        self._clock = QLabel()
        self._play = keys.add("Space", words.PLAY, self.toggle)
        self._buttons = [
            keys.button(keys.add("Left", "Back 5 s", lambda: self.jump(-_JUMP_S)), "−5 s"),
            keys.button(self._play),
            keys.button(keys.add("Right", "On 5 s", lambda: self.jump(_JUMP_S)), "+5 s"),
            keys.button(keys.add(",", "Previous stride", lambda: self.step(-1)), "‹ Stride"),
            keys.button(keys.add(".", "Next stride", lambda: self.step(1)), "Stride ›"),
        ]
        keys.add("Home", "To the beginning", lambda: self.seek(0.0))
        keys.add("End", "To the end", lambda: self.seek(self.playback.duration_s))
        keys.add("-", "Slower", lambda: self._change_speed(-1))
        keys.add("+", "Faster", lambda: self._change_speed(1))
        keys.add("Up", "Show less time", lambda: self.zoom(0.5))
        keys.add("Down", "Show more time", lambda: self.zoom(2.0))

    def fill(self, row: QHBoxLayout) -> None:
        """Put the buttons, the speed and the clock into a row."""
        for button in self._buttons:
            row.addWidget(button)
        self._speed.addItems([speed_text(speed) for speed in SPEEDS])
        self._speed.setCurrentIndex(SPEEDS.index(self.playback.speed))
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip("Speed")
        self._speed.currentIndexChanged.connect(self._set_speed)
        row.addWidget(self._speed)
        self._clock.setMinimumWidth(120)
        row.addWidget(self._clock)

    def begin(self, playback: Playback) -> None:
        """Move through another walk."""
        self.pause()
        self.playback = playback
        self._speed.setCurrentIndex(SPEEDS.index(playback.speed))

    def toggle(self) -> None:
        """Play or pause."""
        if not self.playback.duration_s:
            return
        self.playback.toggle()
        self._last_frame_s = time.perf_counter()
        if self.playback.playing:
            self._frames.start(_FRAME_MS)
        self._name_play()

    def pause(self) -> None:
        self.playback.playing = False
        self._frames.stop()
        self._name_play()

    def seek(self, time_s: float) -> None:
        self.playback.seek(time_s)
        self.moved.emit()

    def jump(self, by_s: float) -> None:
        self.seek(self.playback.position_s + by_s)

    def step(self, direction: int) -> None:
        """To the next (+1) or the previous (−1) stride."""
        self.pause()
        self.playback.step(direction)
        self.moved.emit()

    def zoom(self, factor: float) -> None:
        self.playback.zoom(factor)
        self.moved.emit()

    def show(self, start_s: float, end_s: float) -> None:
        """Pause at a stretch, with the page around it."""
        self.pause()
        self.playback.show(start_s, end_s)
        self.moved.emit()

    def show_clock(self) -> None:
        now, whole = clock_text(self.playback.position_s), clock_text(self.playback.duration_s)
        self._clock.setText(f"<b>{now}</b> / {whole}")

    def _frame(self) -> None:
        now_s = time.perf_counter()
        moved = self.playback.advance(now_s - self._last_frame_s)
        self._last_frame_s = now_s
        if not self.playback.playing:
            self.pause()
        if moved:
            self.moved.emit()

    def _set_speed(self, index: int) -> None:
        self.playback.speed = SPEEDS[index]

    def _change_speed(self, direction: int) -> None:
        self.playback.faster(direction)
        self._speed.setCurrentIndex(SPEEDS.index(self.playback.speed))

    def _name_play(self) -> None:
        self._play.setText(words.PAUSE if self.playback.playing else words.PLAY)
