"""Guess from the headings of a table which columns belong to which sensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from recordings.columns.headings import Heading, Quantity, time_rank, understand
from recordings.columns.mapping import Axes


@dataclass(frozen=True, slots=True)
class SignalColumns:
    """Three columns of one quantity, in the order x, y, z."""

    names: Axes
    unit: str | None


@dataclass(frozen=True, slots=True)
class SensorGuess:
    """The signals that share an owner: one sensor.

    Attributes
    ----------
    owner : str
        The words before or after the signal's name; empty in a file of one sensor.
    signals : dict of Quantity to SignalColumns
    """

    owner: str
    signals: dict[Quantity, SignalColumns] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """True if acceleration with gravity and angular rate are both there."""
        return Quantity.ACC in self.signals and Quantity.GYR in self.signals


@dataclass(frozen=True, slots=True)
class TableGuess:
    """What the headings of one table say."""

    time: Heading | None
    device: Heading | None
    sensors: tuple[SensorGuess, ...]


def guess_table(columns: Sequence[str]) -> TableGuess:
    """Understand the headings of a table."""
    headings = [h for h in map(understand, columns) if h is not None]
    times = [h for h in headings if h.quantity is Quantity.TIME]
    devices = [h for h in headings if h.quantity is Quantity.DEVICE]
    owners = dict.fromkeys(h.owner for h in headings if h.axis)
    return TableGuess(
        time=min(times, key=lambda h: time_rank(h.column), default=None),
        device=devices[0] if devices else None,
        sensors=tuple(_sensor(owner, headings) for owner in owners),
    )


def _sensor(owner: str, headings: Sequence[Heading]) -> SensorGuess:
    signals: dict[Quantity, SignalColumns] = {}
    for quantity in (Quantity.ACC, Quantity.FREE_ACC, Quantity.GYR, Quantity.MAG):
        axes = {
            h.axis: h for h in reversed(headings) if h.quantity is quantity and h.owner == owner
        }
        if len(axes) == 3:
            names = (axes["x"].column, axes["y"].column, axes["z"].column)
            signals[quantity] = SignalColumns(names, axes["x"].unit)
    return SensorGuess(owner, signals)
