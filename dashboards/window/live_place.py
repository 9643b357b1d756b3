"""2 Live: the walk that is walked now."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dashboards.view_models.demo_panel import DemoPanel
from dashboards.view_models.figure_pose import FigurePose, figure_pose
from dashboards.view_models.live_view import WINDOW_S, LiveView
from dashboards.view_models.playback import clock_text
from dashboards.window import words
from dashboards.window.angle_plots import AnglePlots
from dashboards.window.demo_panel_view import DemoPanelView
from dashboards.window.figure_view import FigureView
from dashboards.window.findings_list import FindingsList
from dashboards.window.keys import Keys
from dashboards.window.message import Message
from dashboards.window.save import free_name, save_picture
from dashboards.window.sensor_card_view import SensorCardView
from dashboards.window.theme import Theme
from dashboards.window.tile_view import TileView
from recordings.errors import HipgaitError
from recordings.placement import Placement

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from firmware_bridge.transport.demo_wearer import DemoWearer
    from pipeline.results import Results

_FRAME_MS = 33
_SLOW_FRAMES = 10
"""Numbers and words change every so many frames: faster nobody reads."""
_LOOK_BACK_S = 5.0
_OFFER_AFTER_S = 60.0
_RAIL_WIDTH = 236


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

    def __init__(self, theme: Theme, recordings: Path) -> None:
        super().__init__()
        self.view = LiveView()
        self.walk: LiveWalk | None = None
        self.demo: DemoWearer | None = None
        self._recordings = recordings
        self._theme = theme
        self._frame_number = 0
        self._lost_one: Placement | None = None
        self._offered = self._said_arrived = False
        self._shown_results: Results | None = None
        self._record_began_s = 0.0
        self._said_problem = ""
        self.keys = Keys(self)
        self._plots = AnglePlots(theme, words.SECONDS_BEFORE_NOW)
        self._plots.set_time_range(-WINDOW_S, 0.0)
        self._figure = FigureView(theme)
        self._findings = FindingsList(theme)
        self._tiles = [TileView() for _ in self.view.tiles()]
        self._cards: dict[str, SensorCardView] = {}
        self._panel: DemoPanelView | None = None
        self._hint = QLabel()
        self._status = QLabel()
        self._kind = QComboBox()
        self._build()
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
        self._name_actions()

    # -- life ------------------------------------------------------------------------------

    @property
    def recording(self) -> bool:
        return self.walk is not None and self.view.look is not None and self._is_recording

    @property
    def panel(self) -> DemoPanelView | None:
        """The sliders of the demo, while it runs."""
        return self._panel

    def attach(self, walk: LiveWalk, demo: DemoWearer | None = None) -> None:
        """Show a walk that has been started; with a demo, its sliders as well."""
        self.detach()
        self.walk, self.demo = walk, demo
        self.view = LiveView()
        self._offered = self._said_arrived = False
        self._lost_one = None
        self._shown_results = None
        if demo is not None:
            self._panel = DemoPanelView(DemoPanel(demo))
            self._rail.insertWidget(self._rail.count() - 1, self._panel)
        self._plots.show_placements(walk.placements)
        self._pages.setCurrentIndex(1)
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
        if self.walk is not None:
            self.walk.close()
        if self.demo is not None:
            self.demo.close()
        self.walk = self.demo = None
        self._is_recording = False
        for card in self._cards.values():
            card.deleteLater()
        self._cards.clear()
        if self._panel is not None:
            self._panel.deleteLater()
            self._panel = None
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

    def mark(self, kind: str = "") -> None:
        """Put a marker into the walk, of the chosen kind."""
        if self.walk is not None:
            label = kind or self._kind.currentText()
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

    def snapshot(self) -> None:
        """A picture of the page, into the folder of the recordings."""
        path = self._recordings / f"{datetime.now():%Y-%m-%d_%H%M%S}_live.png"
        try:
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
            save_picture(free_name(path), self, self._plots)
        except HipgaitError as error:
            self.told.emit(str(error))
        else:
            self.told.emit(words.SAVED.format(name=path))

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
        for part in (self._plots, self._figure, self._findings, *self._cards.values()):
            part.set_theme(theme)

    def _frame(self) -> None:
        if self.walk is None:
            return
        self.view.take(self.walk.look())
        self.looked.emit(self.view)
        self._frame_number += 1
        self._watch_problems()
        if not self.isVisible():
            return
        if not self.view.frozen:
            self._draw_fast()
        if self._frame_number % _SLOW_FRAMES == 1:
            self._draw_slow()

    def _draw_fast(self) -> None:
        self._plots.show_angles(*self.view.window())
        self._plots.show_stance(self.view.stance, self.view.end_s)
        latest = self.view.latest()
        pose = FigurePose() if latest is None else figure_pose(latest, self.view.standing())
        known_before = self.view.angles.end_s is not None
        self._figure.set_pose(pose, words.FIGURE_LOST if known_before else words.FIGURE_UNKNOWN)

    def _draw_slow(self) -> None:
        view = self.view
        for card in view.cards():
            shown = self._cards.get(card.address)
            if shown is None:
                shown = self._cards[card.address] = SensorCardView(self._theme)
                self._rail.insertWidget(len(self._cards), shown)
            shown.show_card(card)
        if view.results is not self._shown_results and view.results is not None:
            self._shown_results = view.results
            for tile, shown_tile in zip(view.tiles(), self._tiles, strict=True):
                shown_tile.show_tile(tile)
            self._findings.show_rows(view.findings())
            self._plots.show_means(view.results.mean_curves)
        self._status.setText(self._status_text())
        if view.frozen:
            ago = words.EARLIER.format(seconds=view.behind_s)
            self._hint.setText(f"{words.FROZEN}  {ago}")
        elif view.look is not None and view.look.problem:
            self._hint.setText(view.look.problem)
        elif view.angles.end_s is None:
            self._hint.setText(words.LIVE_WAITING)
        else:
            self._hint.setText(words.LEGEND)

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
        if self.demo is not None and not self._offered and look.time_s > _OFFER_AFTER_S:
            self._offered = True
            self.told.emit(words.DEMO_REPORT)
        if self.demo is not None and not self._said_arrived and self.demo.arrived:
            self._said_arrived = True
            self.told.emit(words.DEMO_ARRIVED)

    def _name_actions(self) -> None:
        self._record.setText(words.STOP_RECORDING if self._is_recording else words.RECORD)
        self._record_button.setObjectName("recording" if self._is_recording else "")
        self._record_button.style().unpolish(self._record_button)
        self._record_button.style().polish(self._record_button)
        self._freeze.setText(words.UNFREEZE if self.view.frozen else words.FREEZE)
        self._lose.setText(words.DEMO_LOSE if self._lost_one is None else words.DEMO_FIND)
        for action in (self._lose, self._stumble):
            action.setEnabled(self.demo is not None)
        for button in (self._lose_button, self._stumble_button):
            button.setVisible(self.demo is not None)

    def _build(self) -> None:
        self._is_recording = False
        keys = self.keys
        self._record = keys.add("R", words.RECORD, self.toggle_record)
        mark = keys.add("M", words.MARK, self.mark)
        self._freeze = keys.add("Space", words.FREEZE, self.toggle_freeze)
        keys.add("Left", "Look back 5 s", lambda: self.look_back(_LOOK_BACK_S))
        keys.add("Right", "Look on 5 s", lambda: self.look_back(-_LOOK_BACK_S))
        keys.add("C", "Another angle over the stride", self._plots.next_cycle_quantity)
        snapshot = keys.add("S", words.SNAPSHOT, self.snapshot)
        self._lose = keys.add("L", words.DEMO_LOSE, self.lose_or_find)
        self._stumble = keys.add("T", words.DEMO_STUMBLE, self.stumble)
        for number, kind in enumerate(words.MARKER_KINDS, start=1):
            keys.add(str(number), f"Mark: {kind}", lambda kind=kind: self.mark(kind))
            self._kind.addItem(kind)
        self._kind.setAccessibleName("Kind of marker")

        rail = QWidget()
        self._rail = QVBoxLayout(rail)
        self._rail.setContentsMargins(0, 0, 6, 0)
        heading = QLabel(words.SENSORS)
        heading.setObjectName("heading")
        self._rail.addWidget(heading)
        self._rail.addStretch()
        rail_area = QScrollArea()
        rail_area.setWidget(rail)
        rail_area.setWidgetResizable(True)
        rail_area.setFrameShape(QFrame.Shape.NoFrame)
        rail_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rail_area.setMinimumWidth(_RAIL_WIDTH)

        numbers = QWidget()
        grid = QGridLayout(numbers)
        grid.setContentsMargins(0, 0, 0, 0)
        for i, tile in enumerate(self._tiles):
            grid.addWidget(tile, i // 2, i % 2)
        right = QSplitter(Qt.Orientation.Vertical)
        for part in (self._figure, numbers, self._findings):
            right.addWidget(part)
        right.setSizes([280, 150, 330])
        across = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((rail_area, 0), (self._plots, 5), (right, 2)):
            across.addWidget(part)
            across.setStretchFactor(across.count() - 1, share)
        across.setSizes([_RAIL_WIDTH, 820, 370])

        row = QHBoxLayout()
        self._record_button = keys.button(self._record)
        row.addWidget(self._record_button)
        row.addWidget(keys.button(mark))
        row.addWidget(self._kind)
        row.addWidget(keys.button(self._freeze))
        row.addWidget(keys.button(snapshot))
        self._lose_button = keys.button(self._lose)
        self._stumble_button = keys.button(self._stumble)
        row.addWidget(self._lose_button)
        row.addWidget(self._stumble_button)
        row.addStretch()
        self._status.setObjectName("dim")
        self._hint.setObjectName("dim")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(across, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._hint)
        foot.addStretch()
        foot.addWidget(self._status)
        column.addLayout(foot)
        column.addLayout(row)
        self._pages = QStackedWidget()
        self._pages.addWidget(Message(words.LIVE_IDLE))
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
