"""docs/patterns.md is what the declarations say, and the registry takes what is there."""

from __future__ import annotations

from pipeline.features.registry import FEATURES
from pipeline.patterns.catalogue import catalogue
from pipeline.patterns.registry import CONFOUNDERS, PATTERNS
from pipeline.patterns.terms import Task
from validation.pattern_catalogue import PAGE


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue(), (
        "Run `python -m validation.pattern_catalogue`."
    )


def test_the_page_names_every_pattern_sign_and_confounder() -> None:
    page = catalogue()
    for pattern in PATTERNS.values():
        assert f'<a id="{pattern.key}"></a>{pattern.letter} {pattern.title}' in page
        assert all(sign.words in page for sign in pattern.signs)
        assert all(fact.text in page and fact.evidence in page for fact in pattern.facts)
    assert all(rule.how in page for rule in CONFOUNDERS)


def test_every_pattern_of_the_rules_is_declared() -> None:
    assert {p.letter for p in PATTERNS.values()} == {"A", "B1", "B2", "C", "D", "E", "F", "G"}


def test_signs_of_walking_are_features() -> None:
    codes = {f.code for f in FEATURES.values()}
    for pattern in PATTERNS.values():
        walking = {s.code for s in pattern.signs if s.task is Task.WALK}
        assert walking <= codes
        assert len({s.code for s in pattern.signs}) == len(pattern.signs)
        assert {*pattern.only_if_quiet, *pattern.contradicts} <= set(PATTERNS)
        assert pattern.instead_of in {"", *PATTERNS}
