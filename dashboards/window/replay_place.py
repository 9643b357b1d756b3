"""3 Replay: a recorded walk as a film."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dashboards.view_models.figure_pose import figure_pose
from dashboards.view_models.findings_board import findings_board
from dashboards.view_models.playback import SPEEDS, Playback, clock_text, speed_text
from dashboards.view_models.recorded_walk import RecordedWalk, WalkLoader
from dashboards.view_models.side_file import exclusion, read_edits, write_edits
from dashboards.window import words
from dashboards.window.angle_plots import AnglePlots
from dashboards.window.figure_view import FigureView
from dashboards.window.findings_list import FindingsList
from dashboards.window.keys import Keys
from dashboards.window.message import Message
from dashboards.window.overview_strip import OverviewStrip
from dashboards.window.save import free_name, save_angles, save_picture
from dashboards.window.theme import Theme
from dashboards.window.value_table import ValueTable
from dashboards.wording import detector_title, duration
from pipeline.gait import Stride
from pipeline.results import Finding
from recordings.errors import HipgaitError
from recordings.events import EventKind, SessionEvent
from recordings.placement import Side

_FRAME_MS = 33
_LOOK_MS = 100


class ReplayPlace(QWidget):
    """Opens a walk in the background, then plays it."""

    opened = Signal(object)
    """A `RecordedWalk` is shown."""
    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.walk: RecordedWalk | None = None
        self.playback = Playback()
        self._loader: WalkLoader | None = None
        self._chosen: tuple[Finding, list[Stride], int] | None = None
        self._excluding_from_s: float | None = None
        self._keep_position_s: float | None = None
        self._shown_page: tuple[float, float] | None = None
        self._last_frame_s = 0.0
        self._fitted = False
        self.keys = Keys(self)
        self._message = Message(words.OPEN_PROMPT)
        self._progress = QProgressBar()
        self._progress.setMaximumWidth(420)
        self._plots = AnglePlots(theme, words.SECONDS)
        self._figure = FigureView(theme)
        self._values = ValueTable(theme)
        self._findings = FindingsList(theme)
        self._overview = OverviewStrip(theme)
        self._clock = QLabel()
        self._speed = QComboBox()
        self._build()
        self._findings.chosen.connect(self.show_finding)
        self._overview.sought.connect(self._seek)
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
        self._looks = QTimer(self)
        self._looks.timeout.connect(self._look)

    # -- opening ---------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Read and analyse a walk in the background, then show it."""
        if self._loader is not None:
            self._loader.cancel()
        self._loader = WalkLoader(path).start()
        self._progress.setRange(0, 0)
        self._progress.show()
        if self.walk is None or self.walk.path != path:
            self._message.say(words.OPENING.format(name=path.name, done=""))
            self._pages.setCurrentIndex(0)
        self._looks.start(_LOOK_MS)

    def choose(self) -> None:
        """Ask for a file; folders can be dropped or given on the command line."""
        path, _ = QFileDialog.getOpenFileName(
            self, words.OPEN_TITLE, "", "Walks (*.zip *.csv session.json *.mat *.xlsx);;All (*)"
        )
        if path:
            chosen = Path(path)
            self.open(chosen.parent if chosen.name == "session.json" else chosen)

    def close_walk(self) -> None:
        """Let go of what runs in the background."""
        self._frames.stop()
        self._looks.stop()
        if self._loader is not None:
            self._loader.cancel()

    def _look(self) -> None:
        loader = self._loader
        if loader is None:
            return
        if not loader.done.is_set():
            done = duration(loader.analysed_s) if loader.analysed_s else ""
            self._message.say(words.OPENING.format(name=loader.path.name, done=done))
            return
        self._looks.stop()
        self._progress.hide()
        if loader.walk is None:
            self.walk = None
            self._message.say(f"{words.OPEN_FAILED}\n\n{loader.problem}")
            self._pages.setCurrentIndex(0)
            return
        self.show_walk(loader.walk)

    def show_walk(self, walk: RecordedWalk) -> None:
        """Show a walk that is read already."""
        again = self._keep_position_s
        self._keep_position_s = None
        self.walk = walk
        if again is None:
            self.playback = Playback(walk.duration_s, min(10.0, max(2.0, walk.duration_s)))
            self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self.playback.set_stops(walk.stride_starts())
        self._chosen = None
        self._excluding_from_s = None
        self._shown_page = None
        self._overview.show_walk(walk)
        self._findings.show_rows(findings_board(walk.results))
        self._plots.show_cycle(walk.results)
        unfit = [c.unfit for c in walk.results.calibrations if c.unfit]
        if unfit:
            self.told.emit(words.ANGLES_UNKNOWN.format(why=unfit[0]))
        self._pages.setCurrentIndex(1)
        if again is None and walk.results.strides:
            first_s = min(s.start_s for s in walk.results.strides)
            self.playback.show(first_s, first_s + self.playback.page_s)
        elif again is not None:
            self.playback.seek(again)
        self._draw()
        self.opened.emit(walk)

    # -- moving ----------------------------------------------------------------------------

    def toggle_play(self) -> None:
        if self.walk is None:
            return
        self.playback.toggle()
        self._last_frame_s = time.perf_counter()
        if self.playback.playing:
            self._frames.start(_FRAME_MS)
        self._name_play()

    def _frame(self) -> None:
        now_s = time.perf_counter()
        moved = self.playback.advance(now_s - self._last_frame_s)
        self._last_frame_s = now_s
        if not self.playback.playing:
            self._frames.stop()
            self._name_play()
        if moved:
            self._draw()

    def _seek(self, time_s: float) -> None:
        self.playback.seek(time_s)
        self._draw()

    def _jump(self, by_s: float) -> None:
        self._seek(self.playback.position_s + by_s)

    def _step(self, direction: int) -> None:
        self.playback.step(direction)
        self._name_play()
        self._draw()

    def _zoom(self, factor: float) -> None:
        self.playback.zoom(factor)
        self._draw()

    def _set_speed(self, index: int) -> None:
        self.playback.speed = SPEEDS[index]

    def _change_speed(self, direction: int) -> None:
        self.playback.faster(direction)
        self._speed.setCurrentIndex(SPEEDS.index(self.playback.speed))

    def show_finding(self, finding: Finding) -> None:
        """Go to the clearest stride that a finding rests on; again: to the next one."""
        if self.walk is None:
            return
        if self._chosen is not None and self._chosen[0] is finding:
            _, strides, number = self._chosen
            number = (number + 1) % max(1, len(strides))
        else:
            strides, number = self.walk.strides_of(finding), 0
        self._chosen = (finding, strides, number)
        if not strides:
            self.told.emit(finding.sentence)
            return
        stride = strides[number]
        self.playback.playing = False
        self._name_play()
        self.playback.show(stride.start_s, stride.end_s)
        self._draw()
        text = words.STRIDE_OF_FINDING.format(
            title=detector_title(finding.detector),
            number=number + 1,
            count=len(strides),
            side=stride.side,
        )
        self.told.emit(text)

    # -- editing, in the side file -----------------------------------------------------------

    def mark(self) -> None:
        """Put a marker at the position."""
        if self.walk is not None:
            event = SessionEvent(round(self.playback.position_s, 6), EventKind.MARKER, "")
            self._edit((*read_edits(self.walk.path), event))
            self.told.emit(words.MARKED.format(time=clock_text(event.time_s)))

    def exclude(self) -> None:
        """Begin to leave out a span; the second time, end it and analyse again."""
        if self.walk is None:
            return
        now_s = self.playback.position_s
        begin_s, self._excluding_from_s = self._excluding_from_s, None
        if begin_s is None or abs(begin_s - now_s) < 0.01:
            self._excluding_from_s = now_s
            self.told.emit(words.EXCLUDE_BEGIN.format(start=clock_text(now_s)))
            return
        start_s, end_s = sorted((begin_s, now_s))
        self._edit((*read_edits(self.walk.path), *exclusion(start_s, end_s)))
        said = words.EXCLUDE_ASK.format(start=clock_text(start_s), end=clock_text(end_s))
        self.told.emit(said)

    def forget_exclusion(self) -> None:
        if self._excluding_from_s is not None:
            self._excluding_from_s = None
            self.told.emit(words.EXCLUDE_FORGOTTEN)

    def undo(self) -> None:
        """Take back what was edited last in time order of the walk."""
        if self.walk is None:
            return
        edits = list(read_edits(self.walk.path))
        if not edits:
            self.told.emit(words.NOTHING_TO_UNDO)
            return
        last = edits.pop()
        if last.kind == EventKind.EXCLUSION_END and edits:
            edits.pop()
        self._edit(tuple(edits))
        self.told.emit(words.EXCLUDE_UNDONE)

    def _edit(self, events: tuple[SessionEvent, ...]) -> None:
        assert self.walk is not None
        try:
            write_edits(self.walk.path, events)
        except HipgaitError as error:
            self.told.emit(str(error))
            return
        self._keep_position_s = self.playback.position_s
        self.open(self.walk.path)

    # -- saving ------------------------------------------------------------------------------

    def save_csv(self, path: Path | None = None) -> None:
        """Save the visible angles; asks for a name if none is given."""
        if self.walk is None:
            return
        path = path or self._ask_name(words.EXPORT_CSV_TITLE, "angles.csv", "CSV (*.csv)")
        if path is not None:
            walk = self.walk
            self._save(path, lambda: save_angles(path, walk, *self.playback.page))

    def save_png(self, path: Path | None = None) -> None:
        """Save a picture of the page; asks for a name if none is given."""
        if self.walk is None:
            return
        kinds = "Picture (*.png);;Drawing (*.svg)"
        path = path or self._ask_name(words.EXPORT_PICTURE_TITLE, "walk.png", kinds)
        if path is not None:
            self._save(path, lambda: save_picture(path, self, self._plots))

    def _ask_name(self, title: str, name: str, kinds: str) -> Path | None:
        pictures = QStandardPaths.StandardLocation.DocumentsLocation
        folder = Path(QStandardPaths.writableLocation(pictures) or ".")
        path, _ = QFileDialog.getSaveFileName(self, title, str(free_name(folder / name)), kinds)
        return Path(path) if path else None

    def _save(self, path: Path, save) -> None:
        try:
            save()
        except HipgaitError as error:
            self.told.emit(str(error))
        else:
            self.told.emit(words.SAVED.format(name=path))

    # -- drawing -------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        for part in (self._plots, self._figure, self._values, self._findings, self._overview):
            part.set_theme(theme)
        self._shown_page = None
        self._draw()

    def fit(self) -> None:
        """Fit the axes to the visible angles; again: their usual ranges."""
        if self.walk is not None:
            self._fitted = not self._fitted
            values = self.walk.rows(*self.playback.page)[1] if self._fitted else None
            self._plots.fit(values)

    def _draw(self) -> None:
        walk = self.walk
        if walk is None:
            return
        page, position_s = self.playback.page, self.playback.position_s
        if page != self._shown_page:
            self._shown_page = page
            self._plots.set_time_range(*page)
            self._plots.show_angles(*walk.rows(*page))
            self._plots.show_stance(walk.stance)
            self._plots.show_bands(walk.bands)
            self._plots.show_placements(walk.results.placements)
        self._plots.set_cursor(position_s)
        angles = walk.at(position_s)
        stance = {side: walk.stance.stands(side, position_s) for side in Side}
        self._figure.set_pose(figure_pose(angles, stance))
        self._values.show_values(angles)
        self._overview.show_position(position_s, page)
        self._clock.setText(
            f"<b>{clock_text(position_s)}</b> / {clock_text(self.playback.duration_s)}"
        )

    def _name_play(self) -> None:
        self._play.setText(words.PAUSE if self.playback.playing else words.PLAY)

    def _build(self) -> None:
        keys = self.keys
        self._play = keys.add("Space", words.PLAY, self.toggle_play)
        back = keys.add("Left", "Back 5 s", lambda: self._jump(-5.0))
        forward = keys.add("Right", "On 5 s", lambda: self._jump(5.0))
        previous = keys.add(",", "Previous stride", lambda: self._step(-1))
        following = keys.add(".", "Next stride", lambda: self._step(1))
        keys.add("Home", "To the beginning", lambda: self._seek(0.0))
        keys.add("End", "To the end", lambda: self._seek(self.playback.duration_s))
        keys.add("-", "Slower", lambda: self._change_speed(-1))
        keys.add("+", "Faster", lambda: self._change_speed(1))
        keys.add("Up", "Show less time", lambda: self._zoom(0.5))
        keys.add("Down", "Show more time", lambda: self._zoom(2.0))
        keys.add("C", "Another angle over the stride", self._plots.next_cycle_quantity)
        keys.add("Y", "Fit the angle axes, or back", self.fit)
        mark = keys.add("M", words.MARK, self.mark)
        leave_out = keys.add("X", "Leave out a span (begin, end)", self.exclude)
        keys.add("Esc", "Forget the begun span", self.forget_exclusion)
        keys.add("Ctrl+Z", "Take the last edit back", self.undo)
        csv = keys.add("E", "Save angles (CSV)", self.save_csv)
        picture = keys.add("S", "Save picture (PNG, SVG)", self.save_png)

        right = QSplitter(Qt.Orientation.Vertical)
        for part, share in ((self._figure, 4), (self._values, 0), (self._findings, 4)):
            right.addWidget(part)
            right.setStretchFactor(right.count() - 1, share)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self._plots)
        across.addWidget(right)
        across.setStretchFactor(0, 5)
        across.setStretchFactor(1, 2)
        across.setSizes([1000, 400])
        right.setSizes([280, 170, 330])

        row = QHBoxLayout()
        for action, short in (
            (back, "−5 s"),
            (self._play, ""),
            (forward, "+5 s"),
            (previous, "‹ Stride"),
            (following, "Stride ›"),
        ):
            row.addWidget(keys.button(action, short))
        self._speed.addItems([speed_text(speed) for speed in SPEEDS])
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.setAccessibleName("Speed")
        self._speed.currentIndexChanged.connect(self._set_speed)
        row.addWidget(QLabel("Speed"))
        row.addWidget(self._speed)
        self._clock.setMinimumWidth(150)
        row.addWidget(self._clock)
        row.addStretch()
        for action, short in (
            (mark, ""),
            (leave_out, "Leave out"),
            (csv, "Save CSV"),
            (picture, "Save picture"),
        ):
            row.addWidget(keys.button(action, short))

        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(across, 1)
        column.addWidget(self._overview)
        column.addLayout(row)
        waiting = QWidget()
        middle = QVBoxLayout(waiting)
        middle.addStretch()
        middle.addWidget(self._message)
        middle.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch()
        self._progress.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(waiting)
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
