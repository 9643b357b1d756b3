"""The report as Markdown, for notes and records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from dashboards.report.content import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~])")


def markdown_page(report: Report) -> str:
    """The whole report as text; signs that Markdown or HTML would act on are escaped."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "# Walk report\n"
    yield " · ".join(map(_plain, (report.name, *report.facts))) + "\n"
    if report.simulated:
        yield "**SIMULATED:** no person walked here.\n"
    if report.provisional:
        yield "**PROVISIONAL:** the walk goes on.\n"
    if report.advice:
        yield f"## Please read this first\n\n**{_plain(report.advice)}**\n"
        yield "You answered yes to:\n"
        yield from _items(report.flags)
    yield "## In plain words\n"
    yield from _items(report.plain)
    for side, words, because, against in report.hip_hints:
        yield f"## Your {side} knee: could the hip be involved?\n\n{_plain(words)}\n"
        yield from _items([f"For it: {b}" for b in because] + [f"Against it: {a}" for a in against])
    if report.next_steps:
        yield "## What to do next\n"
        yield from _items(report.next_steps)
    yield from _patterns(report)
    if report.findings:
        yield "## Findings\n"
        yield from _items(f"{f.title}: {f.verdict}. {f.sentence}" for f in report.findings)
    if report.measures:
        yield "## Measures\n"
        rows = [
            (
                f"{m.label} [{m.unit}]" if m.unit else m.label,
                f"{m.left.text} {m.left.outside}".strip(),
                f"{m.right.text} {m.right.outside}".strip(),
                m.usual,
                m.difference,
            )
            for m in report.measures
        ]
        yield from _table(("measure", "left", "right", "usual", "difference"), rows)
        yield f"{_plain(report.usual_for)}\n"
    yield from _movements(report)
    for figure in report.bars:
        yield f"## {_plain(figure.title)}\n"
        yield from _table(figure.head, figure.rows)
    if report.over_time:
        yield "## Over time\n"
        yield from _items(report.over_time_words)
    for figure in report.over_time:
        yield f"### {_plain(figure.title)}\n"
        yield from _table(figure.head, figure.rows)
    yield "## How good the recording is\n"
    yield from _table(("sensor", "rate", "lost", "longest gap", "gravity, m/s²"), report.quality)
    yield from _items(report.quality_notes)
    yield "## Method and limits\n"
    yield from _items((*report.method, *report.limits, report.notice))


def _movements(report: Report) -> Iterator[str]:
    if report.movements:
        yield "## Movement tests\n"
    for part in report.movements:
        yield f"### {_plain(part.title)}\n"
        yield from _items((*part.done, *(f"{v}: {s}" for v, s in part.said)))
        rows = [
            (
                f"{m.label} [{m.unit}]" if m.unit else m.label,
                f"{m.left.text} {m.left.outside}".strip(),
                f"{m.right.text} {m.right.outside}".strip(),
                m.difference,
                m.usual,
            )
            for m in part.rows
        ]
        yield from _table(("measure", "left", "right", "both", "usual"), rows)
        yield from _items(part.remarks)


def _patterns(report: Report) -> Iterator[str]:
    if not (report.patterns or report.quiet or report.confounders):
        return
    yield "## Patterns\n"
    for p in report.patterns:
        yield f"### {_plain(p.title)}: {p.side}\n"
        yield f"{_plain(p.level.capitalize())}, {_plain(p.sure)}. {_plain(p.sentence)}\n"
        yield f"{_plain(p.meaning)}\n"
        rows = [("for", s.words, s.value, s.usual) for s in p.speaks_for]
        rows += [("against", s.words, s.value, s.usual) for s in p.speaks_against]
        yield from _table(("speaks", "sign", "this walk", "usual"), rows)
        if p.not_measured:
            yield f"Not measured: {_plain('; '.join(p.not_measured))}.\n"
        yield f"May look the same: {_plain('; '.join(p.looks_alike))}.\n"
        yield from _items(f"Clearer: {text}" for text in p.clearer)
        yield from _items(f"The articles say: {t} How sure: {e}" for t, e in p.facts)
    yield from _items(f"{title}. {sentence}" for title, sentence in report.confounders)
    if report.quiet:
        yield f"Looked for and not seen: {_plain('; '.join(report.quiet))}.\n"
    yield from _items(report.unjudged)


def _items(texts: Iterable[str]) -> Iterator[str]:
    lines = [f"* {_plain(text)}" for text in texts]
    if lines:
        yield from lines
        yield ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"| {' | '.join(_plain(h) for h in head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_plain(cell) for cell in row)} |"
    yield ""


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", escape(" ".join(text.split()), quote=False))
