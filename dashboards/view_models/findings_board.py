"""The findings as rows of a board: how far each is, and what it says by now."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboards.wording import (
    Measure,
    confidence_words,
    counted,
    detector_title,
    is_a_hint,
    span,
    verdict_words,
    whose,
)
from pipeline.results import Finding, Results, Verdict


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as it is shown.

    Attributes
    ----------
    title : str
        Movement and leg: ``Femoral inward collapse, right leg``.
    symbol, state : str
        The verdict as a sign and as words; while strides are missing, how many.
    basis : str
        Value, usual range and confidence; empty without a value.
    sentence : str
    progress : float
        Strides there are, of those that are needed: 0 … 1.
    finding : Finding
    """

    title: str
    symbol: str
    state: str
    basis: str
    sentence: str
    progress: float
    finding: Finding

    @property
    def spoken(self) -> str:
        """The whole row as one text, for a screen reader."""
        return ". ".join(part for part in (self.title, self.state, self.basis) if part)


def findings_board(results: Results | None) -> list[FindingRow]:
    """The rows, what was seen first."""
    if results is None:
        return []
    rows = sorted(results.findings, key=_rank)
    return [_row(finding, results.provisional) for finding in rows]


def _rank(finding: Finding) -> int:
    if finding.verdict is Verdict.PRESENT:
        return 0
    if is_a_hint(finding):
        return 1
    return 2 if finding.verdict is Verdict.NOT_SEEN else 3


def _row(finding: Finding, provisional: bool) -> FindingRow:
    leg = whose([finding])
    title = f"{detector_title(finding.detector)}, {leg}"
    needed = max(1, finding.strides_needed)
    progress = min(1.0, finding.strides / needed)
    return FindingRow(
        title,
        _symbol(finding, provisional),
        _state(finding, provisional),
        _basis(finding),
        finding.sentence,
        progress,
        finding,
    )


def _waits(finding: Finding, provisional: bool) -> bool:
    """Whether more strides would tell: at first everything else is unknown as well."""
    missing = finding.strides < finding.strides_needed
    return missing and (provisional or finding.reason == "too_few_strides")


def _symbol(finding: Finding, provisional: bool) -> str:
    if finding.verdict is Verdict.PRESENT:
        return "▲"
    if is_a_hint(finding):
        return "△"
    return (
        "○" if finding.verdict is Verdict.NOT_SEEN else "…" if _waits(finding, provisional) else "–"
    )


def _state(finding: Finding, provisional: bool) -> str:
    if _waits(finding, provisional):
        return f"{finding.strides} of {finding.strides_needed} strides needed"
    return verdict_words(finding)


def _basis(finding: Finding) -> str:
    if not math.isfinite(finding.value):
        return ""
    measure = Measure.of(finding.measure)
    parts = [measure.quantity(finding.value, finding.error)]
    if finding.usual is not None:
        parts.append(f"usual {span(finding.usual.low, finding.usual.high, measure.decimals)}")
    parts.append(counted(finding.strides, "stride"))
    if finding.verdict is not Verdict.CANNOT_JUDGE:
        parts.append(f"confidence {confidence_words(finding.confidence)}")
    return f"{measure.label}: " + " · ".join(parts)
