"""The text in which a person reads the results of a walk in the terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from dashboards.terminal import Terminal
from dashboards.wording import (
    NOT_A_MEDICAL_DEVICE,
    ONLY_A_PART,
    confidence_words,
    detector_title,
    exclusion_words,
    leg,
    number,
    span,
    split_measure,
    verdict_words,
    what_makes_it_clearer,
    with_error,
)
from pipeline.results import FeatureStatistics, Finding, Interval, Results, Verdict
from recordings.placement import Side

_VERDICT_ORDER = (Verdict.PRESENT, Verdict.CANNOT_JUDGE, Verdict.NOT_SEEN)
_NARROWEST_LABEL = 12
"""Columns that a table's first column keeps, however wide the numbers are."""


def summary(results: Results, terminal: Terminal) -> str:
    """Everything a person needs to know about a walk, as text.

    Parameters
    ----------
    results : Results
    terminal : Terminal
        Where the text will be shown; no line is wider than `terminal.width`.
    """
    sections = (
        _walk(results, terminal),
        _findings(results, terminal),
        _left_and_right(results, terminal),
        _sensors(results, terminal),
        _remarks(results, terminal),
        [*terminal.wrap(ONLY_A_PART), *terminal.wrap(NOT_A_MEDICAL_DEVICE)],
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def error_of(statistics: FeatureStatistics) -> float:
    """Half-width of a mean's error: spread over strides and measurement error together."""
    half_width = (statistics.ci_high - statistics.ci_low) / 2.0
    known = [e for e in (half_width, statistics.error) if math.isfinite(e)]
    return math.hypot(*known) if known else math.nan


def _heading(text: str, terminal: Terminal) -> str:
    return terminal.emphasise(terminal.spell(text).upper())


def _walk(results: Results, terminal: Terminal) -> list[str]:
    walk = results.summary
    lines = [terminal.emphasise(line) for line in terminal.wrap(results.session)]
    if results.simulated:
        lines += terminal.wrap("SIMULATED: no person walked here.")
    if results.provisional:
        lines += terminal.wrap("Provisional: the walk goes on.")
    strides = ", ".join(
        f"{walk.steady_strides.get(side, 0)} of {walk.strides.get(side, 0)} {side}" for side in Side
    )
    facts = [
        ("Recorded", f"{_duration(walk.duration_s)}, of it walking {_duration(walk.walking_s)}"),
        ("Walking", f"{walk.steps} steps, {walk.bouts} bouts, {walk.turns} turns"),
        ("Strides", f"{strides} steady and used"),
    ]
    if walk.excluded:
        reasons = sorted(walk.excluded.items(), key=lambda item: -item[1])
        text = ", ".join(f"{count} {exclusion_words(reason)}" for reason, count in reasons)
        facts.append(("Left out", text))
    facts += [
        ("Speed", f"{with_error(walk.speed_m_s, walk.speed_error_m_s, 2)} m/s, an estimate"),
        ("Cadence", f"{with_error(walk.cadence_spm, _cadence_error(results), 1)} steps/min"),
        ("Stride time", f"{number(walk.stride_time_s, 2)} s"),
    ]
    for label, text in facts:
        lines += terminal.wrap(f"{label:<13}{text}", indent=2, hanging=15)
    return lines


def _cadence_error(results: Results) -> float:
    rows = [f for f in results.features if f.feature == "cadence_spm" and f.side is None]
    return error_of(rows[0]) if rows else math.nan


def _duration(seconds: float) -> str:
    if not math.isfinite(seconds):
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _findings(results: Results, terminal: Terminal) -> list[str]:
    lines = [_heading("Findings", terminal)]
    if not results.findings:
        return [*lines, *terminal.wrap("None of the movements looked for could be judged.", 2)]
    for finding in sorted(results.findings, key=lambda f: _VERDICT_ORDER.index(f.verdict)):
        lines += _finding(finding, terminal)
    return lines


def _finding(finding: Finding, terminal: Terminal) -> Iterator[str]:
    title = f"{detector_title(finding.detector)}, {leg(finding.side)}: {verdict_words(finding)}"
    head = terminal.wrap(title, indent=2, hanging=4)
    yield from map(terminal.emphasise, head) if finding.verdict is Verdict.PRESENT else head
    for text in (finding.sentence, _basis(finding), _clearer(finding)):
        yield from terminal.wrap(text, indent=4)


def _basis(finding: Finding) -> str:
    """What the answer rests on: value, range, strides, confidence."""
    words, unit = split_measure(finding.measure)
    parts = []
    if math.isfinite(finding.value):
        value = with_error(finding.value, finding.error, unit.decimals)
        parts.append(f"{words} {value} {unit.sign}".rstrip().replace(" °", "°"))
        if finding.usual is not None:
            parts.append(f"usual {span(finding.usual.low, finding.usual.high, unit.decimals)}")
        if math.isfinite(finding.threshold):
            parts.append(f"counts beyond {number(finding.threshold, unit.decimals)}")
    strides = f"{finding.strides} steady strides"
    if finding.strides < finding.strides_needed:
        strides += f" of the {finding.strides_needed} needed"
    parts.append(strides)
    if finding.verdict is not Verdict.CANNOT_JUDGE:
        parts.append(
            f"confidence {confidence_words(finding.confidence)} ({number(finding.confidence, 2)})"
        )
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + "."


def _clearer(finding: Finding) -> str:
    advice = what_makes_it_clearer(finding)
    return f"Clearer: {advice}" if advice else ""


def _left_and_right(results: Results, terminal: Terminal) -> list[str]:
    """Table of the measures that have a usual range or that a finding looked at."""
    looked_at = {finding.measure for finding in results.findings}
    looked_at.update(e.measure for finding in results.findings for e in finding.evidence)
    pairs: dict[tuple[str, Interval | None], dict[Side, FeatureStatistics]] = {}
    hidden: set[str] = set()
    for row in results.features:
        if row.side is None:
            continue
        if row.usual is None and row.feature not in looked_at:
            hidden.add(row.feature)
            continue
        pairs.setdefault((row.feature, row.usual), {})[row.side] = row
    if not pairs:
        return []
    cells = [("", "left  ", "right  ", "usual")]
    for (feature, usual), sides in pairs.items():
        words, unit = split_measure(feature)
        values = (_cell(sides.get(side), unit.decimals) for side in Side)
        usual_text = "–" if usual is None else span(usual.low, usual.high, unit.decimals)
        cells.append((f"{words} [{unit.sign}]" if unit.sign else words, *values, usual_text))
    lines = [_heading("Left and right", terminal), *_table(cells, terminal)]
    lines += terminal.wrap(
        "Mean ± error; * outside the usual range by more than the error. Angles count from "
        "how you stood while calibrating.",
        2,
    )
    if hidden:
        lines += terminal.wrap(f"{len(hidden)} more measures are in the files (--out).", 2)
    return lines


def _cell(row: FeatureStatistics | None, decimals: int) -> str:
    if row is None or not math.isfinite(row.mean):
        return "–"
    error = error_of(row)
    text = with_error(row.mean, error, decimals)
    return f"{text} *" if _beyond_usual(row, error) else f"{text}  "


def _beyond_usual(row: FeatureStatistics, error: float) -> bool:
    if row.usual is None or not math.isfinite(error):
        return False
    return row.mean - error > row.usual.high or row.mean + error < row.usual.low


def _sensors(results: Results, terminal: Terminal) -> list[str]:
    if not results.quality:
        return []
    cells = [("", "rate [Hz]", "lost [%]", "longest gap [s]", "rest [m/s²]")]
    notes: list[tuple[str, str]] = []
    for sensor in results.quality:
        label = sensor.placement.label
        cells.append(
            (
                label,
                number(sensor.rate_hz, 1),
                number(100 * sensor.lost_fraction, 1),
                number(sensor.longest_gap_s, 2),
                number(sensor.gravity_m_s2, 2),
            )
        )
        if sensor.clipped_samples:
            notes.append((label, f"{sensor.clipped_samples} samples at the end of the range."))
        if sensor.late_samples:
            notes.append((label, f"{sensor.late_samples} samples came too late to be used."))
        notes += [(label, remark) for remark in sensor.remarks]
    lines = [_heading("Sensors", terminal), *_table(cells, terminal)]
    for label, note in notes:
        lines += terminal.wrap(f"{label[0].upper()}{label[1:]}: {note}", indent=2, hanging=4)
    several = len(results.calibrations) > 1
    for calibration in results.calibrations:
        since = f"From {_duration(calibration.start_s)} on: " if several else ""
        texts = [*calibration.refused.values(), *calibration.remarks]
        if calibration.zero == "walking_mean":
            texts.insert(0, "Nobody stood still, so angles have no zero: only timing is judged.")
        for text in texts:
            lines += terminal.wrap(since + text, indent=2, hanging=4)
    return lines


def _remarks(results: Results, terminal: Terminal) -> list[str]:
    if not results.remarks:
        return []
    lines = [_heading("Remarks", terminal)]
    for remark in results.remarks:
        lines += terminal.wrap(f"- {remark}", indent=2, hanging=4)
    return lines


def _table(rows: Sequence[tuple[str, ...]], terminal: Terminal) -> list[str]:
    """Columns as wide as their content; the first one takes what is left and wraps."""
    spelt = [tuple(map(terminal.spell, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*spelt, strict=True)]
    gap = "  "
    room = terminal.width - sum(len(gap) + width for width in widths[1:]) - len(gap)
    first_width = max(min(widths[0], room), _NARROWEST_LABEL)
    lines = []
    for label, *cells in spelt:
        first, *more = textwrap.wrap(label, first_width, subsequent_indent=gap) or [""]
        values = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        lines.append(gap + gap.join((first.ljust(first_width), *values)).rstrip())
        lines += [gap + rest for rest in more]
    return lines
