"""A recorded walk for replay: the same numbers as the command line, and what is marked."""

from __future__ import annotations

import os
import signal
import stat
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dashboards.recorded.cache import WalkCache
from dashboards.view_models.bands import Band
from dashboards.view_models.overview import overview_lane
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.view_models.side_file import (
    exclusion,
    read_edits,
    side_file,
    with_edits,
    write_edits,
)
from dashboards.view_models.walk_loader import WalkLoader
from dashboards.writers.results_json import results_json
from pipeline.analysis import analyze
from pipeline.angles import ANGLE_COLUMNS
from recordings.errors import FormatError, OutputError
from recordings.events import EventKind, SessionEvent
from recordings.placement import Placement, Side
from recordings.reading import read_session
from tests.dashboards.opened_walks import SAMPLE, ended, opened, results_of


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> WalkCache:
    return WalkCache(tmp_path_factory.mktemp("walks"))


@pytest.fixture(scope="module")
def walk(cache: WalkCache) -> RecordedWalk:
    return opened(SAMPLE, cache)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample that may be changed."""
    target = tmp_path / "walk"
    with zipfile.ZipFile(SAMPLE) as archive:
        archive.extractall(target)
    inside = list(target.rglob("pelvis.csv"))
    return inside[0].parent


def test_replay_shows_the_numbers_of_the_command_line(walk: RecordedWalk) -> None:
    blocks = []
    results = analyze(read_session(SAMPLE), angle_sink=blocks.append)
    assert results_json(results_of(walk)) == results_json(results)
    times, values = walk.angles.rows(-1.0, 1e6)
    np.testing.assert_array_equal(times, np.concatenate([b.time_s for b in blocks]))
    np.testing.assert_array_equal(values, np.concatenate([b.values for b in blocks]))


def test_with_a_span_left_out_too(folder: Path, cache: WalkCache) -> None:
    write_edits(folder, exclusion(30.0, 55.0))
    shown = results_of(opened(folder, cache))
    results = analyze(with_edits(read_session(folder), folder))
    assert results_json(shown) == results_json(results)
    assert results.summary.excluded["excluded_span"] > 20


def test_raw_traces_are_what_was_recorded(walk: RecordedWalk) -> None:
    session = read_session(SAMPLE)
    assert set(walk.raw) == set(session.placements)
    samples = session.samples(Placement.SHANK_LEFT)
    times, values = walk.raw[Placement.SHANK_LEFT].rows(-1.0, 1e6)
    np.testing.assert_array_equal(times, samples.time_s)
    np.testing.assert_allclose(values[:, :3], samples.acc_m_s2, atol=1e-5)
    np.testing.assert_allclose(values[:, 3:], samples.gyr_rad_s, atol=1e-5)


def test_a_second_opening_is_the_same_walk_without_reading_it(
    folder: Path, cache: WalkCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(folder, cache)
    monkeypatch.setattr("dashboards.view_models.walk_loader.WalkProcess.begin", None)
    again = opened(folder, cache)
    assert results_json(results_of(again)) == results_json(results_of(first))
    assert again.bands == first.bands
    assert again.metadata == first.metadata
    np.testing.assert_array_equal(again.angles.rows(0, 1e6)[1], first.angles.rows(0, 1e6)[1])


def test_one_other_byte_is_another_walk(folder: Path, cache: WalkCache) -> None:
    opened(folder, cache)
    file = folder / "pelvis.csv"
    data = bytearray(file.read_bytes())
    place = data.index(b"\n", len(data) // 2) - 1
    data[place] = ord("1") if data[place] != ord("1") else ord("2")
    stamp = file.stat()
    file.write_bytes(data)
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    changed = opened(folder, cache)
    _, values = changed.raw[Placement.PELVIS].rows(-1.0, 1e6)
    samples = read_session(folder).samples(Placement.PELVIS)
    np.testing.assert_allclose(values[:, 3:], samples.gyr_rad_s, atol=1e-6)


def test_bouts_and_turns_are_those_of_the_strides(walk: RecordedWalk) -> None:
    kinds = [band.kind for band in walk.bands]
    assert kinds.count("bout") == results_of(walk).summary.bouts
    assert kinds.count("turn") == results_of(walk).summary.turns
    assert all(band.end_s > band.start_s for band in walk.bands)


def test_clearest_stride_of_a_finding_comes_first(walk: RecordedWalk) -> None:
    (finding,) = [
        f
        for f in results_of(walk).findings
        if f.measure == "hip_adduction_peak_deg" and f.side is Side.RIGHT
    ]
    strides = walk.strides_of(finding)
    values = [stride.values[finding.measure] for stride in strides]
    assert len(strides) == finding.strides
    assert {stride.side for stride in strides} == {Side.RIGHT}
    assert values == sorted(values, reverse=True)
    knee = next(f for f in results_of(walk).findings if f.measure == "knee_flexion_min_stance_deg")
    lowest = [stride.values[knee.measure] for stride in walk.strides_of(knee)]
    assert lowest == sorted(lowest)


def test_the_strip_shows_raw_signals_until_there_are_angles(walk: RecordedWalk) -> None:
    from dataclasses import replace

    from dashboards.view_models.recorded_walk import no_angles

    lane = overview_lane(walk, Side.RIGHT, 50)
    column = walk.angles.rows(-1, 1e6)[1][:, ANGLE_COLUMNS.index("hip_flexion_right_deg")]
    assert not lane.raw
    assert np.nanmax(lane.envelope) == pytest.approx((np.nanmax(column) + 30) / 90)
    assert np.nanmin(lane.envelope) == pytest.approx((np.nanmin(column) + 30) / 90)
    before = overview_lane(replace(walk, angles=no_angles()), Side.RIGHT, 50)
    assert before.raw
    assert np.isfinite(before.envelope).all()
    assert np.ptp(before.envelope[20]) > 0.2


def test_a_gap_is_found_where_samples_are_missing(folder: Path, cache: WalkCache) -> None:
    file = folder / "thigh_left.csv"
    lines = file.read_text().splitlines(keepends=True)
    kept = [ln for i, ln in enumerate(lines) if i == 0 or not 60.0 <= float(ln.split(",")[0]) < 62]
    file.write_text("".join(kept))
    walk = opened(folder, cache)
    gaps = [band for band in walk.bands if band.kind == "gap"]
    assert [band.label for band in gaps] == ["left thigh"]
    assert (gaps[0].start_s, gaps[0].end_s) == pytest.approx((60.0, 62.0), abs=0.02)
    _, drawn = walk.raw[Placement.THIGH_LEFT].drawn(58.0, 64.0)
    assert np.isnan(drawn).all(axis=1).sum() == 1


def test_a_span_that_is_left_out_takes_its_strides_along(folder: Path, cache: WalkCache) -> None:
    before = results_of(opened(folder, cache))
    digest = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    write_edits(folder, exclusion(20.0, 40.0))
    after = opened(folder, cache)
    assert results_of(after).summary.excluded["excluded_span"] > 20
    assert sum(results_of(after).summary.steady_strides.values()) < sum(
        before.summary.steady_strides.values()
    )
    assert Band(20.0, 40.0, "excluded") in after.bands
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == digest


def test_a_marker_is_kept_beside_the_recording(folder: Path, cache: WalkCache) -> None:
    write_edits(folder, [SessionEvent(12.5, EventKind.MARKER, "new shoes")])
    markers = opened(folder, cache).markers()
    assert [(m.time_s, m.label) for m in markers] == [(12.5, "new shoes")]
    assert side_file(folder).name == f"{folder.name}.edits.csv"
    assert side_file(folder).parent == folder.parent
    assert stat.S_IMODE(side_file(folder).stat().st_mode) == 0o600


def test_no_edits_are_no_edits(tmp_path: Path) -> None:
    assert read_edits(tmp_path / "walk.zip") == ()


def test_damaged_edits_are_an_error_that_names_the_file(folder: Path, cache: WalkCache) -> None:
    side_file(folder).write_text("nonsense\n1,2\n")
    with pytest.raises(FormatError, match=r"edits\.csv"):
        read_edits(folder)
    loader = ended(folder, cache)
    assert loader.walk is None
    assert "edits.csv" in loader.problem


def test_edits_that_cannot_be_written_leave_the_recording(folder: Path) -> None:
    side_file(folder).mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_edits(folder, exclusion(3.0, 4.0))
    assert sorted(p.name for p in folder.parent.iterdir()) == [
        folder.name,
        side_file(folder).name,
    ]


def test_the_loader_says_what_is_the_matter(tmp_path: Path, cache: WalkCache) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(SAMPLE.read_bytes()[:1000])
    loader = ended(broken, cache)
    assert loader.walk is None
    assert "broken.zip" in loader.problem


def test_damage_in_the_middle_leaves_what_was_read(folder: Path, cache: WalkCache) -> None:
    file = folder / "thigh_left.csv"
    lines = file.read_text().splitlines(keepends=True)
    lines[12_000] = "120.0,a,b,c,d,e,f\n"
    file.write_text("".join(lines))
    loader = ended(folder, cache)
    assert "line 12001" in loader.problem
    assert loader.walk is not None
    assert loader.walk.duration_s > 50.0
    assert loader.walk.results is None


def test_a_walk_that_is_not_wanted_any_more_leaves_nothing(tmp_path: Path) -> None:
    loader = WalkLoader(SAMPLE, WalkCache(tmp_path / "walks")).start()
    loader.cancel(wait_s=20.0)
    assert loader.done.is_set()
    assert not loader.complete
    assert list((tmp_path / "walks").glob("*")) == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_process_that_dies_is_a_sentence(tmp_path: Path) -> None:
    loader = WalkLoader(SAMPLE, WalkCache(tmp_path / "walks")).start()
    deadline_s = time.monotonic() + 60.0
    while loader.pid is None and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert loader.pid is not None
    os.kill(loader.pid, signal.SIGKILL)
    assert loader.wait(20.0)
    assert "ended all of a sudden" in loader.problem
    assert not loader.complete
    assert list((tmp_path / "walks").glob("*")) == []
