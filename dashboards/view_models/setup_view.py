"""The setup as a screen sees it: the step, what to do now, and how each sensor is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.view_models.sensor_cards import SIGNS, Mood
from dashboards.view_models.wizard import StandingPose, Step, Wizard
from dashboards.window import words
from recordings.placement import Placement

if TYPE_CHECKING:
    from dashboards.setup_session import SetupLook

PATIENCE_S = 12.0
"""Sensors advertise several times a second: after so long, one that is not heard is off or away."""


@dataclass(frozen=True, slots=True)
class SensorLine:
    """One sensor in the list."""

    name: str
    text: str
    placement: Placement | None
    mood: Mood | None = None

    @property
    def sign(self) -> str:
        return "" if self.mood is None else SIGNS[self.mood]


@dataclass(frozen=True, slots=True)
class SetupView:
    """One look at the setup.

    Attributes
    ----------
    step : Step
    text : str
        What to do now; or what keeps it from going on, and what to do about that.
    blocked : str
        Why the next step cannot be taken.
    preset : tuple of Placement
    names : mapping of Placement to str
        The sensor worn at each place.
    asked : Placement or None
        The place that is asked for.
    still_share : float
    may_begin, may_go_on : bool
    rows : mapping of address to SensorLine
    """

    step: Step
    text: str
    blocked: str
    preset: tuple[Placement, ...]
    names: Mapping[Placement, str]
    asked: Placement | None
    still_share: float
    may_begin: bool
    may_go_on: bool
    rows: Mapping[str, SensorLine]


def setup_view(
    wizard: Wizard,
    pose: StandingPose,
    look: SetupLook | None,
    *,
    connecting: bool = False,
    walking: bool = False,
    searched_s: float | None = None,
    walk_problem: str = "",
) -> SetupView:
    """Put together what the screen shows.

    Parameters
    ----------
    wizard, pose : Wizard, StandingPose
    look : SetupLook or None
        None before the first search.
    connecting : bool
        The sensors are just being handed over to the walk.
    walking : bool
        There is a walk to calibrate.
    searched_s : float or None
        For how long sensors have been searched for.
    walk_problem : str
        What seems to be wrong with the sensors' places.
    """
    step = wizard.step
    blocked = wizard.blocked()
    return SetupView(
        step,
        _text(wizard, pose, look, connecting, searched_s, walk_problem),
        "" if step >= Step.STAND else blocked,
        wizard.preset,
        {p: name_of(a, look) for p, a in wizard.placed.items()},
        wizard.next_free() if step is Step.PLACE else None,
        pose.share,
        walking and not connecting and (pose.begun_s is None or pose.done),
        not blocked and step is not Step.STAND,
        {address: _line(address, wizard, look) for address in wizard.found},
    )


def name_of(address: str, look: SetupLook | None) -> str:
    """What a sensor calls itself, or its address."""
    sensor = None if look is None else look.found.get(address)
    return (sensor.advertisement.name if sensor else "") or address


def _text(
    wizard: Wizard,
    pose: StandingPose,
    look: SetupLook | None,
    connecting: bool,
    searched_s: float | None,
    walk_problem: str,
) -> str:
    step = wizard.step
    if look is not None and look.problem and step <= Step.CHECK:
        return look.problem
    if connecting:
        return words.SETUP_CONNECTING
    if step is Step.FIND and searched_s is not None and searched_s > PATIENCE_S:
        if not wizard.found:
            return words.SETUP_NONE_FOUND
        if wizard.blocked():
            return words.SETUP_TOO_FEW_FOUND
    if step is Step.FIND and look is not None:
        return words.SETUP_LISTENING
    if step is Step.PLACE:
        asked = wizard.next_free()
        return words.SETUP_PLACED if asked is None else words.SETUP_TAP.format(place=asked.label)
    if step is Step.STAND:
        return pose.text
    return walk_problem or words.SETUP_BODIES[step]


def _line(address: str, wizard: Wizard, look: SetupLook | None) -> SensorLine:
    name, placement = name_of(address, look), wizard.placement_of(address)
    checked = None if placement is None else wizard.checks.get(placement)
    if wizard.step is Step.CHECK and checked is not None:
        return SensorLine(name, checked.text, placement, checked.mood)
    status = None if look is None else look.sensors.get(address)
    if status is not None:
        battery = status.battery_percent
        tail = "" if battery is None else f" · battery {battery:.0f} %"
        return SensorLine(name, f"{status.state.value}{tail}", placement)
    sensor = None if look is None else look.found.get(address)
    rssi = None if sensor is None else sensor.advertisement.rssi_dbm
    heard = words.HEARD if rssi is None else f"{words.HEARD} · {rssi} dBm"
    return SensorLine(name, heard, placement)
