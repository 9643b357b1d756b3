"""A sensor's card on the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar

from dashboards.view_models.sensor_cards import SensorCard
from dashboards.window.theme import Theme


class SensorCardView(QFrame):
    """Place and side, state, battery, rate, loss, signal, and what to do."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = theme
        self._card: SensorCard | None = None
        self._title, self._state, self._facts, self._advice = (QLabel() for _ in range(4))
        self._battery = QProgressBar()
        self._battery.setFormat("Battery %p %")
        self._battery.setMinimumWidth(40)
        self._facts.setObjectName("dim")
        self._advice.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setVerticalSpacing(2)
        layout.addWidget(self._title, 0, 0, 1, 2)
        layout.addWidget(self._state, 1, 0)
        layout.addWidget(self._battery, 1, 1)
        layout.addWidget(self._facts, 2, 0, 1, 2)
        layout.addWidget(self._advice, 3, 0, 1, 2)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._card is not None:
            card, self._card = self._card, None
            self.show_card(card)

    def show_card(self, card: SensorCard) -> None:
        if card == self._card:
            return
        self._card = card
        letter = "" if card.side is None else card.side.value[0].upper()
        chip = f' <span style="color:{self._theme.side(card.side).name()}">{letter}</span>'
        self._title.setText(f"<b>{card.title}</b>{chip if letter else ''}")
        color = self._theme.mood(card.mood)
        self._state.setText(f'<span style="color:{color}">{card.sign} {card.word}</span>')
        self._battery.setVisible(card.battery is not None)
        self._battery.setValue(round(card.battery or 0))
        self._facts.setText(card.facts)
        self._facts.setVisible(bool(card.facts))
        self._advice.setText(card.advice)
        self._advice.setVisible(bool(card.advice))
        self.setAccessibleName(card.spoken)
