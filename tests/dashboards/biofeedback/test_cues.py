"""Cues for virtual walkers whose deviation is known: who gets which, when, and who none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from dashboards.biofeedback.biofeedback import Biofeedback, BiofeedbackSettings, Mode
from dashboards.biofeedback.cues import Cue, CueKind, RecordingSink
from dashboards.biofeedback.fading import LEAST_SHARE, Fading
from firmware_bridge.virtual_wearer.spec_file import find_spec
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.angles import AngleBlock
from pipeline.engine import Engine
from pipeline.features.pelvis_frontal import DROP_PEAK
from pipeline.gait import GaitEvent, GaitEventKind, Stride
from recordings.placement import Side

ROUND_S = 0.05
WALK_BEGINS_S = 8.0


class Round(NamedTuple):
    """What the engine knew after one round of a live walk."""

    now_s: float
    contacts: list[GaitEvent]
    angles: list[AngleBlock]


class Lived(NamedTuple):
    rounds: list[Round]
    strides: list[Stride]

    def stances(self, side: Side) -> list[tuple[float, float]]:
        return [(s.start_s, s.final_contact_s) for s in self.strides if s.side is side]


@cache
def lived(name: str) -> Lived:
    """A walk of the catalogue, pushed through the engine as it would come live."""
    session = wear(find_spec(name)).session
    blocks: list[AngleBlock] = []
    engine = Engine(session.placements, session.metadata.wearer, early_sink=blocks.append)
    samples = {p: session.samples(p) for p in session.placements}
    events = sorted(session.events)
    end_s = max(float(s.time_s[-1]) for s in samples.values())
    rounds, strides = [], []
    for now_s in np.arange(ROUND_S, end_s + ROUND_S, ROUND_S):
        begin_s = now_s - ROUND_S
        part = {
            p: s[slice(*np.searchsorted(s.time_s, (begin_s, now_s)))] for p, s in samples.items()
        }
        known = engine.push(part, [e for e in events if begin_s <= e.time_s < now_s])
        rounds.append(Round(float(now_s), known.events, blocks[:]))
        strides += known.strides
        blocks.clear()
    return Lived(rounds, strides)


def cues(name: str, settings: BiofeedbackSettings) -> tuple[list[Cue], Biofeedback]:
    sink = RecordingSink()
    biofeedback = Biofeedback(sink)
    biofeedback.change(settings)
    for news in lived(name).rounds:
        biofeedback.hear(*news)
    return list(sink.cues), biofeedback


def legs(given: Iterable[Cue]) -> Counter[Side | None]:
    return Counter(cue.side for cue in given)


def test_off_by_default() -> None:
    sink = RecordingSink()
    biofeedback = Biofeedback(sink)
    for news in lived("pelvic_drop_right").rounds:
        biofeedback.hear(*news)
    assert not sink.cues
    assert biofeedback.practised_s == 0.0


@pytest.mark.parametrize(
    ("mode", "name", "side"),
    [
        (Mode.PELVIC_DROP, "pelvic_drop_right", Side.RIGHT),
        (Mode.KNEE_PAST_STRAIGHT, "knee_hyperextension_left", Side.LEFT),
    ],
)
def test_target_cues_come_on_the_deviating_leg_alone(mode: Mode, name: str, side: Side) -> None:
    given, biofeedback = cues(name, BiofeedbackSettings(mode))
    assert set(legs(given)) == {side}
    steady = [s for s in lived(name).strides if s.side is side and s.steady]
    assert len(given) > 0.8 * len(steady)
    assert len(given) <= biofeedback.board.missed_count < biofeedback.board.judged


def test_a_step_that_is_too_short_is_cued_on_its_own_leg() -> None:
    sink = RecordingSink()
    biofeedback = Biofeedback(sink)
    biofeedback.change(BiofeedbackSettings(Mode.STEP_TIME_SYMMETRY))
    for now_s, contacts, angles in lived("usual_walk").rounds:
        # The left foot lands 60 ms earlier, and leaves the ground so too.
        moved = [replace(c, time_s=c.time_s - 0.06) if c.side is Side.LEFT else c for c in contacts]
        biofeedback.hear(now_s, moved, angles)
    assert set(legs(sink.cues)) == {Side.LEFT}
    steady = [s for s in lived("usual_walk").strides if s.side is Side.LEFT and s.steady]
    assert len(sink.cues) > 0.8 * len(steady)


@pytest.mark.parametrize("mode", [m for m in Mode if m.target is not None])
def test_usual_walk_gets_no_target_cue(mode: Mode) -> None:
    given, biofeedback = cues("usual_walk", BiofeedbackSettings(mode))
    assert given == []
    assert biofeedback.board.judged > 60


def test_target_cues_come_while_the_leg_still_stands() -> None:
    given, biofeedback = cues("pelvic_drop_right", BiofeedbackSettings(Mode.PELVIC_DROP))
    stances = lived("pelvic_drop_right").stances(Side.RIGHT)
    delay_s = biofeedback.board.delay_s
    assert delay_s is not None
    assert 0.02 < delay_s < 0.12
    told = [cue.time_s + delay_s for cue in given]
    inside = [any(a < t < b for a, b in stances) for t in told]
    assert np.mean(inside) > 0.95


def test_readings_are_the_values_of_the_finished_strides() -> None:
    biofeedback = Biofeedback()
    biofeedback.change(BiofeedbackSettings(Mode.PELVIC_DROP))
    early: dict[float, float] = {}
    for news in lived("pelvic_drop_right").rounds:
        biofeedback.hear(*news)
        if Side.RIGHT in biofeedback.board.readings:
            reading = biofeedback.board.readings[Side.RIGHT]
            early[reading.time_s] = reading.value
    steady = [s for s in lived("pelvic_drop_right").strides if s.steady and s.side is Side.RIGHT]
    differences = [
        stride.values["pelvic_drop_peak_deg"] - value
        for stride in steady
        for time_s, value in early.items()
        if stride.start_s < time_s < stride.end_s
    ]
    assert len(differences) > 50
    assert np.abs(differences).max() < 0.3


def test_nothing_is_said_inside_the_measurement_error() -> None:
    goal = 10.0  # The pelvis drops by 11.1°: beyond the goal, but by less than the error.
    given, biofeedback = cues("pelvic_drop_right", BiofeedbackSettings(Mode.PELVIC_DROP, goal=goal))
    assert given == []
    strides = [s for s in lived("pelvic_drop_right").strides if s.steady and s.side is Side.RIGHT]
    drops = [stride.values["pelvic_drop_peak_deg"] for stride in strides]
    assert min(drops) > goal
    assert max(drops) < goal + DROP_PEAK.error
    assert biofeedback.board.judged > len(strides)


def test_only_the_chosen_leg_gets_cues() -> None:
    settings = BiofeedbackSettings(Mode.PELVIC_DROP, frozenset({Side.LEFT}))
    given, biofeedback = cues("pelvic_drop_right", settings)
    assert given == []
    assert biofeedback.board.missed_count > 20


def test_each_step_echoes_once_and_soon() -> None:
    given, biofeedback = cues("usual_walk", BiofeedbackSettings(Mode.STEP_ECHO))
    contacts = [
        event
        for news in lived("usual_walk").rounds
        for event in news.contacts
        if event.kind is GaitEventKind.INITIAL_CONTACT
    ]
    fresh = [e for e in contacts if e.time_s > WALK_BEGINS_S + 20.0 and e.certain]
    echoed = [cue for cue in given if cue.time_s > WALK_BEGINS_S + 20.0]
    assert [(cue.time_s, cue.side) for cue in echoed] == [(e.time_s, e.side) for e in fresh]
    assert biofeedback.board.delay_s is not None
    assert biofeedback.board.delay_s < 0.1


def test_what_becomes_known_late_is_not_cued() -> None:
    """When the axes become known, the walk so far comes all at once."""
    sink = RecordingSink()
    biofeedback = Biofeedback(sink)
    biofeedback.change(BiofeedbackSettings(Mode.STEP_ECHO))
    known_s = next(r.now_s for r in lived("usual_walk").rounds if r.contacts)
    for news in lived("usual_walk").rounds:
        biofeedback.hear(*news)
    assert min(cue.time_s for cue in sink.cues) > known_s - 0.7


def test_the_metronome_keeps_the_pace_that_it_measured() -> None:
    given, biofeedback = cues("usual_walk", BiofeedbackSettings(Mode.METRONOME, pace=1.05))
    assert {cue.kind for cue in given} == {CueKind.BEAT}
    intervals = np.array([b.time_s - a.time_s for a, b in pairwise(given)])
    step_s = 60.0 / (biofeedback.board.cadence_spm or np.nan)
    beats = intervals[intervals < 1.0]
    assert np.median(beats) == pytest.approx(step_s / 1.05, rel=0.05)
    assert np.ptp(beats) < 1e-9
    assert all(0.0 <= cue.in_s < 0.2 for cue in given)
    walk_ends_s = lived("usual_walk").strides[-1].end_s
    assert given[-1].time_s < walk_ends_s + 4.0


def test_fading_gives_fewer_of_the_same_cues() -> None:
    every, _ = cues("pelvic_drop_right", BiofeedbackSettings(Mode.PELVIC_DROP))
    some, biofeedback = cues(
        "pelvic_drop_right", BiofeedbackSettings(Mode.PELVIC_DROP, fading=Fading(over_s=40.0))
    )
    assert set(some) < set(every)
    assert biofeedback.practised_s == pytest.approx(80.0, abs=15.0)
    assert biofeedback.board.share == pytest.approx(LEAST_SHARE)
    late = [cue for cue in every if cue.time_s > 60.0]
    late_given = [cue for cue in some if cue.time_s > 60.0]
    assert len(late_given) == pytest.approx(LEAST_SHARE * len(late), abs=1.0)


def test_switching_off_ends_all_cues_at_once() -> None:
    sink = RecordingSink()
    biofeedback = Biofeedback(sink)
    biofeedback.change(BiofeedbackSettings(Mode.STEP_ECHO))
    for news in lived("usual_walk").rounds:
        if news.now_s > 60.0:
            biofeedback.change(BiofeedbackSettings())
        biofeedback.hear(*news)
    assert sink.cues
    assert max(cue.time_s for cue in sink.cues) < 60.0
    assert biofeedback.board.given == 0
