"""Two real people, replayed: one who turns the feet in and out, one who stands past straight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.replay import RecordedStride, read_recorded_stride
from firmware_bridge.virtual_wearer.spec import Sensors, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.analysis import analyze
from pipeline.detectors import knee_hyperextension
from pipeline.results import Finding, Results
from recordings.errors import InputError
from recordings.metadata import SecondZero, Settings
from recordings.placement import Side
from recordings.samples import ImuSamples
from recordings.session import InMemorySource, Session
from validation.cases import Laboratory
from validation.numbers import mean
from validation.page import Grid, Section, Target, number
from validation.shared_data import MCGILL, OPENCAP

SEED = 7000
ROTATION = "hip_rotation_mean_stance_deg"
WALKS = {
    "toe-in": "walkingTI",
    "usual": "walking",
    "toe-out": "walkingTO",
    "trunk sway": "walkingTS",
}
NUMBERS = {"usual": (1, 2, 4)}
CALIBRATED_ON = "walking1"
PAST_STRAIGHT_DEG = -2.0
"""In the only whole stride of the stander's right leg the knee comes to −1° and no further."""
STANDER = {"standing": "HC055A01.c3d", "walking": "HC055A09.c3d"}


@dataclass(frozen=True, slots=True)
class Turned:
    """One recorded walk; calibrated on the person's usual walk, or on itself."""

    walk: str
    on_itself: bool = False


def measure_rotation(case: Turned) -> dict[str, Any]:
    """Mean hip rotation in stance of each leg, measured and true (deg)."""
    asked = _recorded(case.walk)
    spec = Spec(
        seed=SEED,
        timeline=(Stand(duration_s=6.0, calibration=True), Walk(duration_s=60.0), Stand()),
        sensors=Sensors(soft_tissue=1.0),
    )
    own = wear(spec, asked)
    if case.on_itself:
        session, start_s = own.session, 0.0
    else:
        first = wear(spec, _recorded(CALIBRATED_ON))
        session, start_s = _one_after_the_other(first, own)
    results = analyze(session)
    usual = None if case.on_itself else wear(spec, _recorded(CALIBRATED_ON)).truth
    out: dict[str, Any] = {}
    for side in Side:
        strides = [
            s.values[ROTATION]
            for s in results.strides
            if s.side is side and s.steady and s.start_s > start_s and ROTATION in s.values
        ]
        # The zero is the standing pose of the walk that was calibrated on.
        zero = (usual or own.truth).standing_deg[f"hip_rotation_{side.value}"]
        true = own.truth.mean_features(side)["F15"]
        true += own.truth.standing_deg[f"hip_rotation_{side.value}"] - zero
        out[side.value] = [mean(strides[:20]), true, mean(strides[-20:])]
    return out


def _recorded(walk: str) -> RecordedStride:
    return read_recorded_stride(OPENCAP.path / f"{walk}_ik.mot")


def _one_after_the_other(first: VirtualSession, second: VirtualSession) -> tuple[Session, float]:
    """Two wearings of the same sensors as one session: the second begins where one stands."""
    session, follows = first.session, second.session
    end_s = max(float(session.samples(p).time_s[-1]) for p in session.placements)
    start_s = round(end_s + 0.01, 2)
    sources = {}
    for p in session.placements:
        a, b = session.samples(p), follows.samples(p)
        later = b.time_s + start_s
        keep = later > a.time_s[-1] + 0.005
        sources[p] = InMemorySource(
            ImuSamples(
                p,
                np.concatenate((a.time_s, later[keep])),
                np.concatenate((a.acc_m_s2, b.acc_m_s2[keep])),
                np.concatenate((a.gyr_rad_s, b.gyr_rad_s[keep])),
            )
        )
    return replace(session, sources=sources), start_s


@dataclass(frozen=True, slots=True)
class Straight:
    """The hyperextended stander; `entered` gives the angle of his standing knees by hand."""

    entered: bool


def measure_knee(case: Straight) -> dict[str, Any]:
    """What is said about both knees of the stander."""
    recorded = read_recorded_stride(
        MCGILL.path / STANDER["walking"], MCGILL.path / STANDER["standing"]
    )
    spec = Spec(
        seed=SEED + 1,
        timeline=(Stand(duration_s=6.0, calibration=True), Walk(duration_s=90.0), Stand()),
    )
    worn = wear(spec, recorded)
    session = worn.session
    standing = recorded.standing_knee_deg
    if case.entered:
        zero = SecondZero(
            knee_flexion_left_deg=round(standing[Side.LEFT]),
            knee_flexion_right_deg=round(standing[Side.RIGHT]),
        )
        settings = Settings(second_zero=zero)
        metadata = msgspec.structs.replace(session.metadata, settings=settings)
        session = replace(session, metadata=metadata)
    results = analyze(session)
    return {
        side.value: {
            "true_standing": worn.truth.standing_deg[f"knee_flexion_{side.value}"],
            "true_walking": worn.truth.mean_features(side)["F20_A"],
            "findings": [_told(f) for f in _about_the_knee(results, side)],
        }
        for side in Side
    }


def _about_the_knee(results: Results, side: Side) -> list[Finding]:
    return [
        f for f in results.findings if f.detector == knee_hyperextension.NAME and f.side is side
    ]


def _told(f: Finding) -> dict[str, Any]:
    return {
        "measure": f.measure,
        "verdict": f.verdict.value,
        "reason": f.reason,
        "value": f.value,
        "sentence": f.sentence,
    }


def section(laboratory: Laboratory, people: int) -> Section:
    result = Section(
        title="Two recorded people",
        meaning=(
            "Joint angles of real people, measured with markers and replayed by the virtual "
            "wearer: the movement is theirs, the sensors are simulated. The first walked as "
            "usual, with toes in, with toes out and with a swaying trunk; each walk follows on "
            "a walk as usual that the sensors were calibrated on (first and last twenty steady "
            "strides: the heading of a thigh is slowly led back to its average, so a constant "
            "turn fades), or is calibrated on itself. The second stands with knees "
            "past straight: his zero is the locked stance, unless its angle is entered by hand."
        ),
        seeds=f"{SEED}, {SEED + 1}",
    )
    if OPENCAP.is_there:
        _rotations(laboratory, result)
    else:
        result.notes.append(f"{OPENCAP.source} is not at hand: nothing measured on it.")
    try:
        if MCGILL.is_there:
            _knees(laboratory, result)
        else:
            result.notes.append(f"{MCGILL.source} is not at hand: nothing measured on it.")
    except InputError as error:
        result.notes.append(f"Nothing measured on {MCGILL.source}: {error}")
    return result


def _rotations(laboratory: Laboratory, result: Section) -> None:
    rows = []
    means: dict[str, dict[str, list[float]]] = {}
    for word, stem in WALKS.items():
        names = [f"{stem}{n}" for n in NUMBERS.get(word, (1, 2, 3))]
        following = laboratory.measure(measure_rotation, [Turned(n) for n in names])
        itself = laboratory.measure(measure_rotation, [Turned(n, on_itself=True) for n in names])
        for side in Side:
            found = [w[side.value][0] for w in following]
            means.setdefault(word, {})[side.value] = found
            own = [w[side.value] for w in itself]
            rows.append(
                (
                    word,
                    side.value,
                    number(mean(w[side.value][1] for w in following)),
                    number(mean(found)),
                    number(mean(w[side.value][2] for w in following)),
                    number(mean(v[1] for v in own)),
                    number(mean(v[0] for v in own)),
                )
            )
    heads = (
        *("walk", "leg", "true, °", "measured at first, °", "measured at last, °"),
        *("calibrated on itself: true, °", "measured, °"),
    )
    result.grids.append(Grid("Mean hip rotation in stance, inward +", heads, rows))
    ordered = all(
        mean(means["toe-in"][s.value])
        > mean(means["usual"][s.value])
        > mean(means["toe-out"][s.value])
        for s in Side
    )
    inward = " / ".join(
        " > ".join(number(mean(means[w][s.value])) for w in ("toe-in", "usual", "toe-out"))
        for s in Side
    )
    text = "toe-in > usual > toe-out by measured rotation, left / right"
    result.targets.append(Target(text, inward, ordered))
    result.notes.append(
        "*Calibrated on itself* means that axes and zero come from the turned walk. The virtual "
        "wearer stands with straight thighs whatever the walk, so that part of the turn still "
        "shows; a person who stands as turned as they walk would be measured as not turned at "
        "all, and that case is not shown here."
    )


def _knees(laboratory: Laboratory, result: Section) -> None:
    locked, entered = laboratory.measure(measure_knee, [Straight(False), Straight(True)])
    rows = []
    for words, told in (("locked stance", locked), ("angle entered", entered)):
        for side in Side:
            one = told[side.value]
            rows += [
                (
                    words,
                    side.value,
                    number(one["true_standing"]),
                    number(one["true_walking"]),
                    f["measure"].replace("_", " "),
                    number(f["value"]),
                    f"{f['verdict']}, {f['reason']}".replace("_", " "),
                )
                for f in one["findings"]
            ]
    heads = (
        *("zero", "knee", "true while standing, °", "true minimum in stance, °"),
        *("measure", "measured, °", "said"),
    )
    result.grids.append(Grid("The knees of the stander, five sensors", heads, rows))
    standing = _reasons(entered, "standing_knee_flexion_deg")
    past = [side for side in Side if entered[side.value]["true_walking"] < PAST_STRAIGHT_DEG]
    walking = _reasons(entered, "knee_flexion_min_stance_deg", past)
    warned = all(
        knee_hyperextension.LOCKED_WHILE_STANDING in f["sentence"]
        for side in Side
        for f in locked[side.value]["findings"]
    )
    result.targets += [
        Target(
            "standing past straight is found where the zero is not the locked stance",
            ", ".join(standing),
            all(r.startswith("present") for r in standing) and bool(standing),
        ),
        Target(
            "walking past straight by 2–5° is called borderline there, "
            f"{' and '.join(side.value for side in past)} knee",
            ", ".join(walking),
            all(r.endswith("borderline") for r in walking) and bool(walking),
        ),
        Target(
            "the warning is given where the zero is the locked stance",
            "given" if warned else "not given",
            warned,
        ),
    ]


def _reasons(told: dict[str, Any], measure: str, sides: Iterable[Side] = tuple(Side)) -> list[str]:
    return [
        f"{f['verdict']}: {f['reason']}".replace("_", " ")
        for side in sides
        for f in told[side.value]["findings"]
        if f["measure"] == measure
    ]
