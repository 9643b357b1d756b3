"""The window: five places, always in sight and numbered, and what holds for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QStandardPaths, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dashboards.people import walk_cache
from dashboards.recorded.cache import WalkCache
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.window import words
from dashboards.window.keys import Keys, key_name
from dashboards.window.keys_dialog import keys_dialog
from dashboards.window.live_place import LivePlace
from dashboards.window.replay_place import ReplayPlace
from dashboards.window.report_place import ReportPlace
from dashboards.window.setup_place import SetupPlace
from dashboards.window.theme import DARK, LIGHT, Theme, system_theme
from dashboards.window.top_bar import TopBar
from dashboards.window.trends_place import TrendsPlace
from recordings.errors import HipgaitError

if TYPE_CHECKING:
    from dashboards.history.adding import Analysed
    from dashboards.view_models.live_view import LiveView

SETUP, LIVE, REPLAY, REPORT, TRENDS = range(5)
_TOLD_MS = 8000
_IN_SIGHT_MS = 200
"""After so long a window that opens is painted, and can get ready what comes next."""
_PRACTISED = "biofeedback/practised_s"


class MainWindow(QMainWindow):
    """Setup, Live, Replay, Report and Trends.

    Parameters
    ----------
    theme : Theme, optional
        That of the system if not given, also when it changes later.
    settings : QSettings, optional
        Where size and place of the window are remembered.
    recordings : Path, optional
        Folder below which walks are recorded; ``hipgait`` in the documents if not given.
    setup : SetupPlace, optional
        With a radio of its own, for tests.
    cache : Path, optional
        Folder for analysed walks; in the user's cache folder if not given.
    """

    def __init__(
        self,
        theme: Theme | None = None,
        settings: QSettings | None = None,
        recordings: Path | None = None,
        setup: SetupPlace | None = None,
        cache: Path | None = None,
    ) -> None:
        super().__init__()
        self._follows_system = theme is None
        self.theme = theme or system_theme()
        self._settings = settings or QSettings(words.APP, words.APP)
        self.setWindowTitle(words.APP)
        self.setAcceptDrops(True)
        self.keys = Keys(self)
        self.replay = ReplayPlace(self.theme, WalkCache(cache or walk_cache()))
        self.live = LivePlace(self.theme, recordings or _documents())
        self.setup = setup or SetupPlace(self.theme)
        self.report = ReportPlace(
            recordings or _documents(), self._recorded_results, self._live_results
        )
        self.trends = TrendsPlace(self.theme, recordings or _documents(), lambda: self.replay.walk)
        self._places: list[QWidget] = [
            self.setup,
            self.live,
            self.replay,
            self.report,
            self.trends,
        ]
        self._build()
        self.replay.opened.connect(self._walk_opened)
        self.replay.told.connect(self.tell)
        self.report.told.connect(self.tell)
        self.trends.told.connect(self.tell)
        self.trends.changed.connect(self._show_badge)
        self.live.told.connect(self.tell)
        self.setup.free_radio = self._free_radio
        self.live.looked.connect(self._look_for_setup)
        self.live.report_wanted.connect(lambda: self.go(REPORT))
        self.setup.told.connect(self.tell)
        self.setup.walk_started.connect(self.live.attach)
        self.setup.walk_wanted.connect(lambda: self.go(LIVE))
        self.setup.demo_wanted.connect(self.start_demo)
        self.setup.questions_wanted.connect(self.ask_questions)
        self.report.questions_wanted.connect(self.ask_questions)
        self.live.demo_changed.connect(self._show_badge)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_theme_changed)
        self.set_theme(self.theme)
        self._restore()

    # -- places ------------------------------------------------------------------------------

    @property
    def place(self) -> int:
        return self._stack.currentIndex()

    def go(self, place: int) -> None:
        """Show one of the five places."""
        self._buttons[place].setChecked(True)
        self._stack.setCurrentIndex(place)
        if place == REPORT:
            self.report.refresh()
        if place == TRENDS:
            self.trends.refresh()
        self._places[place].setFocus()
        self._show_badge()

    def open(self, path: Path) -> None:
        """Show a recorded walk in Replay."""
        self.go(REPLAY)
        self.replay.open(path)

    def ask_questions(self) -> None:
        """Let the wearer answer what sensors cannot see, red flags first."""
        from dashboards.people import profile_file
        from dashboards.window.profile_dialog import ProfileDialog

        try:
            dialog = ProfileDialog(profile_file(), self)
        except HipgaitError as error:
            self.tell(str(error))
            return
        if dialog.exec():
            self.tell(words.ANSWERS_KEPT)

    def start_demo(self) -> None:
        """Let the virtual wearer walk, through the same path as real sensors."""
        self.go(LIVE)
        if self.live.demo is not None and not self.live.demo.arrived:
            return
        if self.live.recording and not self._may_stop_recording():
            return
        self.live.start_demo()

    def tell(self, text: str) -> None:
        """A sentence at the foot of the window, for a while."""
        self._told.setText(text)
        self._told.setToolTip(text)
        self._forget.start(_TOLD_MS)

    def _walk_opened(self, walk: RecordedWalk) -> None:
        self.setWindowTitle(f"{walk.name} – {words.APP}")
        self._show_badge()

    def _look_for_setup(self, view: LiveView) -> None:
        if self.live.demo is None:
            self.setup.take_look(view)

    def _recorded_results(self) -> Analysed | None:
        walk = self.replay.walk
        if walk is None or walk.results is None:
            return None
        from dashboards.history.adding import Analysed

        return Analysed(walk.results, walk.metadata, (*walk.events, *walk.edits), walk.path)

    def _live_results(self) -> Analysed | None:
        walk, results = self.live.walk, self.live.view.results
        if walk is None or results is None or not results.strides:
            return None
        from dashboards.history.adding import Analysed

        return Analysed(results, walk.metadata)

    def _show_badge(self) -> None:
        walk = self.replay.walk
        simulated = self.place in (REPLAY, REPORT) and walk is not None and walk.simulated
        simulated = simulated or (self.place == TRENDS and self.trends.simulated)
        demo = self.live.demo is not None
        self._badge.setText(words.DEMO_BADGE if demo else words.SIMULATED_BADGE)
        self._badge.setVisible(simulated or demo)

    # -- theme ---------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setStyleSheet(theme.stylesheet())
        self.setup.set_theme(theme)
        self.live.set_theme(theme)
        self.replay.set_theme(theme)
        self.trends.set_theme(theme)

    def switch_theme(self) -> None:
        """Light instead of dark, or the other way round, until the window is closed."""
        self._follows_system = False
        self.set_theme(LIGHT if self.theme.dark else DARK)

    def _system_theme_changed(self) -> None:
        if self._follows_system:
            self.set_theme(system_theme())

    # -- keys ----------------------------------------------------------------------------------

    def key_list(self) -> list[tuple[str, str]]:
        """All keys that work now, with what they do."""
        of_places = {
            SETUP: self.setup.keys,
            LIVE: self.live.keys,
            REPLAY: self.replay.keys,
            REPORT: self.report.keys,
            TRENDS: self.trends.keys,
        }
        keys = [self.keys, of_places[self.place]]
        return [(key_name(a), a.text()) for k in keys for a in k.actions if a.isEnabled()]

    def show_keys(self) -> QDialog:
        """The list of all keys."""
        dialog = keys_dialog(self, self.key_list())
        dialog.open()
        return dialog

    # -- the window's own events -----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.open(paths[0])

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        QTimer.singleShot(_IN_SIGHT_MS, self, self._get_ready)

    def _get_ready(self) -> None:
        """Make what the next step needs; who opens a walk does not wait for the plots of Live."""
        if self.place in (SETUP, LIVE):
            self.live.get_ready()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        if self.live.recording and not self._may_stop_recording():
            event.ignore()
            return
        self.replay.close_walk()
        self.setup.close_session()
        self.live.detach()
        self.trends.close_work()
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("place", self.place)
        self._settings.setValue(_PRACTISED, self.live.biofeedback.feedback.practised_s)
        event.accept()

    def _free_radio(self) -> bool:
        """End a walk so that its sensors can be found anew; a recording asks first."""
        if self.live.recording and not self._may_stop_recording():
            return False
        if self.live.walk is not None:
            self.live.detach()
            self._show_badge()
        return True

    def _may_stop_recording(self) -> bool:
        answer = QMessageBox.question(self, words.STOP_TITLE, words.STOP_ASK)
        return answer is QMessageBox.StandardButton.Yes

    def _restore(self) -> None:
        geometry = self._settings.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1440, 860)
        # Who comes for the first time has sensors to put on.
        place = self._settings.value("place", SETUP, type=int)
        assert isinstance(place, int)
        self.go(place if place in range(len(self._places)) else SETUP)
        practised_s = self._settings.value(_PRACTISED, 0.0, type=float)
        assert isinstance(practised_s, float)
        self.live.biofeedback.feedback.practised_s = practised_s

    def _build(self) -> None:
        top = TopBar(self.keys, self.go)
        self._buttons, self._badge = top.places, top.badge
        top.add("Ctrl+O", "Open a recorded walk", self._choose, "Open")
        top.add("Ctrl+D", "Watch the demo", self.start_demo, "Demo")
        top.add("Ctrl+T", "Light or dark", self.switch_theme)
        top.add("?", "All keys", self.show_keys, "Keys")
        top.add("F11", words.FULL_SCREEN, self._full_screen)
        top.add("Ctrl+Q", "Quit", self.close)
        self._stack = QStackedWidget()
        for place in self._places:
            place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._stack.addWidget(place)
        self._told = QLabel()
        self._told.setObjectName("dim")
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(self._told.clear)
        root = QWidget()
        column = QVBoxLayout(root)
        column.setContentsMargins(12, 4, 12, 6)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(self._told)
        self.setCentralWidget(root)

    def _choose(self) -> None:
        self.go(REPLAY)
        self.replay.choose()

    def _full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()


def _documents() -> Path:
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(documents) or Path.home()) / words.APP
