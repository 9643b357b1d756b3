"""People who really walked: contacts, angles and what may not be said about them.

The references come from the raw signals and share nothing with the pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, find_peaks, sosfiltfilt
from scipy.spatial.transform import Rotation

import hipgait
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.calibration.calibrator import Calibrator
from pipeline.gait import FloatArray, GaitEventKind
from pipeline.movement_tests.outcome import MovementTask
from pipeline.results import Results, Verdict
from recordings.placement import SHANKS, THIGHS, Side
from recordings.session import Session
from tests.pipeline.streams import all_samples, grid_run
from validation.foot_reference import foot_landings
from validation.shared_data import OPENSENSE, QMT

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TOLERANCE_S = 0.150
IC, FC = GaitEventKind.INITIAL_CONTACT, GaitEventKind.FINAL_CONTACT


@dataclass
class Analysed:
    """A recording with all that came of it."""

    session: Session
    results: Results
    time_s: FloatArray
    angles_deg: FloatArray

    def angle(self, name: str, start_s: float = -np.inf, end_s: float = np.inf) -> FloatArray:
        rows = (self.time_s >= start_s) & (self.time_s < end_s)
        return self.angles_deg[rows, ANGLE_COLUMNS.index(name)]

    def contacts(self, kind: GaitEventKind, side: Side) -> FloatArray:
        return np.array(
            sorted(e.time_s for e in self.results.events if e.kind is kind and e.side is side)
        )


def _analysed(name: str) -> Analysed:
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"the real recording {name} is not at hand")
    session = hipgait.read_session(path)
    blocks: list[AngleBlock] = []
    results = hipgait.analyze(session, angle_sink=blocks.append)
    time_s = np.concatenate([block.time_s for block in blocks] or [np.empty(0)])
    values = [block.values for block in blocks] or [np.empty((0, len(ANGLE_COLUMNS)))]
    return Analysed(session, results, time_s, np.concatenate(values))


@pytest.fixture(scope="module")
def full_body() -> Analysed:
    """Stands, sits, gets up, walks, turns, walks. The thigh straps wobble."""
    return _analysed("03_qmt_fullbody/full_body_example_data.mat")


@pytest.fixture(scope="module")
def short_turns() -> Analysed:
    """Stands, then walks in stretches of 2–3 s between turns."""
    return _analysed("02_opensense_walk")


FOG_TRIALS = (
    "04_fog_pd_11imu/pt5_visit_27.1_tbc_walklr_1_trial_1.xlsx",
    "04_fog_pd_11imu/pt6_visit_50_tbc_walklr_0_trial_1.xlsx",
)


@pytest.fixture(scope="module", params=FOG_TRIALS, ids=["freezes", "does not freeze"])
def no_standing(request: pytest.FixtureRequest) -> Analysed:
    """Walks with turns; nobody stands still at any time."""
    return _analysed(request.param)


def _low_pass(x: FloatArray, cutoff_hz: float, rate_hz: float = 100.0) -> FloatArray:
    return sosfiltfilt(butter(2, cutoff_hz, fs=rate_hz, output="sos"), x, axis=0)


def _shank_contacts(session: Session, side: Side) -> dict[GaitEventKind, FloatArray]:
    """Contacts from the shank's sagittal rate: the minima on both sides of each swing.

    Catalfamo et al. 2010, Sensors 10:5683.
    """
    shank = session.samples(SHANKS[side])
    walking = (shank.time_s > 95) & (shank.time_s < 138)
    smooth = _low_pass(shank.gyr_rad_s, 10.0)
    axis = np.linalg.svd(smooth[walking] - smooth[walking].mean(axis=0), full_matrices=False)[2][0]
    rate = smooth @ axis
    low, high = np.percentile(rate[walking], (2, 98))
    if high < -low:
        rate, high = -rate, -low
    found: dict[GaitEventKind, list[float]] = {IC: [], FC: []}
    for swing in find_peaks(rate, height=0.5 * high, distance=50)[0]:
        after = find_peaks(-rate[swing : swing + 45], height=0.0)[0]
        before = find_peaks(-rate[max(swing - 60, 0) : swing][::-1], height=0.5)[0]
        if len(after):
            found[IC].append(float(shank.time_s[swing + after[0]]))
        if len(before):
            found[FC].append(float(shank.time_s[swing - 1 - before[0]]))
    return {kind: np.array(times) for kind, times in found.items()}


def _f1(found: FloatArray, truth: FloatArray, start_s: float, end_s: float) -> tuple[float, int]:
    """F1 of one window; a contact near its edge may have its partner outside."""

    def unmatched(some: FloatArray, others: FloatArray) -> tuple[int, int]:
        inside = some[(some >= start_s) & (some < end_s)]
        alone = np.abs(inside[:, None] - others).min(axis=1) > TOLERANCE_S
        return int(alone.sum()), len(inside)

    false, positives = unmatched(found, truth)
    missed, count = unmatched(truth, found)
    return 2 * (positives - false) / (positives + count), count - missed


@pytest.mark.parametrize(("kind", "needed"), [(IC, 0.98), (FC, 0.99)])
@pytest.mark.parametrize("window_s", [(95.5, 115.0), (116.0, 138.5)])
def test_contacts_agree_with_the_shank(
    full_body: Analysed, window_s: tuple[float, float], kind: GaitEventKind, needed: float
) -> None:
    for side in Side:
        truth = _shank_contacts(full_body.session, side)[kind]
        found = full_body.contacts(kind, side)
        score, matched = _f1(found, truth, *window_s)
        assert matched >= 20
        assert score >= needed
        near = found[np.abs(found[:, None] - truth).min(axis=1) <= TOLERANCE_S]
        near = near[(near >= window_s[0]) & (near < window_s[1])]
        errors = near - truth[np.abs(near[:, None] - truth).argmin(axis=1)]
        assert np.std(errors) <= 0.035
        assert abs(np.median(errors)) <= 0.070


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("window_s", [(95.5, 115.0), (116.0, 138.5)])
def test_the_knee_bends_like_a_knee_although_the_thigh_straps_wobble(
    full_body: Analysed, window_s: tuple[float, float], side: Side
) -> None:
    knee = full_body.angle(f"knee_flexion_{side}_deg", *window_s)
    low, high = np.percentile(knee, (0.5, 99.5))
    assert -8.0 < low < 10.0
    assert 60.0 < high < 85.0
    assert np.isfinite(knee).all()
    hip = full_body.angle(f"hip_flexion_{side}_deg", *window_s)
    assert 40.0 < np.ptp(np.percentile(hip, (0.5, 99.5))) < 72.0


SITTING_DOWN_S, GETTING_UP_S = (44.0, 52.0), (79.0, 84.0)


def _swing_axis_off_deg(full_body: Analysed, side: Side, *windows_s: tuple[float, float]) -> float:
    """From the calibrated swing axis to that of other movements, about the long axis, ±90°."""
    run = grid_run(all_samples(full_body.session))
    calibrator = Calibrator()
    ready = calibrator.push(run) or calibrator.finish()
    assert ready is not None
    alignment = Rotation.from_quat(ready.axes.segments[THIGHS[side]].alignment[[1, 2, 3, 0]])
    right = alignment.apply([0.0, 0.0, 1.0])

    thigh = full_body.session.samples(THIGHS[side])
    standing = thigh.between(42.8, 45.2)
    up = standing.acc_m_s2.mean(axis=0)
    up /= np.linalg.norm(up)
    rate = _low_pass(thigh.gyr_rad_s - standing.gyr_rad_s.mean(axis=0), 4.0)
    rate = rate - np.outer(rate @ up, up)
    used = np.logical_or.reduce([(thigh.time_s >= a) & (thigh.time_s < b) for a, b in windows_s])
    axis = np.linalg.svd(rate[used], full_matrices=False)[2][0]
    off = np.rad2deg(np.arctan2(np.cross(right, axis) @ up, right @ axis))
    return float((off + 90.0) % 180.0 - 90.0)


@pytest.mark.parametrize("side", list(Side))
def test_the_thigh_axis_from_walking_lies_between_sitting_down_and_getting_up(
    full_body: Analysed, side: Side
) -> None:
    """The left knee goes one way in sitting down (+5°), the other in getting up (−11°)."""
    both = _swing_axis_off_deg(full_body, side, SITTING_DOWN_S, GETTING_UP_S)
    assert abs(both) <= 3.5
    alone = [_swing_axis_off_deg(full_body, side, w) for w in (SITTING_DOWN_S, GETTING_UP_S)]
    assert min(alone) <= 1.0 and max(alone) >= -1.0


def test_the_long_walk_is_judged_and_nothing_is_seen(full_body: Analysed) -> None:
    results = full_body.results
    assert results.calibrations[0].zero == "standing"
    assert results.calibrations[0].refused == {}
    assert min(results.summary.steady_strides.values()) >= 35
    assert all(f.verdict is not Verdict.PRESENT for f in results.findings)
    # Sitting down and getting up are no steps.
    sitting = [s for s in results.strides if 52.0 < s.start_s < 79.0 and s.steady]
    assert sitting == []


SLOW_START = 2
"""Steps out of standing that last 0.9 and 1.1 s by the feet themselves: with them the walk has
1.32 steps a second, from the third contact on 1.37."""


def test_step_rate_and_sides_between_many_turns(short_turns: Analysed) -> None:
    results = short_turns.results
    walking = [s for s in results.strides if s.bout == max(t.bout for t in results.strides)]
    contacts = sorted({s.start_s for s in walking} | {s.end_s for s in walking})
    assert len(contacts) >= 18
    under_way = contacts[SLOW_START:]
    rate_hz = (len(under_way) - 1) / (under_way[-1] - under_way[0])
    assert rate_hz == pytest.approx(1.37, abs=0.03)
    sides = [s.side for s in sorted(walking, key=lambda s: s.start_s)]
    assert all(a is not b for a, b in pairwise(sides))


def test_contacts_between_many_turns_are_those_of_the_feet(short_turns: Analysed) -> None:
    """Steps in turns, out of standing and hanging in the air included.

    The feet's own sensors are the reference; the pipeline never sees them.
    """
    errors = []
    for side in Side:
        truth = foot_landings(OPENSENSE, short_turns.session, side)
        found = short_turns.contacts(IC, side)
        score, matched = _f1(found, truth, 9.0, 29.0)
        assert matched >= 11
        assert score == 1.0
        off = found[:, None] - truth
        errors.append(off[np.arange(len(found)), np.abs(off).argmin(axis=1)])
    assert np.std(np.concatenate(errors)) <= 0.040
    assert abs(np.median(errors[0]) - np.median(errors[1])) <= 0.030


@pytest.mark.parametrize("window_s", [(95.5, 114.5), (116.5, 138.0)])
def test_brisk_contacts_are_those_of_the_feet(
    full_body: Analysed, window_s: tuple[float, float]
) -> None:
    medians = []
    for side in Side:
        truth = foot_landings(QMT, full_body.session, side)
        found = full_body.contacts(IC, side)
        assert _f1(found, truth, *window_s)[0] >= 0.97
        found = found[(found >= window_s[0]) & (found < window_s[1])]
        off = found[:, None] - truth
        errors = off[np.arange(len(found)), np.abs(off).argmin(axis=1)]
        near = errors[np.abs(errors) <= TOLERANCE_S]
        assert np.std(near) <= 0.015
        medians.append(np.median(near))
    assert np.abs(medians).max() <= 0.030
    assert abs(medians[0] - medians[1]) <= 0.012


RANGES_DEG = {
    "knee_flexion_right_deg": (-8.0, 64.0),
    "knee_flexion_left_deg": (-5.0, 69.0),
    "hip_flexion_right_deg": (-10.0, 27.0),
    "hip_flexion_left_deg": (-13.0, 31.0),
}
"""0.5 and 99.5 percentiles that the recording's own description gives over the trial."""


@pytest.mark.parametrize("name", list(RANGES_DEG))
def test_ranges_are_those_of_the_description(short_turns: Analysed, name: str) -> None:
    angle = short_turns.angle(name)
    assert np.isfinite(angle).mean() > 0.95
    found = np.nanpercentile(angle, (0.5, 99.5))
    np.testing.assert_allclose(found, RANGES_DEG[name], atol=5.0)


def test_short_stretches_give_events_and_angles_but_no_finding(short_turns: Analysed) -> None:
    results = short_turns.results
    assert len(results.events) >= 40
    assert results.summary.turns >= 3
    assert {f.verdict for f in results.findings} == {Verdict.CANNOT_JUDGE}
    assert {f.reason for f in results.findings} == {"too_few_strides"}


def _freezes_s(session: Session) -> Sequence[tuple[float, float]]:
    starts = [e.time_s for e in session.events if e.kind == "freezing_start"]
    ends = [e.time_s for e in session.events if e.kind == "freezing_end"]
    return list(zip(starts, ends, strict=True))


def test_without_a_standing_pose_nothing_is_found_and_the_reason_is_said(
    no_standing: Analysed,
) -> None:
    results = no_standing.results
    assert len(results.findings) >= 6
    assert {f.verdict for f in results.findings} == {Verdict.CANNOT_JUDGE}
    assert all("stand" in f.sentence.lower() for f in results.findings)
    (calibration,) = results.calibrations
    assert calibration.zero in ("walking_mean", "none")
    assert any("stand upright" in remark for remark in results.remarks)
    # What was not measured is not blamed on the sensors.
    assert not any("gravity" in remark for remark in results.remarks)
    assert bool(np.isnan(no_standing.angles_deg).all())


def test_freezing_is_never_scored(no_standing: Analysed) -> None:
    freezes = _freezes_s(no_standing.session)
    for stride in no_standing.results.strides:
        if stride.steady:
            assert not any(a < stride.end_s and stride.start_s < b for a, b in freezes)
    if "pt5" in no_standing.session.name:
        assert sum(b - a for a, b in freezes) > 10.0
        assert sum(no_standing.results.summary.steady_strides.values()) < 6


def test_a_person_who_rises_from_a_chair_is_seen_to(full_body: Analysed):
    """Sits from 52 to 79 s by the recording's own script."""
    (test,) = full_body.results.movement_tests
    assert (test.task, test.announced) == (MovementTask.SIT_TO_STAND, False)
    (rise,) = test.accepted
    assert rise.start_s == pytest.approx(79.0, abs=1.0)
    assert rise.end_s == pytest.approx(81.0, abs=1.0)
    assert not test.findings, "one rise is too few to judge"
