"""The questions of a profile, asked one after the other; red flags first.

Knows what to ask and how to read an answer; where the answers come from and where the words
go is up to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import msgspec

from recordings.errors import UsageError
from recordings.metadata import Sex
from recordings.placement import Side
from recordings.profile import (
    Background,
    Feeling,
    HipArea,
    KneeArea,
    Profile,
    Provoking,
    answered,
)
from recordings.red_flags import ADVICE, RED_FLAGS, most_urgent

T = TypeVar("T")
Ask = Callable[[str], str]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the profile.

    Attributes
    ----------
    key : str
        Field, with a dot for one inside another (``wearer.height_m``); as in ``--set``.
    words : str
    choices : tuple of str
        Words to choose from; empty for a number or free words.
    many : bool
        Whether several answers may be given, separated by commas.
    kind : type
        ``str``, ``float``, ``int`` or ``bool``.
    """

    key: str
    words: str
    choices: tuple[str, ...] = ()
    many: bool = False
    kind: type = str

    @property
    def prompt(self) -> str:
        if self.kind is bool:
            return f"{self.words} (yes/no)"
        if not self.choices:
            return self.words
        return f"{self.words} ({', '.join(self.choices)}{'; several, with commas' * self.many})"


_SIDES = tuple(str(side) for side in Side)
QUESTIONS = (
    Question("wearer.height_m", "How tall are you, in metres?", kind=float),
    Question("wearer.age_years", "How old are you?", kind=float),
    Question("wearer.sex", "Sex, as far as usual walking differs", get_args(Sex)),
    Question("knee_left", "Where does your left knee hurt?", get_args(KneeArea), many=True),
    Question("knee_right", "Where does your right knee hurt?", get_args(KneeArea), many=True),
    Question("hip_left", "Where does your left hip hurt?", get_args(HipArea), many=True),
    Question("hip_right", "Where does your right hip hurt?", get_args(HipArea), many=True),
    Question("worse_with", "What makes it worse?", get_args(Provoking), many=True),
    Question("pain_now", "Pain now, 0 (none) to 10", kind=int),
    Question("pain_worst", "Pain at its worst, 0 to 10", kind=int),
    Question("weeks", "For how many weeks?", kind=float),
    Question("trend", "Is it getting", ("better", "same", "worse")),
    Question("limits_daily_life", "Does it limit your daily life?", kind=bool),
    Question("tried", "What have you tried? In your own words, with commas", many=True),
    Question("knee_care_helped", "Has care for the knee alone helped?", kind=bool),
    Question("character", "Is the pain vague, or sharp and at one point?", ("vague", "sharp")),
    Question("feels", "Do you notice any of these?", get_args(Feeling), many=True),
    Question("lifting_hard", "Is lifting a leg hard (stairs, car)?", _SIDES, many=True),
    Question(
        "knee_pictures",
        "Were pictures of the knee taken, and did they show something?",
        ("none", "clear", "finding"),
    ),
    Question("background", "Does any of this apply?", get_args(Background), many=True),
    Question("low_back", "Do you have low-back pain or a strong arch there?", kind=bool),
    Question(
        "conditions.footwear",
        "Footwear of the last walk",
        ("flat", "heels", "barefoot", "orthosis"),
    ),
    Question("conditions.surface", "Ground of the last walk", ("firm", "soft", "slope")),
    Question("conditions.aid", "Did you use a walking aid?", kind=bool),
    Question("conditions.load", "Did you carry something?", kind=bool),
    Question("conditions.pain_before", "Pain before the walk, 0 to 10", kind=int),
    Question("conditions.pain_after", "Pain after the walk, 0 to 10", kind=int),
    Question(
        "wants_hip_hint",
        "Do you want to see whether the hip could be involved? It is a hint in words, not an "
        "answer",
        kind=bool,
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


def yes_or_no(text: str) -> bool:
    """Raises UsageError for anything else."""
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise UsageError(f"“{text}” is neither yes nor no.", hint="Answer yes or no.")
    return word in _YES


def with_answer(profile: Profile, key: str, text: str) -> Profile:
    """The profile with one more answer; an empty one takes the answer back.

    Raises
    ------
    UsageError
        If there is no such question, or the answer does not fit.
    """
    question = BY_KEY.get(key)
    if question is None:
        raise UsageError(f"There is no question {key}.", hint=f"Known are: {', '.join(BY_KEY)}.")
    content: dict[str, Any] = msgspec.to_builtins(profile)
    _place(content, key, _read(question, text.strip()))
    try:
        return msgspec.convert(content, Profile, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"“{text}” does not answer {key}: {error}.",
            hint=f"Possible: {', '.join(question.choices)}." if question.choices else "",
        ) from error


def _read(question: Question, text: str) -> object:
    if not text:
        return () if question.many else None
    if question.many:
        return [word.strip() for word in text.split(",") if word.strip()]
    if question.kind is bool:
        return yes_or_no(text)
    if question.kind is str:
        return text
    try:
        return question.kind(text.replace(",", "."))
    except ValueError as error:
        raise UsageError(f"“{text}” is not a number ({question.key}).") from error


def _place(content: dict[str, Any], key: str, value: object) -> None:
    where, _, side = key.partition("_")
    if where in {"knee", "hip"} and side in _SIDES:
        pains = {pain["side"]: pain for pain in content.get("pain", ())}
        pains.setdefault(side, {"side": side})[where] = value
        content["pain"] = [p for p in pains.values() if p.get("knee") or p.get("hip")]
        return
    *parents, name = key.split(".")
    for parent in parents:
        content = content.setdefault(parent, {})
    if value is None:
        content.pop(name, None)
    else:
        content[name] = value


def answer_of(profile: Profile, key: str) -> str:
    """An answer as `with_answer` reads it; empty if there is none."""
    value = _value(msgspec.to_builtins(profile), key)
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(_word(value))


def advice(profile: Profile) -> str:
    """What the raised red flags ask for; empty without one."""
    urgency = most_urgent(profile.raised)
    return "" if urgency is None else ADVICE[urgency]


def ask_red_flags(profile: Profile, ask: Ask, say: Say) -> Profile:
    """Ask every red flag; each answer is kept with its time."""
    answers: dict[str, bool] = {}
    for flag in RED_FLAGS:
        answers[flag.key] = _until(yes_or_no, f"{flag.question} (yes/no)", ask, say)
    return answered(profile, answers)


def ask_questions(profile: Profile, ask: Ask, say: Say) -> Profile:
    """Ask everything else; an empty line leaves an answer as it is."""
    for question in QUESTIONS:
        before = profile

        def read(text: str, before: Profile = before, key: str = question.key) -> Profile:
            return with_answer(before, key, text) if text.strip() else before

        profile = _until(read, question.prompt, ask, say)
    return profile


def _until(read: Callable[[str], T], prompt: str, ask: Ask, say: Say) -> T:
    while True:
        try:
            return read(ask(f"{prompt}: "))
        except UsageError as error:
            say(str(error))


def summary_lines(profile: Profile) -> list[str]:
    """What the profile holds, a line an answer."""
    content: Mapping[str, Any] = msgspec.to_builtins(profile)
    lines = []
    for question in QUESTIONS:
        value = _value(content, question.key)
        if value not in (None, [], (), ""):
            shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            lines.append(f"{question.key:<26}{_word(shown)}")
    raised = ", ".join(flag.key for flag in profile.raised)
    lines.append(f"{'red flags':<26}{_red_flags(profile, raised)}")
    return lines


def _red_flags(profile: Profile, raised: str) -> str:
    if raised:
        return raised
    return "none" if profile.asked_red_flags else "not all answered"


def _word(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _value(content: Mapping[str, Any], key: str) -> Any:
    where, _, side = key.partition("_")
    if where in {"knee", "hip"} and side in _SIDES:
        pain = (p.get(where) for p in content.get("pain", ()) if p["side"] == side)
        return next(pain, None)
    found: Any = content
    for name in key.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
