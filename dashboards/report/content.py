"""What the report says: words, rows and pictures, before anything is laid out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dashboards.report.figures import Bar, bar_figure, cycle_figure
from dashboards.summary import MAIN_MEASURES, error_of
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
    number,
    span,
    verdict_words,
    what_makes_it_clearer,
)
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, FloatArray
from pipeline.patterns.board import PatternBoard, PatternFinding, SignFinding
from pipeline.patterns.terms import Level
from pipeline.results import FeatureStatistics, Interval, Results, Verdict
from recordings.metadata import SessionMetadata
from recordings.placement import SHANK_PLACEMENTS, Side

LONGEST_NAME = 160
"""Characters of a name that are shown; the rest is cut, so that no name can fill the page."""

CURVES = (
    (Curve.PELVIS_TILT, "Pelvis: tilt", ("back", "forward")),
    (Curve.PELVIS_OBLIQUITY, "Pelvis: side to side", ("own side down", "own side up")),
    (Curve.PELVIS_ROTATION, "Pelvis: turn", ("own side back", "own side forward")),
    (Curve.HIP_FLEXION, "Hip: forward and back", ("leg back", "leg forward")),
    (Curve.HIP_ADDUCTION, "Hip: lean of the thigh", ("outward", "inward")),
    (Curve.HIP_ROTATION, "Hip: turn of the thigh", ("outward", "inward")),
    (Curve.KNEE_FLEXION, "Knee: bend", ("straight", "bent")),
)
"""What is drawn: curve, title, what down and up mean."""

_SHARES = (
    "step_time_asymmetry_percent",
    "stance_time_asymmetry_percent",
    "swing_time_asymmetry_percent",
)
_DEGREES = (
    "hip_flexion_rom_difference_deg",
    "hip_flexion_min_difference_deg",
    "pelvic_drop_difference_deg",
    "hip_adduction_peak_difference_deg",
    "knee_flexion_swing_difference_deg",
)
_DIFFERENCE_OF = {
    "hip_flexion_rom_deg": "hip_flexion_rom_difference_deg",
    "hip_flexion_min_deg": "hip_flexion_min_difference_deg",
    "pelvic_drop_peak_deg": "pelvic_drop_difference_deg",
    "hip_adduction_peak_deg": "hip_adduction_peak_difference_deg",
    "hip_rotation_excursion_deg": "hip_rotation_difference_deg",
    "knee_flexion_swing_peak_deg": "knee_flexion_swing_difference_deg",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: text, and a word if it lies outside the usual range."""

    text: str
    outside: str = ""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    label: str
    unit: str
    left: Cell
    right: Cell
    usual: str
    difference: str


@dataclass(frozen=True, slots=True)
class SignRow:
    words: str
    value: str
    usual: str


@dataclass(frozen=True, slots=True)
class PatternPart:
    """One pattern as it stands in the report."""

    title: str
    side: str
    level: str
    strength: str
    """``slight``, ``possible`` or ``clear``, for the style."""
    sure: str
    sentence: str
    meaning: str
    speaks_for: tuple[SignRow, ...]
    speaks_against: tuple[SignRow, ...]
    not_measured: tuple[str, ...]
    looks_alike: tuple[str, ...]
    clearer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the numbers behind it."""

    title: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FindingPart:
    title: str
    verdict: str
    sentence: str
    clearer: str


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
    patterns: tuple[PatternPart, ...]
    quiet: tuple[str, ...]
    unjudged: tuple[str, ...]
    confounders: tuple[tuple[str, str], ...]
    measures: tuple[MeasureRow, ...]
    usual_for: str
    curves: tuple[Figure, ...]
    bars: tuple[Figure, ...]
    quality: tuple[tuple[str, ...], ...]
    quality_notes: tuple[str, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    notice: str = NOT_A_MEDICAL_DEVICE


def gather(
    results: Results, board: PatternBoard, metadata: SessionMetadata | None = None
) -> Report:
    """Put together what the report says.

    Parameters
    ----------
    results : Results
    board : PatternBoard
        Of the same walk; behind a red flag it holds no patterns, and the report shows none.
    metadata : SessionMetadata, optional
        For name, age, date.
    """
    metadata = metadata or SessionMetadata()
    shown = [p for p in board.patterns if p.level >= Level.SLIGHT]
    hidden = board.gate.hides_patterns
    return Report(
        name=_cut(results.session),
        facts=tuple(_facts(results, metadata)),
        simulated=results.simulated,
        provisional=results.provisional,
        flags=tuple(flag.question for flag in board.gate.flags),
        advice=board.gate.advice,
        plain=tuple(_plain_words(results, board)),
        next_steps=() if hidden else board.next_steps[:4],
        hip_hints=tuple((str(h.side), h.words, h.because, h.against) for h in board.hip_hints),
        findings=() if hidden else tuple(_findings(results)),
        patterns=tuple(_pattern(p) for p in shown),
        quiet=_titles(p for p in board.patterns if p.level is Level.NONE),
        unjudged=tuple(p.sentence for p in board.patterns if p.level is Level.NOT_JUDGED)[:4],
        confounders=tuple((c.title, c.sentence) for c in board.confounders),
        measures=tuple(_measures(results)),
        usual_for=_usual_for(results, metadata),
        curves=tuple(_curves(results)),
        bars=tuple(_bars(results)),
        quality=tuple(_quality(results)),
        quality_notes=tuple(_quality_notes(results)),
        method=tuple(_method(results)),
        limits=(*board.limits, ONLY_A_PART),
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _facts(results: Results, metadata: SessionMetadata) -> Iterator[str]:
    if metadata.wearer.name:
        yield _cut(metadata.wearer.name)
    if metadata.wearer.age_years is not None:
        yield f"{metadata.wearer.age_years:.0f} years"
    if metadata.start_time is not None:
        yield _date(metadata.start_time)
    yield f"{duration(results.summary.walking_s)} of walking"
    yield counted(len(results.placements), "sensor")


def _date(time: datetime) -> str:
    return f"{time.day} {time:%B %Y, %H:%M}"


def _plain_words(results: Results, board: PatternBoard) -> Iterator[str]:
    """At most four sentences, without a single technical word."""
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
    seen = [f for f in results.findings if f.verdict is Verdict.PRESENT]
    sentences = list(dict.fromkeys(f.sentence for f in seen if f.sentence not in board.headline))
    yield from sentences[:2]


def _findings(results: Results) -> Iterator[FindingPart]:
    rank = {Verdict.PRESENT: 0, Verdict.CANNOT_JUDGE: 1, Verdict.NOT_SEEN: 2}
    said: set[str] = set()
    for finding in sorted(results.findings, key=lambda f: rank[f.verdict]):
        if finding.sentence not in said:
            said.add(finding.sentence)
            yield FindingPart(
                detector_title(finding.detector),
                verdict_words(finding),
                finding.sentence,
                what_makes_it_clearer(finding),
            )


def _titles(patterns: Iterator[PatternFinding]) -> tuple[str, ...]:
    """Titles with the legs they were looked for on."""
    sides: dict[str, list[str]] = {}
    for pattern in patterns:
        sides.setdefault(pattern.title, []).append(str(pattern.side))
    return tuple(
        f"{title} ({'both legs' if len(legs) > 1 else f'{legs[0]} leg'})"
        for title, legs in sides.items()
    )


def _pattern(pattern: PatternFinding) -> PatternPart:
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
    )


def _sign(sign: SignFinding, pattern: PatternFinding) -> SignRow:
    measure = Measure.of(sign.feature)
    usual = "" if sign.usual is None else span(sign.usual.low, sign.usual.high, measure.decimals)
    if sign.from_other_leg:
        usual = f"{usual or UNKNOWN}; compared with the {pattern.side.other} leg"
    return SignRow(sign.words, measure.quantity(sign.value, sign.error), usual)


def _measures(results: Results) -> Iterator[MeasureRow]:
    by_name: dict[str, dict[Side | None, FeatureStatistics]] = {}
    for row in results.features:
        by_name.setdefault(row.feature, {})[row.side] = row
    wanted = MAIN_MEASURES | {"cadence_spm"} | {f.measure for f in results.findings}
    for name, rows in by_name.items():
        sides = [rows.get(side) for side in Side]
        if name not in wanted or not any(sides):
            continue
        measure = Measure.of(name)
        usual = next((r.usual for r in sides if r is not None and r.usual is not None), None)
        difference = by_name.get(_DIFFERENCE_OF.get(name, ""), {}).get(None)
        yield MeasureRow(
            label=measure.label,
            unit=measure.unit,
            left=_cell(sides[0], measure),
            right=_cell(sides[1], measure),
            usual=UNKNOWN if usual is None else span(usual.low, usual.high, measure.decimals),
            difference=_difference(difference),
        )


def _cell(row: FeatureStatistics | None, measure: Measure) -> Cell:
    if row is None or not math.isfinite(row.mean):
        return Cell(UNKNOWN)
    error = error_of(row)
    text = number(row.mean, measure.decimals)
    if math.isfinite(error):
        text += f" ± {number(error, measure.decimals)}"
    return Cell(text, _outside(row.mean, error, row.usual))


def _outside(value: float, error: float, usual: Interval | None) -> str:
    """``above`` or ``below`` the usual range by more than the error."""
    if usual is None or not math.isfinite(error):
        return ""
    if value - error > usual.high:
        return "above usual"
    return "below usual" if value + error < usual.low else ""


def _difference(row: FeatureStatistics | None) -> str:
    if row is None or not math.isfinite(row.mean):
        return UNKNOWN
    measure = Measure.of(row.feature)
    size = number(abs(row.mean), measure.decimals)
    if float(size) == 0.0:
        return "none"
    return f"{size} higher {'right' if row.mean > 0 else 'left'}"


def _usual_for(results: Results, metadata: SessionMetadata) -> str:
    wearer = metadata.wearer
    unknown = [
        word
        for word, value in (
            ("height", wearer.height_m or wearer.leg_length_m),
            ("sex", wearer.sex),
            ("age", wearer.age_years),
        )
        if value is None
    ]
    text = "Usual: mean ± 2 SD of adults who walk at this speed, from published measurements."
    if unknown:
        names = " and ".join(filter(None, (", ".join(unknown[:-1]), unknown[-1])))
        text += (
            f" Your {names} {'is' if len(unknown) == 1 else 'are'} not known, so "
            f"the ranges are those of everybody and fit you less well."
        )
    return text


def _curves(results: Results) -> Iterator[Figure]:
    contacts = {
        row.side: row.mean
        for row in results.features
        if row.feature == "stance_percent" and row.side is not None
    }
    for curve, title, directions in CURVES:
        means: dict[Side, FloatArray] = {
            side: curves[curve][0]
            for side, curves in results.mean_curves.items()
            if curve in curves and np.isfinite(curves[curve][0]).any()
        }
        if not means:
            continue
        words = "; ".join(
            f"{side}: {np.nanmin(mean):.0f}° at {int(np.nanargmin(mean))} % to "
            f"{np.nanmax(mean):.0f}° at {int(np.nanargmax(mean))} %"
            for side, mean in means.items()
        )
        rows = tuple(
            (f"{p} %", *(number(float(means[s][p]), 1) for s in Side if s in means))
            for p in range(0, 101, 10)
        )
        head = ("of the cycle", *(f"{side} [°]" for side in Side if side in means))
        svg = cycle_figure(f"{title} [°]", words, directions, means, contacts, curve.value)
        yield Figure(title, svg, head, rows)


def _bars(results: Results) -> Iterator[Figure]:
    rows = {row.feature: row for row in results.features if row.side is None}
    for title, unit, names in (
        ("Time, right minus left [%]", "%", _SHARES),
        ("Movement, right minus left [°]", "°", _DEGREES),
    ):
        chosen = [rows[n] for n in names if n in rows and math.isfinite(rows[n].mean)]
        if not chosen:
            continue
        bars = [_bar(row) for row in chosen]
        table = tuple(
            (b.label, b.text, UNKNOWN if math.isnan(b.usual) else f"within ±{number(b.usual, 1)}")
            for b in bars
        )
        key = "time" if unit == "%" else "movement"
        yield Figure(title, bar_figure(title, bars, f"bars-{key}"), ("", "value", "usual"), table)


def _bar(row: FeatureStatistics) -> Bar:
    label = FEATURES[row.feature].label.removeprefix("left–right difference of ")
    usual = math.nan if row.usual is None else row.usual.high
    text = f"{number(row.mean, 1)} ± {number(error_of(row), 1)}"
    return Bar(label[0].upper() + label[1:], row.mean, error_of(row), usual, text)


def _quality(results: Results) -> Iterator[tuple[str, ...]]:
    for sensor in results.quality:
        yield (
            sensor.placement.label,
            f"{number(sensor.rate_hz, 0)} Hz",
            f"{number(100 * sensor.lost_fraction, 1)} %",
            f"{number(1000 * sensor.longest_gap_s, 0)} ms",
            number(sensor.gravity_m_s2, 2),
        )


def _quality_notes(results: Results) -> Iterator[str]:
    walk = results.summary
    used = ", ".join(
        f"{walk.steady_strides.get(s, 0)} of {walk.strides.get(s, 0)} {s}" for s in Side
    )
    yield f"Strides used: {used}."
    if walk.excluded:
        left_out = sorted(walk.excluded.items(), key=lambda item: -item[1])
        yield f"Left out: {', '.join(f'{n} {exclusion_words(why)}' for why, n in left_out)}."
    for calibration in results.calibrations:
        errors = [e for e in calibration.axis_error_deg.values() if math.isfinite(e)]
        if errors:
            yield f"Sensor axes known to ±{number(max(errors), 1)}° or better."
    yield from results.remarks
    for sensor in results.quality:
        yield from sensor.remarks


def _method(results: Results) -> Iterator[str]:
    yield (
        "Motion sensors on pelvis and thighs"
        + (" and shanks" if set(SHANK_PLACEMENTS) <= set(results.placements) else "")
        + " measured how the body parts turned. Angles count from how you stood while "
        "calibrating: standing is zero."
    )
    yield (
        "Each value is a mean over even strides, with its 95 % error: spread over strides and "
        "one wearing of the sensors together. A value is marked only where it lies outside the "
        "usual range by more than that error."
    )
    yield (
        "Each leg is drawn over its own cycle, from the landing of its foot to the next; the "
        "dotted line is where the foot leaves the ground. No band is drawn behind the curves: "
        "there is no reference curve measured in this way."
    )
    walk = results.summary
    if math.isfinite(walk.dimensionless_speed):
        yield (
            f"Speed {number(walk.speed_m_s, 2)} ± {number(walk.speed_error_m_s, 2)} m/s, an "
            f"estimate; cadence {number(walk.cadence_spm, 0)} steps a minute; dimensionless "
            f"speed {number(walk.dimensionless_speed, 2)}, at which usual ranges are taken. "
            f"Sources of every range and error: docs/features.md and docs/patterns.md."
        )
