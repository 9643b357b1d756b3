"""Does a knee go past straight while it carries the body? (F20–F27)

With shank sensors the knee is measured. It is counted from the standing pose, so a knee that
is past straight while calibrating would read as straight: a second zero, entered by hand,
lifts that, and without one the sentence says so. Without shank sensors the thigh gives a hint
at most, never an angle, with a confidence of 0.35 at most.
"""

from __future__ import annotations

import math
from dataclasses import replace

from pipeline.decision import Decision, Threshold, decide
from pipeline.detectors.evidence import WalkEvidence, half_width
from pipeline.detectors.judging import (
    ONLY_PART,
    STRIDES_FOR_ANGLES,
    Question,
    fewest_strides,
    gathered,
    stride_quality,
    whole,
)
from pipeline.features.knee import (
    KNEE_EXCURSION,
    KNEE_EXTENSION_SPEED,
    KNEE_LOADING,
    KNEE_MIN_STANCE,
    KNEE_SWING,
    STANDING_KNEE,
)
from pipeline.features.thigh_snapback import (
    SNAP_PHASE,
    SNAP_VELOCITY,
    THIGH_MIDSTANCE,
    VIRTUAL_KNEE,
)
from pipeline.gait import Plane
from pipeline.norms import NormContext, ZeroConvention
from pipeline.results import Evidence, FeatureStatistics, Finding, Verdict
from recordings.placement import REQUIRED_PLACEMENTS, SHANKS, Side

NAME = "knee_hyperextension"
CLINICAL_THRESHOLD_DEG = -5.0
SEVERE_DEG = -15.0
PAST_STRAIGHT = Threshold(
    KNEE_MIN_STANCE,
    CLINICAL_THRESHOLD_DEG,
    ZeroConvention.STANDING,
    why="Past straight by more than 5°; moderate up to 15°, marked beyond (clinical classes)",
)
STANDING_PAST_STRAIGHT = Threshold(
    STANDING_KNEE,
    CLINICAL_THRESHOLD_DEG,
    ZeroConvention.ANATOMICAL,
    why="As in walking",
)
THRESHOLDS = (PAST_STRAIGHT, STANDING_PAST_STRAIGHT)
SECOND_ZERO_ERROR_DEG = 2.8
"""95 % error of a knee angle read by hand."""
HINT_CONFIDENCE_CAP = 0.35
EARLY_SNAP_PERCENT = 15.0
EARLY_SNAP_DEG_S = -140.0
SIDE_DIFFERENCE_DEG_S = 20.0
"""Smallest difference of F25 that is more than noise."""

QUESTION = Question(
    detector=NAME,
    measure=KNEE_MIN_STANCE.name,
    about="how straight your knees get",
    placements=REQUIRED_PLACEMENTS,
    plane=Plane.SAGITTAL,
    strides_needed=STRIDES_FOR_ANGLES,
)
LOCKED_WHILE_STANDING = (
    "If you stood with locked knees while calibrating, it would not show: enter the knee angle "
    "of that pose to lift this."
)
ADD_SHANK = "Add a shank sensor to measure the knee."


def detect(walk: WalkEvidence) -> tuple[Finding, ...]:
    """One finding a side; one more where the standing knee was entered."""
    walking = tuple(_judge_side(walk, side) for side in Side)
    standing = (_judge_standing(walk, side) for side in Side)
    return walking + tuple(finding for finding in standing if finding is not None)


def _judge_side(walk: WalkEvidence, side: Side) -> Finding:
    obstacle = QUESTION.obstacle(walk, side)
    if SHANKS[side] not in walk.placements:
        if obstacle is None:
            return _hint(walk, side)
        return replace(obstacle, hint=True)
    return _measured(walk, side) if obstacle is None else obstacle


def second_zero_deg(walk: WalkEvidence, side: Side) -> float | None:
    """The entered knee angle of the standing pose; None if nobody entered one."""
    zero = walk.settings.second_zero
    return zero.knee_flexion_left_deg if side is Side.LEFT else zero.knee_flexion_right_deg


def _measured(walk: WalkEvidence, side: Side) -> Finding:
    knee = walk.get(KNEE_MIN_STANCE.name, side)
    if knee is None:
        return QUESTION.not_measured(side, fewest_strides(walk, side))
    entered = second_zero_deg(walk, side)
    value = knee.mean + (entered or 0.0)
    error = math.hypot(knee.error, SECOND_ZERO_ERROR_DEG) if entered is not None else knee.error
    threshold = PAST_STRAIGHT.at(walk.context)
    decision = decide(
        value,
        stride_error=half_width(knee),
        measurement_error=error,
        threshold=threshold,
        worse=PAST_STRAIGHT.worse,
        usual=knee.usual,
        strides=knee.n,
        strides_needed=STRIDES_FOR_ANGLES,
    )
    undecided = QUESTION.undecided(decision, side, knee.n)
    if undecided is not None:
        return undecided
    reason = _reason(decision, value)
    return Finding(
        detector=NAME,
        measure=knee.feature,
        side=side,
        verdict=decision.verdict,
        reason=reason,
        value=value,
        error=decision.error,
        usual=knee.usual,
        threshold=threshold,
        confidence=decision.confidence * stride_quality(knee.n, STRIDES_FOR_ANGLES),
        strides=knee.n,
        strides_needed=STRIDES_FOR_ANGLES,
        sentence=_sentence(side, decision, reason, value, hidden=entered is None),
        evidence=_evidence(walk, side, value, decision.error),
    )


def _reason(decision: Decision, value: float) -> str:
    if decision.verdict is Verdict.PRESENT and value + decision.error < SEVERE_DEG:
        return "far_beyond_threshold"
    if decision.verdict is Verdict.NOT_SEEN and value < 0:
        return "borderline"
    return decision.reason


def _sentence(side: Side, decision: Decision, reason: str, value: float, *, hidden: bool) -> str:
    note = f" {LOCKED_WHILE_STANDING}" if hidden else ""
    error = f"±{whole(decision.error)}°"
    if decision.verdict is Verdict.PRESENT:
        far = "far past straight" if reason == "far_beyond_threshold" else "past straight"
        return (
            f"In this walk your {side} knee went {far} while you stood on it, by about "
            f"{whole(-value)}° ({error})."
        )
    if decision.verdict is Verdict.CANNOT_JUDGE:
        return (
            f"The angle of your {side} knee is known too roughly in this walk ({error}). Fasten "
            f"the sensors and stand and walk once more."
        )
    if reason == "borderline":
        reached = f"about {whole(-value)}° past straight" if value < -0.5 else "straight"
        return (
            f"In this walk your {side} knee came to {reached} while you "
            f"stood on it, which is borderline: these sensors tell it to {error}.{note}"
        )
    return (
        f"In this walk your {side} knee was not seen to go past straight while you stood on it: "
        f"it kept a bend of about {whole(value)}°.{note or f' {ONLY_PART}'}"
    )


def _evidence(walk: WalkEvidence, side: Side, value: float, error: float) -> tuple[Evidence, ...]:
    first, *_ = gathered(walk, (KNEE_MIN_STANCE.name,), (side,))
    others = (
        KNEE_EXTENSION_SPEED.name,
        KNEE_LOADING.name,
        KNEE_EXCURSION.name,
        KNEE_SWING.name,
        SNAP_VELOCITY.name,
        THIGH_MIDSTANCE.name,
    )
    return (replace(first, value=value, error=error), *gathered(walk, others, (side,)))


def _judge_standing(walk: WalkEvidence, side: Side) -> Finding | None:
    """The entered angle of the standing pose; it means nothing without that pose."""
    angle = second_zero_deg(walk, side)
    if angle is None or not walk.has_standing_zero:
        return None
    norm = STANDING_KNEE.norm
    usual = None if norm is None else norm.usual(NormContext())
    threshold = STANDING_PAST_STRAIGHT.at(walk.context)
    decision = decide(
        angle,
        stride_error=0.0,
        measurement_error=STANDING_KNEE.error,
        threshold=threshold,
        worse=STANDING_PAST_STRAIGHT.worse,
        usual=usual,
        strides=0,
        strides_needed=0,
    )
    reason = _reason(decision, angle)
    return Finding(
        detector=NAME,
        measure=STANDING_KNEE.name,
        side=side,
        verdict=decision.verdict,
        reason=reason,
        value=angle,
        error=decision.error,
        usual=usual,
        threshold=threshold,
        confidence=decision.confidence,
        strides=0,
        strides_needed=0,
        sentence=_standing_sentence(side, decision, reason, angle),
    )


def _standing_sentence(side: Side, decision: Decision, reason: str, angle: float) -> str:
    if decision.verdict is Verdict.PRESENT:
        far = "far past straight" if reason == "far_beyond_threshold" else "past straight"
        return (
            f"By the angle that was entered, your {side} knee is {far} while you stand, by about "
            f"{whole(-angle)}° (±{whole(decision.error)}°)."
        )
    if reason == "borderline":
        return (
            f"By the angle that was entered, your {side} knee is about {whole(-angle)}° past "
            f"straight while you stand, which is borderline (±{whole(decision.error)}°)."
        )
    return (
        f"By the angle that was entered, your {side} knee keeps a bend of about {whole(angle)}° "
        f"while you stand."
    )


def _hint(walk: WalkEvidence, side: Side) -> Finding:
    """What the thigh suggests about its knee: cannot be judged, and no angle."""
    strides = fewest_strides(walk, side)
    question = replace(QUESTION, measure=SNAP_VELOCITY.name)
    names = (SNAP_VELOCITY.name, THIGH_MIDSTANCE.name, VIRTUAL_KNEE.name, SNAP_PHASE.name)
    evidence = gathered(walk, names, (side,))
    velocity = walk.get(SNAP_VELOCITY.name, side)
    thigh = walk.get(THIGH_MIDSTANCE.name, side)
    if velocity is None or thigh is None:
        return replace(question.not_measured(side, strides), hint=True)
    if not (_snaps(walk, side, velocity) and _leans_back(thigh)):
        return question.unanswered(
            "no_shank_sensor",
            f"Sensors on the thighs cannot show how straight your {side} knee gets. {ADD_SHANK}",
            side=side,
            strides=strides,
            hint=True,
            evidence=evidence,
        )
    other = walk.get(SNAP_VELOCITY.name, side.other)
    one_sided = other is not None and velocity.mean < other.mean - SIDE_DIFFERENCE_DEG_S
    quality = stride_quality(strides, STRIDES_FOR_ANGLES)
    return question.unanswered(
        "hint_snap_back",
        f"In this walk your {side} thigh swung back fast early in stance, which is sometimes seen "
        f"with a knee that goes past straight. This is only a hint. {ADD_SHANK}",
        side=side,
        strides=strides,
        hint=True,
        confidence=HINT_CONFIDENCE_CAP * quality * (1.0 if one_sided else 0.6),
        evidence=evidence,
    )


def _snaps(walk: WalkEvidence, side: Side, velocity: FeatureStatistics) -> bool:
    """F25 beyond its amber value for this speed, or nearly so and early."""
    norm, amber = SNAP_VELOCITY.norm, SNAP_VELOCITY.amber
    if norm is None or amber is None:
        return False
    shift = norm.centre(walk.context) - norm.mean
    slow_end = velocity.mean + math.hypot(half_width(velocity), velocity.error)
    phase = walk.get(SNAP_PHASE.name, side)
    early = phase is not None and phase.mean <= EARLY_SNAP_PERCENT
    return slow_end < (EARLY_SNAP_DEG_S if early else amber) + shift


def _leans_back(thigh: FeatureStatistics) -> bool:
    amber = THIGH_MIDSTANCE.amber
    return amber is not None and thigh.mean < amber
