"""4 Report: makes the page of a walk that is open, and shows it in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dashboards.window import words
from dashboards.window.keys import Keys
from dashboards.window.message import Message
from dashboards.window.save import free_name
from recordings.errors import HipgaitError, OutputError

if TYPE_CHECKING:
    from dashboards.history.adding import Analysed

    Source = Callable[[], Analysed | None]


class ReportPlace(QWidget):
    """The recorded walk that is open, the live walk so far, and the questions of the wearer.

    Parameters
    ----------
    folder : Path
        Where reports are written; made when it is needed.
    recorded, live : callable
        Return the analysed walk, or None if there is nothing to report on.
    """

    told = Signal(str)
    questions_wanted = Signal()

    def __init__(self, folder: Path, recorded: Source, live: Source) -> None:
        super().__init__()
        self._folder, self._recorded, self._live = folder, recorded, live
        self.show_page: Callable[[Path], object] = _in_browser
        self.keys = Keys(self)
        self._message = Message()
        self._of_recorded = self.keys.add("R", words.REPORT_RECORDED, self._report_recorded)
        self._of_live = self.keys.add("L", words.REPORT_LIVE, self._report_live)
        questions = self.keys.add("Q", words.QUESTIONS_OPEN, self.questions_wanted.emit)
        row = QHBoxLayout()
        row.addStretch()
        for action in (self._of_recorded, self._of_live, questions):
            row.addWidget(self.keys.button(action))
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(self._message)
        layout.addLayout(row)
        layout.addStretch()
        self.refresh()

    def refresh(self) -> None:
        """Look what there is to report on."""
        recorded, live = self._recorded(), self._live()
        self._of_recorded.setEnabled(recorded is not None)
        self._of_live.setEnabled(live is not None)
        if recorded is None and live is None:
            self._message.say(words.REPORT_NONE)
        else:
            names = [words.REPORT_OF.format(name=recorded.results.session)] if recorded else []
            self._message.say("\n".join([words.REPORT_READY, *names]))

    def text(self) -> str:
        return self._message.text()

    def make(self, walk: Analysed) -> Path:
        """Write the page of a walk.

        Raises
        ------
        HipgaitError
            If the answers of the wearer cannot be read, or the page cannot be written.
        """
        # Only now what takes long to import.
        from dashboards.history.looking_back import known_of, look_back
        from dashboards.people import answers_of
        from dashboards.report.content import gather
        from dashboards.report.over_time import over_time
        from dashboards.report.page import html_page
        from dashboards.report.private_file import write_privately
        from pipeline.patterns.assessment import assess

        results, metadata = walk.results, walk.metadata
        known = known_of(metadata, walk.path)
        profile = answers_of(metadata, known.about.person)
        past = look_back(walk, known, profile)
        board = assess(results, profile, past.history)
        page = html_page(gather(results, board, metadata, over_time(past.walks)))
        path = free_name(self._folder / f"{Path(results.session).stem}_report.html")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_privately(path, page.encode(errors="replace"))
        except OSError as error:
            raise OutputError(
                f"The report cannot be written to {path}: {error.strerror or error}.",
                hint="Check that you may write there and that the disk has room.",
                reason="output_not_writable",
            ) from error
        return path

    def _report_recorded(self) -> None:
        self._report(self._recorded())

    def _report_live(self) -> None:
        self._report(self._live())

    def _report(self, source: Analysed | None) -> None:
        if source is None:
            self.refresh()
            return
        try:
            path = self.make(source)
        except HipgaitError as error:
            self.told.emit(str(error))
            return
        self.told.emit(words.SAVED.format(name=path))
        self.show_page(path)


def _in_browser(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.resolve())))
