"""A profile: what a person said about body, pain and background; sensors cannot see it.

One file a person, readable by its owner alone. It never travels with a session by itself.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from recordings.errors import FormatError, InputError, OutputError
from recordings.metadata import Wearer
from recordings.placement import Side
from recordings.red_flags import BY_KEY, RED_FLAGS, RedFlag

PROFILE_VERSION = 1

Score = Annotated[int, Meta(ge=0, le=10)]
"""Pain from 0, none, to 10, the worst there is."""

KneeArea = Literal["front", "outer", "inner", "back", "all_over"]
HipArea = Literal["groin", "front", "outer", "buttock", "thigh"]
Provoking = Literal[
    "sitting",
    "stairs_up",
    "stairs_down",
    "uphill",
    "walking",
    "running",
    "squatting",
    "rising",
    "hip_stretch",
]
Feeling = Literal["clicking", "catching", "locking", "giving_way", "front_hip_pull"]
Background = Literal[
    "twist_or_blow",
    "recent_surgery",
    "kneeling_work",
    "much_sport",
    "loose_joints",
    "neurological",
    "leg_length_difference",
    "hip_replacement",
    "knee_replacement",
    "pregnancy",
]


class Pain(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where one leg hurts (Q01, Q02)."""

    side: Side
    knee: tuple[KneeArea, ...] = ()
    hip: tuple[HipArea, ...] = ()


class WalkConditions(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it was walked (Q14)."""

    footwear: Literal["flat", "heels", "barefoot", "orthosis"] | None = None
    surface: Literal["firm", "soft", "slope"] | None = None
    aid: bool = False
    load: bool = False
    pain_before: Score | None = None
    pain_after: Score | None = None


class RedFlagAnswer(Struct, frozen=True, kw_only=True):
    """One answer, with the time it was given."""

    flag: str
    yes: bool
    answered: datetime


class Profile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one person said. Every answer is optional; None means not asked.

    Attributes
    ----------
    wearer : Wearer
        Facts that change what is usual (Q12).
    pain : tuple of Pain
        Q01, Q02.
    worse_with : tuple of str
        Q03.
    pain_now, pain_worst : int or None
        Q04.
    weeks, trend, limits_daily_life : optional
        Q05.
    tried : tuple of str
        Q06: what was tried, free words.
    knee_care_helped : bool or None
        Q06: whether care for the knee alone has helped.
    character : {'vague', 'sharp'} or None
        Q07.
    feels : tuple of str
        Q08.
    lifting_hard : tuple of Side
        Q09.
    knee_pictures : {'none', 'clear', 'finding'} or None
        Q10: pictures of the knee taken by a doctor.
    background : tuple of str
        Q11.
    low_back : bool or None
        Q13: low-back pain or a strong arch.
    conditions : WalkConditions
        Q14.
    red_flags : tuple of RedFlagAnswer
        Every answer ever given; the last one of a flag holds.
    wants_hip_hint : bool
        Consent to see whether the hip could be involved.
    """

    format_version: int = PROFILE_VERSION
    wearer: Wearer = field(default_factory=Wearer)
    pain: tuple[Pain, ...] = ()
    worse_with: tuple[Provoking, ...] = ()
    pain_now: Score | None = None
    pain_worst: Score | None = None
    weeks: Annotated[float, Meta(ge=0)] | None = None
    trend: Literal["better", "same", "worse"] | None = None
    limits_daily_life: bool | None = None
    tried: tuple[str, ...] = ()
    knee_care_helped: bool | None = None
    character: Literal["vague", "sharp"] | None = None
    feels: tuple[Feeling, ...] = ()
    lifting_hard: tuple[Side, ...] = ()
    knee_pictures: Literal["none", "clear", "finding"] | None = None
    background: tuple[Background, ...] = ()
    low_back: bool | None = None
    conditions: WalkConditions = field(default_factory=WalkConditions)
    red_flags: tuple[RedFlagAnswer, ...] = ()
    wants_hip_hint: bool = False

    @property
    def asked_red_flags(self) -> bool:
        """Whether every red flag has an answer."""
        return {flag.key for flag in RED_FLAGS} <= {answer.flag for answer in self.red_flags}

    @property
    def raised(self) -> tuple[RedFlag, ...]:
        """The red flags whose last answer is yes, the most urgent first."""
        last = {answer.flag: answer.yes for answer in self.red_flags}
        return tuple(flag for flag in RED_FLAGS if last.get(flag.key, False))

    def hurts(self, side: Side, where: Literal["knee", "hip"]) -> tuple[str, ...]:
        """Areas of one leg's knee or hip that hurt."""
        return tuple(
            area for pain in self.pain if pain.side is side for area in getattr(pain, where)
        )

    @property
    def walk_pain(self) -> int | None:
        """The strongest pain said for the walk, or for now; None if nobody asked."""
        scores = (self.conditions.pain_before, self.conditions.pain_after, self.pain_now)
        return max((score for score in scores if score is not None), default=None)


def answered(profile: Profile, answers: dict[str, bool], now: datetime | None = None) -> Profile:
    """The profile with answers to red flags added, stamped with the time.

    Raises
    ------
    InputError
        For a flag that does not exist.
    """
    unknown = sorted(set(answers) - set(BY_KEY))
    if unknown:
        raise InputError(
            f"There is no red flag called {', '.join(unknown)}.",
            hint=f"Known are: {', '.join(BY_KEY)}.",
            reason="unknown_red_flag",
        )
    time = now or datetime.now(UTC)
    new = tuple(RedFlagAnswer(flag=k, yes=yes, answered=time) for k, yes in answers.items())
    return msgspec.structs.replace(profile, red_flags=profile.red_flags + new)


def read_profile(path: str | os.PathLike[str]) -> Profile:
    """Read a profile.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be opened.
    FormatError
        If it holds something else, or was written by a newer version.
    """
    file = Path(path)
    try:
        text = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"The profile {file} cannot be read: {error.strerror or error}.",
            hint="Make one with `hipgait profile`.",
            reason="profile_not_readable",
        ) from error
    try:
        version = msgspec.json.decode(text, type=_Version).format_version
        if version > PROFILE_VERSION:
            raise FormatError(
                f"The profile {file} was written by a newer hipgait (format {version}).",
                hint="Update hipgait; the file was left as it is.",
                reason="profile_newer",
            )
        return msgspec.json.decode(text, type=Profile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error).rstrip(".")
        if isinstance(error, msgspec.ValidationError):
            # Costs imports that a good file does not need.
            from recordings.wrong_entry import describe_wrong_json

            problem = describe_wrong_json(error, text, Profile)
        raise FormatError(
            f"{file} is not a profile: {problem}.",
            hint="Correct it, or make a new one with `hipgait profile` under another name.",
            reason="profile_invalid",
        ) from error


def write_profile(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write a profile so that only its owner can read it; the old one stays until it is whole.

    Raises
    ------
    OutputError
        If it cannot be written; what was there is unchanged.
    """
    file = Path(path)
    content = msgspec.json.format(msgspec.json.encode(profile), indent=2) + b"\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp gives 0600 from the start: nobody else can read it even for a moment.
        handle, name = tempfile.mkstemp(prefix=".profile-", dir=file.parent)
        hidden = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            hidden.replace(file)
        except BaseException:
            with suppress(OSError):
                hidden.unlink()
            raise
    except OSError as error:
        raise OutputError(
            f"The profile cannot be written to {file}: {error.strerror or error}.",
            hint="Check that you may write there and that the disk has room.",
            reason="profile_not_written",
        ) from error


class _Version(Struct):
    format_version: int = PROFILE_VERSION
