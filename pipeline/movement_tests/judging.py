"""From numbers over repetitions to findings, with the one rule that all detectors share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.decision import Decision, Threshold, decide
from pipeline.detectors.evidence import as_evidence, half_width
from pipeline.detectors.judging import whole
from pipeline.features.base import Feature, Sample, Worse
from pipeline.movement_tests.kind import View
from pipeline.norms import NormContext
from pipeline.results import FeatureStatistics, Finding, Verdict
from recordings.placement import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One threshold with the sentences that say what came of it.

    The sentences may hold ``{side}``, ``{other}``, ``{value}`` and ``{error}``, the last two
    with their unit.

    Attributes
    ----------
    detector : str
    threshold : Threshold
    seen, not_seen : str
    about : str
        To follow "nothing can be said about".
    most : float
        Highest confidence.
    """

    detector: str
    threshold: Threshold
    seen: str
    not_seen: str
    about: str
    most: float = 1.0


def statistics_of(
    feature: Feature, sample: Sample, error: float, context: NormContext
) -> FeatureStatistics:
    """A feature's numbers with its usual range; a single value has no spread of its own."""
    half = sample.half_width if math.isfinite(sample.half_width) else 0.0
    return FeatureStatistics(
        feature=feature.name,
        code=feature.code,
        side=sample.side,
        n=sample.n,
        mean=sample.mean,
        sd=sample.sd,
        median=sample.median,
        ci_low=sample.mean - half,
        ci_high=sample.mean + half,
        error=error,
        usual=feature.norm.usual(context) if feature.norm is not None else None,
        z=feature.z(sample.mean, context),
    )


def difference(
    feature: Feature, left: FeatureStatistics, right: FeatureStatistics, context: NormContext
) -> FeatureStatistics:
    """Right minus left; half-widths and errors add as squares."""
    sample = Sample(
        side=None,
        n=min(left.n, right.n),
        mean=right.mean - left.mean,
        sd=math.hypot(*(s for s in (left.sd, right.sd) if math.isfinite(s))),
        median=right.median - left.median,
        half_width=math.hypot(half_width(left), half_width(right)),
    )
    return statistics_of(feature, sample, math.hypot(left.error, right.error), context)


def left_and_right(
    view: View, feature: Feature
) -> tuple[FeatureStatistics, FeatureStatistics] | None:
    """Both legs of a feature, from this test and the other leg's; None if one is missing."""
    if view.side is None:
        left, right = (view.get(feature, side) for side in (Side.LEFT, Side.RIGHT))
    else:
        own, other = view.get(feature, view.side), view.of_other(feature)
        left, right = (own, other) if view.side is Side.LEFT else (other, own)
    return None if left is None or right is None else (left, right)


def apply(
    rule: Rule, view: View, row: FeatureStatistics, needed: int, value: float | None = None
) -> Finding:
    """The finding of a rule about one number.

    Parameters
    ----------
    value : float, optional
        The number seen from another side (own minus other leg); `row.mean` without it.
    """
    value = row.mean if value is None else value
    decision = decide(
        value,
        stride_error=half_width(row),
        measurement_error=row.error,
        threshold=(threshold := rule.threshold.at(view.context)),
        worse=rule.threshold.worse,
        usual=row.usual,
        strides=row.n,
        strides_needed=needed,
    )
    return Finding(
        detector=rule.detector,
        measure=row.feature,
        side=row.side,
        verdict=decision.verdict,
        reason=decision.reason,
        value=value,
        error=decision.error,
        usual=row.usual,
        threshold=threshold,
        confidence=min(rule.most, decision.confidence),
        strides=row.n,
        strides_needed=needed,
        sentence=_sentence(rule, decision, row, value),
        evidence=(as_evidence(row),),
    )


def _sentence(rule: Rule, decision: Decision, row: FeatureStatistics, value: float) -> str:
    unit = rule.threshold.feature.unit
    gap = "" if unit == "°" else " "
    shown = abs(value) if rule.threshold.worse is Worse.EITHER else value
    words = {
        "side": row.side or "",
        "other": row.side.other if row.side else "",
        "value": f"{whole(shown)}{gap}{unit}",
        "error": f"±{whole(decision.error)}{gap}{unit}",
    }
    if decision.verdict is Verdict.PRESENT:
        return rule.seen.format(**words)
    if decision.verdict is Verdict.CANNOT_JUDGE:
        about = rule.about.format(**words)
        return (
            f"Nothing can be said about {about}: it was measured too roughly "
            f"({words['error']}). Walk ten steps straight ahead, stand still and do it again."
        )
    if decision.reason == "within_error":
        return (
            f"{rule.not_seen.format(**words)} It comes near what counts, within {words['error']}."
        )
    return rule.not_seen.format(**words)


def with_evidence(finding: Finding, rows: Iterable[FeatureStatistics | None]) -> Finding:
    """The finding with further measures that were looked at behind the deciding one."""
    seen = {(e.measure, e.side) for e in finding.evidence}
    more = tuple(as_evidence(r) for r in rows if r is not None and (r.feature, r.side) not in seen)
    return replace(finding, evidence=finding.evidence + more)


def first_present(findings: Sequence[Finding]) -> Finding:
    """The first that is present, else the first of all."""
    return next((f for f in findings if f.verdict is Verdict.PRESENT), findings[0])
