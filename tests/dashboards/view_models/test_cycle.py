"""Curves over the stride: the last strides, where the foot leaves, and what is usual where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboards.view_models.cycle import LAST_STRIDES, LastStrides, cycle
from pipeline.analysis import analyze
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, Stride
from pipeline.results import Results
from recordings.placement import Side
from recordings.reading import read_session

SAMPLE = Path(__file__).parents[3] / "recordings" / "sample_sessions" / "usual_walk.zip"


@pytest.fixture(scope="module")
def results() -> Results:
    return analyze(read_session(SAMPLE))


def stride(side: Side, start_s: float, value: float) -> Stride:
    times = (start_s, start_s + 0.1, start_s + 0.5, start_s + 0.6, start_s + 1.0)
    curves = {Curve.KNEE_FLEXION: np.full(101, value)}
    return Stride(side, *times, bout=0, epoch=0, curves=curves)


def test_usual_marks_stand_at_the_peaks_and_have_a_source(results: Results) -> None:
    knee = cycle(results, Curve.KNEE_FLEXION)
    marks = {mark.feature: mark for mark in knee.usual}
    swing = marks["knee_flexion_swing_peak_deg"]
    assert 65 <= swing.percent <= 80
    mean = 0.5 * (knee.means[Side.LEFT][0] + knee.means[Side.RIGHT][0])
    assert mean[round(swing.percent)] == pytest.approx(mean.max(), abs=0.5)
    assert swing.low < mean.max() < swing.high
    rows = {row.feature: row.usual for row in results.features}
    usual = rows[swing.feature]
    assert usual is not None
    assert (swing.low, swing.high) == (usual.low, usual.high)
    assert all(FEATURES[name].source for name in marks)


def test_no_mark_stands_on_a_curve_without_a_reference(results: Results) -> None:
    unnormed = [c for c in Curve if not any(_is_about(f, c) for f in FEATURES.values())]
    assert unnormed
    assert all(cycle(results, curve).usual == () for curve in unnormed)


def _is_about(feature, curve: Curve) -> bool:
    return feature.norm is not None and curve in feature.curves


def test_no_usual_range_outside_the_speeds_that_have_one(results: Results) -> None:
    unknown = replace(results, features=tuple(replace(f, usual=None) for f in results.features))
    assert cycle(unknown, Curve.KNEE_FLEXION).usual == ()


def test_the_foot_leaves_where_its_stance_ends(results: Results) -> None:
    leaves = cycle(results, Curve.HIP_FLEXION).leaves
    assert set(leaves) == set(Side)
    assert all(57 < percent < 66 for percent in leaves.values())


def test_only_the_last_strides_of_each_leg_are_kept() -> None:
    last = LastStrides()
    last.take(stride(Side.LEFT, float(n), float(n)) for n in range(20))
    last.take([stride(Side.RIGHT, 0.5, 7.0), replace(stride(Side.RIGHT, 1.5, 8.0), curves={})])
    curves = last.curves(Curve.KNEE_FLEXION)
    assert [c[0] for c in curves[Side.LEFT]] == list(range(20 - LAST_STRIDES, 20))
    assert [c[0] for c in curves[Side.RIGHT]] == [7.0]
    assert last.curves(Curve.HIP_ROTATION) == {Side.LEFT: [], Side.RIGHT: []}
