"""Guided tests in the live place: the coach, its window, and the walk that it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from dashboards.guided.coach import Coach, Order
from dashboards.guided.guided_tests import GUIDED_TESTS
from dashboards.guided.guided_tests import SCREENING as IN_SCREENING
from dashboards.guided.safety import why_not_begin
from dashboards.guided.screening import SCREENING_WALK_S
from dashboards.people import answers_of, person_of
from dashboards.window import words
from dashboards.window.guided_window import SCREENING, GuidedWindow
from dashboards.window.theme import Theme
from recordings.errors import HipgaitError
from recordings.events import EventKind

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.view_models.figure_pose import FigurePose
    from dashboards.view_models.live_view import LiveView


class LiveGuided(QObject):
    """Joins the parts; `recording_wanted` asks for a recording before a test begins."""

    recording_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.window: GuidedWindow | None = None
        self.coach: Coach | None = None
        self._theme = theme
        self._walk: LiveWalk | None = None

    def attach(self, walk: LiveWalk) -> None:
        self._walk = walk

    def detach(self) -> None:
        """The walk ends, and with it what was led."""
        self._walk = self.coach = None
        if self.window is not None:
            self.window.close()

    def toggle_window(self) -> None:
        """Open the window, or close it."""
        if self.window is not None:
            self.window.close()
        elif self._walk is not None:
            self.window = GuidedWindow(self._theme)
            self.window.chosen.connect(self._begin)
            self.window.go.connect(self._go)
            self.window.leave_out.connect(self._leave_out)
            self.window.hurts.connect(self._hurts)
            self.window.stop.connect(lambda: self._end(words.GUIDED_STOPPED))
            self.window.closed.connect(self._closed)
            self.window.show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.window is not None:
            self.window.set_theme(theme)

    def show_pose(self, pose: FigurePose, why_unknown: str) -> None:
        if self.window is not None:
            self.window.show_pose(pose, why_unknown)

    def look(self, view: LiveView) -> None:
        """Let the coach see what the live view has just seen."""
        look = view.look
        if self.coach is None or look is None or self.coach.over:
            return
        streaming = bool(look.sensors) and all(s.state.streams for s in look.sensors.values())
        self._follow(
            self.coach.look(
                look.time_s, streaming=streaming, events=look.events, results=look.results
            )
        )

    def _begin(self, name: str, pain: int) -> None:
        if self.window is None or self._walk is None:
            return
        metadata = self._walk.metadata
        try:
            answers = answers_of(metadata, person_of(metadata))
        except HipgaitError as error:
            self.window.say(str(error))
            return
        # A virtual wearer has nothing to be asked about.
        why = "" if metadata.simulated else why_not_begin(answers, pain)
        if why:
            self.window.say(why)
            return
        screening = name == SCREENING
        tests = [GUIDED_TESTS[each] for each in (IN_SCREENING if screening else (name,))]
        self.coach = Coach(tests, walk_s=SCREENING_WALK_S if screening else 0.0)
        self.recording_wanted.emit()
        self.window.say(words.GUIDED_WAITING)
        self._show()

    def _go(self) -> None:
        if self.coach is not None and self._walk is not None:
            now_s = self._walk.look_time_s
            self._follow(self.coach.go(now_s) or self.coach.end_part(now_s))

    def _leave_out(self) -> None:
        if self.coach is not None and self._walk is not None:
            self._follow(self.coach.leave_out(self._walk.look_time_s))

    def _hurts(self) -> None:
        if self._walk is not None and self.coach is not None and not self.coach.over:
            self._walk.mark(words.GUIDED_HURTS, EventKind.MARKER)
            self._end(words.GUIDED_PAINED)

    def _end(self, why: str) -> None:
        if self.coach is not None and self._walk is not None:
            self._follow(self.coach.stop(self._walk.look_time_s, why))

    def _closed(self) -> None:
        self._end(words.GUIDED_STOPPED)
        if self.window is not None:
            self.window.deleteLater()
        self.window = self.coach = None

    def _follow(self, orders: list[Order]) -> None:
        for order in orders:
            if order.mark is not None and self._walk is not None:
                self._walk.mark(order.mark[1], order.mark[0])
            if order.beep is not None:
                QApplication.beep()
        # What is said together is read together.
        said = "\n".join(order.words for order in orders if order.words)
        if said and self.window is not None:
            self.window.say(said)
        self._show()

    def _show(self) -> None:
        if self.window is not None and self.coach is not None:
            coach = self.coach
            self.window.show_phase(coach.phase, coach.part, coach.counted)
