"""The page about the articles: a row for each claim, and nothing named that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from dashboards.questionnaire import BY_KEY as QUESTIONS
from pipeline.features.registry import FEATURES
from pipeline.movement_tests.registry import TEST_FEATURES
from pipeline.patterns.registry import PATTERNS
from recordings.red_flags import BY_KEY as RED_FLAGS

DOCS = Path(__file__).parents[1] / "docs"
ITEMS = 129
NOT_SCORED = {"F01", "F18", "F27s"}
"""Codes of the dictionary that stand for something entered or summed up."""


def rows() -> list[tuple[str, ...]]:
    lines = (DOCS / "articles.md").read_text(encoding="utf-8").splitlines()
    table = [tuple(c.strip() for c in line.split("|")[1:-1]) for line in lines if "|" in line]
    return [row for row in table if row[0].isdigit()]


def codes_known() -> set[str]:
    day = re.findall(r"\bF\d\d[a-z]?\b", (DOCS / "day.md").read_text(encoding="utf-8"))
    return {f.code for f in (*FEATURES.values(), *TEST_FEATURES.values())} | {*day}


def test_every_item_has_its_row_and_every_row_its_place() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, ITEMS + 1))
    for number, item, place in rows():
        assert item, number
        assert re.search(r"\b(measured|asked|told|left out)\b", place), number


def test_every_reason_to_leave_something_out_is_given() -> None:
    for number, _, place in rows():
        if place.startswith("left out"):
            assert re.match(r"left out( \w+)*(:|;) ?\S|left out with the glides", place), number


def test_codes_exist() -> None:
    known = codes_known()
    for number, _, place in rows():
        named = set(re.findall(r"\bF\d\d[a-z]?\b", place))
        assert named <= known | NOT_SCORED, number


def test_questions_and_red_flags_exist() -> None:
    for number, _, place in rows():
        for key in re.findall(r"`([\w.]+)`", place):
            assert key in QUESTIONS or key in RED_FLAGS, (number, key)
        for key, words in re.findall(r"`([\w.]+)` \(([\w, ]+)\)", place):
            assert set(words.split(", ")) <= set(QUESTIONS[key].choices), (number, words)


def test_patterns_named_exist_and_every_pattern_is_named() -> None:
    text = " ".join(place for *_, place in rows())
    named = set(re.findall(r"\b(?:patterns?|and|,) ([A-G]\d?)\b", text))
    assert named == {pattern.letter for pattern in PATTERNS.values()}
