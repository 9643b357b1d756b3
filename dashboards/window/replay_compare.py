"""Opening a second walk and showing it beside the first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from dashboards.recorded.cache import WalkCache
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.view_models.walk_loader import WalkLoader
from dashboards.window import words
from dashboards.window.compare_page import ComparePage
from dashboards.window.opening_bar import OpeningBar
from dashboards.window.save import choose_walk

_LOOK_MS = 100


class Comparing(QObject):
    """Asks for the second walk, opens it in the background, fills the page.

    Parameters
    ----------
    page : ComparePage
    bar : OpeningBar
        Shows how far the second walk is.
    cache : WalkCache
    parent : QObject
    """

    ready = Signal()
    """The page shows both walks."""
    told = Signal(str)

    def __init__(
        self, page: ComparePage, bar: OpeningBar, cache: WalkCache, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page, self._bar, self._cache = page, bar, cache
        self._first: RecordedWalk | None = None
        self._second: RecordedWalk | None = None
        self._loader: WalkLoader | None = None
        self._looks = QTimer(self)
        self._looks.timeout.connect(self._look)
        page.another.connect(self.choose)
        bar.cancelled.connect(self.cancel)

    def begin(self, first: RecordedWalk | None) -> None:
        """The first walk: that which is open, with the results that it has now."""
        self._first = first if first is not None and first.results is not None else None
        if self._first is not None and self._second is not None:
            self._page.show_walks(self._first, self._second)

    def choose(self) -> None:
        """Ask for the second walk."""
        if self._first is None:
            self.told.emit(words.COMPARE_FAILED.format(why=words.OPEN_PROMPT.partition("\n")[0]))
            return
        path = choose_walk(words.COMPARE_CHOOSE)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Open the second walk."""
        self.cancel()
        self._loader = WalkLoader(path, self._cache).start()
        self._bar.show_progress(self._loader)
        self._looks.start(_LOOK_MS)

    def cancel(self, wait_s: float = 0.0) -> None:
        """Stop opening it."""
        self._looks.stop()
        if self._loader is not None and not self._loader.done.is_set():
            self._loader.cancel(wait_s)
            self._bar.hide()
        self._loader = None

    def _look(self) -> None:
        loader = self._loader
        if loader is None:
            return
        if not loader.done.is_set():
            self._bar.show_progress(loader)
            return
        self.cancel()
        self._bar.hide()
        if not loader.complete:
            self.told.emit(words.COMPARE_FAILED.format(why=loader.problem))
            return
        self._second = loader.walk
        self.begin(self._first)
        if self._first is not None:
            self.ready.emit()
