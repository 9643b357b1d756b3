"""The wearer's screen: one number and one figure, to be read from across the room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dashboards.view_models.figure_pose import FigurePose
from dashboards.view_models.wearer_screen import WearerScreen
from dashboards.window import words
from dashboards.window.figure_view import FigureView
from dashboards.window.keys import Keys
from dashboards.window.theme import Theme

_NUMBER_SHARE, _TITLE_SHARE, _LINE_SHARE = 0.30, 0.06, 0.04
"""Height of the letters, as a share of the window's."""


class WearerWindow(QWidget):
    """A window of its own, for a second screen; `closed` tells when it is gone."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("wearer")
        self.setWindowTitle(words.WEARER_TITLE)
        self._theme = theme
        self._screen: WearerScreen | None = None
        self._title, self.number, self._unit, self._line = (QLabel() for _ in range(4))
        for label in (self._title, self.number, self._unit, self._line):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            # The letters follow the window, not the other way round.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._line.setWordWrap(True)
        self._figure = FigureView(theme, framed=False)
        texts = QVBoxLayout()
        texts.addStretch(2)
        for label in (self._title, self.number, self._unit):
            texts.addWidget(label)
        texts.addStretch(1)
        texts.addWidget(self._line)
        texts.addStretch(1)
        whole = QHBoxLayout(self)
        whole.addLayout(texts, 3)
        whole.addWidget(self._figure, 2)
        self.keys = Keys(self)
        for key, text, slot in (
            ("Esc", words.WEARER_CLOSE, self.close),
            ("F11", words.FULL_SCREEN, self._full_screen),
        ):
            # Nothing in here can have the focus: the keys are those of the window.
            action = self.keys.add(key, text, slot)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.resize(1100, 700)
        self.set_theme(theme)

    def open_where_it_fits(self, beside: QWidget) -> None:
        """Fill a second screen if there is one; else a window of its own."""
        others = [s for s in QGuiApplication.screens() if s is not beside.screen()]
        if others:
            self.setGeometry(others[0].availableGeometry())
            self.showFullScreen()
        else:
            self.show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setStyleSheet(theme.stylesheet())
        self._figure.set_theme(theme)
        screen, self._screen = self._screen, None
        if screen is not None:
            self.show_screen(screen)

    def show_screen(self, screen: WearerScreen) -> None:
        if screen == self._screen:
            return
        self._screen = screen
        self._title.setText(screen.title)
        color = self._theme.text if screen.mood is None else self._theme.mood(screen.mood)
        self.number.setText(f'<span style="color:{color}">{screen.number}</span>')
        self._unit.setText(screen.unit)
        self._unit.setVisible(bool(screen.unit))
        self._line.setText(screen.line)
        self._figure.set_views((screen.view.value,))
        self.setAccessibleName(screen.spoken)

    def show_pose(self, pose: FigurePose, why_unknown: str) -> None:
        self._figure.set_pose(pose, why_unknown)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit_letters()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            # A style sheet takes fonts back.
            self._fit_letters()

    def _fit_letters(self) -> None:
        height = min(self.height(), 0.62 * self.width())
        for label, share in (
            (self._title, _TITLE_SHARE),
            (self.number, _NUMBER_SHARE),
            (self._unit, _TITLE_SHARE),
            (self._line, _LINE_SHARE),
        ):
            font = QFont(self.font())
            font.setPixelSize(max(12, round(share * height)))
            if label is self.number:
                font.setWeight(QFont.Weight.DemiBold)
            label.setFont(font)
            label.setMinimumHeight(QFontMetrics(font).height())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.closed.emit()
        super().closeEvent(event)

    def _full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
