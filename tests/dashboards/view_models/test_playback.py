"""The film: position, pages, speed, strides."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.view_models.playback import SPEEDS, Playback, clock_text, speed_text

MOVES = st.one_of(
    st.tuples(st.just("seek"), st.floats(-50, 500)),
    st.tuples(st.just("advance"), st.floats(0, 5)),
    st.tuples(st.just("step"), st.sampled_from((-1, 1))),
    st.tuples(st.just("faster"), st.sampled_from((-1, 1))),
    st.tuples(st.just("zoom"), st.sampled_from((0.5, 2.0))),
    st.tuples(st.just("toggle"), st.none()),
)


@given(st.floats(0, 300), st.lists(MOVES, max_size=40))
def test_position_stays_in_the_walk_and_on_the_page(
    duration_s: float, moves: list[tuple[str, float | None]]
) -> None:
    playback = Playback(duration_s)
    playback.set_stops([0.3 * duration_s, 0.6 * duration_s])
    for name, value in moves:
        getattr(playback, name)(*(() if value is None else (value,)))
        start_s, end_s = playback.page
        assert 0.0 <= playback.position_s <= duration_s
        assert start_s - 1e-6 <= playback.position_s <= end_s + 1e-6
        assert start_s >= 0.0


@pytest.mark.parametrize(("speed", "moved_s"), [(0.1, 0.05), (1.0, 0.5), (5.0, 2.5)])
def test_speed_is_recorded_seconds_a_second(speed: float, moved_s: float) -> None:
    playback = Playback(100.0)
    playback.speed = speed
    playback.toggle()
    assert playback.advance(0.5)
    assert playback.position_s == pytest.approx(moved_s)


def test_highest_speed_moves_half_a_page_a_frame() -> None:
    playback = Playback(100.0)
    playback.speed = inf
    playback.toggle()
    playback.advance(0.001)
    assert playback.position_s == pytest.approx(5.0)


def test_paused_does_not_move() -> None:
    playback = Playback(10.0)
    assert not playback.advance(1.0)
    assert playback.position_s == 0.0


def test_play_stops_at_the_end_and_begins_anew() -> None:
    playback = Playback(10.0)
    playback.toggle()
    playback.advance(60.0)
    assert (playback.position_s, playback.playing) == (10.0, False)
    playback.toggle()
    assert (playback.position_s, playback.playing) == (0.0, True)


def test_page_turns_with_a_little_of_what_was_before() -> None:
    playback = Playback(100.0)
    playback.seek(9.99)
    assert playback.page == (0.0, 10.0)
    playback.seek(10.0)
    assert playback.page == (9.0, 19.0)
    playback.seek(3.0)
    assert playback.page == (2.0, 12.0)


def test_stepping_goes_from_stride_to_stride_and_pauses() -> None:
    playback = Playback(20.0)
    playback.set_stops([1.1, 2.2, 3.3])
    playback.toggle()
    visited = []
    for direction in (1, 1, 1, 1, -1, -1, -1):
        playback.step(direction)
        visited.append(playback.position_s)
    assert visited == [1.1, 2.2, 3.3, 3.3, 2.2, 1.1, 1.1]
    assert not playback.playing


def test_show_puts_a_stretch_in_the_middle() -> None:
    playback = Playback(100.0)
    playback.show(50.0, 51.0)
    assert playback.position_s == 50.0
    assert playback.page == (45.5, 55.5)


def test_zoom_keeps_the_position_where_it_is_on_the_page() -> None:
    playback = Playback(100.0)
    playback.show(50.0, 51.0)
    playback.zoom(2.0)
    assert playback.page == pytest.approx((41.0, 61.0))


def test_speed_has_ends() -> None:
    playback = Playback(10.0)
    for _ in SPEEDS:
        playback.faster(1)
    assert playback.speed == inf
    for _ in SPEEDS:
        playback.faster(-1)
    assert playback.speed == 0.1


@pytest.mark.parametrize(
    ("time_s", "text"),
    [(0, "00:00.0"), (59.96, "01:00.0"), (83.44, "01:23.4"), (3723.5, "1:02:03.5")],
)
def test_clock(time_s: float, text: str) -> None:
    assert clock_text(time_s) == text


def test_speeds_have_names() -> None:
    assert [speed_text(speed) for speed in SPEEDS] == [
        "0.1×", "0.25×", "0.5×", "1×", "2×", "5×", "max",
    ]  # fmt: skip
