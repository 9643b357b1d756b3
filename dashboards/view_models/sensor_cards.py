"""One card a sensor: where it is, how it does, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.status import SensorState, SensorStatus
from recordings.placement import Placement, Side


class Mood(StrEnum):
    """How much attention a thing needs; each has a colour, a sign and words."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


SIGNS = {Mood.GOOD: "●", Mood.WATCH: "▲", Mood.BAD: "✖"}

_MOODS = {
    SensorState.STREAMING: Mood.GOOD,
    SensorState.LOST: Mood.BAD,
    SensorState.RECONNECTING: Mood.BAD,
}

_ADVICE = {
    SensorState.SEARCHING: "Switch the sensor on and bring it near.",
    SensorState.WEAK: "Bring the computer nearer; nothing metal in between.",
    SensorState.BATTERY_LOW: "Charge it after this walk.",
    SensorState.LOST: "It comes back by itself when it is in reach again.",
    SensorState.RECONNECTING: "It comes back by itself when it is in reach again.",
}


@dataclass(frozen=True, slots=True)
class SensorCard:
    """One sensor as it is shown.

    Attributes
    ----------
    address : str
    title : str
        Where it is worn, or its name.
    side : Side or None
    mood : Mood
    word : str
        The state in a word.
    battery : float or None
        Percent.
    facts : str
        Rate, loss and signal.
    advice : str
        What to do; empty if nothing.
    """

    address: str
    title: str
    side: Side | None
    mood: Mood
    word: str
    battery: float | None
    facts: str
    advice: str

    @property
    def sign(self) -> str:
        return SIGNS[self.mood]

    @property
    def spoken(self) -> str:
        """All of the card as one text, for a screen reader."""
        battery = "" if self.battery is None else f"battery {self.battery:.0f} percent"
        return ", ".join(
            part for part in (self.title, self.word, battery, self.facts, self.advice) if part
        )


def sensor_cards(statuses: Iterable[SensorStatus]) -> list[SensorCard]:
    """The cards, in the order of the body."""
    order = list(Placement)
    rows = sorted(
        statuses,
        key=lambda s: (order.index(s.placement) if s.placement else len(order), s.address),
    )
    return [_card(status) for status in rows]


def _card(status: SensorStatus) -> SensorCard:
    placement = status.placement
    advice = _ADVICE.get(status.state, "")
    if status.problem is not None and not status.state.streams:
        advice = str(status.problem)
    facts = []
    if status.state.streams:
        facts = [f"{status.rate_hz:.0f} Hz", f"{100 * status.recent_loss:.1f} % lost"]
    if status.rssi_dbm is not None:
        facts.append(f"{status.rssi_dbm} dBm")
    title = placement.label if placement else status.name or status.address
    return SensorCard(
        status.address,
        f"{title[0].upper()}{title[1:]}",
        placement.side if placement else None,
        _MOODS.get(status.state, Mood.WATCH),
        status.state.value,
        status.battery_percent,
        " · ".join(facts),
        advice,
    )
