"""The setup wizard: from nothing to a calibrated wearer, one question a step.

It knows what was found, where each sensor is worn, how good the signals are and how still
the wearer stands; it says what blocks the next step. Radio and screen are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from dashboards.view_models.sensor_cards import Mood
from dashboards.window import words
from firmware_bridge.status import SensorStatus
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples

GRAVITY_M_S2 = 9.80665
CHECK_S = 5.0
COUNTDOWN_S = 3.0
STILL_S = 5.0
IMPATIENT_S = 20.0
"""After so long without standing still long enough, the wizard says what helps."""
STILL_RAD_S = 0.12
"""Turning rate that breathing and swaying do not reach, and a shift of weight does."""

_RATE_TOLERANCE = 0.05
_LOSS = 0.01
_GRAVITY_TOLERANCE_M_S2 = 0.3


class Step(IntEnum):
    """The steps, in order."""

    FIND = 0
    PLACE = 1
    CHECK = 2
    STAND = 3
    WALK = 4


PRESETS: Mapping[str, tuple[Placement, ...]] = {
    "3 sensors: pelvis, thighs": REQUIRED_PLACEMENTS,
    "5 sensors: with shanks": tuple(Placement),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the signal check says of one sensor."""

    mood: Mood
    text: str


class Wizard:
    """Where the setup is, and what it needs to go on."""

    def __init__(self) -> None:
        self.step = Step.FIND
        self.preset = tuple(Placement)
        self.found: list[str] = []
        self.placed: dict[Placement, str] = {}
        self.checks: dict[Placement, Checked] = {}

    # -- finding -----------------------------------------------------------------------------

    def find(self, addresses: Iterable[str]) -> None:
        """All sensors that are known by now; new ones come last."""
        self.found += [a for a in addresses if a not in self.found]

    def remember(self, placed: Mapping[Placement, str]) -> None:
        """Take up where the sensors were worn last time, where they were found."""
        for placement, address in placed.items():
            if address in self.found and address not in self.placed.values():
                self.placed.setdefault(placement, address)

    # -- placing -----------------------------------------------------------------------------

    def placement_of(self, address: str) -> Placement | None:
        return next((p for p, a in self.placed.items() if a == address), None)

    def place(self, address: str, placement: Placement | None) -> None:
        """Say where a sensor is worn; who was there before is free again."""
        before = self.placement_of(address)
        if before is not None:
            del self.placed[before]
        if placement is not None:
            self.placed[placement] = address
        self.checks.clear()

    def next_free(self) -> Placement | None:
        """The placement that is asked for now."""
        return next((p for p in self.preset if p not in self.placed), None)

    def tapped(self, address: str) -> Placement | None:
        """A sensor was tapped twice: it is worn where the wizard asks for now."""
        placement = self.next_free()
        if placement is None or self.placement_of(address) is not None:
            return None
        self.place(address, placement)
        return placement

    def swap_left_right(self) -> None:
        """Each leg's sensors are those of the other."""
        for left, right in (
            (Placement.THIGH_LEFT, Placement.THIGH_RIGHT),
            (Placement.SHANK_LEFT, Placement.SHANK_RIGHT),
        ):
            swapped = {left: self.placed.get(right), right: self.placed.get(left)}
            for placement, address in swapped.items():
                self.placed.pop(placement, None)
                if address is not None:
                    self.placed[placement] = address

    # -- going on ----------------------------------------------------------------------------

    def blocked(self) -> str:
        """Why the next step cannot be taken; empty if it can."""
        if self.step is Step.FIND:
            missing = len(REQUIRED_PLACEMENTS) - len(self.found)
            if missing > 0:
                return f"At least 3 sensors are needed: {missing} more."
        if self.step is Step.PLACE:
            missing_places = [p.label for p in self.preset if p not in self.placed]
            if missing_places:
                return f"Not placed yet: {', '.join(missing_places)}."
        if self.step is Step.CHECK:
            if len(self.checks) < len(self.placed):
                return "Checking: hold the sensors still."
            bad = [p.label for p, c in self.checks.items() if c.mood is Mood.BAD]
            if bad:
                return f"Not ready: {', '.join(bad)}."
        return ""

    def go_on(self) -> bool:
        """Take the next step if nothing blocks it."""
        if self.blocked() or self.step is Step.WALK:
            return False
        self.step = Step(self.step + 1)
        return True

    def go_back(self) -> None:
        self.step = Step(max(0, self.step - 1))
        self.checks.clear()

    # -- checking ----------------------------------------------------------------------------

    def check(self, statuses: Iterable[SensorStatus], rest_m_s2: Mapping[Placement, float]) -> None:
        """Judge each placed sensor.

        Parameters
        ----------
        statuses : iterable of SensorStatus
        rest_m_s2 : mapping of Placement to float
            Mean size of the acceleration over the check.
        """
        for status in statuses:
            placement = self.placement_of(status.address)
            if placement is not None:
                rest = rest_m_s2.get(placement, float("nan"))
                self.checks[placement] = check_sensor(status, rest)


def check_sensor(status: SensorStatus, rest_m_s2: float) -> Checked:
    """What is to be said of one sensor, the worst first."""
    if not status.state.streams:
        return Checked(Mood.BAD, f"No data. {status.problem or 'Switch it on, bring it near.'}")
    if not np.isfinite(rest_m_s2):
        return Checked(Mood.BAD, "No data yet. Bring it near.")
    if abs(rest_m_s2 - GRAVITY_M_S2) > _GRAVITY_TOLERANCE_M_S2:
        return Checked(
            Mood.WATCH,
            f"Feels {rest_m_s2:.2f} instead of 9.81 m/s² at rest. Hold it still; if it stays so, "
            "calibrate or replace it.",
        )
    if abs(status.rate_hz - status.nominal_rate_hz) > _RATE_TOLERANCE * status.nominal_rate_hz:
        return Checked(
            Mood.WATCH,
            f"{status.rate_hz:.0f} instead of {status.nominal_rate_hz:.0f} Hz. Bring it nearer.",
        )
    if status.recent_loss > _LOSS:
        return Checked(
            Mood.WATCH, f"{100 * status.recent_loss:.1f} % lost. Bring the computer nearer."
        )
    if status.clipped_values:
        return Checked(Mood.WATCH, "It was shaken beyond its range. Fasten it well.")
    if status.timing_quality == "low":
        return Checked(Mood.WATCH, "Its clock is rough: times are less sure.")
    return Checked(
        Mood.GOOD,
        f"{status.rate_hz:.0f} Hz, {100 * status.recent_loss:.1f} % lost, {rest_m_s2:.2f} m/s² at "
        "rest, within its range, clock steady.",
    )


class StandingPose:
    """The countdown, and the seconds of standing still that count as calibration.

    Movement begins the seconds anew; the countdown is not repeated.
    """

    def __init__(self) -> None:
        self.begun_s: float | None = None
        self.still_since_s: float | None = None
        self.done = False
        self.movement_rad_s = 0.0
        self.silent: tuple[Placement, ...] = ()
        self._now_s = 0.0

    def begin(self, now_s: float) -> None:
        self.still_since_s, self.done, self.movement_rad_s = None, False, 0.0
        self.begun_s = self._now_s = now_s

    def feed(
        self,
        now_s: float,
        samples: Iterable[ImuSamples],
        silent: tuple[Placement, ...] = (),
    ) -> None:
        """Take what came; nothing counts before `begin` and during the countdown.

        Nor does anything count while a worn sensor is `silent`: whether it was still
        nobody knows.
        """
        self._now_s = now_s
        self.silent = silent
        if self.begun_s is None or self.done:
            return
        rates = [float(np.linalg.norm(s.gyr_rad_s, axis=1).max()) for s in samples if len(s)]
        if rates:
            self.movement_rad_s = max(rates)
        if self.countdown_s > 0:
            return
        if self.still_since_s is None or silent or self.movement_rad_s > STILL_RAD_S:
            self.still_since_s = now_s
        self.done = now_s - self.still_since_s >= STILL_S

    @property
    def countdown_s(self) -> float:
        """Until standing still counts."""
        if self.begun_s is None:
            return COUNTDOWN_S
        return max(0.0, COUNTDOWN_S - (self._now_s - self.begun_s))

    @property
    def share(self) -> float:
        """Of the seconds that are needed, 0 … 1."""
        if self.done:
            return 1.0
        if self.still_since_s is None:
            return 0.0
        return min(1.0, (self._now_s - self.still_since_s) / STILL_S)

    @property
    def text(self) -> str:
        """What to do now."""
        if self.done:
            return "Done. Now walk straight ahead for about 20 seconds."
        if self.begun_s is None:
            return "Stand upright, feet hip-wide, arms loose. Then press Start."
        if self.silent:
            return words.SETUP_SILENT.format(places=", ".join(p.label for p in self.silent))
        if self.countdown_s > 0:
            return f"Stand still in {self.countdown_s:.0f} …"
        if self._now_s - self.begun_s > COUNTDOWN_S + IMPATIENT_S:
            return "Still too much movement. Lean lightly on a wall, look ahead, breathe calmly."
        if self.movement_rad_s > STILL_RAD_S:
            return "You moved: the five seconds begin anew."
        return "Good. Look ahead and breathe calmly."
