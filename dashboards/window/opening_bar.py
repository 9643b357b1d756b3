"""How far the reading and the analysis of a walk are, and a way to stop them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from dashboards.view_models.walk_loader import WalkLoader
from dashboards.window import words
from dashboards.wording import duration


class OpeningBar(QWidget):
    """A line with a progress bar; hidden while nothing is opened."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = QLabel()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(words.OPENING_NAME)
        cancel = QPushButton(words.OPENING_CANCEL)
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(cancel)
        self.hide()

    def show_progress(self, loader: WalkLoader) -> None:
        walk = loader.walk
        if walk is None or not loader.raw_complete:
            read = duration(walk.duration_s) if walk is not None and walk.duration_s else ""
            self._text.setText(words.OPENING.format(name=loader.path.name, done=read))
            self._bar.setRange(0, 0)
        else:
            self._text.setText(words.ANALYSING.format(name=loader.path.name))
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * loader.share))
        self.show()

    @property
    def text(self) -> str:
        return self._text.text()
