"""History: a bounded look back that is addressed by grid index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.history import History


@given(start=st.integers(-500, 10_000), sizes=st.lists(st.integers(0, 90), min_size=1, max_size=30))
def test_the_latest_points_are_held_exactly_and_the_memory_is_bounded(
    start: int, sizes: list[int]
) -> None:
    history = History(2, 40)
    history.begin(start)
    total = sum(sizes)
    signal = np.stack((np.arange(total), -np.arange(total))).astype(float)
    done = 0
    for size in sizes:
        history.append(signal[:, done : done + size])
        done += size
        held = history.end - history.oldest
        assert history.end == start + done
        assert min(done, 40) <= held <= 80 + max(sizes)
        first = history.oldest - start
        np.testing.assert_array_equal(
            history.get(slice(None), history.oldest, history.end), signal[:, first:done]
        )


def test_what_is_not_held_is_an_error_not_a_guess() -> None:
    history = History(1, 10)
    history.begin(100)
    history.append(np.arange(25.0)[np.newaxis])
    history.append(np.arange(25.0, 45.0)[np.newaxis])
    assert history.get(0, 140, 142).tolist() == [40.0, 41.0]
    for first, end in ((99, 101), (140, 146)):
        with pytest.raises(IndexError):
            history.get(0, first, end)
