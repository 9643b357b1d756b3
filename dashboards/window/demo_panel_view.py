"""The sliders of the simulated walker."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QPushButton, QSlider

from dashboards.view_models.demo_panel import SLIDERS, DemoPanel
from dashboards.window import words
from recordings.placement import Side

_STEPS = 20
_SETTLE_MS = 250
"""A slider that moves is not obeyed until it rests."""


class DemoPanelView(QFrame):
    """One slider a deviation, for the chosen leg."""

    def __init__(self, panel: DemoPanel) -> None:
        super().__init__()
        self.setObjectName("card")
        self._panel = panel
        self._sliders: dict[str, tuple[QSlider, QLabel]] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 10, 8)
        layout.setVerticalSpacing(2)
        heading = QLabel(words.DEMO_PANEL)
        heading.setObjectName("heading")
        layout.addWidget(heading, 0, 0, 1, 2)
        self._leg = QComboBox()
        self._leg.setAccessibleName("Leg")
        self._leg.setMinimumContentsLength(5)
        self._leg.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for side in Side:
            self._leg.addItem(f"{side.value} leg".capitalize(), side)
        self._leg.setCurrentIndex(list(Side).index(panel.side))
        self._leg.currentIndexChanged.connect(self._leg_chosen)
        layout.addWidget(self._leg, 1, 0)
        usual = QPushButton(words.DEMO_RESET)
        usual.clicked.connect(self._reset)
        layout.addWidget(usual, 1, 1)
        for row, slider in enumerate(SLIDERS):
            label, value = QLabel(slider.label), QLabel()
            value.setObjectName("dim")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            bar = QSlider(Qt.Orientation.Horizontal)
            bar.setRange(0, _STEPS)
            bar.setAccessibleName(f"{slider.label}, {slider.unit}")
            bar.valueChanged.connect(self._moved)
            layout.addWidget(label, 2 + 2 * row, 0)
            layout.addWidget(value, 2 + 2 * row, 1)
            layout.addWidget(bar, 3 + 2 * row, 0, 1, 2)
            self._sliders[slider.kind] = bar, value
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._obey)
        self._show()

    def slider(self, kind: str) -> QSlider:
        return self._sliders[kind][0]

    def _moved(self) -> None:
        for slider in SLIDERS:
            bar, value = self._sliders[slider.kind]
            value.setText(f"{bar.value() * slider.most / _STEPS:.1f} {slider.unit}")
        self._settle.start(_SETTLE_MS)

    def _obey(self) -> None:
        for slider in SLIDERS:
            bar, _ = self._sliders[slider.kind]
            self._panel.set_amount(slider.kind, bar.value() * slider.most / _STEPS)

    def _leg_chosen(self, index: int) -> None:
        self._obey()
        self._panel.side = Side(self._leg.itemData(index))
        self._show()

    def _reset(self) -> None:
        self._panel.reset()
        self._show()

    def _show(self) -> None:
        for slider in SLIDERS:
            bar, _ = self._sliders[slider.kind]
            bar.blockSignals(True)
            bar.setValue(round(self._panel.amount(slider.kind) * _STEPS / slider.most))
            bar.blockSignals(False)
        self._moved()
        self._settle.stop()
