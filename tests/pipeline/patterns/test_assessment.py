"""Which pattern a walk gets, on which leg, how sure, and what holds it back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, Plane
from pipeline.patterns.assessment import assess
from pipeline.patterns.board import PatternBoard, PatternFinding
from pipeline.patterns.history import History, PastWalk
from pipeline.patterns.registry import PATTERNS
from pipeline.patterns.terms import Level
from pipeline.patterns.walk_view import WalkView
from pipeline.results import Results, Verdict
from recordings.metadata import Wearer
from recordings.placement import Side
from recordings.profile import Pain, Profile, WalkConditions, answered
from recordings.red_flags import RED_FLAGS
from tests.pipeline.gait_curves import STANDING, turn_thigh_axis
from tests.pipeline.patterns.made_walks import (
    MARKED,
    TIMING,
    Where,
    right,
    shift_pelvis,
    walk,
)

CALM = answered(Profile(pain_now=1), {flag.key: False for flag in RED_FLAGS})


def of(board: PatternBoard, key: str, side: Side = Side.RIGHT) -> PatternFinding:
    return next(p for p in board.patterns if p.pattern == key and p.side is side)


def days(*names: str, **levels: Level) -> History:
    past = {(key, Side.RIGHT): level for key, level in levels.items()}
    return History(tuple(PastWalk(day, past) for day in names), day="today")


def test_a_usual_walk_shows_nothing_and_reassures_nobody() -> None:
    board = assess(walk())
    assert {p.level for p in board.patterns} == {Level.NONE}
    assert board.confounders == ()
    assert "No pattern stood out" in board.headline
    assert "no proof" in board.headline


@pytest.mark.parametrize("key", MARKED)
def test_a_marked_case_gets_its_pattern_on_its_leg_and_no_other(key: str) -> None:
    board = assess(walk(MARKED[key]))
    first = board.patterns[0]
    assert (first.pattern, first.side) == (key, Side.RIGHT)
    assert first.level >= Level.POSSIBLE
    assert [p for p in board.seen if p is not first] == []
    assert first.preliminary
    assert board.headline == first.sentence
    assert "right" in first.sentence


@pytest.mark.parametrize("key", MARKED)
def test_sides_are_alike(key: str) -> None:
    """Mirrored numbers give the mirrored board."""
    mirrored = {
        (code, side.other if side else None): (-z if side is None else z)
        for (code, side), z in MARKED[key].items()
    }
    one, other = assess(walk(MARKED[key])), assess(walk(mirrored))
    for finding in one.patterns:
        twin = of(other, finding.pattern, finding.side.other)
        assert (twin.level, twin.reason) == (finding.level, finding.reason)
        assert twin.score == pytest.approx(finding.score, nan_ok=True)
        assert twin.confidence == pytest.approx(finding.confidence)


def test_one_sign_alone_is_not_a_pattern() -> None:
    finding = of(assess(walk(right(("F09", 4.0)))), "pelvic_drop")
    assert (finding.level, finding.reason) == (Level.NONE, "one_sign_only")


def test_a_must_sign_within_its_own_error_does_not_count() -> None:
    signs = MARKED["pelvic_drop"]
    assert of(assess(walk(signs)), "pelvic_drop").level >= Level.POSSIBLE
    rough = walk(signs, errors={"F09": 6.5, "F10": 6.5})
    finding = of(assess(rough), "pelvic_drop")
    assert (finding.level, finding.reason) == (Level.NONE, "no_must_sign")


def test_a_knee_counts_as_past_straight_only_beyond_five_degrees() -> None:
    """Unusual for its person is not yet past straight."""
    norm = FEATURES["knee_flexion_min_stance_deg"].norm
    assert norm is not None
    z = (-4.5 - norm.mean) / norm.sd
    finding = of(
        assess(walk(right(("F20", z), ("F24", -4.0), ("F25", -3.0)))), "knee_past_straight"
    )
    assert z < -2.0
    assert finding.reason == "no_must_sign"


def test_the_other_leg_counts_when_people_differ_more_than_legs() -> None:
    """A walker who is usual among people, but whose legs differ by 8°."""
    results = walk({("F04", Side.LEFT): -0.8, ("F04", Side.RIGHT): 0.8, ("F04a", None): 2.67})
    sign = next(s for s in of(assess(results), "limited_hip_extension").signs if s.code == "F04")
    assert sign.from_other_leg
    assert sign.z == pytest.approx(0.8 * 1.6 * 5.0 / 3.0, abs=0.01)


def test_what_both_legs_share_counts_for_the_one_that_deviates_more() -> None:
    board = assess(walk(MARKED["limited_hip_extension"] | {("F04", Side.LEFT): 2.2 - 1.4}))
    other = of(board, "limited_hip_extension", Side.LEFT)
    assert {s.code: s.severity for s in other.signs}["F03"] == 0.0
    assert other.level <= Level.SLIGHT


def test_z_is_the_feature_declarations_own() -> None:
    """Towards worse, as the statistics say it, wherever a feature has one direction."""
    results = walk({(f.code, s): 1.3 for f in FEATURES.values() for s in Side})
    view = WalkView(results)
    compared = 0
    for row in results.features:
        feature = FEATURES.get(row.feature)
        if feature is None or row.side is None or math.isnan(row.z) or feature.worse == "either":
            continue
        deviation = view.deviation(row.code, row.side)
        assert deviation is not None
        if math.isfinite(feature.error):
            sign = -1 if feature.worse == "lower" else 1
            assert sign * deviation.z == pytest.approx(row.z)
            compared += 1
    assert compared > 30


def test_a_level_needs_repeats_to_leave_preliminary() -> None:
    results = walk(MARKED["pelvic_drop"])
    once = of(assess(results), "pelvic_drop")
    twice = of(assess(results, None, days("mon", pelvic_drop=Level.SLIGHT)), "pelvic_drop")
    same_day = of(assess(results, None, days("today", pelvic_drop=Level.CLEAR)), "pelvic_drop")
    often = of(assess(results, None, days("a", "b", pelvic_drop=Level.CLEAR)), "pelvic_drop")
    assert (once.preliminary, twice.preliminary, same_day.preliminary) == (True, False, True)
    assert twice.confidence == pytest.approx(1.5 * once.confidence)
    assert often.confidence == pytest.approx(2.0 * once.confidence)
    assert "2 days" in twice.sentence


def test_walks_build_up_a_history() -> None:
    """Three days of the same drop settle the pattern; the fourth, better walk shows a change."""
    past: tuple[PastWalk, ...] = ()
    found = []
    for day in ("mon", "tue", "wed"):
        results = walk(MARKED["pelvic_drop"])
        board = assess(results, None, History(past, day))
        found.append(of(board, "pelvic_drop"))
        past = (*past, PastWalk.of(results, board, day))
    assert [p.days_seen for p in found] == [1, 2, 3]
    assert [p.preliminary for p in found] == [True, False, False]
    better = of(assess(walk(), None, History(past, "thu")), "pelvic_drop")
    assert better.level is Level.NONE
    drop = next(s for s in better.signs if s.code == "F09")
    assert drop.own_change == pytest.approx(-3.0 * 2.0 * 1.96 / 3.5)


def test_the_inward_thigh_needs_a_test_or_a_second_day_to_be_clear() -> None:
    signs = MARKED["inward_thigh"]
    assert of(assess(walk(signs)), "inward_thigh").level is Level.POSSIBLE
    tested = walk(signs | right(("F42", 3.0)), tests=("F42",))
    assert of(assess(tested), "inward_thigh").level is Level.CLEAR
    again = days("mon", inward_thigh=Level.POSSIBLE)
    assert of(assess(walk(signs), None, again), "inward_thigh").level is Level.CLEAR


def test_a_movement_test_that_was_not_done_is_asked_for_and_not_held_against() -> None:
    board = assess(walk(MARKED["inward_thigh"]))
    finding = of(board, "inward_thigh")
    assert {s.code for s in finding.not_measured} == {"F42", "F43"}
    assert any("squats" in step for step in board.next_steps)
    done = walk(MARKED["inward_thigh"], tests=("F42", "F43"))
    weaker = of(assess(done), "inward_thigh")
    assert weaker.score < finding.score
    assert {s.code for s in weaker.speaking_against} >= {"F42", "F43"}


def test_the_lean_that_a_dropping_pelvis_makes_is_not_told_twice() -> None:
    signs = right(("F09", 3.6), ("F10", 3.0), ("F12", 3.6), ("F13", 2.1), ("F13a", 2.6))
    board = assess(walk(signs))
    assert of(board, "pelvic_drop").level is Level.CLEAR
    inward = of(board, "inward_thigh")
    assert (inward.level, inward.reason) == (Level.SLIGHT, "told_by_another")
    assert "drop" in inward.sentence
    both = assess(walk(signs | right(("F13", 4.5), ("F16", 3.0))))
    assert of(both, "inward_thigh").level is Level.POSSIBLE


def test_extension_alone_is_a_and_both_ends_are_f() -> None:
    back = right(("F04", 3.4), ("F04a", 4.0), ("F07", -2.8), ("F07b", -4.5))
    back |= {("F19", s): 3.0 for s in Side} | {("F11", s): -3.0 for s in Side}
    board = assess(walk(back))
    assert of(board, "reduced_hip_range").reason == "told_by_another"
    front = right(("F04", 2.1), ("F06", -3.0), ("F04a", 2.5), ("F07", -4.4), ("F07b", -5.0))
    tilted = front | {(c, s): 2.5 for c in ("F03", "F02") for s in Side}
    board = assess(walk(tilted))
    assert of(board, "reduced_hip_range").level >= Level.POSSIBLE
    assert of(board, "limited_hip_extension").reason == "told_by_another"


def test_patterns_that_exclude_each_other_mean_a_fault() -> None:
    both = MARKED["limited_hip_extension"] | MARKED["knee_past_straight"]
    board = assess(walk(both))
    for key in ("limited_hip_extension", "knee_past_straight"):
        assert (of(board, key).level, of(board, key).reason) == (Level.SLIGHT, "contradicts")
    assert "calibrating" in of(board, "knee_past_straight").sentence


def test_the_contrast_needs_a_quiet_hip() -> None:
    loud = MARKED["quiet_hip"] | MARKED["pelvic_drop"]
    assert of(assess(walk(loud)), "quiet_hip").reason == "hip_not_quiet"


# --- sensors ----------------------------------------------------------------------------


def test_three_sensors_say_less_than_five_and_say_so() -> None:
    signs = right(("F25", -3.0), ("F26", -3.0), ("F20", -3.2), ("F24", -3.0))
    five, three = assess(walk(signs)), assess(walk(signs, shanks=False))
    assert of(five, "knee_past_straight").level >= Level.POSSIBLE
    assert all(p.pattern != "possible_knee_snap_back" for p in five.patterns)
    unjudged = of(three, "knee_past_straight")
    assert (unjudged.level, unjudged.reason) == (Level.NOT_JUDGED, "shank_sensor_not_worn")
    hint = of(three, "possible_knee_snap_back")
    assert hint.level is Level.SLIGHT
    assert hint.confidence <= 0.35
    assert any("shanks" in limit for limit in three.limits)
    assert not any("shanks" in limit for limit in five.limits)


def test_too_few_strides_and_refused_planes_are_not_judged() -> None:
    few = assess(walk(MARKED["pelvic_drop"], n=19))
    assert {p.level for p in few.patterns} == {Level.NOT_JUDGED}
    assert "too few steady strides" in few.headline
    results = walk(MARKED["pelvic_drop"])
    kept = tuple(
        row
        for row in results.features
        if not {Plane.FRONTAL, Plane.TRANSVERSE} & set(FEATURES[row.feature].planes)
    )
    finding = of(assess(replace(results, features=kept)), "pelvic_drop")
    assert finding.reason == "too_little_measured"


def test_an_axis_that_is_off_widens_and_then_silences() -> None:
    scores = []
    for axis in (1.0, 8.0, 16.0):
        doubt = replace(STANDING, axis_error_deg=dict.fromkeys(STANDING.axis_error_deg, axis))
        scores.append(of(assess(walk(MARKED["pelvic_drop"], calibration=doubt)), "pelvic_drop"))
    assert scores[0].confidence > scores[1].confidence
    assert scores[0].coverage > scores[1].coverage
    assert scores[2].reason == "too_little_measured"


def _askew(degrees: float) -> Results:
    results = walk(MARKED["inward_thigh"])
    curves = {c: mean.copy() for c, (mean, _) in results.mean_curves[Side.RIGHT].items()}
    turn_thigh_axis(curves, degrees)
    rights = {c: (v, np.ones_like(v)) for c, v in curves.items()}
    return replace(
        results, mean_curves={Side.LEFT: results.mean_curves[Side.LEFT], Side.RIGHT: rights}
    )


def test_crosstalk_is_named_and_yields_no_hip_pattern() -> None:
    board = assess(_askew(16.0))
    assert [c.key for c in board.confounders] == ["crosstalk"]
    assert "right thigh" in board.confounders[0].sentence
    assert of(board, "inward_thigh").level <= Level.SLIGHT
    assert board.seen == ()


@pytest.mark.parametrize(
    ("calibration", "key"),
    [
        (
            replace(STANDING, unfit="The left and the right thigh sensor seem to be swapped."),
            "swapped_sensors",
        ),
        (replace(STANDING, unfit="The pelvis sensor sent nothing."), "unfit_recording"),
        (replace(STANDING, zero="walking_mean"), "no_standing_pose"),
    ],
)
def test_a_recording_that_is_unfit_is_named_and_scores_nothing(calibration, key: str) -> None:
    board = assess(walk(MARKED["pelvic_drop"], calibration=calibration))
    assert [c.key for c in board.confounders] == [key]
    assert {p.level for p in board.patterns} == {Level.NOT_JUDGED}
    assert board.headline == board.confounders[0].sentence


def test_a_slipped_sensor_is_named() -> None:
    results = walk()
    slipped = replace(results, summary=replace(results.summary, excluded={"slipped_sensor": 14}))
    (confounder,) = assess(slipped).confounders
    assert confounder.key == "slipped_sensor"
    assert "14 strides" in confounder.sentence


# --- confounders ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("v_star", "key", "level"),
    [
        (0.12, "slow_walk", Level.NOT_JUDGED),
        (0.20, "slow_walk", Level.SLIGHT),
        (0.75, "fast_walk", Level.NOT_JUDGED),
    ],
)
def test_a_slow_or_fast_walk_is_named(v_star: float, key: str, level: Level) -> None:
    board = assess(walk(MARKED["pelvic_drop"], v_star=v_star))
    assert [c.key for c in board.confounders] == [key]
    assert of(board, "pelvic_drop").level is level


def test_far_below_the_own_speed_is_not_scored() -> None:
    past = tuple(PastWalk(d, speed_m_s=2.0) for d in "abc")
    board = assess(walk(MARKED["pelvic_drop"]), None, History(past, "today"))
    assert {p.level for p in board.patterns} == {Level.NOT_JUDGED}


def test_a_spared_leg_is_named_and_only_marked_signs_pass() -> None:
    uneven = replace(
        TIMING,
        measure="stance_time_asymmetry_percent",
        verdict=Verdict.PRESENT,
        side=Side.RIGHT,
    )
    moderate = right(("F09", 2.3), ("F10", 2.2), ("F12", 2.8), ("F13", 1.8))
    free = assess(walk(moderate))
    board = assess(walk(moderate, findings=(uneven,)))
    assert of(free, "pelvic_drop").level >= Level.POSSIBLE
    assert of(board, "pelvic_drop").level is Level.SLIGHT
    assert "right leg for a shorter time" in board.confounders[0].sentence
    marked = assess(walk(right(("F09", 4.0), ("F10", 3.5), ("F12", 4.0)), findings=(uneven,)))
    assert of(marked, "pelvic_drop").level >= Level.POSSIBLE


def test_pain_while_walking_lowers_confidence() -> None:
    results = walk(MARKED["pelvic_drop"])
    hurting = Profile(conditions=WalkConditions(pain_after=4))
    calm = of(assess(results), "pelvic_drop").confidence
    assert of(assess(results, hurting), "pelvic_drop").confidence == pytest.approx(0.6 * calm)


def test_legs_of_unlike_length_are_named_and_no_pelvic_drop_is_told() -> None:
    signs = right(("F09", 2.4), ("F10", 2.2), ("F12", 2.6), ("F13", 1.7))
    results = shift_pelvis(walk(signs), 2.6)
    board = assess(results)
    assert [c.key for c in board.confounders] == ["leg_length"]
    assert "insole under the right foot" in board.confounders[0].sentence
    assert of(board, "pelvic_drop").level <= Level.SLIGHT
    assert assess(shift_pelvis(walk(), 1.2)).confounders == ()


def test_an_offset_with_unlike_movement_is_not_called_leg_length() -> None:
    results = shift_pelvis(walk(), 2.6)
    curves = {side: dict(c) for side, c in results.mean_curves.items()}
    mean, sd = curves[Side.RIGHT][Curve.PELVIS_OBLIQUITY]
    bump = 8.0 * np.exp(-0.5 * ((np.arange(101) - 25) / 8) ** 2)
    curves[Side.RIGHT][Curve.PELVIS_OBLIQUITY] = (mean + bump, sd)
    assert assess(replace(results, mean_curves=curves)).confounders == ()


@pytest.mark.parametrize(
    "profile",
    [
        Profile(background=("neurological",)),
        Profile(background=("recent_surgery",)),
        Profile(background=("pregnancy",)),
        Profile(conditions=WalkConditions(aid=True)),
        Profile(conditions=WalkConditions(load=True)),
        Profile(conditions=WalkConditions(surface="slope")),
        Profile(conditions=WalkConditions(footwear="heels")),
        Profile(wearer=Wearer(age_years=15)),
    ],
)
def test_what_cannot_be_compared_is_not_scored(profile: Profile) -> None:
    board = assess(walk(MARKED["pelvic_drop"]), profile)
    assert {p.level for p in board.patterns} == {Level.NOT_JUDGED}
    assert board.confounders


# --- safety -----------------------------------------------------------------------------


@pytest.mark.parametrize("flag", RED_FLAGS, ids=lambda flag: flag.key)
def test_any_red_flag_hides_patterns_and_facts(flag) -> None:
    board = assess(walk(MARKED["pelvic_drop"]), answered(CALM, {flag.key: True}))
    assert board.patterns == ()
    assert board.hip_hints == ()
    assert board.gate.flags == (flag,)
    assert board.gate.advice
    assert board.next_steps == (board.gate.advice,)


def test_sensors_neither_raise_nor_dismiss_a_red_flag() -> None:
    up = answered(CALM, {"swelling": True})
    for signs in ({}, *MARKED.values()):
        assert not assess(walk(signs), CALM).gate.hides_patterns
        assert assess(walk(signs), up).gate.hides_patterns
    assert not assess(walk(), answered(up, {"swelling": False})).gate.hides_patterns


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        (None, False),
        (Profile(pain_now=1), False),
        (CALM, True),
        (answered(Profile(pain_now=4), {flag.key: False for flag in RED_FLAGS}), False),
        (answered(Profile(), {flag.key: False for flag in RED_FLAGS}), False),
    ],
)
def test_facts_need_answers_and_little_pain(profile: Profile | None, shown: bool) -> None:
    finding = of(assess(walk(MARKED["pelvic_drop"]), profile), "pelvic_drop")
    assert bool(finding.facts) is shown
    assert len(finding.facts) <= 3


def test_a_sudden_change_opens_the_questions_again() -> None:
    base: dict[Where, float] = {("cadence_spm", s): 111.5 for s in Side}
    base |= {("step_time_asymmetry_percent", None): 1.0}
    history = History(tuple(PastWalk(d, values=base) for d in "abc"), "today")
    usual = assess(walk(), CALM, history)
    changed: dict[Where, float] = {("F33", s): -2.2 for s in Side}
    changed[("F28", None)] = 8.0
    again = assess(walk(changed), CALM, history)
    assert not any("again (hipgait profile" in step for step in usual.next_steps)
    assert any("again (hipgait profile" in step for step in again.next_steps)


def test_the_own_baseline_is_told_and_never_scores() -> None:
    results = walk(MARKED["pelvic_drop"])
    drop = next(r for r in results.features if r.code == "F09" and r.side is Side.RIGHT)
    past = tuple(PastWalk(d, values={(drop.feature, Side.RIGHT): drop.mean - 3.5}) for d in "abc")
    finding = of(assess(results, None, History(past, "today")), "pelvic_drop")
    sign = next(s for s in finding.signs if s.code == "F09")
    assert sign.own_change == pytest.approx(1.96)
    assert finding.score == of(assess(results), "pelvic_drop").score


# --- could the hip be involved ----------------------------------------------------------


def test_the_hip_hint_needs_consent_and_knee_pain() -> None:
    results = walk(MARKED["pelvic_drop"])
    knee = (Pain(side=Side.RIGHT, knee=("front",)),)
    assert assess(results, Profile(pain=knee)).hip_hints == ()
    assert assess(results, Profile(wants_hip_hint=True)).hip_hints == ()
    (hint,) = assess(results, Profile(pain=knee, wants_hip_hint=True)).hip_hints
    assert hint.side is Side.RIGHT
    assert "some hints" in hint.words


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (Profile(), "no particular hint"),
        (Profile(knee_pictures="clear", character="vague"), "some hints"),
        (
            Profile(
                knee_pictures="clear",
                knee_care_helped=False,
                worse_with=("sitting",),
                lifting_hard=(Side.LEFT,),
            ),
            "several hints",
        ),
        (
            Profile(
                knee_pictures="clear",
                knee_care_helped=False,
                worse_with=("sitting",),
                lifting_hard=(Side.LEFT,),
                background=("twist_or_blow",),
            ),
            "some hints",
        ),
    ],
)
def test_hip_hints_are_words_and_never_numbers(profile: Profile, words: str) -> None:
    from msgspec.structs import replace as changed

    asked = changed(profile, pain=(Pain(side=Side.LEFT, knee=("front",)),), wants_hip_hint=True)
    (hint,) = assess(walk(), asked).hip_hints
    assert words in hint.words
    assert not any(c.isdigit() or c == "%" for c in hint.words + "".join(hint.because))


# --- for all numbers --------------------------------------------------------------------

_codes = sorted({sign.code for p in PATTERNS.values() for sign in p.signs if sign.task == "walk"})


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(_codes), st.sampled_from([*Side, None])),
        st.floats(-8, 8),
        max_size=14,
    ),
    st.booleans(),
    st.integers(0, 80),
)
def test_a_board_keeps_its_promises_whatever_the_numbers(changed, shanks, n) -> None:
    board = assess(walk(changed, shanks=shanks, n=n))
    levels = [p.level for p in board.patterns]
    assert levels == sorted(levels, reverse=True)
    for p in board.patterns:
        assert 0.0 <= p.confidence <= PATTERNS[p.pattern].most
        assert 0.0 <= p.coverage <= 1.0 + 1e-9
        assert math.isnan(p.score) == (p.level is Level.NOT_JUDGED)
        if p.level >= Level.POSSIBLE:
            assert p.score >= 63.0
            assert p.coverage >= 0.6
            assert n >= 20
            assert sum(s.measured and s.z >= 1.5 for s in p.signs) >= 2
            assert p.looks_alike
            assert p.clearer
        if p.level is not Level.NOT_JUDGED:
            assert -1e-9 <= p.score <= 100.0 + 1e-9
        assert len({(s.code) for s in p.signs}) == len(p.signs)
    assert board.headline
