"""What all detectors share: when nothing may be judged, and how a finding is put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.decision import Decision
from pipeline.detectors.evidence import WalkEvidence, as_evidence
from pipeline.gait import Curve, Plane
from pipeline.norms import SPEED_RANGE
from pipeline.results import Evidence, Finding, Verdict
from recordings.placement import Placement, Side

STRIDES_FOR_ANGLES = 20
"""Steady strides a side (PMC7558375, Riva 2014; the number is a design choice)."""
STRIDES_FOR_ASYMMETRY = 30
ADULT_FROM_YEARS = 18.0
AXIS_ERROR_HALVING_DEG = 10.0
"""Axis error at which the confidence in an angle out of the sagittal plane is halved."""
LEG_TRAILS_FROM, LEG_TRAILS_TO = 28, 70
"""Per cent of the cycle within which a hip extends furthest: 50–54 in usual walking, as early
as 33 over a knee that goes far past straight."""
LEG_LEADS_FROM, LEG_LEADS_TO = 70, 12
"""Per cent of the cycle within which, over the contact, a hip bends furthest: usually 80–90."""
ONLY_PART = "Sensors see only part of a walk."


@dataclass(frozen=True, slots=True)
class Question:
    """What a detector asks, and what it needs before it may answer.

    Attributes
    ----------
    detector : str
    measure : str
        Feature that would decide.
    about : str
        The question in plain words, to follow "nothing can be said about".
    placements : tuple of Placement
    plane : Plane or None
    strides_needed : int
    """

    detector: str
    measure: str
    about: str
    placements: tuple[Placement, ...]
    plane: Plane | None
    strides_needed: int

    def unanswered(
        self,
        reason: str,
        sentence: str,
        *,
        side: Side | None,
        strides: int,
        hint: bool = False,
        confidence: float = 0.0,
        evidence: tuple[Evidence, ...] = (),
    ) -> Finding:
        """A finding that cannot be judged."""
        return Finding(
            detector=self.detector,
            measure=self.measure,
            side=side,
            verdict=Verdict.CANNOT_JUDGE,
            reason=reason,
            value=math.nan,
            error=math.nan,
            usual=None,
            threshold=math.nan,
            confidence=confidence,
            strides=strides,
            strides_needed=self.strides_needed,
            sentence=sentence,
            hint=hint,
            evidence=evidence,
        )

    def obstacle(self, walk: WalkEvidence, side: Side | None) -> Finding | None:
        """Why this walk cannot answer; None if it can.

        A walk without a standing pose has no zero and yields no finding at all, not even
        about timing: nothing shows that the sensors sat where they should.
        """
        strides = fewest_strides(walk, side)
        found = self._obstacle(walk, strides)
        return None if found is None else self.unanswered(*found, side=side, strides=strides)

    def _obstacle(self, walk: WalkEvidence, strides: int) -> tuple[str, str] | None:
        missing = [p.label for p in self.placements if p not in walk.placements]
        if missing:
            return "sensor_not_worn", (
                f"Without a sensor on the {' and the '.join(missing)}, nothing can be said "
                f"about {self.about}."
            )
        if walk.calibration is not None and walk.calibration.unfit:
            return "unfit", f"Nothing can be said about {self.about}. {walk.calibration.unfit}"
        if not walk.has_standing_zero:
            return "no_standing_zero", (
                f"The recording has no standing pose before the walk, so nothing can be said "
                f"about {self.about}. Stand still for five seconds first next time."
            )
        age = walk.wearer.age_years
        if age is not None and age < ADULT_FROM_YEARS:
            return "age_below_18", (
                f"Usual values here are those of adults, so nothing is said about {self.about}."
            )
        if self.plane is not None and (why := walk.refusal(self.plane)) is not None:
            return "plane_refused", f"Nothing can be said about {self.about}. {why}".strip()
        if strides < self.strides_needed:
            return "too_few_strides", too_few(strides, self.strides_needed)
        if not strides_make_sense(walk):
            return "strides_implausible", (
                f"The steps in this walk could not be told apart reliably, so nothing can be said "
                f"about {self.about}. Fasten the sensors and walk straight once more."
            )
        if not walk.context.speed_in_range:
            pace = "slow" if walk.context.v_star < SPEED_RANGE.low else "fast"
            return "speed_out_of_range", (
                f"This walk was too {pace} to compare with usual walking, so nothing is said "
                f"about {self.about}."
            )
        return None

    def undecided(self, decision: Decision, side: Side | None, strides: int) -> Finding | None:
        """The finding where a number is missing rather than a decision; None otherwise."""
        if decision.reason == "too_few_strides":
            sentence = too_few(strides, self.strides_needed)
            return self.unanswered(decision.reason, sentence, side=side, strides=strides)
        return self.not_measured(side, strides) if decision.reason == "not_measured" else None

    def not_measured(self, side: Side | None, strides: int) -> Finding:
        return self.unanswered(
            "not_measured",
            f"The sensors did not give the numbers needed, so nothing can be said about "
            f"{self.about}.",
            side=side,
            strides=strides,
        )


def fewest_strides(walk: WalkEvidence, side: Side | None) -> int:
    """Steady strides of a side, or of the side with fewer."""
    sides = [side] if side is not None else list(Side)
    return min(walk.steady_strides.get(s, 0) for s in sides)


def strides_make_sense(walk: WalkEvidence) -> bool:
    """Whether each leg trails furthest in stance and leads furthest in swing.

    Contacts that were taken for those of the other foot, or put half-way through a step, shift
    every curve: a knee bent in swing then stands where the straight knee of stance should be.
    """
    curves = (c[Curve.HIP_FLEXION][0] for c in walk.mean_curves.values() if Curve.HIP_FLEXION in c)
    return all(
        LEG_TRAILS_FROM <= np.argmin(c) <= LEG_TRAILS_TO
        and not LEG_LEADS_TO < np.argmax(c) < LEG_LEADS_FROM
        for c in curves
    )


def too_few(strides: int, needed: int) -> str:
    return f"{strides} of {needed} steady strides a side: walk on a little in a straight line."


def whole(number: float) -> str:
    """A number for a sentence, without decimals and without a minus before zero."""
    return f"{round(number) + 0:d}"


def stride_quality(strides: int, needed: int) -> float:
    """Half at the strides needed, whole at twice as many."""
    return min(1.0, strides / (2.0 * needed))


def axis_quality(axis_error_deg: float) -> float:
    return 1.0 / (1.0 + (axis_error_deg / AXIS_ERROR_HALVING_DEG) ** 2)


def gathered(
    walk: WalkEvidence, names: Sequence[str], sides: Iterable[Side | None]
) -> tuple[Evidence, ...]:
    """Evidence of features, as far as they were measured, in the order of the names."""
    sides = tuple(sides)
    found = (walk.get(name, side) for name in names for side in sides)
    return tuple(as_evidence(s) for s in found if s is not None)
