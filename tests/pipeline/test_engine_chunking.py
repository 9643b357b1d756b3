"""One engine for live and replay: the results do not depend on how the stream is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from firmware_bridge.virtual_wearer.wear import VirtualSession
from pipeline.angles import AngleBlock
from pipeline.engine import Engine
from pipeline.results import Results
from recordings.events import EventKind, SessionEvent
from recordings.placement import Placement
from recordings.samples import ImuSamples

EVENTS = (
    SessionEvent(12.0, EventKind.EXCLUSION_START),
    SessionEvent(14.5, EventKind.EXCLUSION_END),
)
LATENESS_S = 1.0


def _samples(walk: VirtualSession) -> dict[Placement, ImuSamples]:
    return {p: walk.session.samples(p) for p in walk.session.placements}


def _with_gap(samples: Mapping[Placement, ImuSamples]) -> dict[Placement, ImuSamples]:
    """The right thigh silent for 0.9 s in mid-walk, the pelvis for 0.12 s."""
    out = dict(samples)
    for placement, start, end in (
        (Placement.THIGH_RIGHT, 19.0, 19.9),
        (Placement.PELVIS, 27, 27.12),
    ):
        part = out[placement]
        keep = (part.time_s < start) | (part.time_s >= end)
        out[placement] = ImuSamples(
            placement, part.time_s[keep], part.acc_m_s2[keep], part.gyr_rad_s[keep]
        )
    return out


def _run(
    samples: Mapping[Placement, ImuSamples],
    pieces: Iterator[Mapping[Placement, ImuSamples]],
    events: tuple[SessionEvent, ...] = EVENTS,
) -> tuple[Results, np.ndarray, np.ndarray]:
    blocks: list[AngleBlock] = []
    engine = Engine(samples.keys(), sink=blocks.append)
    waiting = list(events)
    for piece in pieces:
        latest = max((float(p.time_s[-1]) for p in piece.values() if len(p)), default=-np.inf)
        due = [event for event in waiting if event.time_s <= latest + LATENESS_S]
        waiting = waiting[len(due) :]
        engine.push(piece, due)
    engine.push({}, waiting)
    engine.finish()
    angles = np.concatenate([block.values for block in blocks]) if blocks else np.empty((0, 13))
    times = np.concatenate([block.time_s for block in blocks]) if blocks else np.empty(0)
    return engine.snapshot("walk"), times, angles


def _whole(samples: Mapping[Placement, ImuSamples]) -> Iterator[Mapping[Placement, ImuSamples]]:
    yield samples


def _cut(
    samples: Mapping[Placement, ImuSamples],
    lengths_s: list[float],
    lags_s: Mapping[Placement, float],
) -> Iterator[Mapping[Placement, ImuSamples]]:
    """Pieces of varying length; each sensor lags by its own amount, pushed one by one."""
    end_s = max(float(p.time_s[-1]) for p in samples.values())
    at_s, turn = 0.0, 0
    position = dict.fromkeys(samples, -np.inf)
    while at_s < end_s + 2 * LATENESS_S:
        at_s += lengths_s[turn % len(lengths_s)]
        order = list(samples) if turn % 2 else list(samples)[::-1]
        turn += 1
        for placement in order:
            until = at_s - lags_s.get(placement, 0.0)
            part = samples[placement].between(position[placement], until)
            position[placement] = max(until, position[placement])
            if len(part):
                yield {placement: part}


def _encoded(results: Results) -> bytes:
    return msgspec.json.encode(results, enc_hook=str)


class Outcome:
    """What an analysis gave; small to print."""

    def __init__(self, results: Results, times: np.ndarray, angles: np.ndarray) -> None:
        self.results, self.times, self.angles = results, times, angles


class Walk:
    """Samples of a walk; small to print, whatever it holds."""

    def __init__(self, parts: Mapping[Placement, ImuSamples]) -> None:
        self.parts = parts


@pytest.fixture(scope="module")
def eventful_samples(eventful_walk: VirtualSession) -> Walk:
    return Walk(_with_gap(_samples(eventful_walk)))


@pytest.fixture(scope="module")
def whole(eventful_samples: Walk) -> Outcome:
    return Outcome(*_run(eventful_samples.parts, _whole(eventful_samples.parts)))


@settings(
    # A failure is a matter of single bits; making it smaller explains nothing.
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lengths_s=st.lists(
        st.sampled_from([0.01, 0.02, 0.05, 0.09, 0.31, 0.5]), min_size=1, max_size=4
    ).filter(lambda x: sum(x) / len(x) > 0.04),
    lags_s=st.dictionaries(st.sampled_from(list(Placement)), st.floats(0.0, 0.4), max_size=5),
)
def test_results_are_the_same_however_the_stream_is_cut(
    eventful_samples: Walk,
    whole: Outcome,
    lengths_s: list[float],
    lags_s: dict[Placement, float],
) -> None:
    samples = eventful_samples.parts
    results, times, angles = _run(samples, _cut(samples, lengths_s, lags_s))
    np.testing.assert_array_equal(times, whole.times)
    np.testing.assert_array_equal(angles, whole.angles)
    assert _encoded(results) == _encoded(whole.results)


def test_the_shared_walk_exercises_what_it_should(
    whole: Outcome,
) -> None:
    results, angles = whole.results, whole.angles
    reasons = results.summary.excluded
    assert {"start", "stop", "excluded_span"} <= reasons.keys()
    assert sum(results.summary.steady_strides.values()) >= 12
    assert results.quality[0].gaps >= 1
    assert any(stride.bridged_fraction > 0 for stride in results.strides)
    assert np.isnan(angles).any() and np.isfinite(angles).any()


def test_a_walk_that_ends_before_calibration_is_the_same_however_it_is_cut(
    eventful_walk: VirtualSession,
) -> None:
    samples = {p: part.between(0.0, 13.0) for p, part in _samples(eventful_walk).items()}
    whole = _run(samples, _whole(samples))
    pieces = _run(samples, _cut(samples, [0.05, 0.17], {Placement.PELVIS: 0.2}))
    assert _encoded(pieces[0]) == _encoded(whole[0])
    np.testing.assert_array_equal(pieces[2], whole[2])
    assert pieces[0].strides


def test_looking_while_walking_changes_nothing(eventful_walk: VirtualSession) -> None:
    samples = _samples(eventful_walk)
    engine = Engine(samples.keys())
    snapshots = []
    for piece in _cut(samples, [0.5], {}):
        engine.push(piece)
        snapshots.append(engine.snapshot("walk"))
    engine.finish()
    silent = _run(samples, _whole(samples), events=())[0]
    assert _encoded(engine.snapshot("walk")) == _encoded(silent)
    assert all(snapshot.provisional for snapshot in snapshots)
    assert not silent.provisional


def test_a_recalibration_opens_a_new_epoch_however_the_stream_is_cut(
    usual_walk: VirtualSession,
) -> None:
    samples = {p: part.between(0.0, 80.0) for p, part in _samples(usual_walk).items()}
    events = (SessionEvent(40.0, EventKind.RECALIBRATION),)
    whole = _run(samples, _whole(samples), events)
    pieces = _run(samples, _cut(samples, [0.4, 0.13], {}), events)
    assert _encoded(pieces[0]) == _encoded(whole[0])
    epochs = {stride.epoch for stride in whole[0].strides}
    assert len(whole[0].calibrations) == 2
    assert whole[0].calibrations[1].start_s == pytest.approx(40.0)
    assert 0 in epochs


def test_samples_that_come_too_late_are_counted_not_used(usual_walk: VirtualSession) -> None:
    samples = {p: part.between(0.0, 20.0) for p, part in _samples(usual_walk).items()}
    engine = Engine(samples.keys())
    late = Placement.THIGH_LEFT
    engine.push({p: part for p, part in samples.items() if p is not late})
    engine.push({late: samples[late]})
    engine.finish()
    quality = {q.placement: q for q in engine.snapshot("walk").quality}
    assert quality[late].late_samples == pytest.approx(1900, abs=3)
    assert any("too late" in remark for remark in quality[late].remarks)
