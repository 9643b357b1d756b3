"""The text in which a person reads the results of a walk in the terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from dashboards.movement_summary import movement_tests
from dashboards.terminal import Terminal
from dashboards.wording import (
    NOT_A_MEDICAL_DEVICE,
    ONLY_A_PART,
    UNKNOWN,
    Measure,
    confidence_words,
    counted,
    detector_title,
    duration,
    exclusion_words,
    is_a_hint,
    number,
    span,
    verdict_words,
    what_makes_it_clearer,
    whose,
    with_error,
)
from pipeline.results import FeatureStatistics, Finding, Interval, Results, Verdict
from recordings.placement import Side

MAIN_MEASURES = {
    "pelvis_tilt_rom_deg",
    "hip_flexion_min_deg",
    "hip_flexion_max_swing_deg",
    "hip_flexion_rom_deg",
    "pelvic_drop_peak_deg",
    "pelvis_rotation_rom_deg",
    "hip_adduction_peak_deg",
    "hip_rotation_excursion_deg",
    "knee_flexion_min_stance_deg",
    "knee_flexion_swing_peak_deg",
    "thigh_extension_velocity_peak_deg_s",
    "stance_percent",
    "stride_time_cv_percent",
    "step_time_asymmetry_percent",
    "stance_time_asymmetry_percent",
    "swing_time_asymmetry_percent",
}
"""Measures that are always shown; the others only if they stand out or decided a finding."""
_SAID_ABOVE = {"cadence_spm"}
"""Measures that stand at the head of the summary already."""

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
        movement_tests(results.movement_tests, terminal),
        _remarks(results, terminal),
        _measures(results, terminal),
        _sensors(results, terminal),
        [*terminal.wrap(ONLY_A_PART), *terminal.wrap(NOT_A_MEDICAL_DEVICE)],
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def error_of(statistics: FeatureStatistics) -> float:
    """Half-width of a mean's error: spread over strides and measurement error as squares.

    NaN or infinite if one of them is not known.
    """
    return math.hypot((statistics.ci_high - statistics.ci_low) / 2.0, statistics.error)


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
        ("Recorded", f"{duration(walk.duration_s)}, of it walking {duration(walk.walking_s)}"),
        (
            "Walking",
            f"{counted(walk.steps, 'step')}, {counted(walk.bouts, 'bout')}, "
            f"{counted(walk.turns, 'turn')}",
        ),
        ("Strides", f"{strides} steady and used"),
    ]
    if walk.excluded:
        reasons = sorted(walk.excluded.items(), key=lambda item: -item[1])
        text = ", ".join(f"{count} {exclusion_words(reason)}" for reason, count in reasons)
        facts.append(("Left out", text))
    speed = _known(with_error(walk.speed_m_s, walk.speed_error_m_s, 2), "m/s, an estimate")
    cadence = _known(with_error(walk.cadence_spm, _cadence_error(results), 1), "steps/min")
    stride_time = _known(number(walk.stride_time_s, 2), "s")
    facts += [("Speed", speed), ("Cadence", cadence), ("Stride time", stride_time)]
    for label, text in facts:
        lines += terminal.wrap(f"{label:<13}{text}", indent=2, hanging=15)
    return lines


def _known(value: str, unit: str) -> str:
    return "not known" if value == UNKNOWN else f"{value} {unit}"


def _cadence_error(results: Results) -> float:
    """That of the leg whose cadence is known less well."""
    errors = [error_of(row) for row in results.features if row.feature == "cadence_spm"]
    return max(errors, default=math.nan)


def _findings(results: Results, terminal: Terminal) -> list[str]:
    lines = [_heading("Findings", terminal)]
    if not results.findings:
        return [*lines, *terminal.wrap("None of the movements looked for could be judged.", 2)]
    groups: dict[tuple[str, Verdict, str], list[Finding]] = {}
    for finding in sorted(results.findings, key=_rank):
        key = (finding.detector, finding.verdict, finding.sentence)
        groups.setdefault(key, []).append(finding)
    for findings in groups.values():
        lines += _finding(findings, terminal)
    return lines


def _rank(finding: Finding) -> int:
    """What was seen first, what was not seen last."""
    if finding.verdict is Verdict.PRESENT:
        return 0
    if is_a_hint(finding):
        return 1
    return 2 if finding.verdict is Verdict.CANNOT_JUDGE else 3


def _finding(findings: Sequence[Finding], terminal: Terminal) -> Iterator[str]:
    """Lines of findings that say the same, of one leg or of both."""
    first = findings[0]
    title = f"{detector_title(first.detector)}, {whose(findings)}: {verdict_words(first)}"
    head = terminal.wrap(title, indent=2, hanging=4)
    yield from map(terminal.emphasise, head) if first.verdict is Verdict.PRESENT else head
    bases = dict.fromkeys(map(_basis, findings))
    for text in (first.sentence, *bases, _clearer(first)):
        yield from terminal.wrap(text, indent=4)


def _basis(finding: Finding) -> str:
    """What the answer rests on: value, range, strides, confidence; empty without a value."""
    parts = []
    if math.isfinite(finding.value):
        measure = Measure.of(finding.measure)
        parts.append(f"{measure.label} {measure.quantity(finding.value, finding.error)}")
        if finding.usual is not None:
            usual = span(finding.usual.low, finding.usual.high, measure.decimals)
            parts.append(f"usual {usual}")
        if math.isfinite(finding.threshold):
            parts.append(f"counts beyond {number(finding.threshold, measure.decimals)}")
        parts.append(f"{counted(finding.strides, 'steady stride')}")
    if finding.verdict is not Verdict.CANNOT_JUDGE or is_a_hint(finding):
        words = confidence_words(finding.confidence)
        parts.append(f"confidence {words} ({number(finding.confidence, 2)})")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _clearer(finding: Finding) -> str:
    advice = what_makes_it_clearer(finding)
    return f"Clearer: {advice}" if advice else ""


def _measures(results: Results, terminal: Terminal) -> list[str]:
    """Tables of the main measures and of those that stand out or decided a finding."""
    wanted = {
        *MAIN_MEASURES,
        *(finding.measure for finding in results.findings),
        *(row.feature for row in results.features if _beyond_usual(row, error_of(row))),
    } - _SAID_ABOVE
    shown = [row for row in results.features if row.feature in wanted]
    sides: dict[tuple[str, Interval | None], dict[Side, FeatureStatistics]] = {}
    for row in shown:
        if row.side is not None:
            sides.setdefault((row.feature, row.usual), {})[row.side] = row
    left_and_right = [
        _named(feature, usual, *(rows.get(side) for side in Side))
        for (feature, usual), rows in sides.items()
    ]
    whole = [_named(row.feature, row.usual, row) for row in shown if row.side is None]
    if not left_and_right and not whole:
        return []
    lines: list[str] = []
    if left_and_right:
        lines += [_heading("Left and right", terminal)]
        lines += _table([("", "left  ", "right  ", "usual"), *left_and_right], terminal)
    if left_and_right and whole:
        lines += [""]
    if whole:
        lines += [_heading("Both legs together", terminal)]
        lines += _table([("", "value  ", "usual"), *whole], terminal)
    lines += terminal.wrap(
        "Mean ± error, where the error is known; * outside the usual range by more than the "
        "error. Angles count from how you stood while calibrating.",
        2,
    )
    hidden = {row.feature for row in results.features} - {row.feature for row in shown}
    hidden -= _SAID_ABOVE
    if hidden:
        lines += terminal.wrap(f"Further measures, in the files only (--out): {len(hidden)}.", 2)
    return lines


def _named(
    feature: str, usual: Interval | None, *rows: FeatureStatistics | None
) -> tuple[str, ...]:
    """A row of a table: the measure, its values and its usual range."""
    measure = Measure.of(feature)
    values = (_cell(row, measure.decimals) for row in rows)
    usual_text = UNKNOWN if usual is None else span(usual.low, usual.high, measure.decimals)
    return (measure.heading, *values, usual_text)


def _cell(row: FeatureStatistics | None, decimals: int) -> str:
    if row is None or not math.isfinite(row.mean):
        return f"{UNKNOWN}  "
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
    cells += [
        (
            sensor.placement.label,
            number(sensor.rate_hz, 1),
            number(100 * sensor.lost_fraction, 1),
            number(sensor.longest_gap_s, 2),
            number(sensor.gravity_m_s2, 2),
        )
        for sensor in results.quality
    ]
    lines = [_heading("Sensors", terminal), *_table(cells, terminal)]
    for sensor in results.quality:
        for remark in sensor.remarks:
            lines += terminal.wrap(f"- {remark}", indent=2, hanging=4)
    return lines


def _remarks(results: Results, terminal: Terminal) -> list[str]:
    remarks = [*results.remarks]
    for calibration in results.calibrations:
        texts = [calibration.unfit, *calibration.refused.values(), *calibration.remarks]
        if calibration.zero == "walking_mean":
            texts.append("Nobody stood still, so angles have no zero: only timing is judged.")
        remarks += [text for text in texts if text and text not in remarks]
    if not remarks:
        return []
    lines = [_heading("Remarks", terminal)]
    for remark in remarks:
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
