"""Strides: from contacts to gait cycles; what does not count, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gait import (
    CYCLE_POINTS,
    Curve,
    Exclusion,
    FloatArray,
    GaitEvent,
    GaitEventKind,
    Posture,
    Stride,
)
from pipeline.spans import Spans
from pipeline.stages.kinematics import CHANNELS, Channel
from pipeline.stages.strides import EDGE_CONTACTS, StrideBuilder
from recordings.events import EventKind, SessionEvent
from recordings.placement import Side
from tests.pipeline.streams import cut_points

IC, FC = GaitEventKind.INITIAL_CONTACT, GaitEventKind.FINAL_CONTACT
STRIDE_S = 1.1
STANCE = 0.62
START_S = 2.0


def _steps(count: int, start_s: float = START_S, stride_s: float = STRIDE_S) -> list[float]:
    """Times of contacts, right and left in turn."""
    return [start_s + 0.5 * stride_s * i for i in range(count)]


def _walk(
    contacts: Sequence[float], stance: float = STANCE, uncertain: Iterable[int] = ()
) -> list[GaitEvent]:
    """Contacts of alternating feet, each left after its stance, in the order of time."""
    events = []
    uncertain = set(uncertain)
    for i, time_s in enumerate(contacts):
        side = Side.LEFT if i % 2 else Side.RIGHT
        events.append(GaitEvent(time_s, IC, side, i not in uncertain))
        if i + 2 < len(contacts):
            stride_s = contacts[i + 2] - time_s
            events.append(GaitEvent(time_s + stance * stride_s, FC, side))
    return sorted(events, key=lambda e: e.time_s)


def _channels(duration_s: float = 30.0) -> FloatArray:
    """Thighs that swing with the contacts of `_steps`, everything else at rest."""
    time_s = np.arange(round(duration_s * 100)) / 100
    channels = np.zeros((CHANNELS, len(time_s)))
    cycle = 2 * np.pi * (time_s - START_S) / STRIDE_S
    for side, phase in ((Side.RIGHT, 0.0), (Side.LEFT, np.pi)):
        lean = np.deg2rad(20) * np.cos(cycle + phase)
        channels[Channel.THIGH_LEAN_LEFT.of(side)] = lean
        channels[Channel.HIP_FLEXION_LEFT.of(side)] = lean
        channels[Channel.THIGH_RATE_LEFT.of(side)] = np.gradient(lean, 0.01)
    return channels


def _strides(
    events: Sequence[GaitEvent],
    channels: FloatArray | None = None,
    spans: Spans | None = None,
    sizes: Sequence[int] = (7,),
) -> list[Stride]:
    """Feed contacts as they would become known: with the points up to 0.3 s after them."""
    channels = _channels() if channels is None else channels
    builder = StrideBuilder(3, spans or Spans())
    waiting, out = list(events), []
    for rows in cut_points(channels.shape[1], sizes):
        due = [e for e in waiting if e.time_s + 0.3 <= rows.stop / 100]
        waiting = waiting[len(due) :]
        out += builder.process(rows.start, channels[:, rows], due)
    return out + builder.finish()


def _reasons(strides: Sequence[Stride], reason: Exclusion) -> list[int]:
    return [i for i, stride in enumerate(strides) if reason in stride.exclusions]


def test_contacts_in_turn_make_strides_of_both_sides() -> None:
    contacts = _steps(20)
    strides = _strides(_walk(contacts))
    assert len(strides) == 18
    assert [s.start_s for s in strides] == contacts[:-2]
    assert [s.end_s for s in strides] == contacts[2:]
    assert [s.side for s in strides[:2]] == [Side.RIGHT, Side.LEFT]
    for stride in strides[2:-2]:
        times = (
            stride.start_s,
            stride.opposite_final_contact_s,
            stride.opposite_initial_contact_s,
            stride.final_contact_s,
            stride.end_s,
        )
        shares = (np.array(times) - stride.start_s) / stride.stride_time_s
        np.testing.assert_allclose(shares, [0, STANCE - 0.5, 0.5, STANCE, 1], atol=1e-9)
        assert stride.steady and stride.quality == 1.0
        assert (stride.bout, stride.epoch) == (0, 3)


def test_the_first_and_last_contacts_of_a_bout_do_not_count() -> None:
    strides = _strides(_walk(_steps(20)))
    assert _reasons(strides, Exclusion.START) == list(range(EDGE_CONTACTS))
    assert _reasons(strides, Exclusion.STOP) == [16, 17]
    assert all(s.steady for s in strides[2:-2])


def test_a_pause_ends_a_bout() -> None:
    contacts = _steps(10) + _steps(10, start_s=_steps(10)[-1] + 2.5)
    strides = _strides(_walk(contacts))
    assert [s.bout for s in strides] == [0] * 8 + [1] * 8
    assert _reasons(strides, Exclusion.START) == [0, 1, 8, 9]
    assert _reasons(strides, Exclusion.STOP) == [6, 7, 14, 15]
    assert all(s.stride_time_s == pytest.approx(STRIDE_S) for s in strides)


def test_a_missed_contact_ends_a_bout_and_makes_no_double_stride() -> None:
    events = [e for e in _walk(_steps(21)) if not (e.kind is IC and e.time_s == _steps(21)[10])]
    strides = _strides(events)
    assert {s.bout for s in strides} == {0, 1}
    assert all(s.stride_time_s == pytest.approx(STRIDE_S) for s in strides)
    assert not any(s.start_s < _steps(21)[10] < s.end_s and s.steady for s in strides)


def test_a_turn_counts_only_as_a_turn() -> None:
    channels = _channels()
    time_s = np.arange(channels.shape[1]) / 100
    channels[Channel.PELVIS_HEADING] = np.pi / (1 + np.exp(-(time_s - 10.0) / 0.3))
    strides = _strides(_walk(_steps(30)), channels)
    turning = _reasons(strides, Exclusion.TURN)
    assert turning
    assert all(strides[i].start_s > 8.0 and strides[i].end_s < 12.0 for i in turning)
    assert max(abs(s.heading_change_deg) for s in strides) > 90
    slow = _channels()
    slow[Channel.PELVIS_HEADING] = np.deg2rad(10) * time_s
    assert _reasons(_strides(_walk(_steps(30)), slow), Exclusion.TURN) == []


@pytest.mark.parametrize(("stance", "running"), [(0.62, False), (0.52, False), (0.36, True)])
def test_a_foot_that_leaves_early_runs(stance: float, running: bool) -> None:
    strides = _strides(_walk(_steps(20), stance))
    assert bool(_reasons(strides[2:-2], Exclusion.RUNNING)) is running


def test_an_uncertain_contact_spoils_the_strides_that_touch_it() -> None:
    strides = _strides(_walk(_steps(20), uncertain=[10]))
    # As end, as opposite contact and as start; the first stride lacks a final contact.
    assert _reasons(strides, Exclusion.UNCERTAIN_CONTACT) == [0, 8, 9, 10]


def test_a_missing_final_contact_is_not_invented() -> None:
    events = [e for e in _walk(_steps(20)) if not (e.kind is FC and 7.0 < e.time_s < 7.5)]
    strides = _strides(events)
    spoilt = _reasons(strides, Exclusion.UNCERTAIN_CONTACT)
    assert spoilt
    for i in spoilt:
        times = (strides[i].final_contact_s, strides[i].opposite_final_contact_s)
        assert any(np.isnan(t) for t in times)


def test_a_stumble_is_irregular() -> None:
    contacts = np.array(_steps(24))
    contacts[12:] += 0.45
    strides = _strides(_walk(contacts.tolist()))
    found = _reasons(strides, Exclusion.IRREGULAR)
    assert set(found) == {10, 11}
    short = _channels()
    short[:, 800:950] *= 0.4
    assert _reasons(_strides(_walk(_steps(24)), short), Exclusion.IRREGULAR)


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ((EventKind.EXCLUSION_START, EventKind.EXCLUSION_END), Exclusion.EXCLUDED_SPAN),
        ((EventKind.TASK_START, EventKind.TASK_END), Exclusion.NOT_WALKING_TASK),
    ],
)
def test_a_named_span_leaves_out_all_that_it_touches(
    kinds: tuple[EventKind, EventKind], reason: Exclusion
) -> None:
    spans = Spans()
    spans.add([SessionEvent(7.0, kinds[0], "squat"), SessionEvent(9.0, kinds[1], "squat")])
    strides = _strides(_walk(_steps(24)), spans=spans)
    expected = [i for i, s in enumerate(strides) if s.start_s < 9.0 and s.end_s > 7.0]
    assert _reasons(strides, reason) == expected
    assert expected


def test_the_task_walk_leaves_nothing_out_and_an_open_span_reaches_to_the_end() -> None:
    spans = Spans()
    spans.add([SessionEvent(0.0, EventKind.TASK_START, "Walk")])
    strides = _strides(_walk(_steps(24)), spans=spans)
    assert _reasons(strides, Exclusion.NOT_WALKING_TASK) == []
    spans.add([SessionEvent(9.0, EventKind.TASK_START, "squat")])
    spans.add([SessionEvent(12.0, EventKind.EXCLUSION_START)])
    strides = _strides(_walk(_steps(24)), spans=spans)
    assert _reasons(strides, Exclusion.NOT_WALKING_TASK) == [
        i for i, s in enumerate(strides) if s.end_s > 9.0
    ]
    assert _reasons(strides, Exclusion.EXCLUDED_SPAN) == [
        i for i, s in enumerate(strides) if s.end_s > 12.0
    ]


def test_a_gap_in_the_thigh_makes_no_stride_and_in_another_sensor_only_hides_its_curve() -> None:
    broken = _channels()
    broken[Channel.THIGH_LEAN_LEFT, 1000:1010] = np.nan
    strides = _strides(_walk(_steps(24)), broken)
    assert not any(s.side is Side.LEFT and s.start_s < 10.1 and s.end_s > 10.0 for s in strides)
    assert any(s.side is Side.RIGHT and s.start_s < 10.0 and s.end_s > 10.1 for s in strides)
    hidden = _channels()
    hidden[Channel.KNEE_FLEXION_RIGHT, 1000:1010] = np.nan
    for stride in _strides(_walk(_steps(24)), hidden):
        touched = stride.start_s < 10.1 and stride.end_s > 9.99 and stride.side is Side.RIGHT
        assert (Curve.KNEE_FLEXION in stride.curves) is not touched
        assert Curve.HIP_FLEXION in stride.curves


def test_curves_run_from_contact_to_contact_in_degrees() -> None:
    stride = _strides(_walk(_steps(20)))[6]
    expected = 20 * np.cos(2 * np.pi * np.arange(CYCLE_POINTS) / (CYCLE_POINTS - 1))
    np.testing.assert_allclose(stride.curves[Curve.HIP_FLEXION], expected, atol=0.1)
    assert stride.curves[Curve.THIGH_VELOCITY].max() == pytest.approx(
        20 * 2 * np.pi / STRIDE_S, rel=0.01
    )


def test_the_pelvis_is_seen_from_the_own_leg() -> None:
    channels = _channels()
    time_s = np.arange(channels.shape[1]) / 100
    channels[Channel.PELVIS_OBLIQUITY] = np.deg2rad(4.0)
    channels[Channel.PELVIS_TILT] = np.deg2rad(3.0)
    channels[Channel.ACC_LEFT] = 0.5
    channels[Channel.PELVIS_HEADING] = 2.0 + np.deg2rad(5) * np.cos(
        2 * np.pi * (time_s - START_S) / STRIDE_S
    )
    strides = {s.side: s for s in _strides(_walk(_steps(20)), channels)[6:8]}
    for side, sign in ((Side.RIGHT, 1.0), (Side.LEFT, -1.0)):
        curves = strides[side].curves
        np.testing.assert_allclose(curves[Curve.PELVIS_OBLIQUITY], sign * 4.0)
        np.testing.assert_allclose(curves[Curve.PELVIS_TILT], 3.0)
        np.testing.assert_allclose(curves[Curve.PELVIS_ACC_OWN_SIDE], -sign * 0.5)
        # Right side forward at right contact; the left stride begins half a cycle later.
        assert curves[Curve.PELVIS_ROTATION][0] == pytest.approx(5.0, abs=0.2)
        assert curves[Curve.PELVIS_ROTATION][:-1].mean() == pytest.approx(0.0, abs=1e-9)


def test_bridged_samples_count_against_the_quality() -> None:
    channels = _channels()
    channels[Channel.BRIDGED, 1000:1011] = 1.0
    strides = _strides(_walk(_steps(24)), channels)
    stride = next(s for s in strides if s.start_s < 10.0 and s.end_s > 10.2)
    assert stride.bridged_fraction == pytest.approx(0.1, abs=0.01)
    assert stride.quality == pytest.approx(0.6, abs=0.04)


def test_posture_is_the_mean_of_the_stride() -> None:
    channels = _channels()
    channels[Channel.THIGH_LEAN_RIGHT] += np.deg2rad(7.0)
    channels[Channel.PELVIS_TILT] = np.deg2rad(-2.0)
    axis = np.deg2rad(15.0)
    channels[Channel.THIGH_CROSS_RATE_RIGHT] = np.tan(axis) * channels[Channel.THIGH_RATE_RIGHT]
    stride = next(s for s in _strides(_walk(_steps(20)), channels)[4:] if s.side is Side.RIGHT)
    assert stride.posture[Posture.THIGH_LEAN] == pytest.approx(7.0, abs=0.5)
    assert stride.posture[Posture.PELVIS_TILT] == pytest.approx(-2.0)
    assert stride.posture[Posture.THIGH_AXIS] == pytest.approx(15.0, abs=0.1)


def test_impossible_strides_are_not_made() -> None:
    assert _strides(_walk(_steps(12, stride_s=0.4))) == []
    assert _strides(_walk(_steps(12, stride_s=3.0))) == []
    assert _strides([]) == []


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 500), min_size=1, max_size=4),
    shift=st.floats(0.0, 2.5),
    gap=st.integers(0, 2900),
)
def test_strides_do_not_depend_on_how_the_stream_is_cut(
    sizes: list[int], shift: float, gap: int
) -> None:
    contacts = np.array(_steps(30))
    contacts[15:] += shift
    channels = _channels()
    channels[:, gap : gap + 20] = np.nan
    events = _walk(contacts.tolist())
    assert _strides(events, channels, sizes=sizes) == _strides(events, channels, sizes=(1,))
