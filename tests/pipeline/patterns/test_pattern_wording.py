"""Nothing about patterns names a disease, a muscle, a cause or a state of health."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.gait import Plane
from pipeline.patterns.assessment import assess
from pipeline.patterns.board import PatternBoard
from pipeline.patterns.history import History, PastWalk
from pipeline.patterns.registry import PATTERNS
from pipeline.patterns.terms import Level
from pipeline.results import Results, Verdict
from pipeline.wording import forbidden_words
from recordings.metadata import Wearer
from recordings.placement import Side
from recordings.profile import Pain, Profile, WalkConditions, answered
from recordings.red_flags import ADVICE, RED_FLAGS
from tests.pipeline.gait_curves import STANDING
from tests.pipeline.patterns.made_walks import MARKED, TESTS, TIMING, Where, shift_pelvis, walk

CALM = answered(
    Profile(
        pain_now=1,
        wants_hip_hint=True,
        pain=tuple(Pain(side=s, knee=("front", "outer"), hip=("groin",)) for s in Side),
        knee_pictures="clear",
        knee_care_helped=False,
        character="vague",
        worse_with=("stairs_up",),
        lifting_hard=tuple(Side),
    ),
    {flag.key: False for flag in RED_FLAGS},
)
PROFILES = (
    None,
    CALM,
    Profile(pain_now=7, wants_hip_hint=True, pain=(Pain(side=Side.LEFT, knee=("back",)),)),
    Profile(background=("leg_length_difference", "twist_or_blow"), feels=("locking",)),
    *(Profile(background=(b,)) for b in ("neurological", "recent_surgery", "pregnancy")),
    Profile(conditions=WalkConditions(aid=True, load=True, footwear="heels", surface="soft")),
    Profile(conditions=WalkConditions(footwear="orthosis", surface="slope")),
    Profile(wearer=Wearer(age_years=12)),
    *(answered(CALM, {flag.key: True}) for flag in RED_FLAGS),
)


def walks() -> Iterator[Results]:
    pairs = [({}, {}), *itertools.product(MARKED.values(), [{}, *MARKED.values()])]
    for one, other in pairs:
        mirrored = {(c, s.other if s else None): z for (c, s), z in other.items()}
        yield walk(mirrored | one, tests=tuple(TESTS))
        yield walk(mirrored | one, shanks=False)
    marked = MARKED["pelvic_drop"]
    for share in (0.55, 0.7, 0.85):
        for case in MARKED.values():
            yield walk({where: share * z for where, z in case.items()})
    yield walk(MARKED["limited_hip_extension"] | MARKED["knee_past_straight"])
    yield walk(MARKED["quiet_hip"] | marked)
    doubt = dict.fromkeys(STANDING.axis_error_deg, 16.0)
    yield walk(marked, calibration=replace(STANDING, axis_error_deg=doubt))
    yield walk(marked, n=7)
    yield walk(marked, v_star=0.1)
    yield walk(marked, v_star=0.2)
    yield walk(marked, v_star=0.9)
    yield walk(marked, calibration=replace(STANDING, zero="walking_mean"))
    yield walk(marked, calibration=replace(STANDING, unfit="The two thigh sensors are swapped."))
    yield walk(
        marked, calibration=replace(STANDING, refused={Plane.FRONTAL: "The axis is not clear."})
    )
    yield shift_pelvis(walk(marked), 3.0)
    yield shift_pelvis(walk(), -3.0)
    for measure in ("step_time", "stance_time", "swing_time"):
        for verdict, side in ((Verdict.PRESENT, Side.LEFT), (Verdict.CANNOT_JUDGE, None)):
            name = f"{measure}_asymmetry_percent"
            yield walk(
                marked, findings=(replace(TIMING, measure=name, verdict=verdict, side=side),)
            )
    slipped = walk()
    yield replace(slipped, summary=replace(slipped.summary, excluded={"slipped_sensor": 3}))


def boards() -> Iterator[PatternBoard]:
    keys = [(key, side) for key in PATTERNS for side in Side]
    usual: dict[Where, float] = {("cadence_spm", s): 180.0 for s in Side}
    usual[("step_time_asymmetry_percent", None)] = 30.0
    past = tuple(
        PastWalk(day, dict.fromkeys(keys, Level.POSSIBLE), usual, speed_m_s=1.2)
        for day in ("a", "b", "c")
    )
    for index, results in enumerate(walks()):
        chosen = PROFILES if index % 9 == 0 else PROFILES[:2]
        for profile in chosen:
            yield assess(results, profile)
        yield assess(results, CALM, History(past, "today"))


def sentences(board: PatternBoard) -> Iterator[str]:
    yield board.headline
    yield from board.next_steps
    yield from board.limits
    yield board.gate.advice
    for flag in board.gate.flags:
        yield flag.question
    for confounder in board.confounders:
        yield confounder.title
        yield confounder.sentence
    for hint in board.hip_hints:
        yield hint.words
        yield from hint.because
        yield from hint.against
    for pattern in board.patterns:
        yield pattern.title
        yield pattern.sentence
        yield pattern.meaning
        yield from pattern.held_by
        yield from pattern.looks_alike
        yield from pattern.clearer
        for sign in pattern.signs:
            yield sign.words
        for fact in pattern.facts:
            yield fact.text
            yield fact.evidence


@pytest.fixture(scope="module")
def all_boards() -> list[PatternBoard]:
    return list(boards())


@pytest.fixture(scope="module")
def said(all_boards) -> set[str]:
    return {s for board in all_boards for s in sentences(board) if s}


def test_every_level_and_reason_is_reached(all_boards) -> None:
    found = [p for board in all_boards for p in board.patterns]
    assert {p.level for p in found} == set(Level)
    assert {p.reason for p in found} == {
        "score",
        "no_must_sign",
        "one_sign_only",
        "too_few_strides",
        "too_little_measured",
        "shank_sensor_not_worn",
        "held_back",
        "told_by_another",
        "contradicts",
        "hip_not_judged",
        "hip_not_quiet",
        "blocked",
    }
    shown = {(p.pattern, p.level) for p in found if p.level >= Level.SLIGHT}
    assert {key for key, _ in shown} >= set(MARKED)


def test_no_sentence_says_what_sensors_cannot_know(said) -> None:
    assert len(said) > 250
    assert {s: forbidden_words(s) for s in said if forbidden_words(s)} == {}


def test_declarations_obey_even_where_no_walk_reaches_them() -> None:
    for pattern in PATTERNS.values():
        texts = [
            pattern.title,
            pattern.seen,
            pattern.meaning,
            *pattern.looks_alike,
            *pattern.clearer,
            *(sign.words for sign in pattern.signs),
            *(text for fact in pattern.facts for text in (fact.text, fact.evidence)),
        ]
        assert {t: forbidden_words(t) for t in texts if forbidden_words(t)} == {}


def test_safety_texts_obey_too() -> None:
    texts = [*ADVICE.values(), *(flag.question for flag in RED_FLAGS)]
    assert {t: forbidden_words(t) for t in texts if forbidden_words(t)} == {}


def test_sentences_read_well(said) -> None:
    for sentence in said:
        assert not re.search(r"\bnan\b|\binf\b|None|\{|\}|  |\.\.|_", sentence), sentence
        assert len(sentence) < 420, sentence


def test_no_score_reaches_a_sentence(said) -> None:
    assert not [s for s in said if "%" in s]
