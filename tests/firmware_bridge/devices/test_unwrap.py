from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.devices.unwrap import Unwrapper, nearest


@given(st.integers(0, 2**70), st.integers(-(2**31), 2**31 - 1))
def test_nearest_finds_every_value_within_half_a_range(expected: int, away: int) -> None:
    value = expected + away
    assert nearest(value % 2**32, expected, 32) == value


@given(
    st.sampled_from((8, 16, 32)),
    st.integers(0, 2**32 - 1),
    st.lists(st.floats(-0.49, 0.49), max_size=50),
)
def test_a_walk_of_less_than_half_a_range_a_step_is_followed(
    bits: int, start: int, steps: list[float]
) -> None:
    unwrap = Unwrapper(bits)
    value = start % 2**bits
    assert unwrap(value) == value
    for step in steps:
        value += int(step * 2**bits)
        assert unwrap(value % 2**bits) == value


@given(st.integers(0, 2**32 - 1), st.floats(0, 1e5), st.floats(-2000, 2000))
def test_a_pause_of_many_wraps_is_bridged_by_host_time(
    start: int, away_s: float, host_is_off_s: float
) -> None:
    unwrap = Unwrapper(32)
    unwrap(start)
    true_value = start + round(away_s * 1e6)
    unwrap.advance(round((away_s + host_is_off_s) * 1e6))
    assert unwrap(true_value % 2**32) == true_value


def test_the_pause_counts_once() -> None:
    unwrap = Unwrapper(32)
    unwrap(5)
    unwrap.advance(2**32)
    assert unwrap(6) == 2**32 + 6
    assert unwrap(7) == 2**32 + 7


def test_reset_begins_anew() -> None:
    unwrap = Unwrapper(16)
    unwrap(65535)
    assert unwrap(0) == 65536
    unwrap.reset()
    assert unwrap.expected is None
    assert unwrap(3) == 3
