"""The fifth place without a window: whose walks, which measures, what changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dashboards.history import wording
from dashboards.history.store import HistoryStore
from dashboards.history.trend import FIRST_SHOWN
from dashboards.people import profile_file
from dashboards.view_models.trends_board import MOST_WALKS, TrendsBoard
from pipeline.wording import forbidden_words
from recordings.placement import Side
from recordings.profile import Profile, answered, write_profile
from recordings.red_flags import ADVICE, BY_KEY
from tests.dashboards.history.made_walks import START, kept
from tests.pipeline.patterns.made_walks import MARKED, walk


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrendsBoard:
    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path))
    return TrendsBoard()


def fill(board: TrendsBoard, *changes: dict) -> None:
    for day, change in enumerate(changes):
        board.store.save(kept(walk(change.pop("signs", {})), day=day, **change))
    board.refresh()


def test_nothing_yet(board: TrendsBoard) -> None:
    board.refresh()
    assert (board.person, board.walks, board.rows, board.plots) == (None, (), (), ())
    assert board.summary == wording.NO_WALKS
    assert board.measures == ()


def test_one_day_has_no_change_and_two_have(board: TrendsBoard) -> None:
    fill(board, {"signs": {("F13", Side.RIGHT): 4.0}})
    assert board.summary == wording.ONE_WALK
    assert {dot.x for plot in board.plots for p in plot.panels for dot in p.dots} == {0.5}
    fill(board, {"signs": {("F13", Side.RIGHT): 4.0}}, {})
    assert "Inward lean of the thigh, right" in board.summary
    assert "It showed once so far" in board.summary
    fill(board, {}, {})
    assert board.summary == wording.NOTHING_MARKED


def test_rows_tell_the_day_pain_note_and_patterns(board: TrendsBoard) -> None:
    fill(board, {"signs": MARKED["pelvic_drop"], "pain": 4, "note": "n" * 5000}, {})
    first, second = board.rows
    assert first.head.startswith("2026-01-05")
    assert first.said.startswith("pain 4 of 10 · nnn")
    assert len(first.said) < 120
    assert "clear pattern: The pelvis drops while this leg stands (right)" in first.words
    assert second.said == ""
    assert all(forbidden_words(row.words) == () for row in board.rows)
    write_profile(answered(Profile(), {"calf": True}), profile_file("me"))
    assert board.advice == ADVICE[BY_KEY["calf"].urgency]
    assert "pattern" not in board.rows[0].words
    assert board.summary == f"{board.advice}\n\n{wording.FLAGGED}"


def test_people_are_shown_one_at_a_time(board: TrendsBoard) -> None:
    fill(board, {"person": "Bert"}, {"person": "Anna"}, {"person": "Anna"})
    assert (board.people, board.person) == (("Anna", "Bert"), "Anna")
    assert len(board.walks) == 2
    board.choose_person("Bert")
    assert len(board.walks) == 1
    board.forget_person()
    assert (board.people, board.person) == (("Anna",), "Anna")


def test_measures_are_chosen(board: TrendsBoard) -> None:
    fill(board, {}, {})
    names = [plot.key for plot in board.plots]
    assert names == [name for name in FIRST_SHOWN if name in dict(board.measures)]
    board.choose_measure("cadence_spm", True)
    board.choose_measure("cadence_spm", True)
    board.choose_measure(FIRST_SHOWN[0], False)
    assert [plot.key for plot in board.plots] == [*names[1:], "cadence_spm"]
    assert dict(board.measures)["cadence_spm"] == "cadence [steps/min]"


def test_many_walks_are_drawn_to_the_last(board: TrendsBoard) -> None:
    one = walk()
    for day in range(MOST_WALKS + 5):
        board.store.save(kept(one, day=day, walked=START + timedelta(days=day)))
    board.refresh()
    dots = board.plots[0].panels[0].dots
    assert len(dots) == MOST_WALKS
    assert (dots[0].number, dots[1].number, dots[-1].number) == (1, 7, MOST_WALKS + 5)


def test_notes_are_changed_and_walks_forgotten(board: TrendsBoard) -> None:
    fill(board, {"pain": 3}, {})
    board.annotate(board.walks[0], "  slept badly ", None)
    assert (board.walks[0].note, board.walks[0].pain) == ("slept badly", None)
    board.forget(board.walks[0])
    assert len(board.walks) == 1
    assert board.find("nobody's") is None
    board.forget_everything()
    assert board.walks == ()


def test_a_damaged_history_is_said(board: TrendsBoard) -> None:
    fill(board, {})
    HistoryStore().file.write_bytes(b"spoilt" * 1000)
    board.refresh()
    assert board.damaged
    assert "history rebuild" in board.problem
    assert board.walks == ()
