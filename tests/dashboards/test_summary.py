"""The text in the terminal: what a person must find in it, and what never stands there."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import FEATURES, FINDINGS, any_results, build_results

from dashboards import wording
from dashboards.summary import MAIN_MEASURES, error_of, summary
from dashboards.terminal import Terminal
from pipeline.features.registry import FEATURES as FEATURE_DECLARATIONS
from pipeline.gait import CalibrationQuality, Exclusion
from pipeline.results import Interval, Results, Verdict
from recordings.placement import Side

PLAIN = Terminal(width=80)
ENCODINGS = ("utf-8", "ascii", "cp1252", "cp437", "latin-1")


def _words(text: str) -> str:
    """The text without its line breaks, so that a sentence is found where it was wrapped."""
    return " ".join(text.split())


def _lines(results: Results, terminal: Terminal = PLAIN) -> list[str]:
    return summary(results, terminal).splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-20_0930_walk",
        "  Recorded     10 min 05 s, of it walking 1 min 58 s",
        "  Walking      192 steps, 4 bouts, 3 turns",
        "  Strides      44 of 55 left, 41 of 54 right steady and used",
        "  Left out     12 in a turn, 8 at the start of a bout",
        "  Speed        1.21 ± 0.14 m/s, an estimate",
        "  Cadence      108.2 ± 1.3 steps/min",
        "  Stride time  1.11 s",
        "  Femoral inward collapse, right leg: seen in this walk",
        "  Knee hyperextension, left leg: only a hint in this walk",
        "  Knee hyperextension, right leg: cannot be judged from this walk",
        "  Gait asymmetry, left–right difference of step time: not seen in this walk",
        "  inward lean of the thigh [°]           6.4 ± 4.0    19.5 ± 4.0 *   0.0 to 14.0",
        "  range of the hip, forward and back             –             –    31.0 to 53.0",
        "  left–right difference of step time [%]  3.2 ± 2.6    -5.0 to 5.0",
        "  pelvis            100.0       0.4             0.03            –",
        "  right thigh       100.0       0.4             0.03         9.79",
        "  - 3 samples of the pelvis sensor came too late to be used.",
        "  - Rotation was not used: too little straight walking.",
        "  - The left thigh sensor slipped at 0:42.",
        "hipgait is not a medical device and does not diagnose.",
    ],
)
def test_a_walk_is_told_line_by_line(line: str) -> None:
    assert line in _lines(build_results())


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda f: f"{f.detector}-{f.verdict}")
def test_every_answer_comes_with_its_sentence_and_what_would_make_it_clearer(finding) -> None:
    text = _words(summary(build_results(findings=(finding,)), PLAIN))
    assert finding.sentence in text
    advice = wording.what_makes_it_clearer(finding)
    assert f"Clearer: {advice}" in text if advice else "Clearer" not in text


def test_findings_say_value_usual_range_threshold_strides_and_confidence() -> None:
    text = _words(summary(build_results(), PLAIN))
    assert (
        "Inward lean of the thigh 19.5 ± 4.1°; usual 0.0 to 14.0; counts beyond 14.0; "
        "41 steady strides; confidence high (0.62)." in text
    )
    assert "Left–right difference of step time 3.2 ± 2.7 %; usual -5.0 to 5.0" in text
    assert "as it can when a knee locks. Confidence low (0.30)." in text


def test_what_was_seen_stands_first_and_what_was_not_seen_last() -> None:
    text = summary(build_results(), PLAIN)
    positions = [
        text.index(sentence)
        for sentence in (
            "right leg: seen",
            "left leg: only a hint",
            "right leg: cannot",
            "step time: not seen",
        )
    ]
    assert positions == sorted(positions)


def test_an_unjudged_finding_claims_no_confidence() -> None:
    unjudged = next(f for f in FINDINGS if f.reason == "too_few_strides")
    assert "confidence" not in summary(build_results(findings=(unjudged,)), PLAIN)


def test_without_findings_the_walk_is_not_called_fine() -> None:
    text = _words(summary(build_results(findings=()), PLAIN))
    assert "None of the movements looked for could be judged." in text
    assert "sensors see only part" in text


def test_a_simulated_walk_is_marked_and_a_real_one_is_not() -> None:
    assert "SIMULATED: no person walked here." in _lines(build_results(simulated=True))
    assert "SIMULATED" not in summary(build_results(), PLAIN)


def test_a_snapshot_is_called_provisional() -> None:
    assert "Provisional: the walk goes on." in _lines(build_results(provisional=True))


def test_five_sensors_have_five_rows() -> None:
    lines = _lines(build_results(shanks=True))
    head = next(i for i, line in enumerate(lines) if "rate [Hz]" in line)
    labels = [line.split("  ")[1] for line in lines[head + 1 : head + 6]]
    assert labels == ["pelvis", "left thigh", "right thigh", "left shank", "right shank"]


def test_what_is_not_known_is_said() -> None:
    results = build_results(features=())
    walk = replace(results.summary, speed_m_s=math.nan, cadence_spm=math.nan, walking_s=math.nan)
    lines = _lines(replace(results, summary=walk))
    assert "  Recorded     10 min 05 s, of it walking –" in lines
    assert "  Speed        not known" in lines
    assert "  Cadence      not known" in lines


def test_a_walk_without_standing_says_that_angles_have_no_zero() -> None:
    calibration = CalibrationQuality(0.0, 60.0, "walking_mean", {}, {})
    text = _words(summary(build_results(calibrations=(calibration,)), PLAIN))
    assert "Nobody stood still, so angles have no zero: only timing is judged." in text


def test_a_remark_that_both_session_and_calibration_make_stands_once() -> None:
    text = "Rotation was not used: too little straight walking."
    lines = _lines(build_results(remarks=(text,)))
    assert lines.count(f"  - {text}") == 1
    assert "  - The standing pose was short." in lines


def test_why_nothing_may_be_judged_is_said() -> None:
    unfit = CalibrationQuality(0.0, 60.0, "none", {}, {}, unfit="Nobody walked.")
    assert "  - Nobody walked." in _lines(build_results(calibrations=(unfit,), remarks=()))


ADDUCTION_LEFT, ADDUCTION_RIGHT = (f for f in FEATURES if f.feature == "hip_adduction_peak_deg")


def test_the_error_joins_spread_over_strides_and_measurement() -> None:
    row = replace(ADDUCTION_LEFT, ci_low=3.0, ci_high=9.0, error=4.0)
    assert error_of(row) == pytest.approx(5.0)


@pytest.mark.parametrize("unknown", [{"error": math.nan}, {"ci_low": -math.inf}])
def test_a_value_whose_error_is_not_known_has_none_and_is_never_marked(
    unknown: dict[str, float],
) -> None:
    row = replace(ADDUCTION_RIGHT, **unknown)
    cells = next(line for line in _lines(build_results(features=(row,))) if "[°]" in line)
    assert cells.split()[-5:] == ["–", "19.5", "0.0", "to", "14.0"]


@pytest.mark.parametrize(("high", "marked"), [(15.4, True), (15.6, False)])
def test_only_what_lies_beyond_the_usual_range_with_its_error_is_marked(
    high: float, marked: bool
) -> None:
    row = replace(ADDUCTION_RIGHT, usual=Interval(0.0, high))  # 19.5 ± 4.02
    cells = next(line for line in _lines(build_results(features=(row,))) if "[°]" in line)
    assert ("*" in cells) is marked


def test_sides_with_different_usual_ranges_have_rows_of_their_own() -> None:
    left, right = ADDUCTION_LEFT, replace(ADDUCTION_RIGHT, usual=Interval(0.0, 12.0))
    rows = [line for line in _lines(build_results(features=(left, right))) if "[°]" in line]
    assert [row.rsplit("  ", 1)[-1].strip() for row in rows] == ["0.0 to 14.0", "0.0 to 12.0"]


def test_what_both_legs_share_is_said_once() -> None:
    unjudged = next(f for f in FINDINGS if f.reason == "too_few_strides")
    both = (unjudged, replace(unjudged, side=Side.LEFT))
    text = summary(build_results(findings=both), PLAIN)
    assert "Knee hyperextension, both legs: cannot be judged from this walk" in text
    assert text.count(unjudged.sentence) == 1


def test_one_is_not_said_in_the_plural() -> None:
    results = build_results()
    walk = replace(results.summary, steps=1, bouts=1, turns=0)
    lines = _lines(replace(results, summary=walk))
    assert "  Walking      1 step, 1 bout, 0 turns" in lines


def test_the_main_measures_are_features() -> None:
    assert set(FEATURE_DECLARATIONS) >= MAIN_MEASURES


def test_other_measures_are_shown_if_they_stand_out_and_counted_if_not() -> None:
    stance = next(f for f in FEATURES if f.feature == "stance_time_s")
    assert "stance time" not in summary(build_results(), PLAIN)
    assert "Further measures, in the files only (--out): 1." in _words(
        summary(build_results(), PLAIN)
    )
    outside = replace(stance, usual=Interval(0.3, 0.6))
    other = replace(outside, side=Side.RIGHT, mean=0.612)  # inside, and yet shown beside it
    assert "  stance time [s]  0.681 ± 0.020 *  0.612 ± 0.020    0.300 to 0.600" in _lines(
        build_results(features=(outside, other))
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("width", [72, 80, 100])
def test_every_line_fits_and_every_sign_can_be_shown(encoding: str, width: int) -> None:
    long = replace(
        build_results(shanks=True, simulated=True),
        session="Spaziergang_mit_Jiří_" + "x" * 200,
        remarks=("Ein " + "langer " * 40,),
    )
    for line in _lines(long, Terminal(width, encoding)):
        assert len(line) <= width
        line.encode(encoding)


def test_ascii_spells_out_what_it_lacks() -> None:
    text = summary(build_results(), Terminal(encoding="ascii"))
    assert "1.21 +/- 0.14 m/s" in text
    assert "19.5 +/- 4.1 deg" in text
    assert "rest [m/s^2]" in text
    assert "?" not in text


def test_a_name_cannot_steer_the_terminal() -> None:
    hostile = build_results(session="\x1b[2J\x1b]0;title\x07\nwalk\u202e", remarks=("\x1b[31m",))
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", summary(hostile, PLAIN)) is None


def test_emphasis_adds_codes_and_changes_no_word() -> None:
    bold = summary(build_results(), Terminal(bold=True))
    assert "\x1b[1m" in bold
    assert re.sub(r"\x1b\[\d+m", "", bold) == summary(build_results(), PLAIN)


@given(results=any_results(), encoding=st.sampled_from(ENCODINGS))
@settings(max_examples=60, deadline=None)
def test_any_results_can_be_told(results: Results, encoding: str) -> None:
    text = summary(results, Terminal(encoding=encoding))
    text.encode(encoding)
    assert max(map(len, text.splitlines())) <= 80
    told_by_us = summary(
        replace(
            results,
            session="walk",
            remarks=(),
            findings=tuple(replace(f, sentence="Said.") for f in results.findings),
            quality=tuple(replace(q, remarks=()) for q in results.quality),
            calibrations=(),
        ),
        Terminal(encoding=encoding),
    )
    assert re.search(r"\b(nan|inf|none)\b", told_by_us.replace("None of", ""), re.I) is None


def test_no_word_judges_a_person() -> None:
    advice = [wording.what_makes_it_clearer(finding) for finding in FINDINGS]
    ours = [
        summary(build_results(findings=()), PLAIN),
        *wording.VERDICTS.values(),
        *wording.detector_titles().values(),
        *wording.EXCLUSIONS.values(),
        *advice,
    ]
    judging = r"\b(healthy|normal|abnormal|fine|good|bad|weak|tight|patient|disease|caused)\b"
    for text in ours:
        assert re.search(judging, text, re.I) is None, text


def test_a_measure_has_the_words_of_its_declaration() -> None:
    lean = wording.Measure.of("hip_adduction_peak_deg")
    assert lean.heading == "inward lean of the thigh [°]"
    assert lean.quantity(19.54, 4.06) == "19.5 ± 4.1°"
    assert wording.Measure.of("stance_time_s").quantity(0.6814, 0.04) == "0.681 ± 0.040 s"
    assert wording.Measure.of("step_regularity").quantity(0.9, math.nan) == "0.90"


def test_a_measure_of_a_later_version_keeps_its_own_name() -> None:
    assert wording.Measure.of("new_angle_deg").heading == "new angle deg"


def test_every_unit_of_the_features_has_its_decimals() -> None:
    units = {feature.unit for feature in FEATURE_DECLARATIONS.values()} - {""}
    assert units <= set(wording.DECIMALS)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-5.0, 5.0, "-5.0 to 5.0"),
        (-math.inf, 5.0, "≤ 5.0"),
        (2.0, math.inf, "≥ 2.0"),
        (-math.inf, math.inf, "–"),
    ],
)
def test_ranges_for_people(low: float, high: float, text: str) -> None:
    assert wording.span(low, high, 1) == text


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        # These say in their sentence what to do.
        ({"verdict": Verdict.CANNOT_JUDGE, "reason": "too_few_strides"}, ""),
        ({"verdict": Verdict.NOT_SEEN, "reason": "within_error", "confidence": 0.1}, ""),
        ({"reason": "sensor_not_worn"}, "Wear the missing sensor too."),
        ({"reason": "speed_out_of_range"}, "Walk at your usual pace."),
        ({"reason": "within_usual", "confidence": 0.4}, "Record the walk again on another day"),
        ({"reason": "within_usual", "confidence": 0.9}, ""),
    ],
)
def test_advice_follows_the_reason(changes: dict[str, Any], advice: str) -> None:
    found = wording.what_makes_it_clearer(replace(FINDINGS[1], **changes))
    assert found.startswith(advice) if advice else found == ""


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (math.nan, 1, "–"),
        (math.inf, 1, "–"),
        (-0.04, 1, "0.0"),
        (-0.06, 1, "-0.1"),
        (12.345, 2, "12.35"),
        (3e9, 1, "3e+09"),
    ],
)
def test_numbers_for_people(value: float, decimals: int, text: str) -> None:
    assert wording.number(value, decimals) == text


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.0, "low"), (0.349, "low"), (0.35, "medium"), (0.599, "medium"), (0.6, "high")],
)
def test_confidence_in_words(confidence: float, words: str) -> None:
    assert wording.confidence_words(confidence) == words


def test_every_reason_to_leave_a_stride_out_has_words() -> None:
    assert set(wording.EXCLUSIONS) == set(map(str, Exclusion))
