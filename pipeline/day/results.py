"""What a day held: the one object that terminal, files and reminder read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.results import Interval
from recordings.placement import Placement, Side

DAY_VERSION = 1
"""Version of the numbers of a day; rises when one changes its meaning."""


class Posture(StrEnum):
    """What a body does over a stretch of time."""

    SITTING = "sitting"
    STANDING = "standing"
    """Upright and not walking: quiet or busy on the spot."""
    WALKING = "walking"
    """Stairs and running included: these sensors do not tell them apart for sure."""
    LYING = "lying"
    NOT_WORN = "not_worn"
    UNKNOWN = "unknown"


class Unknown(StrEnum):
    """Why a stretch could not be judged."""

    NOTHING_RECORDED = "nothing_recorded"
    THIGHS_SILENT = "thighs_silent"
    """Neither thigh sensor sent anything."""
    PELVIS_SILENT = "pelvis_silent"
    """The thighs are level, and without the pelvis sitting and lying look the same."""
    UPRIGHT_NOT_SEEN = "upright_not_seen"
    """Nobody walked or stood for a calibration, so upright is not known for these sensors."""
    EXCLUDED = "excluded"
    """Left out by an event of the session."""


@dataclass(frozen=True, slots=True)
class PostureSpan:
    """One posture over ``[start_s, end_s)``, times on the session clock.

    Attributes
    ----------
    reason : Unknown or None
        Why, where the posture is unknown.
    steps : int or None
        Where somebody walked; None without the pelvis sensor.
    """

    start_s: float
    end_s: float
    posture: Posture
    reason: Unknown | None = None
    steps: int | None = None

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class DayFigure:
    """One number about a day.

    Attributes
    ----------
    name : str
        With its unit (``sitting_h``).
    code : str
        Number in the feature dictionary (``F37``); empty where it has none.
    value : float
        NaN if it could not be judged.
    error : float
        95 % half-width, same unit; NaN where nobody has measured it.
    usual : Interval or None
        Where a source names one. It is no verdict.
    source : str
        Where error and usual range are from.
    """

    name: str
    code: str
    value: float
    error: float
    usual: Interval | None
    source: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time on the session clock."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """Repetitions of one exercise in a row.

    Attributes
    ----------
    exercise : str
        ``bridge``, ``straight_leg_raise``, ``squat``, ``knee_lift``.
    side : Side or None
        The leg, where one leg works.
    start_s, end_s : float
    ranges_deg : tuple of float
        How far pelvis (bridge), thigh or the less bent thigh (squat) turned, one a repetition.
    error_deg : float
        95 % half-width of one range.
    """

    exercise: str
    side: Side | None
    start_s: float
    end_s: float
    ranges_deg: tuple[float, ...]
    error_deg: float

    @property
    def repetitions(self) -> int:
        return len(self.ranges_deg)


@dataclass(frozen=True, slots=True)
class SensorDay:
    """How one sensor came through the day.

    Attributes
    ----------
    sent_s : float
        Time with samples.
    silent : tuple of Stretch
        Stretches of at least `pipeline.day.presence.SILENT_S` without samples.
    stuck : tuple of Stretch
        Stretches in which it sent the same values over and over.
    ended_early_s : float or None
        When it fell silent for good, if well before the others.
    taken_off : tuple of Stretch
        Stretches in which it lay still while the others walked.
    remarks : tuple of str
    """

    placement: Placement
    sent_s: float
    silent: tuple[Stretch, ...] = ()
    stuck: tuple[Stretch, ...] = ()
    ended_early_s: float | None = None
    taken_off: tuple[Stretch, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """All that is known about a day.

    Attributes
    ----------
    session : str
    simulated, provisional : bool
    start_s, end_s : float
        First and last recorded instant on the session clock.
    spans : tuple of PostureSpan
        Without gap or overlap from `start_s` to `end_s`.
    totals_s : mapping of Posture to float
    unknown_s : mapping of Unknown to float
    longest_sitting : Stretch or None
    figures : tuple of DayFigure
    exercises : tuple of ExerciseSet
    sensors : tuple of SensorDay
    remarks : tuple of str
        What could not be judged, and why.
    """

    session: str
    simulated: bool
    provisional: bool
    start_s: float
    end_s: float
    spans: tuple[PostureSpan, ...]
    totals_s: Mapping[Posture, float]
    unknown_s: Mapping[Unknown, float]
    longest_sitting: Stretch | None
    figures: tuple[DayFigure, ...]
    exercises: tuple[ExerciseSet, ...] = ()
    sensors: tuple[SensorDay, ...] = ()
    remarks: tuple[str, ...] = field(default=())
    version: int = DAY_VERSION

    def figure(self, name: str) -> DayFigure:
        """One figure by name.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(name)
