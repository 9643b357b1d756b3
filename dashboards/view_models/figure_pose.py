"""A stick figure from angles: where hips, knees and ankles are, seen from side and behind.

Two flat views, each drawn from the angles of its own plane. The figure shows proportions of
a usual adult, not of the wearer, and it draws no more than what is measured: without shank
sensors the lower leg goes on straight, and the view says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, isfinite, radians, sin

from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import FloatArray
from recordings.placement import Side

THIGH_M, SHANK_M, TRUNK_M, HALF_PELVIS_M = 0.43, 0.43, 0.50, 0.12
_COLUMN = {name: i for i, name in enumerate(ANGLE_COLUMNS)}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LegPoints:
    """One leg in one view; metres, y up, the floor at 0."""

    hip: Point
    knee: Point
    ankle: Point


@dataclass(frozen=True, slots=True)
class FigurePose:
    """One moment.

    Attributes
    ----------
    side_view : mapping of Side to LegPoints
        x forward. Empty while the angles are not known.
    behind_view : mapping of Side to LegPoints
        x to the right, as seen from behind.
    side_neck, behind_neck : Point
        Upper end of the trunk.
    knee_known : mapping of Side to bool
        False where no shank sensor measures the knee.
    stance : mapping of Side to bool
    """

    side_view: dict[Side, LegPoints] = field(default_factory=dict)
    behind_view: dict[Side, LegPoints] = field(default_factory=dict)
    side_neck: Point = (0.0, 0.0)
    behind_neck: Point = (0.0, 0.0)
    knee_known: dict[Side, bool] = field(default_factory=dict)
    stance: dict[Side, bool] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        return bool(self.side_view)


def figure_pose(angles: FloatArray, stance: dict[Side, bool]) -> FigurePose:
    """The figure for one row of the angle series.

    Parameters
    ----------
    angles : ndarray, shape (len(ANGLE_COLUMNS),)
        Degrees; NaN where not known.
    stance : dict of Side to bool
        Which feet are on the ground.
    """

    def angle(name: str) -> float:
        value = float(angles[_COLUMN[name]])
        return radians(value) if isfinite(value) else 0.0

    leans = {s: float(angles[_COLUMN[f"thigh_inclination_{s}_deg"]]) for s in Side}
    if not all(map(isfinite, leans.values())):
        return FigurePose(stance=stance)
    tilt, obliquity = angle("pelvis_tilt_deg"), angle("pelvis_obliquity_deg")
    side_view: dict[Side, LegPoints] = {}
    behind_view: dict[Side, LegPoints] = {}
    known: dict[Side, bool] = {}
    for side in Side:
        outward = 1.0 if side is Side.RIGHT else -1.0
        knee_deg = float(angles[_COLUMN[f"knee_flexion_{side}_deg"]])
        known[side] = isfinite(knee_deg)
        thigh = radians(leans[side])
        shank = thigh - (radians(knee_deg) if known[side] else 0.0)
        side_view[side] = _leg((0.0, 0.0), thigh, shank)
        hip = (outward * HALF_PELVIS_M * cos(obliquity), outward * HALF_PELVIS_M * sin(obliquity))
        # The thigh hangs at right angles to the pelvis, less what it leans inward.
        lean = obliquity - outward * angle(f"hip_adduction_{side}_deg")
        foreshortened = (THIGH_M * cos(thigh), SHANK_M * cos(shank))
        behind_view[side] = _leg(hip, lean, 0.5 * lean, *foreshortened)
    side_view, lift = _on_the_floor(side_view)
    behind_view, lift_behind = _on_the_floor(behind_view)
    return FigurePose(
        side_view,
        behind_view,
        (TRUNK_M * sin(0.5 * tilt), lift + TRUNK_M * cos(0.5 * tilt)),
        (-TRUNK_M * sin(0.3 * obliquity), lift_behind + TRUNK_M),
        known,
        stance,
    )


def _leg(
    hip: Point, upper: float, lower: float, thigh_m: float = THIGH_M, shank_m: float = SHANK_M
) -> LegPoints:
    """A leg hanging from the hip; angles from the vertical, + moves the far end along +x."""
    knee = (hip[0] + thigh_m * sin(upper), hip[1] - thigh_m * cos(upper))
    ankle = (knee[0] + shank_m * sin(lower), knee[1] - shank_m * cos(lower))
    return LegPoints(hip, knee, ankle)


def _on_the_floor(legs: dict[Side, LegPoints]) -> tuple[dict[Side, LegPoints], float]:
    """The legs lifted so that the lower ankle is on the floor, and by how much."""
    lift = -min(leg.ankle[1] for leg in legs.values())
    lifted = {
        side: LegPoints(*((x, y + lift) for x, y in (leg.hip, leg.knee, leg.ankle)))
        for side, leg in legs.items()
    }
    return lifted, lift
