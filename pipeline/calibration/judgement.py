"""Judgement: which planes a calibration allows, and why not the others.

Each refusal names the sensor and what to do. A plane that is refused takes those with it that
are built on it: sagittal, frontal, transverse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.gait import Plane
from recordings.placement import SHANKS, THIGHS, Placement, Side

MIN_SWING_SHARE = 0.65
"""A thigh that leans inward by 20° in stance still shows 0.73; two recordings 0.89–0.94."""

MIN_SIGN_SCORE = 0.3
MIN_ANTIPHASE = 0.3
SWAP_SCORE = 0.5
"""Of the correlation between sway and swing: −0.7 … −1.0 as worn, as much positive if swapped."""

MIN_SWAP_S = 3.0
"""Three strides: in less, the first steps after standing sway like swapped legs."""

MAX_PELVIS_SWING = 0.9
"""How fast a pelvis turns, against the slower thigh: 0.23–0.41 in virtual walkers with any
deviation, 0.23 and 0.25 in two recordings; a shank or thigh in its place 1.6 and more."""

MAX_THIGH_SWING = 1.3
"""How fast a thigh turns, against its shank: 0.55–0.67 in usual virtual walkers, at most 0.86 with
any deviation, 0.51–0.66 in two recordings; exchanged at least 1.5."""

MAX_FRONTAL_ERROR_DEG = {"thigh": 8.0, "pelvis": 20.0}
"""Thigh: beyond it the false adduction of a 40° swing exceeds 5.5°, and nothing frontal can be
said. Pelvis: it tips by only ±3°, of which 20° leak 1° into its obliquity; the hips do not feel
it, because thigh and pelvis are brought together by how they walk."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the solver found out about a calibration.

    Attributes
    ----------
    antiphase : float
        +1 where the thighs swing exactly against each other.
    pelvis_sign, thigh_signs : float
        How certain it is which way a sensor faces, 0–1 and more.
    swing_shares : mapping of Placement to float
        Part of a thigh's swing that lies in one plane.
    swap : float
        + if the pelvis sways as if left and right were exchanged.
    straight_s : float
    errors_deg : mapping of Placement to float
        Standard error of each sensor's axis.
    stood_still : bool
    swing_rates_rad_s : mapping of Placement to float
        How fast each sensor turns across its long axis, root mean square.
    """

    antiphase: float
    pelvis_sign: float
    thigh_signs: Mapping[Side, float]
    swing_shares: Mapping[Placement, float]
    swap: float
    straight_s: float
    errors_deg: Mapping[Placement, float]
    stood_still: bool
    swing_rates_rad_s: Mapping[Placement, float]


def refused_planes(scores: Scores) -> dict[Plane, str]:
    """Planes that must not be used, each with the first reason found."""
    sagittal = list(_against_sagittal(scores))
    frontal = [*_against_frontal(scores), *sagittal]
    if not scores.stood_still:
        sagittal.append(NOBODY_STOOD)
        frontal.append(NOBODY_STOOD)
    reasons = {Plane.SAGITTAL: sagittal, Plane.FRONTAL: frontal, Plane.TRANSVERSE: frontal}
    return {plane: texts[0] for plane, texts in reasons.items() if texts}


def exchanged_sensors(scores: Scores) -> str:
    """A sentence if sensors are worn in each other's places; empty if not, or if unknown."""
    if scores.straight_s < MIN_SWAP_S:
        return ""
    rates = scores.swing_rates_rad_s
    if rates[Placement.PELVIS] > MAX_PELVIS_SWING * min(rates[t] for t in THIGHS.values()):
        return (
            "The sensor at the pelvis swings like one on a leg: two sensors seem to be swapped. "
            "Check which is worn where and analyse again."
        )
    for side in Side:
        thigh, shank = THIGHS[side], SHANKS[side]
        if shank in rates and rates[thigh] > MAX_THIGH_SWING * rates[shank]:
            return (
                f"The {thigh.label} sensor swings faster than the {shank.label} sensor: the two "
                "seem to be swapped. Exchange them and analyse again."
            )
    return _swapped_legs(scores)


def _swapped_legs(scores: Scores) -> str:
    """A sentence if left and right were exchanged; empty if not, or if it cannot be told."""
    if (
        scores.swap <= SWAP_SCORE
        # A pelvis sensor that faces the other way looks the same.
        or scores.pelvis_sign < MIN_SIGN_SCORE
        or any(_against_sagittal(scores))
    ):
        return ""
    return (
        "The left and the right thigh sensor seem to be swapped: the pelvis sways away from the "
        "leg that should stand. Exchange the two and analyse again."
    )


NOBODY_STOOD = (
    "Nobody stood still before or after walking, so no angle has a zero: stand upright and quiet "
    "for five seconds, then walk."
)


def _against_sagittal(scores: Scores) -> Iterator[str]:
    for placement, share in scores.swing_shares.items():
        if share < MIN_SWING_SHARE:
            yield f"The {placement.label} does not swing in one plane (share {share:.2f})."
    if scores.antiphase < MIN_ANTIPHASE:
        yield (
            "The thighs do not swing in turn as in walking; was this a walk with pauses, turns or "
            "shuffling steps? Walk straight ahead for ten strides."
        )
    for side, score in scores.thigh_signs.items():
        if score < MIN_SIGN_SCORE:
            yield (
                f"It is not clear which way is forward for the {side} thigh sensor "
                f"(score {score:.2f}): the steps are too irregular."
            )


def _against_frontal(scores: Scores) -> Iterator[str]:
    if scores.pelvis_sign < MIN_SIGN_SCORE:
        yield f"It is not clear which way the pelvis sensor faces (score {scores.pelvis_sign:.2f})."
    for placement, error_deg in scores.errors_deg.items():
        segment = placement.value.split("_")[0]
        if error_deg > MAX_FRONTAL_ERROR_DEG.get(segment, np.inf):
            yield (
                f"The axis of the {placement.label} sensor is known to only "
                f"±{min(error_deg, 90):.0f}°: more straight walking is needed."
            )
