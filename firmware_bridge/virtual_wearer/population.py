"""Draw people: who differs from whom, and by how much.

The spread between people is stated here, and is wider or narrower than the standard
deviations from which a detector may take its thresholds: it is put together from its causes
(posture, range, timing, body), not from the features. Sources: Schwartz, Rozumalski & Trost
2008 for joint angles (SD of 5–6° sagittal includes marker placement, of which a person's own
posture is the smaller part). Contact against the zero crossing of forward acceleration: SD
between people 13 ms in 19 volunteers (Voisard et al., IPOL data set), 27 ms in six others
with thigh or lower-back sensors (Mobilise-D, qmt, Stanford FOG; three are patients, and their
references err by 10–20 ms themselves); pooled 17 ms about 31 ms. People here have 20 ms and
lie within ±40 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.spec import (
    Deviation,
    Person,
    Sensors,
    Spec,
    Stand,
    TimelineItem,
    UTurn,
    Walk,
)
from recordings.placement import Placement, Side


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations between usual people, unless said otherwise."""

    height_m: float = 0.065
    speed_m_s: tuple[float, float] = (0.6, 1.6)
    """Uniform between these."""
    standing_tilt_deg: float = 4.5
    tilt_offset_deg: float = 1.5
    hip_offset_deg: float = 2.0
    hip_range_ratio: float = 0.06
    standing_knee_deg: float = 2.5
    knee_stance_deg: float = 2.0
    knee_loading_deg: float = 3.0
    knee_swing_deg: float = 3.5
    obliquity_ratio: float = 0.22
    rotation_ratio: float = 0.28
    hip_rotation_ratio: float = 0.35
    cadence_ratio: float = 0.035
    step_width_m: float = 0.022
    toe_out_deg: float = 4.0
    contact_lag_s: float = 0.020
    """People lie within ±40 ms."""
    ap_ratio: float = 0.12
    sway_ratio: float = 0.20
    own_asymmetry: float = 1.0
    """Scale of the small asymmetry that every usual walker has."""
    mounting_deg: float = 20.0
    soft_tissue: float = 0.25
    """Around 1."""


THREE_MINUTES: tuple[TimelineItem, ...] = (
    Stand(duration_s=8.0, calibration=True),
    Walk(duration_s=54.0),
    UTurn(towards="left"),
    Walk(duration_s=54.0),
    UTurn(towards="right"),
    Walk(duration_s=54.0),
    Stand(duration_s=4.0),
)


def draw_spec(
    seed: int,
    *,
    spread: Spread | None = None,
    deviations: tuple[Deviation, ...] = (),
    timeline: tuple[TimelineItem, ...] = THREE_MINUTES,
    sensors: Sensors | None = None,
) -> Spec:
    """One person drawn from the population; the same seed gives the same person.

    Parameters
    ----------
    seed : int
    spread : Spread, optional
        How far people lie apart.
    deviations : tuple of Deviation
        What this person has beyond the usual.
    timeline : tuple of TimelineItem
    sensors : Sensors, optional
        Its `mounting_deg` and `soft_tissue` are replaced by drawn ones.
    """
    s = spread or Spread()
    rng = np.random.default_rng([seed, 77])
    female = bool(rng.random() < 0.5)

    def normal(mean: float, sd: float, reach: float = 2.5) -> float:
        """A normal draw, redrawn into ±`reach` SD: nobody is impossible."""
        return round(float(mean + sd * np.clip(rng.standard_normal(), -reach, reach)), 4)

    knee = normal(1.5, s.standing_knee_deg)
    person = Person(
        name=f"virtual person {seed}",
        sex="female" if female else "male",
        height_m=normal(1.65 if female else 1.78, s.height_m),
        age_years=float(rng.integers(20, 80)),
        mass_kg=normal(68 if female else 80, 11),
        speed_m_s=round(float(rng.uniform(*s.speed_m_s)), 3),
        standing_tilt_deg=normal(10.5, s.standing_tilt_deg),
        tilt_offset_deg=0.0,
        hip_offset_deg=normal(0.0, s.hip_offset_deg),
        hip_range_ratio=normal(1.0, s.hip_range_ratio),
        standing_knee_left_deg=normal(knee, 0.8),
        standing_knee_right_deg=normal(knee, 0.8),
        knee_stance_deg=normal(0.0, s.knee_stance_deg),
        knee_loading_deg=normal(0.0, s.knee_loading_deg),
        knee_swing_deg=normal(0.0, s.knee_swing_deg),
        obliquity_ratio=normal(1.06 if female else 0.94, s.obliquity_ratio),
        rotation_ratio=normal(1.0, s.rotation_ratio),
        hip_rotation_ratio=normal(1.0, s.hip_rotation_ratio),
        cadence_ratio=normal(1.03 if female else 0.98, s.cadence_ratio),
        step_width_m=max(0.04, normal(0.10, s.step_width_m)),
        toe_out_left_deg=normal(6.0, s.toe_out_deg),
        toe_out_right_deg=normal(6.0, s.toe_out_deg),
        contact_lag_s=normal(0.030, s.contact_lag_s, reach=2.0),
        sway_ratio=normal(1.0, s.sway_ratio),
        ap_ratio=normal(1.0, s.ap_ratio),
        step_time_cv=abs(normal(0.016, 0.004)),
        step_length_cv=abs(normal(0.02, 0.005)),
    )
    # What the standing pelvis has, the walking pelvis has too.
    tilt = person.standing_tilt_deg - 10.5 + normal(0.0, s.tilt_offset_deg)
    person = msgspec.structs.replace(person, tilt_offset_deg=round(tilt, 4))
    worn = msgspec.structs.replace(
        sensors or Sensors(),
        mounting_deg=s.mounting_deg,
        soft_tissue=max(0.0, normal(1.0, s.soft_tissue)),
    )
    return Spec(
        name=f"person_{seed:05d}",
        seed=seed,
        person=person,
        deviations=(*_own_asymmetry(rng, s.own_asymmetry), *deviations),
        timeline=timeline,
        sensors=worn,
    )


def without_shanks(sensors: Sensors) -> Sensors:
    """The same sensors, pelvis and thighs only."""
    three = (Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT)
    return msgspec.structs.replace(sensors, placements=three)


def _own_asymmetry(rng: np.random.Generator, scale: float) -> tuple[Deviation, ...]:
    """Nobody is symmetric: small, random, both signs (index of step time SD 1.2 %)."""
    if scale == 0.0:
        return ()
    sizes = {
        "step_time_asymmetry": 1.2,
        "pelvic_drop": 0.8,
        "hip_adduction": 1.0,
        "hip_internal_rotation": 1.2,
        "knee_hyperextension": 1.2,
    }
    return tuple(
        Deviation(
            kind=kind, side=Side.RIGHT, amount=round(float(scale * sd * rng.standard_normal()), 3)
        )
        for kind, sd in sizes.items()
    )
