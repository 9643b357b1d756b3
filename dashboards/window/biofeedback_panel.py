"""What the wearer can choose about biofeedback, and how it goes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QSlider,
    QVBoxLayout,
)

from dashboards.biofeedback import wording
from dashboards.biofeedback.biofeedback import BiofeedbackSettings, Mode
from dashboards.biofeedback.fading import Fading
from dashboards.window import words
from recordings.placement import Side

_LEGS: tuple[tuple[str, frozenset[Side]], ...] = (
    (words.BOTH_LEGS, frozenset(Side)),
    (words.LEFT, frozenset({Side.LEFT})),
    (words.RIGHT, frozenset({Side.RIGHT})),
)
_PACES = (0.9, 0.95, 1.0, 1.05, 1.1)
_FADINGS_MIN = (0, 10, 30, 120)


class BiofeedbackPanel(QFrame):
    """A card of controls; `changed` carries new `BiofeedbackSettings`."""

    changed = Signal(object)
    volume_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.settings = BiofeedbackSettings()
        self._quiet = False
        self.mode, self._legs, self._pace, self._fading = (_narrow_box() for _ in range(4))
        for mode in Mode:
            self.mode.addItem(wording.MODES[mode], mode)
        for name, sides in _LEGS:
            self._legs.addItem(name, sides)
        for pace in _PACES:
            self._pace.addItem(words.PACE.format(percent=100 * pace), pace)
        self._pace.setCurrentIndex(_PACES.index(1.0))
        for minutes in _FADINGS_MIN:
            name = words.FADING.format(minutes=minutes) if minutes else words.FADING_NEVER
            self._fading.addItem(name, Fading(60.0 * minutes))
        self._goal = QDoubleSpinBox()
        self._goal.setDecimals(1)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setMinimumWidth(60)
        self.volume.setRange(0, 100)
        self.volume.setValue(60)
        self._explained, self._status, self._careful = QLabel(), QLabel(), QLabel(wording.CAREFUL)
        for label in (self._explained, self._status, self._careful):
            label.setWordWrap(True)
        self._status.setObjectName("dim")
        self._careful.setObjectName("dim")
        heading = QLabel(wording.NAME)
        heading.setObjectName("heading")
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(4)
        for name, field in (
            (words.BIOFEEDBACK_LEG, self._legs),
            (words.BIOFEEDBACK_GOAL, self._goal),
            (words.BIOFEEDBACK_PACE, self._pace),
            (words.BIOFEEDBACK_FADING, self._fading),
            (words.BIOFEEDBACK_VOLUME, self.volume),
        ):
            field.setAccessibleName(f"{wording.NAME}: {name}")
            self._form.addRow(name, field)
        self.mode.setAccessibleName(wording.NAME)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.mode)
        layout.addWidget(self._explained)
        layout.addLayout(self._form)
        layout.addWidget(self._status)
        layout.addWidget(self._careful)
        for box in (self.mode, self._legs, self._pace, self._fading):
            box.currentIndexChanged.connect(self._chosen)
        self._goal.valueChanged.connect(self._chosen)
        self.volume.valueChanged.connect(lambda value: self.volume_changed.emit(0.01 * value))
        self._show()

    def set_mode(self, mode: Mode) -> None:
        """Choose a mode, as if by hand."""
        self.mode.setCurrentIndex(list(Mode).index(mode))

    def show_status(self, text: str) -> None:
        if text != self._status.text():
            self._status.setText(text)
            self._status.setVisible(bool(text))

    def _chosen(self) -> None:
        if self._quiet:
            return
        mode = Mode(self.mode.currentData())  # Qt hands back a plain string.
        same = mode is self.settings.mode
        self.settings = replace(
            self.settings,
            mode=mode,
            sides=self._legs.currentData(),
            # Another target begins with its own goal.
            goal=self._goal.value() if same and mode.target is not None else None,
            pace=self._pace.currentData(),
            fading=self._fading.currentData(),
        )
        self._show()
        self.changed.emit(self.settings)

    def _show(self) -> None:
        self._quiet = True
        mode = self.settings.mode
        target = mode.target
        if target is not None:
            self._goal.setRange(target.lowest, target.highest)
            self._goal.setSingleStep(target.step)
            self._goal.setSuffix(f" {target.feature.unit}")
            self._goal.setValue(self.settings.goal_or_usual)
        thinned = target is not None or mode is Mode.STEP_ECHO
        for field, shown in (
            (self._legs, thinned),
            (self._goal, target is not None),
            (self._pace, mode is Mode.METRONOME),
            (self._fading, thinned),
            (self.volume, mode is not Mode.OFF),
        ):
            self._form.setRowVisible(field, shown)
        self._explained.setText(wording.EXPLAINED[mode])
        self._explained.setVisible(mode is not Mode.OFF)
        self._careful.setVisible(mode is not Mode.OFF)
        self._status.setVisible(mode is not Mode.OFF)
        self._quiet = False


def _narrow_box() -> QComboBox:
    """A box that cuts its text rather than widen the rail."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box
