"""The window of a guided test: one picture, what to do in large letters, and how many count."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from dashboards.guided.coach import Part, Phase
from dashboards.guided.guided_tests import GUIDED_TESTS
from dashboards.guided.pictures import pose_of
from dashboards.view_models.figure_pose import FigurePose
from dashboards.window import words
from dashboards.window.figure_view import FigureView
from dashboards.window.theme import Theme, big_font

SCREENING = "screening"


class GuidedWindow(QWidget):
    """Shows what the coach says; `closed` tells when it is gone."""

    chosen = Signal(str, int)
    """A test (or `SCREENING`) and the pain before it: begin."""
    go = Signal()
    leave_out = Signal()
    hurts = Signal()
    stop = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("guided")
        self.setWindowTitle(words.GUIDED)
        self.test = QComboBox()
        for name, test in GUIDED_TESTS.items():
            self.test.addItem(test.title, name)
        self.test.addItem(words.GUIDED_SCREENING, SCREENING)
        self.test.setAccessibleName(words.GUIDED)
        self.pain = QSpinBox()
        self.pain.setRange(0, 10)
        self.pain.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pain.setAccessibleName(words.GUIDED_PAIN)
        self.start = QPushButton(words.GUIDED_START)
        self.title, self.said, self.count, self._earlier = (QLabel() for _ in range(4))
        self.title.setObjectName("heading")
        self._earlier.setObjectName("dim")
        for label in (self.title, self.said, self._earlier):
            label.setWordWrap(True)
        self.said.setText(words.GUIDED_CHOOSE)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._figure = FigureView(theme, framed=False)
        self._live_figure = FigureView(theme, framed=False)
        self.go_on = QPushButton(words.GUIDED_GO)
        self.skip = QPushButton(words.GUIDED_LEAVE_OUT)
        self.pained = QPushButton(words.GUIDED_HURTS)
        self.ended = QPushButton(words.GUIDED_STOP)
        self._build()
        self._join()
        self.show_phase(None, None, 0)
        self.resize(900, 640)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self.setStyleSheet(theme.stylesheet())
        for figure in (self._figure, self._live_figure):
            figure.set_theme(theme)

    def say(self, text: str) -> None:
        """What the wearer is told now; the line before stays readable."""
        self._earlier.setText(self.said.text())
        self.said.setText(text)
        self.said.setAccessibleName(text)

    def show_phase(self, phase: Phase | None, part: Part | None, counted: int) -> None:
        """Which test, how many repetitions, and which buttons mean something now."""
        running = phase is not None and phase not in (Phase.DONE, Phase.STOPPED)
        for widget in (self.test, self.pain, self.start):
            widget.setEnabled(not running)
        self.go_on.setEnabled(phase in (Phase.READY, Phase.DOING))
        self.go_on.setText(words.GUIDED_ENOUGH if phase is Phase.DOING else words.GUIDED_GO)
        self.skip.setEnabled(phase is Phase.READY)
        for button in (self.pained, self.ended):
            button.setEnabled(running)
        shown = part is not None and phase in (Phase.READY, Phase.COUNTDOWN, Phase.DOING)
        self.title.setText(part.title if part is not None and running else "")
        self.count.setText(
            words.GUIDED_COUNT.format(done=counted, goal=part.test.goal)
            if part is not None and phase is Phase.DOING
            else ""
        )
        if shown and part is not None:
            self._figure.set_pose(pose_of(part.test, part.side))
        else:
            self._figure.set_pose(FigurePose(), words.GUIDED_NO_PICTURE)

    def show_pose(self, pose: FigurePose, why_unknown: str) -> None:
        """The wearer now, beside the picture."""
        self._live_figure.set_pose(pose, why_unknown)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.closed.emit()
        super().closeEvent(event)

    def _build(self) -> None:
        choice = QHBoxLayout()
        choice.addWidget(self.test, 1)
        choice.addWidget(QLabel(words.GUIDED_PAIN))
        choice.addWidget(self.pain)
        choice.addWidget(self.start)
        self.said.setFont(big_font(self.said.font(), 1.7))
        self.title.setFont(big_font(self.title.font(), 1.3))
        self.count.setFont(big_font(self.count.font(), 3.0))
        pictures = QHBoxLayout()
        for heading, figure in (
            (words.GUIDED_PICTURE, self._figure),
            (words.GUIDED_YOU, self._live_figure),
        ):
            column = QVBoxLayout()
            label = QLabel(heading)
            label.setObjectName("dim")
            column.addWidget(label)
            column.addWidget(figure, 1)
            pictures.addLayout(column, 1)
        buttons = QHBoxLayout()
        for button in (self.go_on, self.skip):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.pained, self.ended):
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.addLayout(choice)
        whole.addWidget(self.title)
        whole.addWidget(self._earlier)
        whole.addWidget(self.said, 1)
        whole.addWidget(self.count)
        whole.addLayout(pictures, 4)
        whole.addLayout(buttons)

    def _join(self) -> None:
        self.start.clicked.connect(
            lambda: self.chosen.emit(self.test.currentData(), self.pain.value())
        )
        self.go_on.clicked.connect(self.go)
        self.skip.clicked.connect(self.leave_out)
        self.ended.clicked.connect(self.stop)
        self.pained.clicked.connect(self.hurts)
