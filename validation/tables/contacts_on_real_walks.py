"""Initial and final contacts on two real walks, beside the shank's own rhythm and the feet."""

from __future__ import annotations

import numpy as np

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
from validation.walks import found_events_s

TOLERANCE_S, FOOT_TOLERANCE_S = 0.2, 0.15
WALKING_S = {
    QMT.place: ((95.5, 114.5), (116.5, 138.0)),
    OPENSENSE.place: ((9.0, 29.0),),
}
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
            "left out of it. One walk each: no interval can be given."
        ),
    )
    rows, beside_feet = [], []
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
    return result


def _while_walking(recording: Recording, times_s: FloatArray) -> FloatArray:
    inside = [(times_s >= a) & (times_s < b) for a, b in WALKING_S[recording.place]]
    return times_s[np.logical_or.reduce(inside)]


def _row(source: str, name: str, side: str, one: Matched) -> tuple[str, ...]:
    e = 1000 * one.error_s
    mean = float(e.mean()) if e.size else np.nan
    spread = float(e.std()) if e.size else np.nan
    counts = (str(one.true), str(one.found))
    return (source, name, side, *counts, number(one.f1, 3), number(mean, 0), number(spread, 0))
