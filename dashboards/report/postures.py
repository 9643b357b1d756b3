"""Which postures the report draws: of each pattern, the moments that show it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from dashboards.report.parts import Figure
from dashboards.report.posture_figure import posture_figure
from dashboards.summary import error_of
from dashboards.view_models.figure_pose import FigurePose, figure_pose
from dashboards.wording import Measure, span
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import CYCLE_POINTS, Curve, FloatArray
from pipeline.patterns.base import Pattern
from pipeline.patterns.board import PatternBoard
from pipeline.patterns.registry import PATTERNS
from pipeline.patterns.terms import Moment, Towards, View
from pipeline.results import FeatureStatistics, Finding, Results, Verdict
from recordings.placement import Side

TILT, OBLIQUITY = "pelvis_tilt", "pelvis_obliquity"
HIP, LEAN, KNEE, THIGH, SHIFT = "hip", "lean", "knee", "thigh", "shift"
DRAWN = {
    "F03": TILT,
    "F04": HIP,
    "F06": HIP,
    "F09": OBLIQUITY,
    "F13": LEAN,
    "F20": KNEE,
    "F21": KNEE,
    "F23": KNEE,
    "F26": THIGH,
    "F35b": SHIFT,
}
"""Code of a measure → what of the figure it moves."""

_CURVES = {
    TILT: Curve.PELVIS_TILT,
    OBLIQUITY: Curve.PELVIS_OBLIQUITY,
    HIP: Curve.HIP_FLEXION,
    LEAN: Curve.HIP_ADDUCTION,
    KNEE: Curve.KNEE_FLEXION,
    THIGH: Curve.THIGH_INCLINATION,
}
_HALF_CYCLE = (CYCLE_POINTS - 1) // 2
_WHERE = {View.SIDE: "seen from the side", View.BEHIND: "seen from behind"}
HOW_TO_READ = (
    "Solid: you, in the mean of this walk. Dashed, grey: the same moment with the usual value for "
    "your speed. Only what sensors measured is drawn from them; foot and head are not."
)
Joints = dict[str, float]


_PATTERN_OF_DETECTOR = {
    "femoral_collapse": "inward_thigh",
    "knee_hyperextension": "knee_past_straight",
}
_PATTERN_OF_MEASURE = {
    "hip_flexion_rom_difference_deg": "reduced_hip_range",
    "knee_flexion_swing_difference_deg": "little_knee_bend",
}
"""What shows a finding: the moments of the pattern that speaks of the same movement."""


def finding_postures(results: Results, board: PatternBoard) -> Iterator[Figure]:
    """Pictures of what was found and stands in no pattern that is shown."""
    shown = {(p.pattern, p.side) for p in board.seen}
    for finding in results.findings:
        if finding.verdict is not Verdict.PRESENT or finding.hint:
            continue
        key = same_movement(finding)
        if key and finding.side is not None and (key, finding.side) not in shown:
            shown.add((key, finding.side))
            yield from postures(results, PATTERNS[key], finding.side)


def same_movement(finding: Finding) -> str:
    """Key of the pattern that speaks of the movement of a finding; empty if none does."""
    return _PATTERN_OF_DETECTOR.get(finding.detector, _PATTERN_OF_MEASURE.get(finding.measure, ""))


def postures(results: Results, pattern: Pattern, side: Side) -> Iterator[Figure]:
    """Pictures of a pattern on one leg; none where its curves were not measured."""
    for number, moment in enumerate(pattern.moments):
        measures = [
            row
            for code in moment.codes
            for row in results.features
            if row.code == code and row.side is side and _has_usual(row)
        ]
        own, other = _joints_at(results, moment, side)
        if not measures or not own or not other:
            continue
        usual = dict(own)
        for row in measures:
            joint = DRAWN[row.code]
            own[joint], usual[joint] = row.mean, _usual(row)
        _carry(own, usual)
        behind = moment.view is View.BEHIND
        outward = 1.0 if side is Side.RIGHT else -1.0
        title = f"{side.value.capitalize()} leg, {_WHERE[moment.view]}"
        rows = tuple(_row(row) for row in measures)
        words = "; ".join(f"{label}: {value}, usual {usual}" for label, value, usual in rows)
        svg = posture_figure(
            title,
            f"{moment.words}. {words}",
            _pose(own, other, side),
            _pose(usual, other, side),
            side,
            f"posture-{pattern.key}-{side}-{number}",
            behind=behind,
            shift_m=(outward * own.get(SHIFT, 0.0), outward * usual.get(SHIFT, 0.0)),
        )
        caption = f"{moment.words[0].upper()}{moment.words[1:]}"
        yield Figure(caption, svg, ("", "this walk", "usual"), rows)


def _has_usual(row: FeatureStatistics) -> bool:
    return math.isfinite(row.mean) and row.usual is not None and math.isfinite(_usual(row))


def _usual(row: FeatureStatistics) -> float:
    return math.nan if row.usual is None else 0.5 * (row.usual.low + row.usual.high)


def _row(row: FeatureStatistics) -> tuple[str, str, str]:
    measure = Measure.of(row.feature)
    usual = row.usual
    return (
        measure.label,
        measure.quantity(row.mean, error_of(row)),
        "" if usual is None else span(usual.low, usual.high, measure.decimals),
    )


def _joints_at(results: Results, moment: Moment, side: Side) -> tuple[Joints, Joints]:
    """Joints of the own and of the other leg at a moment; empty where they are not known."""
    means = {leg: _means(results, leg) for leg in Side}
    curve = means[side].get(moment.curve)
    if curve is None:
        return {}, {}
    window = curve[moment.first : moment.last + 1]
    if not np.isfinite(window).all():
        return {}, {}
    found = np.argmax(window) if moment.towards is Towards.HIGHER else np.argmin(window)
    percent = moment.first + int(found)
    across = (percent + _HALF_CYCLE) % (CYCLE_POINTS - 1)
    return _joints(means[side], percent), _joints(means[side.other], across)


def _means(results: Results, side: Side) -> Mapping[Curve, FloatArray]:
    return {curve: mean for curve, (mean, _) in results.mean_curves.get(side, {}).items()}


def _joints(means: Mapping[Curve, FloatArray], percent: int) -> Joints:
    """Empty if the thigh is not known: nothing can be drawn without it."""
    found = {joint: float(means[c][percent]) for joint, c in _CURVES.items() if c in means}
    known = {joint: value for joint, value in found.items() if math.isfinite(value)}
    return known if THIGH in known else {}


def _carry(own: Joints, usual: Joints) -> None:
    """A hip that bends otherwise, or a pelvis that tips otherwise, moves the thigh with it."""
    if own[THIGH] == usual[THIGH]:
        hip = usual.get(HIP, 0.0) - own.get(HIP, 0.0)
        tilt = usual.get(TILT, 0.0) - own.get(TILT, 0.0)
        usual[THIGH] += hip - tilt


def _pose(own: Joints, other: Joints, side: Side) -> FigurePose:
    mirrored = 1.0 if side is Side.RIGHT else -1.0
    row = dict.fromkeys(ANGLE_COLUMNS, math.nan)
    row["pelvis_tilt_deg"] = own.get(TILT, math.nan)
    row["pelvis_obliquity_deg"] = mirrored * own.get(OBLIQUITY, math.nan)
    for leg, joints in ((side, own), (side.other, other)):
        row[f"thigh_inclination_{leg}_deg"] = joints[THIGH]
        row[f"hip_adduction_{leg}_deg"] = joints.get(LEAN, math.nan)
        row[f"knee_flexion_{leg}_deg"] = joints.get(KNEE, math.nan)
    return figure_pose(np.array(list(row.values())), {})
