"""Virtual people who do every movement test once, laid beside what their joints did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.movement_features import TrueRepetition
from firmware_bridge.virtual_wearer.movements import (
    KneeLift,
    LateralLunge,
    Lunge,
    SingleLegSquat,
    SingleLegStance,
    Sit,
    Squat,
    Stairs,
    StepDown,
)
from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.spec import SensorFaults, Spec, Stand, TimelineItem, Walk
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.features.base import Worse
from pipeline.movement_tests.outcome import MovementTask, MovementTest
from pipeline.movement_tests.registry import KINDS
from recordings.placement import THIGHS, Side

CALIBRATION_WALK_S, WALK_BETWEEN_S = 30.0, 12.0
AXES_WRONG_S = 25.0
"""Within the calibration walk, after the axes were found."""

CONDITIONS = ("", "thighs turned ±10°", "axes wrong by ±10°")

_TRUE_NAMES = {
    "inward_lean_deg": ("F42_inward", 1.0),
    "inward_turn_deg": ("F42_rotation", 1.0),
    "single_leg_hip_adduction_deg": ("F40_adduction", 1.0),
    "single_leg_pelvic_drop_deg": ("F40_drop", 1.0),
    "knee_lift_height_deg": ("F46", 1.0),
    "knee_lift_lean_back_deg": ("F46_tilt", -1.0),
    "knee_lift_side_tilt_deg": ("F46_obliquity", 1.0),
    "sit_to_stand_roll_deg": ("F44_roll", 1.0),
    "stairs_up_thigh_lift_deg": ("F45", 1.0),
}
"""End of a feature's name → its word in the truth, and the sign between the two."""


_BEHAVIOURS = {MovementTask.SIT_TO_STAND: "sit", MovementTask.STAIRS_UP: "stairs"}
"""Test → its word in the truth, where that is another."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One virtual person.

    Attributes
    ----------
    deviation : str
        ``inward`` (the right thigh collapses in all bends), ``drop`` (the pelvis drops on the
        right leg), ``lift`` (the right knee is lifted less), ``roll`` (to one side when
        rising), or none.
    amount : float
        Degrees; for ``roll`` metres.
    condition : str
        One of `CONDITIONS`.
    """

    seed: int
    deviation: str = ""
    amount: float = 0.0
    condition: str = ""


def spec_of(mover: Mover) -> Spec:
    """The person, what they do, and how the sensors hang."""
    rng = np.random.default_rng([mover.seed, 4711])
    spec = draw_spec(mover.seed, timeline=_timeline(mover, rng))
    return msgspec.structs.replace(
        spec, sensors=msgspec.structs.replace(spec.sensors, faults=_faults(mover, rng))
    )


def _timeline(mover: Mover, rng: np.random.Generator) -> tuple[TimelineItem, ...]:
    def amount(deviation: str, usual: float = 0.0) -> float:
        return mover.amount if mover.deviation == deviation else usual

    def each(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 2)

    inward, drop = amount("inward"), amount("drop")
    left, right = Side.LEFT, Side.RIGHT
    squat = Squat(
        repeats=int(rng.integers(4, 8)),
        knee_deg=each(65, 100),
        each_s=each(2.6, 5.0),
        inward_right_deg=inward,
    )
    depth, step, pace = each(45, 65), each(0.14, 0.20), each(2.8, 4.5)
    lunge = {"each_s": each(4.0, 6.0), "length_m": each(0.5, 0.75)}
    wide = {"each_s": each(4.0, 6.0), "width_m": each(0.45, 0.7)}
    high, back = each(92, 110), each(2, 7)
    moves: tuple[tuple[TimelineItem, ...], ...] = (
        (
            squat,
            SingleLegStance(side=left, duration_s=each(13, 22)),
            SingleLegStance(side=right, duration_s=each(13, 22), drop_deg=drop),
        ),
        (
            SingleLegSquat(side=left, knee_deg=depth, each_s=pace),
            SingleLegSquat(side=right, knee_deg=depth, each_s=pace, inward_deg=inward),
        ),
        (
            StepDown(side=left, height_m=step, each_s=pace),
            StepDown(side=right, height_m=step, each_s=pace, inward_deg=inward),
        ),
        (
            Lunge(side=left, repeats=4, **lunge),
            Lunge(side=right, repeats=5, inward_deg=inward, **lunge),
        ),
        (
            LateralLunge(side=left, repeats=4, **wide),
            LateralLunge(side=right, repeats=5, inward_deg=inward, **wide),
        ),
        (
            KneeLift(side=left, duration_s=each(8, 14), hip_deg=high, lean_back_deg=back),
            KneeLift(
                side=right,
                duration_s=each(8, 14),
                hip_deg=high - amount("lift"),
                lean_back_deg=back,
            ),
        ),
        tuple(Sit(duration_s=7.0, towards_right_m=amount("roll")) for _ in range(3)),
        (
            Stairs(
                steps=int(rng.integers(8, 13)),
                rise_m=each(0.15, 0.19),
                tread_m=each(0.25, 0.31),
                step_s=each(0.55, 0.9),
            ),
        ),
    )
    timeline: list[TimelineItem] = [
        Stand(duration_s=8.0, calibration=True),
        Walk(duration_s=CALIBRATION_WALK_S),
    ]
    for number, group in enumerate(moves):
        if number:
            timeline.append(Walk(duration_s=WALK_BETWEEN_S))
        timeline.append(Stand(duration_s=3.5))
        for movement in group:
            timeline += [movement, Stand(duration_s=3.0)]
    return tuple(timeline)


def _faults(mover: Mover, rng: np.random.Generator) -> dict[Any, SensorFaults]:
    if not mover.condition:
        return {}
    turns = {p: float(rng.choice((-1.0, 1.0))) * 10.0 for p in THIGHS.values()}
    if mover.condition.startswith("axes"):
        return {
            p: SensorFaults(slip_s=AXES_WRONG_S, slip_deg=(0.0, 0.0, t)) for p, t in turns.items()
        }
    return {p: SensorFaults(mounting_deg=(0.0, 0.0, t)) for p, t in turns.items()}


def measure(mover: Mover) -> dict[str, Any]:
    """All tests of one person: counts, numbers beside their truth, findings."""
    worn = wear(spec_of(mover))
    results = analyze(worn.session)
    return {"tests": [_laid_beside(t, worn.truth) for t in results.movement_tests]}


def _laid_beside(test: MovementTest, truth: Truth) -> dict[str, Any]:
    true = _true_repetitions(test, truth)
    spans = {(r.start_s, r.end_s) for r in true}
    return {
        "task": test.task.value,
        "side": "" if test.side is None else test.side.value,
        "found": len(test.accepted),
        "true": len(spans),
        "reason": test.reason,
        "features": [
            {
                "feature": row.feature,
                "side": "" if row.side is None else row.side.value,
                "value": row.mean,
                "error": float(np.hypot(row.error, 0.5 * (row.ci_high - row.ci_low))),
                "true": true_value(row.feature, row.side, true, truth),
            }
            for row in test.features
        ],
        "findings": [
            {
                "detector": f.detector,
                "measure": f.measure,
                "side": "" if f.side is None else f.side.value,
                "verdict": f.verdict.value,
                "reason": f.reason,
                "value": f.value,
                "threshold": f.threshold,
                "true": true_value(f.measure, f.side, true, truth),
            }
            for f in test.findings
        ],
    }


def _true_repetitions(test: MovementTest, truth: Truth) -> list[TrueRepetition]:
    """What was truly done within the span of a test; rises only, of sitting."""
    rising = test.task is MovementTask.SIT_TO_STAND
    word = _BEHAVIOURS.get(test.task, test.task.value)
    inside = [
        r
        for r in truth.repetitions
        if r.behaviour == word and r.end_s > test.start_s and r.start_s < test.end_s
    ]
    return [r for r in inside if not rising or r.end_s - r.start_s < 1.6]


def true_value(
    feature: str, side: Side | None, true: Sequence[TrueRepetition], truth: Truth
) -> float:
    """A feature as a perfect lab sees it; NaN for what the truth does not hold."""
    if feature == "sit_to_stand_speed_asymmetry_percent":
        left, right = (_fastest(truth, true, s) for s in Side)
        return 200.0 * (right - left) / (right + left)
    word, sign = next((v for k, v in _TRUE_NAMES.items() if feature.endswith(k)), ("", np.nan))
    return sign * _mean(true, side, word)


def _fastest(truth: Truth, true: Sequence[TrueRepetition], side: Side) -> float:
    """Mean over rises of the fastest extension of a thigh, averaged over 0.2 s."""
    found = []
    for rise in true:
        if rise.side is side:
            rows = slice(*np.searchsorted(truth.time_s, (rise.start_s, rise.end_s)))
            speed = np.gradient(truth.angles_deg[f"thigh_inclination_{side}"][rows])
            rate_hz = 1.0 / (truth.time_s[1] - truth.time_s[0])
            n = round(0.2 * rate_hz)
            found.append(-rate_hz * np.convolve(speed, np.full(n, 1.0 / n), "valid").min())
    return float(np.mean(found)) if found else float("nan")


def _mean(true: Sequence[TrueRepetition], side: Side | None, word: str) -> float:
    values = [r.features[word] for r in true if r.side is (side or r.side) and word in r.features]
    return float(np.mean(values)) if values else float("nan")


def truly_beyond(finding: dict[str, Any]) -> bool:
    """Whether the number behind a finding is in truth beyond its threshold."""
    worse = next(
        t.worse
        for kind in KINDS.values()
        for t in kind.thresholds
        if t.feature.name == finding["measure"]
    )
    true, threshold = finding["true"], finding["threshold"]
    if worse is Worse.LOWER:
        return bool(true < threshold)
    return bool((abs(true) if worse is Worse.EITHER else true) > threshold)
