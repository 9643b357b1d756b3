"""1 Setup: find the sensors, place them, check them, calibrate."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from dashboards.last_placement import LastPlacement
from dashboards.view_models.figure_pose import FigurePose, figure_pose
from dashboards.view_models.raw_history import RawHistory
from dashboards.view_models.setup_view import setup_view
from dashboards.view_models.walk_check import WalkJudge, silent_places
from dashboards.view_models.wizard import CHECK_S, StandingPose, Step, Wizard
from dashboards.window import words
from dashboards.window.keys import Keys
from dashboards.window.setup_handover import SetupHandover
from dashboards.window.setup_page import SetupPage
from dashboards.window.signal_lanes import LANES_S
from dashboards.window.theme import Theme
from recordings.errors import HipgaitError
from recordings.events import EventKind
from recordings.placement import Placement

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.setup_session import SetupLook, SetupSession
    from dashboards.view_models.live_view import LiveView
    from firmware_bridge.transport.base import Transport

_LOOK_MS = 100


class SetupPlace(QWidget):
    """The wizard on the screen.

    Parameters
    ----------
    theme : Theme
    new_transport : callable, optional
        Makes the radio; the computer's own if not given.
    remembered : Path, optional
        File of the last placement; the user's own if not given.
    """

    walk_started = Signal(object)
    """A `LiveWalk` with the placed sensors, for the live place to show."""
    walk_wanted = Signal()
    """The wearer is ready: go to the live place."""
    demo_wanted = Signal()
    questions_wanted = Signal()
    told = Signal(str)

    def __init__(
        self,
        theme: Theme,
        new_transport: Callable[[], Transport] | None = None,
        remembered: Path | None = None,
    ) -> None:
        super().__init__()
        self.wizard = Wizard()
        self.pose = StandingPose()
        self._new_transport = new_transport or _bluetooth
        self._last = LastPlacement(remembered)
        self._walk: LiveWalk | None = None
        self._check_since_s: float | None = None
        self._look: SetupLook | None = None
        self._search_began: float | None = None
        self._judge = WalkJudge()
        self._signals = RawHistory(2 * LANES_S)
        self.handover = SetupHandover(self._new_transport)
        self.free_radio: Callable[[], bool] = lambda: True
        """Lets a running walk go; False if it must go on."""
        self.keys = Keys(self)
        self.page = SetupPage(theme, self.keys, self._actions())
        self.page.placed.connect(self.place)
        self.page.preset_chosen.connect(self._choose_preset)
        self.page.demo_wanted.connect(self.demo_wanted)
        self.page.map.chosen.connect(self._place_clicked)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.page)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.handover.started.connect(self._take_walk)
        self.handover.failed.connect(self._walk_failed)
        self._show()

    @cached_property
    def _session(self) -> SetupSession:
        # Only now what takes long to import: a window that opens must not wait for it.
        from dashboards.setup_session import SetupSession

        return SetupSession(self._new_transport)

    # -- what a user does --------------------------------------------------------------------

    def search(self) -> None:
        """Begin anew, with listening; a walk that is on lets its sensors go first."""
        if not self.free_radio():
            return
        self._walk = None
        self.wizard = Wizard()
        self.wizard.preset = self.page.preset.currentData()
        self._look = None
        self._search_began = time.monotonic()
        self._session.listen()
        self._timer.start(_LOOK_MS)
        self._show()

    def go_on(self) -> None:
        """Take the next step, if nothing blocks it."""
        if self.handover.busy:
            return
        if self.wizard.step is Step.WALK:
            self.walk_wanted.emit()
            return
        if not self.wizard.go_on():
            self.told.emit(self.wizard.blocked())
            return
        if self.wizard.step is Step.PLACE:
            self._session.link()
            self.wizard.remember(self._last.load())
        elif self.wizard.step is Step.CHECK:
            self._session.assign(self.wizard.placed)
            self._check_since_s = None
            self._signals = RawHistory(2 * LANES_S)
        elif self.wizard.step is Step.STAND:
            self._remember()
            self._start_walk()
        self._show()

    def go_back(self) -> None:
        """Back one step; nothing that was placed is forgotten."""
        if self.handover.busy:
            return
        if self.wizard.step is Step.WALK:
            self.wizard.go_back()
        elif self.wizard.step is Step.STAND:
            self.wizard.step = Step.FIND
            self.search()
            return
        else:
            self.wizard.go_back()
            if self.wizard.step is Step.FIND:
                self.search()
                return
        self._show()

    def place(self, address: str, placement: Placement | None) -> None:
        """Say by hand where a sensor is worn."""
        self.wizard.place(address, placement)
        self._show()

    def begin_pose(self) -> None:
        """The countdown to standing still."""
        if self.wizard.step is Step.STAND and self._walk is not None:
            self.pose.begin(self._walk.look_time_s)
            self._show()

    def swap(self) -> None:
        """Left and right were mixed up: begin the walk anew, the other way round."""
        if self.wizard.step is Step.WALK:
            self.wizard.swap_left_right()
            self._remember()
            self.wizard.step = Step.STAND
            self._start_walk()
            self._show()

    def redo(self) -> None:
        """Calibrate once more."""
        if self.wizard.step is Step.WALK and self._walk is not None:
            self._walk.mark(kind=EventKind.RECALIBRATION)
            self.wizard.step = Step.STAND
            self.pose = StandingPose()
            self._show()

    def close_session(self) -> None:
        """The window closes: let all sensors go, also those of a walk that just begins."""
        self.handover.close()
        self._timer.stop()
        if "_session" in vars(self):
            self._session.close()

    # -- what comes ----------------------------------------------------------------------------

    def _tick(self) -> None:
        look = self._look = self._session.look()
        self.wizard.find(look.found)
        if self.wizard.step is Step.PLACE and look.tapped:
            placement = self.wizard.tapped(look.tapped)
            if placement is not None:
                QApplication.beep()
                self.told.emit(words.TAPPED.format(place=placement.label))
        if self.wizard.step is Step.CHECK:
            self._check(look)
            self._signals.take(look.samples)
            self.page.lanes.show_signals(self._signals.window(self._signals.end_s, LANES_S))
        self._show()

    def _check(self, look: SetupLook) -> None:
        now_s = max((float(s.time_s[-1]) for s in look.samples), default=None)
        if now_s is None:
            return
        if self._check_since_s is None:
            self._check_since_s = now_s
        if now_s - self._check_since_s >= CHECK_S:
            self.wizard.check(look.sensors.values(), self._session.rest_m_s2())

    def take_look(self, view: LiveView) -> None:
        """The live place has looked at the walk: stillness and figure come from there."""
        look = view.look
        if look is None or self._walk is None:
            return
        if self.wizard.step is Step.STAND and self.pose.begun_s is not None:
            self.pose.feed(look.time_s, look.samples, silent_places(look, self.wizard.placed))
            if self.pose.done:
                begin_s = self.pose.still_since_s
                self._walk.mark("standing", EventKind.CALIBRATION_POSE_START, begin_s)
                self._walk.mark("standing", EventKind.CALIBRATION_POSE_END)
                QApplication.beep()
                self._judge = WalkJudge(look.time_s)
                self.wizard.step = Step.WALK
            self._show()
        elif self.wizard.step is Step.WALK:
            if self._judge.take(look, self.wizard.placed):
                self._show()
            if not self.isVisible():
                return
            latest = view.latest()
            pose = FigurePose() if latest is None else figure_pose(latest, view.standing())
            self.page.figure.set_pose(pose, words.FIGURE_UNKNOWN)

    # -- the walk ------------------------------------------------------------------------------

    def _start_walk(self) -> None:
        """Let the setup's links go and start the walk with the placed sensors."""
        self._timer.stop()
        self.pose = StandingPose()
        self._walk = None
        self.handover.begin(self._session, self._session.worn(self.wizard.placed))

    def _take_walk(self, walk: LiveWalk) -> None:
        self._walk = walk
        self.walk_started.emit(walk)
        self._show()

    def _walk_failed(self, problem: str) -> None:
        self.told.emit(problem)
        self.wizard.step = Step.FIND
        self.search()

    def _remember(self) -> None:
        try:
            self._last.save(self._session.worn(self.wizard.placed))
        except HipgaitError as error:
            self.told.emit(str(error))

    # -- drawing -------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.page.set_theme(theme)

    def _show(self) -> None:
        began = self._search_began
        self.page.show_view(
            setup_view(
                self.wizard,
                self.pose,
                self._look,
                connecting=self.handover.busy,
                walking=self._walk is not None,
                searched_s=None if began is None else time.monotonic() - began,
                walk_problem=self._judge.problem,
            )
        )

    def _actions(self) -> dict[str, QAction]:
        add = self.keys.add
        return {
            "find": add("F", words.SETUP_FIND, self.search),
            "begin": add("Space", words.SETUP_BEGIN, self.begin_pose),
            "swap": add("W", words.SETUP_SWAP, self.swap),
            "redo": add("C", words.SETUP_REDO, self.redo),
            "back": add("Alt+Left", words.SETUP_BACK, self.go_back),
            "questions": add("Q", words.QUESTIONS_OPEN, self.questions_wanted.emit),
            "next": add("Alt+Right", words.SETUP_NEXT, self.go_on),
        }

    def _choose_preset(self, preset: tuple[Placement, ...]) -> None:
        self.wizard.preset = preset
        for placement in [p for p in self.wizard.placed if p not in self.wizard.preset]:
            self.wizard.place(self.wizard.placed[placement], None)
        self._show()

    def _place_clicked(self, placement: Placement) -> None:
        """A place on the body: who is there is free again."""
        address = self.wizard.placed.get(placement)
        if address is not None and self.wizard.step is Step.PLACE:
            self.place(address, None)


def _bluetooth() -> Transport:
    from firmware_bridge.transport.bleak_transport import BleakTransport

    return BleakTransport()
