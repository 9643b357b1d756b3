"""Order and loss of one sensor's samples, whatever the radio does to its packets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.devices.base import DecodedSamples
from firmware_bridge.reorder import Reorder

PERIOD_US = 10_000


def packet(first: int, n: int = 4, *, counted: bool = True) -> tuple[np.ndarray, DecodedSamples]:
    numbers = np.arange(first, first + n)
    values = np.repeat(numbers[:, None], 3, axis=1).astype(float)
    counter = numbers if counted else None
    return numbers * 0.01, DecodedSamples(values, values, counter, numbers * PERIOD_US)


def numbers_of(released: list[tuple[np.ndarray, DecodedSamples]]) -> list[int]:
    return [int(v) for _, samples in released for v in samples.acc_m_s2[:, 0]]


@given(
    st.lists(st.booleans(), min_size=1, max_size=60),
    st.lists(st.integers(0, 2), min_size=60, max_size=60),
    st.booleans(),
)
def test_what_arrives_within_patience_comes_out_in_order_and_losses_are_exact(
    arrives: list[bool], delays: list[int], counted: bool
) -> None:
    """Packets come up to two places late; some never."""
    arrives = [True, *arrives, True]
    sent = [(k + delays[k % 60], k) for k, there in enumerate(arrives) if there]
    sent = [(0.0, 0), *sorted((when + 1, k) for when, k in sent[1:])]
    reorder = Reorder(PERIOD_US, patience_s=0.2)
    out: list[int] = []
    for when, k in sent:
        now = when * 0.04
        reorder.push(*packet(4 * k, counted=counted), now)
        out += numbers_of(reorder.release(now))
    out += numbers_of(reorder.release(np.inf))
    expected = [n for k, there in enumerate(arrives) if there for n in range(4 * k, 4 * k + 4)]
    assert out == expected
    assert reorder.count.lost == 4 * arrives.count(False)
    assert reorder.count.received == len(expected)
    assert reorder.count.late == 0


def test_nothing_waits_while_nothing_is_missing() -> None:
    reorder = Reorder(PERIOD_US)
    for k in range(5):
        reorder.push(*packet(4 * k), k * 0.04)
        assert numbers_of(reorder.release(k * 0.04)) == list(range(4 * k, 4 * k + 4))


def test_behind_a_hole_samples_wait_only_so_long() -> None:
    reorder = Reorder(PERIOD_US, patience_s=0.15)
    reorder.push(*packet(0), 0.0)
    reorder.push(*packet(8), 0.1)
    assert numbers_of(reorder.release(0.2)) == [0, 1, 2, 3]
    assert numbers_of(reorder.release(0.26)) == [8, 9, 10, 11]
    assert (reorder.count.lost, reorder.count.gaps) == (4, 1)


def test_what_comes_too_late_is_counted_and_not_handed_on() -> None:
    reorder = Reorder(PERIOD_US, patience_s=0.1)
    reorder.push(*packet(0), 0.0)
    reorder.push(*packet(8), 0.0)
    assert numbers_of(reorder.release(1.0)) == [0, 1, 2, 3, 8, 9, 10, 11]
    reorder.push(*packet(4), 1.0)
    assert reorder.release(1.0) == []
    assert (reorder.count.late, reorder.count.lost, reorder.count.received) == (4, 4, 8)


def test_a_hole_behind_a_broken_link_is_no_loss() -> None:
    reorder = Reorder(PERIOD_US)
    reorder.push(*packet(0), 0.0)
    reorder.release(0.0)
    reorder.link_lost()
    reorder.push(*packet(104), 2.0)
    assert numbers_of(reorder.release(3.0)) == [104, 105, 106, 107]
    assert (reorder.count.away, reorder.count.lost) == (100, 0)
