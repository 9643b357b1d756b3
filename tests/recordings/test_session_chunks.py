"""A session in chunks holds every sample once, whatever the length of a chunk."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from recordings.placement import Placement
from recordings.samples import ImuSamples, concatenate
from recordings.session import InMemorySource, Session


def _samples(placement: Placement, time_s: np.ndarray) -> ImuSamples:
    axes = np.repeat(time_s[:, None], 3, axis=1)
    return ImuSamples(placement, time_s, axes, -axes)


@given(
    duration_s=st.floats(0.01, 5.0),
    rate_hz=st.sampled_from([50.0, 60.0, 100.0, 104.0]),
    late=st.integers(0, 120),
)
@example(duration_s=0.05, rate_hz=100.0, late=0)  # 2.15 / 0.05 is just under 43
def test_chunks_hold_every_sample_once_and_in_order(
    duration_s: float, rate_hz: float, late: int
) -> None:
    time_s = np.round(np.arange(300) / rate_hz, 6)
    worn = {
        Placement.PELVIS: _samples(Placement.PELVIS, time_s),
        Placement.THIGH_LEFT: _samples(Placement.THIGH_LEFT, time_s[late:]),
    }
    session = Session("s", {p: InMemorySource(samples) for p, samples in worn.items()})

    chunks = list(session.chunks(duration_s))

    for placement, samples in worn.items():
        joined = concatenate([chunk[placement] for chunk in chunks if placement in chunk])
        np.testing.assert_array_equal(joined.time_s, samples.time_s)
        np.testing.assert_array_equal(joined.acc_m_s2, samples.acc_m_s2)
    for chunk in chunks:
        times = np.concatenate([part.time_s for part in chunk.values()])
        assert np.ptp(times) <= duration_s
    ends = [max(part.time_s[-1] for part in chunk.values()) for chunk in chunks]
    starts = [min(part.time_s[0] for part in chunk.values()) for chunk in chunks]
    assert all(end < start for end, start in zip(ends[:-1], starts[1:], strict=True))
