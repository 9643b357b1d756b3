"""3 Replay: a recorded walk as a film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dashboards.recorded.cache import WalkCache
from dashboards.view_models.playback import Playback
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.view_models.walk_edits import effective
from dashboards.view_models.walk_loader import WalkLoader
from dashboards.window import words
from dashboards.window.compare_page import ComparePage
from dashboards.window.keys import Keys
from dashboards.window.message import Message
from dashboards.window.opening_bar import OpeningBar
from dashboards.window.replay_compare import Comparing
from dashboards.window.replay_edits import Editing
from dashboards.window.replay_transport import Transport
from dashboards.window.replay_view import ReplayView
from dashboards.window.save import ask_name, choose_walk, save_angles, save_picture
from dashboards.window.theme import Theme
from dashboards.window.two_rows import TwoRows
from dashboards.wording import detector_title
from pipeline.gait import Stride
from pipeline.results import Finding, Results
from recordings.errors import HipgaitError
from recordings.events import SessionEvent

_LOOK_MS = 100
_PAGE_S = 10.0


class ReplayPlace(QWidget):
    """Opens a walk in the background, shows what is there by now, and plays it.

    Parameters
    ----------
    theme : Theme
    cache : WalkCache
        Where analysed walks are kept.
    """

    opened = Signal(object)
    """A `RecordedWalk` is shown, with its results."""
    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, theme: Theme, cache: WalkCache) -> None:
        super().__init__()
        self.walk: RecordedWalk | None = None
        self._cache = cache
        self._loader: WalkLoader | None = None
        self._taken: RecordedWalk | None = None
        self._chosen: tuple[Finding, list[Stride], int] | None = None
        self.keys = Keys(self)
        self.transport = Transport(self.keys, self)
        self.editing = Editing(self.keys, lambda: self.playback.position_s, self)
        self.view = ReplayView(theme)
        self.compare_page = ComparePage(theme)
        self._message = Message(words.OPEN_PROMPT)
        self._opening = OpeningBar()
        self.comparing = Comparing(self.compare_page, self._opening, cache, self)
        self._build()
        self.transport.moved.connect(self._draw)
        self.editing.changed.connect(self._edited)
        self.editing.told.connect(self.told)
        self.comparing.told.connect(self.told)
        self.comparing.ready.connect(lambda: self._pages.setCurrentWidget(self.compare_page))
        self.compare_page.closed.connect(self.toggle_compare)
        self._opening.cancelled.connect(self.cancel_opening)
        self._looks = QTimer(self)
        self._looks.timeout.connect(self._look)

    @property
    def playback(self) -> Playback:
        return self.transport.playback

    # -- opening ---------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Read and analyse a walk in the background; what is there already is shown."""
        if self._loader is not None:
            self._loader.cancel()
        self._loader = WalkLoader(path, self._cache).start()
        if self.walk is None or self.walk.path != path:
            self.transport.pause()
            self.walk = None
            self.comparing.begin(None)
            self._message.say(words.OPENING.format(name=path.name, done=""))
            self._pages.setCurrentIndex(0)
            # While the reading process gets ready.
            QTimer.singleShot(0, self, self.view.get_ready)
        self._opening.show_progress(self._loader)
        self._looks.start(_LOOK_MS)

    def choose(self) -> None:
        """Ask for a file; folders can be dropped or given on the command line."""
        path = choose_walk()
        if path is not None:
            self.open(path)

    def cancel_opening(self) -> None:
        """Stop reading or analysing; what is in sight stays."""
        if self._loader is None or self._loader.done.is_set():
            return
        self._loader.cancel()
        self._looks.stop()
        self._opening.hide()
        if self.walk is None:
            self._message.say(words.OPEN_PROMPT)
        before_edit = self.walk is not None and self.walk.results is not None
        self.told.emit(words.ANALYSIS_CANCELLED if before_edit else words.OPENING_CANCELLED)

    def close_walk(self) -> None:
        """Let go of what runs in the background."""
        self.transport.pause()
        self._looks.stop()
        self.comparing.cancel(wait_s=3.0)
        if self._loader is not None:
            self._loader.cancel(wait_s=3.0)

    def _look(self) -> None:
        loader = self._loader
        if loader is None:
            return
        ended = loader.done.is_set()
        fresh = loader.walk
        # While a walk is analysed again, that of before stays in sight until it is replaced.
        again = self.walk is not None and self.walk.results is not None
        if fresh is not None and fresh is not self._taken and (loader.complete or not again):
            self._taken = fresh
            # Edits may be newer than what the loader began with.
            edits = self.editing.edits if self.walk is not None else None
            self._show(fresh if edits is None else fresh.with_edits(edits.events))
        if not ended:
            self._opening.show_progress(loader)
            return
        self._looks.stop()
        self._opening.hide()
        if loader.problem and self.walk is None:
            self._message.say(f"{words.OPEN_FAILED}\n\n{loader.problem}")
        elif loader.problem:
            self.told.emit(loader.problem)

    def _show(self, walk: RecordedWalk) -> None:
        """Show a walk, or more of the one that is shown."""
        if not walk.duration_s:
            return
        before, self.walk = self.walk, walk
        if before is None:
            self.editing.begin(walk.path)
            self.transport.begin(Playback(walk.duration_s, _PAGE_S))
            self._pages.setCurrentIndex(1)
        self.playback.duration_s = walk.duration_s
        self.view.show_walk(walk)
        results = walk.results
        if results is not None and (before is None or before.results is not results):
            self._show_results(walk, results, first=before is None or before.results is None)
        self._draw()

    def _show_results(self, walk: RecordedWalk, results: Results, *, first: bool) -> None:
        self._chosen = None
        self.playback.set_stops(walk.stride_starts())
        if unfit := [c.unfit for c in results.calibrations if c.unfit]:
            self.told.emit(words.ANGLES_UNKNOWN.format(why=unfit[0]))
        untouched = self.playback.position_s == 0.0 and not self.playback.playing
        if first and untouched and results.strides:
            first_s = min(s.start_s for s in results.strides)
            self.playback.show(first_s, first_s + self.playback.page_s)
        self.comparing.begin(walk)
        self.opened.emit(walk)

    # -- looking ---------------------------------------------------------------------------

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
        self.transport.show(stride.start_s, stride.end_s)
        text = words.STRIDE_OF_FINDING.format(
            title=detector_title(finding.detector),
            number=number + 1,
            count=len(strides),
            side=stride.side,
        )
        self.told.emit(text)

    def toggle_compare(self) -> None:
        """Compare with another walk; from the comparison, back to the walk."""
        if self._pages.currentWidget() is self.compare_page:
            self._pages.setCurrentIndex(1)
            self.setFocus()
        else:
            self.comparing.choose()

    def set_theme(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self.compare_page.set_theme(theme)

    def _draw(self) -> None:
        if self.walk is not None:
            self.view.draw(self.playback.position_s, self.playback.page)
            self.transport.show_clock()

    def _edited(self, before: tuple[SessionEvent, ...], after: tuple[SessionEvent, ...]) -> None:
        """Show edits at once; analyse again if a result depends on them."""
        if self.walk is None:
            return
        self._show(self.walk.with_edits(after))
        if effective(after) != effective(before):
            self.open(self.walk.path)

    # -- saving ----------------------------------------------------------------------------

    def save_csv(self, path: Path | None = None) -> None:
        """Save the visible angles; asks for a name if none is given."""
        walk, page = self.walk, self.playback.page
        if walk is None:
            return
        path = path or ask_name(words.EXPORT_CSV_TITLE, "angles.csv", "CSV (*.csv)")
        if path is not None:
            self._save(path, lambda: save_angles(path, walk.angles, *page))

    def save_png(self, path: Path | None = None) -> None:
        """Save a picture of the page; asks for a name if none is given."""
        if self.walk is None:
            return
        kinds = "Picture (*.png);;Drawing (*.svg)"
        path = path or ask_name(words.EXPORT_PICTURE_TITLE, "walk.png", kinds)
        if path is not None:
            self._save(path, lambda: save_picture(path, self, self.view.traces))

    def _save(self, path: Path, save: Callable[[], None]) -> None:
        try:
            save()
        except HipgaitError as error:
            self.told.emit(str(error))
        else:
            self.told.emit(words.SAVED.format(name=path))

    # -- building --------------------------------------------------------------------------

    def _build(self) -> None:
        keys, view, editing = self.keys, self.view, self.editing
        raw = keys.add("R", words.RAW, view.toggle_raw)
        compare = keys.add("V", words.COMPARE, self.toggle_compare)
        keys.add("C", "Another angle over the stride", view.next_cycle)
        keys.add("Y", "Fit the angle axes, or back", view.fit)
        csv = keys.add("E", "Save angles (CSV)", self.save_csv)
        picture = keys.add("S", "Save picture (PNG, SVG)", self.save_png)
        view.overview.sought.connect(self.transport.seek)
        view.findings.chosen.connect(self.show_finding)
        view.markers.chosen.connect(self.transport.seek)
        view.markers.named.connect(editing.name)
        view.markers.removed.connect(editing.remove)
        rows = TwoRows()
        self.transport.fill(rows.left)
        for action, short in (
            (raw, words.RAW_SHORT),
            (compare, "Compare"),
            (editing.mark_action, ""),
            (editing.exclude_action, "Leave out"),
            (csv, "Save CSV"),
            (picture, "Save picture"),
        ):
            rows.right.addWidget(keys.button(action, short))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view, 1)
        column.addWidget(rows)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._message)
        self._pages.addWidget(page)
        self._pages.addWidget(self.compare_page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages, 1)
        whole.addWidget(self._opening)
