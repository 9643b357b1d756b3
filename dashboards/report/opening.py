"""The opening of the report: who, when, and the whole in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from dashboards.report.postures import same_movement
from dashboards.wording import (
    counted,
    duration,
    number,
)
from pipeline.movement_tests.words import title
from pipeline.patterns.board import PatternBoard
from pipeline.results import Finding, Results, Verdict
from recordings.metadata import SessionMetadata

LONGEST_NAME = 160
"""Characters of a name that are shown; the rest is cut, so that no name can fill the page."""


SEE_FINDINGS = "Something else was noticed: see “Findings”."
SEE_TESTS = "Something was noticed in a movement test ({names}): see “Movement tests”."
_PLAINLY = {
    "step_time_asymmetry_percent": "Your steps with the left and the right leg did not take the "
    "same time.",
    "stance_time_asymmetry_percent": "You did not stand on your left and your right leg for the "
    "same time.",
    "swing_time_asymmetry_percent": "Your left and your right leg did not swing for the same time.",
    "hip_flexion_rom_difference_deg": "Your {side} hip moved less than the other one.",
    "knee_flexion_swing_difference_deg": "Your {side} knee bent less than the other one.",
    "femoral_collapse": "Your {side} thigh leaned inward while you stood on it, more than usual.",
    "knee_hyperextension": "Your {side} knee went past straight while you stood on it.",
}
"""Measure or detector → the movement, without a number."""


def cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def facts(results: Results, metadata: SessionMetadata) -> Iterator[str]:
    if metadata.wearer.name:
        yield cut(metadata.wearer.name)
    if metadata.wearer.age_years is not None:
        yield f"{metadata.wearer.age_years:.0f} years"
    if metadata.start_time is not None:
        yield _date(metadata.start_time)
    yield f"{duration(results.summary.walking_s)} of walking"
    yield counted(len(results.placements), "sensor")


def _date(time: datetime) -> str:
    return f"{time.day} {time:%B %Y, %H:%M}"


def plain_words(results: Results, board: PatternBoard) -> Iterator[str]:
    """A few sentences, without a single technical word."""
    walk = results.summary
    if math.isfinite(walk.walking_s) and walk.steps:
        speed = (
            f", at about {number(walk.speed_m_s * 3.6, 1)} kilometres an hour"
            if math.isfinite(walk.speed_m_s)
            else ""
        )
        yield f"You walked for {duration(walk.walking_s)} and took {walk.steps} steps{speed}."
    yield board.headline
    if board.gate.hides_patterns:
        return
    told = {(p.pattern, p.side) for p in board.seen}
    seen = [f for f in results.findings if f.verdict is Verdict.PRESENT]
    beside = (f for f in seen if (same_movement(f), f.side) not in told)
    yield from list(dict.fromkeys(map(_plainly, beside)))[:2]
    tested = (
        title(test.task).lower()
        for test in results.movement_tests
        if any(finding.verdict is Verdict.PRESENT for finding in test.findings)
    )
    if names := ", ".join(dict.fromkeys(tested)):
        yield SEE_TESTS.format(names=names)


def _plainly(finding: Finding) -> str:
    """A finding without its numbers: those stand under Findings."""
    words = _PLAINLY.get(finding.measure, _PLAINLY.get(finding.detector, SEE_FINDINGS))
    return words.format(side=finding.side)
