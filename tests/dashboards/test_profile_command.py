"""``hipgait profile``: safety first, private, and nothing lost by bad input."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.cli.main import main
from dashboards.questionnaire import QUESTIONS, ask_questions, ask_red_flags, with_answer
from pipeline.wording import forbidden_words
from recordings.errors import FormatError, InputError, UsageError
from recordings.placement import Side
from recordings.profile import Profile, answered, read_profile, write_profile
from recordings.red_flags import ADVICE, RED_FLAGS, Urgency


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine" / "profile.json"


def test_answers_without_being_asked(file: Path, capsys) -> None:
    words = ["profile", str(file), "--red-flag", "all=no"]
    for answer in ("wearer.height_m=1,72", "knee_right=front, outer", "pain_now=2", "low_back=no"):
        words += ["--set", answer]
    assert main(words) == 0
    profile = read_profile(file)
    assert profile.wearer.height_m == 1.72
    assert profile.hurts(Side.RIGHT, "knee") == ("front", "outer")
    assert profile.hurts(Side.LEFT, "knee") == ()
    assert (profile.pain_now, profile.low_back, profile.walk_pain) == (2, False, 2)
    assert profile.asked_red_flags
    assert profile.raised == ()
    assert "front, outer" in capsys.readouterr().out
    assert main(["profile", str(file), "--set", "knee_right=", "--set", "pain_now="]) == 0
    assert read_profile(file).pain == ()
    assert read_profile(file).pain_now is None


def test_a_red_flag_shows_its_advice_and_is_kept_with_its_time(file: Path, capsys) -> None:
    before = datetime.now(UTC)
    assert main(["profile", str(file), "--red-flag", "all=no", "--red-flag", "swelling=yes"]) == 0
    assert ADVICE[Urgency.TODAY] in capsys.readouterr().out
    profile = read_profile(file)
    assert [flag.key for flag in profile.raised] == ["swelling"]
    assert all(before <= answer.answered <= datetime.now(UTC) for answer in profile.red_flags)
    main(["profile", str(file), "--red-flag", "swelling=no"])
    later = read_profile(file)
    assert later.raised == ()
    assert [a.yes for a in later.red_flags if a.flag == "swelling"] == [False, True, False]


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
def test_only_the_owner_can_read_it(file: Path) -> None:
    write_profile(Profile(pain_now=3), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in file.parent.iterdir()] == ["profile.json"]


@pytest.mark.parametrize(
    "words",
    [
        ["--set", "pain_now=11"],
        ["--set", "pain_now=much"],
        ["--set", "wearer.height_m=172"],
        ["--set", "knee_right=elbow"],
        ["--set", "shoe=7"],
        ["--set", "pain_now"],
        ["--red-flag", "swelling=perhaps"],
    ],
)
def test_a_wrong_answer_is_said_and_changes_nothing(file: Path, words, capsys) -> None:
    write_profile(Profile(pain_now=3), file)
    before = file.read_bytes()
    assert main(["profile", str(file), *words]) == 2
    assert file.read_bytes() == before
    error = capsys.readouterr().err
    assert error.startswith("hipgait: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a profile"),
        (b"[1]", "is not a profile"),
        (b'{"pain_now": "x"}', "is not a profile"),
        (b'{"format_version": 9, "pain_now": "x"}', "newer hipgait"),
        (b"\xff\xfe", "is not a profile"),
    ],
)
def test_a_spoilt_or_newer_file_is_left_alone(file: Path, content, words, capsys) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert main(["profile", str(file), "--set", "pain_now=1"]) == 1
    assert words in capsys.readouterr().err
    assert file.read_bytes() == content
    with pytest.raises(FormatError):
        read_profile(file)


def test_delete(file: Path, capsys) -> None:
    write_profile(Profile(), file)
    assert main(["profile", str(file), "--delete"]) == 0
    assert not file.exists()
    assert main(["profile", str(file), "--delete"]) == 1
    with pytest.raises(InputError):
        read_profile(file)


def test_nobody_to_ask(file: Path, capsys) -> None:
    assert main(["profile", str(file)]) == 2
    assert "--set" in capsys.readouterr().err


def test_the_conversation_asks_safety_first_and_again_after_a_slip() -> None:
    asked: list[str] = []
    replies = iter(["what?", "yes", *["no"] * (len(RED_FLAGS) - 1), "1.80", *[""] * 60])

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(replies)

    said: list[str] = []
    profile = ask_red_flags(Profile(), ask, said.append)
    assert len(asked) == len(RED_FLAGS) + 1
    assert asked[0] == asked[1]
    assert len(said) == 1
    assert profile.raised == (RED_FLAGS[0],)
    profile = ask_questions(profile, ask, said.append)
    assert profile.wearer.height_m == 1.80
    assert len(asked) == len(RED_FLAGS) + 1 + len(QUESTIONS)


def test_questions_obey_the_wording_guard() -> None:
    texts = [q.prompt.replace("_", " ") for q in QUESTIONS]
    assert {t: forbidden_words(t) for t in texts if forbidden_words(t)} == {}


@given(st.sampled_from(QUESTIONS), st.text(max_size=40))
def test_any_text_is_an_answer_or_a_clear_no(question, text) -> None:
    try:
        profile = with_answer(Profile(pain_now=3), question.key, text)
    except UsageError as error:
        assert str(error)
    else:
        assert isinstance(profile, Profile)


def test_an_unknown_red_flag_is_refused() -> None:
    with pytest.raises(InputError, match="no red flag called x"):
        answered(Profile(), {"x": True})
