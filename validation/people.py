"""One person of the population, worn and judged: what the chapters about many people count.

Every person walks three minutes once; the same samples are judged with five sensors and with
the shanks left away, by the detectors and by the patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.population import Spread, draw_spec
from firmware_bridge.virtual_wearer.spec import Deviation, SensorFaults, Sensors, Spec
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.detectors import femoral_collapse, gait_asymmetry, knee_hyperextension
from pipeline.features.base import Worse
from pipeline.patterns.assessment import assess
from pipeline.patterns.terms import Level
from pipeline.results import Finding, Results, Verdict
from recordings.errors import HipgaitError
from recordings.placement import Placement, Side
from validation.session_changes import swapped_thighs, without_shanks

DETECTORS = ("gait_asymmetry", "femoral_collapse", "knee_hyperextension")


@dataclass(frozen=True, slots=True)
class Individual:
    """One case.

    Attributes
    ----------
    kind, amount
        A deviation of the right leg (`deviations.KNOBS`), ``leg_length`` in mm for the right
        leg shorter, or none.
    condition : str
        Of `CONDITIONS`.
    """

    seed: int
    kind: str = ""
    amount: float = 0.0
    condition: str = "as usual"


CONDITIONS = (
    "as usual",
    "thigh sensors turned ±10°",
    "thigh sensors turned ±15°",
    "axes wrong by ±10°",
    "axes wrong by ±15°",
    "left and right swapped",
    "thigh slips by 15°",
    "slow walking",
    "5 % of samples lost",
    "loose straps",
)
CONDITION_MEANING = {
    "thigh sensors turned ±10°": "both thigh sensors sit 10° off about the thigh's long axis, "
    "in a random direction each, on top of the ±20° of everyone; the calibration finds the axes",
    "thigh sensors turned ±15°": "the same by 15°",
    "axes wrong by ±10°": "both thigh sensors turn by 10° about the thigh's long axis at 35 s, "
    "after the axes were found: the calibrated axes are wrong from then on",
    "axes wrong by ±15°": "the same by 15°",
    "left and right swapped": "the two thigh sensors are on the wrong legs",
    "thigh slips by 15°": "one strap lets a sensor turn by 15° about a random axis at 80 s",
    "slow walking": "everybody walks at 0.6–0.8 m/s",
    "5 % of samples lost": "in bursts of 50 ms",
    "loose straps": "soft-tissue artefact twice the usual",
}
TURN_S, SLIP_S = 35.0, 80.0


def spec_of(case: Individual) -> Spec:
    """The wearing of one case."""
    rng = np.random.default_rng([case.seed, 404])
    deviations = ()
    if case.kind and case.kind != "leg_length":
        deviations = (Deviation(kind=case.kind, side=Side.RIGHT, amount=case.amount),)
    slow = case.condition == "slow walking"
    spread = Spread(speed_m_s=(0.6, 0.8)) if slow else Spread()
    sensors = Sensors(loss_share=0.05 if case.condition == "5 % of samples lost" else 0.0)
    spec = draw_spec(case.seed, spread=spread, deviations=deviations, sensors=sensors)
    if case.kind == "leg_length":
        person = msgspec.structs.replace(
            spec.person, shorter_leg=Side.RIGHT, leg_length_difference_m=case.amount / 1000
        )
        spec = msgspec.structs.replace(spec, person=person)
    faults = _faults(case.condition, rng)
    tissue = spec.sensors.soft_tissue * (2.0 if case.condition == "loose straps" else 1.0)
    worn = msgspec.structs.replace(spec.sensors, faults=faults, soft_tissue=tissue)
    return msgspec.structs.replace(spec, sensors=worn)


def _faults(condition: str, rng: np.random.Generator) -> dict[Placement, SensorFaults]:
    thighs = (Placement.THIGH_LEFT, Placement.THIGH_RIGHT)
    angle = 15.0 if "15°" in condition else 10.0
    if condition.startswith("thigh sensors turned"):
        return {
            p: SensorFaults(
                mounting_deg=(
                    float(rng.uniform(-12, 12)),
                    float(rng.uniform(-12, 12)),
                    float(rng.choice((-1, 1)) * angle),
                )
            )
            for p in thighs
        }
    if condition.startswith("axes wrong"):
        return {
            p: SensorFaults(slip_s=TURN_S, slip_deg=(0.0, 0.0, float(rng.choice((-1, 1)) * angle)))
            for p in thighs
        }
    if condition == "thigh slips by 15°":
        axis = rng.standard_normal(3)
        turn = 15.0 * axis / np.linalg.norm(axis)
        place = thighs[int(rng.integers(2))]
        return {
            place: SensorFaults(
                slip_s=SLIP_S, slip_deg=(float(turn[0]), float(turn[1]), float(turn[2]))
            )
        }
    return {}


def judge(case: Individual) -> dict[str, Any]:
    """Findings with five and with three sensors, and the truth behind them."""
    worn = wear(spec_of(case))
    session = worn.session
    if case.condition == "left and right swapped":
        session = swapped_thighs(session)
    told: dict[str, Any] = {"truth": true_values(worn.truth), "strides": 0, "patterns": {}}
    for sensors, walked in (("five", session), ("three", without_shanks(session))):
        try:
            results = analyze(walked)
        except HipgaitError as error:
            told[sensors], told["patterns"][sensors] = [], no_patterns(error.reason)
            continue
        told[sensors] = [_short(f) for f in results.findings]
        told["patterns"][sensors] = patterns(results)
        if sensors == "five":
            told["strides"] = min(results.summary.steady_strides.values(), default=0)
    return told


def patterns(results: Results) -> dict[str, Any]:
    """Patterns above slight signs, slight signs, and which confounders were named."""
    board = assess(results)
    return {
        "seen": [f"{p.pattern} {p.side}" for p in board.seen],
        "slight": [f"{p.pattern} {p.side}" for p in board.slight],
        "judged": any(p.level is not Level.NOT_JUDGED for p in board.patterns),
        "named": sorted({confounder.key for confounder in board.confounders}),
    }


def no_patterns(reason: str) -> dict[str, Any]:
    """The same of a walk that could not be analysed."""
    return {"seen": [], "slight": [], "judged": False, "named": [reason]}


def _short(f: Finding) -> dict[str, Any]:
    return {
        "detector": f.detector,
        "measure": f.measure,
        "side": "" if f.side is None else f.side.value,
        "verdict": f.verdict.value,
        "reason": f.reason,
        "value": f.value,
        "threshold": f.threshold,
        "hint": f.hint,
    }


def true_values(truth: Truth) -> dict[str, float]:
    """The deciding measures of the detectors, as a perfect lab sees them."""
    legs = {side: truth.mean_features(side) for side in Side}
    right, left = legs[Side.RIGHT], legs[Side.LEFT]
    values = {
        "step_time_asymmetry_percent": truth.asymmetry("F28"),
        "stance_time_asymmetry_percent": truth.asymmetry("F29"),
        "swing_time_asymmetry_percent": truth.asymmetry("F30"),
        "hip_flexion_rom_difference_deg": right["F07"] - left["F07"],
        "knee_flexion_swing_difference_deg": right["F23"] - left["F23"],
        "hip_adduction_peak_difference_deg": right["F13"] - left["F13"],
    }
    for side, leg in legs.items():
        values[f"hip_adduction_peak_deg {side.value}"] = leg["F13"]
        values[f"knee_flexion_min_stance_deg {side.value}"] = leg["F20"]
    return {k: round(float(v), 3) for k, v in values.items()}


def truly_beyond(finding: dict[str, Any], truth: dict[str, float]) -> bool:
    """Whether the measure that a "present" rests on is truly beyond its threshold."""
    measure, side = finding["measure"], finding["side"]
    value = truth.get(f"{measure} {side}", truth.get(measure, np.nan))
    if _worse(measure) is Worse.LOWER:
        return value < finding["threshold"]
    size = abs(value) if _worse(measure) is Worse.EITHER else value
    return size > finding["threshold"]


def _worse(measure: str) -> Worse:
    thresholds = (
        *gait_asymmetry.THRESHOLDS,
        *femoral_collapse.THRESHOLDS,
        *knee_hyperextension.THRESHOLDS,
    )
    return next((t.worse for t in thresholds if t.feature.name == measure), Worse.EITHER)


def present(findings: list[dict[str, Any]], detector: str) -> list[dict[str, Any]]:
    """Findings of a detector that are called present."""
    return [
        f for f in findings if f["detector"] == detector and f["verdict"] == Verdict.PRESENT.value
    ]


def judged(findings: list[dict[str, Any]], detector: str) -> bool:
    """Whether a detector said anything but "cannot be judged"."""
    cannot = Verdict.CANNOT_JUDGE.value
    return any(f["detector"] == detector and f["verdict"] != cannot for f in findings)
