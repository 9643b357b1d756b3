"""Initial and final contacts on two real walks, beside the shank's own rhythm and the feet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.spec import Deviation
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.analysis import analyze
from pipeline.gait import GaitEventKind
from recordings.placement import SHANKS, Side
from validation.cases import Laboratory
from validation.foot_reference import foot_landings
from validation.numbers import FloatArray, Matched, match, together
from validation.page import Grid, Section, number
from validation.session_changes import without_shanks
from validation.shank_reference import REFERENCE_BIAS_MS, shank_contacts
from validation.shared_data import OPENSENSE, QMT, Recording
from validation.swing_end import SwingEnds, per_swing_length, swing_ends
from validation.walks import WITH_TURNS, found_events_s, true_events_s

TOLERANCE_S, FOOT_TOLERANCE_S = 0.2, 0.15
WALKING_S = {
    QMT.place: ((95.5, 114.5), (116.5, 138.0)),
    OPENSENSE.place: ((9.0, 29.0),),
}
TWINS, LATE_PERCENT = range(3000, 3004), 20.0
KINDS = {"initial": GaitEventKind.INITIAL_CONTACT, "final": GaitEventKind.FINAL_CONTACT}


def section(laboratory: Laboratory, people: int) -> Section:
    result = Section(
        title="Contacts on real walks",
        meaning=(
            "Two people, pelvis and thighs; the reference is the rhythm of their shanks (first "
            "dip of the shank's rate after the swing, last dip before it), which the analysis "
            "with three sensors does not see. The reference itself is "
            f"{REFERENCE_BIAS_MS['initial']:.0f} ms late at initial and "
            f"{-REFERENCE_BIAS_MS['final']:.0f} ms early at final contact against markers (one "
            "subject), so a bias here is not the bias against the floor; F1 and spread are what "
            "counts. F1 within ±200 ms, all steps. Both also wore a sensor on each foot: the shock "
            "of landing in it is the reference of the second table, which neither the analysis "
            "with three sensors nor that with five sees; standing, sitting and getting up are "
            "left out of it. One walk each: no interval can be given. The last table is "
            "measured without the analysis: how long before it lands a leg stops coming forward "
            "of the hip, which is what the analysis with five sensors goes by, and whether it "
            "stops earlier where a swing lasts longer. Noise in the stop makes the first number "
            "of a pair too small, noise in the landing the second too large. Step times of "
            "uneven walkers err by as much as it differs from nothing. No recording at hand has "
            "a leg that always is late by as much as that of the virtual people in the last row "
            f"(right steps {LATE_PERCENT:g} % longer): that it ends its swing as legs do that "
            "are late by chance is their model, which nothing at hand can confirm."
        ),
    )
    rows, beside_feet, ends = [], [], []
    for recording in (QMT, OPENSENSE):
        if not recording.is_there:
            result.notes.append(f"{recording.source} is not at hand: nothing measured on it.")
            continue
        session = recording.session()
        three = analyze(without_shanks(session))
        for sensors, results in (("five", analyze(session)), ("three", three)):
            parts = []
            for side in Side:
                found = _while_walking(recording, found_events_s(results, KINDS["initial"], side))
                reference = _while_walking(recording, foot_landings(recording, session, side))
                one = match(found, reference, FOOT_TOLERANCE_S)
                parts.append(one)
                beside_feet.append(_row(recording.source, sensors, side.value, one))
            beside_feet.append(_row(recording.source, sensors, "both", together(parts)))
        legs = []
        for side in Side:
            reference = _while_walking(recording, foot_landings(recording, session, side))
            legs.append(swing_ends(session, side, reference).usable)
        ends.append(_ends_row(f"{recording.source}, longer by chance", legs))
        for name, kind in KINDS.items():
            parts = []
            for side in Side:
                reference = shank_contacts(session.samples(SHANKS[side]))[name]
                found = found_events_s(three, kind, side)
                one = match(found, reference, TOLERANCE_S)
                parts.append(one)
                rows.append(_row(recording.source, name, side.value, one))
            rows.append(_row(recording.source, name, "both", together(parts)))
    heads = ("walk", "contact", "leg", "reference", "found", "F1", "bias, ms", "SD, ms")
    if rows:
        result.grids.append(Grid("Three sensors beside the shanks", heads, rows))
        heads = ("walk", "sensors", "leg", "reference", "found", "F1", "bias, ms", "SD, ms")
        result.grids.append(Grid("Initial contact beside the feet", heads, beside_feet))
    twins = laboratory.measure(measure_twin, [Twin(seed) for seed in TWINS])
    legs = [SwingEnds(*np.array(leg)) for twin in twins for leg in twin.values()]
    ends.append(_ends_row("twins, longer by chance", legs))
    between = [
        np.subtract(*(np.median(twin[side.value], axis=1) for side in (Side.RIGHT, Side.LEFT)))
        for twin in twins
    ]
    # Of stop, leg and foot: the difference of the first over that of either length.
    by_leg, by_foot = (number(100 * float(np.mean([b[0] / b[k] for b in between]))) for k in (1, 2))
    ends.append(("twins, the leg that always is late beside the other", "", "", by_leg, by_foot))
    heads = ("swings", "number", "stop before landing, ms")
    heads += ("earlier by ms where the leg comes forward for 100 ms more", "by the foot's swing")
    result.grids.append(Grid("How a swing ends", heads, ends))
    return result


@dataclass(frozen=True, slots=True)
class Twin:
    seed: int


def measure_twin(twin: Twin) -> dict[str, Any]:
    """The swing ends of a virtual person whose right steps always last longer."""
    late = Deviation(kind="step_time_asymmetry", side=Side.RIGHT, amount=LATE_PERCENT)
    worn = wear(draw_spec(twin.seed, timeline=WITH_TURNS, deviations=(late,)))
    legs = {}
    for side in Side:
        landings = true_events_s(worn.truth, KINDS["initial"], side)
        leg = swing_ends(worn.session, side, landings).usable
        legs[side.value] = [leg.stop_s.tolist(), leg.leg_s.tolist(), leg.foot_s.tolist()]
    return legs


def _ends_row(name: str, legs: list[SwingEnds]) -> tuple[str, ...]:
    stop = 1000 * np.concatenate([leg.stop_s for leg in legs])
    slopes = [
        f"{number(100 * slope)} ± {number(100 * error)}" for slope, error in per_swing_length(legs)
    ]
    return (
        name,
        str(stop.size),
        f"{number(float(stop.mean()), 0)} ± {number(float(stop.std()), 0)}",
        *slopes,
    )


def _while_walking(recording: Recording, times_s: FloatArray) -> FloatArray:
    inside = [(times_s >= a) & (times_s < b) for a, b in WALKING_S[recording.place]]
    return times_s[np.logical_or.reduce(inside)]


def _row(source: str, name: str, side: str, one: Matched) -> tuple[str, ...]:
    e = 1000 * one.error_s
    mean = float(e.mean()) if e.size else np.nan
    spread = float(e.std()) if e.size else np.nan
    counts = (str(one.true), str(one.found))
    return (source, name, side, *counts, number(one.f1, 3), number(mean, 0), number(spread, 0))
