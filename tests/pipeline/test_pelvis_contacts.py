"""Steps and bouts from the pelvis sensor alone."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.virtual_wearer.population import draw_spec
from firmware_bridge.virtual_wearer.spec import Spec, Stand, Stop, Turn, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.grid import SensorGrid
from pipeline.stages.pelvis_contacts import PelvisContacts
from recordings.placement import Placement

TIMELINE = (
    Stand(duration_s=6.0, calibration=True),
    Walk(duration_s=12.0),
    Stop(duration_s=5.0),
    Walk(duration_s=10.0),
    Turn(angle_deg=90.0),
    Walk(duration_s=6.0),
    Stand(duration_s=4.0),
)


@pytest.fixture(scope="module")
def worn():
    return wear(Spec(seed=5, timeline=TIMELINE))


@pytest.fixture(scope="module")
def grid(worn) -> SensorGrid:
    return on_grid(worn)


def on_grid(worn) -> SensorGrid:
    samples = worn.session.samples(Placement.PELVIS)
    known = np.ones(len(samples), dtype=bool)
    return SensorGrid(
        np.ascontiguousarray(samples.acc_m_s2.T),
        np.ascontiguousarray(samples.gyr_rad_s.T),
        known,
        ~known,
    )


def run(grid: SensorGrid, cuts: list[int]) -> tuple[list[float], PelvisContacts]:
    stage = PelvisContacts()
    times = []
    edges = [0, *sorted(cuts), len(grid.valid)]
    for first, last in pairwise(edges):
        if last > first:
            times += [e.time_s for e in stage.process(first, grid[first:last])]
    return times + [e.time_s for e in stage.finish()], stage


def with_gap(grid: SensorGrid, first: int, last: int) -> SensorGrid:
    valid = grid.valid.copy()
    valid[first:last] = False
    hole = np.where(valid, 0.0, np.nan)
    return SensorGrid(grid.acc + hole, grid.gyr + hole, valid, grid.bridged)


def test_steps_of_a_walk_are_found_without_thighs(worn, grid):
    times, _ = run(grid, [])
    true = np.array([c.initial_s for c in worn.truth.contacts])
    true = true[np.isfinite(true) & (true > 6.0)]
    near = np.abs(np.array(times)[:, None] - true[None, :]) < 0.15
    assert near.any(axis=0).mean() > 0.95  # nearly every step is seen
    assert near.any(axis=1).mean() > 0.80  # shifts of weight feel like steps, too


@pytest.mark.parametrize("seed", [3001, 3004])
def test_brisk_steps_do_not_count_twice(seed):
    """Two impacts a step: in half of the brisk virtual walkers each counted."""
    spec = draw_spec(seed, timeline=TIMELINE[:2])
    person = msgspec.structs.replace(spec.person, speed_m_s=1.7)
    brisk = wear(msgspec.structs.replace(spec, person=person))
    times, _ = run(on_grid(brisk), [])
    true = [c for c in brisk.truth.contacts if np.isfinite(c.initial_s) and c.initial_s > 6.0]
    assert len(times) == pytest.approx(len(true), abs=2)


def test_standing_between_two_walks_parts_two_bouts(grid):
    _, stage = run(grid, [])
    assert len(stage.bouts) == 2
    first, second = stage.bouts
    assert first.end_s + 4.0 < second.start_s
    assert first.start_s == pytest.approx(6.5, abs=1.5)


def test_nobody_walks_while_standing(grid):
    times, stage = run(grid[0:580], [])
    assert times == []
    assert stage.bouts == []


def test_a_gap_parts_a_bout(grid):
    times, stage = run(with_gap(grid, 1200, 1260), [])
    assert len(stage.bouts) == 3
    assert not [t for t in times if 12.0 < t < 12.6]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 4600), max_size=8))
def test_the_cut_of_the_stream_changes_nothing(grid, cuts):
    for signal in (grid, with_gap(grid, 1200, 1260)):
        whole, stage = run(signal, [])
        pieces, cut_stage = run(signal, [c for c in cuts if c < len(signal.valid)])
        assert pieces == whole
        assert cut_stage.bouts == stage.bouts
