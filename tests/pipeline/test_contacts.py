"""Contacts: initial and final contacts of the right foot at the right time, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.virtual_wearer.spec import Deviation, Person, Sensors, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.engine import Engine
from pipeline.gait import FloatArray, GaitEvent, GaitEventKind
from pipeline.stages.contacts import Contacts
from pipeline.stages.kinematics import CHANNELS, Channel
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side
from tests.pipeline.streams import all_samples, cut_points

TOLERANCE_S = 0.150
WALKING_S = (7.0, 64.0)
"""The straight first minute of the usual walk, its first steps included."""

IC, FC = GaitEventKind.INITIAL_CONTACT, GaitEventKind.FINAL_CONTACT


def _events(start: int, channels: FloatArray, shanks: Sequence[Side] = ()) -> list[GaitEvent]:
    contacts = Contacts(shanks)
    return contacts.process(start, channels) + contacts.finish()


def _times(events: Sequence[GaitEvent], kind: GaitEventKind, side: Side) -> FloatArray:
    times = np.array([e.time_s for e in events if e.kind is kind and e.side is side])
    return times[(times >= WALKING_S[0]) & (times < WALKING_S[1])]


def _true_times(truth: Truth, kind: GaitEventKind, side: Side) -> FloatArray:
    times = np.array(
        [c.initial_s if kind is IC else c.final_s for c in truth.contacts if c.side is side]
    )
    return times[(times >= WALKING_S[0] - TOLERANCE_S) & (times < WALKING_S[1] + TOLERANCE_S)]


@pytest.mark.parametrize("shanks", [(), tuple(Side)], ids=["three sensors", "five sensors"])
@pytest.mark.parametrize("kind", [IC, FC])
def test_contacts_are_found_with_their_side_and_time(
    usual_channels: tuple[int, FloatArray],
    usual_walk: VirtualSession,
    kind: GaitEventKind,
    shanks: tuple[Side, ...],
) -> None:
    events = _events(*usual_channels, shanks)
    errors: list[float] = []
    false, true = 0, 0
    for side in Side:
        found, truth = (
            _times(events, kind, side),
            _true_times(usual_walk.truth, kind, side),
        )
        nearest = found - truth[np.abs(found[:, None] - truth).argmin(axis=1)]
        false += int((np.abs(nearest) > TOLERANCE_S).sum())
        errors += nearest[np.abs(nearest) <= TOLERANCE_S].tolist()
        inside = (truth >= WALKING_S[0] + TOLERANCE_S) & (truth < WALKING_S[1] - TOLERANCE_S)
        missed = np.abs(truth[inside][:, None] - found).min(axis=1) > TOLERANCE_S
        false += int(missed.sum())
        true += int(inside.sum())
    assert true >= 100
    assert 2 * len(errors) / (2 * len(errors) + false) >= 0.98
    assert np.std(errors) <= 0.035
    # A constant share of it belongs to the person and cancels between the sides.
    assert abs(np.mean(errors)) <= 0.08


@pytest.mark.parametrize("speed_m_s", [0.7, 1.8])
@pytest.mark.parametrize("placements", [REQUIRED_PLACEMENTS, tuple(Placement)])
def test_contacts_are_found_at_any_pace(
    speed_m_s: float, placements: tuple[Placement, ...]
) -> None:
    walk = wear(
        Spec(
            seed=21,
            person=Person(speed_m_s=speed_m_s),
            timeline=(Stand(duration_s=6.0), Walk(duration_s=26.0), Stand(duration_s=1.0)),
            sensors=Sensors(placements=placements),
        )
    )
    engine = Engine(placements)
    events = engine.push(all_samples(walk.session)).events + engine.finish().events
    for kind in (IC, FC):
        matched, false, errors = 0, 0, []
        for side in Side:
            found = np.array([e.time_s for e in events if e.kind is kind and e.side is side])
            truth = _true_times(walk.truth, kind, side)
            off = found[:, None] - truth
            nearest = off[np.arange(len(found)), np.abs(off).argmin(axis=1)]
            good = np.abs(nearest) <= TOLERANCE_S
            missed = np.abs(off).min(axis=0) > TOLERANCE_S
            # Without the first and the last step, out of and into standing.
            false += int((~good & (found > 7.5) & (found < 31.0)).sum())
            false += int((missed & (truth > 7.5) & (truth < 31.0)).sum())
            matched += int(good.sum())
            errors += nearest[good].tolist()
        assert matched > 30
        assert 2 * matched / (2 * matched + false) >= 0.96
        # In slow walking the thigh speeds up in two stages, and 50 % may lie on either.
        assert np.std(errors) <= (0.035 if kind is IC or speed_m_s > 1.0 else 0.075)


@pytest.mark.parametrize("speed_m_s", [0.8, 1.0, 1.2])
def test_a_knee_that_comes_back_from_past_straight_is_no_swing(speed_m_s: float) -> None:
    """It swings the thigh forward in mid-stance, 0.1–0.4 s before the foot leaves."""
    walk = wear(
        Spec(
            seed=22,
            person=Person(speed_m_s=speed_m_s),
            deviations=(Deviation(kind="knee_hyperextension", side=Side.RIGHT, amount=22.0),),
            timeline=(Stand(duration_s=6.0), Walk(duration_s=30.0), Stand(duration_s=1.0)),
        )
    )
    engine = Engine(tuple(Placement))
    events = engine.push(all_samples(walk.session)).events + engine.finish().events
    for side in Side:
        found = np.array([e.time_s for e in events if e.kind is FC and e.side is side])
        found = found[(found > 10.0) & (found < 33.0)]
        truth = _true_times(walk.truth, FC, side)
        assert len(found) >= 15
        errors = found - truth[np.abs(found[:, None] - truth).argmin(axis=1)]
        assert np.abs(errors).max() <= 0.060
        assert len(np.unique(np.abs(found[:, None] - truth).argmin(axis=1))) == len(found)


def test_both_feet_err_alike(
    usual_channels: tuple[int, FloatArray], usual_walk: VirtualSession
) -> None:
    """A difference of bias would look like an uneven step."""
    events = _events(*usual_channels)
    bias = {}
    for side in Side:
        found, truth = _times(events, IC, side), _true_times(usual_walk.truth, IC, side)
        bias[side] = np.median(found - truth[np.abs(found[:, None] - truth).argmin(axis=1)])
    assert abs(bias[Side.LEFT] - bias[Side.RIGHT]) < 0.015


def test_events_of_one_foot_alternate_and_are_certain_in_steady_walking(
    usual_channels: tuple[int, FloatArray],
) -> None:
    events = [e for e in _events(*usual_channels) if 10.0 < e.time_s < 60.0]
    for side in Side:
        kinds = [e.kind for e in sorted(events) if e.side is side]
        assert all(a is not b for a, b in pairwise(kinds))
    assert np.mean([e.certain for e in events]) > 0.95


def test_contacts_leave_within_their_latency(usual_channels: tuple[int, FloatArray]) -> None:
    start, channels = usual_channels
    contacts = Contacts()
    late: list[tuple[GaitEventKind, float]] = []
    for rows in cut_points(channels.shape[1], [5]):
        known_s = (start + rows.stop) / 100
        events = contacts.process(start + rows.start, channels[:, rows])
        late += [(event.kind, known_s - event.time_s) for event in events]
    latency = {kind: [x for k, x in late if k is kind] for kind in (IC, FC)}
    assert max(latency[IC]) < 0.65
    assert np.median(latency[IC]) < 0.35
    assert max(latency[FC]) < 0.75


def _in_phase(lag: float, n: int = 2000) -> FloatArray:
    """Thighs that swing alike, the right one later by a share of the cycle."""
    time_s = np.arange(n) / 100
    channels = np.zeros((CHANNELS, n))
    cycle = 0.8 * time_s
    channels[Channel.THIGH_RATE_LEFT] = 2.5 * np.sin(2 * np.pi * cycle)
    channels[Channel.THIGH_RATE_RIGHT] = 2.5 * np.sin(2 * np.pi * (cycle - lag))
    channels[Channel.ACC_FORWARD] = np.sin(4 * np.pi * cycle)
    channels[Channel.ACC_UP] = np.cos(4 * np.pi * cycle)
    return channels


@pytest.mark.parametrize("lag", [0.0, 0.03, 0.08])
def test_squats_and_getting_up_are_no_steps(lag: float) -> None:
    assert _events(0, _in_phase(lag)) == []


def test_legs_that_swing_in_turn_are_steps() -> None:
    events = _events(0, _in_phase(0.5))
    # 20 s at 0.8 strides a second.
    for kind in (IC, FC):
        for side in Side:
            assert 13 <= sum(e.kind is kind and e.side is side for e in events) <= 16


@pytest.mark.parametrize("size", [0.1, 0.25])
def test_fidgeting_is_no_step(size: float) -> None:
    assert _events(0, size * _in_phase(0.5)) == []


@pytest.mark.parametrize("channel", [Channel.THIGH_RATE_LEFT, Channel.ACC_FORWARD])
def test_a_swing_with_a_missing_sample_gives_no_event(
    usual_channels: tuple[int, FloatArray], channel: Channel
) -> None:
    start, channels = usual_channels
    whole = _events(start, channels)
    leave = next(t for t in _times(whole, FC, Side.LEFT) if t > 30.0)
    land = next(t for t in _times(whole, IC, Side.LEFT) if t > leave)
    gap = round((leave + 0.2) * 100) - start
    broken = channels.copy()
    broken[channel, gap : gap + 3] = np.nan
    events = _events(start, broken)
    for kind, time_s in ((FC, leave), (IC, land)):
        assert np.abs(_times(events, kind, Side.LEFT) - time_s).min() > TOLERANCE_S
    # Away from the gap nothing changes.
    for kind in (IC, FC):
        for side in Side:
            before, after = _times(whole, kind, side), _times(events, kind, side)
            far = np.abs(before - leave) > 1.5
            assert np.abs(before[far][:, None] - after).min(axis=1).max() < 0.02


AWAY_S = 2.0
"""From a gap on until contacts are those of the undisturbed walk; a stride takes 1.1 s."""


@pytest.mark.parametrize("shanks", [(), tuple(Side)], ids=["three sensors", "five sensors"])
@settings(max_examples=25, deadline=None)
@given(
    gaps=st.lists(
        st.tuples(st.integers(900, 5500), st.sampled_from([2, 20, 60, 150, 400])),
        min_size=1,
        max_size=4,
    )
)
def test_a_gap_is_forgotten(
    usual_channels: tuple[int, FloatArray],
    shanks: tuple[Side, ...],
    gaps: list[tuple[int, int]],
) -> None:
    start, channels = usual_channels
    broken = channels.copy()
    for first, length in gaps:
        broken[:, first : first + length] = np.nan
    spans = [((start + a) / 100, (start + a + length) / 100) for a, length in gaps]
    whole, events = _events(start, channels, shanks), _events(start, broken, shanks)
    for kind in (IC, FC):
        for side in Side:
            ours, theirs = _times(events, kind, side), _times(whole, kind, side)
            for some, others in ((ours, theirs), (theirs, ours)):
                for time_s in some:
                    if all(time_s < a - 1.2 or time_s > b + AWAY_S for a, b in spans):
                        assert np.abs(others - time_s).min() < 0.002


def test_a_lost_shank_ends_no_swing(usual_channels: tuple[int, FloatArray]) -> None:
    """Where its samples are missing, the pelvis alone says when the foot landed."""
    start, channels = usual_channels
    broken, without = channels.copy(), channels.copy()
    for side in Side:
        shank = Channel.SHANK_RATE_LEFT.of(side)
        # Lost in the middle of every swing: its rate falls to nothing, but the swing goes on.
        broken[shank, channels[shank] > 2.5] = np.nan
        without[shank] = np.nan
    ours, theirs = (
        [(e.time_s, e.side) for e in sorted(_events(start, some, shanks)) if e.kind is IC]
        for some, shanks in ((broken, tuple(Side)), (without, ()))
    )
    assert len(ours) > 75
    assert ours == theirs


def test_nobody_moves_and_nothing_is_found() -> None:
    assert _events(0, np.zeros((CHANNELS, 500))) == []
    assert _events(0, np.full((CHANNELS, 500), np.nan)) == []


@settings(max_examples=8, deadline=None)
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=4).filter(lambda s: sum(s) > 15))
def test_events_do_not_depend_on_how_the_stream_is_cut(
    usual_channels: tuple[int, FloatArray], sizes: list[int]
) -> None:
    start, channels = usual_channels
    channels = channels[:, :2500].copy()
    channels[:, 1500:1510] = np.nan
    whole = _events(start, channels, tuple(Side))
    contacts = Contacts(tuple(Side))
    events = []
    for rows in cut_points(2500, sizes):
        events += contacts.process(start + rows.start, channels[:, rows])
    assert events + contacts.finish() == whole
