"""Every sentence of the trends says what the movement did, and nothing that sensors do not see."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from dashboards.history import wording
from dashboards.history.listing import overview
from dashboards.history.trend import trends
from dashboards.terminal import Terminal
from pipeline.change import Change, ChangeKind
from pipeline.features.registry import FEATURES
from pipeline.wording import forbidden_words
from tests.dashboards.history.made_walks import kept
from tests.pipeline.patterns.made_walks import walk


def every_sentence() -> dict[str, ChangeKind]:
    """All measures, going up, down and nowhere, a little and far, at three speeds."""
    one = walk({})
    said: dict[str, ChangeKind] = {}
    for sizes, v_star, n in itertools.product(
        ((0.0,), (0.3,), (60.0,), (-60.0,), (60.0, 60.0), (60.0, -60.0), (9.0, 0.0)),
        (0.30, 0.429, 0.55),
        (60, 5),
    ):
        walks = [kept(one)]
        for day, size in enumerate(sizes, 1):
            rows = tuple(
                replace(
                    f,
                    n=n,
                    mean=f.mean + size,
                    ci_low=f.ci_low + size,
                    ci_high=f.ci_high + size,
                )
                for f in one.features
            )
            summary = replace(one.summary, dimensionless_speed=v_star)
            walks.append(kept(replace(one, features=rows, summary=summary), day=day))
        for trend in trends(walks, FEATURES):
            said[wording.sentence(trend)] = trend.last.change.kind
        said.update({wording.sentence(t): t.last.change.kind for t in trends(walks[:1], FEATURES)})
    return said


@pytest.fixture(scope="module")
def sentences() -> dict[str, ChangeKind]:
    return every_sentence()


def test_every_kind_of_change_is_said(sentences) -> None:
    assert len(sentences) > 500
    assert set(sentences.values()) == set(ChangeKind)


def test_no_sentence_says_what_sensors_cannot_know(sentences) -> None:
    fixed = [getattr(wording, n) for n in dir(wording) if n.isupper()]
    texts = [*sentences, *(t for t in fixed if isinstance(t, str)), *wording.COLUMNS]
    texts += [wording.mark(c) for c in _every_change()]
    assert {s: forbidden_words(s) for s in texts if forbidden_words(s)} == {}


def test_sentences_read_well(sentences) -> None:
    for sentence in sentences:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"nan|inf\b|None|\{|\}|  |-0\.0|\.\.", sentence), sentence
        assert len(sentence) < 420


def test_a_change_is_only_said_where_it_is_marked(sentences) -> None:
    for sentence, kind in sentences.items():
        assert ("That is more than" in sentence) == (kind is ChangeKind.MARKED)


def test_the_overview_obeys_too() -> None:
    walks = [kept(walk({})), kept(walk({}), day=1, pain=3, note="new shoes")]
    text = overview("me", walks, Terminal(width=80))
    text = text.replace("hipgait is not a medical device and does not diagnose.", "")
    assert forbidden_words(text) == ()
    assert all(len(line) <= 80 for line in text.splitlines())


def _every_change() -> list[Change]:
    return [Change(kind) for kind in ChangeKind]
