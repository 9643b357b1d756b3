"""5 Trends: the walks of a person, what changed, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dashboards.window import words
from dashboards.window.background import Background
from dashboards.window.keys import Keys
from dashboards.window.message import Message
from dashboards.window.save import free_name
from dashboards.window.theme import Theme
from recordings.errors import HipgaitError

if TYPE_CHECKING:
    from dashboards.history.adding import Said
    from dashboards.history.exporting import Exported
    from dashboards.history.rebuilding import Rebuilt
    from dashboards.history.saved_walk import SavedWalk
    from dashboards.view_models.recorded_walk import RecordedWalk
    from dashboards.view_models.trends_board import TrendsBoard
    from dashboards.window.keep_dialog import KeepDialog
    from dashboards.window.trends_page import TrendsPage


class TrendsPlace(QWidget):
    """List of walks on the left, pictures of the chosen measures on the right.

    Parameters
    ----------
    theme : Theme
    folder : Path
        Where recordings lie, for making a damaged history again.
    open_walk : callable
        The recorded walk that is open, or None.
    board : TrendsBoard, optional
    """

    told = Signal(str)
    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        folder: Path,
        open_walk: Callable[[], RecordedWalk | None],
        board: TrendsBoard | None = None,
    ) -> None:
        super().__init__()
        self._folder, self._open_walk = folder, open_walk
        self._theme = theme
        self._board = board
        self._page: TrendsPage | None = None
        self.background = Background(self)
        self.keys = Keys(self)
        self._keep = self.keys.add("A", words.TRENDS_KEEP, self.keep)
        self._note = self.keys.add("N", words.TRENDS_NOTE, self.note)
        self._measures = self.keys.add("V", words.TRENDS_MEASURES, self._show_measures)
        self._export = self.keys.add("E", words.TRENDS_EXPORT, self.export)
        self._forget = self.keys.add("Del", words.TRENDS_FORGET, self.forget)
        self._forget_all = self.keys.add("Ctrl+Del", words.TRENDS_FORGET_ALL, self.forget_all)
        self._rebuild = self.keys.add("R", words.TRENDS_REBUILD, self.rebuild)
        self._build()

    # -- what is made when the place is shown for the first time ------------------------------

    @property
    def board(self) -> TrendsBoard:
        if self._board is None:
            from dashboards.view_models.trends_board import TrendsBoard

            self._board = TrendsBoard()
        return self._board

    @property
    def page(self) -> TrendsPage:
        if self._page is None:
            from dashboards.window.trends_page import TrendsPage

            self._page = TrendsPage(self._theme)
            self._page.person_chosen.connect(self._choose_person)
            self._pages.addWidget(self._page)
        return self._page

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the history anew and show it."""
        self.board.refresh()
        self._show()

    @property
    def simulated(self) -> bool:
        """Whether what is shown was walked by nobody."""
        return self._board is not None and any(w.simulated for w in self._board.walks)

    def text(self) -> str:
        """The message that stands where there is nothing to draw; else what changed."""
        return self._message.text() if self._pages.currentIndex() == 0 else self.page.summary.text()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._page is not None:
            self._page.set_theme(theme)

    def close_work(self) -> None:
        """Wait for what still writes."""
        self.background.wait()

    def _show(self) -> None:
        board = self.board
        busy, some = self.background.busy, bool(board.walks)
        self._keep.setEnabled(not busy and self._open_walk() is not None)
        for action in (self._note, self._measures, self._export, self._forget):
            action.setEnabled(not busy and some)
        self._forget_all.setEnabled(not busy and (some or bool(board.problem)))
        self._rebuild.setEnabled(not busy and (some or board.damaged))
        self._message.say(board.problem or words.TRENDS_NONE)
        self._pages.setCurrentWidget(self.page if some else self._message)
        self.changed.emit()
        if some:
            self.page.show_board(board)

    def _chosen(self) -> SavedWalk | None:
        return self.board.find(self.page.chosen)

    # -- what a person does ------------------------------------------------------------------

    def keep(self) -> None:
        """Keep the open walk; asks who, when, pain and a note."""
        walk = self._open_walk()
        if walk is None:
            return
        from dashboards.history.looking_back import known_of
        from dashboards.window.keep_dialog import KeepDialog

        metadata = walk.metadata
        known = known_of(metadata, walk.path).about
        walked = known.walked or metadata.start_time
        dialog = KeepDialog(
            self,
            words.TRENDS_KEEP,
            self.board.people,
            known.person,
            walked,
            known.note,
            known.pain,
        )
        dialog.accepted.connect(lambda: self.keep_said(walk.path, dialog.said()))
        self._open(dialog)

    def keep_said(self, path: Path, said: Said) -> None:
        """Keep a recording with what was said of it."""
        self._work(lambda: self.board.add(path, said), self._was_kept)

    def note(self) -> None:
        """Ask for note and pain of the chosen walk."""
        walk = self._chosen()
        if walk is None:
            return
        from dashboards.window.keep_dialog import KeepDialog

        dialog = KeepDialog(
            self, words.TRENDS_NOTE, None, walk.person, walk.walked, walk.note, walk.pain
        )

        def keep() -> None:
            said = dialog.said()
            self._do(lambda: self.board.annotate(walk, said.note or "", said.pain))
            self.told.emit(words.TRENDS_NOTED)

        dialog.accepted.connect(keep)
        self._open(dialog)

    def forget(self) -> None:
        """Forget the chosen walk, after asking."""
        walk = self._chosen()
        if walk is None:
            return
        ask = words.TRENDS_FORGET_ASK.format(day=walk.day)
        answer = QMessageBox.question(self, words.TRENDS_FORGET, ask)
        if answer is QMessageBox.StandardButton.Yes:
            self._do(lambda: self.board.forget(walk))
            self.told.emit(words.TRENDS_FORGOTTEN.format(path=walk.path))

    def forget_all(self) -> None:
        """Delete everything, after the words were typed."""
        typed, given = QInputDialog.getText(
            self, words.TRENDS_FORGET_ALL, words.TRENDS_FORGET_ALL_ASK
        )
        if not given or " ".join(typed.split()).lower() != words.TRENDS_ALL_WORDS:
            self.told.emit(words.TRENDS_NOTHING_GONE)
            return
        files = 0

        def delete() -> None:
            nonlocal files
            files = len(self.board.forget_everything().gone)

        if self._do(delete):
            self.told.emit(words.TRENDS_ALL_GONE.format(files=files))

    def export(self) -> None:
        """A copy to give away, in a new folder of a folder that is asked for."""
        folder = QFileDialog.getExistingDirectory(self, words.TRENDS_EXPORT_TITLE)
        if folder:
            target = free_name(Path(folder) / "hipgait_copy")
            self._work(lambda: (target, self.board.export(target)), self._was_copied)

    def rebuild(self) -> None:
        """Make the history again from the recordings."""
        self._work(lambda: self.board.rebuild([self._folder]), self._was_rebuilt)

    def _was_kept(self, walk: SavedWalk) -> None:
        self.told.emit(words.TRENDS_KEPT.format(name=walk.name[:60], person=walk.person[:60]))

    def _was_copied(self, copied: tuple[Path, Exported]) -> None:
        folder, exported = copied
        self.told.emit(words.TRENDS_COPIED.format(walks=exported.walks, folder=folder))

    def _was_rebuilt(self, rebuilt: Rebuilt) -> None:
        counts = {"walks": len(rebuilt.walks), "kept": len(rebuilt.kept)}
        self.told.emit(words.TRENDS_REBUILT.format(**counts))

    def _do(self, action: Callable[[], object]) -> bool:
        """Do something quick; an error is a sentence below."""
        try:
            action()
        except HipgaitError as error:
            self.told.emit(str(error))
            return False
        finally:
            self._show()
        return True

    def _work(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        """Do something slow on its own thread."""

        def ended(result: object) -> None:
            self.refresh()
            done(result)

        def failed(error: HipgaitError) -> None:
            self.refresh()
            self.told.emit(str(error))

        if self.background.run(work, ended, failed):
            self.told.emit(words.TRENDS_WORKING)
            self._show()
        else:
            self.told.emit(words.TRENDS_BUSY)

    def _choose_person(self, person: str) -> None:
        self.board.choose_person(person)
        self._show()

    def _show_measures(self) -> QMenu:
        """A menu to choose what is drawn; it stays open while ticking."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, label in self.board.measures:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(name in self.board.chosen)
            action.toggled.connect(lambda shown, name=name: self._choose_measure(name, shown))
        menu.popup(self.mapToGlobal(self.rect().center()))
        return menu

    def _choose_measure(self, name: str, shown: bool) -> None:
        self.board.choose_measure(name, shown)
        self.page.show_plots(self.board)

    def _open(self, dialog: KeepDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- the page ----------------------------------------------------------------------------

    def _build(self) -> None:
        self._message = Message(words.TRENDS_NONE)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._message)
        buttons = QHBoxLayout()
        actions = (self._keep, self._note, self._measures, self._export)
        for action, short in zip(actions, words.TRENDS_SHORT, strict=True):
            buttons.addWidget(self.keys.button(action, short))
        buttons.addStretch()
        actions = (self._rebuild, self._forget, self._forget_all)
        for action, short in zip(actions, words.TRENDS_SHORT_RIGHT, strict=True):
            buttons.addWidget(self.keys.button(action, short))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages, 1)
        layout.addLayout(buttons)
