"""What the report says: words, rows and pictures, before anything is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.report.curve_figures import bar_figures, curve_figures
from dashboards.report.measure_rows import measure_rows, usual_for
from dashboards.report.method import method, quality, quality_notes
from dashboards.report.movement_parts import movement_parts
from dashboards.report.opening import cut, facts, plain_words
from dashboards.report.over_time import OverTime
from dashboards.report.parts import Figure, FindingPart, MeasureRow, MovementPart, PatternPart
from dashboards.report.pattern_parts import findings, pattern_part, titles
from dashboards.report.postures import HOW_TO_READ, finding_postures
from dashboards.wording import (
    NOT_A_MEDICAL_DEVICE,
    ONLY_A_PART,
)
from pipeline.patterns.board import PatternBoard
from pipeline.patterns.terms import Level
from pipeline.results import Results
from recordings.metadata import SessionMetadata


@dataclass(frozen=True, slots=True)
class Report:
    """All that is in the report, in the order in which it is read."""

    name: str
    facts: tuple[str, ...]
    simulated: bool
    provisional: bool
    flags: tuple[str, ...]
    advice: str
    plain: tuple[str, ...]
    next_steps: tuple[str, ...]
    hip_hints: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]
    findings: tuple[FindingPart, ...]
    postures: tuple[Figure, ...]
    patterns: tuple[PatternPart, ...]
    quiet: tuple[str, ...]
    unjudged: tuple[str, ...]
    confounders: tuple[tuple[str, str], ...]
    measures: tuple[MeasureRow, ...]
    usual_for: str
    movements: tuple[MovementPart, ...]
    curves: tuple[Figure, ...]
    bars: tuple[Figure, ...]
    over_time: tuple[Figure, ...]
    over_time_words: tuple[str, ...]
    quality: tuple[tuple[str, ...], ...]
    quality_notes: tuple[str, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    how_to_read_postures: str = HOW_TO_READ
    notice: str = NOT_A_MEDICAL_DEVICE


def gather(
    results: Results,
    board: PatternBoard,
    metadata: SessionMetadata | None = None,
    past: OverTime | None = None,
) -> Report:
    """Put together what the report says.

    Parameters
    ----------
    results : Results
    board : PatternBoard
        Of the same walk; behind a red flag it holds no patterns, and the report shows none.
    metadata : SessionMetadata, optional
        For name, age, date.
    past : OverTime, optional
        What changed since earlier walks; it is hidden behind a red flag as patterns are.
    """
    metadata = metadata or SessionMetadata()
    shown = [p for p in board.patterns if p.level >= Level.SLIGHT]
    hidden = board.gate.hides_patterns
    past = None if hidden else past
    return Report(
        name=cut(results.session),
        facts=tuple(facts(results, metadata)),
        simulated=results.simulated,
        provisional=results.provisional,
        flags=tuple(flag.question for flag in board.gate.flags),
        advice=board.gate.advice,
        plain=(*plain_words(results, board), *([past.plain] if past and past.plain else [])),
        next_steps=() if hidden else board.next_steps[:4],
        hip_hints=tuple((str(h.side), h.words, h.because, h.against) for h in board.hip_hints),
        findings=() if hidden else tuple(findings(results)),
        postures=() if hidden else tuple(finding_postures(results, board)),
        patterns=tuple(pattern_part(p, results) for p in shown),
        quiet=titles(p for p in board.patterns if p.level is Level.NONE),
        unjudged=tuple(p.sentence for p in board.patterns if p.level is Level.NOT_JUDGED)[:4],
        confounders=tuple((c.title, f"{c.sentence} {c.detail}".strip()) for c in board.confounders),
        measures=tuple(measure_rows(results)),
        usual_for=usual_for(results, metadata),
        movements=() if hidden else tuple(movement_parts(results.movement_tests)),
        curves=tuple(curve_figures(results)),
        bars=tuple(bar_figures(results)),
        over_time=past.figures if past else (),
        over_time_words=past.words if past else (),
        quality=tuple(quality(results)),
        quality_notes=tuple(quality_notes(results)),
        method=tuple(method(results)),
        limits=(*board.limits, ONLY_A_PART),
    )
