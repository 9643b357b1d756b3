"""Do the left and the right leg walk alike? (F28–F31, and angle differences in degrees)

Timing. A contact has a bias that is constant for a leg; 25 ms more on one side looks like 9 %
of step time. So step time has two witnesses: initial contacts, and final contacts, which such
a bias does not touch. Both must show a step-time difference before it is present; final
contacts must, before a difference of stance or swing is (these rest on both contacts of a
foot). The witnesses have the same sign when one leg is late as a whole and opposite signs when
one leg's stance is cut short, so only their size is compared. Sizes that agree are brought
together; where shanks are worn and they do not, initial contacts say how long a step took, and
stance and swing the rest. Without shank sensors initial contacts come from the braking of the
pelvis, which hides half of an uneven step and more: they count less then, and every difference
that rests on them is in greater doubt.

Movement. Ranges of hip and knee, right minus left, in degrees: never a percentage of an angle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.decision import Decision, Threshold, decide
from pipeline.detectors.evidence import WalkEvidence, half_width
from pipeline.detectors.judging import (
    ONLY_PART,
    STRIDES_FOR_ASYMMETRY,
    Question,
    fewest_strides,
    gathered,
    stride_quality,
    whole,
)
from pipeline.features.base import Feature
from pipeline.features.hip_sagittal import HIP_EXTENSION_DIFFERENCE, HIP_RANGE_DIFFERENCE
from pipeline.features.knee import KNEE_SWING_DIFFERENCE
from pipeline.features.pelvis_frontal import DROP_DIFFERENCE
from pipeline.features.timing import (
    SINGLE_SUPPORT_ASYMMETRY,
    STANCE_ASYMMETRY,
    STEP_TIME_ASYMMETRY,
    STEP_TIME_ASYMMETRY_FINAL_CONTACT,
    SWING_ASYMMETRY,
)
from pipeline.gait import Plane
from pipeline.norms import ZeroConvention
from pipeline.results import FeatureStatistics, Finding, Interval, Verdict
from recordings.placement import REQUIRED_PLACEMENTS, SHANK_PLACEMENTS, Side

NAME = "gait_asymmetry"
AGREEMENT_PERCENT = 5.0
"""A witness must show at least this much, strides' confidence included, to agree."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One difference between the legs.

    Attributes
    ----------
    threshold : Threshold
    words : str
        What the leg with the smaller value did, with {side}, {other} and {size}.
    """

    threshold: Threshold
    words: str

    @property
    def feature(self) -> Feature:
        return self.threshold.feature


def _difference(feature: Feature, value: float, why: str) -> Threshold:
    return Threshold(feature, value, ZeroConvention.NONE, why=why)


STEP = Measure(
    _difference(
        STEP_TIME_ASYMMETRY, 10.0, "10 % separates walkers and flags no usual one (Hodt-Billington)"
    ),
    "your {side} step took about {size} % less time than your {other} one",
)
STANCE = Measure(
    _difference(STANCE_ASYMMETRY, 10.0, "As for step time"),
    "you stood about {size} % less time on your {side} leg than on your {other} one",
)
SWING = Measure(
    _difference(
        SWING_ASYMMETRY,
        14.0,
        "Swing is two thirds of stance: 10 % of stance is 15 % of swing; the error of two "
        "contacts is 8 %, so that 12 % would not find twice itself",
    ),
    "your {side} leg swung forward in about {size} % less time than your {other} one",
)
HIP = Measure(
    _difference(
        HIP_RANGE_DIFFERENCE,
        10.0,
        "Three SD of usual differences (3°); twice that is found despite the error of 5°",
    ),
    "your {side} hip moved through about {size}° less than your {other} one",
)
KNEE = Measure(
    _difference(KNEE_SWING_DIFFERENCE, 10.0, "As for the hip"),
    "your {side} knee bent about {size}° less in swing than your {other} one",
)
THRESHOLDS = tuple(m.threshold for m in (STEP, STANCE, SWING, HIP, KNEE))
TIMING = Question(
    detector=NAME,
    measure=STEP_TIME_ASYMMETRY.name,
    about="how alike your left and right steps are",
    placements=REQUIRED_PLACEMENTS,
    plane=None,
    strides_needed=STRIDES_FOR_ASYMMETRY,
)
MOVEMENT = Question(
    detector=NAME,
    measure=HIP_RANGE_DIFFERENCE.name,
    about="how alike your left and right leg move",
    placements=REQUIRED_PLACEMENTS,
    plane=Plane.SAGITTAL,
    strides_needed=STRIDES_FOR_ASYMMETRY,
)


@dataclass(frozen=True, slots=True)
class _Judged:
    measure: Measure
    statistics: FeatureStatistics
    decision: Decision
    value: float

    @property
    def present(self) -> bool:
        return self.decision.verdict is Verdict.PRESENT

    @property
    def margin(self) -> float:
        """How far the value lies beyond its threshold, in error half-widths."""
        return (self.value - self.measure.threshold.at_free_speed) / max(self.decision.error, 1e-9)

    @property
    def smaller_side(self) -> Side:
        return Side.LEFT if self.statistics.mean > 0 else Side.RIGHT


def detect(walk: WalkEvidence) -> tuple[Finding, ...]:
    """Two findings: one on timing, one on movement; their side is the smaller one."""
    return _timing(walk), _movement(walk)


def _timing(walk: WalkEvidence) -> Finding:
    obstacle = TIMING.obstacle(walk, None)
    if obstacle is not None:
        return obstacle
    strides = fewest_strides(walk, None)
    contacts = walk.get(STEP_TIME_ASYMMETRY.name)
    final_contacts = walk.get(STEP_TIME_ASYMMETRY_FINAL_CONTACT.name)
    if contacts is None or final_contacts is None:
        return TIMING.not_measured(None, strides)
    shanks = set(SHANK_PLACEMENTS) <= set(walk.placements)
    step = _judge_step(walk, contacts, final_contacts, contacts_suffice=shanks)
    phases = [
        _judge(walk, measure, statistics)
        for measure in (STANCE, SWING)
        if (statistics := walk.get(measure.feature.name)) is not None
    ]
    names = (
        STEP_TIME_ASYMMETRY.name,
        STEP_TIME_ASYMMETRY_FINAL_CONTACT.name,
        STANCE_ASYMMETRY.name,
        SWING_ASYMMETRY.name,
        SINGLE_SUPPORT_ASYMMETRY.name,
    )
    confirmed = _shows(final_contacts)
    # Which step is the quick one is told by initial contacts alone: from the pelvis they may
    # even have the wrong sign.
    sided = shanks or abs(contacts.mean) > contacts.error
    both = confirmed and _shows(contacts) and sided
    doubtful = [j for j in phases if j.present and not confirmed]
    doubtful += [step] if step.present and not both else []
    judged = [j for j in (step, *phases) if j not in doubtful]
    contacts_alone = _judge(walk, STEP, contacts).present and not confirmed
    if (doubtful or contacts_alone) and not any(j.present for j in judged):
        return TIMING.unanswered(
            "landmarks_disagree",
            "The two ways to time your steps disagree in this walk: by the feet touching down and "
            "by the feet leaving the ground, left and right differ by unlike amounts. So nothing "
            "can be said about how alike your steps are.",
            side=None,
            strides=strides,
            evidence=gathered(walk, names, (None,)),
        )
    return _finding(walk, TIMING, judged, names, strides)


def _shows(witness: FeatureStatistics) -> bool:
    """Whether step time by one kind of contact differs at all, strides' doubt included."""
    return abs(witness.mean) - half_width(witness) > AGREEMENT_PERCENT


def _judge_step(
    walk: WalkEvidence,
    contacts: FeatureStatistics,
    final_contacts: FeatureStatistics,
    *,
    contacts_suffice: bool,
) -> _Judged:
    """Step time by both witnesses: their sizes, weighted by how well each is known."""
    apart = abs(abs(contacts.mean) - abs(final_contacts.mean))
    if contacts_suffice and apart > math.hypot(contacts.error, final_contacts.error):
        return _judge(walk, STEP, contacts)
    share = final_contacts.error**2 / (final_contacts.error**2 + contacts.error**2)
    weights = (share, 1.0 - share)
    pair = (contacts, final_contacts)
    value = sum(w * abs(s.mean) for w, s in zip(weights, pair, strict=True))
    error = math.hypot(*(w * s.error for w, s in zip(weights, pair, strict=True)))
    strides = math.hypot(*(w * half_width(s) for w, s in zip(weights, pair, strict=True)))
    return _judge(walk, STEP, contacts, value=value, stride_error=strides, error=error)


def _judge(
    walk: WalkEvidence,
    measure: Measure,
    statistics: FeatureStatistics,
    *,
    value: float | None = None,
    stride_error: float | None = None,
    error: float | None = None,
) -> _Judged:
    size = abs(statistics.mean) if value is None else value
    decision = decide(
        size,
        stride_error=half_width(statistics) if stride_error is None else stride_error,
        measurement_error=statistics.error if error is None else error,
        threshold=measure.threshold.at(walk.context),
        worse=measure.threshold.worse,
        usual=statistics.usual,
        strides=statistics.n,
        strides_needed=STRIDES_FOR_ASYMMETRY,
    )
    return _Judged(measure, statistics, decision, size)


def _movement(walk: WalkEvidence) -> Finding:
    obstacle = MOVEMENT.obstacle(walk, None)
    if obstacle is not None:
        return obstacle
    measures = [HIP, KNEE] if set(SHANK_PLACEMENTS) <= set(walk.placements) else [HIP]
    judged = [
        _judge(walk, measure, statistics)
        for measure in measures
        if (statistics := walk.get(measure.feature.name)) is not None
    ]
    strides = fewest_strides(walk, None)
    if not judged:
        return MOVEMENT.not_measured(None, strides)
    names = (
        HIP_RANGE_DIFFERENCE.name,
        KNEE_SWING_DIFFERENCE.name,
        HIP_EXTENSION_DIFFERENCE.name,
        DROP_DIFFERENCE.name,
    )
    return _finding(walk, MOVEMENT, judged, names, strides)


def _finding(
    walk: WalkEvidence,
    question: Question,
    judged: list[_Judged],
    names: tuple[str, ...],
    strides: int,
) -> Finding:
    """The finding of the measure that is furthest beyond, or nearest to, its threshold."""
    beyond = [j for j in judged if j.present]
    known = [j for j in judged if j.decision.verdict is not Verdict.CANNOT_JUDGE]
    chosen = max(beyond or known or judged, key=lambda j: j.margin)
    name = chosen.statistics.feature
    undecided = question.undecided(chosen.decision, None, chosen.statistics.n)
    if undecided is not None:
        return undecided
    cannot = chosen.decision.verdict is Verdict.CANNOT_JUDGE
    usual = chosen.statistics.usual
    return Finding(
        detector=NAME,
        measure=name,
        side=chosen.smaller_side if chosen.present else None,
        verdict=chosen.decision.verdict,
        reason=chosen.decision.reason,
        value=chosen.value,
        error=chosen.decision.error,
        usual=None if usual is None else Interval(0.0, usual.high),
        threshold=chosen.measure.threshold.at(walk.context),
        confidence=0.0
        if cannot
        else chosen.decision.confidence * stride_quality(strides, STRIDES_FOR_ASYMMETRY),
        strides=strides,
        strides_needed=STRIDES_FOR_ASYMMETRY,
        sentence=_sentence(chosen, question),
        evidence=gathered(walk, (name, *(n for n in names if n != name)), (None,)),
    )


def _sentence(judged: _Judged, question: Question) -> str:
    side, unit = judged.smaller_side, "%" if question is TIMING else "°"
    gap = " " if unit == "%" else ""
    error = f"±{whole(judged.decision.error)}{gap}{unit}"
    did = judged.measure.words.format(side=side, other=side.other, size=whole(judged.value))
    if judged.present:
        usual = judged.statistics.usual
        within = f" (usually within {whole(usual.high)}{gap}{unit})" if usual is not None else ""
        return f"In this walk {did}{within}."
    if judged.decision.verdict is Verdict.CANNOT_JUDGE:
        return (
            f"The numbers are too rough in this walk ({error}), so nothing can be said about "
            f"{question.about}."
        )
    if judged.decision.reason == "within_error":
        return (
            f"In this walk {did}, which is within what these sensors can tell ({error}). Walk "
            f"once more to see it more clearly."
        )
    what = "timing of your steps" if question is TIMING else "movement of your legs"
    return (
        f"In this walk no marked left–right difference was seen in the {what}: at most about "
        f"{whole(max(1.0, judged.value))}{gap}{unit}. {ONLY_PART}"
    )
