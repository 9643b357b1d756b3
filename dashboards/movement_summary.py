"""The text in which a person reads the movement tests of a session in the terminal."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from dashboards.terminal import Terminal
from dashboards.wording import Measure, counted, span
from pipeline.movement_tests.outcome import MovementTest
from pipeline.movement_tests.words import left_out_words, title
from pipeline.results import FeatureStatistics, Verdict

VERDICTS = {
    Verdict.PRESENT: "Seen",
    Verdict.NOT_SEEN: "Not seen",
    Verdict.CANNOT_JUDGE: "Cannot be judged",
}


def movement_tests(tests: Sequence[MovementTest], terminal: Terminal) -> list[str]:
    """Lines about each test: what was done, what it showed, what was left out and why."""
    if not tests:
        return []
    lines = [terminal.emphasise(terminal.spell("Movement tests").upper())]
    for test in tests:
        lines += _test(test, terminal)
    return lines


def _test(test: MovementTest, terminal: Terminal) -> Iterator[str]:
    when = f"{test.start_s:.0f}–{test.end_s:.0f} s"
    how = "" if test.announced else ", recognised"
    head = f"{title(test.task, test.side)} ({when}{how}): {repetitions_words(test)}"
    yield from terminal.wrap(head, indent=2, hanging=4)
    if test.sentence:
        yield from terminal.wrap(test.sentence, indent=4)
    for row in test.features:
        yield from terminal.wrap(_measure(row), indent=4, hanging=6)
    for finding in test.findings:
        said = f"{VERDICTS[finding.verdict]}: {finding.sentence}"
        lines = terminal.wrap(said, indent=4, hanging=6)
        present = finding.verdict is Verdict.PRESENT
        yield from map(terminal.emphasise, lines) if present else lines
    for remark in test.remarks:
        yield from terminal.wrap(f"- {remark}", indent=4, hanging=6)


def repetitions_words(test: MovementTest) -> str:
    """``5 of 7 repetitions count (1 too shallow, 1 with a stumble)``."""
    found, accepted = len(test.repetitions), len(test.accepted)
    if not test.complete:
        return f"{counted(accepted, 'repetition')} so far"
    if found == accepted:
        return counted(found, "repetition")
    reasons = Counter(left_out_words(r.reason) for r in test.repetitions if not r.accepted)
    why = ", ".join(f"{count} {words}" for words, count in reasons.items())
    count = "counts" if accepted == 1 else "count"
    return f"{accepted} of {counted(found, 'repetition')} {count} ({why})"


def _measure(row: FeatureStatistics) -> str:
    measure = Measure.of(row.feature)
    side = f", {row.side}" if row.side else ""
    error = math.hypot((row.ci_high - row.ci_low) / 2.0, row.error)
    text = f"{measure.label}{side}: {measure.quantity(row.mean, error)}"
    if row.usual is not None:
        text += f" (usual {span(row.usual.low, row.usual.high, measure.decimals)})"
    return text
