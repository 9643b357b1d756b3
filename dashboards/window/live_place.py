"""2 Live: the walk that is walked now."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dashboards.view_models.demo_panel import DemoPanel
from dashboards.view_models.live_view import LiveView
from dashboards.view_models.playback import clock_text
from dashboards.window import words
from dashboards.window.demo_panel_view import DemoPanelView
from dashboards.window.keys import Keys
from dashboards.window.live_actions import LiveActions
from dashboards.window.live_biofeedback import LiveBiofeedback
from dashboards.window.live_guided import LiveGuided
from dashboards.window.live_reminder import LiveReminder
from dashboards.window.message import Message
from dashboards.window.save import free_name, save_picture
from dashboards.window.theme import Theme
from recordings.errors import HipgaitError
from recordings.placement import Placement

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.window.live_page import LivePage
    from firmware_bridge.transport.demo_wearer import DemoWearer

_FRAME_MS = 33
_SLOW_FRAMES = 10
"""Numbers and words change every so many frames: faster nobody reads."""
_OFFER_AFTER_S = 60.0


class LivePlace(QWidget):
    """Shows a `LiveWalk`; recording, marking and freezing it.

    Parameters
    ----------
    theme : Theme
    recordings : Path
        Folder below which walks are recorded; made when it is needed.
    """

    told = Signal(str)
    demo_changed = Signal()
    looked = Signal(object)
    """The `LiveView` has taken a look at the walk."""
    report_wanted = Signal()

    def __init__(self, theme: Theme, recordings: Path) -> None:
        super().__init__()
        self.view = LiveView()
        self.walk: LiveWalk | None = None
        self.demo: DemoWearer | None = None
        self.biofeedback = LiveBiofeedback(theme)
        self.guided = LiveGuided(theme)
        self.reminder = LiveReminder()
        self._theme = theme
        self._page: LivePage | None = None
        self._recordings = recordings
        self._frame_number = 0
        self._lost_one: Placement | None = None
        self._offered = self._said_arrived = self._is_recording = False
        self._record_began_s = 0.0
        self._said_problem = ""
        self.panel: DemoPanelView | None = None
        """The sliders of the demo, while it runs."""
        self.keys = Keys(self)
        self._actions = LiveActions(self, self.keys)
        self._pages = QStackedWidget()
        self._pages.addWidget(Message(words.LIVE_IDLE))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.biofeedback.told.connect(self.told)
        self.biofeedback.changed.connect(self._name_actions)
        self.guided.recording_wanted.connect(self._record_if_not)
        self.looked.connect(self.guided.look)
        self.reminder.told.connect(self.told)
        self.looked.connect(self.reminder.look)
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
        self._name_actions()

    @property
    def page(self) -> LivePage:
        """The page of a walk, made when it is first wanted.

        Its plots take longer to load than all the rest of a window, and until a walk begins
        there is a message in its place.
        """
        return self._make_page() if self._page is None else self._page

    def get_ready(self) -> None:
        """Make the page before a walk begins, so that none has to wait for it."""
        if self._page is None:
            self._make_page()

    def _make_page(self) -> LivePage:
        from dashboards.window.live_page import LivePage

        self._page = LivePage(self._theme, self._actions)
        self._page.add_panel(self.biofeedback.panel)
        self._page.add_panel(self.reminder.panel)
        self._pages.addWidget(self._page)
        return self._page

    # -- life ------------------------------------------------------------------------------

    @property
    def recording(self) -> bool:
        return self.walk is not None and self.view.look is not None and self._is_recording

    def attach(self, walk: LiveWalk, demo: DemoWearer | None = None) -> None:
        """Show a walk that has been started; with a demo, its sliders as well."""
        self.detach()
        self.walk, self.demo = walk, demo
        self.view = LiveView()
        self._offered = self._said_arrived = False
        self._lost_one = None
        self.panel = None if demo is None else DemoPanelView(DemoPanel(demo))
        self.page.begin(self.panel)
        self.page.show_placements(walk.placements)
        self.biofeedback.attach(walk)
        self.guided.attach(walk)
        self.reminder.attach(walk)
        self._pages.setCurrentWidget(self.page)
        self._frames.start(_FRAME_MS)
        self._name_actions()
        self.demo_changed.emit()
        self._frame()

    def start_demo(self, seed: int = 0) -> None:
        """Let the virtual wearer walk."""
        # Only now what takes long to import: a window that opens must not wait for it.
        from dashboards.live_walk import LiveWalk
        from firmware_bridge.transport.demo_wearer import DemoWearer

        demo = DemoWearer(seed=seed)
        walk = LiveWalk(demo.transport, demo.sensors, demo.metadata, demo.events)
        walk.start()
        self.attach(walk, demo)

    def detach(self) -> None:
        """End the walk; what was recorded is on disk when this returns."""
        self._frames.stop()
        self.biofeedback.detach()
        self.guided.detach()
        self.reminder.detach()
        if self.walk is not None:
            self.walk.close()
        if self.demo is not None:
            self.demo.close()
        self.walk = self.demo = None
        self._is_recording = self._offered = False
        self.panel = None
        self._name_actions()
        if self._page is not None:
            self._page.end()
        self._pages.setCurrentIndex(0)

    # -- what a user does --------------------------------------------------------------------

    def toggle_record(self) -> None:
        """Begin or end a recording."""
        if self.walk is None:
            return
        if self._is_recording:
            status = self.walk.stop_recording()
            self._is_recording = False
            if status.problem is not None:
                self.told.emit(str(status.problem))
            else:
                self.told.emit(
                    words.RECORDING_ENDED.format(samples=status.samples, folder=status.folder)
                )
        else:
            try:
                with contextlib.suppress(OSError):
                    self._recordings.mkdir(parents=True, exist_ok=True)
                self.walk.record(self._recordings)
            except HipgaitError as error:
                self.told.emit(str(error))
            else:
                self._is_recording = True
                self._record_began_s = self.view.now_s
        self._name_actions()

    def _record_if_not(self) -> None:
        """What is led is recorded, so that it can be analysed again."""
        if not self._is_recording:
            self.toggle_record()

    def mark(self, kind: str = "") -> None:
        """Put a marker into the walk, of the chosen kind."""
        if self.walk is not None:
            label = kind or self._actions.kind.currentText()
            event = self.walk.mark(label)
            self.told.emit(f"{label}: " + words.MARKED.format(time=clock_text(event.time_s)))

    def toggle_freeze(self) -> None:
        """Hold the display, or let it run; everything else goes on."""
        self.view.toggle_freeze()
        self._name_actions()
        self._draw_slow()

    def look_back(self, by_s: float) -> None:
        if self.walk is not None:
            self.view.look_back(by_s)
            self._name_actions()
            self._draw_fast()
            self._draw_slow()

    def toggle_raw(self) -> None:
        """The signals of the sensors as they come, or the angles."""
        if self.walk is not None:
            self.page.toggle_raw()
            self._draw_fast()

    def next_cycle(self) -> None:
        """Another angle over the stride."""
        self.page.plots.next_cycle_quantity()

    def snapshot(self) -> None:
        """A picture of the page, into the folder of the recordings."""
        path = self._recordings / f"{datetime.now():%Y-%m-%d_%H%M%S}_live.png"
        try:
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
            save_picture(free_name(path), self, self.page.traces)
        except HipgaitError as error:
            self.told.emit(str(error))
        else:
            self.told.emit(words.SAVED.format(name=path))

    def toggle_biofeedback(self) -> None:
        """Show what biofeedback offers; or switch it off."""
        if self.walk is not None:
            self.biofeedback.toggle_panel()
            if not self.biofeedback.panel.isHidden():
                # Its place in the rail is known when the layout has been done.
                QTimer.singleShot(0, lambda: self.page.reveal(self.biofeedback.panel))

    def toggle_wearer(self) -> None:
        """One number and one figure on a screen of their own."""
        if self.walk is not None:
            self.biofeedback.toggle_wearer(self)

    def stumble(self) -> None:
        if self.demo is not None:
            self.demo.stumble()
            self.told.emit(words.DEMO_STUMBLE)

    def lose_or_find(self) -> None:
        """Carry the left thigh's sensor of the demo away, or bring it back."""
        if self.demo is None:
            return
        if self._lost_one is None:
            self._lost_one = Placement.THIGH_LEFT
            self.demo.set_in_reach(self._lost_one, False)
        else:
            self.demo.set_in_reach(self._lost_one, True)
            self._lost_one = None
        self._name_actions()

    # -- drawing -----------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._page is not None:
            self._page.set_theme(theme)
        self.biofeedback.set_theme(theme)
        self.guided.set_theme(theme)

    def _frame(self) -> None:
        if self.walk is None:
            return
        self.view.take(self.walk.look())
        self.looked.emit(self.view)
        self._frame_number += 1
        self._watch_problems()
        beside = self.biofeedback.wearer is not None or self.guided.window is not None
        if not self.isVisible() and not beside:
            return
        if not self.view.frozen:
            self._draw_fast()
        if self._frame_number % _SLOW_FRAMES == 1:
            self._draw_slow()

    def _draw_fast(self) -> None:
        pose, why_unknown = self.page.draw_fast(self.view)
        self.biofeedback.show_pose(pose, why_unknown)
        self.guided.show_pose(pose, why_unknown)

    def _draw_slow(self) -> None:
        self.page.draw_slow(self.view)
        self.page.status.setText(self._status_text())
        self.biofeedback.show_numbers(self.view)

    def _status_text(self) -> str:
        view = self.view
        delay = "–" if view.delay_s is None else f"{1000 * view.delay_s:.0f}"
        text = words.STATUS.format(rate=round(view.rate_hz()), lost=view.lost(), delay=delay)
        recorder = None if view.look is None else view.look.recorder
        if self._is_recording and recorder is not None and recorder.folder is not None:
            going = words.RECORDING.format(
                time=clock_text(view.now_s - self._record_began_s),
                samples=recorder.samples,
                folder=recorder.folder.name,
            )
            return f"{going} · {text}"
        return f"{words.NOT_RECORDING} · {text}"

    def _watch_problems(self) -> None:
        look = self.view.look
        if look is None:
            return
        problem = look.recorder.problem
        if self._is_recording and problem is not None:
            self._is_recording = False
            self._name_actions()
            self.told.emit(str(problem))
        radio = str(look.radio_problem or "")
        if radio and radio != self._said_problem:
            self.told.emit(radio)
        self._said_problem = radio
        if not self._offered and look.time_s > _OFFER_AFTER_S:
            self._offered = True
            self._name_actions()
            if self.demo is not None:
                self.told.emit(words.DEMO_REPORT)
        if self.demo is not None and not self._said_arrived and self.demo.arrived:
            self._said_arrived = True
            self.told.emit(words.DEMO_ARRIVED)

    def _name_actions(self) -> None:
        self._actions.name(
            recording=self._is_recording,
            frozen=self.view.frozen,
            biofeedback=not self.biofeedback.panel.isHidden(),
            demo=self.demo is not None,
            one_is_lost=self._lost_one is not None,
            reportable=self._offered,
        )
