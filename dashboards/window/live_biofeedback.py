"""Biofeedback in the live place: its panel, the wearer's screen, the sound, and the walk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dashboards.biofeedback import wording
from dashboards.biofeedback.biofeedback import Biofeedback, BiofeedbackSettings, Mode
from dashboards.biofeedback.cues import NullSink
from dashboards.biofeedback.sound import SoundSink
from dashboards.view_models.wearer_screen import wearer_screen
from dashboards.window.biofeedback_panel import BiofeedbackPanel
from dashboards.window.theme import Theme
from dashboards.window.wearer_window import WearerWindow
from recordings.errors import HipgaitError

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.view_models.figure_pose import FigurePose
    from dashboards.view_models.live_view import LiveView


class LiveBiofeedback(QObject):
    """Joins the parts; it is off in every new walk."""

    told = Signal(str)
    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.feedback = Biofeedback()
        self.panel = BiofeedbackPanel()
        self.wearer: WearerWindow | None = None
        self._theme = theme
        self._walk: LiveWalk | None = None
        self._mode = Mode.OFF
        self.panel.changed.connect(self._change)
        self.panel.volume_changed.connect(self._set_volume)
        self.panel.hide()

    @property
    def on(self) -> bool:
        return self._mode is not Mode.OFF

    def attach(self, walk: LiveWalk) -> None:
        self._walk = walk
        walk.listener = self.feedback.hear

    def detach(self) -> None:
        """The walk ends: no more cues, and the next walk begins without."""
        if self._walk is not None:
            self._walk.listener = None
            self._walk = None
        self.panel.set_mode(Mode.OFF)
        self.panel.hide()
        if self.wearer is not None:
            self.wearer.close()

    def toggle_panel(self) -> None:
        """Show the choices; or switch biofeedback off and hide them."""
        if self.panel.isHidden():
            self.panel.show()
            self.panel.mode.setFocus()
        else:
            self.panel.set_mode(Mode.OFF)
            self.panel.hide()
        self.changed.emit()

    def toggle_wearer(self, beside: QWidget) -> None:
        """Open the wearer's screen, or close it."""
        if self.wearer is not None:
            self.wearer.close()
            return
        self.wearer = WearerWindow(self._theme)
        self.wearer.closed.connect(self._wearer_closed)
        self.wearer.open_where_it_fits(beside)
        self.changed.emit()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.wearer is not None:
            self.wearer.set_theme(theme)

    def show_pose(self, pose: FigurePose, why_unknown: str) -> None:
        if self.wearer is not None:
            self.wearer.show_pose(pose, why_unknown)

    def show_numbers(self, view: LiveView) -> None:
        """How it goes, on panel and wearer's screen."""
        board = self.feedback.board
        placements = () if self._walk is None else self._walk.placements
        self.panel.show_status(wording.status(board, placements))
        if self.wearer is not None:
            results = view.results
            cadence = math.nan if results is None else results.summary.cadence_spm
            self.wearer.show_screen(wearer_screen(board, cadence))

    def _change(self, settings: BiofeedbackSettings) -> None:
        if settings.mode is not self._mode:
            self._mode = settings.mode
            self._open_sound()
            if self._walk is not None:
                # A walk that was changed by cues must say so, whoever reads it later.
                what = wording.MODES[settings.mode].lower()
                self._walk.mark(wording.MARKED.format(what=what))
            self.changed.emit()
        self.feedback.change(settings)

    def _open_sound(self) -> None:
        """Sound for as long as something may be heard; without it, all else still works."""
        if not self.on:
            sink, self.feedback.sink = self.feedback.sink, NullSink()
            sink.close()
        elif isinstance(self.feedback.sink, NullSink):
            try:
                self.feedback.sink = SoundSink(0.01 * self.panel.volume.value())
            except HipgaitError as error:
                self.told.emit(str(error))

    def _set_volume(self, volume: float) -> None:
        if isinstance(self.feedback.sink, SoundSink):
            self.feedback.sink.mixer.volume = volume

    def _wearer_closed(self) -> None:
        if self.wearer is not None:
            self.wearer.deleteLater()
            self.wearer = None
            self.changed.emit()
