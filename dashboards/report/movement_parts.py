"""The movement tests of a session in the report: what was done, what it showed, its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboards.movement_summary import VERDICTS, repetitions_words
from dashboards.report.measure_rows import cell
from dashboards.report.parts import MeasureRow, MovementPart
from dashboards.wording import UNKNOWN, Measure, span
from pipeline.movement_tests.outcome import MovementTask, MovementTest
from pipeline.movement_tests.registry import KINDS
from pipeline.movement_tests.words import TITLES
from pipeline.results import FeatureStatistics, Verdict
from recordings.placement import Side


def movement_parts(tests: Sequence[MovementTest]) -> Iterator[MovementPart]:
    """One part for each kind of test that was done, in the order in which they began."""
    for task in dict.fromkeys(test.task for test in tests):
        done = [test for test in tests if test.task is task]
        yield MovementPart(
            title=TITLES[task],
            done=tuple(map(_done, done)),
            said=tuple(_said(done)),
            rows=tuple(_rows(task, done)),
            remarks=tuple(dict.fromkeys(remark for test in done for remark in test.remarks)),
        )


def _done(test: MovementTest) -> str:
    leg = "" if test.side is None else f"{test.side.value.capitalize()} leg: "
    return f"{leg}{repetitions_words(test)}. {test.sentence if test.reason else ''}".strip()


def _said(tests: Sequence[MovementTest]) -> Iterator[tuple[str, str]]:
    """What was seen first; then what was not seen, or could not be judged."""
    findings = [finding for test in tests for finding in test.findings]
    for finding in sorted(findings, key=lambda f: f.verdict is not Verdict.PRESENT):
        yield VERDICTS[finding.verdict], finding.sentence


def _rows(task: MovementTask, tests: Sequence[MovementTest]) -> Iterator[MeasureRow]:
    """Measures of both legs side by side; of a test that was done twice, the last."""
    latest: dict[tuple[str, Side | None], FeatureStatistics] = {
        (row.feature, row.side): row for test in tests for row in test.features
    }
    for feature in KINDS[task].features:
        left, right, both = (latest.get((feature.name, side)) for side in (*Side, None))
        shown = [row for row in (left, right, both) if row is not None]
        if not shown:
            continue
        measure = Measure.of(feature.name)
        usual = next((row.usual for row in shown if row.usual is not None), None)
        yield MeasureRow(
            label=measure.label,
            unit=measure.unit,
            left=cell(left, measure),
            right=cell(right, measure),
            usual=UNKNOWN if usual is None else span(usual.low, usual.high, measure.decimals),
            difference=cell(both, measure).text,
        )
