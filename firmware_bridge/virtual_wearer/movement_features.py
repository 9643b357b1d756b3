"""What a perfect laboratory would say about each repetition of a movement.

Codes are those of the feature dictionary; angles in degrees against quiet standing. The
deepest moment of a repetition is where the knee of its leg (of both, where both bend) is
bent most, or the thigh is highest; of a lunge to the side, where the thigh leans forward most
while the foot is down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.movements import (
    Bridge,
    KneeLift,
    LateralLunge,
    Lie,
    Lunge,
    Movement,
    SingleLegSquat,
    SingleLegStance,
    Sit,
    Squat,
    Stairs,
    StepDown,
    StraightLegRaise,
    repetitions_s,
)
from recordings.placement import Side

if TYPE_CHECKING:
    from firmware_bridge.virtual_wearer.step_plan import Label

FloatArray = NDArray[np.float64]

PLANTED_SHARE = 0.8
"""The foot of a lunge to the side is down while the thighs are parted by this share of the most."""
HOLD_SHARE = 0.9
"""A held angle counts as held while it is at least this share of its highest."""


@dataclass(frozen=True, slots=True)
class TrueRepetition:
    """One repetition of a movement, as one leg did it.

    Attributes
    ----------
    behaviour : str
        Word of the timeline.
    side : Side
        The leg that the features describe. On one leg: the leg that stands; of a knee lift:
        the lifted one; movements on both legs have one entry for each.
    start_s, deepest_s, end_s : float
    features : mapping of str to float
        ``F42_adduction``, ``F42_rotation``
            Change from standing to the deepest moment, inward +.
        ``F42_inward``
            Change of the thigh's sideways inclination, knee towards the other leg +.
        ``F43``
            Largest internal rotation within the repetition.
        ``F40_drop``, ``F40_adduction``
            Mean over the hold (one-leg stance), at the deepest moment (other movements).
        ``F41``
            Time of the hold, s; ``F41_sway``: rms of the pelvis' horizontal acceleration, m/s².
        ``F44_roll``, ``F44_shift``
            Largest roll (right side up +) and sideways travel (to the right +, m) while
            rising or sitting down; ``F44_speed``: fastest thigh, °/s.
        ``F45``
            Highest thigh in the step that ends with this foot's landing.
        ``F46``, ``F46_hold``, ``F46_tilt``, ``F46_obliquity``
            Highest thigh; time it is held, s; mean change of pelvic tilt (forward +) and
            obliquity (lifted side up +) meanwhile.
        ``bridge``, ``raise``
            How far the pelvis turns in a bridge, the thigh in a straight-leg raise.
        ``knee``, ``abduction``
            Depth: largest knee flexion (anatomical); largest abduction against standing.
    """

    behaviour: str
    side: Side
    start_s: float
    deepest_s: float
    end_s: float
    features: Mapping[str, float]


def true_repetitions(
    labels: Sequence[Label],
    time_s: FloatArray,
    angles_deg: Mapping[str, FloatArray],
    standing_deg: Mapping[str, float],
    pelvis_m: FloatArray,
    facing_rad: FloatArray,
) -> tuple[TrueRepetition, ...]:
    """All repetitions of all movements of a plan.

    Parameters
    ----------
    time_s, angles_deg, standing_deg
        The true series (anatomical zero) and their values while standing.
    pelvis_m : ndarray, shape (n, 3)
    facing_rad : ndarray, shape (n,)
        Direction of the route.
    """
    found = []
    for label in labels:
        if not isinstance(label.item, Movement):
            continue
        for number, (start, end) in enumerate(repetitions_s(label.item)):
            span = (label.start_s + start, label.start_s + end)
            first, last = np.searchsorted(time_s, span)
            if last - first < 3:
                continue
            rows = slice(int(first), int(last))
            one = _Repetition(time_s, angles_deg, standing_deg, pelvis_m, facing_rad, rows)
            for side in _sides(label.item, number):
                deepest, features = one.measured(label.item, side)
                found.append(
                    TrueRepetition(
                        label.behaviour, side, *(span[0], float(time_s[deepest]), span[1]), features
                    )
                )
    return tuple(found)


def _sides(item: Movement, number: int) -> tuple[Side, ...]:
    match item:
        case Squat() | Sit() | Bridge():
            return tuple(Side)
        case Lie():
            return ()
        case Stairs():
            return (item.first if number % 2 == 0 else item.first.other,)
        case _:
            return (item.side,)


@dataclass(frozen=True, slots=True)
class _Repetition:
    time_s: FloatArray
    angles_deg: Mapping[str, FloatArray]
    standing_deg: Mapping[str, float]
    pelvis_m: FloatArray
    facing_rad: FloatArray
    rows: slice

    def measured(self, item: Movement, side: Side) -> tuple[int, dict[str, float]]:
        """Row of the deepest moment, and the features."""
        match item:
            case SingleLegStance():
                return self._stance(side)
            case KneeLift():
                return self._lift(side)
            case Sit():
                return self._rising(side)
            case Stairs():
                thigh = self._of("thigh_inclination", side)
                return self._row(thigh), {"F45": float(thigh.max())}
            case Bridge():
                return self._turned(-self._pelvis("tilt"), "bridge")
            case StraightLegRaise():
                return self._turned(self._of("thigh_inclination", side), "raise")
            case _:
                return self._bent(item, side)

    def _bent(self, item: Movement, side: Side) -> tuple[int, dict[str, float]]:
        both = isinstance(item, Squat)
        depth = (
            sum(self._raw("knee_flexion", s) for s in Side)
            if both
            else self._raw("knee_flexion", side)
        )
        adduction, rotation = self._of("hip_adduction", side), self._of("hip_rotation", side)
        if isinstance(item, LateralLunge):
            # Lifting the foot bends the knee as far as a shallow lunge does.
            apart = -self._of("thigh_inward", side) - self._of("thigh_inward", side.other)
            planted = apart >= PLANTED_SHARE * apart.max()
            depth = np.where(planted, self._of("thigh_inclination", side), -np.inf)
        row = self._row(np.asarray(depth))
        at = row - self.rows.start
        inward = self._of("thigh_inward", side)
        features = {
            "F42_adduction": adduction[at],
            "F42_rotation": rotation[at],
            "F42_inward": inward[at],
            "F43": rotation.max(),
            "knee": self._raw("knee_flexion", side).max(),
        }
        if isinstance(item, SingleLegSquat | StepDown):
            features |= {"F40_drop": self._drop(side)[at], "F40_adduction": adduction[at]}
        if isinstance(item, Lunge | LateralLunge):
            features["abduction"] = -adduction.min()
        return row, {name: float(v) for name, v in features.items()}

    def _stance(self, side: Side) -> tuple[int, dict[str, float]]:
        # Held while the other leg is tucked up.
        other = self._of("knee_flexion", side.other)
        held = other >= HOLD_SHARE * other.max()
        acceleration = np.gradient(
            np.gradient(self.pelvis_m[self.rows, :2], self._step_s, axis=0), self._step_s, axis=0
        )[held]
        return self._row(other), {
            "F40_drop": float(self._drop(side)[held].mean()),
            "F40_adduction": float(self._of("hip_adduction", side)[held].mean()),
            "F41": float(held.sum() * self._step_s),
            "F41_sway": float(np.sqrt((acceleration**2).sum(axis=1).mean())),
        }

    def _lift(self, side: Side) -> tuple[int, dict[str, float]]:
        thigh = self._of("thigh_inclination", side)
        held = thigh >= HOLD_SHARE * thigh.max()
        return self._row(thigh), {
            "F46": float(thigh.max()),
            "F46_hold": float(held.sum() * self._step_s),
            "F46_tilt": float(self._pelvis("tilt")[held].mean()),
            "F46_obliquity": float(-self._drop(side.other)[held].mean()),
        }

    def _rising(self, side: Side) -> tuple[int, dict[str, float]]:
        thigh = self._of("thigh_inclination", side)
        roll = self._pelvis("obliquity")
        across = self._to_the_right()
        speed = np.gradient(thigh, self._step_s)
        return self._row(thigh), {
            "F44_roll": float(roll[np.abs(roll).argmax()]),
            "F44_shift": float(across[np.abs(across).argmax()]),
            "F44_speed": float(np.abs(speed).max()),
        }

    def _turned(self, angle: FloatArray, name: str) -> tuple[int, dict[str, float]]:
        turned = angle - angle[0]
        return self._row(turned), {name: float(turned.max())}

    def _to_the_right(self) -> FloatArray:
        """Sideways travel of the pelvis since the start, m."""
        offset = self.pelvis_m[self.rows, :2] - self.pelvis_m[self.rows.start, :2]
        facing = self.facing_rad[self.rows.start]
        return offset[:, 0] * np.sin(facing) - offset[:, 1] * np.cos(facing)

    @property
    def _step_s(self) -> float:
        return float(self.time_s[1] - self.time_s[0])

    def _raw(self, name: str, side: Side) -> FloatArray:
        return self.angles_deg[f"{name}_{side.value}"][self.rows]

    def _of(self, name: str, side: Side) -> FloatArray:
        return self._raw(name, side) - self.standing_deg[f"{name}_{side.value}"]

    def _pelvis(self, name: str) -> FloatArray:
        key = f"pelvis_{name}"
        return self.angles_deg[key][self.rows] - self.standing_deg[key]

    def _drop(self, side: Side) -> FloatArray:
        """Drop of the other side of the pelvis."""
        return (1.0 if side is Side.RIGHT else -1.0) * self._pelvis("obliquity")

    def _row(self, depth: FloatArray) -> int:
        return self.rows.start + int(np.argmax(depth))
