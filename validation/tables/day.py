"""How rightly a day is told: posture by time, steps, exercises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.population import draw_spec, without_shanks
from firmware_bridge.virtual_wearer.spec import (
    Bridge,
    KneeLift,
    LateralLunge,
    Lie,
    Lunge,
    SensorFaults,
    Sit,
    Spec,
    Squat,
    Stairs,
    Stand,
    StraightLegRaise,
    TimelineItem,
    UTurn,
    Walk,
)
from firmware_bridge.virtual_wearer.truth import BehaviourLabel, Truth
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.day.exercises import RANGE_ERROR_DEG
from pipeline.day.results import Day, Posture
from pipeline.day.summary import STEPS_ERROR_SHARE, WALKING_ERROR_SHARE
from pipeline.day.watch import analyze_day
from recordings.placement import Placement, Side
from recordings.session import Session
from validation.cases import Laboratory
from validation.numbers import mean
from validation.page import Grid, Section, Target, at_most, number

FIRST_SEED = 8000
CONDITIONS = (
    "as usual",
    "sensors any way up",
    "left thigh flat after a third",
    "thigh slips by 70°",
    "5 % of samples lost",
)
TIMELINE: tuple[TimelineItem, ...] = (
    Stand(duration_s=15.0),
    Walk(duration_s=60.0),
    Sit(duration_s=240.0, shifts_per_min=1.5),
    Walk(duration_s=12.0),
    Stand(duration_s=30.0),
    Stairs(direction="up"),
    Walk(duration_s=30.0),
    UTurn(),
    Walk(duration_s=30.0),
    Sit(duration_s=90.0, seat_m=0.38, shifts_per_min=1.5),
    Stand(duration_s=20.0),
    Squat(repeats=6),
    Stand(duration_s=6.0),
    Lunge(repeats=3),
    Stand(duration_s=6.0),
    LateralLunge(repeats=3),
    Stand(duration_s=6.0),
    KneeLift(),
    Stand(duration_s=10.0),
    Lie(duration_s=180.0),
    Stand(duration_s=10.0),
    Bridge(repeats=8),
    Stand(duration_s=8.0),
    StraightLegRaise(side=Side.LEFT, repeats=7, hip_deg=45.0),
    Walk(duration_s=20.0),
    Sit(duration_s=120.0, seat_m=0.52, shifts_per_min=1.5),
    Stairs(direction="down"),
    Stand(duration_s=10.0),
)
SLIP_S = 250.0
LOOK_S = 0.1
TRUE = (Posture.SITTING, Posture.STANDING, Posture.WALKING, Posture.LYING)
FOUND = (*TRUE, Posture.UNKNOWN)
ON_A_BED = ("lie", "bridge", "straight_leg_raise")
WALKING = ("walk", "u_turn", "stairs")
RIGHT_SHARE = 97.0


@dataclass(frozen=True, slots=True)
class Case:
    seed: int
    condition: str = CONDITIONS[0]


def _spec(case: Case) -> Spec:
    spec = draw_spec(case.seed, timeline=TIMELINE)
    sensors = without_shanks(spec.sensors)
    match case.condition:
        case "sensors any way up":
            sensors = msgspec.structs.replace(sensors, mounting_deg=180.0)
        case "left thigh flat after a third":
            faults = {Placement.THIGH_LEFT: SensorFaults(battery_dies_s=350.0)}
            sensors = msgspec.structs.replace(sensors, faults=faults)
        case "thigh slips by 70°":
            slip = SensorFaults(slip_s=SLIP_S, slip_deg=(0.0, 70.0, 0.0))
            sensors = msgspec.structs.replace(sensors, faults={Placement.THIGH_RIGHT: slip})
        case "5 % of samples lost":
            sensors = msgspec.structs.replace(sensors, loss_share=0.05)
    return msgspec.structs.replace(spec, sensors=sensors)


def measure(case: Case) -> dict[str, Any]:
    """Seconds of each true posture that were told as each posture; steps; exercises."""
    worn = wear(_spec(case))
    # Without the events that would tell what was done.
    day = analyze_day(Session(worn.session.name, worn.session.sources))
    truth = worn.truth
    seconds = {f"{t.value}>{f.value}": 0.0 for t in TRUE for f in FOUND}
    for label in truth.labels:
        for at_s in np.arange(label.start_s, min(label.end_s, day.end_s), LOOK_S):
            if (true := _true_posture(truth, label, float(at_s))) is not None:
                seconds[f"{true.value}>{_found(day, float(at_s)).value}"] += LOOK_S
    steps = sum(np.isfinite(c.initial_s) for c in truth.contacts)
    ranges = {s.exercise: (s.repetitions, float(np.mean(s.ranges_deg))) for s in day.exercises}
    return {
        "seconds": seconds,
        "steps_percent": 100.0 * (day.figure("steps").value / steps - 1.0),
        "walking_percent": _off_percent(seconds, Posture.WALKING),
        "sitting_percent": _off_percent(seconds, Posture.SITTING),
        "bridges": ranges.get("bridge", (0, np.nan)),
        "raises": ranges.get("straight_leg_raise", (0, np.nan)),
        # All sets together: what was taken for squats and is none counts, too.
        "squats": sum(s.repetitions for s in day.exercises if s.exercise == "squat"),
        "true_bridge": _true_range(truth, "bridge", "bridge"),
        "true_raise": _true_range(truth, "straight_leg_raise", "raise"),
        "sets": len(day.exercises),
    }


def _true_posture(truth: Truth, label: BehaviourLabel, at_s: float) -> Posture | None:
    """What a look at the person would say; None on the way onto a bed and off it."""
    if label.behaviour in WALKING:
        return Posture.WALKING
    if label.behaviour != "sit" and label.behaviour not in ON_A_BED:
        return Posture.STANDING
    row = min(int(np.searchsorted(truth.time_s, at_s)), len(truth.time_s) - 1)
    thighs = [truth.angles_deg[f"thigh_inclination_{side.value}"][row] for side in Side]
    if np.mean(thighs) < 45.0:
        return Posture.STANDING
    if label.behaviour == "sit":
        return Posture.SITTING
    return Posture.LYING if truth.angles_deg["pelvis_tilt"][row] < -60.0 else None


def _found(day: Day, at_s: float) -> Posture:
    return next(s.posture for s in day.spans if s.start_s <= at_s < s.end_s)


def _off_percent(seconds: dict[str, float], posture: Posture) -> float:
    """Time told against true time, from the looks alone."""
    found = sum(v for k, v in seconds.items() if k.endswith(f">{posture.value}"))
    true = sum(v for k, v in seconds.items() if k.startswith(f"{posture.value}>"))
    return 100.0 * (found / true - 1.0)


def _true_range(truth: Truth, behaviour: str, feature: str) -> float:
    return mean(r.features[feature] for r in truth.repetitions if r.behaviour == behaviour)


def right_percent(found: Sequence[dict[str, Any]]) -> float:
    """Share of the time whose posture was told rightly, over all people."""
    total = sum(sum(f["seconds"].values()) for f in found)
    right = sum(f["seconds"][f"{p.value}>{p.value}"] for f in found for p in TRUE)
    return 100.0 * right / total


def section(laboratory: Laboratory, people: int) -> Section:
    usual = max(3, people // 25)
    groups = {
        c: [Case(FIRST_SEED + i, c) for i in range(usual if k == 0 else max(2, usual // 4))]
        for k, c in enumerate(CONDITIONS)
    }
    measured = laboratory.measure(measure, [case for cases in groups.values() for case in cases])
    found = {c: [measured.pop(0) for _ in cases] for c, cases in groups.items()}
    as_usual = found[CONDITIONS[0]]
    result = Section(
        title="A day: sitting, standing, walking, lying",
        meaning=(
            f"{usual} people ({max(2, usual // 4)} for each condition) live eighteen minutes with "
            "sitting on seats of three heights, shifts of position, walks at 0.6–1.6 m/s, stairs, "
            "movements on the spot, lying and exercises; three sensors, mounted by ±20° unless it "
            "says otherwise, and no calibration or event that tells what was done. The truth is "
            "looked at ten times a second: sitting begins where the true thighs pass 45°. The way "
            "onto a bed and off it, some three seconds on its edge, is not asked. Stairs are "
            "walking here; the twin's pelvis glides on stairs, which a real one does not, so its "
            "steps there are not counted in the figure for steps. The twin knows no bus, no "
            "bicycle, no legs stretched out on a sofa: there real days go wrong. A thigh that "
            "slips while somebody sits misleads until the next walk; with a flat thigh sensor no "
            "exercise is counted."
        ),
        seeds=f"{FIRST_SEED}–{FIRST_SEED + usual - 1}",
    )
    share = right_percent(as_usual)
    exact = [f["bridges"][0] == 8 for f in as_usual] + [f["raises"][0] == 7 for f in as_usual]
    worst_range = max(
        abs(f[name][1] - f[f"true_{name.removesuffix('s')}"])
        for f in as_usual
        for name in ("bridges", "raises")
    )
    result.targets += [
        Target(
            f"posture right ≥ {RIGHT_SHARE:g} % of time", f"{share:.1f} %", share >= RIGHT_SHARE
        ),
        Target(
            "bridges and straight-leg raises counted exactly in ≥ 98 % of sets",
            f"{sum(exact)} of {len(exact)}",
            sum(exact) >= 0.98 * len(exact),
        ),
        at_most("their mean range off by", worst_range, RANGE_ERROR_DEG, "°"),
        at_most(
            "steps off by, 95 % of people", _reach(as_usual, "steps"), 100 * STEPS_ERROR_SHARE, " %"
        ),
        at_most(
            "walking time off by, 95 % of people",
            _reach(as_usual, "walking"),
            100 * WALKING_ERROR_SHARE,
            " %",
        ),
    ]
    result.grids.append(_confusion(as_usual))
    result.grids.append(_conditions(found))
    return result


def _reach(found: Sequence[dict[str, Any]], name: str) -> float:
    return float(np.quantile([abs(f[f"{name}_percent"]) for f in found], 0.95))


def _confusion(found: Sequence[dict[str, Any]]) -> Grid:
    rows = []
    for true in TRUE:
        told_s = [sum(f["seconds"][f"{true.value}>{told.value}"] for f in found) for told in FOUND]
        total_s = sum(told_s)
        shares = (f"{100 * seconds / total_s:.1f} %" for seconds in told_s)
        rows.append((true.value, f"{total_s / 60:.0f} min", *shares))
    return Grid(
        "What was done, and as what it was told (share of its time)",
        ("truly", "time", *(f.value for f in FOUND)),
        rows,
    )


def _conditions(found: dict[str, list[dict[str, Any]]]) -> Grid:
    rows = [
        (
            condition,
            f"{right_percent(one):.1f} %",
            *(
                f"{number(mean(f[f'{name}_percent'] for f in one))} ± "
                f"{number(float(np.std([f[f'{name}_percent'] for f in one])))}"
                for name in ("sitting", "walking", "steps")
            ),
            f"{sum(f['bridges'][0] == 8 for f in one)} of {len(one)}",
            f"{sum(f['raises'][0] == 7 for f in one)} of {len(one)}",
            f"{sum(f['squats'] == 6 for f in one)} of {len(one)}",
        )
        for condition, one in found.items()
    ]
    heads = (
        *("condition", "posture right", "sitting off by, %", "walking off by, %"),
        *("steps off by, %", "8 bridges counted", "7 leg raises counted", "6 squats counted"),
    )
    return Grid("Under which conditions (mean ± SD between people)", heads, rows)
