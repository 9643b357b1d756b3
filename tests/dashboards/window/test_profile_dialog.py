"""The questions on the screen: red flags first, nothing lost, advice instead of more questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.questionnaire import QUESTIONS, answer_of, with_answer
from dashboards.window import words
from recordings.placement import Side
from recordings.profile import Profile, answered, read_profile, write_profile
from recordings.red_flags import ADVICE, RED_FLAGS, Urgency

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from dashboards.window.main_window import MainWindow
    from dashboards.window.profile_dialog import ProfileDialog

ANSWERS = {
    "wearer.height_m": "1.72",
    "wearer.age_years": "61",
    "wearer.sex": "female",
    "knee_right": "front, outer",
    "worse_with": "sitting, stairs_up",
    "pain_now": "2",
    "knee_care_helped": "no",
    "tried": "rest, cold packs",
    "conditions.aid": "yes",
    "wants_hip_hint": "yes",
}


def opened(qtbot: QtBot, file: Path) -> ProfileDialog:
    from dashboards.window.profile_dialog import ProfileDialog

    dialog = ProfileDialog(file)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def calm(dialog: ProfileDialog) -> None:
    for flag in RED_FLAGS:
        dialog.answer_flag(flag.key, yes=False)
    dialog.go_on()


def test_red_flags_come_first_and_every_one_must_be_answered(qtbot, tmp_path) -> None:
    from dashboards.window.profile_dialog import QUESTION_PAGE, RED_FLAG_PAGE

    dialog = opened(qtbot, tmp_path / "profile.json")
    assert dialog.page == RED_FLAG_PAGE
    for flag in RED_FLAGS[:-1]:
        dialog.answer_flag(flag.key, yes=False)
    assert not dialog._next.isEnabled()
    dialog.answer_flag(RED_FLAGS[-1].key, yes=False)
    assert dialog._next.isEnabled()
    dialog.go_on()
    assert dialog.page == QUESTION_PAGE
    assert read_profile(tmp_path / "profile.json").asked_red_flags


def test_a_raised_flag_shows_what_to_do_and_asks_nothing_more(qtbot, tmp_path) -> None:
    from dashboards.window.profile_dialog import ADVICE_PAGE

    dialog = opened(qtbot, tmp_path / "profile.json")
    for flag in RED_FLAGS:
        dialog.answer_flag(flag.key, yes=flag.key == "hot_joint")
    dialog.go_on()
    assert dialog.page == ADVICE_PAGE
    assert dialog._advice.text() == ADVICE[Urgency.NOW]
    assert [f.key for f in read_profile(tmp_path / "profile.json").raised] == ["hot_joint"]
    dialog.go_on()
    assert dialog.result() == dialog.DialogCode.Accepted


def test_answers_are_kept_and_shown_again(qtbot, tmp_path) -> None:
    file = tmp_path / "profile.json"
    dialog = opened(qtbot, file)
    calm(dialog)
    for key, text in ANSWERS.items():
        dialog.field(key).set_text(text)
    dialog.go_on()
    assert dialog.result() == dialog.DialogCode.Accepted
    kept = read_profile(file)
    assert kept.wearer.height_m == 1.72
    assert kept.hurts(Side.RIGHT, "knee") == ("front", "outer")
    assert kept.tried == ("rest", "cold packs")
    assert kept.knee_care_helped is False
    assert kept.conditions.aid
    assert kept.wants_hip_hint
    assert file.stat().st_mode & 0o077 == 0
    again = opened(qtbot, file)
    calm(again)
    assert {key: again.field(key).text() for key in ANSWERS} == ANSWERS
    again.field("pain_now").set_text("")
    again.go_on()
    assert read_profile(file).pain_now is None
    assert read_profile(file).wearer.height_m == 1.72


def test_an_answer_that_does_not_fit_is_told_and_nothing_is_lost(qtbot, tmp_path) -> None:
    file = tmp_path / "profile.json"
    dialog = opened(qtbot, file)
    calm(dialog)
    dialog.field("pain_now").set_text("eleven")
    dialog.field("wearer.age_years").set_text("61")
    dialog.go_on()
    assert "eleven" in dialog.problem()
    assert dialog.isVisible()
    assert dialog.field("wearer.age_years").text() == "61"
    dialog.field("pain_now").set_text("3")
    dialog.go_on()
    assert read_profile(file).pain_now == 3


def test_red_flags_are_asked_anew_every_time_and_cancelling_keeps_what_was(qtbot, tmp_path) -> None:
    file = tmp_path / "profile.json"
    write_profile(answered(Profile(pain_now=4), {"calf": True}), file)
    before = file.read_bytes()
    dialog = opened(qtbot, file)
    assert not dialog._next.isEnabled()
    dialog.reject()
    assert file.read_bytes() == before


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.key)
def test_every_question_has_a_field_that_gives_its_answer_back(qtbot, question) -> None:
    from dashboards.window.answer_field import AnswerField

    choices = ("yes", "no") if question.kind is bool else question.choices
    text = choices[0] if choices else "2" if question.kind in (int, float) else "rest"
    profile = with_answer(Profile(), question.key, text)
    assert answer_of(profile, question.key) == text
    field = AnswerField(question, answer_of(profile, question.key))
    qtbot.addWidget(field)
    assert field.text() == text
    field.set_text("")
    assert field.text() == ""


@pytest.mark.parametrize("place", [0, 3])
def test_setup_and_report_lead_to_the_questions(
    window: MainWindow, monkeypatch, tmp_path, place
) -> None:
    from dashboards.window.profile_dialog import ProfileDialog

    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path))
    asked: list[object] = []
    monkeypatch.setattr(ProfileDialog, "exec", lambda self: asked.append(self) or 1)
    window.go(place)
    chosen = window.setup if place == 0 else window.report
    action = next(a for a in chosen.keys.actions if a.text() == words.QUESTIONS_OPEN)
    action.trigger()
    assert len(asked) == 1
