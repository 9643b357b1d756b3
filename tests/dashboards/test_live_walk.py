"""A live walk: bridge, recorder and engine joined, on a clock that runs faster than ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboards.live_news import Look
from dashboards.live_walk import LiveWalk
from dashboards.view_models.angle_history import AngleHistory
from dashboards.writers.results_json import results_json
from firmware_bridge.status import SensorState
from firmware_bridge.transport.demo_wearer import DemoWearer
from pipeline.analysis import analyze
from pipeline.angles import ANGLE_COLUMNS
from recordings.errors import UsageError
from recordings.events import EventKind
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side
from recordings.reading import read_session

SPEED = 12.0


class Walk:
    """A demo wearer who lives `SPEED` times as fast, and the walk that is made of it."""

    def __init__(self, placements: tuple[Placement, ...]) -> None:
        self.demo = DemoWearer(placements, clock=lambda: SPEED * time.perf_counter())
        self.live = LiveWalk(
            self.demo.transport, self.demo.sensors, self.demo.metadata, self.demo.events
        )
        self.looks: list[Look] = []

    def until(self, reached: Callable[[Look], bool], patience_s: float = 20.0) -> Look:
        """Look until something is so."""
        end_s = time.monotonic() + patience_s
        while time.monotonic() < end_s:
            look = self.live.look()
            self.looks.append(look)
            if reached(look):
                return look
            time.sleep(0.02)
        raise AssertionError("it did not come to that")


@pytest.fixture
def walk() -> Iterator[Walk]:
    walk = Walk(REQUIRED_PLACEMENTS)
    walk.live.start()
    yield walk
    walk.live.close()
    walk.demo.close()


def test_results_seen_live_are_those_of_the_recorded_file(walk: Walk, tmp_path: Path) -> None:
    folder = walk.live.record_to(tmp_path / "walk")
    walk.until(lambda look: look.time_s > 30.0)
    walk.live.mark("stairs")
    walk.until(lambda look: look.results is not None and look.results.summary.steps > 60)
    results = walk.live.close()
    assert results is not None
    session = read_session(folder)
    recorded = analyze(session)
    assert recorded.summary.steps > 60
    assert results_json(recorded) == results_json(results)
    assert [e.label for e in session.events if e.kind == EventKind.MARKER] == ["stairs"]
    assert session.metadata.simulated
    assert not results.provisional


def test_looks_bring_every_sample_and_angle_once(walk: Walk) -> None:
    walk.until(lambda look: look.results is not None and look.results.summary.steps > 20)
    walk.live.close()
    looks = [*walk.looks, walk.live.look()]
    for placement in REQUIRED_PLACEMENTS:
        times = [s.time_s for look in looks for s in look.samples if s.placement is placement]
        assert (np.diff(np.concatenate(times)) > 0).all()
    late = np.concatenate([b.time_s for look in looks for b in look.angles])
    assert (np.round(np.diff(late), 6) == 0.01).all()
    seen: dict[float, list[np.ndarray]] = {}
    for look in looks:
        for block in look.early_angles:
            for t, row in zip(block.time_s, block.values, strict=True):
                seen.setdefault(float(t), []).append(row)
    early = np.array(list(seen))
    assert (np.round(np.diff(early), 6) == 0.01).all()
    # As it was felt, and then smoothed.
    assert {len(rows) for rows in seen.values()} == {2}
    complete = {
        t: row
        for look in looks
        for b in look.angles
        for t, row in zip(b.time_s, b.values, strict=True)
    }
    columns = np.arange(len(ANGLE_COLUMNS)) != 2  # the rotation of the pelvis comes late
    for t in early[::50]:
        felt, smoothed = (row[columns] for row in seen[t])
        np.testing.assert_array_equal(smoothed, complete[t][columns])
        # Smoothing moves no angle by much.
        np.testing.assert_allclose(felt, smoothed, atol=6.0)


def test_a_lost_sensor_is_a_gap_in_the_angles_and_comes_back(walk: Walk) -> None:
    history = AngleHistory()
    walk.until(lambda look: bool(look.early_angles))
    walk.demo.set_in_reach(Placement.THIGH_LEFT, False)
    lost = walk.until(lambda look: any(not s.state.streams for s in look.sensors.values()))
    walk.until(lambda look: look.time_s > lost.time_s + 4.0)
    walk.demo.set_in_reach(Placement.THIGH_LEFT, True)
    walk.until(lambda look: all(s.state is SensorState.STREAMING for s in look.sensors.values()))
    back = walk.until(lambda look: bool(look.early_angles))
    walk.until(lambda look: look.time_s > back.time_s + 6.0)
    for look in walk.looks:
        for block in look.early_angles:
            history.take_early(block)
    end_s = history.end_s
    assert end_s is not None
    times, values = history.window(end_s, 40.0)
    hip = values[:, 3]
    inside = (times + end_s > lost.time_s + 0.5) & (times + end_s < lost.time_s + 3.0)
    assert np.isnan(hip[inside]).all()
    assert np.isfinite(hip[-50:]).all()
    kinds = [e.kind for look in walk.looks for e in look.events]
    assert EventKind.DROPOUT_START in kinds
    assert EventKind.DROPOUT_END in kinds


def test_what_nobody_looks_at_is_forgotten_after_a_minute(walk: Walk) -> None:
    begin_s = walk.live.look().time_s
    time.sleep(100.0 / SPEED)
    look = walk.live.look()
    oldest_s = min(float(s.time_s[0]) for s in look.samples)
    assert look.time_s - begin_s > 90.0
    assert look.time_s - oldest_s < 75.0


def test_only_one_recording_at_a_time(walk: Walk, tmp_path: Path) -> None:
    walk.live.record(tmp_path)
    with pytest.raises(UsageError, match="running"):
        walk.live.record(tmp_path)
    status = walk.live.stop_recording()
    assert status.problem is None
    assert not walk.live.look().recorder.recording


def test_a_fault_of_the_analysis_does_not_end_the_recording(
    walk: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.live.record_to(tmp_path / "walk")
    walk.until(lambda look: bool(look.samples))

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(walk.live._engine, "push", fail)
    look = walk.until(lambda look: bool(look.problem))
    assert "recording goes on" in look.problem
    samples = look.recorder.samples
    walk.until(lambda look: look.recorder.samples > samples + 100)
    walk.live.look()
    seen = walk.until(lambda look: bool(look.samples))
    assert max(float(s.time_s[-1]) for s in seen.samples) > look.time_s, "raw signals run on"
    assert walk.live.close() is None


def test_closing_twice_is_as_good_as_once(walk: Walk) -> None:
    walk.until(lambda look: bool(look.samples))
    walk.live.close()
    walk.live.close()


def test_a_required_sensor_must_be_there() -> None:
    demo = DemoWearer(REQUIRED_PLACEMENTS)
    try:
        with pytest.raises(ValueError, match="thigh_right"):
            LiveWalk(demo.transport, demo.sensors[:2])
    finally:
        demo.close()


def test_a_deviation_asked_for_is_walked(walk: Walk) -> None:
    def drop(look: Look) -> float:
        found = [
            s.values.get("pelvic_drop_peak_deg", 0.0) for s in look.strides if s.side is Side.RIGHT
        ]
        return float(np.median(found)) if found else 0.0

    before = walk.until(lambda look: len(look.strides) > 0 and drop(look) > 0)
    walk.demo.deviate("pelvic_drop", Side.RIGHT, 8.0)
    after = walk.until(lambda look: drop(look) > drop(before) + 6.0)
    assert drop(after) < drop(before) + 10.0
