"""What the wearer sees from afar: one number, and the view of the figure that fits it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dashboards.biofeedback import wording
from dashboards.biofeedback.biofeedback import Board, Mode
from dashboards.biofeedback.readings import Reading
from dashboards.view_models.sensor_cards import Mood
from dashboards.wording import UNKNOWN, number


class View(StrEnum):
    """From where the figure is seen."""

    SIDE = "side"
    BEHIND = "behind"


_VIEWS = {Mode.PELVIC_DROP: View.BEHIND}


@dataclass(frozen=True, slots=True)
class WearerScreen:
    """One screenful.

    Attributes
    ----------
    title : str
        What the number is, and of which leg.
    number, unit : str
        A sign like ``°`` stands with the number, words below it.
    line : str
        The goal, and where the number stands to it; empty without a goal.
    mood : Mood or None
        None where there is nothing to judge, or the error does not allow it.
    view : View
    """

    title: str
    number: str
    unit: str
    line: str
    mood: Mood | None
    view: View

    @property
    def spoken(self) -> str:
        """The whole screen as one text, for a screen reader."""
        parts = (self.title, f"{self.number} {self.unit}".strip(), self.line)
        return ", ".join(part for part in parts if part)


def wearer_screen(board: Board, cadence_spm: float) -> WearerScreen:
    """The screen for how things stand.

    Parameters
    ----------
    board : Board
    cadence_spm : float
        Of the walk so far, for modes without a target; NaN if not known.
    """
    mode = board.settings.mode
    view = _VIEWS.get(mode, View.SIDE)
    if mode.target is None:
        cadence = cadence_spm if board.cadence_spm is None else board.cadence_spm
        return WearerScreen(
            wording.CADENCE, number(cadence, 0), wording.CADENCE_UNIT, "", None, view
        )
    title = wording.SHORT[mode]
    reading = _to_show(board)
    if reading is None:
        return WearerScreen(title, UNKNOWN, "", wording.goal(board), None, view)
    mood, where = _where(board, reading)
    return WearerScreen(
        f"{title}, {reading.side} leg",
        wording.quantity(mode, reading.value),
        "",
        f"{wording.goal(board)} · {where}",
        mood,
        view,
    )


def _to_show(board: Board) -> Reading | None:
    """The reading of the chosen legs that is furthest from the goal."""
    readings = [r for side, r in board.readings.items() if side in board.settings.sides]
    return max(readings, key=lambda reading: _beyond(board, reading), default=None)


def _where(board: Board, reading: Reading) -> tuple[Mood | None, str]:
    beyond = _beyond(board, reading)
    if beyond > reading.error:
        return Mood.WATCH, wording.BEYOND
    if beyond > 0:
        error = wording.quantity(board.settings.mode, reading.error)
        return None, wording.NEAR.format(error=error)
    return Mood.GOOD, wording.WITHIN


def _beyond(board: Board, reading: Reading) -> float:
    target = board.settings.mode.target
    assert target is not None
    return target.beyond(reading, board.settings.goal_or_usual)
