"""Signal watch: values that no body on earth makes a sensor send."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_bridge.virtual_wearer.wear import VirtualSession
from pipeline.engine import Engine
from pipeline.gait import FloatArray
from pipeline.results import SensorQuality
from pipeline.signal_watch import SignalWatch
from pipeline.stages.synchronise import Synchroniser
from recordings.metadata import SensorInfo
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples
from tests.pipeline.streams import all_samples, cut_points, grid_run, still_sensors, without

PELVIS, LEFT, RIGHT = REQUIRED_PLACEMENTS
Parts = dict[Placement, ImuSamples]


def _watch(parts: Parts, sensors: dict[Placement, SensorInfo] | None = None) -> SignalWatch:
    watch = SignalWatch(REQUIRED_PLACEMENTS, sensors or {})
    watch.raw(parts)
    watch.synchronised(grid_run(parts))
    return watch


def _quality(watch: SignalWatch, parts: Parts) -> dict[Placement, SensorQuality]:
    synchroniser = Synchroniser(REQUIRED_PLACEMENTS)
    synchroniser.push(parts)
    synchroniser.finish()
    return {q.placement: q for q in watch.quality(synchroniser.counts)}


def _with(parts: Parts, placement: Placement, acc: FloatArray, gyr: FloatArray) -> Parts:
    old = parts[placement]
    return {**parts, placement: ImuSamples(placement, old.time_s, acc, gyr)}


def _scaled(parts: Parts, placement: Placement, factor: float) -> Parts:
    part = parts[placement]
    return _with(parts, placement, factor * part.acc_m_s2, part.gyr_rad_s)


def test_sound_signals_are_fit() -> None:
    parts = still_sensors(10.0)
    watch = _watch(parts)
    assert watch.unfit == ""
    assert watch.duration_s == 10.0
    for quality in _quality(watch, parts).values():
        assert quality.gravity_m_s2 == pytest.approx(9.81, abs=0.05)
        assert (quality.remarks, quality.clipped_samples) == ((), 0)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1 / 9.80665, "in g instead of m/s²"),
        (0.0005, "gravity has been removed"),
        (2.0, "unit or its scale is wrong"),
        (0.8, "unit or its scale is wrong"),
    ],
)
def test_a_wrong_gravity_is_said_with_its_cause(factor: float, words: str) -> None:
    parts = _scaled(still_sensors(10.0), RIGHT, factor)
    watch = _watch(parts)
    assert "right thigh" in watch.unfit and words in watch.unfit
    quality = _quality(watch, parts)
    assert quality[RIGHT].remarks == (watch.unfit,)
    assert quality[LEFT].remarks == ()


def test_a_calibration_error_of_a_real_sensor_is_let_pass() -> None:
    for factor in (0.95, 1.05):
        assert _watch(_scaled(still_sensors(10.0), PELVIS, factor)).unfit == ""


def test_free_acceleration_of_a_walk_is_found(usual_walk: VirtualSession) -> None:
    parts = {p: usual_walk.session.samples(p).between(0.0, 20.0) for p in REQUIRED_PLACEMENTS}
    part = parts[LEFT]
    # The mean of standing is taken away: what a sensor gives that knows its orientation.
    up = part.acc_m_s2[:500].mean(axis=0)
    free = _with(parts, LEFT, part.acc_m_s2 - up, part.gyr_rad_s)
    assert "gravity has been removed" in _watch(free).unfit


@pytest.mark.parametrize("standing", [True, False])
def test_walking_raises_no_alarm_about_gravity(usual_walk: VirtualSession, standing: bool) -> None:
    start = 0.0 if standing else 10.0
    parts = {
        p: usual_walk.session.samples(p).between(start, start + 40.0) for p in REQUIRED_PLACEMENTS
    }
    watch = _watch(parts)
    assert watch.unfit == ""
    gravity = _quality(watch, parts)[PELVIS].gravity_m_s2
    assert gravity == pytest.approx(9.81, abs=0.3) if standing else np.isnan(gravity)


def test_degrees_a_second_are_told_from_radians(usual_walk: VirtualSession) -> None:
    parts = {p: usual_walk.session.samples(p).between(0.0, 20.0) for p in REQUIRED_PLACEMENTS}
    part = parts[RIGHT]
    degrees = _with(parts, RIGHT, part.acc_m_s2, np.rad2deg(part.gyr_rad_s))
    assert "right thigh" in _watch(degrees).unfit and "°/s instead" in _watch(degrees).unfit


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_stuck_sensor_is_named(value: float) -> None:
    parts = still_sensors(10.0)
    stuck = np.full((1000, 3), value)
    watch = _watch(_with(parts, LEFT, stuck, stuck))
    assert "left thigh sensor sends the same values all the time" in watch.unfit


def test_a_silent_sensor_is_named() -> None:
    parts = still_sensors(10.0)
    del parts[RIGHT]
    watch = SignalWatch(REQUIRED_PLACEMENTS, {})
    watch.raw(parts)
    watch.synchronised(grid_run(parts))
    assert "right thigh sensor sent nothing" in watch.unfit


def test_three_seconds_are_needed_to_judge() -> None:
    parts = _scaled(still_sensors(2.5), PELVIS, 0.1)
    watch = _watch(parts)
    assert watch.unfit == ""
    assert _quality(watch, parts)[PELVIS].remarks == ()


def _with_peaks(limit_m_s2: float, clipped: bool, axis: int = 1) -> tuple[Parts, int]:
    parts = still_sensors(20.0)
    time_s = parts[LEFT].time_s
    acc = parts[LEFT].acc_m_s2.copy()
    acc[:, axis] += 40.0 * np.exp(-(((time_s % 1.0) - 0.5) ** 2) / (2 * 0.02**2))
    beyond = int((acc[:, axis] > limit_m_s2).sum())
    if clipped:
        acc = np.clip(acc, -limit_m_s2, limit_m_s2)
    return _with(parts, LEFT, acc, parts[LEFT].gyr_rad_s), beyond


def test_clipped_peaks_are_counted_and_said() -> None:
    parts, beyond = _with_peaks(4 * 9.80665, clipped=True)
    quality = _quality(_watch(parts), parts)
    # The first sample of each plateau is not yet a repetition.
    assert beyond - 20 <= quality[LEFT].clipped_samples <= beyond
    assert any("peaks are cut off" in remark for remark in quality[LEFT].remarks)
    assert quality[RIGHT].clipped_samples == 0
    whole, _ = _with_peaks(4 * 9.80665, clipped=False)
    assert _quality(_watch(whole), whole)[LEFT].clipped_samples == 0


def test_short_peaks_that_are_cut_off_are_counted_too() -> None:
    """A landing lasts one sample: none of its flat tops is two samples long."""
    parts = still_sensors(20.0)
    part = parts[LEFT]
    acc = part.acc_m_s2.copy()
    landings = np.arange(50, len(acc), 50)
    size = np.random.default_rng(3).uniform(35.0, 80.0, len(landings))
    for limit, cut in ((4 * 9.80665, True), (np.inf, False)):
        acc[landings, 1] = np.minimum(size, limit)
        cut_off = _with(parts, LEFT, acc, part.gyr_rad_s)
        quality = _quality(_watch(cut_off), cut_off)[LEFT]
        assert quality.clipped_samples == (np.sum(size >= limit) if cut else 0)
        assert any("end of its range" in text for text in quality.remarks) == cut


def test_a_known_range_tells_clipping_from_coincidence() -> None:
    parts, _ = _with_peaks(2 * 9.80665, clipped=True)
    wide = {LEFT: SensorInfo(placement=LEFT, acc_range_g=16.0)}
    right = {LEFT: SensorInfo(placement=LEFT, acc_range_g=2.0)}
    assert _quality(_watch(parts, wide), parts)[LEFT].clipped_samples == 0
    assert _quality(_watch(parts, right), parts)[LEFT].clipped_samples > 40


def test_a_clipped_walk_is_analysed_and_says_so(usual_walk: VirtualSession) -> None:
    limit = 1.6 * 9.80665
    parts = {p: s.between(0.0, 60.0) for p, s in all_samples(usual_walk.session).items()}
    parts = {
        p: ImuSamples(p, s.time_s, np.clip(s.acc_m_s2, -limit, limit), s.gyr_rad_s)
        for p, s in parts.items()
    }
    engine = Engine(parts, sensors={p: SensorInfo(placement=p, acc_range_g=1.6) for p in parts})
    engine.push(parts)
    engine.finish()
    results = engine.snapshot("walk")
    said = [remark for q in results.quality for remark in q.remarks]
    assert any("peaks are cut off" in remark for remark in said)


def test_heavy_loss_is_said_in_percent() -> None:
    parts = still_sensors(20.0)
    parts[RIGHT] = without(parts[RIGHT], 5.0, 10.0)
    quality = _quality(_watch(parts), parts)
    assert any(
        "25 % of the right thigh sensor's samples were lost" in r for r in quality[RIGHT].remarks
    )
    assert quality[RIGHT].lost_fraction == pytest.approx(0.25, abs=0.001)


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_what_is_seen_does_not_depend_on_how_the_stream_is_cut(
    usual_walk: VirtualSession, sizes: list[int]
) -> None:
    parts = {p: usual_walk.session.samples(p).between(0.0, 12.0) for p in REQUIRED_PLACEMENTS}
    whole = _watch(parts)
    watch = SignalWatch(REQUIRED_PLACEMENTS, {})
    for rows in cut_points(1200, sizes):
        for placement, part in parts.items():
            watch.raw({placement: part[rows]})
    watch.synchronised(grid_run(parts))
    for placement, quality in _quality(watch, parts).items():
        assert quality == _quality(whole, parts)[placement]
    assert watch.unfit == whole.unfit
