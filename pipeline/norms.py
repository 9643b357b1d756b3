"""What is usual: norms that know their zero convention, speed, sex and age.

Two zero conventions exist and must never be mixed:

A, ``anatomical``
    Optical laboratories: the pelvis stands about 10.5° tilted, a hip barely extends.
B, ``standing``
    Worn sensors: the standing calibration pose is zero. ``B = A - standing angle (A)``.

Speed enters as the dimensionless ``v* = v / sqrt(g·L)``. The curves of Schwartz 2008 over
v* are in convention A; only their *difference* to the reference speed is used here, in which
the standing angle cancels, so they may shift a norm of either convention.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from pipeline.results import Interval
from recordings.metadata import Sex, Wearer

GRAVITY_M_S2 = 9.81
REFERENCE_SPEED = 0.429
"""v* of free walking, at which the norms are stated (about 1.27 m/s at 0.90 m of leg)."""
SPEED_RANGE = Interval(0.15, 0.70)
"""v* for which norms exist: below it a shuffle, above it nearly a run."""
REFERENCE_LEG_M = 0.90
LEG_PER_HEIGHT = 0.53
USUAL_HEIGHT_M = 1.70
OLDER_FROM_YEARS = 60.0

_CADENCE_TO_SPEED = np.array(
    [[0.337, 0.172], [0.455, 0.290], [0.565, 0.429], [0.662, 0.560], [0.758, 0.694]]
)
"""c* = cadence/60·sqrt(L/g) beside v*: group means of five speeds, Schwartz 2008."""


class ZeroConvention(StrEnum):
    """Which posture an angle is counted from."""

    ANATOMICAL = "anatomical"
    STANDING = "standing"
    NONE = "none"
    """The number has no zero posture: a range, a time, a difference, a velocity."""


@dataclass(frozen=True, slots=True)
class LegLength:
    """Leg length and how well it is known.

    Attributes
    ----------
    metres : float
    relative_error : float
        95 % half-width of the walking speed that follows from it, as a share.
    source : str
        ``measured``, ``height`` or ``assumed``.
    """

    metres: float
    relative_error: float
    source: str


def leg_length(wearer: Wearer) -> LegLength:
    """Leg length of a wearer: measured, else 0.53·height, else that of a 1.70 m person.

    The speed error grows from ±10 % (measured) over ±12 % (from height) to ±15 % (assumed).
    """
    if wearer.leg_length_m is not None:
        return LegLength(wearer.leg_length_m, 0.10, "measured")
    if wearer.height_m is not None:
        return LegLength(LEG_PER_HEIGHT * wearer.height_m, 0.12, "height")
    return LegLength(LEG_PER_HEIGHT * USUAL_HEIGHT_M, 0.15, "assumed")


def dimensionless_speed(cadence_spm: float, leg_length_m: float) -> float:
    """v* that usually goes with a cadence.

    Taken from cadence and not from the thigh's range, so that a stiff hip cannot explain
    itself as a slow walk. Piecewise linear between the five speeds of Schwartz 2008, the
    outer pieces carried on.
    """
    if not (math.isfinite(cadence_spm) and cadence_spm > 0 and leg_length_m > 0):
        return math.nan
    c_star = cadence_spm / 60.0 * math.sqrt(leg_length_m / GRAVITY_M_S2)
    table_c, table_v = _CADENCE_TO_SPEED.T
    piece = int(np.clip(np.searchsorted(table_c, c_star) - 1, 0, len(table_c) - 2))
    slope = (table_v[piece + 1] - table_v[piece]) / (table_c[piece + 1] - table_c[piece])
    return float(max(0.0, table_v[piece] + slope * (c_star - table_c[piece])))


def step_length_m(thigh_range_deg: float, leg_length_m: float) -> float:
    """Step length from the sagittal range of one thigh: ``1.03·2L·sin(range/2)``.

    Within −5…+6 % of the group means of Schwartz 2008; ±10–15 % for a person. Never to be
    compared between left and right: as an asymmetry it is wrong in size and in sign.
    """
    return 1.03 * 2.0 * leg_length_m * math.sin(math.radians(thigh_range_deg) / 2.0)


@dataclass(frozen=True, slots=True)
class SpeedCurve:
    """``a2·v*² + a1·v* + a0``: how a quantity moves with walking speed (Schwartz 2008)."""

    a2: float
    a1: float
    a0: float

    def at(self, v_star: float) -> float:
        return (self.a2 * v_star + self.a1) * v_star + self.a0

    def change(self, v_star: float) -> float:
        """Difference to the reference speed, free of any zero convention."""
        return self.at(v_star) - self.at(REFERENCE_SPEED)


PELVIC_TILT_MEAN = SpeedCurve(36.3, -23.9, 15.31)
PELVIC_TILT_RANGE = SpeedCurve(12.6, -7.7, 5.61)
PELVIC_ROTATION_RANGE = SpeedCurve(52.0, -33.4, 17.08)
PELVIC_DROP_PEAK = SpeedCurve(3.2, 4.0, 2.13)
HIP_FLEXION_MIN = SpeedCurve(32.1, -45.4, 7.89)
THIGH_INCLINATION_MIN = SpeedCurve(6.3, -31.6, -5.33)
HIP_FLEXION_MAX_SWING = SpeedCurve(25.1, 2.3, 31.08)
HIP_FLEXION_RANGE = SpeedCurve(-20.2, 59.3, 20.99)
THIGH_RANGE = SpeedCurve(-19.4, 56.6, 21.77)
THIGH_FLEXION_VELOCITY = SpeedCurve(-186.0, 535.0, -8.3)
THIGH_EXTENSION_VELOCITY = SpeedCurve(-174.0, -189.0, -0.8)
HIP_ADDUCTION_PEAK = SpeedCurve(-1.9, 10.0, 1.36)
KNEE_LOADING_FLEXION = SpeedCurve(-62.9, 85.2, -5.55)
KNEE_SWING_FLEXION = SpeedCurve(-54.5, 69.3, 40.45)
KNEE_EXTENSION_VELOCITY = SpeedCurve(-191.0, -117.0, 22.5)


@dataclass(frozen=True, slots=True)
class NormContext:
    """Whose walk is compared, and at which speed."""

    v_star: float = REFERENCE_SPEED
    leg_length_m: float = REFERENCE_LEG_M
    sex: Sex | None = None
    age_years: float | None = None

    @property
    def speed_in_range(self) -> bool:
        return SPEED_RANGE.low <= self.v_star <= SPEED_RANGE.high

    @classmethod
    def of(cls, wearer: Wearer, cadence_spm: float) -> NormContext:
        leg = leg_length(wearer).metres
        return cls(dimensionless_speed(cadence_spm, leg), leg, wearer.sex, wearer.age_years)


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and spread of usual walkers.

    Attributes
    ----------
    mean : float
        At the reference speed, averaged over the sexes, below 60 years.
    sd : float
        Spread to divide a deviation by: between people and measurement together.
    zero : ZeroConvention
        Posture that `mean` is counted from.
    speed : SpeedCurve or None
        How the mean moves with v*.
    sex_shift : float
        Added for women and subtracted for men; nothing when the sex is not known.
    older_mean : float or None
        Mean at the reference speed from 60 years on.
    by_age : tuple of (float, float)
        Means from an age on, youngest first, where two ages are not enough.
    scales_with_leg : bool
        True for angular velocities: they grow with ``sqrt(0.90 m / L)``.
    """

    mean: float
    sd: float
    zero: ZeroConvention
    speed: SpeedCurve | None = None
    sex_shift: float = 0.0
    older_mean: float | None = None
    scales_with_leg: bool = False
    by_age: tuple[tuple[float, float], ...] = ()

    def centre(self, context: NormContext) -> float:
        """Usual mean for this person at this speed; NaN outside the range of speeds."""
        if not context.speed_in_range:
            return math.nan
        older = context.age_years is not None and context.age_years >= OLDER_FROM_YEARS
        centre = self.older_mean if older and self.older_mean is not None else self.mean
        for from_years, mean in self.by_age:
            if context.age_years is not None and context.age_years >= from_years:
                centre = mean
        if self.speed is not None:
            centre += self.speed.change(context.v_star)
        centre += {"female": self.sex_shift, "male": -self.sex_shift}.get(context.sex or "", 0.0)
        return centre * self._leg_scale(context)

    def spread(self, context: NormContext) -> float:
        return self.sd * self._leg_scale(context)

    def usual(self, context: NormContext) -> Interval | None:
        """Mean ± 2 SD; None outside the range of speeds."""
        centre, spread = self.centre(context), self.spread(context)
        if math.isnan(centre):
            return None
        return Interval(centre - 2.0 * spread, centre + 2.0 * spread)

    def deviation(self, value: float, zero: ZeroConvention, context: NormContext) -> float:
        """Distance of a value from the usual mean in SD, + = larger than usual.

        Raises
        ------
        ValueError
            If the value is counted from another zero than the norm.
        """
        if zero is not self.zero:
            raise ValueError(
                f"A value with {zero} zero has no distance to a norm with {self.zero}."
            )
        return (value - self.centre(context)) / self.spread(context)

    def to_standing(self, standing_angle_deg: float, standing_sd_deg: float = 0.0) -> Norm:
        """The same norm counted from the standing pose.

        Parameters
        ----------
        standing_angle_deg : float
            Usual angle of the standing pose, in convention A.
        standing_sd_deg : float
            Its spread between people, which widens the norm.

        Raises
        ------
        ValueError
            If the norm is not in convention A.
        """
        if self.zero is not ZeroConvention.ANATOMICAL:
            raise ValueError(f"Only an anatomical norm converts to standing, not {self.zero}.")
        older = None if self.older_mean is None else self.older_mean - standing_angle_deg
        return replace(
            self,
            mean=self.mean - standing_angle_deg,
            older_mean=older,
            sd=math.hypot(self.sd, standing_sd_deg),
            zero=ZeroConvention.STANDING,
        )

    def _leg_scale(self, context: NormContext) -> float:
        return math.sqrt(REFERENCE_LEG_M / context.leg_length_m) if self.scales_with_leg else 1.0
