"""Patterns and findings as the report tells them."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.report.parts import FindingPart, PatternPart, SignRow
from dashboards.report.postures import postures
from dashboards.wording import (
    UNKNOWN,
    Measure,
    confidence_words,
    detector_title,
    span,
    verdict_words,
    what_makes_it_clearer,
)
from pipeline.patterns.assessment import TOLD_BY_ANOTHER
from pipeline.patterns.board import PatternFinding, SignFinding
from pipeline.patterns.registry import PATTERNS
from pipeline.patterns.terms import Level
from pipeline.results import Results, Verdict


def findings(results: Results) -> Iterator[FindingPart]:
    """What was found first; what one detector says of both legs stands together."""
    rank = {Verdict.PRESENT: 0, Verdict.CANNOT_JUDGE: 1, Verdict.NOT_SEEN: 2}
    together: dict[tuple[str, str, str], list[str]] = {}
    for finding in sorted(results.findings, key=lambda f: rank[f.verdict]):
        key = (
            detector_title(finding.detector),
            verdict_words(finding),
            what_makes_it_clearer(finding),
        )
        sentences = together.setdefault(key, [])
        if finding.sentence not in sentences:
            sentences.append(finding.sentence)
    for (title, verdict, clearer), sentences in together.items():
        yield FindingPart(title, verdict, " ".join(sentences), clearer)


def titles(patterns: Iterator[PatternFinding]) -> tuple[str, ...]:
    """Titles with the legs they were looked for on."""
    sides: dict[str, list[str]] = {}
    for pattern in patterns:
        sides.setdefault(pattern.title, []).append(str(pattern.side))
    return tuple(
        f"{title} ({'both legs' if len(legs) > 1 else f'{legs[0]} leg'})"
        for title, legs in sides.items()
    )


def pattern_part(pattern: PatternFinding, results: Results) -> PatternPart:
    seen = pattern.level >= Level.POSSIBLE
    return PatternPart(
        title=pattern.title,
        side=f"{pattern.side} leg",
        level=pattern.level.words,
        strength=pattern.level.name.lower(),
        sure=f"confidence {confidence_words(pattern.confidence)}; "
        + ("first time" if pattern.preliminary else f"seen on {pattern.days_seen} days"),
        sentence=pattern.sentence,
        meaning=pattern.meaning,
        speaks_for=tuple(_sign(s, pattern) for s in pattern.speaking_for),
        speaks_against=tuple(_sign(s, pattern) for s in pattern.speaking_against),
        not_measured=tuple(s.words for s in pattern.not_measured),
        looks_alike=pattern.looks_alike,
        clearer=pattern.clearer,
        facts=tuple((f.text, f.evidence) for f in pattern.facts),
        told_by_another=pattern.reason == TOLD_BY_ANOTHER,
        postures=(
            tuple(postures(results, PATTERNS[pattern.pattern], pattern.side)) if seen else ()
        ),
    )


def _sign(sign: SignFinding, pattern: PatternFinding) -> SignRow:
    measure = Measure.of(sign.feature)
    usual = "" if sign.usual is None else span(sign.usual.low, sign.usual.high, measure.decimals)
    if sign.from_other_leg:
        usual = f"{usual or UNKNOWN}; compared with the {pattern.side.other} leg"
    return SignRow(sign.words, measure.quantity(sign.value, sign.error), usual)
