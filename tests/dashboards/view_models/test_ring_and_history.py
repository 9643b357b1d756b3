"""What scrolls: ring buffer and angle history."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.view_models.angle_history import LATE_COLUMN, AngleHistory
from dashboards.view_models.ring_buffer import RingBuffer
from pipeline.angles import ANGLE_COLUMNS, AngleBlock

WIDTH = len(ANGLE_COLUMNS)


def block(first: int, count: int, value: float = 1.0) -> AngleBlock:
    values = np.full((count, WIDTH), value)
    values[:, 0] = np.arange(first, first + count)
    values[:, LATE_COLUMN] = np.nan
    return AngleBlock(np.arange(first, first + count) / 100, values)


@given(
    st.integers(1, 12),
    st.lists(st.integers(0, 30), max_size=20),
    st.data(),
)
def test_ring_buffer_keeps_the_last_rows_as_a_list_would(
    capacity: int, pieces: list[int], data: st.DataObject
) -> None:
    ring = RingBuffer(capacity, 2)
    whole = np.empty((0, 2))
    for piece in pieces:
        rows = np.arange(2 * piece, dtype=float).reshape(piece, 2) + 100 * len(whole)
        ring.append(rows)
        whole = np.concatenate((whole, rows))
    assert ring.end == len(whole)
    assert ring.begin == max(0, len(whole) - capacity)
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, len(whole)))
    np.testing.assert_array_equal(ring.view(begin, end), whole[max(begin, ring.begin) : end])


@given(st.integers(0, 40), st.integers(0, 12))
def test_ring_buffer_replaces_rows_that_are_still_there(number: int, count: int) -> None:
    ring = RingBuffer(10, 1)
    ring.append(np.zeros((25, 1)))
    ring.put(number, 0, np.arange(1.0, count + 1))
    wanted = np.zeros(25)
    kept = np.arange(number, number + count)
    inside = (kept >= 15) & (kept < 25)
    wanted[kept[inside]] = np.arange(1.0, count + 1)[inside]
    np.testing.assert_array_equal(ring.view(0, 25)[:, 0], wanted[15:])


def test_ring_buffer_view_is_not_a_copy() -> None:
    ring = RingBuffer(8, 1)
    ring.append(np.arange(13.0)[:, None])
    assert ring.view(6, 12).base is not None
    assert ring.view(6, 12).flags.c_contiguous


def test_history_shows_the_seconds_before_a_time() -> None:
    history = AngleHistory(kept_s=5.0)
    for first in range(0, 1000, 7):
        history.take_early(block(first, 7))
    times, values = history.window(end_s=9.0, span_s=2.0)
    assert times[0] == pytest.approx(-2.0)
    assert times[-1] == pytest.approx(0.0)
    np.testing.assert_array_equal(values[:, 0], np.arange(700, 901))


def test_history_cannot_show_what_it_has_forgotten() -> None:
    history = AngleHistory(kept_s=3.0)
    history.take_early(block(0, 1000))
    times, _ = history.window(end_s=9.0, span_s=5.0)
    assert len(times) == 201  # 7.0 … 9.0 s of the 7.0 … 9.99 s that are kept


def test_a_hole_in_time_stays_a_hole() -> None:
    history = AngleHistory()
    history.take_early(block(0, 100))
    history.take_early(block(150, 50))
    times, values = history.window(end_s=1.99, span_s=1.99)
    missing = times[np.isnan(values[:, 0])] + 1.99
    assert missing[0] == pytest.approx(1.0)
    assert missing[-1] == pytest.approx(1.49)


def test_better_rows_take_the_place_of_the_first_ones() -> None:
    history = AngleHistory(kept_s=2.0)
    history.take_early(block(0, 100))
    better = block(95, 10)
    history.take_early(AngleBlock(better.time_s, better.values + 1000.0))
    _, rows = history.window(end_s=1.04, span_s=0.19)
    np.testing.assert_array_equal(rows[:10, 0], np.arange(85, 95))
    np.testing.assert_array_equal(rows[10:, 0], np.arange(1095, 1105))


def test_rows_before_the_first_one_are_passed_over() -> None:
    history = AngleHistory(kept_s=1.0)
    history.take_early(block(100, 50))
    history.take_early(block(80, 30, value=2.0))
    assert history.end_s == 1.49
    _, rows = history.window(end_s=1.49, span_s=1.0)
    np.testing.assert_array_equal(rows[:, 0], np.arange(100, 150))
    np.testing.assert_array_equal(rows[:, 1], [2.0] * 10 + [1.0] * 40)


def test_pelvis_rotation_is_filled_in_late() -> None:
    history = AngleHistory()
    history.take_early(block(0, 300))
    late = block(50, 100)
    late.values[:, LATE_COLUMN] = 7.0
    history.take_late(late)
    _, values = history.window(end_s=2.99, span_s=2.99)
    known = np.flatnonzero(np.isfinite(values[:, LATE_COLUMN]))
    assert (known[0], known[-1]) == (50, 149)
    np.testing.assert_array_equal(values[:, 0], np.arange(300))


def test_history_without_angles_is_empty() -> None:
    times, values = AngleHistory().window(end_s=3.0, span_s=10.0)
    assert len(times) == 0
    assert values.shape == (0, WIDTH)
