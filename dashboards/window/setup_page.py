"""The page of the setup: steps, body map or figure, what to do, and the sensors found."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dashboards.view_models.setup_view import SetupView
from dashboards.view_models.wizard import PRESETS, Step
from dashboards.window import words
from dashboards.window.body_map import BodyMap
from dashboards.window.figure_view import FigureView
from dashboards.window.keys import Keys
from dashboards.window.sensor_row import SensorRow
from dashboards.window.signal_lanes import SignalLanes
from dashboards.window.theme import Theme
from recordings.placement import Placement


class SetupPage(QWidget):
    """Shows a `SetupView`; what is chosen on it is told by its signals.

    Parameters
    ----------
    theme : Theme
    keys : Keys
    actions : mapping of str to QAction
        ``find``, ``begin``, ``swap``, ``redo``, ``back`` and ``next``.
    """

    demo_wanted = Signal()
    placed = Signal(str, object)
    """Address of a sensor and its `Placement`, or None."""
    preset_chosen = Signal(object)

    def __init__(self, theme: Theme, keys: Keys, actions: dict[str, QAction]) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, SensorRow] = {}
        self._view: SetupView | None = None
        self.map, self.figure = BodyMap(theme), FigureView(theme)
        self.lanes = SignalLanes(theme)
        self.heading, self.body, self.why = QLabel(), QLabel(), QLabel()
        self.preset = QComboBox()
        self._still = QProgressBar()
        self._lanes_heading = QLabel(words.SETUP_LANES_HEADING)
        self._buttons = {name: keys.button(action) for name, action in actions.items()}
        self._next = actions["next"]
        self._begin = actions["begin"]
        self._build()

    @property
    def next_button(self) -> QPushButton:
        return self._buttons["next"]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.map.set_theme(theme)
        self.lanes.set_theme(theme)
        self.figure.set_theme(theme)
        if self._view is not None:
            self.show_view(self._view)

    def show_view(self, view: SetupView) -> None:
        self._view = view
        step = view.step
        for number, label in enumerate(self._steps):
            done, here = number < step, number == step
            color = self._theme.good if done else self._theme.accent if here else self._theme.dim
            sign = "✓" if done else str(number + 1)
            weight = 600 if here else 400
            label.setText(
                f'<span style="color:{color};font-weight:{weight}">{sign} '
                f"{words.SETUP_STEPS[number]}</span>"
            )
        self.heading.setText(f"<b>{words.SETUP_HEADINGS[step]}</b>")
        self.body.setText(view.text)
        self.body.setAccessibleName(view.text)
        self.map.show_places(view.preset, view.names, view.asked)
        # Before the first steps there is no figure to show.
        self.map.setVisible(step < Step.WALK)
        self.figure.setVisible(step >= Step.WALK)
        self.preset.setVisible(step is Step.PLACE)
        self._still.setVisible(step is Step.STAND)
        self._still.setValue(round(100 * view.still_share))
        self._buttons["find"].setVisible(step is Step.FIND)
        self._buttons["begin"].setVisible(step is Step.STAND)
        self._begin.setEnabled(view.may_begin)
        for name in ("swap", "redo"):
            self._buttons[name].setVisible(step is Step.WALK)
        for part in (self._lanes_heading, self.lanes):
            part.setVisible(step is Step.CHECK)
        self._next.setText(words.SETUP_READY if step is Step.WALK else words.SETUP_NEXT)
        self.next_button.setEnabled(view.may_go_on)
        self.why.setText(view.blocked)
        self._show_rows(view)

    def _show_rows(self, view: SetupView) -> None:
        for address in [a for a in self._rows if a not in view.rows]:
            self._rows.pop(address).deleteLater()
        for address, row in view.rows.items():
            shown = self._rows.get(address)
            if shown is None:
                shown = self._rows[address] = SensorRow(self._teller(address))
                self._list.insertWidget(self._list.indexOf(self._lanes_heading), shown)
            shown.setVisible(view.step <= Step.CHECK)
            state = row.text
            if row.mood is not None:
                color = self._theme.mood(row.mood)
                state = f'<span style="color:{color}">{row.sign}</span> {row.text}'
            shown.show_sensor(row.name, state, row.placement, view.step is Step.PLACE)

    def _teller(self, address: str) -> Callable[[Placement | None], None]:
        return lambda place: self.placed.emit(address, place)

    def _build(self) -> None:
        self._steps = [QLabel() for _ in Step]
        head = QHBoxLayout()
        for label in self._steps:
            head.addWidget(label)
            head.addSpacing(18)
        head.addStretch()
        self.heading.setStyleSheet("font-size: 20px;")
        self.body.setStyleSheet("font-size: 15px;")
        self.why.setObjectName("dim")
        for label in (self.heading, self.body, self.why):
            label.setWordWrap(True)
        self.preset.setAccessibleName(words.SETUP_PRESET)
        for name, placements in PRESETS.items():
            self.preset.addItem(name, placements)
        self.preset.setCurrentIndex(1)
        self.preset.currentIndexChanged.connect(
            lambda i: self.preset_chosen.emit(self.preset.itemData(i))
        )
        self._still.setAccessibleName(words.SETUP_STILL)
        self._still.setFormat(f"{words.SETUP_STILL} %p %")
        inside = QWidget()
        inside.setObjectName("inside")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(20, 18, 20, 18)
        self._list.setSpacing(10)
        buttons = self._buttons
        for name in ("find", "begin", "next"):
            buttons[name].setObjectName("main")
        for part in (self.heading, self.body, self._still):
            self._list.addWidget(part)
        for part in (buttons["find"], self.preset, buttons["begin"], buttons["swap"],
                     buttons["redo"]):  # fmt: skip
            self._list.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        self._lanes_heading.setWordWrap(True)
        self._list.addWidget(self._lanes_heading)
        self._list.addWidget(self.lanes)
        self._list.addStretch()
        side = QScrollArea()
        side.setObjectName("card")
        side.setWidget(inside)
        side.setWidgetResizable(True)
        side.setFrameShape(QFrame.Shape.NoFrame)
        side.setMinimumWidth(330)
        middle = QHBoxLayout()
        for part in (self.map, self.figure, side):
            middle.addWidget(part, 5)
        foot = QHBoxLayout()
        foot.addWidget(buttons["back"])
        foot.addWidget(self.why, 1)
        demo = QPushButton(words.SETUP_DEMO)
        demo.clicked.connect(self.demo_wanted)
        foot.addWidget(buttons["questions"])
        foot.addWidget(demo)
        foot.addWidget(buttons["next"])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.addLayout(head)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)
