"""Long series in pages: nothing lost, nothing bridged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.view_models.timed_series import BLOCK_ROWS, MOST_ROWS, TimedSeries, _extreme


def series(times: np.ndarray, values: np.ndarray, pieces: int = 3) -> TimedSeries:
    """A series that grew in pieces."""
    made = TimedSeries(values.shape[1], 0.06)
    for end in np.linspace(0, len(times), pieces + 1)[1:].astype(int):
        made = made.grown(times[:end], values[:end])
    return made


@pytest.fixture(scope="module")
def two_hours() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return np.arange(720_000) / 100, rng.normal(0, 10, (720_000, 2))


@given(
    rows=st.integers(0, 900),
    pieces=st.integers(1, 7),
    start=st.floats(-1, 10),
    span=st.floats(0, 10),
)
def test_a_page_is_its_rows_however_the_series_grew(
    rows: int, pieces: int, start: float, span: float
) -> None:
    times = np.arange(rows) / 100
    values = np.column_stack([np.sin(times), np.cos(times)])
    grown = series(times, values, pieces)
    inside = (times >= start) & (times < start + span)
    for got in (grown.rows(start, start + span), grown.drawn(start, start + span)):
        np.testing.assert_array_equal(got[0], times[inside])
        np.testing.assert_array_equal(got[1], values[inside])


@pytest.mark.parametrize("span", [(0.0, 61.0), (100.0, 2000.0), (0.0, 7200.0), (3000.0, 7200.0)])
def test_a_long_page_has_few_points_and_every_peak(
    two_hours: tuple[np.ndarray, np.ndarray], span: tuple[float, float]
) -> None:
    times, values = two_hours
    drawn_times, drawn = series(times, values).drawn(*span)
    inside = values[(times >= span[0]) & (times < span[1])]
    assert 0.3 * MOST_ROWS < len(drawn_times) <= MOST_ROWS
    # A stretch that is begun and not complete at the end may be missing.
    whole = inside[: -2 * BLOCK_ROWS]
    assert (np.nanmax(drawn, axis=0) >= whole.max(axis=0)).all()
    assert (np.nanmin(drawn, axis=0) <= whole.min(axis=0)).all()
    assert (np.diff(drawn_times) >= 0).all()


@pytest.mark.parametrize("length_s", [100, 4000])
def test_a_gap_is_never_bridged(length_s: int) -> None:
    times = np.arange(length_s * 100) / 100
    kept = (times < 0.4 * length_s) | (times >= 0.6 * length_s)
    grown = series(times[kept], np.ones((int(kept.sum()), 1)))
    drawn_times, drawn = grown.drawn(0.0, length_s)
    hole = np.flatnonzero(np.isnan(drawn[:, 0]))
    assert len(hole) == 1
    assert drawn_times[hole[0] - 1] < 0.41 * length_s
    assert drawn_times[hole[0] + 1] >= 0.6 * length_s - 1.0


def test_the_row_at_a_time_is_the_nearest_or_unknown() -> None:
    times = np.array([0.0, 0.01, 0.02, 5.0])
    grown = series(times, times[:, None] * 100)
    assert grown.at(0.012) == 1.0
    assert grown.at(5.03) == 500.0
    assert np.isnan(grown.at(2.0)).all()
    assert np.isnan(grown.at(-1.0)).all()
    assert np.isnan(TimedSeries(2, 0.06).at(0.0)).all()


@pytest.mark.parametrize("bins", [50, 700])
def test_an_envelope_holds_every_value(two_hours: tuple[np.ndarray, np.ndarray], bins: int) -> None:
    times, values = two_hours
    envelope = series(times, values).envelope(1, 0.0, 7200.0, bins)
    assert envelope.shape == (bins, 2)
    assert envelope[:, 0].min() == values[:, 1].min()
    assert envelope[:, 1].max() == values[:, 1].max()
    inside = values[(times >= 720.0) & (times < 1440.0), 1]
    part = envelope[bins // 10 : bins // 5]
    assert part[:, 1].max() == pytest.approx(inside.max(), abs=3.0)


def test_an_envelope_is_unknown_where_nothing_was_recorded() -> None:
    times = np.arange(1000) / 100
    envelope = series(times, np.ones((1000, 1))).envelope(0, 0.0, 20.0, 20)
    assert np.isfinite(envelope[:10]).all()
    assert np.isnan(envelope[10:]).all()


@pytest.mark.parametrize("rows", [1, 2, 7, 100])
@pytest.mark.parametrize("row_type", [np.float32, np.float64])
def test_extremes_of_blocks_are_those_of_all_their_rows(rows: int, row_type: type) -> None:
    rng = np.random.default_rng(rows)
    blocks = rng.normal(size=(5, rows, 3)).astype(row_type)
    blocks[rng.random(blocks.shape) < 0.3] = np.nan
    blocks[2] = np.nan
    for pick in (np.fmin, np.fmax):
        np.testing.assert_array_equal(_extreme(pick, blocks), pick.reduce(blocks, axis=1))
