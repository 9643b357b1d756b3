"""The angles that are plotted: where, in which range, and which curve of the stride they are."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gait import Curve
from recordings.placement import Side


@dataclass(frozen=True, slots=True)
class Quantity:
    """One plot of the angles.

    Attributes
    ----------
    key : str
    cell : tuple of int
        Row (segment) and column (plane).
    low, high : float
        Usual range of the axis, degrees.
    curves : tuple of (Side or None, str)
        Columns of the angle series, each with its leg.
    cycle : Curve
    """

    key: str
    cell: tuple[int, int]
    low: float
    high: float
    curves: tuple[tuple[Side | None, str], ...]
    cycle: Curve


def _pelvis(name: str, column: int, reach: float, cycle: Curve) -> Quantity:
    return Quantity(name, (0, column), -reach, reach, ((None, f"{name}_deg"),), cycle)


def _leg(name: str, cell: tuple[int, int], low: float, high: float, cycle: Curve) -> Quantity:
    curves = tuple((side, f"{name}_{side}_deg") for side in Side)
    return Quantity(name, cell, low, high, curves, cycle)


QUANTITIES = (
    _pelvis("pelvis_tilt", 0, 15.0, Curve.PELVIS_TILT),
    _pelvis("pelvis_obliquity", 1, 15.0, Curve.PELVIS_OBLIQUITY),
    _pelvis("pelvis_rotation", 2, 20.0, Curve.PELVIS_ROTATION),
    _leg("hip_flexion", (1, 0), -30.0, 60.0, Curve.HIP_FLEXION),
    _leg("hip_adduction", (1, 1), -20.0, 25.0, Curve.HIP_ADDUCTION),
    _leg("hip_rotation", (1, 2), -30.0, 30.0, Curve.HIP_ROTATION),
    _leg("knee_flexion", (2, 0), -20.0, 85.0, Curve.KNEE_FLEXION),
)
