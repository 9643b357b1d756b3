"""Does a thigh lean and turn inward while it carries the body? (F13–F18)

Decides on the inward lean (hip adduction), which worn sensors see, matched for speed and sex:
either the lean itself, or its difference to the other leg when the lean is unusual too. How
the thigh turns may support, never decide. A lean that merely copies the leg's swing is a
thigh axis that is off (crosstalk), not a lean.
"""

from __future__ import annotations

import math

import numpy as np

from pipeline.decision import Decision, Threshold, decide
from pipeline.detectors.evidence import WalkEvidence, half_width
from pipeline.detectors.judging import (
    ONLY_PART,
    STRIDES_FOR_ANGLES,
    Question,
    axis_quality,
    fewest_strides,
    gathered,
    stride_quality,
    whole,
)
from pipeline.features.base import Worse
from pipeline.features.hip_frontal import ADDUCTION_DIFFERENCE, ADDUCTION_MEAN, ADDUCTION_PEAK
from pipeline.features.hip_transverse import EXCURSION, EXCURSION_DIFFERENCE, INWARD_INDEX
from pipeline.gait import Curve, Plane
from pipeline.norms import ZeroConvention
from pipeline.results import FeatureStatistics, Finding, Interval, Results, Verdict
from recordings.placement import REQUIRED_PLACEMENTS, THIGHS, Placement, Side

LEAN = Threshold(
    ADDUCTION_PEAK,
    15.5,
    ZeroConvention.STANDING,
    moves_with_norm=True,
    why=(
        "8.5° above the usual 7°, so that twice the way is found by nine in ten although people "
        "differ (SD 3.5°) and sensors err (3.2°); with its error the rule begins at about 18.7°, "
        "beside 17.5°, three SD above the usual"
    ),
)
LEAN_DIFFERENCE = Threshold(
    ADDUCTION_DIFFERENCE,
    8.5,
    ZeroConvention.NONE,
    why="Three SD of usual left–right differences; counts only where the lean is unusual itself",
)
THRESHOLDS = (LEAN, LEAN_DIFFERENCE)
LEAN_UNUSUAL_Z = 1.5
CROSSTALK_SUSPECT = 0.5
CROSSTALK_REJECT = 0.7
SUSPECT_AXIS_DEG = 10.0
"""Axis error that a suspect correlation stands for (±10° gives −0.60 … +0.56)."""
MEASURES = (
    ADDUCTION_MEAN.name,
    EXCURSION.name,
    INWARD_INDEX.name,
)

QUESTION = Question(
    detector="femoral_collapse",
    measure=ADDUCTION_PEAK.name,
    about="how far your thighs lean inward",
    placements=REQUIRED_PLACEMENTS,
    plane=Plane.FRONTAL,
    strides_needed=STRIDES_FOR_ANGLES,
)


def detect(walk: WalkEvidence) -> tuple[Finding, ...]:
    """One finding a side."""
    return tuple(_judge(walk, side) for side in Side)


def crosstalk(walk: WalkEvidence | Results, side: Side) -> float:
    """Correlation of adduction with flexion over the mean cycle; usual −0.23 … 0."""
    curves = walk.mean_curves.get(side, {})
    if Curve.HIP_ADDUCTION not in curves or Curve.HIP_FLEXION not in curves:
        return math.nan
    adduction, flexion = curves[Curve.HIP_ADDUCTION][0], curves[Curve.HIP_FLEXION][0]
    if np.ptp(adduction) == 0 or np.ptp(flexion) == 0:
        return 0.0
    return float(np.corrcoef(adduction, flexion)[0, 1])


def _judge(walk: WalkEvidence, side: Side) -> Finding:
    obstacle = QUESTION.obstacle(walk, side)
    if obstacle is not None:
        return obstacle
    strides = fewest_strides(walk, side)
    lean = walk.get(ADDUCTION_PEAK.name, side)
    if lean is None:
        return QUESTION.not_measured(side, strides)
    likeness = crosstalk(walk, side)
    if abs(likeness) > CROSSTALK_REJECT:
        return QUESTION.unanswered(
            "crosstalk",
            f"The inward lean of your {side} thigh only copied its swing, which means that the "
            f"{side} thigh sensor turned on the leg. Fasten it and stand and walk once more.",
            side=side,
            strides=strides,
            evidence=gathered(walk, (ADDUCTION_PEAK.name,), (side,)),
        )
    suspect = abs(likeness) > CROSSTALK_SUSPECT
    threshold = LEAN.at(walk.context)
    decision = decide(
        lean.mean,
        stride_error=half_width(lean),
        measurement_error=math.hypot(lean.error, _suspect_leak(walk, side) if suspect else 0.0),
        threshold=threshold,
        worse=LEAN.worse,
        usual=lean.usual,
        strides=lean.n,
        strides_needed=STRIDES_FOR_ANGLES,
    )
    undecided = QUESTION.undecided(decision, side, lean.n)
    if undecided is not None:
        return undecided
    measure, value = lean, lean.mean
    difference = walk.get(ADDUCTION_DIFFERENCE.name)
    if decision.verdict is not Verdict.PRESENT and difference is not None:
        by_difference = _judge_difference(walk, side, lean, difference, suspect)
        if by_difference.verdict is Verdict.PRESENT:
            decision, measure = by_difference, difference
            value, threshold = _towards(side, difference.mean), LEAN_DIFFERENCE.at_free_speed
    quality = stride_quality(lean.n, STRIDES_FOR_ANGLES) * axis_quality(
        walk.axis_error_deg(Placement.PELVIS, THIGHS[side])
    )
    return Finding(
        detector=QUESTION.detector,
        measure=measure.feature,
        side=side,
        verdict=decision.verdict,
        reason=decision.reason,
        value=value,
        error=decision.error,
        usual=measure.usual,
        threshold=threshold,
        confidence=decision.confidence * quality * (0.5 if suspect else 1.0),
        strides=lean.n,
        strides_needed=STRIDES_FOR_ANGLES,
        sentence=_sentence(side, decision, lean, measure, value),
        evidence=_evidence(walk, side, measure),
    )


def _judge_difference(
    walk: WalkEvidence,
    side: Side,
    lean: FeatureStatistics,
    difference: FeatureStatistics,
    suspect: bool,
) -> Decision:
    unusual = lean.z >= LEAN_UNUSUAL_Z
    return decide(
        _towards(side, difference.mean) if unusual else 0.0,
        stride_error=half_width(difference),
        measurement_error=math.hypot(
            difference.error, _suspect_leak(walk, side) if suspect else 0.0
        ),
        threshold=LEAN_DIFFERENCE.at(walk.context),
        worse=Worse.HIGHER,
        usual=difference.usual,
        strides=difference.n,
        strides_needed=STRIDES_FOR_ANGLES,
    )


def _towards(side: Side, right_minus_left: float) -> float:
    return right_minus_left if side is Side.RIGHT else -right_minus_left


def _suspect_leak(walk: WalkEvidence, side: Side) -> float:
    """What an axis that is off by 10° adds to the lean where it peaks."""
    mean = {curve: m for curve, (m, _) in walk.mean_curves[side].items()}
    return ADDUCTION_PEAK.leak_deg(mean, SUSPECT_AXIS_DEG)


def _evidence(walk: WalkEvidence, side: Side, deciding: FeatureStatistics):
    first = gathered(walk, (deciding.feature,), (deciding.side,))
    others = (ADDUCTION_PEAK.name, *MEASURES)
    own = gathered(walk, [name for name in others if name != deciding.feature], (side,))
    both = (ADDUCTION_DIFFERENCE.name, EXCURSION_DIFFERENCE.name)
    return first + own + gathered(walk, [n for n in both if n != deciding.feature], (None,))


def _sentence(
    side: Side,
    decision: Decision,
    lean: FeatureStatistics,
    measure: FeatureStatistics,
    value: float,
) -> str:
    usual = _usual_words(lean.usual)
    if decision.verdict is Verdict.PRESENT and measure is lean:
        return (
            f"In this walk your {side} thigh leaned inward more than usual for your speed: "
            f"about {whole(lean.mean)}°{usual}."
        )
    if decision.verdict is Verdict.PRESENT:
        return (
            f"In this walk your {side} thigh leaned inward about {whole(value)}° further than your "
            f"{side.other} one, and more than usual for your speed."
        )
    if decision.verdict is Verdict.CANNOT_JUDGE:
        return (
            f"The inward lean of your {side} thigh is known too roughly in this walk "
            f"(±{whole(decision.error)}°). Fasten the sensors and stand and walk once more."
        )
    if decision.reason == "within_error":
        return (
            f"In this walk your {side} thigh leaned inward about {whole(lean.mean)}°{usual}, which "
            f"is within what these sensors can tell (±{whole(decision.error)}°). Walk once more to "
            f"see it more clearly."
        )
    if decision.reason == "beyond_usual":
        return (
            f"In this walk your {side} thigh leaned inward about {whole(lean.mean)}°, a little "
            f"more than usual{usual}, but not enough to call it a pattern. {ONLY_PART}"
        )
    return (
        f"In this walk no marked inward lean of your {side} thigh was seen: about "
        f"{whole(lean.mean)}°{usual}. {ONLY_PART}"
    )


def _usual_words(usual: Interval | None) -> str:
    return "" if usual is None else f" (usually {whole(usual.low)} to {whole(usual.high)}°)"
