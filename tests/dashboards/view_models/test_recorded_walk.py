"""A recorded walk for replay: the same numbers as the command line, and what is marked."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dashboards.view_models.recorded_walk import RecordedWalk, WalkLoader, load_walk
from dashboards.view_models.side_file import exclusion, read_edits, side_file, write_edits
from dashboards.writers.results_json import results_json
from pipeline.analysis import analyze
from pipeline.angles import ANGLE_COLUMNS
from recordings.errors import FormatError, InputError, OutputError
from recordings.events import EventKind, SessionEvent
from recordings.placement import Side
from recordings.reading import read_session

SAMPLE = Path(__file__).parents[3] / "recordings" / "sample_sessions" / "usual_walk.zip"


@pytest.fixture(scope="module")
def walk() -> RecordedWalk:
    return load_walk(SAMPLE)


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
    assert results_json(walk.results) == results_json(results)
    np.testing.assert_array_equal(walk.values, np.concatenate([b.values for b in blocks]))


def test_rows_and_single_moments_agree(walk: RecordedWalk) -> None:
    times, values = walk.rows(60.0, 61.0)
    assert len(times) == 100
    np.testing.assert_array_equal(walk.at(float(times[37])), values[37])
    assert np.isnan(walk.at(-1.0)).all()
    assert np.isnan(walk.at(1e6)).all()


def test_bouts_and_turns_are_those_of_the_strides(walk: RecordedWalk) -> None:
    kinds = [band.kind for band in walk.bands]
    assert kinds.count("bout") == walk.results.summary.bouts
    assert kinds.count("turn") == walk.results.summary.turns
    assert all(band.end_s > band.start_s for band in walk.bands)


def test_clearest_stride_of_a_finding_comes_first(walk: RecordedWalk) -> None:
    (finding,) = [
        f
        for f in walk.results.findings
        if f.measure == "hip_adduction_peak_deg" and f.side is Side.RIGHT
    ]
    strides = walk.strides_of(finding)
    values = [stride.values[finding.measure] for stride in strides]
    assert len(strides) == finding.strides
    assert {stride.side for stride in strides} == {Side.RIGHT}
    assert values == sorted(values, reverse=True)
    knee = next(f for f in walk.results.findings if f.measure == "knee_flexion_min_stance_deg")
    lowest = [stride.values[knee.measure] for stride in walk.strides_of(knee)]
    assert lowest == sorted(lowest)


def test_envelope_holds_every_value(walk: RecordedWalk) -> None:
    envelope = walk.envelope("hip_flexion_right_deg", walk.start_s, walk.end_s, 50)
    column = walk.values[:, ANGLE_COLUMNS.index("hip_flexion_right_deg")]
    assert np.nanmin(envelope) == np.nanmin(column)
    assert np.nanmax(envelope) == np.nanmax(column)
    assert (envelope[:, 0] <= envelope[:, 1])[np.isfinite(envelope[:, 0])].all()


def test_a_gap_is_found_where_samples_are_missing(folder: Path) -> None:
    file = folder / "thigh_left.csv"
    lines = file.read_text().splitlines(keepends=True)
    kept = [ln for i, ln in enumerate(lines) if i == 0 or not 60.0 <= float(ln.split(",")[0]) < 62]
    file.write_text("".join(kept))
    gaps = [band for band in load_walk(folder).bands if band.kind == "gap"]
    assert [band.label for band in gaps] == ["left thigh"]
    assert (gaps[0].start_s, gaps[0].end_s) == pytest.approx((60.0, 62.0), abs=0.02)


def test_a_span_that_is_left_out_takes_its_strides_along(folder: Path) -> None:
    before = load_walk(folder)
    digest = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    write_edits(folder, exclusion(20.0, 40.0))
    after = load_walk(folder)
    assert after.results.summary.excluded["excluded_span"] > 20
    assert sum(after.results.summary.steady_strides.values()) < sum(
        before.results.summary.steady_strides.values()
    )
    assert ("excluded", 20.0, 40.0) in [(b.kind, b.start_s, b.end_s) for b in after.bands]
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == digest


def test_a_marker_is_kept_beside_the_recording(folder: Path) -> None:
    write_edits(folder, [SessionEvent(12.5, EventKind.MARKER, "new shoes")])
    assert [(m.time_s, m.label) for m in load_walk(folder).markers()] == [(12.5, "new shoes")]
    assert side_file(folder).name == f"{folder.name}.edits.csv"
    assert side_file(folder).parent == folder.parent


def test_no_edits_are_no_edits(tmp_path: Path) -> None:
    assert read_edits(tmp_path / "walk.zip") == ()


def test_damaged_edits_are_an_error_that_names_the_file(folder: Path) -> None:
    side_file(folder).write_text("nonsense\n1,2\n")
    with pytest.raises(FormatError, match=r"edits\.csv"):
        load_walk(folder)


def test_edits_that_cannot_be_written_leave_the_old_ones(folder: Path) -> None:
    write_edits(folder, exclusion(1.0, 2.0))
    blocked = side_file(folder).with_name(side_file(folder).name + ".new")
    blocked.mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_edits(folder, exclusion(3.0, 4.0))
    assert read_edits(folder) == exclusion(1.0, 2.0)


def test_the_loader_ends_with_a_walk() -> None:
    loader = WalkLoader(SAMPLE).start()
    assert loader.wait(60.0)
    assert loader.problem == ""
    assert loader.walk is not None
    assert loader.analysed_s > 100.0


def test_the_loader_says_what_is_the_matter(tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    shutil.copyfile(SAMPLE, broken)
    with broken.open("r+b") as file:
        file.truncate(1000)
    loader = WalkLoader(broken).start()
    assert loader.wait(60.0)
    assert loader.walk is None
    assert "broken.zip" in loader.problem
    with pytest.raises(InputError):
        load_walk(broken)
