"""Pictures of postures: which moments, whose angles, and what is usual beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboards.report.opening import plain_words
from dashboards.report.postures import DRAWN, finding_postures, postures
from pipeline.gait import Curve
from pipeline.patterns.assessment import assess
from pipeline.patterns.registry import PATTERNS
from pipeline.results import Finding, Results, Verdict
from recordings.placement import Side
from tests.dashboards.made_results import build_results
from tests.pipeline.patterns.made_walks import MARKED, walk


def finding(detector: str, measure: str, side: Side, verdict=Verdict.PRESENT) -> Finding:
    return Finding(
        detector=detector,
        measure=measure,
        side=side,
        verdict=verdict,
        reason="decided",
        value=21.0,
        threshold=14.0,
        error=3.0,
        usual=None,
        confidence=0.8,
        strides=24,
        strides_needed=20,
        sentence="About 21° (usually 0 to 14°).",
    )


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda p: p.key)
def test_every_pattern_says_when_it_shows_and_what_is_drawn(pattern) -> None:
    assert pattern.moments
    signs = {sign.code for sign in pattern.signs}
    for moment in pattern.moments:
        assert set(moment.codes) <= signs & set(DRAWN)
        assert 0 <= moment.first < moment.last <= 100


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("key", sorted(MARKED))
def test_a_picture_holds_the_wearers_value_and_the_usual_one(key: str, side: Side) -> None:
    results = walk(MARKED[key])
    figures = list(postures(results, PATTERNS[key], side))
    assert figures
    for figure in figures:
        assert all(value and usual for _, value, usual in figure.rows)
        assert f'class="{side}"' in figure.svg
        assert 'class="usual"' in figure.svg
        assert f"{side.value.capitalize()} leg" in figure.svg


def test_the_own_leg_leaves_the_usual_one_as_far_as_it_deviates() -> None:
    (usual,) = postures(walk(), PATTERNS["pelvic_drop"], Side.RIGHT)
    (dropped,) = postures(walk(MARKED["pelvic_drop"]), PATTERNS["pelvic_drop"], Side.RIGHT)
    assert _body(usual.svg) == pytest.approx(_usual(usual.svg), abs=0.2)
    # Seen from behind, the right hip is carried higher than the left one while it stands.
    left, right = _body(dropped.svg)
    assert left - right > _usual(dropped.svg)[0] - _usual(dropped.svg)[1] + 1.0


def _heights(group: str) -> list[float]:
    """Of the left and the right hip; up is less."""
    line = group.split('<path d="M')[1].split('"', maxsplit=1)[0]
    return [float(point.split()[1]) for point in line.split("L")]


def _body(svg: str) -> list[float]:
    return _heights(svg.split('class="body"')[1])


def _usual(svg: str) -> list[float]:
    return _heights(svg.split('class="usual"')[1])


def test_no_picture_without_curves() -> None:
    results = replace(walk(MARKED["pelvic_drop"]), mean_curves={})
    assert list(postures(results, PATTERNS["pelvic_drop"], Side.RIGHT)) == []
    gap = walk(MARKED["pelvic_drop"])
    broken = {
        side: {
            curve: (np.full(101, np.nan) if curve is Curve.THIGH_INCLINATION else mean, sd)
            for curve, (mean, sd) in curves.items()
        }
        for side, curves in gap.mean_curves.items()
    }
    pictures = postures(replace(gap, mean_curves=broken), PATTERNS["pelvic_drop"], Side.RIGHT)
    assert list(pictures) == []


def test_a_finding_without_its_pattern_gets_the_picture() -> None:
    lean = finding("femoral_collapse", "hip_adduction_peak_deg", Side.LEFT)
    results = replace(walk(), findings=(lean,))
    (figure,) = finding_postures(results, assess(results))
    assert "Left leg, seen from behind" in figure.svg
    unseen = replace(lean, verdict=Verdict.NOT_SEEN)
    assert list(finding_postures(replace(results, findings=(unseen,)), assess(results))) == []


def test_plain_words_tell_findings_without_numbers_and_none_twice() -> None:
    lean = finding("femoral_collapse", "hip_adduction_peak_deg", Side.LEFT)
    uneven = finding("gait_asymmetry", "step_time_asymmetry_percent", Side.LEFT)
    other = finding("one_not_known", "some_measure", Side.LEFT)
    results: Results = replace(build_results(), findings=(lean, uneven, other))
    text = " ".join(plain_words(results, assess(results)))
    assert "Your left thigh leaned inward" in text
    assert "did not take the same time" in text
    assert "°" not in text
    results = replace(walk(MARKED["inward_thigh"]), findings=(replace(lean, side=Side.RIGHT),))
    board = assess(results)
    assert [(p.pattern, p.side) for p in board.seen] == [("inward_thigh", Side.RIGHT)]
    assert "leaned inward while you stood on it, more" not in " ".join(plain_words(results, board))
